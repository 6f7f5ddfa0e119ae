// Text as rows of numbers: words counted in a fixed number of places, by their hash.

import { type Tensor, tensor } from '../../tensor/index.ts';

/** Counts the words of each text in `width` places: word w adds its sign to place hash(w) mod width; rows are scaled to length 1, a text without words is a row of zeros.
 *  Nothing is learnt from the texts, so that those of the test change nothing.
 *  Shape: [texts.length, width], float32.
 *  Source: Weinberger et al. 2009, arXiv:0902.2206; the hash is FNV-1a of 32 bits. */
export function hashedWords(texts: readonly string[], width: number): Tensor {
  const rows = new Float32Array(texts.length * width);
  texts.forEach((text, i) => {
    const row = rows.subarray(i * width, (i + 1) * width);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      const hash = hashOf(word);
      const place = (hash >>> 1) % width;
      row[place] = row[place]! + (hash & 1 ? 1 : -1);
    }
    const length = Math.hypot(...row);
    if (length > 0) for (let j = 0; j < width; j++) row[j] = row[j]! / length;
  });
  return tensor(rows).reshape([texts.length, width]);
}

/** FNV-1a of the UTF-8 bytes. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(word)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

// From match ids to numbers that a device can compare.

import { ShapeError } from '../../errors.ts';
import type { Device } from '../../tensor/device.ts';
import { tensor } from '../../tensor/from-data.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { MatchIds } from './multimodal-loss.ts';

const LARGEST = 2n ** 63n - 1n;

/** One number for each row, equal where the ids are: the id itself where it is an integer or the text of one, else 64 bits of a hash of its text, so that
 *  numbers of different steps can be compared too. 1, 1n and "1" are the same id. Nothing waits for the device.
 *  Shape: [B] int64.  @throws {ShapeError} unless there is one id a row.  @throws {TypeError} for ids of other kinds. */
export function matchCodes(loss: string, ids: MatchIds, rows: number, device: Device): Tensor {
  if (ids instanceof Tensor) {
    const shape = `[${ids.shape.join(', ')}]`;
    if (ids.ndim !== 1 || ids.size(0) !== rows)
      throw new ShapeError(`Cannot compute ${loss}: expected one match id for each of ${rows} rows, got ${shape}`);
    if (/^(float|bfloat|complex|bool)/.test(ids.dtype))
      throw new TypeError(
        `Cannot compute ${loss}: expected match ids of integers, got ${ids.dtype}; give samples BigInts or texts as ids, since a collate makes float32 of numbers`,
      );
    return ids.to({ dtype: 'int64', device });
  }
  if (!Array.isArray(ids))
    throw new TypeError(
      `Cannot compute ${loss}: expected match ids as a tensor or a list, got ${ids === null ? 'null' : typeof ids}`,
    );
  if (ids.length !== rows)
    throw new ShapeError(`Cannot compute ${loss}: expected one match id for each of ${rows} rows, got ${ids.length}`);
  const codes = new BigInt64Array(rows);
  const halves = new Int32Array(codes.buffer);
  for (let row = 0; row < rows; row++) writeCode(loss, codes, halves, row, ids[row]);
  return tensor(codes, { device });
}

function writeCode(loss: string, codes: BigInt64Array, halves: Int32Array, row: number, id: unknown): void {
  if (typeof id === 'number' && Number.isSafeInteger(id)) {
    codes[row] = BigInt(id);
  } else if (typeof id === 'bigint' && id <= LARGEST && id >= -LARGEST) {
    codes[row] = id;
  } else if (typeof id === 'string' || Number.isFinite(id) || typeof id === 'bigint') {
    const text = String(id);
    if (/^(0|-?[1-9]\d{0,17})$/.test(text)) codes[row] = BigInt(text);
    else hashText(text, halves, 2 * row);
  } else {
    throw new TypeError(
      `Cannot compute ${loss}: expected match ids of texts and numbers, got ${id === null || typeof id === 'number' ? id : typeof id} at ${row}`,
    );
  }
}

/** 64 bits of a text: two multiplicative hashes that exchange their bits at the end (cyrb53 with nothing cut off). */
function hashText(text: string, halves: Int32Array, at: number): void {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  halves[at] = mix(a, b);
  halves[at + 1] = mix(b, a);
}

const mix = (own: number, other: number): number =>
  Math.imul(own ^ (own >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);

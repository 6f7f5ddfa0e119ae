// Words of a column by their bytes: each is made a string once, however often it stands in the file.
import { fieldText } from './tokenizer.ts';

/** The code that stands for a missing word. */
export const NO_WORD = -1;

/** Gives words numbers, from 0 in the order in which they are met. */
export class Vocabulary {
  readonly words: string[] = [];
  /** Bytes of the words one after the other, and where each begins. */
  #bytes = Buffer.alloc(1 << 10);
  #ends: number[] = [0];
  /** Codes + 1 by hash, linear probing; 0 is free. Always at least half of it is. */
  #slots = new Int32Array(1 << 8);
  readonly #maxWords: number;
  readonly #isFixed: boolean;

  /** @param fixed - the words that there are; what is no such word has no code. @param maxWords - those beyond have no code. */
  constructor(options: { readonly fixed?: readonly string[] | undefined; readonly maxWords?: number } = {}) {
    this.#maxWords = options.maxWords ?? 2 ** 30;
    for (const word of options.fixed ?? []) {
      const bytes = Buffer.from(word);
      if (this.#find(bytes, 0, bytes.length) < 0) this.#add(bytes, 0, bytes.length, word);
    }
    this.#isFixed = options.fixed !== undefined;
  }

  /** The code of the word that the bytes are, a new one where it is new; {@link NO_WORD} where there may be no new one.
   *  @param start - its complement where quotes are doubled inside, as in `Fields`. */
  codeOf(bytes: Buffer, start: number, end: number): number {
    if (start >= 0) return this.#codeOf(bytes, start, end);
    const plain = Buffer.from(fieldText(bytes, start, end));
    return this.#codeOf(plain, 0, plain.length);
  }

  #codeOf(bytes: Buffer, start: number, end: number): number {
    const found = this.#find(bytes, start, end);
    if (found >= 0) return found;
    if (this.#isFixed || this.words.length >= this.#maxWords) return NO_WORD;
    return this.#add(bytes, start, end, bytes.toString('utf8', start, end));
  }

  #find(bytes: Buffer, start: number, end: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const length = end - start;
    for (let slot = hashOf(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
      const code = slots[slot]! - 1;
      if (code < 0) return NO_WORD;
      const from = this.#ends[code]!;
      if (this.#ends[code + 1]! - from === length && isSame(this.#bytes, from, bytes, start, length)) return code;
    }
  }

  #add(bytes: Buffer, start: number, end: number, word: string): number {
    const code = this.words.length;
    const from = this.#ends[code]!;
    const to = from + end - start;
    if (to > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], Math.max(to, 2 * this.#bytes.length));
    bytes.copy(this.#bytes, from, start, end);
    this.#ends.push(to);
    this.words.push(word);
    if (2 * this.words.length > this.#slots.length) this.#grow();
    else this.#put(code);
    return code;
  }

  #grow(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let code = 0; code < this.words.length; code++) this.#put(code);
  }

  #put(code: number): void {
    const mask = this.#slots.length - 1;
    let slot = hashOf(this.#bytes, this.#ends[code]!, this.#ends[code + 1]!) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = code + 1;
  }
}

/** FNV-1a, its high bits folded in. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

function isSame(a: Uint8Array, startA: number, b: Uint8Array, startB: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[startA + i] !== b[startB + i]) return false;
  return true;
}

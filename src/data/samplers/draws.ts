// Random numbers by place: what a draw at any position needs, without the draws before it.
import { philox, type StreamKey } from '../philox.ts';

const WORD = 2 ** 32;

/**
 * Two numbers for each place of a stream, uniform in [0, 1) in steps of 2^-53 and independent: a pure function of the key and the place.
 * They are words 0, 1 and words 2, 3 of the encrypted counter (place, part, epoch, purpose). One object holds one place at a time, so that a draw makes none.
 */
export class PlaceDraws {
  readonly #words = new Uint32Array(4);
  readonly #key: StreamKey;
  readonly #key0: number;
  readonly #key1: number;

  constructor(key: StreamKey) {
    this.#key = key;
    this.#key0 = key.seed >>> 0;
    this.#key1 = Math.floor(key.seed / WORD);
  }

  /** Goes to `place`, an integer in [0, 2^53) without `part`, else in [0, 2^32) of the `part`. @returns the place's first number. */
  first(place: number, part = Math.floor(place / WORD)): number {
    const words = this.#words;
    words[0] = place;
    words[1] = part;
    words[2] = this.#key.epoch;
    words[3] = this.#key.purpose;
    philox(words, this.#key0, this.#key1);
    return fraction(words[0], words[1]);
  }

  /** The second number of the place that `first` went to. */
  second(): number {
    return fraction(this.#words[2]!, this.#words[3]!);
  }
}

/** 53 of two words' bits as a number in [0, 1). */
function fraction(high: number, low: number): number {
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

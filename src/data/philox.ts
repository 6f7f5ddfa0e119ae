// Philox 4x32-10, the counter-based generator behind every order and every seed that the data layer draws.

/**
 * What a stream of numbers is for. Streams with different purposes never overlap. The numbers belong to the promise that a seed gives the same order
 * for ever: never change one, never use one again.
 */
export const Purpose = {
  permutation: 1,
  batch: 2,
  sample: 3,
  shuffleBuffer: 4,
  split: 5,
  // Samplers have 10 to 19.
  replacement: 10,
  weighted: 11,
  weightedOrder: 12,
  bucketSamples: 13,
  bucketBatches: 14,
  contrast: 15,
  datasetChoice: 16,
  datasetSamples: 17,
  datasetRest: 18,
  // Transforms have 30 to 39.
  sampleTransform: 30,
  batchTransform: 31,
  mixing: 32,
  // Streams of text, sound and shards have 40 to 49.
  shards: 40,
  soundCrop: 41,
  // Pictures have 50 to 59. native/image-random.h draws from the first.
  image: 50,
  // Grids of parameters.
  parameters: 60,
  // Halves of repeated trials.
  trialHalves: 70,
  // Learning task after task has 80 to 89.
  episodicMemory: 80,
  replay: 81,
  fisherSamples: 82,
  fisherLabels: 83,
  stageSamples: 84,
  corruption: 85,
} as const;
export type Purpose = (typeof Purpose)[keyof typeof Purpose];

/** Names one stream: the user's seed, the epoch, and what the numbers are for. */
export interface StreamKey {
  /** An integer from 0 to 2^53 - 1. */
  readonly seed: number;
  /** An integer from 0 to 2^32 - 1. */
  readonly epoch: number;
  readonly purpose: Purpose;
}

const WORD = 2 ** 32;
const ROUNDS = 10;

/**
 * The upper 32 bits of the product of the word `a` and the word of halves `bHigh` and `bLow`, put together from 16-bit halves: doubles hold only 53 bits.
 * Words are signed here as V8 likes them; the bits are the same.
 */
function multiplyHigh(a: number, bLow: number, bHigh: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const middle = ((Math.imul(aHigh, bLow) >>> 0) + (Math.imul(aLow, bLow) >>> 16)) >>> 0; // at most 0xffff * 0xffff + 0xffff: no carry is lost
  const low = ((Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff)) >>> 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (low >>> 16)) | 0;
}

/**
 * Encrypts the counter `words` (four of them) in place under the key (`key0`, `key1`), all 32-bit words.
 * Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; constants as Random123's philox4x32 with 10 rounds.
 */
export function philox(words: Uint32Array, key0: number, key1: number): void {
  let x0 = words[0]! | 0;
  let x1 = words[1]! | 0;
  let x2 = words[2]! | 0;
  let x3 = words[3]! | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(x0, 0x1f53, 0xd251);
    const low0 = Math.imul(0xd2511f53, x0);
    const high1 = multiplyHigh(x2, 0x8d57, 0xcd9e);
    const low1 = Math.imul(0xcd9e8d57, x2);
    x0 = high1 ^ x1 ^ k0;
    x1 = low1;
    x2 = high0 ^ x3 ^ k1;
    x3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  words[0] = x0;
  words[1] = x1;
  words[2] = x2;
  words[3] = x3;
}

/** Throws unless `seed` and `epoch` fit the words of a key and a counter. */
export function checkStreamKey(action: string, seed: number, epoch = 0): void {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`Cannot ${action}: expected a seed that is an integer from 0 to 2^53 - 1, got ${seed}`);
  }
  if (!Number.isInteger(epoch) || epoch < 0 || epoch >= WORD) {
    throw new RangeError(`Cannot ${action}: expected an epoch that is an integer from 0 to 2^32 - 1, got ${epoch}`);
  }
}

/**
 * A stream of 32-bit words, a pure function of its key and of `part`, a word too: word `n` is word `n % 4` of the encrypted counter (n / 4, part, epoch,
 * purpose).
 */
export class RandomStream {
  readonly #words = new Uint32Array(4);
  readonly #key: StreamKey;
  readonly #key0: number;
  readonly #key1: number;
  readonly #part: number;
  #block = 0;
  #used = 4;

  constructor(key: StreamKey, part = 0) {
    checkStreamKey('open a random stream', key.seed, key.epoch);
    this.#key = key;
    this.#key0 = key.seed >>> 0;
    this.#key1 = Math.floor(key.seed / WORD);
    this.#part = part;
  }

  /** The next word, uniform in [0, 2^32). */
  next(): number {
    const words = this.#words;
    if (this.#used === 4) {
      words[0] = this.#block;
      words[1] = this.#part + Math.floor(this.#block / WORD);
      words[2] = this.#key.epoch;
      words[3] = this.#key.purpose;
      philox(words, this.#key0, this.#key1);
      this.#block++;
      this.#used = 0;
    }
    return words[this.#used++]!;
  }

  /** An integer uniform in [0, bound), without bias: words past the last whole multiple of `bound` are drawn again. Bound: 1 to 2^32. */
  below(bound: number): number {
    for (;;) {
      const word = this.next();
      const rest = word % bound;
      if (word - rest <= WORD - bound) return rest;
    }
  }
}

/**
 * A seed for whatever happens at `position` of a stream (a batch's augmentation): a pure function of its arguments, and so the same on resume and under
 * any concurrency. An integer in [0, 2^53), fit for a libtorch generator.
 */
export function deriveSeed(key: StreamKey, position: number): number {
  checkStreamKey('derive a seed', key.seed, key.epoch);
  const words = DERIVED;
  words[0] = position;
  words[1] = Math.floor(position / WORD);
  words[2] = key.epoch;
  words[3] = key.purpose;
  philox(words, key.seed >>> 0, Math.floor(key.seed / WORD));
  return words[0]! + (words[1]! & 0x1fffff) * WORD;
}

/** Written anew by every call of `deriveSeed`, which loaders ask for every sample: an array of its own would cost more than the numbers in it. */
const DERIVED = new Uint32Array(4);

/** The integers 0 to length - 1 in an order drawn uniformly from all orders (Fisher and Yates), 4 bytes each. Every `part` is another draw. */
export function permutation(length: number, key: StreamKey, part = 0): Int32Array {
  const order = new Int32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  shuffle(order, new RandomStream(key, part));
  return order;
}

/** Puts `values` in an order drawn uniformly from all orders, in place. */
export function shuffle(values: Int32Array, stream: RandomStream): void {
  for (let last = values.length - 1; last > 0; last--) {
    const chosen = stream.below(last + 1);
    const moved = values[last]!;
    values[last] = values[chosen]!;
    values[chosen] = moved;
  }
}

// Two ways to batches of samples of similar length: buckets that never change, and windows of a shuffled order, sorted.
import { permutation, RandomStream, type StreamKey, shuffle } from '../philox.ts';
import { firstAbove } from './cumulative.ts';
import { sortedPlaces } from './sorted-places.ts';

/** The batches of epochs, by their number before batches are shuffled. */
export interface LengthBatches {
  /** Batches in every epoch. */
  readonly numBatches: number;
  /** The batches of one epoch. Without a key, samples are in their order. */
  epoch(key: StreamKey | undefined): (batch: number) => Int32Array;
}

/** Samples of one bucket make batches together. */
export interface Bucket {
  readonly numSamples: number;
  readonly batchSize: number;
}

/** Buckets one after the other, each cut into batches. Memory: 4 bytes a sample, and 4 more for an epoch. */
export class BucketBatches implements LengthBatches {
  readonly numBatches: number;
  readonly #samples: Int32Array;
  readonly #buckets: readonly (Bucket & { readonly start: number; readonly firstBatch: number })[];
  /** Batches up to and with each bucket. */
  readonly #ends: readonly number[];

  /** @param samples - all samples, those of each bucket together. */
  constructor(samples: Int32Array, buckets: readonly Bucket[], dropLast: boolean) {
    this.#samples = samples;
    let start = 0;
    let firstBatch = 0;
    this.#buckets = buckets.map((bucket) => {
      const placed = { ...bucket, start, firstBatch };
      start += bucket.numSamples;
      firstBatch += (dropLast ? Math.floor : Math.ceil)(bucket.numSamples / bucket.batchSize);
      return placed;
    });
    this.#ends = [...this.#buckets.slice(1).map((bucket) => bucket.firstBatch), firstBatch];
    this.numBatches = firstBatch;
  }

  epoch(key: StreamKey | undefined): (batch: number) => Int32Array {
    const samples = key ? this.#samples.slice() : this.#samples;
    if (key) {
      const stream = new RandomStream(key);
      for (const { start, numSamples } of this.#buckets) shuffle(samples.subarray(start, start + numSamples), stream);
    }
    return (batch) => {
      const bucket = this.#buckets[firstAbove(this.#ends, batch)]!;
      const first = bucket.start + (batch - bucket.firstBatch) * bucket.batchSize;
      return samples.slice(first, Math.min(first + bucket.batchSize, bucket.start + bucket.numSamples));
    };
  }
}

export interface WindowOptions {
  readonly windowSize: number;
  readonly batchSize: number;
  readonly dropLast: boolean;
}

/**
 * An order of all samples, sorted by length inside every window of so many samples, and cut into batches. Every other window falls, so that a batch across
 * the border of two has similar lengths too. Memory: 4 bytes a sample, and 4 more for an epoch.
 */
export class WindowBatches implements LengthBatches {
  readonly numBatches: number;
  readonly #lengths: Int32Array;
  readonly #options: WindowOptions;

  constructor(lengths: Int32Array, options: WindowOptions) {
    this.#lengths = lengths;
    this.#options = options;
    this.numBatches = (options.dropLast ? Math.floor : Math.ceil)(lengths.length / options.batchSize);
  }

  epoch(key: StreamKey | undefined): (batch: number) => Int32Array {
    const { windowSize, batchSize } = this.#options;
    const samples = key ? permutation(this.#lengths.length, key) : this.#lengths.map((_, sample) => sample);
    for (let start = 0, isFalling = false; start < samples.length; start += windowSize, isFalling = !isFalling) {
      const window = samples.slice(start, start + windowSize);
      const lengthAt = (place: number): number => this.#lengths[window[place]!]!;
      const sorted = sortedPlaces(window.length, (place) =>
        isFalling ? MAX_LENGTH - lengthAt(place) : lengthAt(place),
      );
      for (let i = 0; i < sorted.length; i++) samples[start + i] = window[sorted[i]!]!;
    }
    return (batch) => samples.slice(batch * batchSize, (batch + 1) * batchSize);
  }
}

/** The greatest length of a sample. */
export const MAX_LENGTH = 2 ** 31 - 1;

// Samplers: the order in which an epoch plays its samples, as a pure function of seed, epoch and position.
import { checkStreamKey, Purpose, permutation } from './philox.ts';

/** The order of one epoch. `at` may be asked for any position, in any order and any number of times, which is what makes resume free of replaying. */
export interface Order<T> {
  /** How many positions the epoch has; `Infinity` for one that never ends. */
  readonly length: number;
  /** What is played at `position`, an integer in [0, length). */
  at(position: number): T;
}

/** Gives the order of every epoch. `T` is a sample's index, or the indices of a batch. A sampler has no state: a loader holds epoch and position. */
export interface Sampler<T = number> {
  /** How many positions each epoch has; `Infinity` for epochs that never end. */
  readonly length: number;
  order(epoch: number): Order<T>;
}

/** Plays samples 0, 1, 2, … in every epoch. Memory: constant. */
export class SequentialSampler implements Sampler {
  readonly length: number;

  constructor(length: number) {
    this.length = checkSampleCount('SequentialSampler', length);
  }

  order(): Order<number> {
    return { length: this.length, at: (position) => position };
  }
}

/** Plays every sample once an epoch, in an order drawn from (seed, epoch). Memory: 4 bytes a sample while an epoch is played. */
export class RandomSampler implements Sampler {
  readonly length: number;
  readonly seed: number;

  constructor(length: number, { seed = 0 }: { readonly seed?: number } = {}) {
    this.length = checkSampleCount('RandomSampler', length);
    checkStreamKey('make a RandomSampler', seed);
    this.seed = seed;
  }

  order(epoch: number): Order<number> {
    const indices = permutation(this.length, { seed: this.seed, epoch, purpose: Purpose.permutation });
    return { length: this.length, at: (position) => indices[position]! };
  }
}

/** Options of {@link BatchSampler}. */
export interface BatchSamplerOptions {
  /** Samples in a batch. */
  readonly batchSize: number;
  /** Leave out a last batch that would be shorter. Default false. */
  readonly dropLast?: boolean;
}

/** Cuts another sampler's order into batches: batch p holds positions p * batchSize to (p + 1) * batchSize - 1. */
export class BatchSampler implements Sampler<Int32Array> {
  readonly length: number;
  readonly #sampler: Sampler;
  readonly #batchSize: number;

  constructor(sampler: Sampler, { batchSize, dropLast = false }: BatchSamplerOptions) {
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(
        `Cannot make a BatchSampler: expected a batchSize that is an integer above 0, got ${batchSize}`,
      );
    }
    this.#sampler = sampler;
    this.#batchSize = batchSize;
    this.length = dropLast ? Math.floor(sampler.length / batchSize) : Math.ceil(sampler.length / batchSize);
  }

  order(epoch: number): Order<Int32Array> {
    const samples = this.#sampler.order(epoch);
    const at = (batch: number): Int32Array => {
      const start = batch * this.#batchSize;
      const indices = new Int32Array(Math.min(this.#batchSize, samples.length - start));
      for (let i = 0; i < indices.length; i++) indices[i] = samples.at(start + i);
      return indices;
    };
    return { length: this.length, at };
  }
}

/** Indices are 32-bit signed, as libtorch's gather takes them. */
const MAX_SAMPLES = 2 ** 31 - 1;

function checkSampleCount(sampler: string, length: number): number {
  if (!Number.isInteger(length) || length < 0 || length > MAX_SAMPLES) {
    throw new RangeError(
      `Cannot make a ${sampler}: expected a length that is an integer from 0 to ${MAX_SAMPLES}, got ${length}`,
    );
  }
  return length;
}

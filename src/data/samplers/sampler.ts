// What every sampler is: the order in which an epoch plays its samples, as a pure function of seed, epoch and position.

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

/** Indices are 32-bit signed, as libtorch's gather takes them. */
const MAX_SAMPLES = 2 ** 31 - 1;

/** @throws {RangeError} unless `length` counts samples. */
export function checkSampleCount(sampler: string, length: number): number {
  if (!Number.isInteger(length) || length < 0 || length > MAX_SAMPLES) {
    throw new RangeError(
      `Cannot make a ${sampler}: expected a length that is an integer from 0 to ${MAX_SAMPLES}, got ${length}`,
    );
  }
  return length;
}

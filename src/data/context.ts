// Where in the epochs a batch and its samples stand, and the seeds that follow from it.
import { deriveSeed, Purpose } from './philox.ts';

/** Where in the epochs a batch stands, for what depends on it. Plain data: it can be sent to a worker. */
export interface BatchContext {
  /** An integer in [0, 2^53) that follows from the loader's seed, the epoch and the position: seed a generator with it to augment reproducibly. */
  readonly seed: number;
  readonly epoch: number;
  /** The batch's number in the epoch, from 0. */
  readonly position: number;
  /** The samples' indices in the dataset, one a sample; of an `IterableDataset` their numbers in the epoch. */
  readonly indices: Int32Array;
  /** The samples' places in the batch as it was drawn, where a loader has left out samples that failed. Default: sample i has place i. */
  readonly slots?: Int32Array;
}

/** What the making of a sample may depend on beside its index. Plain data. */
export interface SampleContext {
  /** An integer in [0, 2^53) that follows from the loader's seed, the epoch, the batch's position and the sample's place in it. */
  readonly seed: number;
  readonly epoch: number;
}

/**
 * The seed of sample number `sample` of a batch: the same in `get`, in `getBatch` and in a transform of the whole batch. A pure function of its arguments,
 * that differs from sample to sample (also where an index comes twice), from batch to batch and from epoch to epoch.
 * @example
 * import { sampleSeed } from 'sconce/data';
 * const context = { seed: 7, epoch: 0, position: 3, indices: Int32Array.of(40, 41) };
 * sampleSeed(context, 0) === sampleSeed(context, 1); // false
 */
export function sampleSeed({ seed, epoch, slots }: BatchContext, sample: number): number {
  return deriveSeed({ seed, epoch, purpose: Purpose.sample }, slots ? slots[sample]! : sample);
}

/** The context of sample number `sample` of a batch. */
export function sampleContext(context: BatchContext, sample: number): SampleContext {
  return { seed: sampleSeed(context, sample), epoch: context.epoch };
}

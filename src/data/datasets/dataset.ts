// Datasets: samples by index, wherever they come from.
import type { Collated } from '../collate/collate.ts';
import type { BatchContext, SampleContext } from '../context.ts';

/** Samples by index. Anything with `length` and `get` is one; `ArrayDataset` makes one of an array. */
export interface Dataset<S> {
  /** What messages call the dataset. Default: the name of its class. */
  readonly name?: string;
  /** Number of samples. */
  readonly length: number;
  /**
   * The sample at `index`, an integer in [0, length). What takes time (reading, decoding) gives a promise; a loader has several under way at once.
   * Tensors in a sample stay the dataset's: a loader copies them into its batch and frees none.
   * @param context - what to seed random augmentation with, where the sample has any: then it is the same after a resume and under any concurrency.
   */
  get(index: number, context: SampleContext): S | Promise<S>;
  /**
   * Many samples at once, where that is faster than one by one: what the default collate would make of them. Its tensors are new and the caller's.
   * A loader uses it unless it has a collate of its own.
   * @param context - where the batch stands; `sampleSeed(context, i)` is the seed that sample i has in `get`.
   */
  getBatch?: ((indices: Int32Array, context: BatchContext) => Collated<S> | Promise<Collated<S>>) | undefined;
}

/** The part of a dataset that messages need. */
export interface Identity {
  readonly name?: string;
  readonly length?: number | undefined;
  readonly get?: unknown;
  readonly open?: unknown;
}

/** What messages call `dataset`. */
export function datasetName(dataset: Identity): string {
  if (dataset.name) return dataset.name;
  const className = dataset.constructor?.name;
  return !className || className === 'Object' ? 'the dataset' : className;
}

/** @throws {TypeError} unless `dataset` has samples by index. */
export function expectDataset(dataset: Identity, action: string): void {
  if (typeof dataset?.get === 'function' && Number.isInteger(dataset.length)) return;
  const got = Array.isArray(dataset)
    ? 'an array; wrap it: new ArrayDataset(array)'
    : typeof dataset?.open === 'function'
      ? `the iterable ${datasetName(dataset)}, whose samples have no index`
      : String(dataset);
  throw new TypeError(`Cannot ${action}: expected a dataset with length and get, got ${got}`);
}

/** @throws {RangeError} unless `dataset` has a sample at `index`. */
export function checkIndex(dataset: Identity, index: number, action: string): void {
  if (Number.isInteger(index) && index >= 0 && index < dataset.length!) return;
  throw new RangeError(
    `Cannot ${action}: expected an index from 0 to ${dataset.length! - 1} of ${datasetName(dataset)}, got ${index}`,
  );
}

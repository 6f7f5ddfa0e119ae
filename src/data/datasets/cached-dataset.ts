// `CachedDataset`: keeps samples that have been read and decoded.
import { dtypeBytes } from '../../tensor/dtype.ts';
import { Tensor } from '../../tensor/index.ts';
import type { SampleContext } from '../context.ts';
import { OptionProblems } from '../option-problems.ts';
import { type Dataset, datasetName, expectDataset } from './dataset.ts';

/** Options of {@link CachedDataset}. */
export interface CachedDatasetOptions {
  /** Keep at most so many samples. Default: all. */
  readonly maxSamples?: number;
  /** Keep no more once samples have so many bytes together: of tensors, typed arrays and text, two a character. Default: no limit. */
  readonly maxBytes?: number;
}

/**
 * Keeps the samples that another dataset gave, so that each is read and decoded once; from then on `get` gives it at once, without a promise.
 * What is kept is what `get` gave, not a copy: bytes and tensors belong to the cache, and who changes or disposes of one changes it for later epochs.
 * A random augmentation in `get` is kept as it was first drawn: put it behind the cache, by `TransformedDataset` or the loader's `transform`.
 *
 * Under a limit those that came first are kept until `clear()`, and the others are read every time: an epoch that plays every sample once then finds as many
 * in the cache as there is room for, where one that dropped the oldest would find none. A sample that fails is not kept, and is tried again.
 * @throws {ConfigError} naming every option that is wrong.
 */
export class CachedDataset<S> implements Dataset<S> {
  readonly name: string;
  readonly length: number;
  readonly #dataset: Dataset<S>;
  readonly #samples = new Map<number, S | Promise<S>>();
  readonly #maxSamples: number;
  readonly #maxBytes: number;
  #numBytes = 0;

  constructor(dataset: Dataset<S>, options: CachedDatasetOptions = {}) {
    const problems = new OptionProblems();
    problems.expectKnown(options, ['maxSamples', 'maxBytes']);
    const { maxSamples = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = options;
    problems.expect(maxSamples >= 0, 'maxSamples', { wanted: 'a number from 0 on', got: maxSamples });
    problems.expect(maxBytes >= 0, 'maxBytes', { wanted: 'a number from 0 on', got: maxBytes });
    problems.throwIfAny('make a CachedDataset');
    expectDataset(dataset, 'make a CachedDataset');
    this.name = `CachedDataset of ${datasetName(dataset)}`;
    this.length = dataset.length;
    this.#dataset = dataset;
    this.#maxSamples = maxSamples;
    this.#maxBytes = maxBytes;
  }

  /** Samples kept, those that are on their way included. */
  get numKept(): number {
    return this.#samples.size;
  }

  get(index: number, context: SampleContext): S | Promise<S> {
    const kept = this.#samples.get(index);
    if (kept !== undefined) return kept;
    const sample = this.#dataset.get(index, context);
    if (this.#samples.size >= this.#maxSamples || this.#numBytes >= this.#maxBytes) return sample;
    this.#samples.set(index, sample); // a promise too: who asks meanwhile waits for the same one
    if (sample instanceof Promise) {
      sample.then(
        (value) => this.#settle(index, sample, value),
        () => this.#settle(index, sample), // whoever asked for the sample sees the error
      );
    } else {
      this.#count(sample);
    }
    return sample;
  }

  /** Lets go of all samples. Tensors among them are freed when nothing else refers to them. */
  clear(): void {
    this.#samples.clear();
    this.#numBytes = 0;
  }

  /** Puts `value` in the place of the promise it came from, unless the cache was cleared meanwhile. */
  #settle(index: number, pending: Promise<S>, value?: S): void {
    if (this.#samples.get(index) !== pending) return;
    if (value === undefined) {
      this.#samples.delete(index);
    } else {
      this.#samples.set(index, value);
      this.#count(value);
    }
  }

  #count(sample: S): void {
    if (this.#maxBytes < Number.POSITIVE_INFINITY) this.#numBytes += bytesOf(sample);
  }
}

function bytesOf(sample: unknown): number {
  if (typeof sample === 'string') return 2 * sample.length;
  if (typeof sample !== 'object' || sample === null) return 8;
  if (ArrayBuffer.isView(sample)) return sample.byteLength;
  if (sample instanceof Tensor) return sample.numel * dtypeBytes(sample.dtype);
  const inside = sample instanceof Map ? [...sample.values()] : Object.values(sample);
  return inside.reduce<number>((sum, value) => sum + bytesOf(value), 0);
}

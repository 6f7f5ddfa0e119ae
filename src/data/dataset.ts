// Datasets: samples by index, wherever they come from.
import { ShapeError } from '../errors.ts';
import { collectTensors, scope, Tensor, tensor } from '../tensor/index.ts';
import type { Collated } from './collate.ts';
import type { BatchContext, SampleContext } from './context.ts';
import { noteWrapper } from './workers/origin.ts';

/** Samples by index. Anything with `length` and `get` is one; an array becomes one through `{ length: a.length, get: (i) => a[i] }`. */
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

/** Tensors whose first dimension counts samples: one tensor, an array of them, or a dictionary. */
export type TensorColumns = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/**
 * Samples that lie in tensors: sample i is row i of each. A batch is one native gather a tensor, with no work per sample.
 * The tensors stay the caller's, who must keep them alive.
 * @throws {ShapeError} where they count different numbers of samples.
 */
export class TensorDataset<T extends TensorColumns> implements Dataset<T> {
  readonly length: number;
  readonly #columns: T;

  constructor(columns: T) {
    const lengths = collectTensors(columns).map((column) => column.shape[0]);
    const [length] = lengths;
    if (length === undefined || lengths.some((other) => other !== length)) {
      const got = lengths.map((other) => (other === undefined ? 'a scalar' : other)).join(', ');
      throw new ShapeError(
        `Cannot make a TensorDataset: expected tensors of equal length in dimension 0, got ${got || 'none'}`,
      );
    }
    this.#columns = columns;
    this.length = length;
  }

  /** Views of row `index`. They live as long as the caller keeps them, and see later changes of the tensors. */
  get(index: number): T {
    return mapColumns(this.#columns, (column) => column.select(0, index));
  }

  getBatch(indices: Int32Array): Collated<T> {
    const gather = (): T => {
      const rows = tensor(indices);
      return mapColumns(this.#columns, (column) => column.indexSelect(0, rows.to(column.device))); // [length, ...] -> [indices, ...]
    };
    return scope(gather) as unknown as Collated<T>; // columns collate to their own structure, which TypeScript cannot see for an open T
  }
}

function mapColumns<T extends TensorColumns>(columns: T, map: (column: Tensor) => Tensor): T {
  if (columns instanceof Tensor) return map(columns) as T; // each branch keeps the structure of T
  if (Array.isArray(columns)) return columns.map(map) as unknown as T;
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, map(column)])) as unknown as T;
}

/** Some samples of another dataset, in the order of `indices`; an index may occur more than once. Memory: 4 bytes a sample. */
export class Subset<S> implements Dataset<S> {
  readonly name: string;
  readonly length: number;
  readonly getBatch: Dataset<S>['getBatch'];
  readonly #dataset: Dataset<S>;
  readonly #indices: Int32Array;

  /** @throws {RangeError} for an index that `dataset` does not have. */
  constructor(dataset: Dataset<S>, indices: ArrayLike<number>) {
    for (let i = 0; i < indices.length; i++) checkIndex(dataset, indices[i]!, 'make a Subset');
    this.name = `Subset of ${datasetName(dataset)}`;
    this.length = indices.length;
    this.#dataset = dataset;
    this.#indices = Int32Array.from(indices);
    noteWrapper(this, 'Subset', { inner: [dataset], rest: this.#indices });
    if (dataset.getBatch)
      this.getBatch = (rows, context) =>
        dataset.getBatch!(
          rows.map((row) => this.#indices[row]!),
          context,
        );
  }

  get(index: number, context: SampleContext): S | Promise<S> {
    return this.#dataset.get(this.#indices[index]!, context);
  }
}

/**
 * Keeps every sample that another dataset gave, so that each is read and decoded once; from then on `get` gives it at once, without a promise.
 * What is kept is what `get` gave, not a copy: bytes and tensors belong to the cache, and who changes or disposes of one changes it for later epochs.
 * Samples are kept without limit until `clear()`. A sample that fails is not kept, and is tried again.
 */
export class CachedDataset<S> implements Dataset<S> {
  readonly name: string;
  readonly length: number;
  readonly #dataset: Dataset<S>;
  readonly #samples = new Map<number, S | Promise<S>>();

  constructor(dataset: Dataset<S>) {
    this.name = `CachedDataset of ${datasetName(dataset)}`;
    this.length = dataset.length;
    this.#dataset = dataset;
  }

  get(index: number, context: SampleContext): S | Promise<S> {
    const kept = this.#samples.get(index);
    if (kept !== undefined) return kept;
    const sample = this.#dataset.get(index, context);
    this.#samples.set(index, sample); // a promise too: who asks meanwhile waits for the same one
    if (sample instanceof Promise) {
      sample.then(
        (value) => this.#replace(index, sample, value),
        () => this.#replace(index, sample), // whoever asked for the sample sees the error
      );
    }
    return sample;
  }

  /** Lets go of all samples. Tensors among them are freed when nothing else refers to them. */
  clear(): void {
    this.#samples.clear();
  }

  /** Puts `value` in the place of the promise it came from, unless the cache was cleared meanwhile. */
  #replace(index: number, pending: Promise<S>, value?: S): void {
    if (this.#samples.get(index) !== pending) return;
    if (value === undefined) this.#samples.delete(index);
    else this.#samples.set(index, value);
  }
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

/** @throws {RangeError} unless `dataset` has a sample at `index`. */
export function checkIndex(dataset: Identity, index: number, action: string): void {
  if (Number.isInteger(index) && index >= 0 && index < dataset.length!) return;
  throw new RangeError(
    `Cannot ${action}: expected an index from 0 to ${dataset.length! - 1} of ${datasetName(dataset)}, got ${index}`,
  );
}

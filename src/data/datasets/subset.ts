// `Subset`: some samples of a dataset.
import type { SampleContext } from '../context.ts';
import { noteWrapper } from '../workers/origin.ts';
import { checkIndex, type Dataset, datasetName, expectDataset } from './dataset.ts';

/** Some samples of another dataset, in the order of `indices`; an index may occur more than once. Memory: 4 bytes a sample. */
export class Subset<S> implements Dataset<S> {
  readonly name: string;
  readonly length: number;
  readonly getBatch: Dataset<S>['getBatch'];
  readonly #dataset: Dataset<S>;
  readonly #indices: Int32Array;

  /** @throws {RangeError} for an index that `dataset` does not have. */
  constructor(dataset: Dataset<S>, indices: ArrayLike<number>) {
    expectDataset(dataset, 'make a Subset');
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

// `ConcatDataset`: several datasets one behind the other.
import type { Collated } from '../collate/collate.ts';
import type { BatchContext, SampleContext } from '../context.ts';
import { noteWrapper } from '../workers/origin.ts';
import { checkIndex, type Dataset, datasetName, expectDataset } from './dataset.ts';
import { joinBatches } from './join-batches.ts';

/** The samples of a batch that one of the datasets has. */
interface Part {
  readonly dataset: number;
  /** Their places in the batch. */
  readonly slots: number[];
  readonly rows: number[];
}

/**
 * Several datasets as one, one behind the other. Gathers batches where each of them does.
 * Source: torch.utils.data.ConcatDataset.
 * @example
 * import { ArrayDataset, ConcatDataset } from 'sconce/data';
 * const dataset = new ConcatDataset([new ArrayDataset(['a', 'b']), new ArrayDataset(['c'])]);
 * [dataset.length, dataset.get(2, { seed: 0, epoch: 0 })]; // [3, 'c']
 */
export class ConcatDataset<S> implements Dataset<S> {
  readonly name: string;
  readonly length: number;
  /** The datasets, in their order. */
  readonly datasets: readonly Dataset<S>[];
  readonly getBatch?: (indices: Int32Array, context: BatchContext) => Collated<S> | Promise<Collated<S>>;
  /** Where each dataset ends. */
  readonly #ends: readonly number[];

  /** @throws {RangeError} where there are no datasets. */
  constructor(datasets: readonly Dataset<S>[]) {
    if (datasets.length === 0)
      throw new RangeError('Cannot make a ConcatDataset: expected at least one dataset, got none');
    for (const dataset of datasets) expectDataset(dataset, 'make a ConcatDataset');
    let length = 0;
    this.#ends = datasets.map((dataset) => {
      length += dataset.length;
      return length;
    });
    this.name = `ConcatDataset of ${datasets.map(datasetName).join(', ')}`;
    this.length = length;
    this.datasets = [...datasets];
    noteWrapper(this, 'ConcatDataset', { inner: datasets, rest: undefined });
    if (datasets.every(({ getBatch }) => getBatch))
      this.getBatch = (indices, context) => this.#gather(indices, context);
  }

  get(index: number, context: SampleContext): S | Promise<S> {
    const dataset = this.#find(index);
    return this.datasets[dataset]!.get(index - this.#start(dataset), context);
  }

  #start(dataset: number): number {
    return dataset === 0 ? 0 : this.#ends[dataset - 1]!;
  }

  /** The dataset that has `index`: the first that ends behind it. */
  #find(index: number): number {
    checkIndex(this, index, 'find a sample');
    let low = 0;
    let high = this.#ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! > index) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #gather(indices: Int32Array, context: BatchContext): Collated<S> | Promise<Collated<S>> {
    const parts = this.#split(indices);
    const batches = parts.map(({ dataset, slots, rows }) =>
      this.datasets[dataset]!.getBatch!(Int32Array.from(rows), partContext(context, slots)),
    );
    if (parts.length === 1) return batches[0]!;
    const order = parts.flatMap(({ slots }) => slots);
    const join = (given: Collated<S>[]): Collated<S> => joinBatches(given, order);
    return batches.some((batch) => batch instanceof Promise)
      ? Promise.all(batches).then(join)
      : join(batches as Collated<S>[]);
  }

  #split(indices: Int32Array): Part[] {
    const parts = new Map<number, Part>();
    indices.forEach((index, slot) => {
      const dataset = this.#find(index);
      const part = parts.get(dataset) ?? { dataset, slots: [], rows: [] };
      parts.set(dataset, part);
      part.slots.push(slot);
      part.rows.push(index - this.#start(dataset));
    });
    return [...parts.values()];
  }
}

/** The context of some samples of a batch: each keeps its seed. */
function partContext(context: BatchContext, slots: readonly number[]): BatchContext {
  const { indices } = context;
  return {
    ...context,
    indices: Int32Array.from(slots, (slot) => indices[slot]!),
    slots: Int32Array.from(slots, (slot) => context.slots?.[slot] ?? slot),
  };
}

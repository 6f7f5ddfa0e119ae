// `GroupedDataset`: several data sets as one, whose batches are lists with a group for each data set.

import type { BatchContext, SampleContext } from '../../data/context.ts';
import { sampleContext } from '../../data/context.ts';
import { checkIndex, expectDataset } from '../../data/datasets/dataset.ts';
import { type Collated, type Dataset, defaultCollate } from '../../data/index.ts';

/** Samples of one data set, collated, with its number. */
export type Group<C> = C & { readonly datasetIdx: number };

/** One of the data sets, as samplers look at them. */
export interface GroupedPart<S> {
  readonly name: string;
  readonly datasetIdx: number;
  readonly length: number;
  readonly dataset: Dataset<S>;
}

/**
 * Several data sets one behind the other, whose samples have shapes of their own. A batch is a list: for each data set, in the order in which they first come up, its
 * samples collated and its number, `{ ...batch, datasetIdx }`. A data set with `getBatch` is gathered; of others samples are collated by type, or by `collate`.
 * `datasets` and `name2idx` are what the samplers of `sconce/data` ask for.
 * @throws {RangeError} for no data sets.  Source: VisionCore, Tag and group_collate.
 * @example
 * import { TensorDataset } from 'sconce/data';
 * import { GroupedDataset } from 'sconce/multidataset';
 * const dataset = new GroupedDataset({ a: new TensorDataset({ robs: ones([3, 2]) }), b: new TensorDataset({ robs: ones([4, 5]) }) });
 * const context = { seed: 0, epoch: 0, position: 0, indices: Int32Array.of(3, 0, 6) };
 * const groups = await dataset.getBatch(context.indices, context);
 * groups.map(({ robs, datasetIdx }) => [datasetIdx, robs.shape]); // [[1, [2, 5]], [0, [1, 2]]]
 */
export class GroupedDataset<S extends object, C extends object = Collated<S> & object> implements Dataset<S> {
  readonly name: string;
  readonly length: number;
  readonly datasets: readonly GroupedPart<S>[];
  readonly name2idx: Readonly<Record<string, number>>;
  readonly #collate: (samples: S[], context: BatchContext) => C;
  readonly #hasCollate: boolean;
  /** The first sample of each data set, and the end. */
  readonly #starts: readonly number[];

  constructor(
    datasets: Readonly<Record<string, Dataset<S>>>,
    options: { readonly collate?: (samples: S[], context: BatchContext) => C } = {},
  ) {
    const names = Object.keys(datasets);
    if (names.length === 0)
      throw new RangeError('Cannot make a GroupedDataset: expected at least one data set, got none');
    for (const dataset of Object.values(datasets)) expectDataset(dataset, 'make a GroupedDataset');
    const { collate } = options;
    this.datasets = names.map((name, datasetIdx) => {
      const dataset = datasets[name]!;
      return { name, datasetIdx, length: dataset.length, dataset };
    });
    this.name2idx = Object.fromEntries(names.map((name, datasetIdx) => [name, datasetIdx]));
    const starts = [0];
    for (const { length } of this.datasets) starts.push(starts.at(-1)! + length);
    this.#starts = starts;
    this.length = starts.at(-1)!;
    this.name = `GroupedDataset of ${names.join(', ')}`;
    this.#hasCollate = collate !== undefined;
    this.#collate = collate ?? ((samples, context) => defaultCollate(samples, context) as unknown as C); // C is that by default
  }

  get(index: number, context: SampleContext): S | Promise<S> {
    checkIndex(this, index, 'get a sample');
    const part = this.#find(index);
    return this.datasets[part]!.dataset.get(index - this.#starts[part]!, context);
  }

  /** The groups of a batch. */
  getBatch(indices: Int32Array, context: BatchContext): Collated<S> & (Group<C>[] | Promise<Group<C>[]>) {
    const slots = new Map<number, number[]>();
    for (let slot = 0; slot < indices.length; slot++) {
      const part = this.#find(indices[slot]!);
      const own = slots.get(part);
      if (own) own.push(slot);
      else slots.set(part, [slot]);
    }
    const groups = [...slots].map(([part, own]) => this.#group(part, indices, own, context));
    const all = groups.some((group) => group instanceof Promise) ? Promise.all(groups) : groups;
    return all as Collated<S> & (Group<C>[] | Promise<Group<C>[]>); // a list in the place of one collated batch
  }

  #group(
    part: number,
    indices: Int32Array,
    slots: readonly number[],
    context: BatchContext,
  ): Group<C> | Promise<Group<C>> {
    const { dataset, datasetIdx } = this.datasets[part]!;
    const rows = Int32Array.from(slots, (slot) => indices[slot]! - this.#starts[part]!);
    const own: BatchContext = {
      ...context,
      indices: Int32Array.from(slots, (slot) => context.indices[slot]!),
      slots: Int32Array.from(slots, (slot) => context.slots?.[slot] ?? slot),
    };
    const tag = (batch: C): Group<C> => ({ ...batch, datasetIdx });
    if (dataset.getBatch && !this.#hasCollate) {
      const batch = dataset.getBatch(rows, own) as C | Promise<C>; // without a collate, C is what it gives
      return batch instanceof Promise ? batch.then(tag) : tag(batch);
    }
    const samples = Array.from(rows, (row, at) => dataset.get(row, sampleContext(own, at)));
    const collate = (all: S[]): Group<C> => tag(this.#collate(all, own));
    return samples.some((sample) => sample instanceof Promise)
      ? Promise.all(samples).then(collate)
      : collate(samples as S[]);
  }

  /** The data set that has a sample. */
  #find(index: number): number {
    let [low, high] = [0, this.datasets.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

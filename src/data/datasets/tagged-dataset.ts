// `TaggedDataset`: samples that say which dataset they come from.
import { full } from '../../tensor/index.ts';
import type { Collated } from '../collate/collate.ts';
import type { BatchContext, SampleContext } from '../context.ts';
import { noteWrapper } from '../workers/origin.ts';
import { type Dataset, datasetName } from './dataset.ts';

/** A sample with the number of its dataset. */
export type Tagged<S> = S & { readonly datasetIdx: number };

/**
 * The samples of another dataset with one entry more: `datasetIdx`. What they are made of is passed on, not copied. Gathers batches where the other does; a
 * batch's `datasetIdx` is then a float32 tensor, as of collated numbers. For `groupCollate`, and for the samplers that ask where samples come from.
 * Source: VisionCore, Tag.
 * @example
 * import { ArrayDataset, ConcatDataset, TaggedDataset } from 'sconce/data';
 * const dataset = new ConcatDataset([
 *   new TaggedDataset(new ArrayDataset([{ rate: 3 }]), 0),
 *   new TaggedDataset(new ArrayDataset([{ rate: 5 }]), 1),
 * ]);
 * dataset.get(1, { seed: 0, epoch: 0 }); // { rate: 5, datasetIdx: 1 }
 */
export class TaggedDataset<S extends object> implements Dataset<Tagged<S>> {
  readonly name: string;
  readonly length: number;
  readonly datasetIdx: number;
  /** The dataset without tags. */
  readonly base: Dataset<S>;
  readonly getBatch: Dataset<Tagged<S>>['getBatch'];

  /** @throws {RangeError} for a number that is no integer from 0 on. */
  constructor(base: Dataset<S>, datasetIdx: number) {
    if (!Number.isSafeInteger(datasetIdx) || datasetIdx < 0) {
      throw new RangeError(
        `Cannot make a TaggedDataset: expected a datasetIdx that is an integer from 0 on, got ${datasetIdx}`,
      );
    }
    this.name = `TaggedDataset of ${datasetName(base)}`;
    this.length = base.length;
    this.datasetIdx = datasetIdx;
    this.base = base;
    noteWrapper(this, 'TaggedDataset', { inner: [base], rest: datasetIdx });
    if (base.getBatch) this.getBatch = (indices, context) => this.#gather(indices, context);
  }

  get(index: number, context: SampleContext): Tagged<S> | Promise<Tagged<S>> {
    const { datasetIdx } = this;
    const sample = this.base.get(index, context);
    return sample instanceof Promise ? sample.then((one) => ({ ...one, datasetIdx })) : { ...sample, datasetIdx };
  }

  #gather(indices: Int32Array, context: BatchContext): Collated<Tagged<S>> | Promise<Collated<Tagged<S>>> {
    const tag = (batch: Collated<S>): Collated<Tagged<S>> => {
      const tagged: object = { ...(batch as object), datasetIdx: full([indices.length], this.datasetIdx) };
      return tagged as Collated<Tagged<S>>; // one entry more, collated as numbers are
    };
    const batch = this.base.getBatch!(indices, context);
    return batch instanceof Promise ? batch.then(tag) : tag(batch);
  }
}

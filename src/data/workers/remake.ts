// Makes a dataset again from its origin, in a worker thread.
import type { Collate } from '../collate/collate.ts';
import { ConcatDataset } from '../datasets/concat-dataset.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { Float32View, type Float32ViewOptions, type RecordingSample } from '../datasets/float32-view.ts';
import type { IterableDataset } from '../datasets/iterable.ts';
import { ShuffleBuffer, type ShuffleBufferOptions } from '../datasets/shuffle-buffer.ts';
import { Subset } from '../datasets/subset.ts';
import { TaggedDataset } from '../datasets/tagged-dataset.ts';
import { type AnyDataset, makeFromModule } from './dataset-module.ts';
import type { DatasetOrigin, WrapperOrigin } from './origin.ts';
import { unpack } from './packed.ts';

/** What is remade: the dataset, and the collate that its module exports. */
export interface Remade {
  readonly dataset: AnyDataset;
  readonly collate: Collate<unknown, unknown> | undefined;
}

/** How each wrapper is put around datasets again. The casts say what the constructor noted (`noteWrapper`). */
const WRAPPERS: Readonly<
  Record<WrapperOrigin['wrapper'], (inner: readonly AnyDataset[], rest: unknown) => AnyDataset>
> = {
  ConcatDataset: (datasets) => new ConcatDataset(datasets as readonly Dataset<unknown>[]),
  Float32View: ([dataset], rest) => new Float32View(dataset as Dataset<RecordingSample>, rest as Float32ViewOptions),
  ShuffleBuffer: ([dataset], rest) =>
    new ShuffleBuffer(dataset as IterableDataset<unknown>, rest as ShuffleBufferOptions),
  Subset: ([dataset], rest) => new Subset(dataset as Dataset<unknown>, rest as Int32Array),
  TaggedDataset: ([dataset], rest) => new TaggedDataset(dataset as Dataset<object>, rest as number),
};

/** Makes what is wrapped in several places once.
 *  @throws {TypeError} as `makeFromModule`. */
export function remake(origin: DatasetOrigin, made = new Map<DatasetOrigin, Promise<Remade>>()): Promise<Remade> {
  const known = made.get(origin);
  if (known) return known;
  const remade =
    origin.kind === 'module' ? makeFromModule(origin, unpack(origin.options)) : remakeWrapper(origin, made);
  made.set(origin, remade);
  return remade;
}

async function remakeWrapper(origin: WrapperOrigin, made: Map<DatasetOrigin, Promise<Remade>>): Promise<Remade> {
  const inner = await Promise.all(origin.inner.map((one) => remake(one, made)));
  const dataset = WRAPPERS[origin.wrapper](
    inner.map((one) => one.dataset),
    origin.rest,
  );
  return { dataset, collate: inner[0]!.collate };
}

// Where a dataset came from, as plain data: a worker thread makes it again from that.
import type { Collate } from '../collate/collate.ts';
import type { Packed } from './packed.ts';

/** A module whose export makes the dataset. */
export interface ModuleOrigin {
  readonly kind: 'module';
  /** What is imported; of a TypeScript module its bundle. */
  readonly url: string;
  /** What messages call the module. */
  readonly source: string;
  readonly exportName: string;
  readonly options: Packed;
}

/** A dataset of this package around others. */
export interface WrapperOrigin {
  readonly kind: 'wrapper';
  /** A key of the table in `remake.ts`. */
  readonly wrapper: 'ConcatDataset' | 'Float32View' | 'ShuffleBuffer' | 'Subset' | 'TaggedDataset';
  readonly inner: readonly DatasetOrigin[];
  /** What its constructor takes beside the inner datasets. */
  readonly rest: unknown;
}

/** Can be posted to a worker. */
export type DatasetOrigin = ModuleOrigin | WrapperOrigin;

/** A module's own collate, which its datasets are collated with wherever that happens. */
type AnyCollate = Collate<unknown, unknown>;

interface Note {
  readonly origin: DatasetOrigin;
  readonly collate: AnyCollate | undefined;
}

const notes = new WeakMap<object, Note>();

/** Notes that `dataset` came out of a module. */
export function noteModule(dataset: object, origin: ModuleOrigin, collate: AnyCollate | undefined): void {
  notes.set(dataset, { origin, collate });
}

/** Notes that `dataset` was made around `inner`, by the constructor `wrapper` with `rest` behind. Nothing is noted where one of them has no origin itself, or
 *  where they have different collates: such a dataset cannot be made in a worker. */
export function noteWrapper(
  dataset: object,
  wrapper: WrapperOrigin['wrapper'],
  { inner, rest }: { readonly inner: readonly object[]; readonly rest: unknown },
): void {
  const known = inner.map((one) => notes.get(one));
  const [first] = known;
  if (!first || !known.every((note) => note !== undefined && note.collate === first.collate)) return;
  const origins = known.map((note) => note!.origin);
  notes.set(dataset, { origin: { kind: 'wrapper', wrapper, inner: origins, rest }, collate: first.collate });
}

/** Undefined for a dataset that did not come out of a module. */
export function originOf(dataset: object): DatasetOrigin | undefined {
  return notes.get(dataset)?.origin;
}

/** The collate that the module of `dataset` exports, if it does. */
export function moduleCollate(dataset: object): AnyCollate | undefined {
  return notes.get(dataset)?.collate;
}

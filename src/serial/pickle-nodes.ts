// What a pickle is while it is read: nodes that may still change, until `settle` turns them into values.
import { unreadable } from './problems.ts';
import {
  itemBytes,
  type StoredDType,
  type StoredStorage,
  StoredTensor,
  type StoredTensorInit,
} from './stored-tensor.ts';
import { describe, isHashable } from './values.ts';

/** A dict of any kind. Whether it becomes a plain object or a Map is known only when its last key is. */
export class DictNode {
  readonly entries = new Map<unknown, unknown>();
  readonly isOrdered: boolean;

  constructor(isOrdered: boolean) {
    this.isOrdered = isOrdered;
  }

  set(key: unknown, value: unknown): void {
    this.entries.set(requireHashable(key), value);
  }
}

/** A NumPy array: made empty, filled by a later BUILD. */
export class NumpyArrayNode {
  tensor: StoredTensor | undefined;
}

/** A `numpy.dtype`. */
export class NumpyDTypeNode {
  readonly code: string;

  constructor(code: string) {
    this.code = code;
  }
}

/** What a call in a pickle may use of the reader. */
export interface CallContext {
  /** Counts bytes or items that a call makes out of nothing new: in all they may not exceed a few times the pickle's size. */
  spend(amount: number): void;
  /** A float as the caller wants floats: a number or a PyFloat. */
  float(value: number): unknown;
}

/** A Python class or function that a pickle may name. It is only ever called here, by a function of ours. */
export class GlobalNode {
  readonly name: string;
  readonly call: ((args: readonly unknown[], context: CallContext) => unknown) | undefined;

  constructor(name: string, call?: GlobalNode['call']) {
    this.name = name;
    this.call = call;
  }
}

/** A storage class, as in `torch.FloatStorage`; without a dtype that of plain bytes. */
export class StorageClassNode {
  readonly dtype: StoredDType | undefined;

  constructor(dtype: StoredDType | undefined) {
    this.dtype = dtype;
  }
}

/** Plain bytes seen as elements of a dtype, once for each dtype, so that tensors which share memory share the description too. */
const typed = new WeakMap<StoredStorage, Map<StoredDType, StorageNode>>();

/** Memory that the archive holds under a key. */
export class StorageNode {
  readonly storage: StoredStorage;

  constructor(storage: StoredStorage) {
    this.storage = storage;
  }

  /** The same memory with elements of a dtype. */
  as(dtype: StoredDType): StorageNode {
    const views = typed.get(this.storage) ?? new Map<StoredDType, StorageNode>();
    typed.set(this.storage, views);
    const { bytes } = this.storage;
    const isAligned = bytes.byteOffset % itemBytes(dtype) === 0;
    const view = views.get(dtype) ?? new StorageNode({ dtype, bytes: isAligned ? bytes : bytes.slice() });
    views.set(dtype, view);
    return view;
  }
}

/** Stands for a class or function that is not allowed, and for all that would come of it, so that reading can go on and name the others too. */
export class UnknownNode {}

export function requireHashable(key: unknown): unknown {
  if (isHashable(key) || key instanceof UnknownNode) return key;
  throw unreadable(`expected a dict key or set member that Python can hash, got ${describe(key)}`);
}

/** A tensor as the pickle describes it; a layout that cannot be is the file's fault. */
export function makeTensor(init: StoredTensorInit): StoredTensor {
  try {
    return new StoredTensor(init);
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(error.message.replace(/^Cannot [^:]*: /, ''), { cause: error });
    throw error;
  }
}

// What a pickle is while it is read: nodes that may still change, until `settle` turns them into values.
import { unreadable } from './problems.ts';
import {
  itemBytes,
  type StoredDType,
  type StoredStorage,
  StoredTensor,
  type StoredTensorInit,
} from './stored-tensor.ts';
import { describe, isHashable, PyGlobal, type PythonDict } from './values.ts';

/** A dict of any kind. Whether it becomes a plain object or a Map is known only when its last key is. */
export class DictNode {
  readonly entries = new Map<unknown, unknown>();
  /** Undefined for a plain dict. */
  readonly kind: PythonDict | undefined;
  /** Attributes that an OrderedDict was given. */
  attributes: DictNode | undefined;

  constructor(kind?: PythonDict) {
    this.kind = kind;
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
  isBigEndian = false;

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
  /** Whether what JavaScript has no type for is given in a class of its own. */
  readonly keepsTypes: boolean;
}

/** A Python class or function that a pickle may name. It is only ever called here, by a function of ours. */
export class GlobalNode {
  /** With its module, as in "collections.OrderedDict". */
  readonly name: string;
  readonly call: ((args: readonly unknown[], context: CallContext) => unknown) | undefined;

  constructor(name: string, call?: GlobalNode['call']) {
    this.name = name;
    this.call = call;
  }

  /** What stands for the class where it is a value itself. */
  get value(): PyGlobal {
    const dot = this.name.lastIndexOf('.');
    return new PyGlobal(this.name.slice(0, dot), this.name.slice(dot + 1));
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

/** Memory that the file holds under a key. */
export class StorageNode {
  readonly storage: StoredStorage;
  /** Where it begins in the storage, in elements: files from before PyTorch 0.4 have storages inside others. */
  readonly offset: number;

  constructor(storage: StoredStorage, offset = 0) {
    this.storage = storage;
    this.offset = offset;
  }

  /** The same memory with elements of a dtype. */
  as(dtype: StoredDType): StorageNode {
    const views = typed.get(this.storage) ?? new Map<StoredDType, StorageNode>();
    typed.set(this.storage, views);
    const view = views.get(dtype) ?? new StorageNode(retyped(this.storage, dtype));
    views.set(dtype, view);
    return view;
  }
}

/** The dtypes that tensors see in plain bytes. */
export function typedViews(storage: StoredStorage): readonly StoredDType[] {
  return [...(typed.get(storage)?.keys() ?? [])];
}

function retyped(storage: StoredStorage, dtype: StoredDType): StoredStorage {
  if (storage.numBytes !== undefined) return { ...storage, dtype };
  const { bytes } = storage;
  return { dtype, bytes: bytes.byteOffset % itemBytes(dtype) === 0 ? bytes : bytes.slice() };
}

export function requireHashable(key: unknown): unknown {
  if (isHashable(key) || key instanceof GlobalNode) return key;
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

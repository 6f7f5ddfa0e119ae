// Tensors as files hold them: bytes, dtype and layout, without an engine.

/** What a file knows of a dtype: the size of an element and the name of PyTorch's storage class. The later dtypes have none: files hold their memory
 *  as bytes and name the dtype beside each tensor. */
const dtypes = {
  float32: { itemBytes: 4, storageClass: 'FloatStorage' },
  float64: { itemBytes: 8, storageClass: 'DoubleStorage' },
  float16: { itemBytes: 2, storageClass: 'HalfStorage' },
  bfloat16: { itemBytes: 2, storageClass: 'BFloat16Storage' },
  int64: { itemBytes: 8, storageClass: 'LongStorage' },
  int32: { itemBytes: 4, storageClass: 'IntStorage' },
  int16: { itemBytes: 2, storageClass: 'ShortStorage' },
  int8: { itemBytes: 1, storageClass: 'CharStorage' },
  uint8: { itemBytes: 1, storageClass: 'ByteStorage' },
  bool: { itemBytes: 1, storageClass: 'BoolStorage' },
  complex64: { itemBytes: 8, storageClass: 'ComplexFloatStorage' },
  complex128: { itemBytes: 16, storageClass: 'ComplexDoubleStorage' },
  complex32: { itemBytes: 4, storageClass: undefined },
  uint16: { itemBytes: 2, storageClass: undefined },
  uint32: { itemBytes: 4, storageClass: undefined },
  uint64: { itemBytes: 8, storageClass: undefined },
  float8_e4m3fn: { itemBytes: 1, storageClass: undefined },
  float8_e5m2: { itemBytes: 1, storageClass: undefined },
  float8_e4m3fnuz: { itemBytes: 1, storageClass: undefined },
  float8_e5m2fnuz: { itemBytes: 1, storageClass: undefined },
  float8_e8m0fnu: { itemBytes: 1, storageClass: undefined },
} as const;

/** The dtypes that a checkpoint can hold, by PyTorch's names. */
export type StoredDType = keyof typeof dtypes;

export const storedDTypes = Object.keys(dtypes) as readonly StoredDType[];

/** Bytes of one element. */
export function itemBytes(dtype: StoredDType): number {
  return dtypes[dtype].itemBytes;
}

/** PyTorch's storage class, as in `FloatStorage`; undefined where files hold plain bytes. */
export function storageClass(dtype: StoredDType): string | undefined {
  return dtypes[dtype].storageClass;
}

/** Memory that one or more tensors look into. Two tensors share memory when they hold the same `StoredStorage` object. */
export interface StoredStorage {
  readonly dtype: StoredDType;
  /** Little-endian elements, one after the other. What is read from a file may be a view into the file's bytes, which it keeps alive. */
  readonly bytes: Uint8Array;
  /** Where `bytes` are not at hand, their number. */
  readonly numBytes?: number | undefined;
}

/** Bytes of a storage, whether they are at hand or not. */
export function storageBytes(storage: StoredStorage): number {
  return storage.numBytes ?? storage.bytes.length;
}

export interface StoredTensorInit {
  readonly storage: StoredStorage;
  readonly shape: readonly number[];
  /** In elements. Default: contiguous, the last dimension fastest. */
  readonly stride?: readonly number[] | undefined;
  /** In elements. Default: 0. */
  readonly storageOffset?: number | undefined;
  readonly requiresGrad?: boolean | undefined;
  /** True where Python holds a `torch.nn.Parameter`. */
  readonly isParameter?: boolean | undefined;
  /** True where the elements mean their conjugates. */
  readonly isConjugated?: boolean | undefined;
  /** True where the elements mean their negatives. */
  readonly isNegated?: boolean | undefined;
}

/** A view of a storage with a shape, strides and an offset, all counted in elements.
 *  @throws {RangeError} if the layout reaches outside the storage, or the storage does not hold whole elements.
 */
export class StoredTensor {
  readonly storage: StoredStorage;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly storageOffset: number;
  readonly requiresGrad: boolean;
  readonly isParameter: boolean;
  readonly isConjugated: boolean;
  readonly isNegated: boolean;

  constructor(init: StoredTensorInit) {
    this.storage = init.storage;
    this.shape = [...init.shape];
    this.stride = init.stride === undefined ? contiguousStride(init.shape) : [...init.stride];
    this.storageOffset = init.storageOffset ?? 0;
    this.requiresGrad = init.requiresGrad ?? false;
    this.isParameter = init.isParameter ?? false;
    this.isConjugated = init.isConjugated ?? false;
    this.isNegated = init.isNegated ?? false;
    const problem = layoutProblem(this);
    if (problem !== undefined) throw new RangeError(`Cannot describe a stored tensor: ${problem}`);
  }

  get dtype(): StoredDType {
    return this.storage.dtype;
  }

  /** Number of elements. */
  get numel(): number {
    return elementCount(this.shape);
  }
}

export type SparseLayout = 'sparse_coo' | 'sparse_csr' | 'sparse_csc' | 'sparse_bsr' | 'sparse_bsc';

/** A sparse tensor by its parts. Whether indices lie inside the shape is checked by who makes a tensor of it. */
export interface StoredSparseInit {
  readonly layout: SparseLayout;
  readonly shape: readonly number[];
  /** Of sparse_coo its indices; else the compressed ones and the plain ones. */
  readonly indices: readonly StoredTensor[];
  readonly values: StoredTensor;
  /** Of sparse_coo only. */
  readonly isCoalesced?: boolean | undefined;
}

/** A sparse tensor as files hold it: its indices and values are tensors of their own. */
export class StoredSparse {
  readonly layout: SparseLayout;
  readonly shape: readonly number[];
  readonly indices: readonly StoredTensor[];
  readonly values: StoredTensor;
  readonly isCoalesced: boolean | undefined;

  constructor(init: StoredSparseInit) {
    this.layout = init.layout;
    this.shape = [...init.shape];
    this.indices = [...init.indices];
    this.values = init.values;
    this.isCoalesced = init.isCoalesced;
  }
}

/** Strides, in elements, of a tensor without gaps; empty dimensions count as 1, as in PyTorch. */
export function contiguousStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    stride[dim] = step;
    step *= Math.max(shape[dim]!, 1);
  }
  return stride;
}

function elementCount(shape: readonly number[]): number {
  // An empty dimension decides first: the product of the others may overflow to infinity.
  return shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
}

/** What is wrong with a layout; undefined where nothing is. Sums and products that overflow only grow, and so are still out of bounds. */
function layoutProblem(tensor: StoredTensor): string | undefined {
  const { storage, shape, stride, storageOffset } = tensor;
  const isCount = (size: number): boolean => Number.isSafeInteger(size) && size >= 0;
  if (!shape.every(isCount)) return `expected a shape of sizes >= 0, got ${list(shape)}`;
  if (!stride.every(isCount)) return `expected strides >= 0, got ${list(stride)}`;
  if (stride.length !== shape.length) return `expected one stride a dimension of ${list(shape)}, got ${list(stride)}`;
  if (!isCount(storageOffset)) return `expected a storage offset >= 0, got ${storageOffset}`;
  const size = itemBytes(storage.dtype);
  const numBytes = storageBytes(storage);
  if (numBytes % size !== 0) {
    return `expected a ${storage.dtype} storage of whole ${size}-byte elements, got ${numBytes} bytes`;
  }
  const numel = elementCount(shape);
  if (!Number.isSafeInteger(numel)) return `expected fewer than 2^53 elements, got shape ${list(shape)}`;
  if (numel === 0) return undefined;
  const needed = shape.reduce((end, extent, dim) => end + (extent - 1) * stride[dim]!, storageOffset + 1);
  const held = numBytes / size;
  if (needed <= held) return undefined;
  return `expected a storage of at least ${needed} elements for shape ${list(shape)}, stride ${list(stride)}, offset ${storageOffset}, got ${held}`;
}

function list(numbers: readonly number[]): string {
  return numbers.length > 16
    ? `[${numbers.slice(0, 16).join(', ')}, … ${numbers.length} in all]`
    : `[${numbers.join(', ')}]`;
}

// Reads NumPy scalars and arrays out of pickles: scalars become plain values, arrays tensors.
import { swapBytes } from './byte-order.ts';
import { type CallContext, GlobalNode, makeTensor, NumpyArrayNode, NumpyDTypeNode } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import { contiguousStride, itemBytes, type StoredDType, type StoredTensor } from './stored-tensor.ts';
import { describe, PyComplex, PyScalar, PyTuple } from './values.ts';

/** NumPy's type codes, without the byte order. */
export const dtypeOfCode: ReadonlyMap<string, StoredDType> = new Map([
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
  ['i1', 'int8'],
  ['i2', 'int16'],
  ['i4', 'int32'],
  ['i8', 'int64'],
  ['u1', 'uint8'],
  ['u2', 'uint16'],
  ['u4', 'uint32'],
  ['u8', 'uint64'],
  ['b1', 'bool'],
  ['c8', 'complex64'],
  ['c16', 'complex128'],
]);

/** The functions of NumPy 1 (`numpy.core`) and NumPy 2 (`numpy._core`) that its pickles call. */
export const numpyGlobals: readonly GlobalNode[] = [
  new GlobalNode('numpy.dtype', ([code]) => new NumpyDTypeNode(requireString(code))),
  new GlobalNode('numpy.ndarray'),
  ...['numpy.core', 'numpy._core'].flatMap((core) => [
    new GlobalNode(`${core}.multiarray.scalar`, ([dtype, bytes], context) => scalar(dtype, bytes, context)),
    new GlobalNode(`${core}.multiarray._reconstruct`, () => new NumpyArrayNode()),
    new GlobalNode(`${core}.numeric._frombuffer`, fromBuffer),
  ]),
];

/** State of a dtype: `(version, byte order, …)`. Only the order matters for the types that we read. */
export function buildNumpyDType(node: NumpyDTypeNode, state: unknown): void {
  const order: unknown = state instanceof PyTuple ? state[1] : undefined;
  if (order !== '<' && order !== '|' && order !== '=' && order !== '>') {
    throw unreadable(
      `expected a NumPy dtype with its byte order, got ${typeof order === 'string' ? JSON.stringify(order) : describe(order)}`,
    );
  }
  node.isBigEndian = order === '>';
}

/** State of an array: `(version, shape, dtype, is Fortran order, bytes)`. */
export function buildNumpyArray(node: NumpyArrayNode, state: unknown): void {
  if (!(state instanceof PyTuple)) throw unreadable(`expected the state of a NumPy array, got ${describe(state)}`);
  const [, shape, dtype, isFortran, bytes] = state;
  node.tensor = arrayTensor(bytes, dtype, shape, isFortran === true);
}

/** `_frombuffer(bytes, dtype, shape, order)`, which protocol 5 uses. */
function fromBuffer([bytes, dtype, shape, order]: readonly unknown[]): NumpyArrayNode {
  const node = new NumpyArrayNode();
  node.tensor = arrayTensor(bytes, dtype, shape, order === 'F');
  return node;
}

function arrayTensor(bytes: unknown, dtypeNode: unknown, shape: unknown, isFortran: boolean): StoredTensor {
  const { dtype, isBigEndian } = requireDType(dtypeNode);
  if (!isShape(shape)) throw unreadable(`expected the shape of a NumPy array, got ${describe(shape)}`);
  if (!(bytes instanceof Uint8Array)) throw unreadable(`expected the bytes of a NumPy array, got ${describe(bytes)}`);
  const wanted = shape.reduce((product, size) => product * size, itemBytes(dtype));
  if (wanted !== bytes.length) {
    throw unreadable(`expected ${wanted} bytes for a NumPy array of shape [${shape.join(', ')}], got ${bytes.length}`);
  }
  const stride = isFortran ? contiguousStride(shape.toReversed()).reverse() : contiguousStride(shape);
  return makeTensor({ storage: { dtype, bytes: isBigEndian ? swapped(bytes, dtype) : bytes }, shape, stride });
}

/** The elements of a tensor one after the other, as an array has them: column by column where its memory is so. */
export function rowMajorBytes(tensor: StoredTensor): { bytes: Uint8Array; isFortran: boolean } {
  const { storage, shape, stride, storageOffset, numel } = tensor;
  const size = itemBytes(storage.dtype);
  const isLaidOut = (wanted: readonly number[]): boolean =>
    shape.every((extent, dim) => extent === 1 || stride[dim] === wanted[dim]);
  const isRowMajor = numel === 0 || isLaidOut(contiguousStride(shape));
  const isFortran = !isRowMajor && isLaidOut(contiguousStride(shape.toReversed()).reverse());
  const start = storageOffset * size;
  if (isRowMajor || isFortran) return { bytes: storage.bytes.subarray(start, start + numel * size), isFortran };
  const bytes = new Uint8Array(numel * size);
  const index = shape.map(() => 0);
  for (let element = 0; element < numel; element++) {
    const from = size * index.reduce((sum, at, dim) => sum + at * stride[dim]!, storageOffset);
    bytes.set(storage.bytes.subarray(from, from + size), element * size);
    for (let dim = shape.length - 1; dim >= 0 && ++index[dim]! === shape[dim]; dim--) index[dim] = 0;
  }
  return { bytes, isFortran: false };
}

function swapped(bytes: Uint8Array, dtype: StoredDType): Uint8Array {
  const copy = bytes.slice();
  swapBytes(copy, dtype);
  return copy;
}

function isShape(value: unknown): value is PyTuple<number> {
  return value instanceof PyTuple && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0);
}

function scalar(dtypeNode: unknown, bytes: unknown, context: CallContext): unknown {
  const { dtype, isBigEndian } = requireDType(dtypeNode);
  if (!(bytes instanceof Uint8Array) || bytes.length !== itemBytes(dtype)) {
    throw unreadable(`expected ${itemBytes(dtype)} bytes for a NumPy scalar, got ${describe(bytes)}`);
  }
  const little = isBigEndian ? swapped(bytes, dtype) : bytes;
  const value = scalarValue(new DataView(little.buffer, little.byteOffset, little.byteLength), dtype);
  if (context.keepsTypes) return new PyScalar(dtype, little.slice(), value);
  return typeof value === 'number' && dtype.startsWith('float') ? context.float(value) : value;
}

function scalarValue(view: DataView, dtype: StoredDType): boolean | number | bigint | PyComplex {
  switch (dtype) {
    case 'float64':
      return view.getFloat64(0, true);
    case 'float32':
      return view.getFloat32(0, true);
    case 'float16':
      return halfValue(view.getUint16(0, true));
    case 'complex64':
      return new PyComplex(view.getFloat32(0, true), view.getFloat32(4, true));
    case 'complex128':
      return new PyComplex(view.getFloat64(0, true), view.getFloat64(8, true));
    case 'int64':
      return narrowed(view.getBigInt64(0, true));
    case 'uint64':
      return narrowed(view.getBigUint64(0, true));
    case 'int32':
      return view.getInt32(0, true);
    case 'uint32':
      return view.getUint32(0, true);
    case 'int16':
      return view.getInt16(0, true);
    case 'uint16':
      return view.getUint16(0, true);
    case 'int8':
      return view.getInt8(0);
    case 'uint8':
      return view.getUint8(0);
    case 'bool':
      return view.getUint8(0) !== 0;
    default:
      throw unreadable(`expected a NumPy scalar of a type that NumPy has, got ${dtype}`);
  }
}

function narrowed(wide: bigint): number | bigint {
  return Number.isSafeInteger(Number(wide)) ? Number(wide) : wide;
}

/** The value of a float16's bits. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function requireDType(node: unknown): { dtype: StoredDType; isBigEndian: boolean } {
  const code = node instanceof NumpyDTypeNode ? node.code : undefined;
  const dtype = dtypeOfCode.get(code ?? '');
  if (dtype === undefined) throw unreadable(`expected a NumPy dtype that tensors have, got ${code ?? describe(node)}`);
  return { dtype, isBigEndian: node instanceof NumpyDTypeNode && node.isBigEndian };
}

function requireString(value: unknown): string {
  if (typeof value === 'string') return value;
  throw unreadable(`expected the code of a NumPy dtype, got ${describe(value)}`);
}

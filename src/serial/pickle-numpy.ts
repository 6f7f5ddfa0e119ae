// Reads NumPy scalars and arrays out of pickles: scalars become plain values, arrays tensors.
import { type CallContext, GlobalNode, makeTensor, NumpyArrayNode, NumpyDTypeNode } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import { contiguousStride, itemBytes, type StoredDType, type StoredTensor } from './stored-tensor.ts';
import { describe, PyTuple } from './values.ts';

/** NumPy's type codes, without the byte order. */
const dtypeOfCode: ReadonlyMap<string, StoredDType> = new Map([
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
export function buildNumpyDType(state: unknown): void {
  const order: unknown = state instanceof PyTuple ? state[1] : undefined;
  if (order !== '<' && order !== '|' && order !== '=') {
    throw unreadable(`expected a little-endian NumPy dtype, got byte order ${JSON.stringify(order)}`);
  }
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
  const dtype = requireDType(dtypeNode);
  if (!isShape(shape)) throw unreadable(`expected the shape of a NumPy array, got ${describe(shape)}`);
  if (!(bytes instanceof Uint8Array)) throw unreadable(`expected the bytes of a NumPy array, got ${describe(bytes)}`);
  const wanted = shape.reduce((product, size) => product * size, itemBytes(dtype));
  if (wanted !== bytes.length) {
    throw unreadable(`expected ${wanted} bytes for a NumPy array of shape [${shape.join(', ')}], got ${bytes.length}`);
  }
  const stride = isFortran ? contiguousStride(shape.toReversed()).reverse() : contiguousStride(shape);
  return makeTensor({ storage: { dtype, bytes }, shape, stride });
}

function isShape(value: unknown): value is PyTuple<number> {
  return value instanceof PyTuple && value.every((size) => Number.isSafeInteger(size) && Number(size) >= 0);
}

function scalar(dtypeNode: unknown, bytes: unknown, context: CallContext): unknown {
  const dtype = requireDType(dtypeNode);
  if (!(bytes instanceof Uint8Array) || bytes.length !== itemBytes(dtype)) {
    throw unreadable(`expected ${itemBytes(dtype)} bytes for a NumPy scalar, got ${describe(bytes)}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (dtype) {
    case 'float64':
      return context.float(view.getFloat64(0, true));
    case 'float32':
      return context.float(view.getFloat32(0, true));
    case 'int64': {
      const wide = view.getBigInt64(0, true);
      return Number.isSafeInteger(Number(wide)) ? Number(wide) : wide;
    }
    case 'int32':
      return view.getInt32(0, true);
    case 'int16':
      return view.getInt16(0, true);
    case 'int8':
      return view.getInt8(0);
    case 'uint8':
      return view.getUint8(0);
    case 'bool':
      return view.getUint8(0) !== 0;
    default:
      throw unreadable(`expected a NumPy scalar of a real type, got ${dtype}`);
  }
}

function requireDType(node: unknown): StoredDType {
  const code = node instanceof NumpyDTypeNode ? node.code : undefined;
  const dtype = dtypeOfCode.get(code ?? '');
  if (dtype === undefined) throw unreadable(`expected a NumPy dtype that tensors have, got ${code ?? describe(node)}`);
  return dtype;
}

function requireString(value: unknown): string {
  if (typeof value === 'string') return value;
  throw unreadable(`expected the code of a NumPy dtype, got ${describe(value)}`);
}

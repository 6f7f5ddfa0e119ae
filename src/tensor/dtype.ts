// The dtypes: PyTorch's names, libtorch's codes (held against its headers in native/dtype.h), sizes and typed arrays.

import { DTypeError } from '../errors.ts';

/** Name, code, bytes and kind of each dtype. The half precisions and the float8 kinds are floating. */
const DTYPES = {
  uint8: { code: 0, bytes: 1, kind: 'integer' },
  int8: { code: 1, bytes: 1, kind: 'integer' },
  int16: { code: 2, bytes: 2, kind: 'integer' },
  int32: { code: 3, bytes: 4, kind: 'integer' },
  int64: { code: 4, bytes: 8, kind: 'integer' },
  float16: { code: 5, bytes: 2, kind: 'floating' },
  float32: { code: 6, bytes: 4, kind: 'floating' },
  float64: { code: 7, bytes: 8, kind: 'floating' },
  complex32: { code: 8, bytes: 4, kind: 'complex' },
  complex64: { code: 9, bytes: 8, kind: 'complex' },
  complex128: { code: 10, bytes: 16, kind: 'complex' },
  bool: { code: 11, bytes: 1, kind: 'bool' },
  bfloat16: { code: 15, bytes: 2, kind: 'floating' },
  float8_e5m2: { code: 23, bytes: 1, kind: 'floating' },
  float8_e4m3fn: { code: 24, bytes: 1, kind: 'floating' },
  float8_e5m2fnuz: { code: 25, bytes: 1, kind: 'floating' },
  float8_e4m3fnuz: { code: 26, bytes: 1, kind: 'floating' },
  uint16: { code: 27, bytes: 2, kind: 'integer' },
  uint32: { code: 28, bytes: 4, kind: 'integer' },
  uint64: { code: 29, bytes: 8, kind: 'integer' },
  float8_e8m0fnu: { code: 44, bytes: 1, kind: 'floating' },
} as const;

/** A dtype, by PyTorch's name. */
export type DType = keyof typeof DTYPES;

/** The arrays whose elements are a dtype's bytes. */
export type TypedArray =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

const NAMES = new Map<number, DType>(Object.entries(DTYPES).map(([name, { code }]) => [code, name as DType]));

/** Every dtype's name. */
export const dtypes = Object.keys(DTYPES) as readonly DType[];

/** libtorch's code of a dtype.
 *  @throws {DTypeError} for a name that is none. */
export function dtypeCode(dtype: DType): number {
  const facts = Object.hasOwn(DTYPES, dtype) ? DTYPES[dtype] : undefined;
  if (!facts) throw new DTypeError(`Cannot use dtype ${JSON.stringify(dtype)}: expected one of ${dtypes.join(', ')}`);
  return facts.code;
}

/** The dtype of libtorch's code.
 *  @throws {DTypeError} for one that Sconce does not know (quantised dtypes). */
export function dtypeName(code: number): DType {
  const name = NAMES.get(code);
  if (!name) throw new DTypeError(`Cannot name dtype code ${code}: expected one of ${dtypes.join(', ')}`);
  return name;
}

/** Bytes of one element.
 *  @throws {DTypeError} for what is no dtype.
 *  @example
 *  dtypeBytes('bfloat16'); // 2 */
export function dtypeBytes(dtype: DType): number {
  dtypeCode(dtype);
  return DTYPES[dtype].bytes;
}

/** True for the floating dtypes, the half precisions and the float8 kinds included; false for integers, bool and complex numbers.
 *  @throws {DTypeError} for what is no dtype.
 *  @example
 *  isFloatingDType('float16'); // true */
export function isFloatingDType(dtype: DType): boolean {
  dtypeCode(dtype);
  return DTYPES[dtype].kind === 'floating';
}

/** True for complex128, complex64 and complex32.
 *  @throws {DTypeError} for what is no dtype.
 *  @example
 *  isComplexDType('complex64'); // true */
export function isComplexDType(dtype: DType): boolean {
  dtypeCode(dtype);
  return DTYPES[dtype].kind === 'complex';
}

/** True for the signed and unsigned integers; false for bool.
 *  @throws {DTypeError} for what is no dtype.
 *  @example
 *  isIntegerDType('bool'); // false */
export function isIntegerDType(dtype: DType): boolean {
  dtypeCode(dtype);
  return DTYPES[dtype].kind === 'integer';
}

const DTYPES_OF_ARRAYS: Readonly<Record<string, DType>> = {
  Float16Array: 'float16', // Node 24 and later
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  BigUint64Array: 'uint64',
};

/** The dtype whose elements a typed array holds; undefined for a DataView, which has none. A Buffer is a Uint8Array. */
export function dtypeOfArray(array: ArrayBufferView): DType | undefined {
  return DTYPES_OF_ARRAYS[(array as unknown as Record<symbol, string>)[Symbol.toStringTag]!];
}

/** A typed array over `buffer` whose elements are the dtype's; floats of less than 32 bits come as their bits, complex numbers as pairs. */
export function typedArray(dtype: DType, buffer: ArrayBufferLike): TypedArray {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return new Float32Array(buffer);
    case 'float64':
    case 'complex128':
      return new Float64Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'uint64':
      return new BigUint64Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'uint16':
    case 'float16':
    case 'bfloat16':
    case 'complex32':
      return new Uint16Array(buffer);
    default: // uint8, bool and the float8 kinds
      return new Uint8Array(buffer);
  }
}

// The dtypes: PyTorch's names, libtorch's codes (held against its headers in native/dtype.h), sizes and typed arrays.

import { DTypeError } from '../errors.ts';

/** Name, code and bytes of each dtype. `isFloating` includes the half precisions and not the complex ones. */
const DTYPES = {
  uint8: { code: 0, bytes: 1, isFloating: false },
  int8: { code: 1, bytes: 1, isFloating: false },
  int16: { code: 2, bytes: 2, isFloating: false },
  int32: { code: 3, bytes: 4, isFloating: false },
  int64: { code: 4, bytes: 8, isFloating: false },
  float16: { code: 5, bytes: 2, isFloating: true },
  float32: { code: 6, bytes: 4, isFloating: true },
  float64: { code: 7, bytes: 8, isFloating: true },
  complex64: { code: 9, bytes: 8, isFloating: false },
  complex128: { code: 10, bytes: 16, isFloating: false },
  bool: { code: 11, bytes: 1, isFloating: false },
  bfloat16: { code: 15, bytes: 2, isFloating: true },
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
  | Float32Array
  | Float64Array
  | BigInt64Array;

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
 *  @throws {DTypeError} for one that Sconce does not know (quantised and float8 dtypes). */
export function dtypeName(code: number): DType {
  const name = NAMES.get(code);
  if (!name) throw new DTypeError(`Cannot name dtype code ${code}: expected one of ${dtypes.join(', ')}`);
  return name;
}

/** Bytes of one element. */
export function dtypeBytes(dtype: DType): number {
  dtypeCode(dtype);
  return DTYPES[dtype].bytes;
}

/** True for float64, float32, float16 and bfloat16. */
export function isFloatingDType(dtype: DType): boolean {
  dtypeCode(dtype);
  return DTYPES[dtype].isFloating;
}

/** The dtype whose elements a typed array holds, or undefined. `Uint16Array` has none: it is how the half precisions' bits are seen. */
export function dtypeOfArray(array: ArrayBufferView): DType | undefined {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof Int32Array) return 'int32';
  if (array instanceof BigInt64Array) return 'int64';
  if (array instanceof Uint8Array || array instanceof Uint8ClampedArray) return 'uint8';
  if (array instanceof Int8Array) return 'int8';
  if (array instanceof Int16Array) return 'int16';
  return undefined;
}

/** A typed array over `buffer` whose elements are the dtype's; the half precisions come as their bits, complex numbers as pairs. */
export function typedArray(dtype: DType, buffer: ArrayBuffer): TypedArray {
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
    case 'float16':
    case 'bfloat16':
      return new Uint16Array(buffer);
    case 'uint8':
    case 'bool':
      return new Uint8Array(buffer);
  }
}

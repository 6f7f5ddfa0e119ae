// Elements out of a tensor: one, all as nested arrays, all as a typed array.

import { DTypeError, ShapeError } from '../errors.ts';
import * as aten from './aten.generated.ts';
import { getNative, h } from './call.ts';
import { type DType, isComplexDType, isIntegerDType, type TypedArray, typedArray } from './dtype.ts';
import type { Tensor } from './tensor.ts';

/** A complex number as `item({ complex: true })` and `toArray()` give it and `tensor()` takes it. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** Nested arrays of what a tensor holds; a tensor without dimensions gives the value itself. */
export type NestedArray = number | boolean | bigint | Complex | NestedArray[];

/** The dtypes whose elements no typed array holds, and the one that holds their values. */
const WIDER: Partial<Record<DType, DType>> = {
  float16: 'float32',
  bfloat16: 'float32',
  float8_e4m3fn: 'float32',
  float8_e5m2: 'float32',
  float8_e4m3fnuz: 'float32',
  float8_e5m2fnuz: 'float32',
  float8_e8m0fnu: 'float32',
  complex32: 'complex64',
};

/** See `Tensor.toTypedArray`. */
export function readTypedArray(tensor: Tensor): TypedArray {
  const { dtype } = tensor;
  const wider = WIDER[dtype];
  if (wider === undefined) return typedArray(dtype, getNative().readBytes(h(tensor)));
  const wide = aten.to$dtype_layout(tensor, wider);
  const elements = typedArray(wider, getNative().readBytes(h(wide)));
  wide.dispose();
  return elements;
}

/** The only element of a complex tensor.
 *  @throws {DTypeError} for one that is not complex.  @throws {ShapeError} for more than one element. */
export function readComplex(tensor: Tensor): Complex {
  const { dtype, shape } = tensor;
  if (!isComplexDType(dtype))
    throw new DTypeError(`Cannot read item as complex: expected a complex tensor, got ${dtype}`);
  if (tensor.numel !== 1)
    throw new ShapeError(
      `Cannot read item: expected a tensor of one element, got shape [${shape.join(', ')}]; use toArray()`,
    );
  const [re, im] = readTypedArray(tensor) as Float64Array;
  return { re: re!, im: im! };
}

/** See `Tensor.toArray`. */
export function readArray(tensor: Tensor, isBigInt: boolean): NestedArray {
  const { dtype, shape } = tensor;
  if (isBigInt && !isIntegerDType(dtype))
    throw new DTypeError(`Cannot read an array of bigints: expected an integer tensor, got ${dtype}`);
  const flat = readTypedArray(tensor);
  const row = rowReader(dtype, flat, isBigInt);
  if (shape.length === 0) return row(0, 1)[0]!;
  const last = shape.length - 1;
  const size = shape[last]!;
  let position = 0;
  const nest = (dim: number): NestedArray[] => {
    if (dim < last) return Array.from({ length: shape[dim]! }, () => nest(dim + 1));
    position += size;
    return row(position - size, position);
  };
  return nest(0);
}

/** Gives the elements from one position up to another as the values that users see. */
function rowReader(dtype: DType, flat: TypedArray, isBigInt: boolean): (start: number, end: number) => NestedArray[] {
  if (isComplexDType(dtype)) {
    const pairs = flat as Float64Array;
    return (start, end) =>
      Array.from({ length: end - start }, (_, i) => ({ re: pairs[2 * (start + i)]!, im: pairs[2 * (start + i) + 1]! }));
  }
  if (dtype === 'bool')
    return (start, end) => Array.from((flat as Uint8Array).subarray(start, end), (value) => value !== 0);
  if (flat instanceof BigInt64Array || flat instanceof BigUint64Array) {
    return (start, end) =>
      Array.from<bigint, bigint | number>(flat.subarray(start, end), isBigInt ? (value) => value : toNumber);
  }
  return (start, end) =>
    Array.from<number, bigint | number>(flat.subarray(start, end), isBigInt ? BigInt : (value) => value);
}

function toNumber(value: bigint): number {
  if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) {
    throw new RangeError(
      `Cannot read ${value} as a number: expected an integer within 2^53; toArray({ bigint: true }) and toTypedArray() give bigints`,
    );
  }
  return Number(value);
}

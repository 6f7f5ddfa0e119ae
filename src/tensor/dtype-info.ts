// What the dtypes can hold, and what comes of two of them: `finfo`, `iinfo`, `promoteTypes`, `resultType`.

import { DTypeError } from '../errors.ts';
import type { Scalar } from './arguments.ts';
import * as aten from './aten.generated.ts';
import { type DType, dtypeBytes, dtypeName, isIntegerDType } from './dtype.ts';
import { Tensor } from './tensor.ts';

/** Limits of a floating dtype. Source: torch.finfo. */
export interface FloatInfo {
  readonly dtype: DType;
  readonly bits: number;
  /** The smallest `e` with `1 + e` another number than 1. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  /** The smallest positive number that keeps all digits. */
  readonly smallestNormal: number;
  /** About how many decimal digits are good, as in 1e-6. */
  readonly resolution: number;
}

/** Limits of an integer dtype; bigints where they do not fit a number. Source: torch.iinfo. */
export interface IntegerInfo<T extends number | bigint = number | bigint> {
  readonly dtype: DType;
  readonly bits: number;
  readonly max: T;
  readonly min: T;
}

const FLOATS: Partial<Record<DType, readonly [eps: number, max: number, smallestNormal: number, resolution: number]>> =
  {
    float16: [2 ** -10, 65504, 2 ** -14, 1e-3],
    bfloat16: [2 ** -7, (2 - 2 ** -7) * 2 ** 127, 2 ** -126, 1e-2],
    float32: [2 ** -23, (2 - 2 ** -23) * 2 ** 127, 2 ** -126, 1e-6],
    float64: [2 ** -52, Number.MAX_VALUE, 2 ** -1022, 1e-15],
    float8_e4m3fn: [2 ** -3, 448, 2 ** -6, 1],
    float8_e5m2: [2 ** -2, 57344, 2 ** -14, 1],
    float8_e4m3fnuz: [2 ** -3, 240, 2 ** -7, 1],
    float8_e5m2fnuz: [2 ** -3, 57344, 2 ** -15, 1],
    float8_e8m0fnu: [1, 2 ** 127, 2 ** -127, 1],
  };

const REAL_OF: Partial<Record<DType, DType>> = { complex32: 'float16', complex64: 'float32', complex128: 'float64' };

/** The limits of a floating dtype; of a complex one those of its parts. Source: torch.finfo.
 *  @throws {DTypeError} for integers and bool.
 *  @example
 *  finfo('bfloat16').eps; // 0.0078125 */
export function finfo(dtype: DType): FloatInfo {
  const real = REAL_OF[dtype] ?? dtype;
  const bits = 8 * dtypeBytes(real);
  const limits = FLOATS[real];
  if (!limits) throw new DTypeError(`Cannot give finfo: expected a floating or complex dtype, got ${dtype}; use iinfo`);
  const [eps, max, smallestNormal, resolution] = limits;
  const min = real === 'float8_e8m0fnu' ? smallestNormal : -max; // it holds powers of two, none of them negative
  return { dtype: real, bits, eps, max, min, smallestNormal, resolution };
}

/** The limits of an integer dtype. Source: torch.iinfo.
 *  @throws {DTypeError} for all others.
 *  @example
 *  iinfo('int8').max; // 127
 *  iinfo('int64').max; // 9223372036854775807n */
export function iinfo(dtype: 'int64' | 'uint64'): IntegerInfo<bigint>;
export function iinfo(dtype: 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32'): IntegerInfo<number>;
export function iinfo(dtype: DType): IntegerInfo;
export function iinfo(dtype: DType): IntegerInfo {
  if (!isIntegerDType(dtype))
    throw new DTypeError(`Cannot give iinfo: expected an integer dtype, got ${dtype}; use finfo`);
  const bits = 8 * dtypeBytes(dtype);
  const isUnsigned = dtype.startsWith('u');
  const max = 2n ** BigInt(isUnsigned ? bits : bits - 1) - 1n;
  const min = isUnsigned ? 0n : -max - 1n;
  return bits === 64 ? { dtype, bits, max, min } : { dtype, bits, max: Number(max), min: Number(min) };
}

/** The smallest dtype that both can be turned into without loss of kind. Source: torch.promote_types.
 *  @throws {NativeError} for dtypes that libtorch does not promote, as float8 and most of the unsigned ones.
 *  @example
 *  promoteTypes('int64', 'float16'); // 'float16' */
export function promoteTypes(a: DType, b: DType): DType {
  return dtypeName(aten.promote_types(a, b));
}

/** The dtype of an arithmetic result of two operands, numbers among them. Source: torch.result_type.
 *  @example
 *  resultType(tensor([1n]), 0.5); // 'float32' */
export function resultType(a: Tensor | Scalar, b: Tensor | Scalar): DType {
  if (a instanceof Tensor)
    return dtypeName(b instanceof Tensor ? aten.result_type$Tensor(a, b) : aten.result_type$Scalar(a, b));
  if (b instanceof Tensor) return dtypeName(aten.result_type$Scalar_Tensor(a, b));
  return dtypeName(aten.result_type$Scalar_Scalar(a, b));
}

// A number in the place of a tensor, as in `sub(1, x)`: PyTorch gives it the dtype that leaves the other operand's alone.

import type { Scalar } from './arguments.ts';
import { scalar_tensor } from './aten.generated.ts';
import { type DType, isFloatingDType } from './dtype.ts';
import type { Tensor } from './tensor.ts';

/** The number as a tensor without dimensions.
 *  @param like - the other operand; the result's dtype is what PyTorch promotes a number and this tensor to. */
export function wrapNumber(value: Scalar, like: Tensor): Tensor {
  return scalar_tensor(value, wrappedDType(value, like.dtype, like.ndim));
}

/** The dtype of a number beside a tensor. A tensor without dimensions does not widen one that has some, so there the number keeps all its digits. */
export function wrappedDType(value: Scalar, dtype: DType, ndim: number): DType {
  const isComplex = dtype === 'complex64' || dtype === 'complex128';
  if (isFloatingDType(dtype) || isComplex) return ndim > 0 ? 'float64' : dtype;
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'float32';
  return ndim > 0 || dtype === 'bool' ? 'int64' : dtype;
}

// How many of a batch's outputs name the class that is their target.

import type { Tensor } from '../../tensor/tensor.ts';

/** The share of outputs [B, C] whose greatest value is at their target [B], a tensor of one element; undefined where the targets are no classes. */
export function classAccuracy(output: Tensor, target: Tensor): Tensor | undefined {
  const hasClasses = target.dtype === 'int64' && output.ndim === 2 && target.ndim === 1;
  return hasClasses ? output.argmax({ dim: 1 }).eq(target).to('float64').mean() : undefined; // k / n to the last digit
}

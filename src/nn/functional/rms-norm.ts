// Normalisation by the root mean square, where libtorch has no kernel for it too.

import { readOptions } from '../../tensor/arguments.ts';
import { getNative } from '../../tensor/call.ts';
import type { DType } from '../../tensor/dtype.ts';
import { rmsNorm as kernel } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** The distance from 1 to the next number. */
const EPSILON: Readonly<Partial<Record<DType, number>>> = {
  float64: 2 ** -52,
  float32: 2 ** -23,
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
};

/** Rule: y = x / sqrt(mean(x^2) + eps) * weight over the last dimensions. Shape: [..., *normalizedShape], unchanged.
 *  @param options.eps - default: the machine epsilon of the input's dtype.
 *  Uses libtorch's kernel, or the same rule operator by operator where it has none.  Source: torch.nn.functional.rms_norm. */
export function rmsNorm(
  input: Tensor,
  normalizedShape: readonly number[],
  options: { weight?: Tensor | undefined; eps?: number | undefined } = {},
): Tensor {
  readOptions('rmsNorm', ['weight', 'eps'], options);
  if (getNative().hasOperator('rms_norm')) return kernel(input, normalizedShape, options);
  const dim = normalizedShape.map((_, i) => i - normalizedShape.length);
  const squares = input.mul(input).mean({ dim, keepdim: true });
  const normal = input.mul(squares.add(options.eps ?? EPSILON[input.dtype] ?? 0).rsqrt());
  return options.weight ? normal.mul(options.weight) : normal;
}

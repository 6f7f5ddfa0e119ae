// Normalisation of vectors to unit length.

import { readOptions } from '../../tensor/arguments.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Divides by the p-norm along a dimension. Rule: x / max(||x||_p, eps). Shape: any, unchanged.
 *  @param options.p - default 2.  @param options.dim - default 1.  @param options.eps - default 1e-12.
 *  Source: torch.nn.functional.normalize. */
export function normalize(input: Tensor, options: { p?: number; dim?: number; eps?: number } = {}): Tensor {
  readOptions('normalize', ['p', 'dim', 'eps'], options);
  const { p = 2, dim = 1, eps = 1e-12 } = options;
  const length = input
    .norm({ p, dim: [dim], keepdim: true })
    .clampMin(eps)
    .expandAs(input);
  return input.div(length);
}

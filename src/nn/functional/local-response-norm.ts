// Normalisation over neighbouring channels.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { avgPool2d, avgPool3d, pad } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Rule: y = x / (k + alpha * mean of x^2 over `size` neighbouring channels)^beta. Shape: [N, C, ...] of at least 3 dimensions, unchanged.
 *  @param options.alpha - default 1e-4.  @param options.beta - default 0.75.  @param options.k - default 1.
 *  @throws {ShapeError} for fewer dimensions.  Source: Krizhevsky et al. 2012; torch.nn.functional.local_response_norm. */
export function localResponseNorm(
  input: Tensor,
  size: number,
  options: { alpha?: number; beta?: number; k?: number } = {},
): Tensor {
  readOptions('localResponseNorm', ['alpha', 'beta', 'k'], options);
  const { alpha = 1e-4, beta = 0.75, k = 1 } = options;
  if (input.ndim < 3)
    throw new ShapeError(
      `Cannot apply localResponseNorm: expected at least 3 dimensions, got [${input.shape.join(', ')}]`,
    );
  if (input.numel === 0) return input;
  const [before, after] = [Math.floor(size / 2), Math.floor((size - 1) / 2)];
  const squares = input.mul(input);
  let means: Tensor;
  if (input.ndim === 3) {
    const padded = pad(squares.unsqueeze(1), [0, 0, before, after]); // [N, 1, C + size - 1, L]
    means = avgPool2d(padded, [size, 1], { stride: 1 }).squeeze({ dim: 1 });
  } else {
    const [n = 0, c = 0, rows = 0] = input.shape;
    const padded = pad(squares.view([n, 1, c, rows, -1]), [0, 0, 0, 0, before, after]); // [N, 1, C + size - 1, H, ...]
    means = avgPool3d(padded, [size, 1, 1], { stride: 1 }).squeeze({ dim: 1 }).view(input.shape);
  }
  return input.div(means.mul(alpha).add(k).pow(beta));
}

// Means, variances and covariances of features over a batch, and what a batch of one row is to them.

import { ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';

// B rows of a batch, D features.

/** A variance over one row does not exist: an error and no 0, which would say that everything collapsed.
 *  @throws {ShapeError} for fewer than two rows. */
export function requireRows(loss: string, ...features: readonly Tensor[]): void {
  for (const { shape } of features)
    if ((shape[0] ?? 0) < 2)
      throw new ShapeError(
        `Cannot compute ${loss}: expected at least 2 rows to take the variance over, got [${shape.join(', ')}]; make the loader with dropLast: true`,
      );
}

/** Less their mean over the batch. Shape: [B, D], unchanged. */
export const centered = (features: Tensor): Tensor => features.sub(features.mean({ dim: 0, keepdim: true }));

/** Of centred features, by B - 1. Shape: [B, D] -> [D, D]. */
export const covariance = (features: Tensor): Tensor =>
  features
    .t()
    .matmul(features)
    .div(features.size(0) - 1);

/** The squares of a square matrix, 0 on the diagonal. Shape: [D, D], unchanged. */
export const offDiagonalSquares = (matrix: Tensor): Tensor => matrix.square().fillDiagonal_(0);

// Cuts feature maps to a common size.

import { ShapeError } from '../../../errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';

/** The sizes behind batch and channels. */
export const sizesOf = (map: Tensor): readonly number[] => map.shape.slice(2);

/** The middle of each axis, of the size that is wanted. @param options.isCausal - of time, the first of three axes, the last frames instead: those that
 *  have the most behind them.  @throws {ShapeError} for a map that is smaller. */
export function crop(map: Tensor, sizes: readonly number[], options: { isCausal: boolean }): Tensor {
  let result = map;
  sizes.forEach((size, axis) => {
    const rest = map.size(axis + 2) - size;
    if (rest < 0)
      throw new ShapeError(
        `Cannot crop features: expected at least [${sizes.join(', ')}] behind the channels, got [${sizesOf(map).join(', ')}]`,
      );
    const isTime = axis === 0 && sizes.length === 3;
    const start = isTime && options.isCausal ? rest : Math.floor(rest / 2);
    if (rest > 0) result = result.narrow(axis + 2, start, size);
  });
  return result;
}

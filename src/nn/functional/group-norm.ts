// Group normalisation as a function.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { groupNorm as atenGroupNorm } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Normalises groups of channels. Rule: y = (x - mean) / sqrt(variance + eps) * weight + bias, mean and variance of each group of each sample.
 *  Shape: [N, C, ...], unchanged; weight and bias [C].
 *  @param options.eps - default 1e-5.  @throws {ShapeError} for one value a group.
 *  Source: Wu and He 2018, arXiv:1803.08494; torch.nn.functional.group_norm. */
export function groupNorm(
  input: Tensor,
  numGroups: number,
  options: { weight?: Tensor | undefined; bias?: Tensor | undefined; eps?: number | undefined } = {},
): Tensor {
  readOptions('groupNorm', ['weight', 'bias', 'eps'], options);
  if (input.numel > 0 && input.numel === numGroups)
    throw new ShapeError(
      `Cannot apply groupNorm: expected more than one value per group, got [${input.shape.join(', ')}] in ${numGroups} groups`,
    );
  return atenGroupNorm(input, numGroups, options);
}

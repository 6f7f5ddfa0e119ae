// Maxima over windows whose places are drawn.

import { readOptions } from '../../tensor/arguments.ts';
import { rand } from '../../tensor/create.ts';
import { fractionalMaxPool2d as pool2d, fractionalMaxPool3d as pool3d } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Sizes, sizesFor } from '../sizes.ts';

export interface FractionalMaxPoolCall {
  /** The output's size; either this or `outputRatio`. */
  outputSize?: Sizes;
  /** The output's size as a share of the input's, between 0 and 1. */
  outputRatio?: number | readonly number[];
}

/** The output's size, by dimension or as a share of the input's, one of them given.
 *  @param action - for the messages.  @throws {TypeError} for both or none.  @throws {RangeError} for a share outside (0, 1). @internal */
export function fractionalSize(
  action: string,
  dims: number,
  options: { outputSize?: Sizes | undefined; outputRatio?: number | readonly number[] | undefined },
): { size: readonly number[] | undefined; ratio: readonly number[] | undefined } {
  const { outputSize, outputRatio } = options;
  if ((outputSize === undefined) === (outputRatio === undefined))
    throw new TypeError(
      `Cannot ${action}: expected either outputSize or outputRatio, got ${outputSize === undefined ? 'none' : 'both'}`,
    );
  const size = outputSize === undefined ? undefined : sizesFor(action, outputSize, dims, 'outputSize', 0);
  const ratio = typeof outputRatio === 'number' ? new Array<number>(dims).fill(outputRatio) : outputRatio;
  if (ratio && (ratio.length !== dims || ratio.some((share) => !(share > 0 && share < 1))))
    throw new RangeError(`Cannot ${action}: expected ${dims} outputRatio between 0 and 1, got [${ratio.join(', ')}]`);
  return { size, ratio };
}

/** Draws the places and pools. @internal */
export function fractionalMaxPool(
  input: Tensor,
  kernelSize: readonly number[],
  output: { size: readonly number[] | undefined; ratio: readonly number[] | undefined },
): readonly [maxima: Tensor, indices: Tensor] {
  const dims = kernelSize.length;
  const size = output.size ?? output.ratio!.map((share, dim) => Math.trunc(input.size(dim - dims) * share));
  const batch = input.ndim === dims + 1 ? 1 : input.size(0);
  const samples = rand([batch, input.size(-dims - 1), dims], { dtype: input.dtype, device: input.device });
  return (dims === 2 ? pool2d : pool3d)(input, kernelSize, size, samples);
}

function pool(
  dims: number,
  input: Tensor,
  kernelSize: Sizes,
  options: FractionalMaxPoolCall,
): readonly [maxima: Tensor, indices: Tensor] {
  const name = `fractionalMaxPool${dims}d`;
  readOptions(name, ['outputSize', 'outputRatio'], options);
  const kernel = sizesFor(`call ${name}`, kernelSize, dims, 'kernelSize', 1);
  return fractionalMaxPool(input, kernel, fractionalSize(`call ${name}`, dims, options));
}

/** The maximum of windows whose places are drawn at random, and where it is. Shape: [N, C, H, W] -> [N, C, H', W'] twice, with or without N.
 *  Source: Graham 2014, arXiv:1412.6071; torch.nn.functional.fractional_max_pool2d_with_indices. */
export function fractionalMaxPool2d(
  input: Tensor,
  kernelSize: Sizes,
  options: FractionalMaxPoolCall,
): readonly [maxima: Tensor, indices: Tensor] {
  return pool(2, input, kernelSize, options);
}

/** The maximum of windows whose places are drawn at random, and where it is. Shape: [N, C, D, H, W] -> [N, C, D', H', W'] twice, with or without N.
 *  Source: Graham 2014, arXiv:1412.6071; torch.nn.functional.fractional_max_pool3d_with_indices. */
export function fractionalMaxPool3d(
  input: Tensor,
  kernelSize: Sizes,
  options: FractionalMaxPoolCall,
): readonly [maxima: Tensor, indices: Tensor] {
  return pool(3, input, kernelSize, options);
}

// Maxima put back at the places that they came from.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { maxUnpool2d as unpool2d, maxUnpool3d as unpool3d } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type Sizes, sizesFor } from '../sizes.ts';

/** Maxima at their places, zeros elsewhere; as many dimensions as the kernel has. @throws {ShapeError} for a size that cannot have been the input's. @internal */
export function maxUnpool(
  input: Tensor,
  indices: Tensor,
  kernelSize: readonly number[],
  options: { stride: readonly number[]; padding: readonly number[]; outputSize?: readonly number[] },
): Tensor {
  const { stride, padding } = options;
  const dims = kernelSize.length;
  const usual = kernelSize.map(
    (kernel, dim) => (input.size(dim - dims) - 1) * stride[dim]! + kernel - 2 * padding[dim]!,
  );
  const given = options.outputSize;
  const size = given === undefined ? usual : given.length === dims + 2 ? given.slice(2) : given;
  if (size.length !== dims || size.some((each, dim) => Math.abs(each - usual[dim]!) >= stride[dim]!))
    throw new ShapeError(
      `Cannot apply maxUnpool${dims}d: expected an outputSize less than [${stride.join(', ')}] from [${usual.join(', ')}], got [${size.join(', ')}]`,
    );
  if (dims === 3) return unpool3d(input, indices, size, stride, padding);
  if (dims === 2) return unpool2d(input, indices, size);
  return unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze({ dim: -1 });
}

export interface MaxUnpoolCall {
  /** Default: the kernel's size. */
  stride?: Sizes;
  /** What the pooling was given. Default 0. */
  padding?: Sizes;
  /** The input's size, with or without N and C, where several pool to one. */
  outputSize?: readonly number[];
}

function unpool(dims: number, input: Tensor, indices: Tensor, kernelSize: Sizes, options: MaxUnpoolCall): Tensor {
  const action = `call maxUnpool${dims}d`;
  readOptions(`maxUnpool${dims}d`, ['stride', 'padding', 'outputSize'], options);
  const kernel = sizesFor(action, kernelSize, dims, 'kernelSize', 1);
  const stride = sizesFor(action, options.stride ?? kernel, dims, 'stride', 1);
  const padding = sizesFor(action, options.padding ?? 0, dims, 'padding');
  const size = options.outputSize === undefined ? {} : { outputSize: options.outputSize };
  return maxUnpool(input, indices, kernel, { stride, padding, ...size });
}

/** The way back from `maxPool1dWithIndices`. Shape: [N, C, L'] and its indices -> [N, C, L], with or without N.
 *  @throws {ShapeError} for a size that cannot have been the input's.  Source: torch.nn.functional.max_unpool1d. */
export function maxUnpool1d(input: Tensor, indices: Tensor, kernelSize: Sizes, options: MaxUnpoolCall = {}): Tensor {
  return unpool(1, input, indices, kernelSize, options);
}

/** The way back from `maxPool2dWithIndices`. Shape: [N, C, H', W'] and its indices -> [N, C, H, W], with or without N.
 *  @throws {ShapeError} for a size that cannot have been the input's.  Source: torch.nn.functional.max_unpool2d. */
export function maxUnpool2d(input: Tensor, indices: Tensor, kernelSize: Sizes, options: MaxUnpoolCall = {}): Tensor {
  return unpool(2, input, indices, kernelSize, options);
}

/** The way back from `maxPool3dWithIndices`. Shape: [N, C, D', H', W'] and its indices -> [N, C, D, H, W], with or without N.
 *  @throws {ShapeError} for a size that cannot have been the input's.  Source: torch.nn.functional.max_unpool3d. */
export function maxUnpool3d(input: Tensor, indices: Tensor, kernelSize: Sizes, options: MaxUnpoolCall = {}): Tensor {
  return unpool(3, input, indices, kernelSize, options);
}

// Maxima put back at the places that they came from.

import { ShapeError } from '../../errors.ts';
import { maxUnpool2d, maxUnpool3d } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

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
  if (dims === 3) return maxUnpool3d(input, indices, size, stride, padding);
  if (dims === 2) return maxUnpool2d(input, indices, size);
  return maxUnpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze({ dim: -1 });
}

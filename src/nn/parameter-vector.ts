// Parameters as one vector, and back.

import { ShapeError } from '../errors.ts';
import { cat } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';

function checkDevices(parameters: readonly Tensor[]): void {
  const devices = [...new Set(parameters.map((parameter) => parameter.device))];
  if (devices.length > 1)
    throw new TypeError(`Cannot use parameters as a vector: expected them on one device, got ${devices.join(' and ')}`);
}

/** All elements of parameters one after the other. Shape: -> [sum of their elements]. Source: torch.nn.utils.parameters_to_vector. */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  const all = [...parameters];
  checkDevices(all);
  return cat(all.map((parameter) => parameter.reshape([-1])));
}

/** Makes parameters views of a vector: they share its memory, as in PyTorch; pass a `clone()` to keep them apart. Shape: [sum of their elements].
 *  @throws {ShapeError} for a vector of another length.  Source: torch.nn.utils.vector_to_parameters. */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  const all = [...parameters];
  checkDevices(all);
  const total = all.reduce((sum, parameter) => sum + parameter.numel, 0);
  if (vector.ndim !== 1 || vector.numel !== total)
    throw new ShapeError(`Cannot use a vector as parameters: expected [${total}], got [${vector.shape.join(', ')}]`);
  let start = 0;
  for (const parameter of all) {
    parameter.setData(vector.detach().narrow(0, start, parameter.numel).view(parameter.shape));
    start += parameter.numel;
  }
}

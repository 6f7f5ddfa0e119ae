// Cross entropy of logits that a linear map makes.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { linear } from '../../tensor/nn-ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type CrossEntropyOptions, crossEntropy } from './loss.ts';

// N batch, I input features, C classes, D further dimensions of the target.

export interface LinearCrossEntropyCall extends CrossEntropyOptions {
  /** Shape: [C, ...D]. */
  linearBias?: Tensor;
}

/** Cross entropy between `linear(input, linearWeight, linearBias)` and targets. Shape: input [N, I], or [I] without D; linearWeight [C, ...D, I];
 *  target [N, ...D] class indices (int64) or [N, C, ...D] probabilities.
 *  @param options.ignoreIndex - only of class indices. Default -100.  @throws {ShapeError} for shapes that do not fit.
 *  @throws {TypeError} for `ignoreIndex` with probabilities.  Source: torch.nn.functional.linear_cross_entropy, its reference without chunks. */
export function linearCrossEntropy(
  input: Tensor,
  linearWeight: Tensor,
  target: Tensor,
  options: LinearCrossEntropyCall = {},
): Tensor {
  readOptions('linearCrossEntropy', ['linearBias', 'weight', 'reduction', 'ignoreIndex', 'labelSmoothing'], options);
  const { linearBias, ...rest } = options;
  const refuse = (expected: string, got: Tensor): never => {
    throw new ShapeError(`Cannot compute linearCrossEntropy: expected ${expected}, got [${got.shape.join(', ')}]`);
  };
  if (linearWeight.ndim < 2) refuse('a linearWeight of at least 2 dimensions', linearWeight);
  const outShape = linearWeight.shape.slice(0, -1); // [C, ...D]
  const inFeatures = linearWeight.size(-1);
  if (input.ndim < 1 || input.ndim > 2 || input.size(-1) !== inFeatures)
    refuse(`input [N, ${inFeatures}] or [${inFeatures}]`, input);
  if (input.ndim === 1 && outShape.length > 1)
    refuse(`input [N, ${inFeatures}] for a target of more dimensions`, input);
  if (linearBias && String(linearBias.shape) !== String(outShape))
    refuse(`a linearBias of shape [${outShape.join(', ')}]`, linearBias);
  const logitsShape = [...input.shape.slice(0, -1), ...outShape];
  if (rest.ignoreIndex !== undefined && String(target.shape) === String(logitsShape))
    throw new TypeError('Cannot compute linearCrossEntropy: expected no ignoreIndex with probabilities, got one');
  const weight = linearWeight.reshape([-1, inFeatures]);
  const logits = linear(input, weight, { bias: linearBias?.reshape([-1]) }).reshape(logitsShape);
  return crossEntropy(logits, target, rest);
}

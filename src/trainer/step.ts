// What a training or validation step gives, and the checks that keep its mistakes from becoming silence.

import { Tensor } from '../tensor/tensor.ts';

/** Values of one step. Tensors of one element and numbers become metrics; other entries are the step's own business. */
export type StepOutput = Readonly<Record<string, unknown>>;

/** A training step's values: the loss is what backward starts from. */
export type TrainingOutput = StepOutput & { readonly loss: Tensor };

/** The loss of a training step.
 *  @throws {TypeError} for a Promise, a missing loss, or one that no parameter had a part in. */
export function lossOf(output: unknown): Tensor {
  if (output instanceof Promise) {
    output.catch(() => {});
    throw new TypeError(
      'Cannot run a training step: expected a synchronous step, got one that returns a Promise; load data in the dataset',
    );
  }
  const loss = typeof output === 'object' && output !== null ? (output as Record<string, unknown>).loss : undefined;
  if (!(loss instanceof Tensor)) {
    const got = loss === undefined ? 'no "loss"' : `"loss" that is a ${typeof loss}`;
    throw new TypeError(`Cannot run a training step: expected { loss } with a tensor, got ${got}`);
  }
  if (loss.numel !== 1)
    throw new RangeError(
      `Cannot run a training step: expected a loss of one element, got shape [${loss.shape.join(', ')}]; take its mean`,
    );
  if (!loss.requiresGrad) {
    throw new TypeError(
      'Cannot run a training step: expected a loss that depends on parameters, got one that requires no gradient; look for noGrad or detach',
    );
  }
  return loss;
}

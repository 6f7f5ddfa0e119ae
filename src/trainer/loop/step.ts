// What a training or validation step gives, and the checks that keep its mistakes from becoming silence.

import { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../config/problems.ts';

/** Values of one step. Tensors of one element and numbers become metrics (those of `weighted` too), a text (as the name of a phase) is logged at the log point where it is a new one; other entries are the step's own business. */
export type StepOutput = Readonly<Record<string, unknown>>;

/** A training step's values: the loss is what backward starts from. */
export type TrainingOutput = StepOutput & { readonly loss: Tensor };

/** What a step gave, if that can be read.
 *  @throws {TypeError} for a Promise, and for what is no object. */
export function outputOf(output: unknown, step: 'training' | 'validation'): StepOutput {
  if (output instanceof Promise) {
    output.catch(() => {}); // what the error below says is the reason
    throw new TypeError(
      `Cannot run a ${step} step: expected a synchronous step, got one that returns a Promise; load data in the dataset`,
    );
  }
  if (typeof output !== 'object' || output === null) {
    throw new TypeError(`Cannot run a ${step} step: expected an object of values, got ${describeValue(output)}`);
  }
  return output as StepOutput; // an object can be read by name
}

/** The loss of a training step.
 *  @throws {TypeError} for one that is missing, or that no parameter had a part in. */
export function lossOf({ loss }: StepOutput): Tensor {
  if (!(loss instanceof Tensor)) {
    const got = loss === undefined ? 'no "loss"' : `${describeValue(loss)} as "loss"`;
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

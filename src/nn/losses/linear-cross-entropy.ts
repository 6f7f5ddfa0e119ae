// Cross entropy with the linear layer that makes its logits.

import { ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { linearCrossEntropy } from '../functional/linear-cross-entropy.ts';
import type { CrossEntropyOptions } from '../functional/loss.ts';
import type { OptionNames } from '../layer-options.ts';
import { Linear } from '../layers/linear.ts';
import { pythonBool, pythonFloat } from '../python-repr.ts';
import { showSizes } from '../sizes.ts';
import { WeightedLoss } from './classification.ts';

export interface LinearCrossEntropyOptions extends FactoryOptions, CrossEntropyOptions {
  /** Further dimensions of the target. Default []. */
  outFeatures?: readonly number[];
  /** Default false. */
  bias?: boolean;
}

const OPTIONS = {
  outFeatures: true,
  bias: true,
  weight: true,
  reduction: true,
  ignoreIndex: true,
  labelSmoothing: true,
  dtype: true,
  device: true,
} satisfies OptionNames<LinearCrossEntropyOptions>;

/** A linear layer and the cross entropy of its output. Shape: input [N, inFeatures], or [inFeatures] without `outFeatures`; target
 *  [N, ...outFeatures] class indices (int64) or [N, numClasses, ...outFeatures] probabilities.
 *  PyTorch's `options` for computing in chunks are not here: `checkpoint` saves the memory of the logits.
 *  Source: torch.nn.LinearCrossEntropyLoss. */
export class LinearCrossEntropyLoss extends WeightedLoss {
  readonly numClasses: number;
  readonly outFeatures: readonly number[];
  readonly ignoreIndex: number | undefined;
  readonly labelSmoothing: number;
  readonly linear: Linear;

  /** @throws {ShapeError} for a weight that is not one number a class.  @throws {RangeError} for a smoothing outside [0, 1]. */
  constructor(inFeatures: number, numClasses: number, options: LinearCrossEntropyOptions = {}) {
    super(options, OPTIONS);
    const { outFeatures = [], bias = false, weight, ignoreIndex, labelSmoothing = 0 } = options;
    if (weight && String(weight.shape) !== String(numClasses))
      throw new ShapeError(
        `Cannot make LinearCrossEntropyLoss: expected a weight of shape [${numClasses}], got [${weight.shape.join(', ')}]`,
      );
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
      throw new RangeError(
        `Cannot make LinearCrossEntropyLoss: expected labelSmoothing from 0 to 1, got ${labelSmoothing}`,
      );
    this.numClasses = numClasses;
    this.outFeatures = [...outFeatures];
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
    const rows = outFeatures.reduce((product, size) => product * size, numClasses);
    this.linear = new Linear(inFeatures, rows, { bias, ...factoryOf(options) });
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { labelSmoothing, ignoreIndex, linear } = this;
    const outShape = [this.numClasses, ...this.outFeatures];
    return linearCrossEntropy(input, linear.weight.reshape([...outShape, linear.inFeatures]), target, {
      ...this.common,
      labelSmoothing,
      ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
      ...(linear.bias ? { linearBias: linear.bias.reshape(outShape) } : {}),
    });
  }

  override extraRepr(): string {
    const { linear, outFeatures, reduction, ignoreIndex, labelSmoothing } = this;
    const shape = outFeatures.length === 0 ? '()' : showSizes(outFeatures);
    const sizes = `in_features=${linear.inFeatures}, num_classes=${this.numClasses}, out_features=${shape}`;
    const flags = `bias=${pythonBool(linear.bias !== undefined)}, reduction=${reduction}, ignore_index=${ignoreIndex ?? 'None'}`;
    return `${sizes}, ${flags}, label_smoothing=${pythonFloat(labelSmoothing)}, options=None`;
  }
}

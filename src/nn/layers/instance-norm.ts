// Instance normalisation over one, two and three dimensions: each channel of each sample for itself.

import { ShapeError } from '../../errors.ts';
import { instanceNorm } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { FeatureNorm, type FeatureNormOptions } from './feature-norm.ts';

export interface InstanceNormOptions extends FeatureNormOptions {
  /** Share of the batch in the running statistics. Default 0.1. */
  momentum?: number;
  /** Learn a factor and an offset for each channel. Default false. */
  affine?: boolean;
  /** Keep running statistics for evaluation. Default false. */
  trackRunningStats?: boolean;
}

/** Statistics of each sample, or the running ones in evaluation where they are kept. Source: Ulyanov et al. 2016, arXiv:1607.08022. */
abstract class InstanceNorm extends FeatureNorm {
  private readonly numDims: number;

  constructor(numDims: number, numFeatures: number, options: InstanceNormOptions) {
    const { momentum, affine = false, trackRunningStats = false } = options;
    super([numDims + 1, numDims + 2], numFeatures, { ...options, momentum, affine, trackRunningStats });
    this.numDims = numDims;
  }

  /** @throws {ShapeError} for other dimensions, other channels, or one value a channel. */
  forward(input: Tensor): Tensor {
    this.checkDims(input);
    const isBatched = input.ndim === this.numDims + 2;
    const batch = isBatched ? input : input.unsqueeze(0); // [N, C, ...]
    const usesInput = this.training || this.running_mean === undefined;
    const refuse = (expected: string): never => {
      throw new ShapeError(
        `Cannot apply ${this.constructor.name}: expected ${expected}, got [${input.shape.join(', ')}]`,
      );
    };
    if (batch.size(1) !== this.numFeatures) refuse(`${this.numFeatures} channels`);
    if (usesInput && batch.shape.slice(2).every((size) => size === 1))
      refuse('more than one value per channel to take the variance of');
    const { weight, bias, running_mean, running_var, momentum, eps } = this;
    const share = momentum === 'cumulative' ? 0 : momentum;
    const output = instanceNorm(batch, weight, bias, running_mean, running_var, usesInput, share, eps, true);
    return isBatched ? output : output.squeeze({ dim: 0 });
  }
}

/** Shape: [N, C, L] or [C, L], unchanged. Source: torch.nn.InstanceNorm1d. */
export class InstanceNorm1d extends InstanceNorm {
  constructor(numFeatures: number, options: InstanceNormOptions = {}) {
    super(1, numFeatures, options);
  }
}

/** Shape: [N, C, H, W] or [C, H, W], unchanged. Source: torch.nn.InstanceNorm2d. */
export class InstanceNorm2d extends InstanceNorm {
  constructor(numFeatures: number, options: InstanceNormOptions = {}) {
    super(2, numFeatures, options);
  }
}

/** Shape: [N, C, D, H, W] or [C, D, H, W], unchanged. Source: torch.nn.InstanceNorm3d. */
export class InstanceNorm3d extends InstanceNorm {
  constructor(numFeatures: number, options: InstanceNormOptions = {}) {
    super(3, numFeatures, options);
  }
}

// Batch normalisation over one, two and three dimensions.

import { ShapeError } from '../../errors.ts';
import { batchNorm } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { FeatureNorm, type FeatureNormOptions } from './feature-norm.ts';

export interface BatchNormOptions extends FeatureNormOptions {
  /** Share of the batch in the running statistics; 'cumulative' for a plain average over all batches. Default 0.1. */
  momentum?: number | 'cumulative';
  /** Learn a factor and an offset for each channel. Default true. */
  affine?: boolean;
  /** Keep running statistics for evaluation. Default true. */
  trackRunningStats?: boolean;
}

/** Statistics of the batch in training and the running ones in evaluation. Source: Ioffe and Szegedy 2015, arXiv:1502.03167. */
export abstract class BatchNorm extends FeatureNorm {
  constructor(dims: readonly number[], numFeatures: number, options: BatchNormOptions) {
    const { momentum, affine = true, trackRunningStats = true } = options;
    super(dims, numFeatures, { ...options, momentum, affine, trackRunningStats });
  }

  forward(input: Tensor): Tensor {
    this.checkDims(input);
    return this.normalize(input);
  }

  /** Normalises, and takes the batch into the running statistics in training. */
  protected normalize(input: Tensor): Tensor {
    const tracks = this.running_mean !== undefined;
    const usesBatch = this.training || !tracks;
    if (usesBatch && input.numel > 0 && input.numel === input.size(1)) {
      throw new ShapeError(
        `Cannot apply ${this.constructor.name}: expected more than one value per channel to take the variance of, got [${input.shape.join(', ')}]`,
      );
    }
    const momentum = this.countBatch();
    const { weight, bias, running_mean, running_var, eps } = this;
    return batchNorm(input, weight, bias, running_mean, running_var, usesBatch, momentum, eps, true);
  }

  /** Counts a batch in training. @returns its share in the running statistics. */
  protected countBatch(): number {
    const isCumulative = this.momentum === 'cumulative';
    if (!this.training || this.num_batches_tracked === undefined) return isCumulative ? 0 : (this.momentum as number);
    this.num_batches_tracked.add_(1);
    return isCumulative ? 1 / this.num_batches_tracked.item() : (this.momentum as number);
  }
}

/** Shape: [N, C] or [N, C, L], unchanged. Source: torch.nn.BatchNorm1d. */
export class BatchNorm1d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super([2, 3], numFeatures, options);
  }
}

/** Shape: [N, C, H, W], unchanged. Source: torch.nn.BatchNorm2d. */
export class BatchNorm2d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super([4], numFeatures, options);
  }
}

/** Shape: [N, C, D, H, W], unchanged. Source: torch.nn.BatchNorm3d. */
export class BatchNorm3d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super([5], numFeatures, options);
  }
}

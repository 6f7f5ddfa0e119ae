// Batch normalisation over one, two and three dimensions.

import { ShapeError } from '../../errors.ts';
import { ones, tensor, zeros } from '../../tensor/create.ts';
import { batchNorm } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonBool, pythonFloat } from '../python-repr.ts';

export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Share of the batch in the running statistics; 'cumulative' for a plain average over all batches. Default 0.1. */
  momentum?: number | 'cumulative';
  /** Learn a factor and an offset for each channel. Default true. */
  affine?: boolean;
  /** Learn an offset beside the factor. Default true. */
  bias?: boolean;
  /** Keep running statistics for evaluation. Default true. */
  trackRunningStats?: boolean;
}

/** Rule: y = (x - mean) / sqrt(var + eps) * weight + bias, with the batch's statistics in training and the running ones in evaluation.
 *  Source: Ioffe and Szegedy 2015, arXiv:1502.03167. */
abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | 'cumulative';
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  declare running_mean: Tensor | undefined;
  declare running_var: Tensor | undefined;
  declare num_batches_tracked: Tensor | undefined;
  readonly #dims: readonly number[];

  constructor(dims: readonly number[], numFeatures: number, options: BatchNormOptions) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, bias = true, trackRunningStats = true } = options;
    this.#dims = dims;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([numFeatures])) : undefined;
    this.bias = affine && bias ? new Parameter(zeros([numFeatures])) : undefined;
    this.registerBuffer('running_mean', trackRunningStats ? zeros([numFeatures]) : undefined);
    this.registerBuffer('running_var', trackRunningStats ? ones([numFeatures]) : undefined);
    this.registerBuffer('num_batches_tracked', trackRunningStats ? tensor(0n) : undefined);
  }

  forward(input: Tensor): Tensor {
    if (!this.#dims.includes(input.ndim)) {
      throw new ShapeError(
        `Cannot apply ${this.constructor.name}: expected ${this.#dims.join(' or ')} dimensions, got [${input.shape.join(', ')}]`,
      );
    }
    const tracks = this.running_mean !== undefined;
    const usesBatch = this.training || !tracks;
    if (usesBatch && input.numel > 0 && input.numel === input.size(1)) {
      throw new ShapeError(
        `Cannot apply ${this.constructor.name}: expected more than one value per channel to take the variance of, got [${input.shape.join(', ')}]`,
      );
    }
    let momentum = this.momentum === 'cumulative' ? 0 : this.momentum;
    if (this.training && tracks) {
      this.num_batches_tracked!.add_(1);
      if (this.momentum === 'cumulative') momentum = 1 / this.num_batches_tracked!.item();
    }
    return batchNorm(
      input,
      this.weight,
      this.bias,
      this.running_mean,
      this.running_var,
      usesBatch,
      momentum,
      this.eps,
      true,
    );
  }

  override extraRepr(): string {
    const momentum = this.momentum === 'cumulative' ? 'None' : pythonFloat(this.momentum);
    const flags = `affine=${pythonBool(this.weight !== undefined)}, bias=${pythonBool(this.bias !== undefined)}`;
    return `${this.numFeatures}, eps=${pythonFloat(this.eps)}, momentum=${momentum}, ${flags}, track_running_stats=${pythonBool(this.running_mean !== undefined)}`;
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

// What batch and instance normalisation share: a factor and an offset for each channel, and running statistics.

import { ShapeError } from '../../errors.ts';
import { ones, tensor, zeros } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonBool, pythonFloat } from '../python-repr.ts';

export interface FeatureNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a factor and an offset for each channel. */
  affine?: boolean;
  /** Learn an offset beside the factor. Default true. */
  bias?: boolean;
  /** Keep running statistics for evaluation. */
  trackRunningStats?: boolean;
}

const OPTIONS = {
  eps: true,
  momentum: true,
  affine: true,
  bias: true,
  trackRunningStats: true,
  dtype: true,
  device: true,
} satisfies OptionNames<FeatureNormOptions & { momentum?: unknown }>;

/** Rule: y = (x - mean) / sqrt(var + eps) * weight + bias. */
export abstract class FeatureNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | 'cumulative';
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  declare running_mean: Tensor | undefined;
  declare running_var: Tensor | undefined;
  declare num_batches_tracked: Tensor | undefined;
  private readonly dims: readonly number[];

  constructor(
    dims: readonly number[],
    numFeatures: number,
    options: FeatureNormOptions & {
      momentum: number | 'cumulative' | undefined;
      affine: boolean;
      trackRunningStats: boolean;
    },
  ) {
    super();
    checkOptions(this, OPTIONS, options);
    const { eps = 1e-5, momentum = 0.1, affine, bias = true, trackRunningStats } = options;
    const factory = factoryOf(options);
    this.dims = dims;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([numFeatures], factory)) : undefined;
    this.bias = affine && bias ? new Parameter(zeros([numFeatures], factory)) : undefined;
    this.registerBuffer('running_mean', trackRunningStats ? zeros([numFeatures], factory) : undefined);
    this.registerBuffer('running_var', trackRunningStats ? ones([numFeatures], factory) : undefined);
    const count = (): Tensor => tensor(0n, options.device === undefined ? {} : { device: options.device });
    this.registerBuffer('num_batches_tracked', trackRunningStats ? count() : undefined);
  }

  /** @throws {ShapeError} for dimensions that this layer does not take. */
  protected checkDims(input: Tensor): void {
    if (this.dims.includes(input.ndim)) return;
    throw new ShapeError(
      `Cannot apply ${this.constructor.name}: expected ${this.dims.join(' or ')} dimensions, got [${input.shape.join(', ')}]`,
    );
  }

  override extraRepr(): string {
    const momentum = this.momentum === 'cumulative' ? 'None' : pythonFloat(this.momentum);
    const flags = `affine=${pythonBool(this.weight !== undefined)}, bias=${pythonBool(this.bias !== undefined)}`;
    return `${this.numFeatures}, eps=${pythonFloat(this.eps)}, momentum=${momentum}, ${flags}, track_running_stats=${pythonBool(this.running_mean !== undefined)}`;
  }
}

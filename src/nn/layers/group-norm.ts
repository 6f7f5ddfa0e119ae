// Normalisation over groups of channels, and over neighbouring channels.

import { ShapeError } from '../../errors.ts';
import { ones, zeros } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { groupNorm } from '../functional/group-norm.ts';
import { localResponseNorm } from '../functional/local-response-norm.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonBool, pythonFloat } from '../python-repr.ts';

export interface GroupNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a factor and an offset for each channel. Default true. */
  affine?: boolean;
  /** Learn an offset beside the factor. Default true. */
  bias?: boolean;
}

const OPTIONS = {
  eps: true,
  affine: true,
  bias: true,
  dtype: true,
  device: true,
} satisfies OptionNames<GroupNormOptions>;

/** Rule: y = (x - mean) / sqrt(var + eps) * weight + bias, mean and variance over each group of channels of each sample.
 *  Shape: [N, C, ...], unchanged. Source: Wu and He 2018, arXiv:1803.08494; torch.nn.GroupNorm. */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;

  /** @throws {RangeError} unless the groups divide the channels. */
  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super();
    checkOptions(this, OPTIONS, options);
    if (!(numGroups > 0) || numChannels % numGroups !== 0)
      throw new RangeError(
        `Cannot make GroupNorm: expected groups that divide ${numChannels} channels, got ${numGroups}`,
      );
    const { eps = 1e-5, affine = true, bias = true } = options;
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([numChannels], factoryOf(options))) : undefined;
    this.bias = affine && bias ? new Parameter(zeros([numChannels], factoryOf(options))) : undefined;
  }

  /** @throws {ShapeError} for other channels, or one value a group. */
  forward(input: Tensor): Tensor {
    if (input.ndim < 2 || input.size(1) !== this.numChannels)
      throw new ShapeError(
        `Cannot apply GroupNorm: expected [N, ${this.numChannels}, ...], got [${input.shape.join(', ')}]`,
      );
    return groupNorm(input, this.numGroups, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  override extraRepr(): string {
    const flags = `affine=${pythonBool(this.weight !== undefined)}, bias=${pythonBool(this.bias !== undefined)}`;
    return `${this.numGroups}, ${this.numChannels}, eps=${pythonFloat(this.eps)}, ${flags}`;
  }
}

/** Rule: y = x / (k + alpha * mean of x^2 over `size` neighbouring channels)^beta. Shape: [N, C, ...], unchanged.
 *  Source: Krizhevsky et al. 2012; torch.nn.LocalResponseNorm. */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  /** @param options.alpha - default 1e-4.  @param options.beta - default 0.75.  @param options.k - default 1. */
  constructor(size: number, options: { alpha?: number; beta?: number; k?: number } = {}) {
    super();
    checkOptions(this, { alpha: true, beta: true, k: true }, options);
    this.size = size;
    this.alpha = options.alpha ?? 1e-4;
    this.beta = options.beta ?? 0.75;
    this.k = options.k ?? 1;
  }

  forward(input: Tensor): Tensor {
    return localResponseNorm(input, this.size, { alpha: this.alpha, beta: this.beta, k: this.k });
  }

  override extraRepr(): string {
    return `${this.size}, alpha=${pythonFloat(this.alpha)}, beta=${pythonFloat(this.beta)}, k=${pythonFloat(this.k)}`;
  }
}

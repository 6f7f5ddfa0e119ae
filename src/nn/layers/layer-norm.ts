// Normalisation over the last dimensions: by mean and variance, or by the root mean square.

import { ones, zeros } from '../../tensor/create.ts';
import { layerNorm } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type FactoryOptions, factoryOf } from '../factory.ts';
import { rmsNorm } from '../functional/rms-norm.ts';
import { checkOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonBool, pythonFloat, pythonTuple } from '../python-repr.ts';

export interface LayerNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a factor for each element. Default true. */
  elementwiseAffine?: boolean;
  /** Learn an offset too. Default true. */
  bias?: boolean;
}

const RMS_NORM = {
  eps: true,
  elementwiseAffine: true,
  dtype: true,
  device: true,
} satisfies OptionNames<RMSNormOptions>;

/** Rule: y = (x - mean) / sqrt(var + eps) * weight + bias over the last dimensions. Shape: [..., *normalizedShape], unchanged.
 *  Source: Ba et al. 2016, arXiv:1607.06450; torch.nn.LayerNorm. */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    checkOptions(this, { ...RMS_NORM, bias: true } satisfies OptionNames<LayerNormOptions>, options);
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape, factoryOf(options))) : undefined;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape, factoryOf(options))) : undefined;
  }

  forward(input: Tensor): Tensor {
    return layerNorm(input, this.normalizedShape, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  override extraRepr(): string {
    const affine = this.weight !== undefined;
    return `${pythonTuple(this.normalizedShape)}, eps=${pythonFloat(this.eps)}, elementwise_affine=${pythonBool(affine)}, bias=${pythonBool(this.bias !== undefined)}`;
  }
}

export interface RMSNormOptions extends FactoryOptions {
  /** Added to the mean square. Default: the machine epsilon of the input's dtype. */
  eps?: number;
  /** Learn a factor for each element. Default true. */
  elementwiseAffine?: boolean;
}

/** Rule: y = x / sqrt(mean(x^2) + eps) * weight over the last dimensions. Shape: [..., *normalizedShape], unchanged.
 *  Source: Zhang and Sennrich 2019, arXiv:1910.07467; torch.nn.RMSNorm. */
export class RMSNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number | undefined;
  readonly weight: Parameter | undefined;

  constructor(normalizedShape: number | readonly number[], options: RMSNormOptions = {}) {
    super();
    checkOptions(this, RMS_NORM, options);
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    this.eps = options.eps;
    this.weight =
      (options.elementwiseAffine ?? true) ? new Parameter(ones(this.normalizedShape, factoryOf(options))) : undefined;
  }

  forward(input: Tensor): Tensor {
    return rmsNorm(input, this.normalizedShape, { weight: this.weight, eps: this.eps });
  }

  override extraRepr(): string {
    const eps = this.eps === undefined ? 'None' : pythonFloat(this.eps);
    return `${pythonTuple(this.normalizedShape)}, eps=${eps}, elementwise_affine=${pythonBool(this.weight !== undefined)}`;
  }
}

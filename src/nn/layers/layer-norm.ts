// Layer normalisation.

import { ones, zeros } from '../../tensor/create.ts';
import { layerNorm } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Module } from '../module.ts';
import { Parameter } from '../parameter.ts';
import { pythonBool, pythonFloat, pythonTuple } from '../python-repr.ts';

export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a factor for each element. Default true. */
  elementwiseAffine?: boolean;
  /** Learn an offset too. Default true. */
  bias?: boolean;
}

/** Normalises over the last dimensions. Shape: [..., *normalizedShape], unchanged.
 *  Source: Ba et al. 2016, arXiv:1607.06450; torch.nn.LayerNorm. */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.normalizedShape = typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape;
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : undefined;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape)) : undefined;
  }

  forward(input: Tensor): Tensor {
    return layerNorm(input, this.normalizedShape, { weight: this.weight, bias: this.bias, eps: this.eps });
  }

  override extraRepr(): string {
    const affine = this.weight !== undefined;
    return `${pythonTuple(this.normalizedShape)}, eps=${pythonFloat(this.eps)}, elementwise_affine=${pythonBool(affine)}, bias=${pythonBool(this.bias !== undefined)}`;
  }
}

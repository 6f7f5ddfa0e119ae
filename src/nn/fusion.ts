// Batch normalisation folded into the layer before it, for evaluation.

import { readOptions } from '../tensor/arguments.ts';
import { noGrad } from '../tensor/autograd.ts';
import { onesLike, zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { BatchNorm } from './layers/batch-norm.ts';
import type { Convolution } from './layers/convolution.ts';
import type { Linear } from './layers/linear.ts';
import type { Module } from './module.ts';
import { Parameter } from './parameter.ts';

/** A layer's weight and bias; the layer itself is one. */
export interface FusedWeights {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
}

/** What a batch normalisation does in evaluation; a `BatchNorm2d` with statistics is one. */
export interface NormStatistics {
  readonly running_mean: Tensor | undefined;
  readonly running_var: Tensor | undefined;
  readonly eps: number;
  readonly weight: Tensor | undefined;
  readonly bias: Tensor | undefined;
}

function statisticsOf(norm: NormStatistics): { mean: Tensor; variance: Tensor; weight: Tensor; bias: Tensor } {
  const { running_mean: mean, running_var: variance, weight, bias } = norm;
  if (!mean || !variance)
    throw new TypeError('Cannot fuse: expected a batch normalisation with running statistics, got one without');
  return { mean, variance, weight: weight ?? onesLike(mean), bias: bias ?? zerosLike(mean) };
}

function checkEvaluation(...modules: Module[]): void {
  const training = modules.find((module) => module.training);
  if (training)
    throw new TypeError(
      `Cannot fuse: expected modules in evaluation, got ${training.constructor.name} in training; call eval()`,
    );
}

const like = (value: Tensor, wanted: Tensor): Parameter => new Parameter(value, wanted.requiresGrad);

/** Weight and bias of a convolution with a batch normalisation after it.
 *  @param options.transpose - the weight is a transposed convolution's. Default false.  Source: torch.nn.utils.fuse_conv_bn_weights. */
export function fuseConvBnWeights(
  conv: FusedWeights,
  norm: NormStatistics,
  options: { transpose?: boolean } = {},
): { weight: Parameter; bias: Parameter } {
  readOptions('fuseConvBnWeights', ['transpose'], options);
  const { mean, variance, weight, bias } = statisticsOf(norm);
  return noGrad(() => {
    const before = conv.bias ?? zerosLike(mean);
    const inverse = variance.add(norm.eps).rsqrt();
    const ones = new Array<number>(conv.weight.ndim - 2).fill(1);
    const shape = options.transpose ? [1, -1, ...ones] : [-1, 1, ...ones];
    const scaled = conv.weight.mul(weight.mul(inverse).reshape(shape)).to(conv.weight.dtype);
    const moved = before.sub(mean).mul(inverse).mul(weight).add(bias);
    return { weight: like(scaled, conv.weight), bias: like(moved.to(conv.bias?.dtype ?? conv.weight.dtype), before) };
  });
}

/** A copy of a convolution that does what it and the batch normalisation after it do in evaluation.
 *  @param options.transpose - the convolution is transposed. Default false.  @throws {TypeError} for modules in training, and without running statistics.
 *  Source: torch.nn.utils.fuse_conv_bn_eval.
 *  @example
 *  const [conv, norm] = [new nn.Conv2d(3, 4, 3).eval(), new nn.BatchNorm2d(4).eval()];
 *  const fused = nn.utils.fuseConvBnEval(conv, norm);
 *  const x = ones([1, 3, 5, 5]);
 *  fused.forward(x).allclose(norm.forward(conv.forward(x)), { atol: 1e-5 }); // true */
export function fuseConvBnEval<C extends Convolution>(
  conv: C,
  norm: BatchNorm,
  options: { transpose?: boolean } = {},
): C {
  checkEvaluation(conv, norm);
  return Object.assign(conv.deepCopy(), fuseConvBnWeights(conv, norm, options));
}

/** Weight and bias of a linear layer with a batch normalisation after it. Source: torch.nn.utils.fuse_linear_bn_weights. */
export function fuseLinearBnWeights(
  linear: FusedWeights,
  norm: NormStatistics,
): { weight: Parameter; bias: Parameter } {
  const { mean, variance, weight, bias } = statisticsOf(norm);
  return noGrad(() => {
    const before = linear.bias ?? zerosLike(mean);
    const scale = weight.mul(variance.add(norm.eps).rsqrt());
    const scaled = linear.weight.mul(scale.unsqueeze(-1).to(linear.weight.dtype));
    const moved = before.sub(mean).mul(scale).add(bias);
    return {
      weight: like(scaled, linear.weight),
      bias: like(moved.to(linear.bias?.dtype ?? linear.weight.dtype), before),
    };
  });
}

/** A copy of a linear layer that does what it and the batch normalisation after it do in evaluation.
 *  @throws {TypeError} for modules in training, and without running statistics.  @throws {RangeError} for features that do not fit.
 *  Source: torch.nn.utils.fuse_linear_bn_eval. */
export function fuseLinearBnEval<L extends Linear>(linear: L, norm: BatchNorm): L {
  checkEvaluation(linear, norm);
  if (norm.numFeatures !== linear.outFeatures && norm.numFeatures !== 1)
    throw new RangeError(
      `Cannot fuse: expected a batch normalisation of ${linear.outFeatures} features, or 1, got ${norm.numFeatures}`,
    );
  return Object.assign(linear.deepCopy(), fuseLinearBnWeights(linear, norm));
}

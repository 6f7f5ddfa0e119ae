// Losses of predictions against targets as functions.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { isTensor } from '../../tensor/create.ts';
import * as nnOps from '../../tensor/nn-ops.generated.ts';
import * as ops from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** How the losses of the elements become one. */
export type Reduction = 'none' | 'mean' | 'sum';

const REDUCTIONS = { none: 0, mean: 1, sum: 2 } as const;

export interface ReductionOptions {
  /** Default 'mean'. */
  reduction?: Reduction;
}

/** libtorch's code of a reduction.
 *  @throws {RangeError} for another. @internal */
export function reductionCode(name: string, { reduction = 'mean' }: ReductionOptions): number {
  if (Object.hasOwn(REDUCTIONS, reduction)) return REDUCTIONS[reduction];
  throw new RangeError(`Cannot compute ${name}: expected reduction of none, mean, sum, got "${String(reduction)}"`);
}

/** The mean, the sum, or the losses as they are. @internal */
export function reduceLosses(name: string, losses: Tensor, options: ReductionOptions): Tensor {
  const code = reductionCode(name, options);
  return code === 0 ? losses : code === 1 ? losses.mean() : losses.sum();
}

/** @throws {ShapeError} where broadcasting would compare what does not belong together. */
function checkShapes(name: string, input: Tensor, target: Tensor): void {
  if (String(input.shape) !== String(target.shape))
    throw new ShapeError(
      `Cannot compute ${name}: expected a target of shape [${input.shape.join(', ')}], got [${target.shape.join(', ')}]`,
    );
}

/** Both in the shape of their pairs. libtorch's kernels broadcast too, but divide the gradient of the smaller one by its own elements. */
function inPairs(input: Tensor, target: Tensor): [input: Tensor, target: Tensor] {
  if (String(input.shape) === String(target.shape)) return [input, target];
  return ops.broadcastTensors([input, target]) as [Tensor, Tensor];
}

export interface CrossEntropyOptions {
  /** A factor for each class. Shape: [C]. Default 1. */
  weight?: Tensor;
  /** Targets of this class count for nothing. Default -100. */
  ignoreIndex?: number;
  /** Default 'mean': over the targets that count, by their weights. */
  reduction?: Reduction;
  /** The share of the target that is spread over all classes. Default 0. */
  labelSmoothing?: number;
}

/** Cross entropy between logits and targets. Shape: input [N, C, ...]; target [N, ...] class indices (int64) or [N, C, ...] probabilities.
 *  Rule: -sum_c target_c * log softmax(input)_c.  Source: torch.nn.functional.cross_entropy. */
export function crossEntropy(input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  readOptions('crossEntropy', ['weight', 'ignoreIndex', 'reduction', 'labelSmoothing'], options);
  return nnOps.crossEntropyLoss(input, target, {
    weight: options.weight,
    reduction: reductionCode('crossEntropy', options),
    ignoreIndex: options.ignoreIndex ?? -100,
    labelSmoothing: options.labelSmoothing ?? 0,
  });
}

/** Minus the log probability of the target's class. Shape: input [N, C, ...] of log probabilities, target [N, ...] int64.
 *  Source: torch.nn.functional.nll_loss. */
export function nllLoss(
  input: Tensor,
  target: Tensor,
  options: Omit<CrossEntropyOptions, 'labelSmoothing'> = {},
): Tensor {
  readOptions('nllLoss', ['weight', 'ignoreIndex', 'reduction'], options);
  const { weight, ignoreIndex = -100 } = options;
  return nnOps.nllLossNd(input, target, { weight, reduction: reductionCode('nllLoss', options), ignoreIndex });
}

/** What the losses of differences take. */
export interface WeightedOptions extends ReductionOptions {
  /** A factor for each element. Shape: as the input. Default 1. */
  weight?: Tensor;
}

/** @throws {ShapeError} unless the factors are as many as the elements. */
function weighted(name: string, losses: Tensor, input: Tensor, weight: Tensor): Tensor {
  if (String(weight.shape) !== String(input.shape))
    throw new ShapeError(
      `Cannot compute ${name}: expected a weight of shape [${input.shape.join(', ')}], got [${weight.shape.join(', ')}]`,
    );
  return losses.mul(weight);
}

/** |x - y|. Shape: both the same, or such that broadcast. With weights the mean is by them. Source: torch.nn.functional.l1_loss. */
export function l1Loss(input: Tensor, target: Tensor, options: WeightedOptions = {}): Tensor {
  readOptions('l1Loss', ['weight', 'reduction'], options);
  const reduction = reductionCode('l1Loss', options);
  const [one, other] = inPairs(input, target);
  if (!options.weight) return nnOps.l1Loss(one, other, { reduction });
  return reduceByWeight(weighted('l1Loss', one.sub(other).abs(), input, options.weight), options.weight, reduction);
}

/** (x - y)^2. Shape: both the same, or such that broadcast. With weights the mean is by them. Source: torch.nn.functional.mse_loss. */
export function mseLoss(input: Tensor, target: Tensor, options: WeightedOptions = {}): Tensor {
  readOptions('mseLoss', ['weight', 'reduction'], options);
  const reduction = reductionCode('mseLoss', options);
  const [one, other] = inPairs(input, target);
  if (!options.weight) return nnOps.mseLoss(one, other, { reduction });
  return reduceByWeight(weighted('mseLoss', one.sub(other).pow(2), input, options.weight), options.weight, reduction);
}

function reduceByWeight(losses: Tensor, weight: Tensor, reduction: number): Tensor {
  return reduction === 0 ? losses : reduction === 1 ? losses.sum().div(weight.sum()) : losses.sum();
}

/** (x - y)^2 / (2 beta) where |x - y| < beta, else |x - y| - beta / 2.
 *  @param options.beta - default 1; 0 gives `l1Loss`.  Source: torch.nn.functional.smooth_l1_loss. */
export function smoothL1Loss(
  input: Tensor,
  target: Tensor,
  options: ReductionOptions & { beta?: number } = {},
): Tensor {
  readOptions('smoothL1Loss', ['beta', 'reduction'], options);
  const { beta = 1 } = options;
  const reduction = reductionCode('smoothL1Loss', options);
  const both = inPairs(input, target);
  return beta === 0 ? nnOps.l1Loss(...both, { reduction }) : nnOps.smoothL1Loss(...both, { reduction, beta });
}

/** (x - y)^2 / 2 where |x - y| < delta, else delta (|x - y| - delta / 2). With weights the mean is by elements, as in PyTorch.
 *  @param options.delta - default 1.  Source: Huber 1964; torch.nn.functional.huber_loss. */
export function huberLoss(input: Tensor, target: Tensor, options: WeightedOptions & { delta?: number } = {}): Tensor {
  readOptions('huberLoss', ['weight', 'delta', 'reduction'], options);
  const reduction = reductionCode('huberLoss', options);
  const { weight, delta = 1 } = options;
  const both = inPairs(input, target);
  if (!weight) return nnOps.huberLoss(...both, { reduction, delta });
  return reduceLosses(
    'huberLoss',
    weighted('huberLoss', nnOps.huberLoss(...both, { reduction: 0, delta }), input, weight),
    options,
  );
}

/** -(y log x + (1 - y) log(1 - x)), logarithms at least -100. Shape: input and target the same, probabilities.
 *  @param options.weight - a factor for each element; broadcasts.  @throws {ShapeError} for other shapes.
 *  Source: torch.nn.functional.binary_cross_entropy. */
export function binaryCrossEntropy(
  input: Tensor,
  target: Tensor,
  options: ReductionOptions & { weight?: Tensor } = {},
): Tensor {
  readOptions('binaryCrossEntropy', ['weight', 'reduction'], options);
  checkShapes('binaryCrossEntropy', input, target);
  const weight = options.weight?.expandAs(target);
  return nnOps.binaryCrossEntropy(input, target, { weight, reduction: reductionCode('binaryCrossEntropy', options) });
}

/** Binary cross entropy of sigmoid(x), without overflow. Shape: input and target the same.
 *  @param options.weight - a factor for each element; broadcasts.  @param options.posWeight - a factor for the targets' ones; broadcasts.
 *  @throws {ShapeError} for other shapes.  Source: torch.nn.functional.binary_cross_entropy_with_logits. */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  options: ReductionOptions & { weight?: Tensor; posWeight?: Tensor } = {},
): Tensor {
  readOptions('binaryCrossEntropyWithLogits', ['weight', 'posWeight', 'reduction'], options);
  checkShapes('binaryCrossEntropyWithLogits', input, target);
  const { weight, posWeight } = options;
  const reduction = reductionCode('binaryCrossEntropyWithLogits', options);
  return ops.binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction });
}

export interface KlDivOptions {
  /** 'batchmean', which is the divergence, divides by the first dimension, 'mean' by the number of elements. Default 'mean'. */
  reduction?: Reduction | 'batchmean';
  /** The target holds log probabilities. Default false. */
  logTarget?: boolean;
}

/** y (log y - x). Shape: input of log probabilities and target, both the same. Source: Kullback and Leibler 1951; torch.nn.functional.kl_div. */
export function klDiv(input: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  readOptions('klDiv', ['logTarget', 'reduction'], options);
  const { reduction = 'mean', logTarget = false } = options;
  const code = reductionCode('klDiv', { reduction: reduction === 'batchmean' ? 'sum' : reduction });
  const reduced = ops.klDiv(input, target, { reduction: code, logTarget });
  return reduction === 'batchmean' && input.ndim > 0 ? reduced.div(input.size(0)) : reduced;
}

export interface PoissonNllOptions extends ReductionOptions {
  /** The input is the logarithm of the rate. Default true. */
  logInput?: boolean;
  /** Add Stirling's approximation of log(target!). Default false. */
  full?: boolean;
  /** Keeps log(rate) finite where the input is the rate. Default 1e-8. */
  eps?: number;
}

/** exp(x) - y x, or x - y log(x + eps). Shape: both the same. Source: torch.nn.functional.poisson_nll_loss. */
export function poissonNllLoss(input: Tensor, target: Tensor, options: PoissonNllOptions = {}): Tensor {
  readOptions('poissonNllLoss', ['logInput', 'full', 'eps', 'reduction'], options);
  const { logInput = true, full = false, eps = 1e-8 } = options;
  return ops.poissonNllLoss(input, target, logInput, full, eps, reductionCode('poissonNllLoss', options));
}

export interface GaussianNllOptions extends ReductionOptions {
  /** Add log(2 pi) / 2. Default false. */
  full?: boolean;
  /** Least variance. Default 1e-6. */
  eps?: number;
}

/** (log var + (x - y)^2 / var) / 2. Shape: input and target the same; variance the same, or one a row, or a number.
 *  @throws {RangeError} for a negative variance; for a tensor that waits for the device.  @throws {ShapeError} for another shape.
 *  Source: Nix and Weigend 1994; torch.nn.functional.gaussian_nll_loss. */
export function gaussianNllLoss(
  input: Tensor,
  target: Tensor,
  variance: Tensor | number,
  options: GaussianNllOptions = {},
): Tensor {
  readOptions('gaussianNllLoss', ['full', 'eps', 'reduction'], options);
  const { full = false, eps = 1e-6 } = options;
  const isNegative = isTensor(variance) ? variance.lt(0).any().item() !== 0 : variance < 0;
  if (isNegative)
    throw new RangeError('Cannot compute gaussianNllLoss: expected a variance of at least 0, got a negative one');
  let spread = isTensor(variance) ? variance : ops.onesLike(input).mul(variance);
  const { shape } = input;
  const isOneRow = String([...spread.shape, shape.at(-1)]) === String(shape);
  // One for a whole dimension; every other of the input's size.
  const others = spread.shape.filter((size, dim) => size !== shape[dim]);
  const isOneDim = spread.ndim === input.ndim && others.reduce((sum, size) => sum + size, 0) === 1;
  if (isOneRow && input.ndim > 0) spread = spread.unsqueeze(-1);
  else if (String(spread.shape) !== String(shape) && !isOneDim)
    throw new ShapeError(
      `Cannot compute gaussianNllLoss: expected a variance of shape [${shape.join(', ')}] or one a row, got [${spread.shape.join(', ')}]`,
    );
  const floored = spread.clone();
  noGrad(() => floored.clamp_({ min: eps }));
  const losses = floored.log().add(input.sub(target).pow(2).div(floored)).mul(0.5);
  return reduceLosses('gaussianNllLoss', full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, options);
}

export interface CtcOptions extends ReductionOptions {
  /** The class that stands for no label. Default 0. */
  blank?: number;
  /** Give 0 instead of an infinite loss, where the input is too short. Default false. */
  zeroInfinity?: boolean;
}

/** Minus the log probability of all alignments of the targets. Shape: logProbs [T, N, C] or [T, C]; targets [N, S] or [sum of lengths];
 *  lengths [N] or numbers. 'mean' divides each by its target's length first.
 *  Source: Graves et al. 2006; torch.nn.functional.ctc_loss. */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Tensor | readonly number[],
  targetLengths: Tensor | readonly number[],
  options: CtcOptions = {},
): Tensor {
  readOptions('ctcLoss', ['blank', 'zeroInfinity', 'reduction'], options);
  const { blank = 0, zeroInfinity = false } = options;
  const rest = { blank, zeroInfinity, reduction: reductionCode('ctcLoss', options) };
  if (isTensor(inputLengths) && isTensor(targetLengths))
    return ops.ctcLoss(logProbs, targets, inputLengths, targetLengths, rest);
  if (isTensor(inputLengths) || isTensor(targetLengths))
    throw new TypeError('Cannot compute ctcLoss: expected both lengths as tensors or both as numbers, got one of each');
  return ops.ctcLoss(logProbs, targets, inputLengths, targetLengths, rest);
}

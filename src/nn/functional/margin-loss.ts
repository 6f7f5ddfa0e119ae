// Losses of distances, rankings and margins as functions.

import { ShapeError } from '../../errors.ts';
import { readOptions } from '../../tensor/arguments.ts';
import * as nnOps from '../../tensor/nn-ops.generated.ts';
import * as ops from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type ReductionOptions, reduceLosses, reductionCode } from './loss.ts';

export interface MarginOptions extends ReductionOptions {
  margin?: number;
}

/** x where y is 1, max(0, margin - x) where it is -1. Shape: both the same.
 *  @param options.margin - default 1.  Source: torch.nn.functional.hinge_embedding_loss. */
export function hingeEmbeddingLoss(input: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  readOptions('hingeEmbeddingLoss', ['margin', 'reduction'], options);
  const { margin = 1 } = options;
  return ops.hingeEmbeddingLoss(input, target, { margin, reduction: reductionCode('hingeEmbeddingLoss', options) });
}

/** 1 - cos(x1, x2) where y is 1, max(0, cos(x1, x2) - margin) where it is -1. Shape: inputs [N, D], target [N]; all with or without N.
 *  @param options.margin - default 0.  Source: torch.nn.functional.cosine_embedding_loss. */
export function cosineEmbeddingLoss(
  input1: Tensor,
  input2: Tensor,
  target: Tensor,
  options: MarginOptions = {},
): Tensor {
  readOptions('cosineEmbeddingLoss', ['margin', 'reduction'], options);
  const reduction = reductionCode('cosineEmbeddingLoss', options);
  return ops.cosineEmbeddingLoss(input1, input2, target, { margin: options.margin ?? 0, reduction });
}

/** max(0, -y (x1 - x2) + margin). Shape: all the same.
 *  @param options.margin - default 0.  @throws {ShapeError} for other dimensions.  Source: torch.nn.functional.margin_ranking_loss. */
export function marginRankingLoss(input1: Tensor, input2: Tensor, target: Tensor, options: MarginOptions = {}): Tensor {
  readOptions('marginRankingLoss', ['margin', 'reduction'], options);
  if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim)
    throw new ShapeError(
      `Cannot compute marginRankingLoss: expected as many dimensions of each, got [${input1.shape.join(', ')}], [${input2.shape.join(', ')}] and [${target.shape.join(', ')}]`,
    );
  const reduction = reductionCode('marginRankingLoss', options);
  return ops.marginRankingLoss(input1, input2, target, { margin: options.margin ?? 0, reduction });
}

/** log(1 + exp(-y x)). Shape: both the same. Source: torch.nn.functional.soft_margin_loss. */
export function softMarginLoss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  readOptions('softMarginLoss', ['reduction'], options);
  return nnOps.softMarginLoss(input, target, { reduction: reductionCode('softMarginLoss', options) });
}

export interface MultiMarginOptions extends MarginOptions {
  /** 1 or 2. Default 1. */
  p?: number;
  /** A factor for each class. Shape: [C]. */
  weight?: Tensor;
}

/** sum_i max(0, margin - x_y + x_i)^p / C over the other classes. Shape: input [N, C], target [N]; with or without N.
 *  @param options.margin - default 1.  @throws {RangeError} for another p.  Source: torch.nn.functional.multi_margin_loss. */
export function multiMarginLoss(input: Tensor, target: Tensor, options: MultiMarginOptions = {}): Tensor {
  readOptions('multiMarginLoss', ['p', 'margin', 'weight', 'reduction'], options);
  const { p = 1, margin = 1, weight } = options;
  if (p !== 1 && p !== 2) throw new RangeError(`Cannot compute multiMarginLoss: expected p of 1 or 2, got ${p}`);
  return nnOps.multiMarginLoss(input, target, {
    p,
    margin,
    weight,
    reduction: reductionCode('multiMarginLoss', options),
  });
}

/** sum over targets y and other classes i of max(0, 1 - (x_y - x_i)) / C. Shape: input [N, C], target [N, C] of classes up to the first -1.
 *  Source: torch.nn.functional.multilabel_margin_loss. */
export function multilabelMarginLoss(input: Tensor, target: Tensor, options: ReductionOptions = {}): Tensor {
  readOptions('multilabelMarginLoss', ['reduction'], options);
  return nnOps.multilabelMarginLoss(input, target, { reduction: reductionCode('multilabelMarginLoss', options) });
}

/** -mean_c (y log sigmoid(x) + (1 - y) log sigmoid(-x)). Shape: input and target [N, C].
 *  @param options.weight - a factor for each class. Shape: [C].  Source: torch.nn.functional.multilabel_soft_margin_loss. */
export function multilabelSoftMarginLoss(
  input: Tensor,
  target: Tensor,
  options: ReductionOptions & { weight?: Tensor } = {},
): Tensor {
  readOptions('multilabelSoftMarginLoss', ['weight', 'reduction'], options);
  const positive = target.mul(nnOps.logSigmoid(input));
  const negative = ops.rsub(target, 1).mul(nnOps.logSigmoid(input.neg()));
  let losses = positive.add(negative).neg();
  if (options.weight) losses = losses.mul(options.weight);
  return reduceLosses('multilabelSoftMarginLoss', losses.sum({ dim: [input.ndim - 1] }).div(input.size(-1)), options); // [N]
}

export interface TripletMarginOptions extends MarginOptions {
  /** Of the distance. Default 2. */
  p?: number;
  /** Keeps distances of nothing differentiable. Default 1e-6. */
  eps?: number;
  /** Take the distance from the positive to the negative where that is less. Default false. */
  swap?: boolean;
}

/** max(0, d(anchor, positive) - d(anchor, negative) + margin). Shape: all [N, D], with or without N.
 *  @param options.margin - above 0. Default 1.  @throws {RangeError} for another.
 *  Source: Balntas et al. 2016; torch.nn.functional.triplet_margin_loss. */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginOptions = {},
): Tensor {
  readOptions('tripletMarginLoss', ['margin', 'p', 'eps', 'swap', 'reduction'], options);
  const { margin = 1, p = 2, eps = 1e-6, swap = false } = options;
  if (!(margin > 0)) throw new RangeError(`Cannot compute tripletMarginLoss: expected margin above 0, got ${margin}`);
  const reduction = reductionCode('tripletMarginLoss', options);
  return ops.tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
}

export interface TripletMarginWithDistanceOptions extends MarginOptions {
  /** Of two batches of vectors, one number each. Default: `pairwiseDistance`. */
  distanceFunction?: (x1: Tensor, x2: Tensor) => Tensor;
  /** Take the distance from the positive to the negative where that is less. Default false. */
  swap?: boolean;
}

/** max(0, d(anchor, positive) - d(anchor, negative) + margin) of any distance. Shape: as the distance takes them, all with as many dimensions.
 *  @param options.margin - above 0. Default 1.  @throws {RangeError} for another.  @throws {ShapeError} for other dimensions.
 *  Source: Balntas et al. 2016; torch.nn.functional.triplet_margin_with_distance_loss. */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceOptions = {},
): Tensor {
  const name = 'tripletMarginWithDistanceLoss';
  readOptions(name, ['distanceFunction', 'margin', 'swap', 'reduction'], options);
  const { distanceFunction = ops.pairwiseDistance, margin = 1, swap = false } = options;
  if (!(margin > 0)) throw new RangeError(`Cannot compute ${name}: expected margin above 0, got ${margin}`);
  if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim)
    throw new ShapeError(
      `Cannot compute ${name}: expected as many dimensions of each, got [${anchor.shape.join(', ')}], [${positive.shape.join(', ')}] and [${negative.shape.join(', ')}]`,
    );
  const near = distanceFunction(anchor, positive);
  let far = distanceFunction(anchor, negative);
  if (swap) far = ops.minimum(far, distanceFunction(positive, negative));
  return reduceLosses(name, near.add(margin).sub(far).clampMin(0), options);
}

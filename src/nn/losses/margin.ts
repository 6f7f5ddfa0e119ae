// Losses of distances, rankings and margins as modules.

import type { Tensor } from '../../tensor/tensor.ts';
import type { Reduction, ReductionOptions } from '../functional/loss.ts';
import {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  type MarginOptions,
  type MultiMarginOptions,
  marginRankingLoss,
  multilabelMarginLoss,
  multilabelSoftMarginLoss,
  multiMarginLoss,
  softMarginLoss,
  type TripletMarginOptions,
  tripletMarginLoss,
} from '../functional/margin-loss.ts';
import { Module } from '../module.ts';

abstract class MarginLoss extends Module {
  readonly margin: number;
  readonly reduction: Reduction;

  constructor(margin: number, options: MarginOptions) {
    super();
    this.margin = options.margin ?? margin;
    this.reduction = options.reduction ?? 'mean';
  }
}

/** x where y is 1, max(0, margin - x) where it is -1. Shape: both the same. Source: torch.nn.HingeEmbeddingLoss. */
export class HingeEmbeddingLoss extends MarginLoss {
  /** @param options.margin - default 1. */
  constructor(options: MarginOptions = {}) {
    super(1, options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return hingeEmbeddingLoss(input, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** Of angles. Shape: inputs [N, D], target [N] of 1 and -1; all with or without N. Source: torch.nn.CosineEmbeddingLoss. */
export class CosineEmbeddingLoss extends MarginLoss {
  /** @param options.margin - default 0. */
  constructor(options: MarginOptions = {}) {
    super(0, options);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** max(0, -y (x1 - x2) + margin). Shape: all the same. Source: torch.nn.MarginRankingLoss. */
export class MarginRankingLoss extends MarginLoss {
  /** @param options.margin - default 0. */
  constructor(options: MarginOptions = {}) {
    super(0, options);
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return marginRankingLoss(input1, input2, target, { margin: this.margin, reduction: this.reduction });
  }
}

/** log(1 + exp(-y x)). Shape: both the same. Source: torch.nn.SoftMarginLoss. */
export class SoftMarginLoss extends Module {
  readonly reduction: Reduction;

  constructor(options: ReductionOptions = {}) {
    super();
    this.reduction = options.reduction ?? 'mean';
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return softMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** A margin between the target's class and each other. Shape: input [N, C], target [N]; with or without N. Source: torch.nn.MultiMarginLoss. */
export class MultiMarginLoss extends MarginLoss {
  readonly p: number;
  declare weight: Tensor | undefined;

  /** @param options.margin - default 1. */
  constructor(options: MultiMarginOptions = {}) {
    super(1, options);
    this.p = options.p ?? 1;
    if (this.p !== 1 && this.p !== 2)
      throw new RangeError(`Cannot make MultiMarginLoss: expected p of 1 or 2, got ${this.p}`);
    this.registerBuffer('weight', options.weight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, reduction, weight } = this;
    return multiMarginLoss(input, target, { p, margin, reduction, ...(weight ? { weight } : {}) });
  }
}

/** A margin between every target and every other class. Shape: input [N, C], target [N, C] of classes up to the first -1. Source: torch.nn.MultiLabelMarginLoss. */
export class MultiLabelMarginLoss extends Module {
  readonly reduction: Reduction;

  constructor(options: ReductionOptions = {}) {
    super();
    this.reduction = options.reduction ?? 'mean';
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** The mean over classes of binary cross entropy of logits. Shape: input and target [N, C]. Source: torch.nn.MultiLabelSoftMarginLoss. */
export class MultiLabelSoftMarginLoss extends Module {
  readonly reduction: Reduction;
  declare weight: Tensor | undefined;

  /** @param options.weight - a factor for each class. Shape: [C]. */
  constructor(options: ReductionOptions & { weight?: Tensor } = {}) {
    super();
    this.reduction = options.reduction ?? 'mean';
    this.registerBuffer('weight', options.weight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return multilabelSoftMarginLoss(input, target, { reduction, ...(weight ? { weight } : {}) });
  }
}

/** max(0, d(anchor, positive) - d(anchor, negative) + margin). Shape: all [N, D], with or without N. Source: torch.nn.TripletMarginLoss. */
export class TripletMarginLoss extends MarginLoss {
  readonly p: number;
  readonly eps: number;
  readonly swap: boolean;

  /** @param options.margin - above 0. Default 1. */
  constructor(options: TripletMarginOptions = {}) {
    super(1, options);
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.swap = options.swap ?? false;
    if (!(this.margin > 0))
      throw new RangeError(`Cannot make TripletMarginLoss: expected margin above 0, got ${this.margin}`);
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

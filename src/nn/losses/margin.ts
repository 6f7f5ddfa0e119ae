// Losses of distances, rankings and margins as modules.

import type { Tensor } from '../../tensor/tensor.ts';
import { type Reduction, type ReductionOptions, reductionCode } from '../functional/loss.ts';
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
  type TripletMarginWithDistanceOptions,
  tripletMarginLoss,
  tripletMarginWithDistanceLoss,
} from '../functional/margin-loss.ts';
import { checkOptions, type KnownOptions, type OptionNames } from '../layer-options.ts';
import { PairwiseDistance } from '../layers/distance.ts';
import { Module } from '../module.ts';

const REDUCTION = { reduction: true } satisfies OptionNames<ReductionOptions>;
const MARGIN = { margin: true, ...REDUCTION } satisfies OptionNames<MarginOptions>;

abstract class ReducedLoss extends Module {
  readonly reduction: Reduction;

  /** @param known - the loss's options. */
  constructor(options: ReductionOptions, known: KnownOptions) {
    super();
    checkOptions(this, known, options);
    reductionCode(this.constructor.name, options);
    this.reduction = options.reduction ?? 'mean';
  }
}

abstract class MarginLoss extends ReducedLoss {
  readonly margin: number;

  constructor(margin: number, options: MarginOptions, known: KnownOptions = MARGIN) {
    super(options, known);
    this.margin = options.margin ?? margin;
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
export class SoftMarginLoss extends ReducedLoss {
  constructor(options: ReductionOptions = {}) {
    super(options, REDUCTION);
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
    super(1, options, { ...MARGIN, p: true, weight: true } satisfies OptionNames<MultiMarginOptions>);
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
export class MultiLabelMarginLoss extends ReducedLoss {
  constructor(options: ReductionOptions = {}) {
    super(options, REDUCTION);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return multilabelMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** The mean over classes of binary cross entropy of logits. Shape: input and target [N, C]. Source: torch.nn.MultiLabelSoftMarginLoss. */
export class MultiLabelSoftMarginLoss extends ReducedLoss {
  declare weight: Tensor | undefined;

  /** @param options.weight - a factor for each class. Shape: [C]. */
  constructor(options: ReductionOptions & { weight?: Tensor } = {}) {
    super(options, { ...REDUCTION, weight: true });
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
    super(1, options, { ...MARGIN, p: true, eps: true, swap: true } satisfies OptionNames<TripletMarginOptions>);
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

/** max(0, d(anchor, positive) - d(anchor, negative) + margin) of any distance. Shape: as the distance takes them. Source: torch.nn.TripletMarginWithDistanceLoss. */
export class TripletMarginWithDistanceLoss extends MarginLoss {
  readonly distance_function: ((x1: Tensor, x2: Tensor) => Tensor) | DistanceModule;
  readonly swap: boolean;

  /** @param options.distanceFunction - a function, or a module of two tensors. Default: `PairwiseDistance`.  @param options.margin - above 0. Default 1. */
  constructor(options: DistanceLossOptions = {}) {
    super(1, options, {
      ...MARGIN,
      distanceFunction: true,
      swap: true,
    } satisfies OptionNames<DistanceLossOptions>);
    if (!(this.margin > 0))
      throw new RangeError(`Cannot make TripletMarginWithDistanceLoss: expected margin above 0, got ${this.margin}`);
    this.distance_function = options.distanceFunction ?? new PairwiseDistance();
    this.swap = options.swap ?? false;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distance_function, margin, swap, reduction } = this;
    return tripletMarginWithDistanceLoss(anchor, positive, negative, {
      distanceFunction:
        distance_function instanceof Module ? (x1, x2) => distance_function.forward(x1, x2) : distance_function,
      margin,
      swap,
      reduction,
    });
  }
}

type DistanceModule = Module & { forward(x1: Tensor, x2: Tensor): Tensor };

export interface DistanceLossOptions extends Omit<TripletMarginWithDistanceOptions, 'distanceFunction'> {
  distanceFunction?: ((x1: Tensor, x2: Tensor) => Tensor) | DistanceModule;
}

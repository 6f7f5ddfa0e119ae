// Losses of class scores and probabilities as modules.

import type { Tensor } from '../../tensor/tensor.ts';
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type CrossEntropyOptions,
  type CtcOptions,
  crossEntropy,
  ctcLoss,
  type KlDivOptions,
  klDiv,
  nllLoss,
  type Reduction,
  type ReductionOptions,
  reductionCode,
} from '../functional/loss.ts';
import { checkOptions, type KnownOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';

const REDUCTION = { reduction: true } satisfies OptionNames<ReductionOptions>;
const WEIGHT = { weight: true, ...REDUCTION } satisfies OptionNames<ReductionOptions & { weight?: Tensor }>;
const NLL = { weight: true, ignoreIndex: true, ...REDUCTION } satisfies OptionNames<NLLOptions>;

type NLLOptions = Omit<CrossEntropyOptions, 'labelSmoothing'>;

/** A loss with a factor for each class or element, which is a buffer. */
export abstract class WeightedLoss extends Module {
  readonly reduction: Reduction;
  declare weight: Tensor | undefined;

  /** @param known - the loss's options. */
  constructor(options: ReductionOptions & { weight?: Tensor }, known: KnownOptions) {
    super();
    checkOptions(this, known, options);
    reductionCode(this.constructor.name, options);
    this.reduction = options.reduction ?? 'mean';
    this.registerBuffer('weight', options.weight);
  }

  protected get common(): { reduction: Reduction; weight?: Tensor } {
    return { reduction: this.reduction, ...(this.weight ? { weight: this.weight } : {}) };
  }
}

/** Cross entropy between logits and targets. Shape: input [N, C, ...]; target [N, ...] int64 or [N, C, ...]. Source: torch.nn.CrossEntropyLoss. */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(options: CrossEntropyOptions = {}) {
    super(options, { ...NLL, labelSmoothing: true } satisfies OptionNames<CrossEntropyOptions>);
    this.ignoreIndex = options.ignoreIndex ?? -100;
    this.labelSmoothing = options.labelSmoothing ?? 0;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { ignoreIndex, labelSmoothing } = this;
    return crossEntropy(input, target, { ...this.common, ignoreIndex, labelSmoothing });
  }
}

/** Minus the log probability of the target's class. Shape: input [N, C, ...] of log probabilities, target [N, ...] int64. Source: torch.nn.NLLLoss. */
export class NLLLoss extends WeightedLoss {
  readonly ignoreIndex: number;

  constructor(options: NLLOptions = {}) {
    super(options, NLL);
    this.ignoreIndex = options.ignoreIndex ?? -100;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return nllLoss(input, target, { ...this.common, ignoreIndex: this.ignoreIndex });
  }
}

/** Binary cross entropy of probabilities. Shape: both the same. Source: torch.nn.BCELoss. */
export class BCELoss extends WeightedLoss {
  /** @param options.weight - a factor for each element; broadcasts. */
  constructor(options: ReductionOptions & { weight?: Tensor } = {}) {
    super(options, WEIGHT);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this.common);
  }
}

/** Binary cross entropy of logits. Shape: both the same. Source: torch.nn.BCEWithLogitsLoss. */
export class BCEWithLogitsLoss extends WeightedLoss {
  declare pos_weight: Tensor | undefined;

  /** @param options.weight - a factor for each element; broadcasts.  @param options.posWeight - a factor for the targets' ones; broadcasts. */
  constructor(options: ReductionOptions & { weight?: Tensor; posWeight?: Tensor } = {}) {
    super(options, { ...WEIGHT, posWeight: true });
    this.registerBuffer('pos_weight', options.posWeight);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { pos_weight } = this;
    return binaryCrossEntropyWithLogits(input, target, {
      ...this.common,
      ...(pos_weight ? { posWeight: pos_weight } : {}),
    });
  }
}

/** Kullback-Leibler divergence. Shape: input of log probabilities and target, both the same. Source: torch.nn.KLDivLoss. */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | 'batchmean';
  readonly logTarget: boolean;

  constructor(options: KlDivOptions = {}) {
    super();
    checkOptions(this, { ...REDUCTION, logTarget: true } satisfies OptionNames<KlDivOptions>, options);
    const { reduction } = options;
    if (reduction !== 'batchmean') reductionCode('KLDivLoss', reduction === undefined ? {} : { reduction });
    this.reduction = options.reduction ?? 'mean';
    this.logTarget = options.logTarget ?? false;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, { reduction: this.reduction, logTarget: this.logTarget });
  }
}

/** Connectionist temporal classification. Shape: logProbs [T, N, C] or [T, C]; targets [N, S] or [sum of lengths]; lengths [N] or numbers.
 *  Source: Graves et al. 2006; torch.nn.CTCLoss. */
export class CTCLoss extends Module {
  readonly blank: number;
  readonly zeroInfinity: boolean;
  readonly reduction: Reduction;

  constructor(options: CtcOptions = {}) {
    super();
    checkOptions(this, { ...REDUCTION, blank: true, zeroInfinity: true } satisfies OptionNames<CtcOptions>, options);
    reductionCode('CTCLoss', options);
    this.blank = options.blank ?? 0;
    this.zeroInfinity = options.zeroInfinity ?? false;
    this.reduction = options.reduction ?? 'mean';
  }

  forward(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor | readonly number[],
    targetLengths: Tensor | readonly number[],
  ): Tensor {
    const { blank, zeroInfinity, reduction } = this;
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, { blank, zeroInfinity, reduction });
  }
}

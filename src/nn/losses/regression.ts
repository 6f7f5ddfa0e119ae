// Losses of numbers against numbers as modules.

import type { Tensor } from '../../tensor/tensor.ts';
import {
  type GaussianNllOptions,
  gaussianNllLoss,
  huberLoss,
  l1Loss,
  mseLoss,
  type PoissonNllOptions,
  poissonNllLoss,
  type Reduction,
  type ReductionOptions,
  reductionCode,
  smoothL1Loss,
} from '../functional/loss.ts';
import { checkOptions, type KnownOptions, type OptionNames } from '../layer-options.ts';
import { Module } from '../module.ts';

type Own<Options> = OptionNames<Omit<Options, 'reduction'>>;

abstract class ReducedLoss extends Module {
  readonly reduction: Reduction;

  /** @param more - the loss's options beside the reduction. */
  constructor(options: ReductionOptions, more: KnownOptions = {}) {
    super();
    checkOptions(this, { ...more, reduction: true }, options);
    this.reduction = options.reduction ?? 'mean';
    reductionCode(this.constructor.name, options);
  }
}

/** Mean (or sum) of squared differences. Shape: both the same. Source: torch.nn.MSELoss. */
export class MSELoss extends ReducedLoss {
  constructor(options: ReductionOptions = {}) {
    super(options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}

/** Mean (or sum) of absolute differences. Shape: both the same. Source: torch.nn.L1Loss. */
export class L1Loss extends ReducedLoss {
  constructor(options: ReductionOptions = {}) {
    super(options);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return l1Loss(input, target, { reduction: this.reduction });
  }
}

/** Squares for small differences, absolute values for large ones. Shape: both the same. Source: Girshick 2015, arXiv:1504.08083; torch.nn.SmoothL1Loss. */
export class SmoothL1Loss extends ReducedLoss {
  readonly beta: number;

  /** @param options.beta - where they meet. Default 1. */
  constructor(options: ReductionOptions & { beta?: number } = {}) {
    super(options, { beta: true });
    this.beta = options.beta ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

/** `SmoothL1Loss` times delta. Shape: both the same. Source: Huber 1964; torch.nn.HuberLoss. */
export class HuberLoss extends ReducedLoss {
  readonly delta: number;

  /** @param options.delta - where squares and absolute values meet. Default 1. */
  constructor(options: ReductionOptions & { delta?: number } = {}) {
    super(options, { delta: true });
    this.delta = options.delta ?? 1;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return huberLoss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

/** For counts. Shape: both the same. Source: torch.nn.PoissonNLLLoss. */
export class PoissonNLLLoss extends ReducedLoss {
  readonly logInput: boolean;
  readonly full: boolean;
  readonly eps: number;

  constructor(options: PoissonNllOptions = {}) {
    super(options, { logInput: true, full: true, eps: true } satisfies Own<PoissonNllOptions>);
    this.logInput = options.logInput ?? true;
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-8;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/** For a mean and a variance. Shape: input and target the same; variance the same, one a row, or a number. Source: torch.nn.GaussianNLLLoss. */
export class GaussianNLLLoss extends ReducedLoss {
  readonly full: boolean;
  readonly eps: number;

  constructor(options: GaussianNllOptions = {}) {
    super(options, { full: true, eps: true } satisfies Own<GaussianNllOptions>);
    this.full = options.full ?? false;
    this.eps = options.eps ?? 1e-6;
  }

  forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    const { full, eps, reduction } = this;
    return gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}

// Clipping as an object: of a model, or before every step of an optimizer.

import type { Module } from '../nn/module.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { AdamW, type AdamWHyperparameters } from './adamw.ts';
import { clipGradNorm_ } from './clip.ts';
import type { Optimizer } from './optimizer.ts';
import { type OptimizerHookHandle, runningOperatorsAlone } from './optimizer-hooks.ts';
import type { OptimizerParams } from './param-groups.ts';

export interface GradientClipperOptions {
  /** In the unit of gradients, above 0. */
  readonly maxNorm: number;
  /** Order of the norm. Default 2. */
  readonly normType?: number;
}

/** Scales gradients so that their joint norm is at most `maxNorm`, as `clipGradNorm_` does.
 *  @throws {RangeError} if maxNorm <= 0.
 *  Source: multimodal_insight_engine's GradientClipper.
 *  @example
 *  const weight = new nn.Parameter(zeros([2]));
 *  const optimizer = new optim.SGD([weight], { lr: 1 });
 *  new optim.GradientClipper({ maxNorm: 1 }).attach(optimizer);
 *  weight.grad = tensor([3, 4]);
 *  optimizer.step();
 *  weight.detach(); // tensor([-0.6000, -0.8000]) */
export class GradientClipper {
  readonly maxNorm: number;
  readonly normType: number;

  constructor(options: GradientClipperOptions) {
    const { maxNorm, normType = 2, ...others } = options;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined)
      throw new TypeError(`Cannot make GradientClipper: expected options of { maxNorm, normType }, got "${unknown}"`);
    if (!(maxNorm > 0))
      throw new RangeError(`Cannot make GradientClipper: expected maxNorm above 0, got ${String(maxNorm)}`);
    if (typeof normType !== 'number' || Number.isNaN(normType))
      throw new RangeError(`Cannot make GradientClipper: expected normType to be a number, got ${String(normType)}`);
    this.maxNorm = maxNorm;
    this.normType = normType;
  }

  /** Clips the gradients of all of a model's parameters. @returns the norm before, a tensor without dimensions. */
  clipGradNorm(model: Module): Tensor {
    return clipGradNorm_(model.parameters(), this.maxNorm, { normType: this.normType });
  }

  /** Clips the gradients of all groups of an optimizer before each of its steps. */
  attach<H extends { lr: number }>(optimizer: Optimizer<H>): OptimizerHookHandle {
    const clip = runningOperatorsAlone(() => {
      clipGradNorm_(optimizer.parameters(), this.maxNorm, { normType: this.normType });
      return undefined;
    });
    return optimizer.registerStepPreHook(clip);
  }
}

export interface ClippedAdamWOptions extends Partial<AdamWHyperparameters> {
  /** The greatest norm of the gradients of all groups together. Default: they are not clipped. */
  readonly clipGrad?: number | undefined;
}

/** `AdamW` that clips the gradients of all its groups together before each step.
 *  Source: multimodal_insight_engine's AdamW, which clips those of the first group alone, and whose weight decay is 0 by default; here it is 0.01, as PyTorch's.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class ClippedAdamW extends AdamW {
  readonly clipGrad: number | undefined;

  constructor(params: OptimizerParams<AdamWHyperparameters>, options: ClippedAdamWOptions = {}) {
    const { clipGrad, ...rest } = options;
    super(params, rest);
    this.clipGrad = clipGrad;
    if (clipGrad !== undefined) new GradientClipper({ maxNorm: clipGrad }).attach(this);
  }
}

// RMSprop, whose steps are measured by the running average of squared gradients.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, flag, float } from './hyperparameters.ts';
import { averageSquares_, descentOfWhole, lerp_, mul_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams, ParamGroup } from './param-groups.ts';
import { LIKE, NUMBER, optional } from './state-kinds.ts';

export interface RMSpropHyperparameters {
  /** Learning rate, at least 0. Default 1e-2. */
  lr: number;
  /** Share of the velocity that stays, at least 0. Default 0: no velocity is kept. */
  momentum: number;
  /** Decay of the averages, at least 0. Default 0.99. */
  alpha: number;
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Measure by the variance, and not by the square. Default false. */
  centered: boolean;
  /** Added to the gradient, times the parameter; at least 0. Default 0. */
  weightDecay: number;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<RMSpropHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-2, AT_LEAST_0),
    momentum: float('momentum', 0, AT_LEAST_0),
    alpha: float('alpha', 0.99, AT_LEAST_0),
    eps: float('eps', 1e-8, AT_LEAST_0),
    centered: flag('centered'),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    maximize: flag('maximize'),
  },
  fixedEntries: { capturable: false, foreach: null, differentiable: false },
  state: { step: NUMBER, square_avg: LIKE, momentum_buffer: optional(LIKE), grad_avg: optional(LIKE) },
  complex: 'as pairs',
};

/** Rule: g <- g + weightDecay * p; v <- alpha v + (1 - alpha) g^2; if centered a <- alpha a + (1 - alpha) g and u = v - a^2, else u = v;
 *  p <- p - lr * g / (sqrt(u) + eps), or with momentum b <- momentum * b + g / (sqrt(u) + eps) and p <- p - lr * b.
 *  Bits: those of torch.optim.RMSprop by default.
 *  Source: Hinton's lecture 6 of 2012; centered: Graves 2013, arXiv:1308.0850; torch.optim.RMSprop.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class RMSprop extends GroupOptimizer<RMSpropHyperparameters> {
  constructor(params: OptimizerParams<RMSpropHyperparameters>, options: Partial<RMSpropHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter, group: ParamGroup<RMSpropHyperparameters>): Entries {
    const like = (): Tensor => zerosLike(parameter, { memoryFormat: 'preserve_format' });
    return {
      step: 0,
      square_avg: like(),
      ...(group.momentum > 0 ? { momentum_buffer: like() } : {}),
      ...(group.centered ? { grad_avg: like() } : {}),
    };
  }

  protected override update(batch: Batch<RMSpropHyperparameters>): void {
    const { group } = batch;
    this.readsAnew('lr', 'momentum', 'alpha', 'weightDecay');
    batch.countSteps();
    const grads = descentOfWhole(batch, () => group.weightDecay);
    const squares = batch.tensors('square_avg');
    averageSquares_(squares, grads, () => group.alpha);
    let denominators: readonly Tensor[];
    if (group.centered) {
      const averages = batch.tensors('grad_avg');
      lerp_(averages, grads, () => 1 - group.alpha);
      denominators = aten._foreach_addcmul$Scalar(squares, averages, averages, -1);
      aten._foreach_sqrt_(denominators);
    } else denominators = aten._foreach_sqrt(squares);
    aten._foreach_add_$Scalar(denominators, group.eps);
    if (group.momentum > 0) {
      const velocities = batch.tensors('momentum_buffer');
      mul_(velocities, () => group.momentum);
      aten._foreach_addcdiv_$Scalar(velocities, grads, denominators);
      aten._foreach_add_$List(batch.params, velocities, ...readAnew(() => [-group.lr]));
    } else aten._foreach_addcdiv_$Scalar(batch.params, grads, denominators, ...readAnew(() => [-group.lr]));
  }
}

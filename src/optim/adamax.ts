// Adamax: Adam with the largest gradient of late in place of the average square.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import { pow } from '../tensor/float-math.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import { type Batch, GroupOptimizer, type GroupRule, stepsOf } from './group-optimizer.ts';
import { AT_LEAST_0, betas, flag, float } from './hyperparameters.ts';
import { descentOfWhole, lerp_, maximum_, mul_, perStep } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { LIKE, NUMBER } from './state-kinds.ts';

export interface AdamaxHyperparameters {
  /** Learning rate, at least 0. Default 2e-3. */
  lr: number;
  /** Decay of the average gradient and of the largest one, in [0, 1). Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the size of the gradient. Default 1e-8. */
  eps: number;
  /** Added to the gradient, times the parameter; at least 0. Default 0. */
  weightDecay: number;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<AdamaxHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 2e-3, AT_LEAST_0),
    betas: betas(0.9, 0.999),
    eps: float('eps', 1e-8, AT_LEAST_0),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    maximize: flag('maximize'),
  },
  fixedEntries: { foreach: null, differentiable: false, capturable: false },
  state: { step: NUMBER, exp_avg: LIKE, exp_inf: LIKE },
  complex: 'as pairs',
};

/** Rule: g <- g + weightDecay * p; m <- b1 m + (1 - b1) g; u <- max(b2 u, |g| + eps); p <- p - lr / (1 - b1^t) * m / u.
 *  Bits: those of torch.optim.Adamax by default.
 *  Source: Kingma and Ba 2015, arXiv:1412.6980, section 7.1; torch.optim.Adamax.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class Adamax extends GroupOptimizer<AdamaxHyperparameters> {
  constructor(params: OptimizerParams<AdamaxHyperparameters>, options: Partial<AdamaxHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter): Entries {
    return {
      step: 0,
      exp_avg: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
      exp_inf: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
    };
  }

  protected override update(batch: Batch<AdamaxHyperparameters>): void {
    const { group, entries } = batch;
    this.readsAnew('lr', 'betas', 'weightDecay');
    batch.countSteps();
    const grads = descentOfWhole(batch, () => group.weightDecay);
    const averages = batch.tensors('exp_avg');
    const largest = batch.tensors('exp_inf');
    lerp_(averages, grads, () => 1 - group.betas[0]);
    mul_(largest, () => group.betas[1]);
    const sizes = aten._foreach_abs(grads);
    aten._foreach_add_$Scalar(sizes, group.eps);
    maximum_(largest, sizes);
    const rates = readAnew(() => perStep(stepsOf(entries), (step) => -(group.lr / (1 - pow(group.betas[0], step)))));
    aten._foreach_addcdiv_$ScalarList(batch.params, averages, largest, rates);
  }
}

// Lion, whose steps have the sign of an average gradient and the same size everywhere.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, betas, flag, float } from './hyperparameters.ts';
import { descent, lerp_, mul_, sign_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { LIKE } from './state-kinds.ts';

export interface LionHyperparameters {
  /** Learning rate, at least 0; a third to a tenth of AdamW's does. Default 1e-4. */
  lr: number;
  /** Share of the average in the step, and its decay; in [0, 1). Default [0.9, 0.99]. */
  betas: readonly [number, number];
  /** Decay of the weights themselves, times the learning rate; at least 0, three to ten times AdamW's does. Default 0. */
  weightDecay: number;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<LionHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-4, AT_LEAST_0),
    betas: betas(0.9, 0.99),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    maximize: flag('maximize'),
  },
  state: { exp_avg: LIKE },
};

/** Rule: p <- p * (1 - lr * weightDecay); p <- p - lr * sign(b1 m + (1 - b1) g); m <- b2 m + (1 - b2) g.
 *  PyTorch has no Lion; the state is `exp_avg`, as in the authors' code for PyTorch.
 *  Source: Chen et al. 2023, arXiv:2302.06675, algorithm 2.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class Lion extends GroupOptimizer<LionHyperparameters> {
  constructor(params: OptimizerParams<LionHyperparameters>, options: Partial<LionHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter): Entries {
    return { exp_avg: zerosLike(parameter, { memoryFormat: 'preserve_format' }) };
  }

  protected override update(batch: Batch<LionHyperparameters>): void {
    const { group } = batch;
    this.readsAnew('lr', 'betas', 'weightDecay');
    const grads = descent(batch);
    const averages = batch.tensors('exp_avg');
    if (group.weightDecay !== 0) mul_(batch.params, () => 1 - group.lr * group.weightDecay);
    const steps = aten._foreach_mul$Scalar(averages, ...readAnew(() => [group.betas[0]]));
    aten._foreach_add_$List(steps, grads, ...readAnew(() => [1 - group.betas[0]]));
    sign_(steps);
    aten._foreach_add_$List(batch.params, steps, ...readAnew(() => [-group.lr]));
    lerp_(averages, grads, () => 1 - group.betas[1]);
  }
}

// ASGD: gradient descent, and beside it the average of the weights that it passes.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { atEachStep, holdsWhile, isRepeated, readAnew, refuseCapture } from '../tensor/capture/notes.ts';
import { pow } from '../tensor/float-math.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, flag, float } from './hyperparameters.ts';
import { copy_, descent, mul_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams, ParamGroup } from './param-groups.ts';
import { LIKE, NUMBER } from './state-kinds.ts';

export interface ASGDHyperparameters {
  /** Learning rate of the first step, at least 0. Default 1e-2. */
  lr: number;
  /** Share of the weights that goes at each step, times the learning rate. Default 1e-4. */
  lambd: number;
  /** Power by which the learning rate falls. Default 0.75. */
  alpha: number;
  /** Step at which averaging starts. Default 1e6. */
  t0: number;
  /** Added to the gradient, times the parameter; at least 0. Default 0. */
  weightDecay: number;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<ASGDHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-2, AT_LEAST_0),
    lambd: float('lambd', 1e-4),
    alpha: float('alpha', 0.75),
    t0: float('t0', 1e6),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    maximize: flag('maximize'),
  },
  fixedEntries: { foreach: null, differentiable: false, capturable: false },
  state: { step: NUMBER, eta: NUMBER, mu: NUMBER, ax: LIKE },
  complex: 'as pairs',
};

/** Rule: g <- g + weightDecay * p; p <- p * (1 - lambd * eta) - eta * g; ax <- ax + mu * (p - ax); then eta <- lr / (1 + lambd * lr * t)^alpha and
 *  mu <- 1 / max(1, t - t0). The averaged weights are `ax` in the state.
 *  Bits: those of torch.optim.ASGD by default.
 *  Source: Polyak and Juditsky 1992; torch.optim.ASGD.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class ASGD extends GroupOptimizer<ASGDHyperparameters> {
  constructor(params: OptimizerParams<ASGDHyperparameters>, options: Partial<ASGDHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter, group: ParamGroup<ASGDHyperparameters>): Entries {
    const ax = zerosLike(parameter, { memoryFormat: 'preserve_format' });
    return { step: 0, eta: Math.fround(group.lr), mu: 1, ax };
  }

  protected override update(batch: Batch<ASGDHyperparameters>): void {
    this.readsAnew('lr', 'lambd', 'alpha', 't0', 'weightDecay');
    batch.countSteps();
    // Parameters that had no gradient in some steps are at another learning rate.
    for (const part of batch.split((i) => batch.entries[i]!.step)) this.#updateEven(part);
  }

  #updateEven(batch: Batch<ASGDHyperparameters>): void {
    const { params, group, entries } = batch;
    // Counted alike, they have the same numbers.
    const first = entries[0]! as { eta: number; mu: number; step: number };
    const grads = descent(batch, () => group.weightDecay);
    mul_(params, () => 1 - group.lambd * first.eta);
    aten._foreach_add_$List(params, grads, ...readAnew(() => [-first.eta]));
    const averages = batch.tensors('ax');
    const isCopied = first.mu === 1;
    holdsWhile(() => (first.mu === 1) === isCopied);
    if (isRepeated(first)) refuseCapture('ASGD makes several steps in it');
    if (isCopied) copy_(averages, params);
    else {
      const steps = aten._foreach_sub$List(params, averages);
      mul_(steps, () => first.mu);
      aten._foreach_add_$List(averages, steps);
    }
    // PyTorch keeps both in float32.
    let before: { eta: unknown; mu: unknown }[] = [];
    const advance = (): void => {
      before = entries.map(({ eta, mu }) => ({ eta, mu }));
      const { lr, lambd, alpha, t0 } = group;
      const { step } = first;
      const next = {
        eta: Math.fround(lr / pow(1 + lambd * lr * step, alpha)),
        mu: Math.fround(1 / Math.max(1, step - t0)),
      };
      for (const each of entries) Object.assign(each, next);
    };
    atEachStep(advance, () => {
      for (const [i, each] of entries.entries()) Object.assign(each, before[i]);
    });
  }
}

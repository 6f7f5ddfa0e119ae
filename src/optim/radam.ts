// RAdam: Adam that waits until its average of squares can be trusted.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { holdsWhile, isRepeated, readAnew, refuseCapture } from '../tensor/capture/notes.ts';
import { pow } from '../tensor/float-math.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, betas, flag, float } from './hyperparameters.ts';
import { averageSquares_, descent, lerp_, mul_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { LIKE, NUMBER } from './state-kinds.ts';

export interface RAdamHyperparameters {
  /** Learning rate, at least 0. Default 1e-3. */
  lr: number;
  /** Decay of the averages of gradient and squared gradient, in [0, 1). Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Default 0. */
  weightDecay: number;
  /** Decay the weights themselves and not through the gradient. Default false. */
  decoupledWeightDecay: boolean;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<RAdamHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-3, AT_LEAST_0),
    betas: betas(0.9, 0.999),
    eps: float('eps', 1e-8, AT_LEAST_0),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    decoupledWeightDecay: flag('decoupled_weight_decay'),
    maximize: flag('maximize'),
  },
  fixedEntries: { foreach: null, capturable: false, differentiable: false },
  state: { step: NUMBER, exp_avg: LIKE, exp_avg_sq: LIKE },
  complex: 'as pairs',
};

/** Rule: m and v as in Adam; with rho = 2 / (1 - b2) - 1 and rho_t = rho - 2 t b2^t / (1 - b2^t):
 *  where rho_t > 5, p <- p - lr * m / (1 - b1^t) * sqrt(1 - b2^t) / (sqrt(v) + eps) * sqrt((rho_t - 4)(rho_t - 2) rho / ((rho - 4)(rho - 2) rho_t));
 *  before, p <- p - lr * m / (1 - b1^t). Weight decay as in Adam. Bits: those of torch.optim.RAdam by default.
 *  Source: Liu et al. 2020, arXiv:1908.03265; torch.optim.RAdam.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class RAdam extends GroupOptimizer<RAdamHyperparameters> {
  constructor(params: OptimizerParams<RAdamHyperparameters>, options: Partial<RAdamHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter): Entries {
    return {
      step: 0,
      exp_avg: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
      exp_avg_sq: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
    };
  }

  protected override update(batch: Batch<RAdamHyperparameters>): void {
    this.readsAnew('lr', 'betas', 'weightDecay');
    batch.countSteps();
    // Parameters that had no gradient in some steps have counted fewer.
    for (const part of batch.split((i) => batch.entries[i]!.step)) this.#updateEven(part);
  }

  #updateEven(batch: Batch<RAdamHyperparameters>): void {
    const { group } = batch;
    const { decoupledWeightDecay } = group;
    const first = batch.entries[0]! as { step: number };
    if (decoupledWeightDecay && group.weightDecay !== 0) mul_(batch.params, () => 1 - group.lr * group.weightDecay);
    const grads = descent(batch, decoupledWeightDecay ? 0 : () => group.weightDecay);
    const averages = batch.tensors('exp_avg');
    const squares = batch.tensors('exp_avg_sq');
    lerp_(averages, grads, () => 1 - group.betas[0]);
    averageSquares_(squares, grads, () => group.betas[1]);
    const correction = readAnew(() => [1 - pow(group.betas[0], first.step)]);
    const steps = aten._foreach_div$Scalar(averages, ...correction);
    mul_(steps, () => group.lr);
    if (isRepeated(first)) refuseCapture('RAdam makes several steps in it');
    const isRectified = isLong(group, first.step);
    holdsWhile(() => isLong(group, first.step + 1) === isRectified);
    if (isRectified) rectify(steps, squares, group, first);
    aten._foreach_add_$List(batch.params, steps, -1);
  }
}

/** How long the average of squares is, as a plain mean would be, and how long it can become. */
function lengthsOf({ betas }: RAdamHyperparameters, step: number): { length: number; limit: number } {
  const decay = pow(betas[1], step);
  const limit = 2 / (1 - betas[1]) - 1;
  return { length: limit - (2 * step * decay) / (1 - decay), limit };
}

const isLong = (group: RAdamHyperparameters, step: number): boolean => lengthsOf(group, step).length > 5;

function rectify(
  steps: readonly Tensor[],
  squares: readonly Tensor[],
  group: RAdamHyperparameters,
  first: { readonly step: number },
): void {
  const factors = aten._foreach_sqrt(squares);
  aten._foreach_add_$Scalar(factors, group.eps);
  aten._foreach_reciprocal_(factors);
  mul_(factors, () => pow(1 - pow(group.betas[1], first.step), 0.5));
  aten._foreach_mul_$List(steps, factors);
  mul_(steps, () => {
    const { length, limit } = lengthsOf(group, first.step);
    return pow(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length), 0.5);
  });
}

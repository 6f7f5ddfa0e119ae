// RAdam: Adam that waits until its average of squares can be trusted.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
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
    batch.countSteps();
    // Parameters that had no gradient in some steps have counted fewer.
    for (const part of batch.split((i) => batch.entries[i]!.step))
      this.#updateEven(part, part.entries[0]!.step as number);
  }

  #updateEven(batch: Batch<RAdamHyperparameters>, step: number): void {
    const { lr, betas, weightDecay, decoupledWeightDecay } = batch.group;
    if (decoupledWeightDecay && weightDecay !== 0) mul_(batch.params, 1 - lr * weightDecay);
    const grads = descent(batch, decoupledWeightDecay ? 0 : weightDecay);
    const averages = batch.tensors('exp_avg');
    const squares = batch.tensors('exp_avg_sq');
    lerp_(averages, grads, 1 - betas[0]);
    averageSquares_(squares, grads, betas[1]);
    const steps = aten._foreach_div$Scalar(averages, 1 - pow(betas[0], step));
    mul_(steps, lr);
    this.#rectify(steps, squares, batch.group, step);
    aten._foreach_add_$List(batch.params, steps, -1);
  }

  #rectify(
    steps: readonly Tensor[],
    squares: readonly Tensor[],
    { betas, eps }: RAdamHyperparameters,
    step: number,
  ): void {
    const decay = pow(betas[1], step);
    const limit = 2 / (1 - betas[1]) - 1;
    const length = limit - (2 * step * decay) / (1 - decay);
    if (!(length > 5)) return;
    const factors = aten._foreach_sqrt(squares);
    aten._foreach_add_$Scalar(factors, eps);
    aten._foreach_reciprocal_(factors);
    mul_(factors, pow(1 - decay, 0.5));
    aten._foreach_mul_$List(steps, factors);
    const share = ((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length);
    mul_(steps, pow(share, 0.5));
  }
}

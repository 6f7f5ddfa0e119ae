// NAdam: Adam with Nesterov's look ahead.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { atEachStep, readAnew } from '../tensor/capture/notes.ts';
import { pow } from '../tensor/float-math.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import { type Batch, GroupOptimizer, type GroupRule, stepsOf } from './group-optimizer.ts';
import { AT_LEAST_0, betas, flag, float } from './hyperparameters.ts';
import { averageSquares_, descent, lerp_, mul_, perStep } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { LIKE, NUMBER } from './state-kinds.ts';

export interface NAdamHyperparameters {
  /** Learning rate, at least 0. Default 2e-3. */
  lr: number;
  /** Decay of the averages of gradient and squared gradient, in [0, 1). Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Default 0. */
  weightDecay: number;
  /** How fast the momentum rises to its full value, at least 0. Default 4e-3. */
  momentumDecay: number;
  /** Decay the weights themselves and not through the gradient. Default false. */
  decoupledWeightDecay: boolean;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<NAdamHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 2e-3, AT_LEAST_0),
    betas: betas(0.9, 0.999),
    eps: float('eps', 1e-8, AT_LEAST_0),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    momentumDecay: float('momentum_decay', 4e-3, AT_LEAST_0),
    decoupledWeightDecay: flag('decoupled_weight_decay'),
    maximize: flag('maximize'),
  },
  fixedEntries: { foreach: null, capturable: false, differentiable: false },
  state: { step: NUMBER, mu_product: NUMBER, exp_avg: LIKE, exp_avg_sq: LIKE },
  complex: 'as pairs',
};

/** Rule, with mu(t) = b1 * (1 - 0.5 * 0.96^(t * momentumDecay)) and M their product up to t: m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
 *  p <- p - lr * ((1 - mu(t)) / (1 - M) * g + mu(t + 1) / (1 - M * mu(t + 1)) * m) / (sqrt(v / (1 - b2^t)) + eps).
 *  Weight decay as in Adam. Bits: those of torch.optim.NAdam by default.
 *  Source: Dozat 2016; torch.optim.NAdam.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class NAdam extends GroupOptimizer<NAdamHyperparameters> {
  constructor(params: OptimizerParams<NAdamHyperparameters>, options: Partial<NAdamHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter): Entries {
    return {
      step: 0,
      mu_product: 1,
      exp_avg: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
      exp_avg_sq: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
    };
  }

  protected override update(batch: Batch<NAdamHyperparameters>): void {
    const { group, entries } = batch;
    this.readsAnew('lr', 'betas', 'weightDecay', 'momentumDecay');
    batch.countSteps();
    if (group.decoupledWeightDecay && group.weightDecay !== 0)
      mul_(batch.params, () => 1 - group.lr * group.weightDecay);
    const grads = descent(batch, group.decoupledWeightDecay ? 0 : () => group.weightDecay);
    const steps = (): number[] => stepsOf(entries);
    const momentum = (step: number): number => group.betas[0] * (1 - 0.5 * pow(0.96, step * group.momentumDecay));
    const now = (): number[] => perStep(steps(), momentum);
    const next = (): number[] => perStep(steps(), (step) => momentum(step + 1));
    let before: number[] = [];
    const multiply = (): void => {
      before = entries.map(({ mu_product }) => mu_product as number);
      // PyTorch multiplies in float32.
      for (const [i, factor] of now().entries())
        entries[i]!.mu_product = Math.fround((entries[i]!.mu_product as number) * Math.fround(factor));
    };
    atEachStep(multiply, () => {
      for (const [i, each] of entries.entries()) each.mu_product = before[i]!;
    });
    const products = (): number[] => entries.map(({ mu_product }) => mu_product as number);
    const averages = batch.tensors('exp_avg');
    const squares = batch.tensors('exp_avg_sq');
    lerp_(averages, grads, () => 1 - group.betas[0]);
    averageSquares_(squares, grads, () => group.betas[1]);
    const denominators = aten._foreach_div$ScalarList(
      squares,
      readAnew(() => perStep(steps(), (step) => 1 - pow(group.betas[1], step))),
    );
    aten._foreach_sqrt_(denominators);
    aten._foreach_add_$Scalar(denominators, group.eps);
    const ofGrads = (): number[] => {
      const factors = now();
      return products().map((product, i) => (-group.lr * (1 - factors[i]!)) / (1 - product));
    };
    const ofAverages = (): number[] => {
      const factors = next();
      return products().map((product, i) => (-group.lr * factors[i]!) / (1 - product * factors[i]!));
    };
    aten._foreach_addcdiv_$ScalarList(batch.params, grads, denominators, readAnew(ofGrads));
    aten._foreach_addcdiv_$ScalarList(batch.params, averages, denominators, readAnew(ofAverages));
  }
}

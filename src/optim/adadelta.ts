// Adadelta, which measures its steps by the running averages of past gradients and past steps.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import { isComplexDType } from '../tensor/dtype.ts';
import { viewAsComplex, zerosLike } from '../tensor/ops.generated.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, flag, float } from './hyperparameters.ts';
import { averageSquares_, descentOfWhole } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { LIKE, NUMBER } from './state-kinds.ts';

export interface AdadeltaHyperparameters {
  /** Factor on the step, at least 0. Default 1. */
  lr: number;
  /** Decay of both averages, from 0 to 1. Default 0.9. */
  rho: number;
  /** Added under both roots. Default 1e-6. */
  eps: number;
  /** Added to the gradient, times the parameter; at least 0. Default 0. */
  weightDecay: number;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<AdadeltaHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1, AT_LEAST_0),
    rho: float('rho', 0.9, { range: 'from 0 to 1', isInRange: (rho) => rho >= 0 && rho <= 1 }),
    eps: float('eps', 1e-6, AT_LEAST_0),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    maximize: flag('maximize'),
  },
  fixedEntries: { foreach: null, capturable: false, differentiable: false },
  state: { step: NUMBER, square_avg: LIKE, acc_delta: LIKE },
  complex: 'as pairs',
};

/** Rule: g <- g + weightDecay * p; v <- rho v + (1 - rho) g^2; d <- g * sqrt(u + eps) / sqrt(v + eps); u <- rho u + (1 - rho) d^2; p <- p - lr * d.
 *  Bits: those of torch.optim.Adadelta by default.
 *  Source: Zeiler 2012, arXiv:1212.5701; torch.optim.Adadelta.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class Adadelta extends GroupOptimizer<AdadeltaHyperparameters> {
  constructor(params: OptimizerParams<AdadeltaHyperparameters>, options: Partial<AdadeltaHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter): Entries {
    return {
      step: 0,
      square_avg: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
      acc_delta: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
    };
  }

  protected override update(batch: Batch<AdadeltaHyperparameters>): void {
    const { group } = batch;
    const { eps } = group;
    const rho = (): number => group.rho;
    this.readsAnew('lr', 'rho', 'weightDecay');
    batch.countSteps();
    const grads = descentOfWhole(batch, () => group.weightDecay);
    const squares = batch.tensors('square_avg');
    const pastSteps = batch.tensors('acc_delta');
    averageSquares_(squares, grads, rho);
    const denominators = aten._foreach_add$Scalar(squares, eps);
    aten._foreach_sqrt_(denominators);
    const steps = aten._foreach_add$Scalar(pastSteps, eps);
    aten._foreach_sqrt_(steps);
    aten._foreach_div_$List(steps, denominators);
    aten._foreach_mul_$List(steps, grads);
    averageSquares_(pastSteps, steps, rho);
    const whole = steps.map((step, i) => (isComplexDType(batch.whole.params[i]!.dtype) ? viewAsComplex(step) : step));
    aten._foreach_add_$List(batch.whole.params, whole, ...readAnew(() => [-group.lr]));
  }
}

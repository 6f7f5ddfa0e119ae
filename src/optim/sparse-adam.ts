// SparseAdam: Adam for embeddings, which touches only the rows that have a gradient.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { refuseCapture } from '../tensor/capture/notes.ts';
import { isComplexDType } from '../tensor/dtype.ts';
import { pow } from '../tensor/float-math.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { ABOVE_0, betas, flag, float } from './hyperparameters.ts';
import { mul_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { sparseLike } from './sparse.ts';
import { INT, LIKE } from './state-kinds.ts';

export interface SparseAdamHyperparameters {
  /** Learning rate, above 0. Default 1e-3. */
  lr: number;
  /** Decay of the averages of gradient and squared gradient, in [0, 1). Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator, above 0. Default 1e-8. */
  eps: number;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<SparseAdamHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-3, ABOVE_0),
    betas: betas(0.9, 0.999),
    eps: float('eps', 1e-8, ABOVE_0),
    maximize: flag('maximize'),
  },
  unfit: (parameter) => {
    if (parameter.layout !== 'strided') return ['dense parameters', `one in layout ${parameter.layout}`];
    return isComplexDType(parameter.dtype) ? ['real parameters', `one of ${parameter.dtype}`] : undefined;
  },
  state: { step: INT, exp_avg: LIKE, exp_avg_sq: LIKE },
  sparse: 'taken',
};

/** Rule: Adam's without weight decay, at the elements that the sparse gradient holds; averages of others stay as they are, and bias is corrected by the
 *  parameter's own step. p <- p - lr * sqrt(1 - b2^t) / (1 - b1^t) * m / (sqrt(v) + eps).
 *  Bits: those of torch.optim.SparseAdam.
 *  Source: torch.optim.SparseAdam.
 *  @throws {RangeError} for hyperparameters outside their range.  @throws {TypeError} at a step with a dense gradient. */
export class SparseAdam extends GroupOptimizer<SparseAdamHyperparameters> {
  constructor(params: OptimizerParams<SparseAdamHyperparameters>, options: Partial<SparseAdamHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter): Entries {
    return {
      step: 0,
      exp_avg: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
      exp_avg_sq: zerosLike(parameter, { memoryFormat: 'preserve_format' }),
    };
  }

  protected override update(batch: Batch<SparseAdamHyperparameters>): void {
    const dense = batch.grads.find((grad) => grad.layout === 'strided');
    if (dense) throw new TypeError('Cannot update by SparseAdam: expected sparse gradients, got a dense one; use Adam');
    refuseCapture('SparseAdam takes sparse gradients, whose number of rows changes');
    const steps = batch.countSteps();
    const averages = batch.tensors('exp_avg');
    const squares = batch.tensors('exp_avg_sq');
    for (const [i, parameter] of batch.params.entries())
      updateRows(
        batch.group,
        { parameter, grad: batch.grads[i]!, average: averages[i]!, square: squares[i]! },
        steps[i]!,
      );
  }
}

interface Rows {
  readonly parameter: Tensor;
  readonly grad: Tensor;
  readonly average: Tensor;
  readonly square: Tensor;
}

function updateRows(group: SparseAdamHyperparameters, rows: Rows, step: number): void {
  const { lr, betas, eps, maximize } = group;
  const [beta1, beta2] = betas;
  const grad = (maximize ? rows.grad.neg() : rows.grad).coalesce();
  const values = aten._values(grad);
  if (values.numel === 0) return;
  const oldAverages = aten._values(rows.average.sparseMask(grad));
  const averages = values.sub(oldAverages);
  mul_([averages], 1 - beta1);
  rows.average.add_(sparseLike(grad, averages));
  const oldSquares = aten._values(rows.square.sparseMask(grad));
  const squares = values
    .square()
    .sub_(oldSquares)
    .mul_(1 - beta2);
  rows.square.add_(sparseLike(grad, squares));
  const denominators = squares.add(oldSquares).sqrt_().add_(eps);
  const size = (lr * Math.sqrt(1 - pow(beta2, step))) / (1 - pow(beta1, step));
  const steps = averages.add(oldAverages).div_(denominators);
  mul_([steps], -size);
  rows.parameter.add_(sparseLike(grad, steps));
}

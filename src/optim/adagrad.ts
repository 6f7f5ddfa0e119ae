// Adagrad, whose steps shrink with the sum of all squared gradients.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import { zeros } from '../tensor/create.ts';
import { isComplexDType } from '../tensor/dtype.ts';
import { fullLike, viewAsReal } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { FusedKernel } from './fused-kernel.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, flag, float } from './hyperparameters.ts';
import { descentOfWhole } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams, ParamGroup } from './param-groups.ts';
import { sparseLike } from './sparse.ts';
import { LIKE, SCALAR } from './state-kinds.ts';
import { StepCounts } from './step-counts.ts';

export interface AdagradHyperparameters {
  /** Learning rate, at least 0. Default 1e-2. */
  lr: number;
  /** How fast the learning rate falls with the step, at least 0. Default 0. */
  lrDecay: number;
  /** Added to the denominator. Default 1e-10. */
  eps: number;
  /** Added to the gradient, times the parameter; at least 0. Default 0. */
  weightDecay: number;
  /** What the sum of squares starts from, at least 0. Default 0. */
  initialAccumulatorValue: number;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<AdagradHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-2, AT_LEAST_0),
    lrDecay: float('lr_decay', 0, AT_LEAST_0),
    eps: float('eps', 1e-10, AT_LEAST_0),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    initialAccumulatorValue: float('initial_accumulator_value', 0, AT_LEAST_0),
    maximize: flag('maximize'),
  },
  fixedEntries: { foreach: null, differentiable: false, fused: null },
  state: { step: SCALAR, sum: LIKE },
  sparse: 'taken',
  complex: 'as pairs',
};

/** Rule: g <- g + weightDecay * p; s <- s + g^2; p <- p - lr / (1 + (t - 1) * lrDecay) * g / (sqrt(s) + eps). The state is there from the start.
 *  Bits: those of torch.optim.Adagrad with `fused=True`; where there is no fused kernel (sparse gradients, another memory format, an older libtorch), those of
 *  its default.
 *  Source: Duchi et al. 2011; torch.optim.Adagrad.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class Adagrad extends GroupOptimizer<AdagradHyperparameters> {
  readonly #kernel = new FusedKernel('_fused_adagrad_');
  readonly #stepCounts = new StepCounts();

  constructor(params: OptimizerParams<AdagradHyperparameters>, options: Partial<AdagradHyperparameters> = {}) {
    super(params, RULE, options);
    for (const group of this.paramGroups)
      for (const parameter of group.params) this.state.set(parameter, this.start(parameter, group));
  }

  protected override start(parameter: Parameter, group: ParamGroup<AdagradHyperparameters>): Entries {
    const sum = fullLike(parameter, group.initialAccumulatorValue, { memoryFormat: 'preserve_format' });
    // Both parts of a complex number start from the value.
    if (isComplexDType(sum.dtype)) viewAsReal(sum).fill_(group.initialAccumulatorValue);
    return { step: zeros([], { device: parameter.device }), sum };
  }

  protected override update(batch: Batch<AdagradHyperparameters>): void {
    this.readsAnew('lr', 'lrDecay', 'weightDecay');
    this.#stepCounts.advance(batch.group, batch.entries);
    const sums = batch.tensors('sum');
    const counts = (): (() => readonly number[]) => this.#stepCounts.reading(batch.entries);
    if (batch.hasSparse) sparseStep(batch, sums, rates(batch.group, counts()()));
    else if (!batch.hasPairs && this.#kernel.fits(batch.params, batch.grads, sums)) fusedStep(batch, sums);
    else listStep(batch, sums, counts());
  }
}

function fusedStep(batch: Batch<AdagradHyperparameters>, sums: readonly Tensor[]): void {
  const { params, grads, group } = batch;
  const steps = batch.tensors('step');
  const [lr, lrDecay, weightDecay, eps] = readAnew(() => [group.lr, group.lrDecay, group.weightDecay, group.eps]);
  aten._fused_adagrad_(params, grads, sums, steps, lr, lrDecay, weightDecay, eps, group.maximize);
}

/** The learning rate of each parameter, which falls with its own step. */
function rates({ lr, lrDecay }: AdagradHyperparameters, steps: readonly number[]): number[] {
  return steps.map((step) => lr / (1 + (step - 1) * lrDecay));
}

/** In the order of torch.optim's own loop. */
function listStep(batch: Batch<AdagradHyperparameters>, sums: readonly Tensor[], steps: () => readonly number[]): void {
  const { group } = batch;
  const grads = descentOfWhole(batch, () => group.weightDecay);
  aten._foreach_addcmul_$Scalar(sums, grads, grads, 1);
  const denominators = aten._foreach_sqrt(sums);
  aten._foreach_add_$Scalar(denominators, group.eps);
  const sizes = readAnew(() => rates(group, steps()).map((rate) => -rate));
  aten._foreach_addcdiv_$ScalarList(batch.params, grads, denominators, sizes);
}

/** One by one, where rows without a gradient do not change. Weight decay would reach every row; it is refused, as by PyTorch. */
function sparseStep(batch: Batch<AdagradHyperparameters>, sums: readonly Tensor[], sizes: readonly number[]): void {
  const { eps, weightDecay, maximize } = batch.group;
  if (weightDecay !== 0)
    throw new TypeError(`Cannot update by Adagrad: expected weightDecay 0 with sparse gradients, got ${weightDecay}`);
  for (const [i, param] of batch.params.entries()) {
    const grad = (maximize ? batch.grads[i]!.neg() : batch.grads[i]!).coalesce();
    const values = aten._values(grad);
    if (values.numel === 0) continue;
    const sum = sums[i]!;
    sum.add_(sparseLike(grad, values.square()));
    const denominators = aten._values(sum.sparseMask(grad)).sqrt().add(eps);
    param.add_(sparseLike(grad, values.div(denominators)), { alpha: -sizes[i]! });
  }
}

// Rprop, whose steps depend on the signs of gradients alone. For full batches.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { isComplexDType } from '../tensor/dtype.ts';
import { fullLike, viewAsReal, zerosLike } from '../tensor/ops.generated.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, flag, float } from './hyperparameters.ts';
import { descent, sign_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams, ParamGroup } from './param-groups.ts';
import { LIKE, NUMBER } from './state-kinds.ts';

export interface RpropHyperparameters {
  /** The first step's size, at least 0. Default 1e-2. */
  lr: number;
  /** Factors on the step's size where the gradient's sign has changed, and where it stayed; the first in (0, 1), the second above 1. Default [0.5, 1.2]. */
  etas: readonly [number, number];
  /** The smallest and the largest step. Default [1e-6, 50]. */
  stepSizes: readonly [number, number];
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<RpropHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-2, AT_LEAST_0),
    etas: {
      key: 'etas',
      kind: 'floats',
      initial: [0.5, 1.2],
      range: 'in (0, 1) and above 1',
      isInRange: ([less, more, ...rest]) => rest.length === 0 && less > 0 && less < 1 && more > 1,
    },
    stepSizes: {
      key: 'step_sizes',
      kind: 'floats',
      initial: [1e-6, 50],
      range: 'of two numbers',
      isInRange: (sizes) => sizes.length === 2 && sizes.every((size) => !Number.isNaN(size)),
    },
    maximize: flag('maximize'),
  },
  fixedEntries: { foreach: null, differentiable: false, capturable: false },
  state: { step: NUMBER, prev: LIKE, step_size: LIKE },
  complex: 'as pairs',
};

/** Rule, by element: the step's size s grows by etas[1] where g has the sign of the gradient before, and shrinks by etas[0] where it has the other one, within
 *  `stepSizes`; where it has the other one g <- 0; p <- p - s * sign(g).
 *  Bits: those of torch.optim.Rprop by default.
 *  Source: Riedmiller and Braun 1993; torch.optim.Rprop.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class Rprop extends GroupOptimizer<RpropHyperparameters> {
  constructor(params: OptimizerParams<RpropHyperparameters>, options: Partial<RpropHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter, group: ParamGroup<RpropHyperparameters>): Entries {
    const step_size = fullLike(parameter, group.lr, { memoryFormat: 'preserve_format' });
    // Both parts of a complex number have a size of their own.
    if (isComplexDType(step_size.dtype)) viewAsReal(step_size).fill_(group.lr);
    return { step: 0, prev: zerosLike(parameter, { memoryFormat: 'preserve_format' }), step_size };
  }

  protected override update(batch: Batch<RpropHyperparameters>): void {
    const [less, more] = batch.group.etas;
    const [min, max] = batch.group.stepSizes;
    this.readsAnew('lr'); // which the first step's size alone goes by
    batch.countSteps();
    const grads = descent(batch);
    const before = batch.tensors('prev');
    const sizes = batch.tensors('step_size');
    const signs = aten._foreach_mul$List(grads, before);
    sign_(signs);
    for (const [i, sign] of signs.entries()) {
      const [hasStayed, hasTurned, isZero] = [sign.gt(0), sign.lt(0), sign.eq(0)];
      sign.maskedFill_(hasStayed, more).maskedFill_(hasTurned, less).maskedFill_(isZero, 1);
      sizes[i]!.mul_(sign).clamp_({ min, max });
      before[i]!.copy_(grads[i]!).maskedFill_(hasTurned, 0);
    }
    const directions = before.map((each) => each.sign());
    aten._foreach_addcmul_$Scalar(batch.params, directions, sizes, -1);
  }
}

// SGD: gradient descent, with momentum or Nesterov's form of it.

import * as aten from '../tensor/aten.generated.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import { emptyLike, zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { FusedKernel } from './fused-kernel.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, flag, float } from './hyperparameters.ts';
import { copy_, descent, mul_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { LIKE, optional } from './state-kinds.ts';

export interface SGDHyperparameters {
  /** Learning rate, at least 0. Default 1e-3. */
  lr: number;
  /** Share of the velocity that stays, at least 0. Default 0: no velocity is kept. */
  momentum: number;
  /** Share of the gradient that does not go into the velocity. Default 0. */
  dampening: number;
  /** Added to the gradient, times the parameter; at least 0. Default 0. */
  weightDecay: number;
  /** Look ahead by one step of the velocity; with momentum and without dampening. Default false. */
  nesterov: boolean;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** What it can be told. @internal */
export const RULE: GroupRule<SGDHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-3, AT_LEAST_0),
    momentum: float('momentum', 0, AT_LEAST_0),
    dampening: float('dampening', 0),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    nesterov: flag('nesterov'),
    maximize: flag('maximize'),
  },
  conflicts: ({ nesterov, momentum, dampening }) => {
    if (nesterov && momentum === 0) return [['momentum above 0 with nesterov', String(momentum)]];
    return nesterov && dampening !== 0 ? [['dampening of 0 with nesterov', String(dampening)]] : [];
  },
  fixedEntries: { foreach: null, differentiable: false, fused: null },
  state: { momentum_buffer: optional(LIKE) },
  sparse: 'taken',
  complex: 'as they are',
};

/** Rule: g <- g + weightDecay * p; v <- momentum * v + (1 - dampening) * g, at first v <- g; p <- p - lr * v, or p - lr * (g + momentum * v) by Nesterov.
 *  Bits: those of torch.optim.SGD with `fused=True`; where there is no fused kernel (sparse gradients, complex parameters, another memory format, an older
 *  libtorch) and for half precisions on the CPU, those of its default.
 *  Source: Sutskever et al. 2013; torch.optim.SGD. Differs: velocities of sparse gradients are dense.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class SGD extends GroupOptimizer<SGDHyperparameters> {
  /** Of half precisions libtorch's moves other elements than it reads: docs/decisions/0015. */
  readonly #kernel = new FusedKernel('_fused_sgd_', { wrongOnCpu: ['bfloat16', 'float16'] });

  constructor(params: OptimizerParams<SGDHyperparameters>, options: Partial<SGDHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(): Entries {
    return {};
  }

  protected override update(batch: Batch<SGDHyperparameters>): void {
    this.readsAnew('lr', 'momentum', 'dampening', 'weightDecay');
    if (batch.group.momentum === 0) {
      this.#apply(batch, [], false);
      return;
    }
    // A parameter that has its first gradient later than others starts its velocity then.
    for (const part of batch.split((i) => batch.entries[i]!.momentum_buffer === undefined)) {
      const isFirst = part.entries[0]!.momentum_buffer === undefined;
      const make = part.hasSparse ? zerosLike : emptyLike;
      if (isFirst)
        for (const [i, entries] of part.entries.entries())
          entries.momentum_buffer = make(part.params[i]!, { memoryFormat: 'preserve_format' });
      this.#apply(part, part.tensors('momentum_buffer'), isFirst);
    }
  }

  /** @param velocities - empty without momentum.  @param isFirst - they hold nothing yet. */
  #apply(batch: Batch<SGDHyperparameters>, velocities: readonly Tensor[], isFirst: boolean): void {
    const { params, grads } = batch;
    if (batch.hasSparse) sparseStep(batch, velocities, isFirst);
    else if (!this.#kernel.fits(params, grads, ...(velocities.length > 0 ? [velocities] : [])))
      listStep(batch, velocities, isFirst);
    else {
      const { group } = batch;
      const { nesterov, maximize } = group;
      const [decay, momentum, lr, dampening] = readAnew(() => [
        group.weightDecay,
        group.momentum,
        group.lr,
        group.dampening,
      ]);
      aten._fused_sgd_(params, grads, velocities, decay, momentum, lr, dampening, nesterov, maximize, isFirst);
    }
  }
}

/** The rule over lists of tensors, in the order of torch.optim's own loop. @internal */
export function listStep(batch: Batch<SGDHyperparameters>, velocities: readonly Tensor[], isFirst: boolean): void {
  const { group } = batch;
  let steps = descent(batch, () => group.weightDecay);
  if (velocities.length > 0) {
    if (isFirst) copy_(velocities, steps);
    else {
      mul_(velocities, () => group.momentum);
      aten._foreach_add_$List(velocities, steps, ...readAnew(() => [1 - group.dampening]));
    }
    steps = group.nesterov
      ? aten._foreach_add$List(steps, velocities, ...readAnew(() => [group.momentum]))
      : velocities;
  }
  aten._foreach_add_$List(batch.params, steps, ...readAnew(() => [-group.lr]));
}

/** The rule one by one, for sparse gradients: rows without one do not change, unless there is a velocity.
 *  Weight decay would reach every row; it is refused, as by PyTorch. */
function sparseStep(batch: Batch<SGDHyperparameters>, velocities: readonly Tensor[], isFirst: boolean): void {
  const { lr, momentum, dampening, weightDecay, nesterov, maximize } = batch.group;
  if (weightDecay !== 0 || nesterov)
    throw new TypeError(
      `Cannot update by SGD: expected weightDecay 0 and no nesterov with sparse gradients, got ${weightDecay} and ${nesterov}`,
    );
  for (const [i, param] of batch.params.entries()) {
    const grad = maximize ? batch.grads[i]!.neg() : batch.grads[i]!;
    const velocity = velocities[i];
    if (velocity) {
      if (isFirst) velocity.add_(grad);
      else {
        mul_([velocity], momentum);
        velocity.add_(grad, { alpha: 1 - dampening });
      }
    }
    param.add_(velocity ?? grad, { alpha: -lr });
  }
}

// SGD: gradient descent, with momentum or Nesterov's form of it.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { emptyLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { FusedKernel } from './fused-kernel.ts';
import { checkHyperparameter, Optimizer, type ParamGroup, type ParamGroupInput } from './optimizer.ts';

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

/** Rule: g <- g + weightDecay * p; v <- momentum * v + (1 - dampening) * g, at first v <- g; p <- p - lr * v, or p - lr * (g + momentum * v) by Nesterov.
 *  Uses libtorch's fused kernel where it has one, else the same rule over lists of tensors, or one by one where gradients are sparse.
 *  Source: Sutskever et al. 2013; torch.optim.SGD.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class SGD extends Optimizer<SGDHyperparameters> {
  protected override readonly specs = {
    lr: { key: 'lr', kind: 'float' },
    momentum: { key: 'momentum', kind: 'float' },
    dampening: { key: 'dampening', kind: 'float' },
    weightDecay: { key: 'weight_decay', kind: 'float' },
    nesterov: { key: 'nesterov', kind: 'bool' },
    maximize: { key: 'maximize', kind: 'bool' },
  } as const;
  protected override readonly fixedEntries = { foreach: null, differentiable: false, fused: null };
  protected override readonly scalarState = [];

  constructor(
    params: Iterable<Parameter> | Iterable<ParamGroupInput<SGDHyperparameters>>,
    options: Partial<SGDHyperparameters> = {},
  ) {
    super(params, { lr: 1e-3, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false }, options);
    for (const { lr, momentum, dampening, weightDecay, nesterov } of this.paramGroups) {
      checkHyperparameter('SGD', lr >= 0, 'lr of at least 0', lr);
      checkHyperparameter('SGD', momentum >= 0, 'momentum of at least 0', momentum);
      checkHyperparameter('SGD', weightDecay >= 0, 'weightDecay of at least 0', weightDecay);
      checkHyperparameter('SGD', !nesterov || momentum > 0, 'momentum above 0 with nesterov', momentum);
      checkHyperparameter('SGD', !nesterov || dampening === 0, 'dampening of 0 with nesterov', dampening);
    }
  }

  readonly #kernel = new FusedKernel('_fused_sgd_');

  protected override update(
    group: ParamGroup<SGDHyperparameters>,
    params: readonly Parameter[],
    grads: readonly Tensor[],
  ): void {
    if (group.momentum === 0) {
      this.#apply(group, { params, grads, velocities: [], isFirst: false });
      return;
    }
    // A parameter that has its first gradient later than others starts its velocity then.
    const isNew = params.map((parameter) => this.state.get(parameter)?.momentum_buffer === undefined);
    for (const isFirst of [true, false]) {
      const chosen = params.flatMap((_, i) => (isNew[i] === isFirst ? [i] : []));
      if (chosen.length === 0) continue;
      const part = chosen.map((i) => params[i]!);
      if (isFirst)
        for (const parameter of part) {
          const momentum_buffer = emptyLike(parameter, { memoryFormat: 'preserve_format' });
          this.state.set(parameter, { momentum_buffer });
        }
      const velocities = part.map((parameter) => this.state.get(parameter)!.momentum_buffer!);
      this.#apply(group, { params: part, grads: chosen.map((i) => grads[i]!), velocities, isFirst });
    }
  }

  #apply(group: SGDHyperparameters, lists: SGDLists): void {
    const { params, grads, velocities, isFirst } = lists;
    if (grads.some((grad) => grad.layout !== 'strided')) {
      sparseStep(group, lists);
      return;
    }
    if (!this.#kernel.fits(params, grads, ...(velocities.length > 0 ? [velocities] : []))) {
      listStep(group, lists);
      return;
    }
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
    aten._fused_sgd_(params, grads, velocities, weightDecay, momentum, lr, dampening, nesterov, maximize, isFirst);
  }
}

/** What one update works on: lists of one length, a place for each parameter. @internal */
export interface SGDLists {
  readonly params: readonly Tensor[];
  readonly grads: readonly Tensor[];
  /** Empty without momentum. */
  readonly velocities: readonly Tensor[];
  /** The velocities hold nothing yet. */
  readonly isFirst: boolean;
}

/** The rule over lists of tensors, for a libtorch without the fused kernel; in the order of torch.optim's own list form. @internal */
export function listStep(group: SGDHyperparameters, { params, grads, velocities, isFirst }: SGDLists): void {
  const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
  let steps = maximize ? aten._foreach_neg(grads) : grads;
  if (weightDecay !== 0) steps = aten._foreach_add$List(steps, params, weightDecay);
  if (velocities.length > 0) {
    if (isFirst) for (const [i, velocity] of velocities.entries()) velocity.copy_(steps[i]!);
    else {
      aten._foreach_mul_$Scalar(velocities, momentum);
      aten._foreach_add_$List(velocities, steps, 1 - dampening);
    }
    steps = nesterov ? aten._foreach_add$List(steps, velocities, momentum) : velocities;
  }
  aten._foreach_add_$List(params, steps, -lr);
}

/** The rule one by one, for sparse gradients: rows without one do not change, unless there is a velocity.
 *  Weight decay would reach every row; it is refused, as by PyTorch. */
function sparseStep(group: SGDHyperparameters, { params, grads, velocities, isFirst }: SGDLists): void {
  const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
  if (weightDecay !== 0 || nesterov)
    throw new TypeError(
      `Cannot update by SGD: expected weightDecay 0 and no nesterov with sparse gradients, got ${weightDecay} and ${nesterov}`,
    );
  for (const [i, param] of params.entries()) {
    const grad = maximize ? grads[i]!.neg() : grads[i]!;
    const velocity = velocities[i];
    if (velocity) {
      if (isFirst) velocity.zero_().add_(grad);
      else velocity.mul_(momentum).add_(grad, { alpha: 1 - dampening });
    }
    param.add_(velocity ?? grad, { alpha: -lr });
  }
}

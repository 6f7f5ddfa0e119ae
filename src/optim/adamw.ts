// AdamW: Adam with weight decay decoupled from the gradient.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { zeros } from '../tensor/create.ts';
import { stack, zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { FusedKernel } from './fused-kernel.ts';
import { checkHyperparameter, Optimizer, type ParamGroup, type ParamGroupInput } from './optimizer.ts';
import { StepCounts } from './step-counts.ts';

export interface AdamWHyperparameters {
  /** Learning rate, at least 0. Default 1e-3. */
  lr: number;
  /** Decay of the averages of gradient and squared gradient, in [0, 1). Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Default 0.01. */
  weightDecay: number;
  /** Use the maximum of the squared averages. Default false. */
  amsgrad: boolean;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

/** Rule: p <- p * (1 - lr * weightDecay); m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
 *  p <- p - lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
 *  Uses libtorch's fused kernel where it has one, else the same rule over lists of tensors.
 *  Source: Loshchilov and Hutter 2019, arXiv:1711.05101; torch.optim.AdamW.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class AdamW extends Optimizer<AdamWHyperparameters> {
  protected override readonly specs = {
    lr: { key: 'lr', kind: 'float' },
    betas: { key: 'betas', kind: 'floats' },
    eps: { key: 'eps', kind: 'float' },
    weightDecay: { key: 'weight_decay', kind: 'float' },
    amsgrad: { key: 'amsgrad', kind: 'bool' },
    maximize: { key: 'maximize', kind: 'bool' },
  } as const;
  protected override readonly fixedEntries = {
    foreach: null,
    capturable: false,
    differentiable: false,
    fused: null,
    decoupled_weight_decay: true,
  };

  constructor(
    params: Iterable<Parameter> | Iterable<ParamGroupInput<AdamWHyperparameters>>,
    options: Partial<AdamWHyperparameters> = {},
  ) {
    super(
      params,
      { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0.01, amsgrad: false, maximize: false },
      options,
    );
    for (const { lr, betas, eps, weightDecay } of this.paramGroups) {
      checkHyperparameter('AdamW', lr >= 0, 'lr of at least 0', lr);
      const areShares = betas.length === 2 && betas.every((beta) => beta >= 0 && beta < 1);
      checkHyperparameter('AdamW', areShares, 'betas in [0, 1)', betas);
      checkHyperparameter('AdamW', eps >= 0, 'eps of at least 0', eps);
      checkHyperparameter('AdamW', weightDecay >= 0, 'weightDecay of at least 0', weightDecay);
    }
  }

  readonly #kernel = new FusedKernel('_fused_adamw_');
  readonly #stepCounts = new StepCounts();

  #stateOf(parameter: Parameter, amsgrad: boolean): Record<string, Tensor> {
    const known = this.state.get(parameter);
    if (known) return known;
    const like = (): Tensor => zerosLike(parameter, { memoryFormat: 'preserve_format' });
    const made: Record<string, Tensor> = {
      step: zeros([], { device: parameter.device }),
      exp_avg: like(),
      exp_avg_sq: like(),
      ...(amsgrad ? { max_exp_avg_sq: like() } : {}),
    };
    this.state.set(parameter, made);
    return made;
  }

  protected override update(
    group: ParamGroup<AdamWHyperparameters>,
    params: readonly Parameter[],
    grads: readonly Tensor[],
  ): void {
    const states = params.map((parameter) => this.#stateOf(parameter, group.amsgrad));
    const pick = (name: string): Tensor[] => states.map((state) => state[name]!);
    const lists = {
      params,
      grads,
      averages: pick('exp_avg'),
      squares: pick('exp_avg_sq'),
      maxima: group.amsgrad ? pick('max_exp_avg_sq') : [],
      steps: this.#stepCounts.advance(group, states),
    };
    const { averages, squares, maxima } = lists;
    if (this.#kernel.fits(params, grads, averages, squares, ...(maxima.length > 0 ? [maxima] : [])))
      fusedStep(group, lists);
    else listStep(group, lists);
  }
}

/** What one update works on: lists of one length, a place for each parameter. @internal */
export interface AdamWLists {
  readonly params: readonly Tensor[];
  readonly grads: readonly Tensor[];
  readonly averages: readonly Tensor[];
  readonly squares: readonly Tensor[];
  readonly maxima: readonly Tensor[];
  readonly steps: readonly Tensor[];
}

function fusedStep(group: AdamWHyperparameters, lists: AdamWLists): void {
  const { lr, betas, eps, weightDecay, amsgrad, maximize } = group;
  aten._fused_adamw_(
    lists.params,
    lists.grads,
    lists.averages,
    lists.squares,
    lists.maxima,
    lists.steps,
    lr,
    betas[0],
    betas[1],
    weightDecay,
    eps,
    amsgrad,
    maximize,
  );
}

/** The rule over lists of tensors, for a libtorch without the fused kernel; in the order of torch.optim's own list form. @internal */
export function listStep(group: AdamWHyperparameters, lists: AdamWLists): void {
  const { lr, betas, eps, weightDecay, amsgrad, maximize } = group;
  const [beta1, beta2] = betas;
  const grads = maximize ? aten._foreach_neg(lists.grads) : lists.grads;
  // Parameters that had no gradient in some steps have counted fewer.
  const steps = Array.from(stack(lists.steps).toTypedArray(), Number);
  if (weightDecay !== 0) aten._foreach_mul_$Scalar(lists.params, 1 - lr * weightDecay);
  aten._foreach_mul_$Scalar(lists.averages, beta1);
  aten._foreach_add_$List(lists.averages, grads, 1 - beta1);
  aten._foreach_mul_$Scalar(lists.squares, beta2);
  aten._foreach_addcmul_$Scalar(lists.squares, grads, grads, 1 - beta2);
  const squares = amsgrad ? lists.maxima : lists.squares;
  if (amsgrad) for (const [i, maximum] of lists.maxima.entries()) maximum.copy_(maximum.maximum(lists.squares[i]!));
  const denominators = aten._foreach_sqrt(squares);
  aten._foreach_div_$ScalarList(
    denominators,
    steps.map((step) => Math.sqrt(1 - beta2 ** step)),
  );
  aten._foreach_add_$Scalar(denominators, eps);
  aten._foreach_addcdiv_$ScalarList(
    lists.params,
    lists.averages,
    denominators,
    steps.map((step) => -lr / (1 - beta1 ** step)),
  );
}

// Adam, whose steps are measured by running averages of the gradient and of its square.

import type { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import { zeros } from '../tensor/create.ts';
import { pow } from '../tensor/float-math.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { FusedKernel } from './fused-kernel.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, betas, flag, float } from './hyperparameters.ts';
import { averageSquares_, descentOfWhole, lerp_, maximum_, mul_, perStep } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams, ParamGroup } from './param-groups.ts';
import { LIKE, optional, SCALAR } from './state-kinds.ts';
import { StepCounts } from './step-counts.ts';

export interface AdamHyperparameters {
  /** Learning rate, at least 0. Default 1e-3. */
  lr: number;
  /** Decay of the averages of gradient and squared gradient, in [0, 1). Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Default 0. */
  weightDecay: number;
  /** Use the maximum of the squared averages. Default false. */
  amsgrad: boolean;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
  /** Decay the weights themselves, as AdamW does, and not through the gradient. Default false. */
  decoupledWeightDecay: boolean;
}

/** The hyperparameters of Adam and AdamW but for the last. @internal */
export const ADAM_HYPERPARAMETERS = {
  lr: float('lr', 1e-3, AT_LEAST_0),
  betas: betas(0.9, 0.999),
  eps: float('eps', 1e-8, AT_LEAST_0),
  weightDecay: float('weight_decay', 0, AT_LEAST_0),
  amsgrad: flag('amsgrad'),
  maximize: flag('maximize'),
} as const;

/** What both keep. @internal */
export const ADAM_STATE = {
  step: SCALAR,
  exp_avg: LIKE,
  exp_avg_sq: LIKE,
  max_exp_avg_sq: optional(LIKE),
} as const;

/** Group entries of PyTorch that choose a way to compute. @internal */
export const ADAM_FIXED = { foreach: null, capturable: false, differentiable: false, fused: null } as const;

/** What it can be told. @internal */
export const RULE: GroupRule<AdamHyperparameters> = {
  hyperparameters: { ...ADAM_HYPERPARAMETERS, decoupledWeightDecay: flag('decoupled_weight_decay') },
  fixedEntries: ADAM_FIXED,
  state: ADAM_STATE,
  sparse: '; use SparseAdam',
  complex: 'as pairs',
};

/** Rule: g <- g + weightDecay * p; m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps).
 *  With `decoupledWeightDecay` p <- p * (1 - lr * weightDecay) comes first, and g is as it was.
 *  Bits: those of torch.optim.Adam with `fused=True`; where there is no fused kernel (another memory format, an older libtorch), those of its default.
 *  Source: Kingma and Ba 2015, arXiv:1412.6980; amsgrad: Reddi et al. 2018; torch.optim.Adam.
 *  @throws {RangeError} for hyperparameters outside their range.
 *  @example
 *  const weight = new nn.Parameter(tensor([1, 2]));
 *  const optimizer = new optim.Adam([weight], { lr: 0.5 });
 *  weight.square().sum().backward();
 *  optimizer.step();
 *  weight.detach(); // tensor([0.5000, 1.5000]) */
export class Adam extends GroupOptimizer<AdamHyperparameters> {
  readonly #engine = new AdamEngine();

  constructor(params: OptimizerParams<AdamHyperparameters>, options: Partial<AdamHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter, group: ParamGroup<AdamHyperparameters>): Entries {
    return startAdam(parameter, group);
  }

  protected override update(batch: Batch<AdamHyperparameters>): void {
    this.readsAnew('lr', 'betas', 'weightDecay');
    this.#engine.update(batch, batch.group.decoupledWeightDecay);
  }
}

type Shared = Omit<AdamHyperparameters, 'decoupledWeightDecay'>;

/** @internal */
export function startAdam(parameter: Parameter, group: Pick<Shared, 'amsgrad'>): Entries {
  const like = (): Tensor => zerosLike(parameter, { memoryFormat: 'preserve_format' });
  return {
    step: zeros([], { device: parameter.device }),
    exp_avg: like(),
    exp_avg_sq: like(),
    ...(group.amsgrad ? { max_exp_avg_sq: like() } : {}),
  };
}

/** What Adam and AdamW compute. @internal */
export class AdamEngine {
  readonly #kernels = { coupled: new FusedKernel('_fused_adam_'), decoupled: new FusedKernel('_fused_adamw_') };
  readonly #stepCounts = new StepCounts();

  update(batch: Batch<Shared>, isDecoupled: boolean): void {
    this.#stepCounts.advance(batch.group, batch.entries);
    const kernel = isDecoupled ? this.#kernels.decoupled : this.#kernels.coupled;
    const averages = batch.tensors('exp_avg');
    const squares = batch.tensors('exp_avg_sq');
    const maxima = batch.group.amsgrad ? batch.tensors('max_exp_avg_sq') : [];
    const { params, grads } = batch;
    const isFused =
      !batch.hasPairs && kernel.fits(params, grads, averages, squares, ...(maxima.length > 0 ? [maxima] : []));
    if (isFused) fusedStep(batch, { averages, squares, maxima }, isDecoupled);
    else listStep(batch, { averages, squares, maxima }, isDecoupled, this.#stepCounts.reading(batch.entries));
  }
}

/** State of one update: lists of one length, a place for each parameter. @internal */
export interface AdamLists {
  readonly averages: readonly Tensor[];
  readonly squares: readonly Tensor[];
  readonly maxima: readonly Tensor[];
}

function fusedStep(batch: Batch<Shared>, { averages, squares, maxima }: AdamLists, isDecoupled: boolean): void {
  const { params, grads, group } = batch;
  const { amsgrad, maximize } = group;
  const fused = isDecoupled ? aten._fused_adamw_ : aten._fused_adam_;
  const steps = batch.tensors('step');
  const [lr, beta1, beta2, decay, eps] = readAnew(() => [group.lr, ...group.betas, group.weightDecay, group.eps]);
  fused(params, grads, averages, squares, maxima, steps, lr, beta1, beta2, decay, eps, amsgrad, maximize);
}

/** The rule over lists of tensors, in the order of torch.optim's own loop. @param steps - what each parameter has counted. @internal */
export function listStep(
  batch: Batch<Shared>,
  { averages, squares, maxima }: AdamLists,
  isDecoupled: boolean,
  steps: () => readonly number[],
): void {
  const { group } = batch;
  const { eps, weightDecay, amsgrad } = group;
  if (isDecoupled && weightDecay !== 0) mul_(batch.params, () => 1 - group.lr * group.weightDecay);
  const grads = descentOfWhole(batch, isDecoupled ? 0 : () => group.weightDecay);
  lerp_(averages, grads, () => 1 - group.betas[0]);
  averageSquares_(squares, grads, () => group.betas[1]);
  if (amsgrad) maximum_(maxima, squares);
  const denominators = aten._foreach_sqrt(amsgrad ? maxima : squares);
  aten._foreach_div_$ScalarList(
    denominators,
    readAnew(() => perStep(steps(), (step) => pow(1 - pow(group.betas[1], step), 0.5))),
  );
  aten._foreach_add_$Scalar(denominators, eps);
  // Parameters that had no gradient in some steps have counted fewer.
  const sizes = readAnew(() => perStep(steps(), (step) => -(group.lr / (1 - pow(group.betas[0], step)))));
  aten._foreach_addcdiv_$ScalarList(batch.params, averages, denominators, sizes);
}

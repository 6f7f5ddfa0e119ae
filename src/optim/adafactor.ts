// Adafactor, which keeps one average of squares a row and one a column in place of one an element.

import type { Parameter } from '../nn/parameter.ts';
import { refuseCapture } from '../tensor/capture/notes.ts';
import { zeros } from '../tensor/create.ts';
import { finfo } from '../tensor/dtype-info.ts';
import { pow } from '../tensor/float-math.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, flag, float } from './hyperparameters.ts';
import { mul_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { inShape, LIKE, NUMBER, optional } from './state-kinds.ts';

export interface AdafactorHyperparameters {
  /** The largest relative step, at least 0; also the factor on weight decay. Default 1e-2. */
  lr: number;
  /** Power of the step by which new squares count less, at most 0. Default -0.8. */
  beta2Decay: number;
  /** The least factor of squares (undefined: the dtype's resolution), and the least size of the weights that steps are relative to. Default [undefined, 1e-3]. */
  eps: readonly [number | undefined, number];
  /** Root mean square above which a step is scaled down, at least 1. Default 1. */
  d: number;
  /** Default 0. */
  weightDecay: number;
  /** Ascend instead of descend. Default false. */
  maximize: boolean;
}

const rowShape = ({ shape }: Tensor): number[] => [...shape.slice(0, -1), 1];
const columnShape = ({ shape }: Tensor): number[] => [...shape.slice(0, -2), 1, ...shape.slice(-1)];

/** What it can be told. @internal */
export const RULE: GroupRule<AdafactorHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-2, AT_LEAST_0),
    beta2Decay: float('beta2_decay', -0.8, { range: 'of at most 0', isInRange: (value) => value <= 0 }),
    eps: {
      key: 'eps',
      kind: 'floats',
      initial: [undefined, 1e-3],
      range: 'of at least 0',
      isInRange: (eps) => eps.length === 2 && (eps[0] ?? 0) >= 0 && eps[1] >= 0,
    },
    d: float('d', 1, { range: 'of at least 1', isInRange: (value) => value >= 1 }),
    weightDecay: float('weight_decay', 0, AT_LEAST_0),
    maximize: flag('maximize'),
  },
  fixedEntries: { foreach: null },
  state: {
    step: NUMBER,
    row_var: optional(inShape(rowShape)),
    col_var: optional(inShape(columnShape)),
    variance: optional(LIKE),
  },
};

/** Rule, with b = 1 - t^beta2Decay, for g of two dimensions or more: R <- b R + (1 - b) mean of g^2 along rows, C the same along columns,
 *  V = R C / max(mean of R, eps[0]); for others V <- b V + (1 - b) g^2. u = g / sqrt(max(V, eps[0]^2)); u <- u / max(1, rms(u) / d);
 *  p <- p * (1 - lr * weightDecay); p <- p - max(eps[1], rms(p)) * min(lr, 1 / sqrt(t)) * u, with the rms of p before the decay.
 *  Differs from the paper, as PyTorch does: its greatest relative step is `lr` where the paper has a constant 1e-2; eps[0] bounds V from below where the paper
 *  adds 1e-30 to g^2; rows and columns are averaged where the paper sums, which is the same. The paper has no weight decay; its first moment (beta1) is in
 *  neither. In a group of several dtypes PyTorch takes the resolution of the first for all.
 *  Bits: those of torch.optim.Adafactor by default. Sync: waits for the device twice a parameter.
 *  Source: Shazeer and Stern 2018, arXiv:1804.04235; torch.optim.Adafactor.
 *  @throws {RangeError} for hyperparameters outside their range. */
export class Adafactor extends GroupOptimizer<AdafactorHyperparameters> {
  constructor(params: OptimizerParams<AdafactorHyperparameters>, options: Partial<AdafactorHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter): Entries {
    if (parameter.ndim < 2) return { step: 0, variance: zerosLike(parameter, { memoryFormat: 'preserve_format' }) };
    const { dtype, device } = parameter;
    return {
      step: 0,
      row_var: zeros(rowShape(parameter), { dtype, device }),
      col_var: zeros(columnShape(parameter), { dtype, device }),
    };
  }

  protected override update(batch: Batch<AdafactorHyperparameters>): void {
    const { lr, beta2Decay, eps, d, weightDecay, maximize } = batch.group;
    refuseCapture('Adafactor reads norms of updates and parameters as it goes');
    const steps = batch.countSteps();
    const eps1 = eps[0] ?? finfo(batch.params[0]!.dtype).eps;
    for (const [i, param] of batch.params.entries()) {
      const grad = maximize ? batch.grads[i]!.neg() : batch.grads[i]!;
      const step = steps[i]!;
      const size = Math.max(eps[1], rootMeanSquare(param)) * Math.min(lr, 1 / pow(step, 0.5));
      if (weightDecay !== 0) mul_([param], 1 - lr * weightDecay);
      const update = variance(batch.entries[i]!, grad, pow(step, beta2Decay), eps1)
        .clamp_({ min: eps1 * eps1 })
        .rsqrt_()
        .mul_(grad);
      const scale = Math.max(1, Number(update.norm().item()) / (pow(update.numel, 0.5) * d));
      param.add_(update, { alpha: -size / scale });
    }
  }
}

function rootMeanSquare(tensor: Tensor): number {
  return Number(tensor.norm().item()) / pow(tensor.numel, 0.5);
}

/** Takes the gradient into the running averages. @returns what they say of each element's square, a tensor of its own. */
function variance(entries: Entries, grad: Tensor, weight: number, eps1: number): Tensor {
  if (grad.ndim < 2) return (entries.variance as Tensor).lerp_(grad.mul(grad), weight).clone();
  const rows = entries.row_var as Tensor;
  const columns = entries.col_var as Tensor;
  const meanSquare = (dim: number): Tensor =>
    grad
      .norm({ p: 2, dim: [dim], keepdim: true })
      .square_()
      .div_(grad.shape.at(dim)!);
  rows.lerp_(meanSquare(-1), weight);
  columns.lerp_(meanSquare(-2), weight);
  return rows.matmul(columns).div_(rows.mean({ dim: [-2], keepdim: true }).clamp_({ min: eps1 }));
}

// Muon, which steps along the nearest orthogonal matrix of the momentum. For the matrices of hidden layers.

import type { Parameter } from '../nn/parameter.ts';
import { readAnew } from '../tensor/capture/notes.ts';
import { zerosLike } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Batch, GroupOptimizer, type GroupRule } from './group-optimizer.ts';
import { AT_LEAST_0, choice, flag, float, int } from './hyperparameters.ts';
import { mul_ } from './lists.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { LIKE } from './state-kinds.ts';

export interface MuonHyperparameters {
  /** Learning rate, at least 0. Default 1e-3. */
  lr: number;
  /** Decay of the weights themselves, times the learning rate; at least 0. Default 0.1. */
  weightDecay: number;
  /** Decay of the average gradient, at least 0. Default 0.95. */
  momentum: number;
  /** Look ahead by one step of the momentum. Default true. */
  nesterov: boolean;
  /** The polynomial a x + b x^3 + c x^5 of an iteration. Default [3.4445, -4.775, 2.0315]. */
  nsCoefficients: readonly [number, number, number];
  /** The least norm that the momentum is divided by. Default 1e-7. */
  eps: number;
  /** Iterations, below 100. Default 5. */
  nsSteps: number;
  /** How the shape [A, B] scales the step: by sqrt(max(1, A / B)), or by 0.2 * sqrt(max(A, B)), with which AdamW's learning rate and weight decay do.
   *  Default undefined: 'original'. */
  adjustLrFn: 'original' | 'match_rms_adamw' | undefined;
}

/** What it can be told. @internal */
export const RULE: GroupRule<MuonHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1e-3, AT_LEAST_0),
    weightDecay: float('weight_decay', 0.1, AT_LEAST_0),
    momentum: float('momentum', 0.95, AT_LEAST_0),
    nesterov: flag('nesterov', true),
    nsCoefficients: {
      key: 'ns_coefficients',
      kind: 'floats',
      initial: [3.4445, -4.775, 2.0315],
      range: 'of three numbers',
      isInRange: (values) => values.length === 3,
    },
    eps: float('eps', 1e-7),
    nsSteps: int('ns_steps', 5, { range: 'from 0 to 99', isInRange: (value) => value >= 0 && value < 100 }),
    adjustLrFn: choice('adjust_lr_fn', ['original', 'match_rms_adamw']),
  },
  unfit: ({ ndim, shape }) =>
    ndim === 2 ? undefined : ['matrices', `a parameter of shape [${shape.join(', ')}]; give the others to AdamW`],
  state: { momentum_buffer: LIKE },
};

/** Rule: m <- momentum * m + (1 - momentum) * g; u = g + momentum * (m - g) by Nesterov, else m; o = `nsSteps` Newton-Schulz iterations from u / |u|, in
 *  bfloat16, which bring its singular values near 1; p <- p * (1 - lr * weightDecay); p <- p - lr * scale(A, B) * o.
 *  Compared with what was published, as PyTorch is: Jordan's code averages gradients as here (PyTorch's documentation writes a sum, which would give the same
 *  direction without Nesterov), adds eps to the norm where here it is the least norm, also takes kernels of convolutions as matrices, and has lr 0.02 and no
 *  weight decay by default. Liu et al. scale as 'match_rms_adamw' does.
 *  Bits: those of torch.optim.Muon, but for parameters in bfloat16 without `nesterov`, where PyTorch divides the momentum that it keeps as well.
 *  Source: Jordan et al. 2024, kellerjordan.github.io/posts/muon; Liu et al. 2025, arXiv:2502.16982; torch.optim.Muon.
 *  @throws {RangeError} for hyperparameters outside their range.  @throws {TypeError} for parameters that are no matrices.
 *  @example
 *  const model = new nn.Sequential(new nn.Linear(4, 4), new nn.LayerNorm(4));
 *  const isMatrix = (each: nn.Parameter): boolean => each.ndim === 2;
 *  const muon = new optim.Muon(model.parameters().filter(isMatrix), { lr: 0.02 });
 *  const rest = new optim.AdamW(model.parameters().filter((each) => !isMatrix(each)));
 *  [muon.parameters().length, rest.parameters().length]; // [1, 3] */
export class Muon extends GroupOptimizer<MuonHyperparameters> {
  constructor(params: OptimizerParams<MuonHyperparameters>, options: Partial<MuonHyperparameters> = {}) {
    super(params, RULE, options);
  }

  protected override start(parameter: Parameter): Entries {
    return { momentum_buffer: zerosLike(parameter, { memoryFormat: 'preserve_format' }) };
  }

  protected override update(batch: Batch<MuonHyperparameters>): void {
    const { group } = batch;
    this.readsAnew('lr', 'weightDecay', 'momentum');
    const averages = batch.tensors('momentum_buffer');
    for (const [i, param] of batch.params.entries()) {
      const grad = batch.grads[i]!;
      const average = averages[i]!.lerp_(grad, ...readAnew(() => [1 - group.momentum]));
      const update = group.nesterov ? grad.lerp(average, ...readAnew(() => [group.momentum])) : average;
      const direction = orthogonal(update, group);
      mul_([param], () => 1 - group.lr * group.weightDecay);
      const scale = scaleOf(param.shape, group.adjustLrFn);
      const [alpha] = readAnew(() => [-group.lr * scale]);
      param.add_(direction, { alpha });
    }
  }
}

function scaleOf([rows, columns]: readonly number[], adjust: MuonHyperparameters['adjustLrFn']): number {
  return adjust === 'match_rms_adamw'
    ? 0.2 * Math.sqrt(Math.max(rows!, columns!))
    : Math.sqrt(Math.max(1, rows! / columns!));
}

/** The iteration keeps singular vectors and drives singular values towards 1, to between 0.7 and 1.2 or so. */
function orthogonal(update: Tensor, { nsCoefficients, nsSteps, eps }: MuonHyperparameters): Tensor {
  const [a, b, c] = nsCoefficients;
  const isTall = update.shape[0]! > update.shape[1]!;
  const narrow = update.to('bfloat16', { copy: true });
  let matrix = isTall ? narrow.t() : narrow; // [rows, columns], rows <= columns
  matrix.div_(matrix.norm().clamp({ min: eps }));
  for (let i = 0; i < nsSteps; i++) {
    const gram = matrix.matmul(matrix.t()); // [rows, rows]
    const polynomial = gram.addmm(gram, gram, { beta: b, alpha: c });
    matrix = matrix.addmm(polynomial, matrix, { beta: a });
  }
  return isTall ? matrix.t() : matrix;
}

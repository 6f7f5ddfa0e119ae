// LBFGS, which walks along directions that its past steps suggest. For full batches: it evaluates the loss several times a step.

import type { Parameter } from '../nn/parameter.ts';
import { refuseCapture } from '../tensor/capture/notes.ts';
import { zeros } from '../tensor/create.ts';
import { isComplexDType } from '../tensor/dtype.ts';
import { cat, viewAsReal } from '../tensor/ops.generated.ts';
import { Tensor } from '../tensor/tensor.ts';
import { AT_LEAST_0, choice, float, int } from './hyperparameters.ts';
import { type Closure, Optimizer, type OptimizerRule } from './optimizer.ts';
import type { Entries } from './optimizer-state.ts';
import type { OptimizerParams } from './param-groups.ts';
import { least, PythonNumber } from './python-number.ts';
import { FLOAT, INT, LIST, optional, SCRATCH, WHOLE } from './state-kinds.ts';
import { strongWolfe } from './strong-wolfe.ts';

export interface LBFGSHyperparameters {
  /** Size of a step along the direction, or the first that a line search tries; at least 0. Default 1. */
  lr: number;
  /** Iterations a step, at least 1. Default 20. */
  maxIter: number;
  /** Evaluations a step after which it ends, at least 1. Default maxIter * 5 / 4, rounded down. */
  maxEval: number;
  /** A step ends where no element of the gradient is larger. Default 1e-7. */
  toleranceGrad: number;
  /** A step ends where loss or parameters change by less. Default 1e-9. */
  toleranceChange: number;
  /** Past steps that are kept, at least 1. Default 100. */
  historySize: number;
  /** Default undefined: steps of size `lr`. */
  lineSearchFn: 'strong_wolfe' | undefined;
}

const AT_LEAST_1 = { range: 'of at least 1', isInRange: (value: number): boolean => value >= 1 };

const RULE: OptimizerRule<LBFGSHyperparameters> = {
  hyperparameters: {
    lr: float('lr', 1, AT_LEAST_0),
    maxIter: int('max_iter', 20, AT_LEAST_1),
    maxEval: int('max_eval', 25, AT_LEAST_1),
    toleranceGrad: float('tolerance_grad', 1e-7),
    toleranceChange: float('tolerance_change', 1e-9),
    historySize: int('history_size', 100, AT_LEAST_1),
    lineSearchFn: choice('line_search_fn', ['strong_wolfe']),
  },
  state: {
    func_evals: INT,
    n_iter: INT,
    d: optional(WHOLE),
    t: optional(FLOAT),
    old_dirs: optional(LIST),
    old_stps: optional(LIST),
    ro: optional(LIST),
    H_diag: optional(FLOAT),
    prev_flat_grad: optional(WHOLE),
    prev_loss: optional(FLOAT),
    al: SCRATCH,
  },
};

/** What is known of the loss's curvature: differences of gradients and of parameters, oldest first. */
interface History {
  gradients: Tensor[];
  steps: Tensor[];
  /** 1 / (gradient difference . step). */
  ro: Tensor[];
  /** What the inverse Hessian's diagonal is taken for. */
  diagonal: number;
}

/** Rule: d = -H g, where H is the inverse Hessian that the last `historySize` steps suggest (two-loop recursion); p <- p + t d, with t = `lr` (less at first),
 *  or what the line search finds. All parameters are one vector, and there is one group. The state lies with the first parameter.
 *  Bits: those of torch.optim.LBFGS on the same kernels. Sync: waits for the device several times an iteration.
 *  Source: Nocedal and Wright 2006, algorithm 7.4; torch.optim.LBFGS.
 *  @throws {RangeError} for hyperparameters outside their range, and for several groups.
 *  @example
 *  const x = new nn.Parameter(tensor([-1, 2]));
 *  const optimizer = new optim.LBFGS([x], { lineSearchFn: 'strong_wolfe' });
 *  optimizer.step(() => {
 *    optimizer.zeroGrad();
 *    const loss = x.sub(tensor([3, 1])).square().sum();
 *    loss.backward();
 *    return loss;
 *  });
 *  x.detach().round(); // tensor([3., 1.]) */
export class LBFGS extends Optimizer<LBFGSHyperparameters> {
  constructor(params: OptimizerParams<LBFGSHyperparameters>, options: Partial<LBFGSHyperparameters> = {}) {
    const { maxIter = 20 } = options;
    const maxEval = options.maxEval ?? Math.max(1, Math.floor((maxIter * 5) / 4));
    super(params, RULE, Number.isInteger(maxIter) ? { ...options, maxEval } : options);
    this.#requireOneGroup();
  }

  #requireOneGroup(): void {
    const { length } = this.paramGroups;
    if (length !== 1) throw new RangeError(`Cannot make LBFGS: expected one parameter group, got ${length}`);
  }

  protected override advance(closure: Closure | undefined): unknown {
    if (closure === undefined)
      throw new TypeError(
        'Cannot step LBFGS: expected a closure, got none; give one that evaluates the loss, calls backward() and returns the loss',
      );
    this.#requireOneGroup();
    refuseCapture('LBFGS reads losses and gradients as it goes');
    const group = this.paramGroups[0]!;
    const [first] = group.params;
    const entries = this.state.get(first!) ?? { func_evals: 0, n_iter: 0 };
    const step = new LBFGSStep(group.params, group, entries, () => lossOf(closure()));
    const loss = step.run(closure);
    this.state.set(first!, entries);
    return loss;
  }
}

/** @throws {TypeError} for what is no loss. */
function lossOf(value: unknown): number {
  const number = value instanceof Tensor ? Number(value.item()) : value;
  if (typeof number === 'number') return number;
  throw new TypeError(
    `Cannot step LBFGS: expected a closure that returns the loss, got ${value === undefined ? 'undefined' : typeof value}`,
  );
}

/** One call of `step`. */
class LBFGSStep {
  readonly #params: readonly Parameter[];
  readonly #group: LBFGSHyperparameters;
  readonly #entries: Entries;
  readonly #evaluate: () => number;
  #numEvaluations = 0;

  constructor(params: readonly Parameter[], group: LBFGSHyperparameters, entries: Entries, evaluate: () => number) {
    this.#params = params;
    this.#group = group;
    this.#entries = entries;
    this.#evaluate = evaluate;
  }

  /** @returns what the closure gave first. */
  run(closure: Closure): unknown {
    const { maxIter, maxEval, toleranceChange } = this.#group;
    const entries = this.#entries;
    const original = closure();
    let loss = lossOf(original);
    let gradient = this.#gradient();
    this.#count(1);
    if (this.#isSmall(gradient)) return original;
    const history = readHistory(entries);
    let direction = entries.d as Tensor | undefined;
    let size = entries.t === undefined ? undefined : PythonNumber.float(entries.t as number);
    let before = entries.prev_flat_grad as Tensor | undefined;
    let lossBefore = loss;
    for (let i = 1; i <= maxIter; i++) {
      const numIterations = (entries.n_iter as number) + 1;
      entries.n_iter = numIterations;
      if (numIterations === 1 || !direction || !before || !size) {
        direction = gradient.neg();
        Object.assign(history, { gradients: [], steps: [], ro: [], diagonal: 1 });
      } else {
        this.#learn(history, gradient.sub(before), direction.mul(size.value));
        direction = turn(history, gradient);
      }
      before = gradient.clone();
      lossBefore = loss;
      size = numIterations === 1 ? this.#firstSize(gradient) : PythonNumber.float(this.#group.lr);
      const slope = inTensor(gradient.dot(direction));
      if (PythonNumber.float(-toleranceChange).isBelow(slope)) break;
      const isLast = i === maxIter;
      const moved = this.#move({ direction, size, loss, gradient, slope }, isLast);
      ({ loss, gradient, size } = moved);
      this.#count(moved.numEvaluations);
      if (isLast || this.#numEvaluations >= maxEval || moved.isSmall) break;
      if (inTensor(direction.mul(size.value).abs().max()).isAtMost(toleranceChange)) break;
      if (Math.abs(loss - lossBefore) < toleranceChange) break;
    }
    Object.assign(entries, { d: direction, t: size!.value, prev_flat_grad: before, prev_loss: lossBefore });
    const { gradients, steps, ro, diagonal } = history;
    Object.assign(entries, { old_dirs: [...gradients], old_stps: [...steps], ro: [...ro], H_diag: diagonal });
    return original;
  }

  #count(numEvaluations: number): void {
    this.#numEvaluations += numEvaluations;
    this.#entries.func_evals = (this.#entries.func_evals as number) + numEvaluations;
  }

  #isSmall(gradient: Tensor): boolean {
    return inTensor(gradient.abs().max()).isAtMost(this.#group.toleranceGrad);
  }

  #firstSize(gradient: Tensor): PythonNumber {
    const one = PythonNumber.float(1);
    return least(one, one.over(inTensor(gradient.abs().sum()))).times(this.#group.lr);
  }

  /** Notes what the last step told, unless the curvature along it is not positive. */
  #learn(history: History, gradient: Tensor, step: Tensor): void {
    const curvature = gradient.dot(step);
    if (!PythonNumber.float(1e-10).isBelow(inTensor(curvature))) return;
    for (const list of [history.gradients, history.steps, history.ro])
      if (list.length >= this.#group.historySize) list.shift();
    history.gradients.push(gradient);
    history.steps.push(step);
    history.ro.push(curvature.reciprocal());
    history.diagonal = Number(curvature.div(gradient.dot(gradient)).item());
  }

  /** Moves the parameters, and evaluates there. @param isLast - nobody would look at the loss after a step without line search. */
  #move(
    at: { direction: Tensor; size: PythonNumber; loss: number; gradient: Tensor; slope: PythonNumber },
    isLast: boolean,
  ): { loss: number; gradient: Tensor; size: PythonNumber; numEvaluations: number; isSmall: boolean } {
    const { direction, size } = at;
    if (this.#group.lineSearchFn === undefined) {
      this.#add(size.value, direction);
      if (isLast) return { ...at, numEvaluations: 0, isSmall: false };
      const loss = this.#evaluate();
      const gradient = this.#gradient();
      return { loss, gradient, size, numEvaluations: 1, isSmall: this.#isSmall(gradient) };
    }
    const start = this.#params.map((parameter) => parameter.detach().clone({ memoryFormat: 'contiguous_format' }));
    const found = strongWolfe({
      ...at,
      step: size,
      directionSize: inTensor(direction.abs().max()),
      toleranceChange: 1e-9,
      maxEvaluations: this.#group.maxEval - this.#numEvaluations,
      evaluate: (step) => {
        this.#add(step.value, direction);
        const loss = this.#evaluate();
        const gradient = this.#gradient();
        for (const [i, parameter] of this.#params.entries()) parameter.copy_(start[i]!);
        return { step, loss, gradient, slope: inTensor(gradient.dot(direction)) };
      },
    });
    this.#add(found.step.value, direction);
    return { ...found, size: found.step, isSmall: this.#isSmall(found.gradient) };
  }

  /** All gradients in one vector; zeros where there is none. */
  #gradient(): Tensor {
    const views = this.#params.map((parameter) => {
      const { grad } = parameter;
      if (grad === undefined)
        return asReal(zeros(parameter.shape, { dtype: parameter.dtype, device: parameter.device })).reshape([-1]);
      return asReal(grad.layout === 'strided' ? grad : grad.toDense()).reshape([-1]);
    });
    return cat(views);
  }

  #add(size: number, direction: Tensor): void {
    let offset = 0;
    for (const parameter of this.#params) {
      const target = asReal(parameter);
      const { numel } = target;
      target.add_(direction.narrow(0, offset, numel).reshape(target.shape), { alpha: size });
      offset += numel;
    }
  }
}

/** -H g, by the two-loop recursion. */
function turn({ gradients, steps, ro, diagonal }: History, gradient: Tensor): Tensor {
  const shares = new Array<Tensor>(gradients.length);
  const q = gradient.neg();
  for (let i = gradients.length - 1; i >= 0; i--) {
    const share = steps[i]!.dot(q).mul(ro[i]!);
    shares[i] = share;
    q.add_(gradients[i]!, { alpha: -Number(share.item()) });
  }
  const r = q.mul(diagonal);
  for (let i = 0; i < gradients.length; i++) {
    const share = gradients[i]!.dot(r).mul(ro[i]!);
    r.add_(steps[i]!, { alpha: Number(shares[i]!.sub(share).item()) });
  }
  return r;
}

function readHistory({ old_dirs = [], old_stps = [], ro = [], H_diag = 1 }: Entries): History {
  const list = (value: unknown): Tensor[] => [...(value as readonly Tensor[])];
  return { gradients: list(old_dirs), steps: list(old_stps), ro: list(ro), diagonal: H_diag as number };
}

function inTensor(scalar: Tensor): PythonNumber {
  return PythonNumber.inTensor(Number(scalar.item()), scalar.dtype);
}

function asReal(tensor: Tensor): Tensor {
  return isComplexDType(tensor.dtype) ? viewAsReal(tensor.resolveConj()) : tensor;
}

// Every optimizer on a small problem, for the suites that hold each to the same: a new optimizer adds one line here.
import { arange, nn, noGrad, optim, scope, sparseCooTensor, type Tensor } from '../../src/index.ts';
import type { AnyOptimizer, NamedParameter } from '../../src/optim/index.ts';

/** What gradients the problem has. */
type Kind = 'dense' | 'matrices' | 'sparse' | 'closure';
type Make = (params: readonly NamedParameter[]) => AnyOptimizer;

export const EVERY_OPTIMIZER: Readonly<Record<string, { readonly kind: Kind; readonly make: Make }>> = {
  Adadelta: { kind: 'dense', make: (params) => new optim.Adadelta(params, { lr: 2, rho: 0.8, weightDecay: 0.1 }) },
  Adafactor: { kind: 'dense', make: (params) => new optim.Adafactor(params, { lr: 0.1, eps: [undefined, 0.01], d: 2 }) },
  Adagrad: { kind: 'dense', make: (params) => new optim.Adagrad(params, { lr: 1, lrDecay: 0.1, weightDecay: 0.1 }) },
  Adam: { kind: 'dense', make: (params) => new optim.Adam(params, { lr: 0.1, amsgrad: true, weightDecay: 0.1 }) },
  AdamW: { kind: 'dense', make: (params) => new optim.AdamW(params, { lr: 1, betas: [0.8, 0.95] }) },
  Adamax: { kind: 'dense', make: (params) => new optim.Adamax(params, { lr: 0.1, weightDecay: 0.1 }) },
  ASGD: { kind: 'dense', make: (params) => new optim.ASGD(params, { lr: 0.5, lambd: 0.1, t0: 2 }) },
  LBFGS: { kind: 'closure', make: (params) => new optim.LBFGS(params, { maxIter: 3, historySize: 4, lineSearchFn: 'strong_wolfe' }) },
  Lion: { kind: 'dense', make: (params) => new optim.Lion(params, { lr: 0.1, weightDecay: 0.1 }) },
  Muon: { kind: 'matrices', make: (params) => new optim.Muon(params, { lr: 0.1, adjustLrFn: 'match_rms_adamw' }) },
  NAdam: { kind: 'dense', make: (params) => new optim.NAdam(params, { lr: 0.1, weightDecay: 0.1, decoupledWeightDecay: true }) },
  RAdam: { kind: 'dense', make: (params) => new optim.RAdam(params, { lr: 0.1, betas: [0.9, 0.6], weightDecay: 0.1 }) },
  RMSprop: { kind: 'dense', make: (params) => new optim.RMSprop(params, { lr: 0.1, centered: true, momentum: 0.5 }) },
  Rprop: { kind: 'dense', make: (params) => new optim.Rprop(params, { lr: 0.1, etas: [0.4, 1.5] }) },
  SGD: { kind: 'dense', make: (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true }) },
  SparseAdam: { kind: 'sparse', make: (params) => new optim.SparseAdam(params, { lr: 0.1 }) },
}; // biome-ignore format: a table

const SHAPES: Readonly<Record<Kind, Readonly<Record<string, readonly number[]>>>> = {
  dense: { weight: [5, 4], bias: [3], scale: [] },
  matrices: { wide: [3, 5], tall: [6, 2] },
  sparse: { table: [5, 3] },
  closure: { a: [4], b: [2, 3] },
};

/** Parameters, and an optimizer that brings them to the whole numbers 0, 1, 2, … along slopes of many sizes. */
export class Problem {
  readonly params: readonly NamedParameter[];
  readonly optimizer: AnyOptimizer;
  readonly #kind: Kind;
  readonly #numbers: readonly Tensor[];

  constructor(name: string, values?: readonly Tensor[]) {
    const { kind, make } = EVERY_OPTIMIZER[name]!;
    this.#kind = kind;
    const shapes = Object.entries(SHAPES[kind]);
    this.#numbers = shapes.map(([, shape]) =>
      arange(
        shape.reduce((a, b) => a * b, 1),
        { dtype: 'float32' },
      ).reshape(shape),
    );
    this.params = shapes.map(([each, shape], i) => {
      const start = values?.[i]?.clone() ?? this.#numbers[i]!.mul(-0.25).add(0.125 + shape.length);
      return [each, new nn.Parameter(start)];
    });
    this.optimizer = make(this.params);
  }

  get values(): Tensor[] {
    return this.params.map(([, parameter]) => parameter.detach().clone());
  }

  /** How far each parameter is from where it goes, and the gradient there. */
  #evaluate(): Tensor {
    return noGrad(() => {
      const losses = this.params.map(([, parameter], i) => {
        const numbers = this.#numbers[i]!;
        const distance = parameter.sub(numbers);
        const slopes = numbers.add(1).mul(0.0625);
        const gradient = distance.mul(slopes);
        parameter.grad = this.#kind === 'sparse' ? rowsOf(gradient) : gradient;
        return distance.square().mul(slopes).sum().mul(0.5);
      });
      return losses.reduce((sum, loss) => sum.add(loss));
    });
  }

  step(numSteps: number): void {
    for (let i = 0; i < numSteps; i++)
      scope(() => {
        if (this.#kind === 'closure') this.optimizer.step(() => this.#evaluate());
        else {
          this.#evaluate();
          this.optimizer.step();
        }
        this.optimizer.zeroGrad();
      });
  }
}

/** The second and fourth row, as an embedding's gradient has them. */
function rowsOf(gradient: Tensor): Tensor {
  const rows = arange(2).mul(2).add(1).to('int64');
  return sparseCooTensor(rows.reshape([1, 2]), { values: gradient.indexSelect(0, rows), size: gradient.shape });
}

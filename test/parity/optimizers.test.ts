// Every optimizer and its options against PyTorch: weights and states after steps with given gradients.
import { describe, expect, it } from 'vitest';
import { cat, nn, optim, sparseCooTensor, stack, Tensor, tensor } from '../../src/index.ts';
import type { AnyOptimizer, Closure, OptimizerStateDict } from '../../src/optim/index.ts';
import { expectClose, expectSame, references } from './reference.ts';

type Options = Readonly<Record<string, unknown>>;
type Tensors = Readonly<Record<string, Tensor>>;
interface Case {
  readonly kind: string;
  readonly options: Options;
  readonly final: Tensors;
  readonly state: OptimizerStateDict;
}
interface Closed {
  readonly options: Options;
  readonly dtype: 'float32' | 'float64';
  readonly losses: number[];
  readonly given: number[];
  readonly final: Tensor[];
  readonly state: OptimizerStateDict;
}
interface Cases {
  readonly initial: Readonly<Record<string, Tensors>>;
  readonly gradients: Readonly<Record<string, Tensors[]>>;
  readonly cases: Readonly<Record<string, Case>>;
  readonly closures: Readonly<Record<string, Closed>>;
}

type Kind = new (params: Iterable<nn.Parameter>, options: object) => AnyOptimizer;
const KINDS = optim as unknown as Readonly<Record<string, Kind>>;

/** PyTorch's options by our names. */
function camelCased(options: Options): Record<string, unknown> {
  const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const plain = (value: unknown): unknown =>
    Array.isArray(value) ? Array.from(value, (each) => each ?? undefined) : value;
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [camel(name), plain(value)]));
}

/** Where the next element lies two places on: fused kernels cannot walk there, so that the form over lists computes. */
function spreadOut(gradient: Tensor): Tensor {
  return stack([gradient, gradient], { dim: gradient.ndim }).select(gradient.ndim, 0);
}

function gradient(given: Tensors, name: string): Tensor {
  return given.rows ? sparseCooTensor(given.rows, { values: given.values!, size: [5, 3] }) : given[name]!;
}

/** The steps of optimizers.py. */
function run(
  name: string,
  { kind, options }: Case,
  cases: Cases,
): { params: [string, nn.Parameter][]; optimizer: AnyOptimizer } {
  const params = Object.entries(cases.initial[kind]!).map(([each, value]): [string, nn.Parameter] => [
    each,
    new nn.Parameter(value.clone()),
  ]);
  const Optimizer = KINDS[name.split(',')[0]!]!;
  const optimizer = new Optimizer(
    params.map(([, parameter]) => parameter),
    camelCased(options),
  );
  for (const [step, grads] of cases.gradients[kind]!.entries()) {
    for (const [i, [each, parameter]] of params.entries()) {
      const grad = gradient(grads, each);
      parameter.grad = name.endsWith('by list') ? spreadOut(grad) : grad;
      if (step % 3 === 2 && i === 0 && params.length > 1) parameter.grad = undefined;
    }
    optimizer.step();
  }
  return { params, optimizer };
}

type Hold = (actual: Tensor, expected: Tensor, what: string) => void;

/** Holds values of a state against PyTorch's: tensors, numbers and lists. */
function holdState(ours: OptimizerStateDict, theirs: OptimizerStateDict, hold: Hold): void {
  const same = (actual: unknown, expected: unknown, what: string): void => {
    if (expected instanceof Tensor && actual instanceof Tensor) hold(actual, expected, what);
    else if (expected instanceof Tensor) expect([what, actual]).toEqual([what, expect.closeTo(expected.item(), 12)]);
    else if (Array.isArray(expected))
      for (const [i, each] of expected.entries()) same((actual as unknown[])[i], each, `${what}[${i}]`);
    else expect([what, actual]).toEqual([what, typeof expected === 'number' ? expect.closeTo(expected, 12) : expected]);
  };
  // A dict without entries is read as an object.
  const state = theirs.state instanceof Map ? (theirs.state as OptimizerStateDict['state']) : new Map();
  expect([...ours.state.keys()]).toEqual([...state.keys()]);
  for (const [index, entries] of state) {
    const { al: _scratch, ...kept } = entries as Record<string, unknown>;
    const own = ours.state.get(index)! as Readonly<Record<string, unknown>>;
    expect(Object.keys(own).sort()).toEqual(Object.keys(kept).sort());
    for (const [name, value] of Object.entries(kept)) same(own[name], value, `${index}.${name}`);
  }
  const plain = ({ fused: _f, foreach: _e, ...group }: Readonly<Record<string, unknown>>): Options =>
    Object.fromEntries(
      Object.entries(group).map(([key, value]) => [
        key,
        Array.isArray(value) ? Array.from(value, (each) => each ?? null) : value,
      ]),
    );
  expect(ours.param_groups.map(plain)).toEqual(theirs.param_groups.map(plain));
}

const all = await references<Cases>('optimizers');

describe.each(all)('optimizers against $source', ({ cases, isExact, tolerance }) => {
  const holdTo =
    (bound: number): Hold =>
    (actual, expected, what) => {
      // Low precision rounds a difference in the last bit of float32 to one of its own.
      const wide = expected.dtype === 'bfloat16' && bound > 0 ? 0.1 : bound;
      if (wide === 0) expectSame(actual, expected, what);
      else expectClose(actual, expected, wide, what);
    };

  it.each(Object.entries(cases.cases))('%s: weights and state', (name, expected) => {
    // The paper's Lion writes its sum in another order; Muon multiplies matrices in bfloat16.
    const least = name.startsWith('Lion') ? 1e-6 : name.startsWith('Muon') && !isExact ? 0.05 : 0;
    const bound = Math.max(tolerance, least);
    const { params, optimizer } = run(name, expected, cases);
    for (const [each, parameter] of params) holdTo(bound)(parameter.detach(), expected.final[each]!, each);
    holdState(optimizer.stateDict(), expected.state, holdTo(bound));
  });

  it.each(Object.entries(cases.cases))('%s: goes on from the state of PyTorch', (name, expected) => {
    const { optimizer } = run(name, { ...expected, options: {} }, cases);
    optimizer.loadStateDict(expected.state);
    holdState(optimizer.stateDict(), expected.state, holdTo(0));
  });

  it.each(Object.entries(cases.closures))('LBFGS, %s: losses, weights and state', (_, expected) => {
    const parameter = (values: Tensor): nn.Parameter => new nn.Parameter(values);
    const start = expected.dtype;
    const [a, b, c] = [
      parameter(tensor([-1.2, 1], { dtype: start })),
      parameter(tensor([[0.5], [-0.3]], { dtype: start })),
      parameter(tensor([1, 1], { dtype: start })),
    ];
    const optimizer = new optim.LBFGS([a, b, c], camelCased(expected.options));
    const losses: number[] = [];
    const closure: Closure<Tensor> = () => {
      optimizer.zeroGrad();
      const x = cat([a, b.reshape([-1])]);
      const [ahead, behind] = [x.narrow(0, 1, 3), x.narrow(0, 0, 3)];
      const loss = ahead
        .sub(behind.square())
        .square()
        .mul(100)
        .add(tensor(1, { dtype: start }).sub(behind).square())
        .sum();
      loss.backward();
      losses.push(loss.item());
      return loss;
    };
    const given = expected.given.map(() => optimizer.step(closure).item());
    if (isExact) expect({ losses, given }).toEqual({ losses: expected.losses, given: expected.given });
    const hold: Hold = isExact ? expectSame : (actual, value, what) => expectClose(actual, value, 1e-2, what);
    for (const [i, each] of [a, b, c].entries()) hold(each.detach(), expected.final[i]!, String(i));
    if (isExact) holdState(optimizer.stateDict(), expected.state, expectSame);
  });
});

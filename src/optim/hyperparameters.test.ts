// Hyperparameters: what each optimizer refuses, as PyTorch does, and what it takes at the edge.

import { describe, expect, it } from 'vitest';
import { Parameter } from '../nn/parameter.ts';
import { ones, zeros } from '../tensor/create.ts';
import * as optim from './index.ts';

type Make = new (params: readonly Parameter[], options: object) => optim.AnyOptimizer;
const KINDS = optim as unknown as Readonly<Record<string, Make>>;
const make = (name: string, options: object, shape: number[] = [2, 2]): optim.AnyOptimizer =>
  new KINDS[name]!([new Parameter(zeros(shape))], options);

const BETAS: readonly [object, string][] = [
  [{ betas: [-0.1, 0.9] }, 'betas in [0, 1), got -0.1,0.9'],
  [{ betas: [0.9, 1] }, 'betas in [0, 1), got 0.9,1'],
  [{ betas: [0.9] }, 'betas in [0, 1), got 0.9'],
];
const LR: readonly [object, string][] = [[{ lr: -1 }, 'lr of at least 0, got -1'], [{ lr: Number.NaN }, 'lr of at least 0, got NaN']]; // biome-ignore format: a table
const EPS: readonly [object, string][] = [[{ eps: -1 }, 'eps of at least 0, got -1']];
const DECAY: readonly [object, string][] = [[{ weightDecay: -0.5 }, 'weightDecay of at least 0, got -0.5']];

const REFUSED: Readonly<Record<string, readonly (readonly [object, string])[]>> = {
  Adadelta: [...LR, ...EPS, ...DECAY, [{ rho: 1.5 }, 'rho from 0 to 1, got 1.5'], [{ rho: -0.5 }, 'rho from 0 to 1, got -0.5']],
  Adafactor: [
    ...LR, ...DECAY, [{ beta2Decay: 0.5 }, 'beta2Decay of at most 0, got 0.5'], [{ d: 0.5 }, 'd of at least 1, got 0.5'],
    [{ eps: [-1, 1] }, 'eps of at least 0, got -1,1'], [{ eps: [undefined, -1] }, 'eps of at least 0, got ,-1'],
  ],
  Adagrad: [
    ...LR, ...EPS, ...DECAY, [{ lrDecay: -1 }, 'lrDecay of at least 0, got -1'],
    [{ initialAccumulatorValue: -1 }, 'initialAccumulatorValue of at least 0, got -1'],
  ],
  Adam: [...LR, ...EPS, ...DECAY, ...BETAS],
  AdamW: [...LR, ...EPS, ...DECAY, ...BETAS],
  Adamax: [...LR, ...EPS, ...DECAY, ...BETAS],
  ASGD: [...LR, ...DECAY, [{ t0: Number.NaN }, 't0 that is a number, got NaN']],
  LBFGS: [
    ...LR, [{ maxIter: 0 }, 'maxIter of at least 1, got 0'], [{ historySize: 0 }, 'historySize of at least 1, got 0'],
    [{ lineSearchFn: 'armijo' }, 'lineSearchFn of "strong_wolfe" or undefined, got "armijo"'],
  ],
  Lion: [...LR, ...DECAY, ...BETAS],
  Muon: [
    ...LR, ...DECAY, [{ momentum: -1 }, 'momentum of at least 0, got -1'], [{ nsSteps: 100 }, 'nsSteps from 0 to 99, got 100'],
    [{ nsCoefficients: [1, 2] }, 'nsCoefficients of three numbers, got 1,2'],
    [{ adjustLrFn: 'none' }, 'adjustLrFn of "original", "match_rms_adamw" or undefined, got "none"'],
  ],
  NAdam: [...LR, ...EPS, ...DECAY, ...BETAS, [{ momentumDecay: -1 }, 'momentumDecay of at least 0, got -1']],
  RAdam: [...LR, ...EPS, ...DECAY, ...BETAS],
  RMSprop: [...LR, ...EPS, ...DECAY, [{ momentum: -1 }, 'momentum of at least 0, got -1'], [{ alpha: -1 }, 'alpha of at least 0, got -1']],
  Rprop: [
    ...LR, [{ etas: [1, 1.2] }, 'etas in (0, 1) and above 1, got 1,1.2'], [{ etas: [0.5, 1] }, 'etas in (0, 1) and above 1, got 0.5,1'],
    [{ stepSizes: [1] }, 'stepSizes of two numbers, got 1'],
  ],
  SGD: [
    ...LR, ...DECAY, [{ momentum: -1 }, 'momentum of at least 0, got -1'],
    [{ nesterov: true }, 'momentum above 0 with nesterov, got 0'],
    [{ nesterov: true, momentum: 0.9, dampening: 0.1 }, 'dampening of 0 with nesterov, got 0.1'],
  ],
  SparseAdam: [...BETAS, [{ lr: 0 }, 'lr above 0, got 0'], [{ eps: 0 }, 'eps above 0, got 0']],
}; // biome-ignore format: a table

describe.each(Object.entries(REFUSED))('%s', (name, rows) => {
  it.each(rows)('refuses %j', (options, message) => {
    expect(() => make(name, options)).toThrow(new RangeError(`Cannot make ${name}: expected ${message}`));
  });

  it('refuses what is no hyperparameter, and chooses the way to compute itself', () => {
    const names = Object.keys(make(name, {}).defaults).join(', ');
    expect(() => make(name, { learningRate: 1 })).toThrow(
      new TypeError(`Cannot make ${name}: expected options of { ${names} }, got "learningRate"`),
    );
    expect(() => make(name, { fused: true })).toThrow(
      new TypeError(
        `Cannot make ${name}: expected options of { ${names} }, got "fused"; the fastest way is chosen by itself`,
      ),
    );
  });

  it('refuses values of another kind, and takes undefined for the default', () => {
    expect(() => make(name, { lr: '0.1' })).toThrow(
      new TypeError(`Cannot make ${name}: expected a number for lr, got string "0.1"`),
    );
    expect(() => make(name, { lr: ones([]) })).toThrow(
      new TypeError(`Cannot make ${name}: expected a number for lr, got a Tensor; give its item()`),
    );
    expect(make(name, { lr: undefined }).paramGroups[0]!.lr).toBe(make(name, {}).paramGroups[0]!.lr);
  });
});

it('every optimizer is in the table', () => {
  const isOptimizer = (each: unknown): each is { name: string } =>
    typeof each === 'function' && each.prototype instanceof optim.GroupOptimizer;
  const names = Object.values<unknown>(optim)
    .filter(isOptimizer)
    .filter((each) => each !== optim.ClippedAdamW) // AdamW's, with a hook before its steps
    .map((each) => each.name);
  expect(Object.keys(REFUSED).sort()).toEqual([...names, 'LBFGS'].sort());
});

it('tells of all that is wrong at once, in one group or in all', () => {
  expect(() => make('Adam', { lr: -1, eps: -1, betas: 3 })).toThrow(
    new TypeError(
      'Cannot make Adam: expected lr of at least 0, got -1, and expected numbers for betas, got number 3, and expected eps of at least 0, got -1',
    ),
  );
  const good = new Parameter(zeros([1]));
  expect(() => new optim.SGD([{ params: [good] }, { params: [new Parameter(zeros([1]))], momentum: -2 }])).toThrow(
    new RangeError('Cannot make SGD: expected momentum of at least 0, got -2'),
  );
});

it('refuses parameters that the rule is not for', () => {
  expect(() => make('Muon', {}, [3])).toThrow(
    new TypeError('Cannot make Muon: expected matrices, got a parameter of shape [3]; give the others to AdamW'),
  );
  expect(() => new optim.SparseAdam([new Parameter(zeros([2], { dtype: 'complex64' }))])).toThrow(
    new TypeError('Cannot make SparseAdam: expected real parameters, got one of complex64'),
  );
  expect(
    () => new optim.LBFGS([{ params: [new Parameter(zeros([1]))] }, { params: [new Parameter(zeros([1]))] }]),
  ).toThrow(new RangeError('Cannot make LBFGS: expected one parameter group, got 2'));
});

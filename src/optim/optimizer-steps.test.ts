// What is around an update: closures, hooks, groups that come later, names, gradients that are not dense real numbers.

import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { embedding } from '../nn/functional/index.ts';
import { Embedding, Linear, Parameter } from '../nn/index.ts';
import { arange, ones, tensor, zeros } from '../tensor/create.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import * as optim from './index.ts';

type Make = new (params: readonly Parameter[], options?: object) => optim.AnyOptimizer;
const KINDS = optim as unknown as Readonly<Record<string, Make>>;

const parameter = (values: number[] = [1, 2]): Parameter => new Parameter(tensor(values));

describe('Optimizer.step(closure)', () => {
  it.each(['SGD', 'Adam', 'Rprop', 'LBFGS'] as const)(
    '%s evaluates first, with gradients recorded, and gives the loss',
    (name) => {
      const x = parameter([3, 4]);
      const optimizer = new KINDS[name]!([x], { lr: 0.25 });
      const loss = optimizer.step(() => {
        optimizer.zeroGrad();
        const value = x.square().sum();
        value.backward();
        return value;
      });
      expect(loss.item()).toBe(25);
      expect(x.square().sum().item()).toBeLessThan(25);
    },
  );

  it('keeps the loss beyond its scope and nothing else', () => {
    const x = parameter();
    const optimizer = new optim.SGD([x]);
    const run = (): Tensor =>
      optimizer.step(() => {
        const value = x.square().sum();
        value.backward();
        return value;
      });
    run().dispose();
    const before = settledTensors();
    const loss = run();
    expect(liveTensors()).toBe(before + 1);
    expect(loss.item()).toBeGreaterThan(0);
  });

  it('refuses a closure that is none, goes on later, or is missing where the rule needs it', () => {
    const x = parameter();
    const optimizer = new optim.SGD([x]);
    expect(() => optimizer.step(3 as never)).toThrow(new TypeError('Cannot step SGD: expected a closure, got number'));
    expect(() => optimizer.step(async () => 1)).toThrow(
      /^Cannot leave enableGrad: expected a synchronous body, got one that returns a Promise/,
    );
    expect(() => new optim.LBFGS([x]).step()).toThrow(
      new TypeError(
        'Cannot step LBFGS: expected a closure, got none; give one that evaluates the loss, calls backward() and returns the loss',
      ),
    );
    expect(() => new optim.LBFGS([x]).step(() => 'low')).toThrow(
      new TypeError('Cannot step LBFGS: expected a closure that returns the loss, got string'),
    );
  });
});

describe('step hooks', () => {
  it('run before and after each step, in order, until they are removed', () => {
    const seen: string[] = [];
    const x = parameter();
    x.grad = ones([2]);
    const optimizer = new optim.SGD([x], { lr: 1 });
    const first = optimizer.registerStepPreHook(
      (self) => void seen.push(`before ${self === optimizer} ${x.toArray()}`) as undefined,
    );
    optimizer.registerStepPreHook((_, closure) => void seen.push(`closure ${typeof closure}`) as undefined);
    optimizer.registerStepPostHook(() => void seen.push(`after ${x.toArray()}`));
    optimizer.step();
    first.remove();
    optimizer.step(() => 1);
    expect(seen).toEqual(['before true 1,2', 'closure undefined', 'after 0,1', 'closure function', 'after -1,0']);
    expect(() => optimizer.registerStepPreHook(3 as never)).toThrow(
      new TypeError('Cannot register a hook: expected a function, got number'),
    );
  });

  it('may put another closure in the place of the one of the step', () => {
    const optimizer = new optim.SGD([parameter()]);
    optimizer.registerStepPreHook((_, closure) => closure && (() => Number(closure()) * 2));
    expect(optimizer.step(() => 21)).toBe(42);
    optimizer.step();
  });
});

describe('Optimizer.addParamGroup()', () => {
  it('trains what is added, with the options of the optimizer unless the group has its own', () => {
    const [a, b] = [parameter([1]), parameter([1])];
    const optimizer = new optim.SGD([a], { lr: 0.5, momentum: 0.5 });
    optimizer.addParamGroup({ params: [b], lr: 0.25 });
    for (const each of [a, b]) each.grad = ones([1]);
    optimizer.step();
    expect([a.toArray(), b.toArray()]).toEqual([[0.5], [0.75]]);
    expect(optimizer.paramGroups.map(({ lr, momentum }) => [lr, momentum])).toEqual([[0.5, 0.5], [0.25, 0.5]]); // biome-ignore format: pairs
    expect(optimizer.stateDict().param_groups.map(({ params }) => params)).toEqual([[0], [1]]);
  });

  it('refuses parameters that are there already, values out of range, and names beside none, and adds nothing then', () => {
    const a = parameter();
    const optimizer = new optim.SGD([a]);
    const refused: [object, string][] = [
      [{ params: [a] }, 'Cannot make an optimizer: expected every parameter in one group, got one twice'],
      [{ params: [parameter()], lr: -1 }, 'Cannot make SGD: expected lr of at least 0, got -1'],
      [
        { params: [['b', parameter()]] },
        'Cannot make an optimizer: expected names in all groups or in none, got a group with names',
      ],
      [
        { params: [parameter(), ['b', parameter()]] },
        'Cannot make an optimizer: expected names for all parameters or for none, got 1 names for 2',
      ],
      [{}, 'Cannot make an optimizer: expected parameters, got undefined; pass model.parameters()'],
    ];
    for (const [group, message] of refused) expect(() => optimizer.addParamGroup(group as never)).toThrow(message);
    expect(optimizer.paramGroups.length).toBe(1);
    for (const params of [null, 3, 'ab', ones([2]), {}])
      expect(() => new optim.SGD(params as never)).toThrow(
        /^Cannot make an optimizer: expected parameters, got \w+; pass model.parameters\(\)$/,
      );
  });
});

describe('named parameters', () => {
  it('are in the state dict as PyTorch has them; those of a state that is loaded take their place', () => {
    const layer = new Linear(2, 1);
    const optimizer = new optim.SGD(layer.namedParameters());
    const [group] = optimizer.stateDict().param_groups;
    expect([group!.params, group!.param_names]).toEqual([
      [0, 1],
      ['weight', 'bias'],
    ]);
    optimizer.loadStateDict({ ...optimizer.stateDict(), param_groups: [{ ...group, param_names: ['w', 'b'] }] });
    expect(optimizer.paramGroups[0]!.paramNames).toEqual(['w', 'b']);
    const { param_names: _, ...nameless } = group!;
    optimizer.loadStateDict({ ...optimizer.stateDict(), param_groups: [nameless] });
    expect(optimizer.paramGroups[0]!.paramNames).toEqual(['w', 'b']);
    const names = optimizer.parameters().map((each) => each.shape);
    expect(names).toEqual([[1, 2], [1]]);
  });
});

describe('Optimizer.zeroGrad()', () => {
  it('forgets gradients, or sets them to zero in place, sparse ones and ones with a history too', () => {
    const [a, b, c] = [parameter(), parameter(), new Embedding(3, 2, { sparse: true })];
    const optimizer = new optim.SGD([a, b, c.weight]);
    c.forward(tensor([1n]))
      .sum()
      .backward();
    const before = parameter().mul(2);
    a.grad = before;
    expect(before.requiresGrad).toBe(true);
    optimizer.zeroGrad({ setToNone: false });
    expect([a.grad!.toArray(), a.grad!.requiresGrad, b.grad]).toEqual([[0, 0], false, undefined]);
    expect(before.detach().toArray()).toEqual([0, 0]);
    expect(c.weight.grad!.toDense().abs().sum().item()).toBe(0);
    optimizer.zeroGrad();
    expect([a.grad, b.grad, c.weight.grad]).toEqual([undefined, undefined, undefined]);
    expect(() => optimizer.zeroGrad({ setToNull: true } as never)).toThrow(
      new TypeError('Cannot zero gradients: expected options of { setToNone }, got "setToNull"'),
    );
  });
});

describe('gradients and parameters that a rule is not for', () => {
  const sparse = (): Parameter => {
    const table = new Embedding(3, 2, { sparse: true });
    table
      .forward(tensor([1n]))
      .sum()
      .backward();
    return table.weight;
  };
  it.each(['Adadelta', 'Adafactor', 'Adamax', 'ASGD', 'Lion', 'Muon', 'NAdam', 'RAdam', 'RMSprop', 'Rprop'] as const)('%s refuses sparse gradients', (name) => {
    expect(() => new KINDS[name]!([sparse()]).step()).toThrow(
      new TypeError(`Cannot update by ${name}: expected dense gradients, got a sparse one`),
    );
  }); // biome-ignore format: a table

  it.each(['Adam', 'AdamW'] as const)('%s points to SparseAdam, and that back', (name) => {
    expect(() => new KINDS[name]!([sparse()]).step()).toThrow(
      `Cannot update by ${name}: expected dense gradients, got a sparse one; use SparseAdam`,
    );
    const dense = parameter();
    dense.grad = ones([2]);
    expect(() => new optim.SparseAdam([dense]).step()).toThrow(
      'Cannot update by SparseAdam: expected sparse gradients, got a dense one; use Adam',
    );
  });

  it.each(['Adafactor', 'Lion', 'Muon'] as const)('%s refuses complex parameters', (name) => {
    const complex = new Parameter(zeros([2, 2], { dtype: 'complex64' }));
    complex.grad = zeros([2, 2], { dtype: 'complex64' });
    expect(() => new KINDS[name]!([complex]).step()).toThrow(
      new TypeError(`Cannot update by ${name}: expected real parameters, got one of complex64`),
    );
  });

  it('Adagrad refuses weight decay with sparse gradients', () => {
    expect(() => new optim.Adagrad([sparse()], { weightDecay: 0.1 }).step()).toThrow(
      new TypeError('Cannot update by Adagrad: expected weightDecay 0 with sparse gradients, got 0.1'),
    );
  });
});

describe('one group of many kinds', () => {
  it.each(['SGD', 'Adam', 'AdamW', 'Adagrad', 'RMSprop'] as const)(
    '%s updates dtypes and layouts side by side as it does alone',
    (name) => {
      const make = (): Parameter[] => [
      new Parameter(tensor([[1, 2], [3, 4]])),
      new Parameter(tensor([1, 2], { dtype: 'float64' })),
      new Parameter(tensor([[1, 2, 3], [4, 5, 6]]).t()),
      new Parameter(tensor([1, 2]).to('bfloat16')),
      new Parameter(tensor([1, 2]).to('complex64')),
    ]; // biome-ignore format: a table
      const step = (groups: readonly Parameter[][]): unknown => {
        for (const params of groups) {
          const optimizer = new KINDS[name]!(params, { lr: 0.1, weightDecay: 0.1 });
          for (let i = 0; i < 3; i++) {
            for (const each of params) each.grad = each.detach().mul(0.5).contiguous();
            optimizer.step();
          }
        }
        return groups.flat().map(String);
      };
      const together = make();
      expect(step([together])).toEqual(step(make().map((each) => [each])));
    },
  );
});

describe('LBFGS', () => {
  /** A bowl over complex and real numbers, and rows of a table. */
  function make(values?: readonly Tensor[]): { params: Parameter[]; optimizer: optim.LBFGS; step: () => number } {
    const start = values ?? [
      tensor([1, -1.5]).to('complex64'),
      tensor([0.5, -2]),
      arange(8, { dtype: 'float32' }).reshape([4, 2]),
    ];
    const [p, q, table] = start.map((each) => new Parameter(each.clone())) as [Parameter, Parameter, Parameter];
    const optimizer = new optim.LBFGS([p, q, table], { maxIter: 3, lineSearchFn: 'strong_wolfe' });
    const closure = (): Tensor => {
      optimizer.zeroGrad();
      const rows = embedding(tensor([1n, 3n]), table, { sparse: true });
      const loss = p
        .sub(0.25)
        .abs()
        .square()
        .sum()
        .add(
          q
            .square()
            .mul(tensor([5, 0.5]))
            .sum(),
        )
        .add(rows.sub(1).square().sum());
      loss.backward();
      return loss;
    };
    return { params: [p, q, table], optimizer, step: () => optimizer.step(closure).item() };
  }

  it('takes complex parameters and sparse gradients, and goes on from its state', () => {
    const first = make();
    const losses = [first.step(), first.step()];
    expect(losses[1]).toBeLessThan(losses[0]! / 3);
    expect(first.params[2]!.toArray()).toMatchObject({ 0: [0, 1], 2: [4, 5] });
    const second = make(first.params.map((each) => each.detach()));
    second.optimizer.loadStateDict(first.optimizer.stateDict());
    expect([second.step(), ...second.params.map(String)]).toEqual([first.step(), ...first.params.map(String)]);
  });
});

describe('state', () => {
  it('asks for entries that an option needs which was not there at first', () => {
    const x = parameter();
    x.grad = ones([2]);
    const optimizer = new optim.Adam([x]);
    optimizer.step();
    optimizer.paramGroups[0]!.amsgrad = true;
    expect(() => optimizer.step()).toThrow(
      'Cannot update by Adam: expected "max_exp_avg_sq" in the state of every parameter, got none; the option that asks for it has to be there from the first step on',
    );
  });

  it('SparseAdam keeps its count as a number, as PyTorch does, and takes none that is no whole number', () => {
    const table = new Embedding(3, 2, { sparse: true });
    const optimizer = new optim.SparseAdam(table.parameters());
    scope(() => {
      table
        .forward(tensor([1n]))
        .sum()
        .backward();
      optimizer.step();
    });
    const state = optimizer.stateDict();
    expect(state.state.get(0)!.step).toBe(1);
    expect(() =>
      optimizer.loadStateDict({ ...state, state: new Map([[0, { ...state.state.get(0)!, step: 1.5 as never }]]) }),
    ).toThrow(
      new CheckpointError(
        'Cannot load a state into SparseAdam: expected an integer for "step" of parameter 0, got 1.5',
      ),
    );
  });

  it('Adagrad has its state from the start, and Lion none before the first step', () => {
    expect(
      new optim.Adagrad([parameter()], { initialAccumulatorValue: 2 }).stateDict().state.get(0)!.sum!.toArray(),
    ).toEqual([2, 2]);
    expect(new optim.Lion([parameter()]).stateDict().state.size).toBe(0);
  });

  it('prints the class and the hyperparameters of each group', () => {
    expect(String(new optim.Muon([new Parameter(zeros([2, 2]))]))).toBe(
      'Muon (\nParameter Group 0\n    adjust_lr_fn: None\n    eps: 1e-07\n    lr: 0.001\n    momentum: 0.95\n    nesterov: True\n    ns_coefficients: (3.4445, -4.775, 2.0315)\n    ns_steps: 5\n    weight_decay: 0.1\n)',
    );
  });
});

describe('the name of a group', () => {
  it('is in the state dict, comes with a state that has one, and has to be a text', () => {
    const params = new Linear(2, 1).parameters();
    const optimizer = new optim.SGD([{ params, name: 'head' }]);
    const state = optimizer.stateDict();
    expect(state.param_groups[0]!.name).toBe('head');
    const other = new optim.SGD([{ params }]);
    expect(other.stateDict().param_groups[0]).not.toHaveProperty('name');
    other.loadStateDict(state);
    expect(other.paramGroups[0]!.name).toBe('head');
    expect(() => new optim.SGD([{ params, name: 3 as never }])).toThrow(
      'expected a text as the name of a group, got number',
    );
  });
});

// Optimizers: groups, states that do not fit, and layouts that the fused kernel cannot walk. Values against PyTorch are in test/parity.

import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { Embedding, Parameter } from '../nn/index.ts';
import { full, ones, tensor, zeros } from '../tensor/create.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { AdamW, type AdamWHyperparameters, SGD } from './index.ts';

const parameter = (values: number[] = [1, 2]): Parameter => new Parameter(tensor(values));

/** Steps once with the gradient and gives the values. */
function stepped(leaf: Parameter, gradient: Tensor, options: Partial<AdamWHyperparameters> = {}): unknown {
  const optimizer = new AdamW([leaf], { lr: 0.5, weightDecay: 0, eps: 0, ...options });
  leaf.grad = gradient;
  optimizer.step();
  return rounded(leaf);
}

/** Without the last bits, which the kernels and the list form do not share. */
function rounded(values: Tensor): unknown {
  return values.detach().mul(1024).round().div(1024).toArray();
}

describe('Optimizer', () => {
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['no parameters', () => new AdamW([]), RangeError, 'Cannot make an optimizer: expected parameters, got an empty list'],
    ['no parameters in a group', () => new AdamW([{ params: [] }]), RangeError, 'Cannot make an optimizer: expected parameters, got an empty list'],
    ['tensors', () => new AdamW([{ params: [ones([1]) as Parameter] }]), TypeError, 'Cannot make an optimizer: expected parameters, got object; pass model.parameters()'],
    ['a parameter twice', () => {
      const p = parameter();
      return new AdamW([{ params: [p] }, { params: [p] }]);
    }, TypeError, 'Cannot make an optimizer: expected every parameter in one group, got one twice'],
    ['an unknown option', () => new AdamW([parameter()], { learningRate: 1 } as object), TypeError, 'Cannot make AdamW: expected options of { lr, betas, eps, weightDecay, amsgrad, maximize }, got "learningRate"'],
    ['an unknown option of a group', () => new AdamW([{ params: [parameter()], decay: 1 } as { params: Parameter[] }]), TypeError, 'Cannot make AdamW: expected options of { lr, betas, eps, weightDecay, amsgrad, maximize }, got "decay"'],
    ['a negative learning rate', () => new AdamW([parameter()], { lr: -1 }), RangeError, 'Cannot make AdamW: expected lr of at least 0, got -1'],
    ['NaN', () => new AdamW([parameter()], { eps: Number.NaN }), RangeError, 'Cannot make AdamW: expected eps of at least 0, got NaN'],
    ['a beta of 1 in a group', () => new AdamW([{ params: [parameter()], betas: [0.9, 1] }]), RangeError, 'Cannot make AdamW: expected betas in [0, 1), got 0.9,1'],
  ])('refuses %s', (_, make, kind, message) => {
    expect(make).toThrow(new kind(message));
  }); // biome-ignore format: a table

  it('leaves parameters without a gradient alone', () => {
    const [a, b] = [parameter(), parameter()];
    const optimizer = new AdamW([a, b], { lr: 0.1 });
    a.grad = ones([2]);
    optimizer.step();
    expect(b.toArray()).toEqual([1, 2]);
    expect([...optimizer.stateDict().state.keys()]).toEqual([0]);
    optimizer.zeroGrad();
    expect(a.grad).toBeUndefined();
  });

  it('keeps its state beyond scopes and leaves nothing else behind', () => {
    const leaf = parameter();
    const optimizer = new AdamW([leaf]);
    scope(() => {
      leaf.grad = ones([2]);
      optimizer.step();
    });
    const before = settledTensors();
    optimizer.step();
    scope(() => optimizer.step());
    expect(liveTensors()).toBeLessThanOrEqual(before);
    expect(optimizer.stateDict().state.get(0)!.step!.item()).toBe(3);
  });

  it('counts steps by parameter', () => {
    const [a, b] = [parameter([0, 0]), parameter([0, 0])];
    const optimizer = new AdamW([a, b], { lr: 0.5, weightDecay: 0, eps: 0 });
    for (let i = 0; i < 3; i++) {
      a.grad = ones([2]);
      b.grad = i === 2 ? ones([2]) : undefined;
      optimizer.step();
    }
    expect(rounded(b)).toEqual([-0.5, -0.5]);
    expect([0, 1].map((i) => optimizer.stateDict().state.get(i)!.step!.item())).toEqual([3, 1]);
  });
});

describe('AdamW on memory that is not one dense block', () => {
  const gradient = [[1, -1, 1], [1, 1, -1]]; // biome-ignore format: a matrix
  const expected = [[-0.5, 0.5, -0.5], [-0.5, -0.5, 0.5]]; // biome-ignore format: a matrix

  it('takes a gradient of other strides element by element', () => {
    expect(stepped(new Parameter(zeros([2, 3])), tensor(gradient))).toEqual(expected);
    const transposed = tensor([[1, 1], [-1, 1], [1, -1]]).mT; // biome-ignore format: a matrix
    expect(transposed.stride).toEqual([1, 2]);
    expect(stepped(new Parameter(zeros([2, 3])), transposed)).toEqual(expected);
  });

  it('updates a parameter that is a part of another tensor, and nothing beside it', () => {
    const base = zeros([3, 4]);
    stepped(new Parameter(base.narrow(1, 1, 1)), ones([3, 1]));
    expect(rounded(base)).toEqual([[0, -0.5, 0, 0], [0, -0.5, 0, 0], [0, -0.5, 0, 0]]); // biome-ignore format: a matrix
  });

  it('goes on when the parameter changes its memory format', () => {
    const leaf = new Parameter(zeros([1, 2, 1, 2]));
    const optimizer = new AdamW([leaf], { lr: 0.5, weightDecay: 0, eps: 0 });
    const step = (): void => {
      leaf.grad = tensor([1, -1, 1, 1], { shape: [1, 2, 1, 2] });
      optimizer.step();
    };
    step();
    leaf.setData(leaf.detach().contiguous({ memoryFormat: 'channels_last' }));
    step();
    expect(rounded(leaf)).toEqual([[[[-1, 1]], [[-1, -1]]]]);
  });
});

describe('Optimizer.loadStateDict()', () => {
  function trained(): { optimizer: AdamW; state: ReturnType<AdamW['stateDict']> } {
    const leaf = parameter();
    const optimizer = new AdamW([leaf], { lr: 0.25 });
    leaf.grad = ones([2]);
    optimizer.step();
    return { optimizer, state: optimizer.stateDict() };
  }
  const fresh = (): AdamW => new AdamW([parameter()]);

  it('copies states and hyperparameters', () => {
    const { optimizer, state } = trained();
    const other = fresh();
    other.loadStateDict(state);
    optimizer.step();
    expect(other.stateDict().state.get(0)!.step!.item()).toBe(1);
    expect(other.paramGroups[0]!.lr).toBe(0.25);
  });

  it('takes a state without entries, as a file gives it', () => {
    const optimizer = fresh();
    optimizer.loadStateDict({ ...fresh().stateDict(), state: {} as never });
    expect(optimizer.stateDict().state.size).toBe(0);
  });

  it('takes counts in plain numbers, numbers in objects, and other dtypes', () => {
    const { state } = trained();
    const entries = state.state.get(0)!;
    const boxed = { ...state.param_groups[0], lr: Object(0.75), betas: [Object(0.5), 0.25] };
    const optimizer = fresh();
    optimizer.loadStateDict({
      state: new Map([[0, { ...entries, step: 4 as unknown as Tensor, exp_avg: entries.exp_avg!.to('float64') }]]),
      param_groups: [boxed],
    });
    expect(optimizer.paramGroups[0]).toMatchObject({ lr: 0.75, betas: [0.5, 0.25] });
    const loaded = optimizer.stateDict().state.get(0)!;
    expect([loaded.step!.item(), loaded.step!.dtype, loaded.exp_avg!.dtype]).toEqual([4, 'float32', 'float32']);
  });

  it.each<[string, (state: ReturnType<AdamW['stateDict']>) => unknown, string]>([
    ['groups', (state) => ({ ...state, param_groups: [] }), '1 parameter groups, got 0'],
    ['parameters', (state) => ({ ...state, param_groups: [{ ...state.param_groups[0], params: [0, 1] }] }), '1 parameters in group 0, got 2'],
    ['shapes', (state) => entry(state, { exp_avg: ones([3]) }), '"exp_avg" of parameter 0 in shape [2], got [3]'],
    ['one number for an average', (state) => entry(state, { exp_avg: full([], 1) }), '"exp_avg" of parameter 0 in shape [2], got []'],
    ['many counts', (state) => entry(state, { step: ones([2]) }), '"step" of parameter 0 in shape [], got [2]'],
    ['no tensor', (state) => entry(state, { exp_avg: 'x' }), 'a tensor for "exp_avg" of parameter 0, got string'],
    ['a tensor for a number', (state) => ({ ...state, param_groups: [{ ...state.param_groups[0], lr: ones([]) }] }), 'a number for "lr", got a tensor'],
    ['a number for numbers', (state) => ({ ...state, param_groups: [{ ...state.param_groups[0], betas: 0.9 }] }), 'numbers for "betas", got number'],
    ['a number for a flag', (state) => ({ ...state, param_groups: [{ ...state.param_groups[0], amsgrad: 1 }] }), 'a boolean for "amsgrad", got number'],
  ])('refuses other %s, and takes nothing then', (_, change, message) => {
    const { optimizer, state } = trained();
    const before = valuesOf(optimizer);
    expect(() => optimizer.loadStateDict(change(state) as typeof state)).toThrow(
      new CheckpointError(`Cannot load a state into AdamW: expected ${message}`),
    );
    expect(valuesOf(optimizer)).toEqual(before);
  }); // biome-ignore format: a table

  function valuesOf(optimizer: AdamW): unknown {
    const { state, param_groups } = optimizer.stateDict();
    const entries = Array.from(state, ([index, tensors]) => [
      index,
      Object.entries(tensors).map(([name, tensor]) => [name, tensor.toArray()]),
    ]);
    return [entries, param_groups];
  }

  function entry(state: ReturnType<AdamW['stateDict']>, change: object): unknown {
    return { ...state, state: new Map([[0, { ...state.state.get(0)!, ...change }]]) };
  }
});

describe('SGD', () => {
  it.each<[string, object, string]>([
    ['a negative momentum', { momentum: -1 }, 'expected momentum of at least 0, got -1'],
    ['nesterov without momentum', { nesterov: true }, 'expected momentum above 0 with nesterov, got 0'],
    ['nesterov with dampening', { nesterov: true, momentum: 0.9, dampening: 0.1 }, 'expected dampening of 0 with nesterov, got 0.1'],
    ['a negative decay', { weightDecay: -0.1 }, 'expected weightDecay of at least 0, got -0.1'],
  ])('refuses %s', (_, options, message) => {
    expect(() => new SGD([parameter()], options)).toThrow(new RangeError(`Cannot make SGD: ${message}`));
  }); // biome-ignore format: a table

  it('starts the velocity of a parameter at its first gradient, also later than others', () => {
    const [a, b] = [parameter([0, 0]), parameter([0, 0])];
    const optimizer = new SGD([a, b], { lr: 1, momentum: 0.5, dampening: 0.5 });
    a.grad = ones([2]);
    optimizer.step(); // v = 1
    b.grad = ones([2]).mul(2);
    optimizer.step(); // a: v = 0.5 + 0.5 = 1; b: v = 2
    expect([a.toArray(), b.toArray()]).toEqual([[-2, -2], [-2, -2]]); // biome-ignore format: pairs
  });

  it('gives the same where a gradient lies in memory otherwise than its parameter', () => {
    const step = (isTransposed: boolean): unknown => {
      const leaf = new Parameter(tensor([[1, 2], [3, 4]])); // biome-ignore format: a matrix
      const optimizer = new SGD([leaf], { lr: 0.5, momentum: 0.5, nesterov: true, weightDecay: 0.25 });
      for (let i = 0; i < 3; i++) {
        const gradient = tensor([[1, 0], [0, 2]]); // biome-ignore format: a matrix
        leaf.grad = isTransposed ? gradient.t() : gradient;
        optimizer.step();
      }
      return leaf.toArray();
    };
    expect(step(true)).toEqual(step(false));
  });

  it('takes sparse gradients', () => {
    const table = new Embedding(3, 2, { sparse: true });
    const before = table.weight.detach().clone();
    const optimizer = new SGD(table.parameters(), { lr: 0.5 });
    for (const momentum of [0, 0.5]) {
      optimizer.paramGroups[0]!.momentum = momentum;
      table
        .forward(tensor([1n, 1n]))
        .sum()
        .backward();
      optimizer.step();
      optimizer.zeroGrad();
    }
    expect(before.sub(table.weight).toArray()).toEqual([[0, 0], [2, 2], [0, 0]].map((row) => row.map((value) => expect.closeTo(value, 5)))); // biome-ignore format: a matrix
    table
      .forward(tensor([1n]))
      .sum()
      .backward();
    optimizer.paramGroups[0]!.weightDecay = 0.1;
    expect(() => optimizer.step()).toThrow(
      new TypeError(
        'Cannot update by SGD: expected weightDecay 0 and no nesterov with sparse gradients, got 0.1 and false',
      ),
    );
  });

  it('keeps no state without momentum, and what PyTorch keeps with it', () => {
    const leaf = parameter();
    leaf.grad = ones([2]);
    const [plain, heavy] = [new SGD([leaf], { lr: 0 }), new SGD([leaf], { lr: 0, momentum: 0.9 })];
    plain.step();
    heavy.step();
    expect(plain.stateDict().state.size).toBe(0);
    expect(heavy.stateDict().state.get(0)!.momentum_buffer!.toArray()).toEqual([1, 1]);
    expect(Object.keys(heavy.stateDict().param_groups[0]!)).toEqual(
      ['lr', 'momentum', 'dampening', 'weight_decay', 'nesterov', 'maximize', 'foreach', 'differentiable', 'fused', 'params'], // biome-ignore format: keys
    );
  });
});

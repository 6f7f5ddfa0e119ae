// AdamW, SGD, clipping and schedules against PyTorch: losses to the last bit, parameters, states and learning rates.
import { describe, expect, it } from 'vitest';
import { nn, noGrad, optim, stack, type Tensor, zeros } from '../../src/index.ts';
import type { StateDict } from '../../src/nn/module.ts';
import type { OptimizerStateDict, SchedulerStateDict } from '../../src/optim/index.ts';
import type { AnyOptimizer } from '../../src/optim/optimizer.ts';
import { expectClose, expectSame, references } from './reference.ts';

interface Trained {
  readonly initial: StateDict;
  readonly x: Tensor;
  readonly parameters: StateDict;
  readonly optimizer: OptimizerStateDict;
}

type Trainings = Readonly<
  Record<string, Trained & { options: Record<string, number | boolean | number[]>; y: Tensor; losses: number[] }>
>;

interface Cases {
  readonly adamw: Trainings;
  readonly sgd: Trainings;
  readonly groups: Trained;
  readonly clipping: Readonly<Record<string, { norm: Tensor; gradients: Tensor[] }>> & { readonly gradients: Tensor[] };
  readonly schedules: Readonly<
    Record<string, { arguments: [number, number, number]; rates: number[][]; state: SchedulerStateDict }>
  >;
}

function network(initial: StateDict): nn.Sequential {
  const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 4));
  model.loadStateDict(initial);
  return model;
}

/** PyTorch's options by our names. */
function options(given: Readonly<Record<string, unknown>>): Record<string, number | boolean | number[]> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name === 'weight_decay' ? 'weightDecay' : name,
      Array.isArray(value) ? Array.from(value) : (value as number | boolean),
    ]),
  );
}

/** Where the next element lies two places on: fused kernels cannot walk there, so that the form over lists computes. */
function spreadOut(gradient: Tensor): Tensor {
  const wide = stack([gradient, gradient], { dim: gradient.ndim });
  return wide.select(gradient.ndim, 0);
}

/** The 100 steps of optim.py. */
function train(model: nn.Sequential, optimizer: AnyOptimizer, { x, y }: Trainings[string], isSpread = false): number[] {
  const first = model.parameters()[0]!;
  return Array.from({ length: 100 }, (_, step) => {
    optimizer.zeroGrad();
    const loss = nn.functional.mseLoss(model.forward(x), y);
    loss.backward();
    if (step % 3 === 2) first.grad = undefined;
    if (isSpread) for (const each of model.parameters()) each.grad = each.grad && spreadOut(each.grad);
    optimizer.step();
    return loss.item();
  });
}

const all = await references<Cases>('optim');

describe.each(all)('optimizers against $source', ({ cases, isExact, tolerance }) => {
  const trainings = [
    ...Object.entries(cases.adamw).map(([name, each]) => [`AdamW, ${name}`, each, optim.AdamW] as const),
    ...Object.entries(cases.sgd).map(([name, each]) => [`SGD, ${name}`, each, optim.SGD] as const),
  ];

  describe.each(trainings)('%s', (_, expected, Kind) => {
    it('gives the losses, parameters and state of 100 steps, to the last bit on the same libtorch', () => {
      const model = network(expected.initial);
      const optimizer = new Kind(model.parameters(), options(expected.options));
      const losses = train(model, optimizer, expected);
      if (isExact) expect(losses).toEqual(expected.losses);
      for (const [i, loss] of losses.entries())
        expect(Math.abs(loss - expected.losses[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(loss)));
      const hold = isExact ? expectSame : (a: Tensor, b: Tensor, what: string) => expectClose(a, b, 1e-4, what);
      const parameters = model.stateDict();
      for (const [name, value] of Object.entries(expected.parameters)) hold(parameters[name]!, value, name);
      const { state, param_groups } = optimizer.stateDict();
      // A dict without entries is read as an object.
      const theirState = expected.optimizer.state instanceof Map ? expected.optimizer.state : new Map();
      expect([...state.keys()]).toEqual([...theirState.keys()]);
      for (const [index, entries] of theirState as OptimizerStateDict['state']) {
        expect(Object.keys(state.get(index)!)).toEqual(Object.keys(entries));
        for (const [name, value] of Object.entries(entries)) hold(state.get(index)![name]!, value, `${index}.${name}`);
      }
      const theirs = expected.optimizer.param_groups.map(({ fused: _fused, ...rest }) =>
        'betas' in rest ? { ...rest, betas: Array.from(rest.betas as number[]) } : { ...rest },
      );
      const ours = param_groups.map(({ fused: _fused, ...rest }) => rest);
      expect(ours.map((group) => ({ ...group }))).toEqual(theirs);
      expect(Object.keys(param_groups[0]!)).toEqual(Object.keys(expected.optimizer.param_groups[0]!));
    });

    it('gives the same to 1e-6 in the form over lists', () => {
      const model = network(expected.initial);
      const losses = train(model, new Kind(model.parameters(), options(expected.options)), expected, true);
      // The rule is the same and the order of roundings is not.
      const bound = isExact ? 1e-6 : 1e-5;
      for (const [i, loss] of losses.entries())
        expect(Math.abs(loss - expected.losses[i]!)).toBeLessThan(bound * Math.max(1, Math.abs(loss)));
      const parameters = model.stateDict();
      for (const [name, value] of Object.entries(expected.parameters))
        expectClose(parameters[name]!, value, 20 * bound, name);
    });
  });

  it('AdamW gives each group its own hyperparameters', () => {
    const model = network(cases.groups.initial);
    const [first, , last] = [...model] as [nn.Linear, nn.ReLU, nn.Linear];
    const optimizer = new optim.AdamW(
      [{ params: first.parameters(), lr: 0.1, weightDecay: 0 }, { params: last.parameters() }],
      { lr: 0.01 },
    );
    for (let i = 0; i < 10; i++) {
      optimizer.zeroGrad();
      model.forward(cases.groups.x).square().mean().backward();
      optimizer.step();
    }
    const parameters = model.stateDict();
    for (const [name, value] of Object.entries(cases.groups.parameters))
      expectClose(parameters[name]!, value, tolerance, name);
    const groups = optimizer.stateDict().param_groups;
    expect(groups.map(({ lr, weight_decay, params }) => ({ lr, weight_decay, params }))).toEqual(
      cases.groups.optimizer.param_groups.map(({ lr, weight_decay, params }) => ({ lr, weight_decay, params })),
    );
  });

  it('AdamW goes on from the state of PyTorch', () => {
    const expected = cases.adamw['all options']!;
    const resume = (state: OptimizerStateDict): StateDict => {
      const model = network(expected.parameters);
      const optimizer = new optim.AdamW(model.parameters());
      optimizer.loadStateDict(state);
      expect(optimizer.paramGroups[0]).toMatchObject({ lr: 0.02, betas: [0.8, 0.95], eps: 1e-5, weightDecay: 0.2 });
      train(model, optimizer, expected);
      return model.stateDict();
    };
    const once = resume(expected.optimizer);
    const model = network(expected.parameters);
    const again = new optim.AdamW(model.parameters());
    again.loadStateDict(expected.optimizer);
    const twice = resume(again.stateDict());
    for (const [name, value] of Object.entries(once)) expectSame(twice[name]!, value, name);
  });

  it('SGD goes on from the state of PyTorch, and gives each group its own hyperparameters', () => {
    const expected = cases.sgd['all options']!;
    const resume = (state: OptimizerStateDict): StateDict => {
      const model = network(expected.parameters);
      const optimizer = new optim.SGD(model.parameters());
      optimizer.loadStateDict(state);
      expect(optimizer.paramGroups[0]).toMatchObject({ lr: 0.02, momentum: 0.8, dampening: 0.3, weightDecay: 0.1 });
      train(model, optimizer, expected);
      return model.stateDict();
    };
    const once = resume(expected.optimizer);
    const again = new optim.SGD(network(expected.parameters).parameters());
    again.loadStateDict(expected.optimizer);
    const twice = resume(again.stateDict());
    for (const [name, value] of Object.entries(once)) expectSame(twice[name]!, value, name);
    // Where there is no momentum older PyTorch keeps None.
    const [group] = expected.optimizer.param_groups;
    const empty = new Map([[0, { momentum_buffer: null as unknown as Tensor }]]);
    again.loadStateDict({ state: empty, param_groups: [{ ...group, momentum: 0 }] });
    expect([...again.stateDict().state.values()]).toEqual([]);
  });

  describe('clipping', () => {
    const fresh = (): nn.Parameter[] => {
      const parameters = [[3, 2], [4], [2]].map((shape) => new nn.Parameter(zeros(shape)));
      cases.clipping.gradients.forEach((gradient, i) => {
        parameters[i]!.grad = gradient.clone();
      });
      return parameters;
    };
    const expectGradients = (parameters: readonly nn.Parameter[], expected: readonly Tensor[]): void => {
      expected.forEach((gradient, i) => {
        expectClose(parameters[i]!.grad!, gradient, tolerance, `gradient ${i}`);
      });
      expect(parameters[2]!.grad).toBeUndefined();
    };

    it.each([0.5, 100])('clipGradNorm_() to %d gives the norm and the gradients', (maxNorm) => {
      const expected = cases.clipping[`norm ${maxNorm.toFixed(1)}`]!;
      const parameters = fresh();
      expectClose(optim.clipGradNorm_(parameters, maxNorm)!, expected.norm, tolerance);
      expectGradients(parameters, expected.gradients);
    });

    it('clipGradValue_() clamps every element', () => {
      const parameters = fresh();
      optim.clipGradValue_(parameters, 1.25);
      expectGradients(parameters, cases.clipping['value 1.25']!.gradients);
    });
  });

  it.each(Object.entries(cases.schedules))(
    'LambdaLR over warmupCosine() gives the learning rates and the state: %s',
    (_, expected) => {
      const [warmupSteps, totalSteps, minFactor] = expected.arguments;
      const weights = [new nn.Parameter(zeros([1])), new nn.Parameter(zeros([1]))] as const;
      const optimizer = new optim.AdamW([{ params: [weights[0]], lr: 0.3 }, { params: [weights[1]] }], { lr: 0.001 });
      const schedule = new optim.LambdaLR(optimizer, optim.warmupCosine({ warmupSteps, totalSteps, minFactor }));
      const rates = [schedule.getLastLr()];
      for (let i = 0; i < 15; i++) {
        noGrad(() => optimizer.step());
        schedule.step();
        rates.push(schedule.getLastLr());
      }
      rates.forEach((pair, step) => {
        pair.forEach((rate, i) => {
          expect([step, i, rate]).toEqual([step, i, expect.closeTo(expected.rates[step]![i]!, 15)]);
        });
      });
      const { _last_lr } = expected.state;
      const closeTo = _last_lr.map((rate) => expect.closeTo(rate, 15));
      expect(schedule.stateDict()).toEqual({ ...expected.state, _last_lr: closeTo });
      schedule.loadStateDict(expected.state);
      expect(schedule.getLastLr()).toEqual(_last_lr);
    },
  );
});

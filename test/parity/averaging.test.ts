// Clipping and averages of weights against PyTorch: norms, gradients, averaged weights and batch statistics.
import { describe, expect, it } from 'vitest';
import { type DType, nn, optim, type Tensor, zeros } from '../../src/index.ts';
import type { StateDict } from '../../src/nn/module.ts';
import { expectClose, expectSame, references } from './reference.ts';

interface Clipping {
  readonly gradients: readonly Tensor[];
  readonly norms: readonly { order: number; max_norm: number; total: Tensor; gradients: Tensor[] }[];
  readonly values: readonly { bound: number; gradients: Tensor[] }[];
  readonly 'with norm 7': readonly Tensor[];
}

interface Averaged {
  readonly options: { avg_fn?: string; multi_avg_fn?: string; decay?: number; use_buffers?: boolean };
  readonly start: StateDict;
  readonly models: readonly StateDict[];
  readonly middle: StateDict;
  readonly last: StateDict;
  readonly x: Tensor;
  readonly output: Tensor;
  readonly batches: readonly Tensor[];
  readonly updated: StateDict;
}

interface Cases {
  readonly clipping: Readonly<Record<string, Clipping>>;
  readonly averages: Readonly<Record<string, Averaged>>;
}

const FUNCTIONS: Readonly<Record<string, (decay?: number) => never>> = {
  get_ema_avg_fn: optim.getEmaAvgFn as never,
  get_ema_multi_avg_fn: optim.getEmaMultiAvgFn as never,
  get_swa_avg_fn: optim.getSwaAvgFn as never,
  get_swa_multi_avg_fn: optim.getSwaMultiAvgFn as never,
};

const all = await references<Cases>('averaging');

describe.each(all)('against $source', ({ cases, isExact, tolerance }) => {
  const hold = (actual: Tensor, expected: Tensor, what: string, bound = tolerance): void => {
    if (isExact) expectSame(actual, expected, what);
    else expectClose(actual, expected, bound, what);
  };
  const holdAll = (actual: StateDict, expected: StateDict): void => {
    expect(Object.keys(actual)).toEqual(Object.keys(expected));
    for (const [name, value] of Object.entries(expected)) hold(actual[name]!, value, name);
  };

  describe.each(Object.entries(cases.clipping))('clipping, %s', (kind, expected) => {
    // Of bfloat16, other kernels sum with other roundings.
    const bound = kind === 'two dtypes' ? 1e-2 : tolerance;

    const fresh = (): nn.Parameter[] =>
      expected.gradients.map((gradient) => {
        const parameter = new nn.Parameter(zeros(gradient.shape, { dtype: gradient.dtype as DType }));
        parameter.grad = gradient.clone();
        return parameter;
      });
    const holdGradients = (parameters: readonly nn.Parameter[], gradients: readonly Tensor[]): void => {
      for (const [i, gradient] of gradients.entries()) hold(parameters[i]!.grad!, gradient, `gradient ${i}`, bound);
    };

    it.each(expected.norms)('clipGradNorm_() of order $order to $max_norm', ({ order, max_norm, total, gradients }) => {
      const parameters = fresh();
      hold(optim.clipGradNorm_(parameters, max_norm, { normType: order }), total, 'norm', bound);
      holdGradients(parameters, gradients);
      hold(optim.getTotalNorm(expected.gradients, { normType: order }), total, 'getTotalNorm()', bound);
    });

    it.each(expected.values)('clipGradValue_() to $bound', ({ bound, gradients }) => {
      const parameters = fresh();
      optim.clipGradValue_(parameters, bound);
      holdGradients(parameters, gradients);
    });

    it('clipGradsWithNorm_() with a norm that is known', () => {
      const parameters = fresh();
      optim.clipGradsWithNorm_(parameters, 2, zeros([]).add(7));
      holdGradients(parameters, expected['with norm 7']);
    });
  });

  describe.each(Object.entries(cases.averages))('AveragedModel, %s', (_, expected) => {
    const { avg_fn, multi_avg_fn, decay, use_buffers } = expected.options;
    const network = (): nn.Sequential => {
      const model = new nn.Sequential(new nn.Linear(6, 9), new nn.BatchNorm1d(9), new nn.ReLU(), new nn.Linear(9, 2));
      model.loadStateDict(expected.start);
      return model;
    };
    const average = (model: nn.Sequential): optim.AveragedModel<nn.Sequential> =>
      new optim.AveragedModel(model, {
        ...(avg_fn ? { avgFn: FUNCTIONS[avg_fn]!(decay) } : {}),
        ...(multi_avg_fn ? { multiAvgFn: FUNCTIONS[multi_avg_fn]!(decay) } : {}),
        useBuffers: use_buffers ?? false,
      });

    it('gives the averages, and the output of the averaged model', () => {
      const model = network();
      const averaged = average(model);
      for (const [step, state] of expected.models.entries()) {
        model.loadStateDict(state);
        averaged.updateParameters(model);
        if (step === 5) holdAll(averaged.stateDict(), expected.middle);
      }
      holdAll(averaged.stateDict(), expected.last);
      hold(averaged.eval().forward(expected.x).detach(), expected.output, 'the output');
    });

    it("goes on from PyTorch's state, and updateBn() gives the statistics", async () => {
      const model = network();
      const averaged = average(model);
      averaged.loadStateDict(expected.middle);
      for (const state of expected.models.slice(6)) {
        model.loadStateDict(state);
        averaged.updateParameters(model);
      }
      holdAll(averaged.stateDict(), expected.last);
      averaged.eval();
      await optim.updateBn(
        expected.batches.map((batch) => [batch]),
        averaged,
      );
      holdAll(averaged.stateDict(), expected.updated);
      expect([...averaged.modules()].some(({ training }) => training)).toBe(false);
      expect([...averaged.modules()].map((module) => Reflect.get(module, 'momentum'))).toContain(0.1);
    });
  });
});

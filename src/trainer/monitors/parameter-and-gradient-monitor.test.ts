// Norms of gradients and weights beside those computed by hand, when they are looked at, and what is said about them.
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { SGD } from '../../optim/index.ts';
import { manualSeed, noGrad, type Tensor, tensor } from '../../tensor/index.ts';
import type { GenericTrainerOptions } from '../generic-trainer.ts';
import { GenericTrainer } from '../generic-trainer.ts';
import type { Callback } from '../loop/events.ts';
import { KeptLog } from '../testing/kept-log.ts';
import { TinyModel, tinyLoader, tinyLoss, tinyTrainer } from '../testing/tiny.ts';
import { GradientMonitor } from './gradient-monitor.ts';
import { normsOf } from './parameter-groups.ts';
import { ParameterMonitor } from './parameter-monitor.ts';

const normOf = (...tensors: Tensor[]): number =>
  Math.sqrt(tensors.flatMap((each) => Array.from(each.toTypedArray(), Number)).reduce((sum, x) => sum + x * x, 0));

/** The loop with a monitor and a log; `each` sees the model at every update before the monitor does. */
async function watched(
  monitor: Callback,
  {
    config = {},
    batches = 4,
    each,
  }: { config?: GenericTrainerOptions['config']; batches?: number; each?: (model: TinyModel) => void } = {},
) {
  const log = new KeptLog();
  const spy: Callback = {
    name: 'spy',
    before: [monitor.name],
    optimizerStepStart: ({ model }) => each?.(model as TinyModel),
  };
  const made = tinyTrainer({ callbacks: [monitor, spy], loggers: [log], config: config });
  await made.trainer.fit({ trainLoaders: [tinyLoader(2 * batches)] });
  return { ...made, log };
}

describe('GradientMonitor', () => {
  test('logs norms of whole windows, before they are clipped, over all and by module', async () => {
    const seen: number[][] = [];
    const { log } = await watched(new GradientMonitor({ everySteps: 1 }), {
      config: { performance: { gradientAccumulationSteps: 2, clipGradNorm: 1e-3 } },
      each: (model) => seen.push(Array.from(model.namedParameters(), ([, { grad }]) => normOf(grad!))),
    });
    const over = seen.map((norms) => ({
      'gradients/grad_norm': Math.hypot(...norms),
      'gradients/max_norm': Math.max(...norms),
      'gradients/min_norm': Math.min(...norms),
      'gradients/avg_norm': norms.reduce((a, b) => a + b, 0) / 4,
      'gradients/first/grad_norm': Math.hypot(norms[0]!, norms[1]!),
      'gradients/second/grad_norm': Math.hypot(norms[2]!, norms[3]!),
      'gradients/num_zero': 0,
      'gradients/num_nonfinite': 0,
    }));
    expect(seen).toHaveLength(2);
    for (const [i, expected] of over.entries())
      for (const [key, value] of Object.entries(expected)) expect(log.series(key)[i]![1]).toBeCloseTo(value, 5);
    expect(log.series('gradients/imbalance')[0]![1]).toBeGreaterThan(1);
  });

  test('looks at the first update, and then whenever so many backward passes are over', async () => {
    const config = { performance: { gradientAccumulationSteps: 2 } };
    const { log } = await watched(new GradientMonitor({ logFrequency: 3 }), { config, batches: 10 });
    expect(log.series('gradients/grad_norm').map(([step]) => step)).toEqual([1, 2, 3, 5]);
  });

  test('paramFilter chooses by parts of names, groupBy makes other groups', async () => {
    const monitor = new GradientMonitor({ everySteps: 1, paramFilter: ['first.weight', 'bias'], groupBy: 'parameter' });
    await watched(monitor, { batches: 1 });
    const groups = Object.keys(monitor.latest).filter((key) => key.split('/').length === 3);
    expect(groups).toEqual(['first.weight', 'first.bias', 'second.bias'].map((name) => `gradients/${name}/grad_norm`));
    const kinds = new GradientMonitor({ groupBy: (name) => name.slice(name.lastIndexOf('.') + 1) });
    await watched(kinds, { batches: 1 });
    expect(Object.keys(kinds.latest)).toContain('gradients/bias/grad_norm');
  });

  test('gives histograms of the gradients before they are clipped', async () => {
    const norms: number[] = [];
    const { log } = await watched(new GradientMonitor({ everySteps: 2, histograms: true, bins: 8 }), {
      config: { performance: { clipGradNorm: 1e-3 } },
      each: (model) => norms.push(normOf(model.first.weight.grad!) ** 2),
    });
    const of = log.histograms.filter(({ key }) => key === 'gradients/first.weight');
    expect(of.map(({ step }) => step)).toEqual([1, 2, 4]);
    expect(of[1]!.histogram.counts).toHaveLength(8);
    for (const [i, step] of [1, 2, 4].entries()) expect(of[i]!.histogram.sumOfSquares).toBeCloseTo(norms[step - 1]!, 8);
  });

  test('says once what is wrong with a component, and leaves notes unsaid', async () => {
    const spoil = (model: TinyModel): void => {
      noGrad(() => {
        model.first.weight.grad!.zero_();
        model.first.bias!.grad!.zero_();
        model.second.weight.grad!.fill_(Number.NaN);
      });
    };
    const monitor = new GradientMonitor({ everySteps: 1 });
    const { log } = await watched(monitor, { each: spoil, config: { nonFinite: 'warn' } });
    expect(log.warnings.filter((text) => text.startsWith('Gradients: '))).toEqual([
      expect.stringMatching(/^Gradients: first has gradients that are zero all over; look/),
      expect.stringMatching(/^Gradients: second has gradients that are NaN or infinite; run/),
    ]);
    expect(log.series('gradients/num_zero')[0]).toEqual([1, 2]);
    expect(log.series('gradients/num_nonfinite')[0]).toEqual([1, 1]);
    expect(monitor.findings.map(({ subject }) => subject)).toEqual(['first', 'second']);
  });

  test('several optimizers have values of their own over all', async () => {
    manualSeed(1);
    const model = new TinyModel();
    const log = new KeptLog();
    const trainer = new GenericTrainer({
      model,
      optimizers: [new SGD(model.first.parameters(), { lr: 0.1 }), new SGD(model.second.parameters(), { lr: 0.1 })],
      config: { perLoaderOptimizerId: [0, 1], trainLoaderConfig: { dataloaderNames: ['a', 'b'] } },
      callbacks: [new GradientMonitor({ everySteps: 1 })],
      loggers: [log],
    });
    trainer.setTrainingStep((_trainer, batch: never) => ({ loss: tinyLoss(model, batch) }));
    await trainer.fit({ trainLoaders: [tinyLoader(4), tinyLoader(4)] });
    expect(log.series('gradients/grad_norm/optimizer_0').map(([step]) => step)).toEqual([1, 3]);
    expect(log.series('gradients/grad_norm/optimizer_1').map(([step]) => step)).toEqual([2, 4]);
    expect(log.series('gradients/second/grad_norm')).toEqual(log.series('gradients/grad_norm/optimizer_1'));
  });

  test('refuses options that are wrong, all at once', () => {
    const options = { logFrequency: 0, everySteps: 2, paramFilter: [''], groupBy: 'layer', histograms: 1, more: 1 };
    expect(() => new GradientMonitor(options as never)).toThrow(ConfigError);
    expect(() => new GradientMonitor(options as never)).toThrow(
      /logFrequency: .*\n.*everySteps: expected it without logFrequency, got 2\n.*paramFilter: .*\n.*groupBy: .*\n.*histograms: /,
    );
  });
});

describe('ParameterMonitor', () => {
  test('logs norms before the step, and what the step changed by them', async () => {
    const weights: Tensor[] = [];
    const { log, model } = await watched(new ParameterMonitor({ everySteps: 2 }), {
      batches: 2,
      each: ({ first }) => weights.push(first.weight.detach().clone().keep(), first.bias!.detach().clone().keep()),
    });
    const before = normOf(weights[2]!, weights[3]!);
    const change = normOf(model.first.weight.detach().sub(weights[2]!), model.first.bias!.detach().sub(weights[3]!));
    expect(log.series('parameters/first/weight_norm').map(([step]) => step)).toEqual([1, 2]);
    expect(log.series('parameters/first/weight_norm')[1]![1]).toBeCloseTo(before, 6);
    expect(log.series('parameters/first/update_ratio')[1]![1]).toBeCloseTo(change / before, 6);
    const all = log.series('parameters/weight_norm')[1]![1];
    expect(all).toBeCloseTo(Math.hypot(before, log.series('parameters/second/weight_norm')[1]![1]), 6);
  });

  test('without updates, and for weights that are zero, there is no ratio', async () => {
    const still = new ParameterMonitor({ updates: false });
    await watched(still, { batches: 1 });
    expect(Object.keys(still.latest)).toEqual(
      ['', 'first/', 'second/'].map((group) => `parameters/${group}weight_norm`),
    );
    const zeroed = new ParameterMonitor({ paramFilter: ['first.bias'] });
    await watched(zeroed, { batches: 1, each: ({ first }) => void noGrad(() => first.bias!.zero_()) });
    expect(zeroed.latest).toEqual({ 'parameters/weight_norm': 0, 'parameters/first/weight_norm': 0 });
  });

  test('gives histograms of the weights after the step', async () => {
    const { log, model } = await watched(new ParameterMonitor({ histograms: true, bins: 4 }), { batches: 1 });
    const { histogram } = log.histograms.find(({ key }) => key === 'parameters/second.weight')!;
    expect(histogram.sumOfSquares).toBeCloseTo(normOf(model.second.weight) ** 2, 8);
    expect(log.histograms).toHaveLength(4);
  });

  test('refuses options that are wrong', () => {
    expect(() => new ParameterMonitor({ everySteps: 0.5, updates: 'yes' } as never)).toThrow(
      /everySteps: .*\n.*updates: expected true or false/,
    );
  });
});

test('normsOf() takes halves whose squares would overflow, beside other dtypes', () => {
  const half = tensor([6e4, 6e4], { dtype: 'float16' });
  expect(normsOf([half, tensor([3, 4])]).toArray()).toEqual([expect.closeTo(Math.hypot(6e4, 6e4), 0), 5]);
  expect(normsOf([tensor([3, 4]), tensor([3e100, 4e100], { dtype: 'float64' })]).toArray()).toEqual([5, 5e100]);
});

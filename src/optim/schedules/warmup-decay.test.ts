import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Linear, Sequential } from '../../nn/index.ts';
import { Parameter } from '../../nn/parameter.ts';
import { tensor, zeros } from '../../tensor/create.ts';
import * as optim from '../index.ts';

const fixture = new URL('../../../test/fixtures/multimodal/schedules.json', import.meta.url);
const { bases, rates } = JSON.parse(readFileSync(fixture, 'utf8')) as {
  bases: number[];
  rates: Record<string, number[][]>;
};

const groups = (): optim.SGD => new optim.SGD(bases.map((lr) => ({ params: [new Parameter(zeros([1]))], lr })));

/** One line a curve of the fixture. */
const SCHEDULES: Readonly<Record<string, (o: optim.SGD) => optim.LRScheduler>> = {
  LinearWarmupLR: (o) => new optim.LinearWarmupLR(o, { warmupSteps: 7, startLr: 0.001 }),
  'LinearWarmupLR, target': (o) => new optim.LinearWarmupLR(o, { warmupSteps: 7, startLr: 0.001, targetLr: 0.5 }),
  WarmupCosineScheduler: (o) =>
    new optim.WarmupCosineScheduler(o, { warmupSteps: 6, totalSteps: 20, minLr: bases.map((lr) => 0.1 * lr) }),
  'WarmupCosineScheduler, no warm-up': (o) => new optim.WarmupCosineScheduler(o, { warmupSteps: 0, totalSteps: 20 }),
  LinearWarmupScheduler: (o) =>
    new optim.LinearWarmupScheduler(o, { warmupEpochs: 6, totalEpochs: 20, initLr: 0.002, finalLr: 0.001 }),
  'OneCycleLR, cos': (o) => new optim.LinearWarmupOneCycleLR(o, { maxLr: 0.5, epochs: 2, stepsPerEpoch: 11 }),
  'OneCycleLR, linear': (o) =>
    new optim.LinearWarmupOneCycleLR(o, { maxLr: 0.5, epochs: 2, stepsPerEpoch: 11, annealStrategy: 'linear' }),
  CosineAnnealingLR: (o) =>
    new optim.LinearWarmupCosineAnnealingLR(o, { warmupEpochs: 5, maxEpochs: 24, warmupStartLr: 0.004, etaMin: 0.004 }),
};

describe("multimodal_insight_engine's schedules", () => {
  it('are all here', () => expect(Object.keys(SCHEDULES)).toEqual(Object.keys(rates)));

  it.each(Object.entries(SCHEDULES))('%s gives what its formula gives', (name, make) => {
    const optimizer = groups();
    const scheduler = make(optimizer);
    for (const [step, expected] of rates[name]!.entries()) {
      if (step > 0) scheduler.step();
      for (const [i, { lr }] of optimizer.paramGroups.entries()) expect(lr).toBeCloseTo(expected[i]!, 14);
    }
  });
});

describe('LayerwiseLRScheduler', () => {
  const made = (): [optim.SGD, optim.LayerwiseLRScheduler] => {
    const [a, b, c] = [0, 1, 2].map(() => [new Parameter(zeros([1]))]) as [Parameter[], Parameter[], Parameter[]];
    const optimizer = new optim.SGD([{ params: a, lr: 0.3, name: 'vision' }, { params: b, lr: 0.02, name: 'text' }, { params: c }], { lr: 0.1 }); // biome-ignore format: groups
    const scheduler = new optim.LayerwiseLRScheduler(optimizer);
    scheduler.addScheduler('vision', 'warmup_cosine', { warmupSteps: 6, totalSteps: 20, minLr: 0.03 });
    scheduler.addScheduler('text', 'linear_warmup', {
      warmupEpochs: 6,
      totalEpochs: 20,
      initLr: 0.002,
      finalLr: 0.001,
    });
    return [optimizer, scheduler];
  };

  it('moves each named group by its own schedule, and leaves the others', () => {
    const [, scheduler] = made();
    for (let step = 0; step < 9; step++) scheduler.step();
    const { vision, text, group_2 } = scheduler.getLastLrs();
    expect(vision).toBeCloseTo(rates.WarmupCosineScheduler![9]![0]!, 14);
    expect(text).toBeCloseTo(rates.LinearWarmupScheduler![9]![1]!, 14);
    expect(group_2).toBe(0.1);
  });

  it('goes on from its state', () => {
    const [first, begun] = made();
    for (let step = 0; step < 4; step++) begun.step();
    const [second, goingOn] = made();
    second.loadStateDict(first.stateDict());
    goingOn.loadStateDict(begun.stateDict());
    for (const scheduler of [begun, goingOn]) for (let step = 0; step < 5; step++) scheduler.step();
    expect(goingOn.getLastLrs()).toEqual(begun.getLastLrs());
    expect(() => goingOn.loadStateDict({ vision: {} })).toThrow('expected schedules of vision, text, got vision');
  });

  it('refuses groups that are not there, and types that it does not know', () => {
    const [, scheduler] = made();
    expect(() => scheduler.addScheduler('audio', 'linear_warmup', { warmupEpochs: 1, totalEpochs: 2 })).toThrow(
      'expected one of the groups vision, text, group_2, got "audio"',
    );
    expect(() => scheduler.addScheduler('text', 'linear_warmup', { warmupEpochs: 1, totalEpochs: 2 })).toThrow(
      'expected a group without one, got "text"',
    );
    expect(() => scheduler.addScheduler('group_2', 'step' as never, {} as never)).toThrow(
      '"warmup_cosine", "linear_warmup"',
    );
  });
});

describe('GradientClipper', () => {
  it('clips the gradients of a model by their joint norm', () => {
    const model = new Sequential(new Linear(1, 1, { bias: false }), new Linear(1, 1, { bias: false }));
    const [first, second] = model.parameters();
    first!.grad = tensor([[3]]);
    second!.grad = tensor([[4]]);
    const clipper = new optim.GradientClipper({ maxNorm: 1 });
    expect(clipper.clipGradNorm(model).item()).toBe(5);
    expect(second!.grad!.item()).toBeCloseTo(0.8, 5);
    expect(() => new optim.GradientClipper({ maxNorm: 0 })).toThrow('expected maxNorm above 0, got 0');
    expect(() => new optim.GradientClipper({ maxNorm: 1, norm: 2 } as never)).toThrow('got "norm"');
  });
});

describe('ClippedAdamW', () => {
  it('clips the gradients of all its groups together', () => {
    const parameters = [0, 1].map(() => new Parameter(zeros([1])));
    const optimizer = new optim.ClippedAdamW(parameters.map((each) => ({ params: [each] })), { clipGrad: 1, lr: 0.1 }); // biome-ignore format: one call
    parameters[0]!.grad = tensor([3]);
    parameters[1]!.grad = tensor([4]);
    optimizer.step();
    const averages = parameters.map((_, i) => optimizer.stateDict().state.get(i)!.exp_avg!.item() as number);
    expect(averages[0]).toBeCloseTo(0.06, 6); // 0.1 of the clipped gradient
    expect(averages[1]).toBeCloseTo(0.08, 6);
    expect(new optim.ClippedAdamW(parameters).clipGrad).toBeUndefined();
  });
});

// That the steps of two towers of unlike gradients become like ones, that schedules do not notice, and that a resumed run goes on to the bit.
import { describe, expect, test } from 'vitest';
import { SGD, StepLR } from '../../optim/index.ts';
import { tensor } from '../../tensor/index.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import { ModalityBalancingScheduler } from './modality-balancing-scheduler.ts';
import { pairsLoader, pairTrainer, type TwoTowers } from './testing/two-towers.ts';

/** How far the towers move in each step, text by vision: of each tower the mean over its parameters. */
function moves(ratios: number[]): Callback {
  let before: number[][][] = [];
  const read = (model: TwoTowers): number[][][] =>
    [model.text_model, model.vision_model].map((tower) =>
      tower.parameters().map((parameter) => Array.from(parameter.detach().clone().toTypedArray(), Number)),
    );
  return {
    name: 'moves',
    optimizerStepStart: ({ model }) => {
      before = read(model as TwoTowers);
    },
    optimizerStepEnd: ({ model }) => {
      const [text, vision] = read(model as TwoTowers).map((tower, t) => {
        const each = tower.map((values, p) => Math.hypot(...values.map((value, i) => value - before[t]![p]![i]!)));
        return each.reduce((a, b) => a + b, 0) / each.length;
      }) as [number, number];
      ratios.push(text / vision);
    },
  };
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

const ROOM = { logEveryNSteps: 1000, hooks: { enableDiagnosis: false } };

async function balanced(targetRatio: number, gains: { vision?: number; text?: number }) {
  const [ratios, log] = [[] as number[], new KeptLog()];
  const made = pairTrainer({ gains, lr: 0.02, loggers: [log], config: ROOM }, (optimizer) => [
    new ModalityBalancingScheduler(optimizer, { targetRatio, checkInterval: 3 }),
    moves(ratios),
  ]);
  await made.trainer.fit({ trainLoaders: [pairsLoader(64)], maxEpochs: 3 });
  return { ...made, ratios, log };
}

describe('ModalityBalancingScheduler', () => {
  test('brings the steps of towers of which one has ten times the gradients to the ratio that is wanted', async () => {
    const { ratios, log, model } = await balanced(1, { text: 10 });
    expect(mean(ratios.slice(0, 2))).toBeGreaterThan(6);
    const late = mean(ratios.slice(-16));
    expect(Math.abs(late - 1)).toBeLessThan(0.5);
    const seen = log.series('balancing/balanced_ratio').map(([, ratio]) => ratio);
    expect(seen[0]).toBeLessThan(ratios[0]!);
    expect(Math.abs(seen.at(-1)! - 1)).toBeLessThan(0.5);
    // The gradients themselves are as unlike as before.
    expect(log.series('balancing/ratio').at(-1)![1]).toBeGreaterThan(6);
    const [vision, text] = ['vision', 'text'].map((side) => log.series(`balancing/${side}_factor`).at(-1)![1]);
    expect(vision! * text!).toBeCloseTo(1, 6);
    expect(vision).toBeGreaterThan(2);
    expect(weightsOf(model).every(Number.isFinite)).toBe(true);
  });

  test('raises the rate of text where vision has ten times the gradients, and reaches other targets', async () => {
    const { ratios } = await balanced(3, { vision: 10 });
    expect(mean(ratios.slice(0, 2))).toBeLessThan(0.2);
    expect(Math.abs(mean(ratios.slice(-16)) - 3)).toBeLessThan(0.6);
  });

  test('looks at every checkInterval-th step, and leaves alone what is near the target', async () => {
    const log = new KeptLog();
    const { trainer, callbacks } = pairTrainer({ loggers: [log], config: ROOM }, (optimizer) => [
      new ModalityBalancingScheduler(optimizer, { checkInterval: 4, targetRatio: 1.7 }),
    ]);
    await trainer.fit({ trainLoaders: [pairsLoader(4 * 9)] });
    const balancer = callbacks[0] as ModalityBalancingScheduler;
    const ratios = log.series('balancing/ratio');
    expect(ratios.map(([step]) => step)).toEqual([3, 7]); // clocks count steps that are done
    expect(balancer.visionGradHistory).toHaveLength(2);
    expect(ratios[0]![1]).toBeCloseTo(balancer.textGradHistory[0]! / balancer.visionGradHistory[0]!, 6);
    expect(ratios.every(([, ratio]) => Math.abs(ratio - 1.7) < 0.5)).toBe(true);
    expect([balancer.stepCount, balancer.factors]).toEqual([9, { vision: 1, text: 1 }]);
  });

  test('multiplies rates while the optimizer steps, and schedules find those that they know', async () => {
    const rates: number[] = [];
    let schedule!: StepLR;
    const made = pairTrainer({ gains: { text: 1000 }, config: ROOM }, (optimizer) => {
      schedule = new StepLR(optimizer, { stepSize: 1, gamma: 0.5 });
      optimizer.registerStepPostHook(() => void rates.push(optimizer.paramGroups[1]!.lr));
      return [new ModalityBalancingScheduler(optimizer, { checkInterval: 1, maxFactor: 2 })];
    });
    made.trainer.setSchedulers([{ scheduler: schedule, interval: 'step' } as never]);
    await made.trainer.fit({ trainLoaders: [pairsLoader(16)] });
    // This hook came before the one that puts the rates back: the third look has reached the limit.
    expect(rates.map((rate, i) => rate / (0.1 * 0.5 ** i))).toEqual(
      [Math.SQRT1_2, 0.5, 0.5, 0.5].map((factor) => expect.closeTo(factor, 6)),
    );
    expect(made.optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.1 / 16, 0.1 / 16]);
  });

  test('a run that is resumed goes on to the bit', async () => {
    const rootDir = temporaryFolder();
    const make = (config: object) =>
      pairTrainer({ gains: { text: 10 }, config: { ...ROOM, ...config } }, (optimizer) => [
        new ModalityBalancingScheduler(optimizer, { checkInterval: 3 }),
      ]);
    const options = { trainLoaders: [pairsLoader(48)], maxEpochs: 2 };
    const whole = make({});
    await whole.trainer.fit(options);
    const first = make({ maxSteps: 10, checkpoint: { rootDir } });
    await first.trainer.fit({ ...options, trainLoaders: [pairsLoader(48)] });
    const second = make({ checkpoint: { rootDir } });
    await second.trainer.fit({ ...options, trainLoaders: [pairsLoader(48)], resumeFromCheckpoint: 'latest' });
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
    const stateOf = (made: typeof whole) => made.callbacks[0]!.state!();
    expect(stateOf(second)).toEqual(stateOf(whole));
    expect(stateOf(whole).step_count).toBe(24);
  });

  test('by hand: step(model) between backward and the step', () => {
    const { model, optimizer } = pairTrainer();
    const balancer = new ModalityBalancingScheduler(optimizer, { checkInterval: 1 });
    const { weight } = model.text_model;
    for (const parameter of model.parameters())
      parameter.grad = parameter
        .detach()
        .mul(0)
        .add(parameter === weight ? 16 : 1);
    const before = Number(weight.detach().select(0, 0).select(0, 0).item());
    balancer.step(model);
    optimizer.step();
    // The mean norm of text is (16 * sqrt(24) + sqrt(4)) / 2, of vision (sqrt(24) + 2) / 2: beyond the clamp.
    expect(balancer.factors.text).toBeCloseTo(Math.SQRT1_2, 6);
    expect(before - Number(weight.detach().select(0, 0).select(0, 0).item())).toBeCloseTo(0.1 * Math.SQRT1_2 * 16, 4);
    balancer.detach();
    optimizer.step();
    expect(before - Number(weight.detach().select(0, 0).select(0, 0).item())).toBeCloseTo(
      0.1 * (Math.SQRT1_2 + 1) * 16,
      4,
    );
  });

  test('leaves the rates alone where a tower has no gradient, or none that is finite', () => {
    const { model, optimizer } = pairTrainer();
    const balancer = new ModalityBalancingScheduler(optimizer, { checkInterval: 1 });
    model.text_model.weight.grad = tensor(Array(4).fill(Array(6).fill(Number.NaN)));
    model.vision_model.weight.grad = model.vision_model.weight.detach();
    expect(balancer.step(model)).toBeUndefined();
    model.text_model.weight.grad = undefined as never;
    expect(balancer.step(model)).toBeUndefined();
    expect(balancer.factors).toEqual({ vision: 1, text: 1 });
  });

  test('refuses options that are wrong, another optimizer, and one group for both towers', async () => {
    expect(
      () => new ModalityBalancingScheduler({} as never, { targetRatio: 0, checkInterval: 0.5, maxFactor: 0.5 }),
    ).toThrow(
      [
        'Cannot make ModalityBalancingScheduler: 4 problems',
        '  - targetRatio: expected a number above 0, got 0',
        '  - checkInterval: expected an integer above 0, got 0.5',
        '  - maxFactor: expected a number of at least 1, got 0.5',
        '  - optimizer: expected an optimizer, got something else',
      ].join('\n'),
    );
    const { model } = pairTrainer();
    const single = new SGD(model.parameters(), { lr: 0.1 });
    expect(() => new ModalityBalancingScheduler(single).step(model)).toThrow(
      'Cannot balance modalities: optimizer: expected a parameter group each of vision_model, text_model, got group 0 with parameters of several; make it of componentGroups(model)',
    );
    const { trainer } = pairTrainer({ config: ROOM }, () => [new ModalityBalancingScheduler(single)]);
    await expect(trainer.fit({ trainLoaders: [pairsLoader(4)] })).rejects.toThrow(
      'callbacks.ModalityBalancingScheduler.optimizer: expected one of the trainer, got another',
    );
  });
});

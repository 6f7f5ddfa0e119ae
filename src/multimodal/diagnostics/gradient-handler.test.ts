// What a handler sees, logs, clips, balances and draws, in a run and by hand; and that a resumed run goes on to the bit.
import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SGD } from '../../optim/index.ts';
import type { Tensor } from '../../tensor/index.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import { temporaryFolder, weightsOf } from '../../trainer/testing/tiny.ts';
import { GradientHandler, type GradientHandlerOptions } from './gradient-handler.ts';
import { type PairTrainerOptions, pairsLoader, pairTrainer, type TwoTowers } from './testing/two-towers.ts';

const ROOM = { logEveryNSteps: 1000, hooks: { enableDiagnosis: false } };
const normOf = (...tensors: Tensor[]): number =>
  Math.hypot(...tensors.flatMap((each) => Array.from(each.toTypedArray(), Number)));
const gradients = (model: TwoTowers, side: 'vision' | 'text'): Tensor[] =>
  model[`${side}_model`].parameters().map(({ grad }) => grad!);

function handled(
  options: GradientHandlerOptions,
  { config = {}, ...others }: PairTrainerOptions = {},
  more: Callback[] = [],
) {
  const log = new KeptLog();
  let handler!: GradientHandler;
  const made = pairTrainer({ loggers: [log], config: { ...ROOM, ...config }, ...others }, (_, model) => {
    handler = new GradientHandler(model, options);
    return [handler, ...more];
  });
  return { ...made, log, handler };
}

describe('GradientHandler', () => {
  test('logs norms of parts every logFrequency looks, before it clips', async () => {
    const seen: { vision: number; text: number; clipped: number }[] = [];
    const before: Callback = {
      name: 'before',
      before: ['GradientHandler'],
      optimizerStepStart: ({ model }) => {
        const [vision, text] = [gradients(model as TwoTowers, 'vision'), gradients(model as TwoTowers, 'text')];
        seen.push({ vision: normOf(...vision), text: normOf(...text), clipped: 0 });
      },
    };
    const after: Callback = {
      name: 'after',
      after: ['GradientHandler'],
      optimizerStepStart: ({ model }) => {
        seen.at(-1)!.clipped = normOf(...model.parameters().map(({ grad }) => grad!));
      },
    };
    const { trainer, log, handler } = handled({ clipValue: 1e-3, logFrequency: 2 }, {}, [before, after]);
    await trainer.fit({ trainLoaders: [pairsLoader(4 * 5)] });
    expect(log.series('gradients/vision/grad_norm').map(([, norm]) => norm)).toEqual(
      [1, 3].map((i) => expect.closeTo(seen[i]!.vision, 5)),
    );
    const ratios = seen.map(({ vision, text }) => vision / text);
    expect(log.series('gradients/vision_text_ratio')[1]![1]).toBeCloseTo(ratios[3]!, 3);
    expect(log.series('gradients/total_norm')[0]![1]).toBeCloseTo(Math.hypot(seen[1]!.vision, seen[1]!.text), 5);
    for (const { clipped } of seen) expect(clipped).toBeCloseTo(1e-3, 5);
    expect(handler.stepCount).toBe(5);
    expect(handler.gradHistory.step).toEqual([1, 2, 3, 4]); // the fifth is read at the next log point
    expect(handler.gradHistory.vision_text_ratio![2]).toBeCloseTo(ratios[2]!, 3);
  });

  test('tells towers that are unbalanced, once', async () => {
    const { trainer, log } = handled({ logFrequency: 1 }, { gains: { vision: 100 } });
    await trainer.fit({ trainLoaders: [pairsLoader(12)] });
    expect(log.warnings).toEqual([
      expect.stringMatching(/^Gradients: those of vision are \d+\.?\d* times those of text; balanceModalities/),
    ]);
  });

  test('balances: the steps of towers of which one has ten times the gradients become alike', async () => {
    const moves: number[] = [];
    let before: number[] = [];
    const read = (model: TwoTowers) =>
      [model.text_model, model.vision_model].map((tower) => weightsOf(tower)) as [number[], number[]];
    let last!: [number[], number[]];
    const spy: Callback = {
      name: 'spy',
      optimizerStepStart: ({ model }) => {
        last = read(model as TwoTowers);
      },
      optimizerStepEnd: ({ model }) => {
        const [text, vision] = read(model as TwoTowers).map((values, t) =>
          Math.hypot(...values.map((value, i) => value - last[t]![i]!)),
        );
        moves.push(text! / vision!);
        before = [text!, vision!];
      },
    };
    const options = { balanceModalities: true, balanceEverySteps: 1, componentRatios: { vision: 2, text: 2 } };
    const { trainer, log, handler, optimizer } = handled(options, { gains: { text: 25 }, lr: 0.01 }, [spy]);
    await trainer.fit({ trainLoaders: [pairsLoader(64)], maxEpochs: 4 });
    expect(before).toHaveLength(2);
    expect(moves[0]).toBeGreaterThan(8);
    expect(Math.abs(moves.slice(-8).reduce((a, b) => a + b) / 8 - 1)).toBeLessThan(0.4);
    expect(handler.factors.vision).toBe(1); // ratios are by the first component's, whatever it is
    expect(log.series('balancing/text_factor').at(-1)![1]).toBe(handler.factors.text);
    expect(log.series('balancing/ratio').at(-1)![1]).toBeGreaterThan(5);
    expect(optimizer.paramGroups.map(({ lr }) => lr)).toEqual([0.01, 0.01]);
  });

  test('a run that is resumed goes on to the bit, and so does the history', async () => {
    const rootDir = temporaryFolder();
    const options = {
      clipValue: 0.5,
      balanceModalities: true,
      balanceEverySteps: 3,
      componentRatios: { vision: 1, text: 1 },
      logFrequency: 4,
    };
    const make = (config: object) => handled(options, { gains: { text: 10 }, config });
    const trained = (made: ReturnType<typeof make>, more: object = {}) =>
      made.trainer.fit({ trainLoaders: [pairsLoader(48)], maxEpochs: 2, ...more });
    const [whole, first, second] = [
      make({}),
      make({ maxSteps: 10, checkpoint: { rootDir } }),
      make({ checkpoint: { rootDir } }),
    ];
    await trained(whole);
    await trained(first);
    await trained(second, { resumeFromCheckpoint: 'latest' });
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model));
    expect(second.handler.state()).toEqual(whole.handler.state());
    expect(whole.handler.gradHistory.step).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
    expect(whole.handler.factors.text).toBeLessThan(1);
  });

  test('draws a picture every logFrequency looks, which an epoch waits for', async () => {
    const visualizationDir = `${temporaryFolder()}/deep/inside`;
    const { trainer, handler } = handled({ visualizationDir, logFrequency: 3 });
    await trainer.fit({ trainLoaders: [pairsLoader(4 * 7)] });
    expect(readdirSync(visualizationDir).sort()).toEqual(['gradients_step_3.png', 'gradients_step_6.png']);
    expect(await handler.finishDrawing()).toHaveLength(2);
    const blocked = handled({ visualizationDir: `${visualizationDir}/gradients_step_3.png`, logFrequency: 3 });
    await expect(blocked.trainer.fit({ trainLoaders: [pairsLoader(4 * 3)] })).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  test('by hand: analyses, balances and clips', () => {
    const { model, optimizer } = pairTrainer();
    const handler = new GradientHandler(model, {
      clipValue: 1,
      balanceModalities: true,
      componentRatios: { vision: 1, text: 1 },
    });
    expect([handler.analyzeGradients().gradCount, new GradientHandler(model).clipGradients()]).toEqual([0, 0]);
    for (const parameter of model.parameters()) parameter.grad = parameter.detach().mul(0).add(1);
    const { totalGradNorm, gradCount, maxGradNorm, minGradNorm, componentNorms, visionTextRatio, hasNan, hasInf } =
      handler.analyzeGradients();
    expect([gradCount, visionTextRatio, hasNan, hasInf]).toEqual([4, 1, false, false]);
    expect([totalGradNorm, maxGradNorm, minGradNorm]).toEqual(
      [Math.sqrt(56), Math.sqrt(24), 2].map((norm) => expect.closeTo(norm, 5)),
    );
    expect(componentNorms.vision).toEqual({
      norm: expect.closeTo(Math.sqrt(28), 5),
      count: 2,
      avgNorm: expect.closeTo((Math.sqrt(24) + 2) / 2, 5),
    });
    model.text_model.weight.grad!.mul_(1000);
    handler.balanceComponentGradients(optimizer);
    expect(handler.factors).toEqual({ vision: 1, text: 1 + 0.1 * (0.1 - 1) });
    expect(handler.clipGradients()).toBeGreaterThan(1000);
    expect(normOf(...model.parameters().map(({ grad }) => grad!))).toBeCloseTo(1, 4);
  });

  test('refuses options that are wrong, another model, and groups that cannot be balanced', async () => {
    const { model } = pairTrainer();
    expect(
      () =>
        new GradientHandler(model, {
          clipValue: 0,
          componentRatios: { audio: 1 },
          balanceModalities: true,
          logFrequency: 0,
        }),
    ).toThrow(
      [
        'Cannot make GradientHandler: 4 problems',
        '  - clipValue: expected a number above 0, got 0',
        '  - componentRatios: expected numbers above 0 for vision, text and fusion, got an object',
        '  - logFrequency: expected an integer above 0, got 0',
        '  - componentRatios: expected at least two components to balance, as { vision: 1, text: 1 }',
      ].join('\n'),
    );
    const { trainer } = pairTrainer({ config: ROOM }, () => [new GradientHandler(model)]);
    await expect(trainer.fit({ trainLoaders: [pairsLoader(4)] })).rejects.toThrow(
      'callbacks.GradientHandler.model: expected that of the trainer, got another',
    );
    const handler = new GradientHandler(model, { balanceModalities: true, componentRatios: { vision: 1, text: 1 } });
    expect(() => handler.balanceComponentGradients(new SGD(model.parameters(), { lr: 1 }))).toThrow(
      'Cannot balance gradients: optimizer: expected a parameter group each of vision, text, got group 0 with parameters of several',
    );
  });
});

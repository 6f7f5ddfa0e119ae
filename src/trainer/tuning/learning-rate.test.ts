// The learning-rate finder on real trainings: the sweep, its suggestion, and everything as it was before.
import { describe, expect, test } from 'vitest';
import { BatchNorm1d, Dropout, Linear, Sequential } from '../../nn/index.ts';
import { AdamW, SGD } from '../../optim/index.ts';
import { getRngState, manualSeed, type Tensor } from '../../tensor/index.ts';
import { GenericTrainer, type GenericTrainerOptions } from '../generic-trainer.ts';
import { type TinyBatch, tinyLoader, tinyLoss, weightsOf } from '../testing/tiny.ts';

function trainerOf(options: Partial<GenericTrainerOptions> = {}) {
  manualSeed(2);
  const model = new Sequential(new Linear(3, 8), new BatchNorm1d(8), new Dropout(0.2), new Linear(8, 1));
  const optimizer = new AdamW(
    [
      { params: [...model.at(0).parameters()], lr: 0.01 },
      { params: [...model.at(1).parameters(), ...model.at(3).parameters()], lr: 0.002 },
    ],
    { lr: 0.01 },
  );
  const trainer = new GenericTrainer({ model, optimizers: [optimizer], ...options });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  return { trainer, model, optimizer };
}

/** Everything that a run goes on from, as plain values. */
function allOf({ model, optimizer }: Pick<ReturnType<typeof trainerOf>, 'model' | 'optimizer'>): unknown {
  const { state, param_groups } = optimizer.stateDict();
  const numbers = Array.from(state.values(), (entries) =>
    Object.values(entries).map((value) => (value as Tensor).flatten().toArray()),
  );
  const gradients = model.parameters().map(({ grad }) => grad?.flatten().toArray());
  const flags = [...model.modules()].map(({ training }) => training);
  const trained = model.parameters().map(({ requiresGrad, dtype }) => [requiresGrad, dtype]);
  return { weights: weightsOf(model), numbers, param_groups, gradients, flags, trained, rng: [...getRngState()] };
}

describe('findLearningRate()', () => {
  test('raises the rate from step to step, over accumulation windows of several loaders', async () => {
    const { trainer, optimizer } = trainerOf({ config: { performance: { gradientAccumulationSteps: 2 } } });
    const seen: number[][] = [];
    const step = optimizer.step.bind(optimizer);
    Object.assign(optimizer, {
      step: () => {
        seen.push(optimizer.paramGroups.map(({ lr }) => lr));
        step();
      },
    });
    const found = await trainer.findLearningRate({
      trainLoaders: [tinyLoader(16, { batchSize: 4 }), tinyLoader(12, { batchSize: 4 })],
      minLr: 1e-4,
      maxLr: 1,
      numSteps: 5,
    });
    expect(found.rates.map((rate) => Math.log10(rate))).toEqual(
      [-4, -3, -2, -1, 0].map((each) => expect.closeTo(each, 9)),
    );
    expect(seen.map(([first, second]) => second! / first!)).toEqual(Array(5).fill(expect.closeTo(0.2, 9)));
    expect(seen.map(([first]) => first)).toEqual(found.rates);
    const linear = await trainer.findLearningRate({
      trainLoaders: [tinyLoader(8)],
      minLr: 1,
      maxLr: 3,
      numSteps: 3,
      mode: 'linear',
    });
    expect(linear.rates).toEqual([1, 2, 3]);
  });

  test.each<[string, Partial<GenericTrainerOptions>]>([
    ['float32', {}],
    ['converted weights', { config: { performance: { precision: 'bf16' } } }],
    ['frozen parts', { config: { freeze: ['0'] } }],
  ])('leaves everything as it was, to the bit: %s', async (_, options) => {
    const made = trainerOf(options);
    const { trainer, model } = made;
    const loader = tinyLoader(16, { batchSize: 4, shuffle: true, seed: 3 });
    if (Object.keys(options).length === 0) await trainer.fit({ trainLoaders: [loader] }); // so that the optimizer has a state
    tinyLoss(model, {
      x: (await first(loader)).x,
      y: (await first(loader)).y,
      row: (await first(loader)).row,
    }).backward();
    const [before, cursor] = [allOf(made), loader.state()];
    const found = await trainer.findLearningRate({ trainLoaders: [loader], numSteps: 30, maxLr: 10 });
    expect(found.losses.length).toBeGreaterThan(2);
    expect(allOf(made)).toEqual(before);
    expect(loader.state()).toEqual(cursor);
    expect([trainer.globalStep, trainer.currentEpoch]).toEqual(Object.keys(options).length === 0 ? [4, 1] : [0, 0]);
  });

  async function first(loader: AsyncIterable<TinyBatch>): Promise<TinyBatch> {
    for await (const batch of loader) return batch;
    throw new Error('no batch');
  }

  test('suggests a rate at which the loss falls, and ends where it grows or is not finite', async () => {
    const model = new Linear(3, 1);
    const trainer = new GenericTrainer({ model, optimizers: [new SGD(model.parameters(), { lr: 1 })] });
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
    const sweep = { trainLoaders: [tinyLoader(64, { batchSize: 64 })], minLr: 1e-5, maxLr: 1e4, numSteps: 200 };
    const { suggestion, rates, losses, smoothedLosses, plot } = await trainer.findLearningRate(sweep);
    expect(suggestion).toBeGreaterThan(1e-3);
    expect(suggestion).toBeLessThan(2); // where this problem diverges
    expect([losses.length, smoothedLosses.length]).toEqual([rates.length, rates.length]);
    expect(rates.length).toBeLessThan(200);
    expect(smoothedLosses.at(-1)! / Math.min(...smoothedLosses)).toBeGreaterThan(4);
    expect(await plot()).toMatch(/^<svg[\s\S]*suggestion/);
    trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({
      loss: trainer.globalStep === 0 ? tinyLoss(model, batch).div(0) : tinyLoss(model, batch),
    }));
    const bad = await trainer.findLearningRate(sweep);
    expect([bad.rates, bad.suggestion]).toEqual([[], undefined]);
    expect(weightsOf(model).every(Number.isFinite)).toBe(true);
  });

  test('puts everything back after an error too, and lists every option that is wrong', async () => {
    const made = trainerOf();
    const before = allOf(made);
    let calls = 0;
    made.trainer.setTrainingStep((_trainer, batch: TinyBatch) => {
      if (++calls > 3) throw new Error('no more');
      return { loss: tinyLoss(made.model, batch) };
    });
    await expect(made.trainer.findLearningRate({ trainLoaders: [tinyLoader(16, { batchSize: 4 })] })).rejects.toThrow(
      'no more',
    );
    expect(allOf(made)).toEqual(before);
    const wrong = {
      trainLoaders: 3,
      minLr: 0,
      maxLr: -1,
      numSteps: 1.5,
      mode: 'log',
      earlyStopThreshold: 1,
      plot: true,
    };
    await expect(made.trainer.findLearningRate(wrong as never)).rejects.toThrow(
      [
        'Cannot find a learning rate: 7 problems',
        'plot: expected one of trainLoaders, minLr, maxLr, numSteps, mode, earlyStopThreshold, got an unknown key',
        'trainLoaders: expected a list of loaders, got 3',
        'minLr: expected a number above 0, got 0',
        'maxLr: expected a number above minLr, 0, got -1',
        'numSteps: expected an integer above 0, got 1.5',
        'mode: expected exponential or linear, got "log"',
        'earlyStopThreshold: expected a number above 1, got 1',
      ].join('\n  - '),
    );
  });
});

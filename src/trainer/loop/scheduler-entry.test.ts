// Schedules in a trainer: every class moves and is resumed, and one that follows a metric gets it.
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import * as optim from '../../optim/index.ts';
import { manualSeed } from '../../tensor/index.ts';
import type { StatefulScheduler } from '../checkpoint/run-state.ts';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import { GenericTrainer } from '../generic-trainer.ts';
import { type TinyBatch, TinyModel, temporaryFolder, tinyLoader, tinyLoss, weightsOf } from '../testing/tiny.ts';
import type { SchedulerEntry } from './scheduler-entry.ts';

type MakeEntry = (optimizer: optim.AdamW) => SchedulerEntry;

function trainerOf(makeEntry: MakeEntry, config: GenericTrainerConfig = {}) {
  manualSeed(7);
  const model = new TinyModel();
  const optimizer = new optim.AdamW(model.parameters(), { lr: 0.05 });
  const entry = makeEntry(optimizer);
  const trainer = new GenericTrainer({
    model,
    optimizers: [optimizer],
    schedulers: [entry],
    config,
  });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  trainer.setValidationStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  return {
    trainer,
    model,
    optimizer,
    scheduler: entry.scheduler as StatefulScheduler & { readonly lastEpoch: number },
  };
}

const loaders = () => ({ trainLoaders: [tinyLoader(6)], valLoaders: [tinyLoader(4, { start: 6 })] });

/** One line for each class. */
const SCHEDULES: readonly [name: string, make: MakeEntry][] = [
  ['LambdaLR', (o) => ({ scheduler: new optim.LambdaLR(o, (step) => 1 / (1 + step)) })],
  ['MultiplicativeLR', (o) => ({ scheduler: new optim.MultiplicativeLR(o, () => 0.9) })],
  ['StepLR', (o) => ({ scheduler: new optim.StepLR(o, { stepSize: 4 }) })],
  ['MultiStepLR', (o) => ({ scheduler: new optim.MultiStepLR(o, { milestones: [3, 8, 8] }) })],
  ['ConstantLR', (o) => ({ scheduler: new optim.ConstantLR(o, { totalIters: 7 }) })],
  ['LinearLR', (o) => ({ scheduler: new optim.LinearLR(o, { totalIters: 9 }) })],
  ['ExponentialLR', (o) => ({ scheduler: new optim.ExponentialLR(o, { gamma: 0.5 }), interval: 'epoch' })],
  ['PolynomialLR', (o) => ({ scheduler: new optim.PolynomialLR(o, { totalIters: 20, power: 2 }) })],
  ['CosineAnnealingLR', (o) => ({ scheduler: new optim.CosineAnnealingLR(o, { tMax: 10 }) })],
  ['CosineAnnealingWarmRestarts', (o) => ({ scheduler: new optim.CosineAnnealingWarmRestarts(o, { t0: 5, tMult: 2 }) })],
  ['CyclicLR', (o) => ({ scheduler: new optim.CyclicLR(o, { baseLr: 0.01, maxLr: 0.1, stepSizeUp: 4 }) })],
  ['OneCycleLR', (o) => ({ scheduler: new optim.OneCycleLR(o, { maxLr: 0.1, totalSteps: 12 }) })],
  ['ReduceLROnPlateau', (o) => ({ scheduler: new optim.ReduceLROnPlateau(o, { patience: 0, threshold: 0.5 }), monitor: 'val_loss' })],
  ['SWALR', (o) => ({ scheduler: new optim.SWALR(o, { swaLr: 0.001, annealEpochs: 3 }), interval: 'epoch' })],
  ['LinearWarmupCosineAnnealingLR', (o) => ({ scheduler: new optim.LinearWarmupCosineAnnealingLR(o, { warmupEpochs: 3, maxEpochs: 10 }) })],
  ['LinearWarmupCosineAnnealingWarmRestartsLR', (o) => ({ scheduler: new optim.LinearWarmupCosineAnnealingWarmRestartsLR(o, { warmupEpochs: 3, maxEpochs: 9 }) })],
  ['SequentialLR', (o) => {
    const schedulers = [new optim.LinearLR(o), new optim.MultiStepLR(o, { milestones: [2] })];
    return { scheduler: new optim.SequentialLR(o, { schedulers, milestones: [7] }) };
  }],
  ['ChainedScheduler', (o) => ({ scheduler: new optim.ChainedScheduler([new optim.LinearLR(o), new optim.ExponentialLR(o, { gamma: 0.9 })]) })],
]; // biome-ignore format: a table

describe.each(SCHEDULES)('%s', (_, make) => {
  test('moves, and goes on from a checkpoint as if nothing had been, to the bit', async () => {
    const [wholeFolder, splitFolder] = [temporaryFolder(), temporaryFolder()];
    const whole = trainerOf(make, { checkpoint: { rootDir: wholeFolder } });
    const start = whole.optimizer.paramGroups[0]!.lr;
    await whole.trainer.fit({ ...loaders(), maxEpochs: 4 });
    await trainerOf(make, { checkpoint: { rootDir: splitFolder } }).trainer.fit({ ...loaders(), maxEpochs: 2 });
    const split = trainerOf(make, { checkpoint: { rootDir: splitFolder } });
    const latest = join(splitFolder, 'experiment', 'latest.ckpt');
    await split.trainer.fit({ ...loaders(), maxEpochs: 4, resumeFromCheckpoint: latest });
    expect(weightsOf(split.model)).toEqual(weightsOf(whole.model));
    expect(split.optimizer.paramGroups[0]).toMatchObject({
      ...whole.optimizer.paramGroups[0],
      params: expect.anything(),
    });
    expect(split.scheduler.stateDict()).toEqual(whole.scheduler.stateDict());
    expect(whole.optimizer.paramGroups[0]!.lr).not.toBe(start);
  });
});

describe('a schedule that follows a metric', () => {
  const plateau =
    (monitor: string, patience = 0): MakeEntry =>
    (optimizer) => ({
      scheduler: new optim.ReduceLROnPlateau(optimizer, { mode: 'max', threshold: 100, patience, factor: 0.5 }),
      monitor,
    });

  test('gets it after each epoch that has measured it', async () => {
    for (const [monitor, every, falls] of [
      ['val/loss', 1, 3],
      ['val_loss', 2, 1],
      ['train/loss', 2, 3],
    ] as const) {
      // biome-ignore format: pairs
      const { trainer, optimizer, scheduler } = trainerOf(plateau(monitor), { validateEveryNEpochs: every });
      await trainer.fit({ ...loaders(), maxEpochs: 4 });
      expect(scheduler.lastEpoch).toBe(falls + 1);
      expect(optimizer.paramGroups[0]!.lr).toBe(0.05 * 0.5 ** falls); // the first value is the best so far
    }
  });

  test('fails at the first whole epoch that has no such metric, and lists what there is', async () => {
    const { trainer } = trainerOf(plateau('val/accuracy'));
    await expect(trainer.fit({ ...loaders(), maxEpochs: 4 })).rejects.toThrow(
      new ConfigError('move a schedule', [
        'schedulers.0.monitor: expected one of train/loss, train/dl_dl0/loss, val/loss, val/dl_val_dl0/loss, got "val/accuracy"',
      ]),
    );
  });

  test('and its moment have to go together', () => {
    const lambda: MakeEntry = (optimizer) => ({
      scheduler: new optim.LambdaLR(optimizer, () => 1),
      monitor: 'val/loss',
    });
    expect(() => trainerOf(lambda)).toThrow('schedulers.0.interval: expected step or epoch for LambdaLR, got "metric"');
    const each =
      (change: object): MakeEntry =>
      (optimizer) => ({ ...plateau('val/loss')(optimizer), ...change });
    expect(() => trainerOf(each({ interval: 'epoch' }))).toThrow(
      'schedulers.0.interval: expected "metric" with a monitor for ReduceLROnPlateau, got "epoch"',
    );
    expect(() => trainerOf(each({ interval: 'metric', monitor: undefined }))).toThrow(
      'schedulers.0.monitor: expected the key of a metric with interval "metric", got none',
    );
    expect(() => trainerOf(each({ monitor: 5 }))).toThrow('schedulers.0.monitor: expected the key of a metric, got 5');
    const own: MakeEntry = (optimizer) => ({
      scheduler: { optimizer, step: () => {}, stateDict: () => ({}), loadStateDict: () => {} },
      interval: 'step',
      monitor: 'val/loss',
    });
    expect(() => trainerOf(own)).toThrow('schedulers.0.monitor: expected interval "metric" with it, got "step"');
  });
});

// What LearningRateMonitor logs, and when.
import { expect, test } from 'vitest';
import { AdamW, SGD, StepLR } from '../../optim/index.ts';
import type { Logger } from '../../tracking/logger.ts';
import { GenericTrainer } from '../generic-trainer.ts';
import { type TinyBatch, TinyModel, tinyLoader, tinyLoss } from '../testing/tiny.ts';
import { LearningRateMonitor, type LearningRateMonitorOptions } from './learning-rate-monitor.ts';

/** What the monitor logs in two epochs of two steps each, by step. */
async function logged(options: LearningRateMonitorOptions, interval: 'step' | 'epoch'): Promise<[number, unknown][]> {
  const records: [number, unknown][] = [];
  const logger: Logger = {
    name: 'records',
    logMetrics: (values, { step }) => {
      const own = Object.entries(values).filter(([name]) => /^(lr|momentum|weight_decay)\//.test(name));
      if (own.length > 0) records.push([step, Object.fromEntries(own)]);
    },
    close: () => {},
  };
  const model = new TinyModel();
  const optimizer = new SGD([{ params: model.first.parameters() }, { params: model.second.parameters(), lr: 0.5 }], {
    lr: 1,
    momentum: 0.5,
  });
  const trainer = new GenericTrainer({
    ...{ model, optimizers: [optimizer], loggers: [logger], config: { logEveryNSteps: 2 } },
    callbacks: [new LearningRateMonitor(options)],
    schedulers: [{ scheduler: new StepLR(optimizer, { stepSize: 1, gamma: 0.5 }), interval }],
  });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  await trainer.fit({ trainLoaders: [tinyLoader(4)], maxEpochs: 2 });
  return records;
}

test('LearningRateMonitor logs every group at the log points, behind the step', async () => {
  expect(await logged({}, 'step')).toEqual([
    [2, { 'lr/group_0': 0.25, 'lr/group_1': 0.125 }],
    [4, { 'lr/group_0': 0.0625, 'lr/group_1': 0.03125 }],
  ]);
});

test('LearningRateMonitor logs by steps of its own, and where epochs begin', async () => {
  const bySteps = await logged({ everyNSteps: 3, logMomentum: true, logWeightDecay: true }, 'epoch');
  expect(bySteps).toEqual([
    [
      3,
      {
        ...{ 'lr/group_0': 0.5, 'momentum/group_0': 0.5, 'weight_decay/group_0': 0 },
        ...{ 'lr/group_1': 0.25, 'momentum/group_1': 0.5, 'weight_decay/group_1': 0 },
      },
    ],
  ]);
  const byEpochs = await logged({ interval: 'epoch' }, 'epoch');
  expect(byEpochs).toEqual([
    [0, { 'lr/group_0': 1, 'lr/group_1': 0.5 }],
    [2, { 'lr/group_0': 0.5, 'lr/group_1': 0.25 }],
  ]);
});

test('LearningRateMonitor names optimizers where there are several, and takes the first beta for a momentum', () => {
  const optimizers = [0.1, 0.2].map((lr) => new AdamW(new TinyModel().parameters(), { lr, betas: [0.8, 0.9] }));
  expect(new LearningRateMonitor({ logMomentum: true }).read(optimizers)).toEqual({
    'lr/optimizer_0/group_0': 0.1,
    'momentum/optimizer_0/group_0': 0.8,
    'lr/optimizer_1/group_0': 0.2,
    'momentum/optimizer_1/group_0': 0.8,
  });
  expect(() => new LearningRateMonitor({ interval: 'epoch', everyNSteps: 2 })).toThrow(
    'everyNSteps: expected none with interval "epoch", got 2',
  );
});

// quickTrain is a model, a loop and a training, with the options of each.
import { expect, test } from 'vitest';
import { DataLoader, TensorDataset } from '../../data/index.ts';
import { rand, randint } from '../../tensor/index.ts';
import { AdaptiveConfig } from '../config/adaptive-config.ts';
import { AdaptiveModel } from '../model/adaptive-model.ts';
import { quickTrain } from './quick-train.ts';
import { TrainingLoop } from './training-loop.ts';

const loader = () =>
  new DataLoader({ dataset: new TensorDataset([rand([8, 1, 2, 3]), randint(0, 10, [8])] as const), batchSize: 4 });
const small = { numNodes: 5, hiddenDim: 3, inputDim: 6, saveCheckpoint: false, metricsFile: null };

test('quickTrain() makes a model and a loop of a configuration and trains one epoch, or as many as it is told', async () => {
  const lines: string[] = [];
  const stream = { write: (text: string) => void lines.push(text) };
  const trainLoader = loader();
  const { model, trainer, metricsHistory, finalMetrics } = await quickTrain(small, { trainLoader, stream });
  expect(model).toBeInstanceOf(AdaptiveModel);
  expect(model.config.numNodes).toBe(5);
  expect(trainer).toBeInstanceOf(TrainingLoop);
  expect(metricsHistory).toEqual(trainer.metricsHistory);
  expect(metricsHistory.length).toBe(1);
  expect(finalMetrics).toBe(trainer.metricsHistory[0]);
  const told = await quickTrain(new AdaptiveConfig(small), { trainLoader, testLoader: loader(), numEpochs: 3, stream });
  expect(told.finalMetrics).toMatchObject({ epoch: 2, val_loss: expect.any(Number), val_accuracy: expect.any(Number) });
  expect(lines.join('')).toContain('Starting training for 3 epochs...');
  await expect(quickTrain(small, { testLoader: 3 } as never)).rejects.toThrow(
    /2 problems.*trainLoader: expected a DataLoader, got none.*testLoader: expected a DataLoader, got 3/s,
  );
  await expect(quickTrain({ numNodes: 0 }, { trainLoader })).rejects.toThrow('numNodes');
});

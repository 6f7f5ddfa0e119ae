// What every field of a workflow becomes for `sconce train`, and the models that it makes by itself.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Module } from '../../nn/module.ts';
import { ModelBuilder } from './model-builder.ts';
import { WorkflowConfig } from './workflow-config.ts';
import type { WorkflowOptions } from './workflow-fields.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-to-experiment-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('every field is somewhere in the experiment', async () => {
  const config = new WorkflowConfig({
    dataset: {
      ...{ name: 'fashion_mnist', dataPath: 'clothes', batchSize: 3, numWorkers: 2, shuffle: false, seed: 7 },
      ...{ trainSplit: 0.5, valSplit: 0.3, testSplit: 0.2, datasetParams: { channels: 3 } },
      ...{ augmentation: true, augmentationParams: { random_crop: { size: 28, padding: 2 } } },
    },
    model: {
      ...{ inputDim: 2352, hiddenDim: 9, outputDim: 11, numNodes: 5, dropout: 0.25 },
      modelParams: { energy_decay: 0.5 },
    },
    optimizer: {
      ...{ name: 'adamw', learningRate: 0.3, weightDecay: 0.2, betas: [0.5, 0.6], eps: 1e-3 },
      ...{ scheduler: 'step', schedulerParams: { step_size: 5 } },
    },
    training: {
      ...{ epochs: 4, maxSteps: 17, gradientAccumulationSteps: 2, maxGradNorm: 3, useAmp: true, seed: 8 },
      ...{ checkpointDir: 'saved', saveEveryNEpochs: 2, keepLastNCheckpoints: 6, device: 'cuda:1' },
      ...{ logEveryNSteps: 13, logDir: 'events', verbose: true },
      ...{ earlyStopping: true, earlyStoppingPatience: 9, earlyStoppingMetric: 'val_accuracy' },
    },
    evaluation: { metrics: ['accuracy', 'f1'], batchSize: 21, savePredictions: true, outputDir: 'found' },
  });
  const experiment = await config.toExperiment('clothes');
  const dataset = (part: string): object => ({
    ...{ type: 'workflow-data', name: 'fashion_mnist', path: 'clothes', splits: [0.5, 0.3, 0.2], seed: 7, width: 2352 },
    ...{ numClasses: 11, params: { channels: 3 }, part },
  });
  const pixels = [
    { type: 'to-dtype', dtype: 'float32', scale: true },
    { type: 'normalize', mean: [0.286, 0.286, 0.286], std: [0.353, 0.353, 0.353] },
    'flatten-inputs',
  ];
  expect(experiment).toEqual({
    ...{ experimentName: 'clothes', seed: 8, loss: 'cross-entropy' },
    model: {
      ...{ type: 'on-device', device: 'cuda:1' },
      model: {
        ...{ type: 'adaptive-model', dropout: 0.25 },
        config: { energy_decay: 0.5, numNodes: 5, hiddenDim: 9, inputDim: 2352, outputDim: 11, seed: 8 },
      },
    },
    optimizer: { type: 'adamw', lr: 0.3, weightDecay: 0.2, betas: [0.5, 0.6], eps: 1e-3 },
    scheduler: { type: 'step', interval: 'epoch', step_size: 5 },
    data: {
      train: {
        ...{ dataset: dataset('train'), batchSize: 3, seed: 7, shuffle: false, numWorkers: 2 },
        transforms: [{ type: 'random_crop', size: 28, padding: 2 }, ...pixels],
      },
      val: { dataset: dataset('val'), batchSize: 21, seed: 7, transforms: pixels },
      test: { dataset: dataset('test'), batchSize: 21, seed: 7, transforms: pixels },
    },
    metrics: [{ type: 'f1-score', task: 'multiclass', numClasses: 11 }],
    callbacks: [
      { type: 'logging', logInterval: 13 },
      { type: 'test-predictions', folder: 'found' },
    ],
    ...{ training: { maxEpochs: 4 }, maxSteps: 17, logEveryNSteps: 13 },
    logging: { loggerType: 'tensorboard', tensorboardDir: 'events' },
    performance: { gradientAccumulationSteps: 2, useAmp: true, clipGradNorm: 3 },
    checkpoint: { saveEveryNEpochs: 2, maxCheckpoints: 6, monitorMetric: 'val/accuracy', monitorMode: 'max' },
    ...{ earlyStoppingPatience: 9, earlyStoppingMetric: 'val/accuracy', earlyStoppingMode: 'max' },
  });
});

test('what is off is not there: clipping, validation, test, schedule, hyperparameters of other optimizers', async () => {
  const experiment = await new WorkflowConfig({
    dataset: { name: 'synthetic', trainSplit: 1, valSplit: 0, testSplit: 0 },
    optimizer: { name: 'sgd', momentum: 0.7 },
    training: { maxGradNorm: 0, device: 'cpu' },
  }).toExperiment();
  expect(Object.keys(experiment.data!)).toEqual(['train']);
  expect(experiment.performance).toEqual({ gradientAccumulationSteps: 1, useAmp: false });
  expect(experiment.optimizer).toEqual({ type: 'sgd', lr: 1e-3, weightDecay: 1e-4, momentum: 0.7 });
  expect(experiment.checkpoint).toEqual({ saveEveryNEpochs: 1, maxCheckpoints: 3 });
  expect(experiment.callbacks).toEqual(['progress']);
  for (const key of ['scheduler', 'maxSteps', 'earlyStoppingPatience']) expect(experiment).not.toHaveProperty(key);
});

/** The layers of a workflow's model, one line each. */
async function layersOf(options: WorkflowOptions): Promise<string[]> {
  const { model } = await new WorkflowConfig({ ...options, training: { device: 'cpu' } }).toExperiment();
  const { type, ...config } = model as unknown as { type: string; layers: [] };
  expect(type).toBe('layers');
  return [...new ModelBuilder().buildFromConfig(config).children()].map((layer: Module) => String(layer));
}

test('mlp and simple_cnn have the layers that their fields say, and pictures stay pictures for convolutions', async () => {
  const rows = {
    name: 'mlp',
    inputDim: 6,
    hiddenDim: 4,
    outputDim: 3,
    activation: 'tanh',
    modelParams: { num_layers: 2 },
  };
  const dataset = { name: 'synthetic' };
  expect(await layersOf({ dataset, model: { ...rows, dropout: 0 } })).toEqual([
    ...['Linear(in_features=6, out_features=4, bias=True)', 'Tanh()'],
    ...['Linear(in_features=4, out_features=4, bias=True)', 'Tanh()'],
    'Linear(in_features=4, out_features=3, bias=True)',
  ]);
  expect(await layersOf({ dataset, model: { ...rows, dropout: 0.5 } })).toHaveLength(7);
  const pictures: WorkflowOptions = {
    dataset: { name: 'digits', datasetParams: { channels: 3 } },
    model: { name: 'simple_cnn', inputDim: 192, hiddenDim: 5, outputDim: 10, modelParams: { channels: [4] } },
  };
  expect((await layersOf(pictures)).map((line) => line.replace(/, (?:kernel|eps|inplace|stride|start).*/, ''))).toEqual(
    [
      ...['Conv2d(3, 4', 'BatchNorm2d(4', 'ReLU()', expect.stringContaining('MaxPool2d(kernel_size=2')],
      ...['Conv2d(4, 5', 'BatchNorm2d(5', 'ReLU()', 'AdaptiveAvgPool2d(output_size=1)'],
      ...[expect.stringContaining('Flatten('), expect.stringContaining('Dropout(p=0.1')],
      'Linear(in_features=5, out_features=10, bias=True)',
    ],
  );
  const { data } = await new WorkflowConfig(pictures).toExperiment();
  expect(Reflect.get(data!.train!, 'transforms')).toEqual([]);
});

test('layers of a file stand in the experiment, so that a run keeps them; a wrong file is refused', async () => {
  const path = join(folder, 'model.json');
  const layers = [{ type: 'linear', in_features: 64, out_features: 10 }];
  const model = { name: 'layers', inputDim: 64, modelParams: { file: path } };
  const config = new WorkflowConfig({ dataset: { name: 'digits' }, model, training: { device: 'cpu' } });
  writeFileSync(path, JSON.stringify({ seed: 5, layers }));
  const experiment = await config.toExperiment();
  expect(experiment.model).toEqual({ type: 'layers', seed: 5, layers });
  expect(Reflect.get(experiment.data!.train!, 'transforms')).toEqual(['flatten-inputs']);
  writeFileSync(path, JSON.stringify({ layers: [{ type: 'linea' }] }));
  await expect(config.toExperiment()).rejects.toThrow(`${path}.layers.0: expected a known layer`);
});

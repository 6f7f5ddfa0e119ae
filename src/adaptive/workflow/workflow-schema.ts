// What a workflow's file may say: fields, defaults, and how each is missed.

import { z } from 'zod';
import {
  count,
  flag,
  fraction,
  fromZero,
  index,
  listOf,
  positive,
  record,
  section,
  text,
} from '../../trainer/config/fields.ts';
import { wanted } from '../../trainer/config/problems.ts';

const BETAS = 'a list of two numbers from 0 on and below 1';
const beta = z.number(wanted(BETAS)).min(0, wanted(BETAS)).lt(1, wanted(BETAS));

const dataset = section({
  name: text.default('mnist'),
  dataPath: text.optional(),
  batchSize: count.default(64),
  numWorkers: index.default(4),
  shuffle: flag.default(true),
  trainSplit: fraction.default(0.8),
  valSplit: fraction.default(0.1),
  testSplit: fraction.default(0.1),
  seed: index.default(42),
  augmentation: flag.default(false),
  augmentationParams: record.default({}),
  datasetParams: record.default({}),
});

const model = section({
  name: text.default('adaptive'),
  inputDim: count.default(784),
  hiddenDim: count.default(128),
  outputDim: count.default(10),
  numNodes: count.default(64),
  dropout: fraction.default(0.1),
  activation: text.default('relu'),
  modelParams: record.default({}),
});

const optimizer = section({
  name: text.default('adam'),
  learningRate: positive.default(1e-3),
  weightDecay: fromZero.default(1e-4),
  momentum: fromZero.default(0.9),
  betas: z.tuple([beta, beta], wanted(BETAS)).default([0.9, 0.999]),
  eps: positive.default(1e-8),
  scheduler: text.optional(),
  schedulerParams: record.default({}),
});

const training = section({
  epochs: count.default(10),
  maxSteps: count.optional(),
  gradientAccumulationSteps: count.default(1),
  maxGradNorm: fromZero.default(1),
  useAmp: flag.default(false),
  checkpointDir: text.default('checkpoints'),
  saveEveryNEpochs: count.default(1),
  keepLastNCheckpoints: count.default(3),
  logEveryNSteps: count.default(10),
  logDir: text.default('logs'),
  verbose: flag.default(false),
  device: text.default('cuda'),
  seed: index.default(42),
  earlyStopping: flag.default(false),
  earlyStoppingPatience: count.default(5),
  earlyStoppingMetric: text.default('val_loss'),
});

const evaluation = section({
  metrics: listOf(text, 'names of metrics').default(['accuracy', 'loss']),
  batchSize: count.default(128),
  savePredictions: flag.default(false),
  outputDir: text.default('outputs'),
});

/** All of a file. A section that is left out has its defaults. */
export const workflowSchema = section({
  dataset: dataset.prefault({}),
  model: model.prefault({}),
  optimizer: optimizer.prefault({}),
  training: training.prefault({}),
  evaluation: evaluation.prefault({}),
});

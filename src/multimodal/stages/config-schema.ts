// The schema of a training in stages, as YAML and JSON files have it: fields, defaults, and what each does.

import { z } from 'zod';
import {
  count,
  flag,
  folderName,
  fraction,
  fromZero,
  index,
  listOf,
  oneOf,
  positive,
  record,
  section,
  text,
} from '../../trainer/config/fields.ts';
import { wanted } from '../../trainer/config/problems.ts';

const beta = z
  .number(wanted('two numbers from 0 on and below 1'))
  .min(0, wanted('two numbers from 0 on and below 1'))
  .lt(1, wanted('two numbers from 0 on and below 1'));

const loss = section({ name: text, weight: fromZero.default(1), params: record.default({}) });

const optimizer = section({
  name: text.default('adamw'),
  lr: positive.default(1e-4),
  weightDecay: fromZero.default(0.01),
  betas: z.tuple([beta, beta], wanted('two numbers from 0 on and below 1')).default([0.9, 0.999]),
  eps: positive.default(1e-8),
});

const scheduler = section({
  name: oneOf('warmup_cosine', 'linear_warmup', 'cosine', 'constant').default('warmup_cosine'),
  warmupSteps: index.default(500),
  warmupRatio: fraction.default(0.1),
  minLrRatio: fraction.default(0),
});

const component = section({ name: text, freeze: flag.default(false), lrMultiplier: fromZero.default(1) });

const stage = section({
  name: folderName,
  strategy: oneOf('single_modality', 'cross_modal', 'end_to_end').optional(),
  strategyParams: record.default({}),
  losses: listOf(loss, 'losses').default([]),
  epochs: count.default(10),
  batchSize: count.default(32),
  optimizer: optimizer.prefault({}),
  scheduler: scheduler.prefault({}),
  components: listOf(component, 'components').default([]),
  earlyStopping: flag.default(true),
  patience: count.default(5),
  evaluationMetrics: listOf(text, 'names of metrics').default(['val_loss']),
  monitorMetric: text.default('val_loss'),
  monitorMode: oneOf('min', 'max').default('min'),
  clipGradNorm: positive.nullable().default(1),
  mixedPrecision: flag.default(true),
  gradientAccumulationSteps: count.default(1),
});

/** All of a file. */
export const trainingSchema = section({
  projectName: text.default('MultiModal_Insight_Engine'),
  outputDir: text.default('outputs'),
  seed: index.default(42),
  stages: listOf(stage, 'stages').default([]),
  dataConfig: record.default({}),
  modelConfig: record.default({}),
});

/** A file that was read. */
export type ReadTraining = z.output<typeof trainingSchema>;

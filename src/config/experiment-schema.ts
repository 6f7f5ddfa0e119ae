// What a file has beside the configuration of a trainer: the parts of the experiment, how long it trains, and what describes it.

import { z } from 'zod';
import {
  count,
  flag,
  fromZero,
  index,
  listOf,
  oneOf,
  only,
  positive,
  record,
  section,
  text,
} from '../trainer/config/fields.ts';
import { wanted } from '../trainer/config/problems.ts';
import { configSchema } from '../trainer/config/schema.ts';
import type { DataConfig, PartConfig } from './part-config.ts';

/** A part by name. The registry that makes it checks it: it knows which names and options there are. */
const part = z.custom<PartConfig | string>(() => true);
const parts = z.custom<readonly (PartConfig | string)[]>(() => true);
const data = z.custom<DataConfig>(() => true);

export const training = section({
  maxEpochs: count.default(100).describe('Epochs to be completed'),
  maxSteps: count.optional().describe('The same as `maxSteps`'),
  gradientAccumulationSteps: count.optional().describe('The same as `performance.gradientAccumulationSteps`'),
  maxGradNorm: positive.optional().describe('The same as `performance.clipGradNorm`'),
  useAmp: flag.optional().describe('The same as `performance.useAmp`'),
  earlyStoppingPatience: count.optional().describe('The same as `earlyStoppingPatience`'),
  earlyStoppingMetric: text.optional().describe('The same as `earlyStoppingMetric`'),
  earlyStoppingMode: oneOf('min', 'max').optional().describe('The same as `earlyStoppingMode`'),
  earlyStoppingMinDelta: fromZero.optional().describe('The same as `earlyStoppingMinDelta`'),
  validationFrequency: count.optional().describe('The same as `validateEveryNEpochs`'),
  logFrequency: count.optional().describe('The same as `logEveryNSteps`'),
  saveFrequency: count.optional().describe('The same as `checkpoint.saveEveryNSteps`'),
}).describe('How long the experiment trains; and fields of the trainer by the names of model-training-framework');

/** Where each field of `training` belongs in the configuration of a trainer. */
export const TRAINING_NAMES: Readonly<Record<string, readonly [string] | readonly [string, string]>> = {
  maxSteps: ['maxSteps'],
  gradientAccumulationSteps: ['performance', 'gradientAccumulationSteps'],
  maxGradNorm: ['performance', 'clipGradNorm'],
  useAmp: ['performance', 'useAmp'],
  earlyStoppingPatience: ['earlyStoppingPatience'],
  earlyStoppingMetric: ['earlyStoppingMetric'],
  earlyStoppingMode: ['earlyStoppingMode'],
  earlyStoppingMinDelta: ['earlyStoppingMinDelta'],
  validationFrequency: ['validateEveryNEpochs'],
  logFrequency: ['logEveryNSteps'],
  saveFrequency: ['checkpoint', 'saveEveryNSteps'],
};

const sbatchOption = z.union([z.string(), z.number(), z.boolean()], wanted('a text, a number, true or false'));

export const slurm = section({
  account: text.optional().describe('Whom the job is charged to. Default: as the cluster says'),
  partition: text.optional().describe("The partition. Default: the cluster's"),
  nodes: count.default(1).describe('Machines'),
  ntasksPerNode: count.default(1).describe('Ranks on each machine'),
  gpusPerNode: index.default(0).describe('GPUs on each machine'),
  cpusPerTask: count.optional().describe('Cores of each rank. Default: as the cluster says'),
  mem: text.optional().describe("Memory on each machine, as in '64G'. Default: as the cluster says"),
  time: text.optional().describe("The limit, as in '1-00:00:00' or '02:00:00'. Default: the partition's"),
  constraint: text.optional().describe("Features that machines must have, as in 'a40|a100'"),
  requeue: flag
    .default(true)
    .describe(
      'Whether SLURM may start the job again, and it goes on: after a node failed, a preemption, its time limit',
    ),
  signalSec: count
    .default(120)
    .describe('Seconds before the time limit at which ranks get SIGUSR1: they save, and the job is requeued'),
  jobName: text.optional().describe("Default: the experiment's name"),
  output: text
    .optional()
    .describe(
      "File of what the job prints, SLURM's patterns as %j in it. Default: `output-%j.log` in the job's folder, of an array `output-%A_%a.log`",
    ),
  error: text.optional().describe('File of its errors. Default: the same'),
  mailType: text.optional().describe("When SLURM writes mail, as in 'END,FAIL'"),
  mailUser: text.optional().describe('To whom'),
  setup: listOf(text, 'shell commands')
    .default([])
    .describe("Shell commands before the training, as 'module load cuda'"),
  template: text
    .optional()
    .describe("A script with `{{…}}` where the job's own stands, see docs/slurm.md. Default: one of Sconce's"),
  isolated: flag
    .default(false)
    .describe(
      'Whether the job runs in a checkout of the commit of its own (git worktree), which later edits do not change',
    ),
  maxConcurrent: count
    .optional()
    .describe('Tasks of an array at the same time, of a sweep. Default: as many as there is room for'),
  extraArgs: z
    .record(z.string(), sbatchOption, wanted('an object of options'))
    .default({})
    .describe('Further options of sbatch by their long names, as `{ qos: high }`'),
}).describe('How `sconce slurm submit` asks for a job; without effect elsewhere');

/** Sections that name parts; their keys stay as they are written. */
export const PART_FIELDS = {
  model: part.optional().describe('The model'),
  loss: part.optional().describe('What model and target are compared by'),
  step: part.optional().describe('A training and a validation step of yours, in place of model and loss'),
  optimizer: part.optional().describe('The optimizer'),
  optimizers: parts.optional().describe('Several, in place of `optimizer`'),
  scheduler: part.optional().describe('The schedule of the learning rate'),
  schedulers: parts.optional().describe('Several, in place of `scheduler`'),
  callbacks: parts.optional().describe('Callbacks, in their order'),
  metrics: parts.optional().describe('Metrics over a whole validation'),
  trainMetrics: parts.optional().describe('Metrics over the training batches of an epoch'),
  data: data.optional().describe('Loaders for training, validation and tests'),
};

export const experimentFields = section({
  description: text.optional().describe('What the experiment is for; runs keep it'),
  tags: listOf(text, 'texts').default([]).describe('Words that runs keep, to find them by'),
  version: text.default('1.0').describe('Version of the experiment; runs keep it'),
  createdBy: text.optional().describe('Who wrote it; runs keep it'),
  createdAt: text.optional().describe('When it was written; runs keep it'),
  modules: listOf(text, 'paths of modules')
    .default([])
    .describe('Files of yours with parts for `model`, `data`, …; a path goes from the file that has it'),
  training: training.prefault({}).describe('How long the experiment trains'),
  deterministic: only(true, 'equal runs give equal numbers').default(true).describe('Equal runs give equal numbers'),
  benchmark: only(false, 'kernels are not chosen by trials')
    .default(false)
    .describe('Kernels are not chosen by trials'),
  slurm: slurm.prefault({}).describe('How `sconce slurm submit` asks for a job; without effect elsewhere'),
  customParams: record.optional().describe('Plain values of yours that runs and checkpoints keep'),
  ...PART_FIELDS,
});

/** All of a file. */
export const experimentSchema = z
  .strictObject({ ...configSchema.shape, ...experimentFields.shape })
  .describe('An experiment in a file');

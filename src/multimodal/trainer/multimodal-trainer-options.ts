// The options of a `MultimodalTrainer`, and what may be wrong with them.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { checkOptions, count, flag, type Rule } from '../../metrics/options.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { LRScheduler } from '../../optim/schedules/scheduler.ts';
import type { Device } from '../../tensor/device.ts';
import type { Logger } from '../../tracking/logger.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import type { StatefulScheduler } from '../../trainer/checkpoint/run-state.ts';
import type { RestoreOptions } from '../../trainer/checkpoint/state.ts';
import type { GenericTrainerConfig } from '../../trainer/config/types.generated.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { SchedulerEntry } from '../../trainer/loop/scheduler-entry.ts';
import type { TrainingRun } from '../../trainer/run/run.ts';
import { isLoader, isOptimizer } from '../../trainer/trainer-problems.ts';
import {
  deviceRule,
  type LossModule,
  type MultimodalModel,
  moduleRule,
  positiveRule,
  schedulerRule,
} from './training-loop-options.ts';

export interface MultimodalTrainerOptions {
  /** From `{ images, textData }` to an object with features of both sides; see `DataHandler` for their names. */
  readonly model: MultimodalModel;
  /** Batches are objects, as `{ images, text }`. */
  readonly trainDataloader: BatchLoader<unknown>;
  readonly valDataloader?: BatchLoader<unknown>;
  readonly testDataloader?: BatchLoader<unknown>;
  /** Default: AdamW over the parameters of the model and of the loss. */
  readonly optimizer?: AnyOptimizer;
  /** Moves after each optimizer step, unless it says another moment. Default: the learning rate stays. */
  readonly scheduler?: StatefulScheduler | SchedulerEntry;
  /** Default: `MixedMultimodalLoss` with temperature 0.2. */
  readonly lossFn?: LossModule;
  /** Epochs to be completed, unless `train` is told another number. Default 20. */
  readonly numEpochs?: number;
  /** Of the default optimizer. Default 1e-4. */
  readonly learningRate?: number;
  /** Of the default optimizer. Default 0.01. */
  readonly weightDecay?: number;
  /** Optimizer steps in which the learning rate grows evenly to its value, before `scheduler` begins. Default 0. */
  readonly warmupSteps?: number;
  /** Where checkpoints go, a folder, s3:// or gs://. Default 'checkpoints', or the run's own. */
  readonly checkpointDir?: string;
  /** Where pictures go, and without a run the log, `metrics.jsonl`. Default 'logs', or the run's `plots`. */
  readonly logDir?: string;
  /** Default: the first GPU, or the CPU where there is none. */
  readonly device?: Device;
  /** Whether operators that gain from it run in bfloat16, as precision 'bf16-mixed'. Default false. */
  readonly mixedPrecision?: boolean;
  /** Batches in an optimizer step. Default 1. */
  readonly accumulationSteps?: number;
  /** Optimizer steps between two evaluations inside an epoch, beside the one behind it. Default 0: none. */
  readonly evaluationSteps?: number;
  /** Optimizer steps between two log points. Default 50. */
  readonly logSteps?: number;
  /** Epochs without a better validation loss behind which training ends. Default: it does not. */
  readonly earlyStoppingPatience?: number;
  /** Gradients are scaled so that their joint norm is at most this. Default: they are not. */
  readonly clipGradNorm?: number;
  /** Whether the learning rates of `vision_model` and `text_model` are balanced by their gradients, see `ModalityBalancingScheduler`. Default false. */
  readonly balanceModalityGradients?: boolean;
  /** More hyperparameters, as plain values: loggers are told of them, checkpoints keep them. */
  readonly args?: Readonly<Record<string, unknown>>;
  /** The folder of a run of `sconce train`. */
  readonly run?: TrainingRun;
  readonly callbacks?: readonly Callback[];
  readonly loggers?: readonly Logger[];
  /** Seeds the default generators when training begins, unless it goes on. */
  readonly seed?: number;
  /** Of the evaluator. Default [1, 5, 10]. */
  readonly recallKValues?: readonly number[];
  /** Whatever else a `GenericTrainer` can be told. */
  readonly config?: GenericTrainerConfig;
  /** Whether a progress bar is drawn. Default false. */
  readonly progressBar?: boolean;
  /** Where lines go that tell of epochs. Default: the process's standard output. */
  readonly stream?: ProgressStream;
}

/** What `train` is told. */
export interface TrainOptions {
  /** Epochs to be completed when it ends, those before included. Default: as the trainer was told. */
  readonly numEpochs?: number;
  /** A checkpoint to go on from: a path, or 'latest' for the newest in `checkpointDir`, or the start where there is none. */
  readonly resume?: string;
  /** Where that checkpoint and this trainer do not have the same parts: state to leave out, and parts to start anew. */
  readonly restore?: RestoreOptions;
}

const loaderRule: Rule = ['a DataLoader', isLoader];
const folderRule: Rule = ['a folder', (value) => typeof value === 'string' && value !== ''];
const listRule = (what: string): Rule => [`a list of ${what}`, Array.isArray];
const objectRule: Rule = ['an object', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)];
const isFromZero = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < Infinity;

const RULES: Readonly<Record<keyof MultimodalTrainerOptions, Rule>> = {
  model: moduleRule,
  trainDataloader: loaderRule,
  valDataloader: loaderRule,
  testDataloader: loaderRule,
  optimizer: ['an optimizer', isOptimizer],
  scheduler: schedulerRule,
  lossFn: moduleRule,
  numEpochs: count(),
  learningRate: ['a number from 0 on', isFromZero],
  weightDecay: ['a number from 0 on', isFromZero],
  warmupSteps: count(0),
  checkpointDir: folderRule,
  logDir: folderRule,
  device: deviceRule,
  mixedPrecision: flag,
  accumulationSteps: count(),
  evaluationSteps: count(0),
  logSteps: count(),
  earlyStoppingPatience: count(),
  clipGradNorm: positiveRule,
  balanceModalityGradients: flag,
  args: objectRule,
  run: objectRule,
  callbacks: listRule('callbacks'),
  loggers: listRule('loggers'),
  seed: count(0),
  recallKValues: ['a list of integers above 0', (value) => Array.isArray(value) && value.every(count()[1])],
  config: objectRule,
  progressBar: flag,
  stream: ['something to write to', (value) => typeof (value as ProgressStream | null)?.write === 'function'],
};

const TRAIN_RULES: Readonly<Record<keyof TrainOptions, Rule>> = {
  numEpochs: count(),
  resume: ["a path, or 'latest'", (value) => typeof value === 'string' && value !== ''],
  restore: objectRule,
};

/** Settings of the configuration that the trainer has options for, or does in its own way. */
const OWN_SETTINGS: Readonly<Record<string, string>> = {
  seed: 'seed',
  'performance.gradientAccumulationSteps': 'accumulationSteps',
  'performance.clipGradNorm': 'clipGradNorm',
  'performance.useAmp': 'mixedPrecision',
  logEveryNSteps: 'logSteps',
  logLossEveryNSteps: 'logSteps',
  'checkpoint.rootDir': 'checkpointDir',
  'validation.everyNSteps': 'evaluationSteps',
  earlyStoppingPatience: 'earlyStoppingPatience',
};

/** @throws {ConfigError} that lists every problem. */
export function checkTrainerOptions(options: MultimodalTrainerOptions): void {
  checkOptions('make a MultimodalTrainer', options, RULES, ['model', 'trainDataloader']);
  const problems: string[] = [];
  const refuse = (name: string, wantedAndGot: string): void => void problems.push(`${name}: expected ${wantedAndGot}`);
  const { optimizer, valDataloader, evaluationSteps = 0, warmupSteps = 0, scheduler, run } = options;
  for (const name of ['learningRate', 'weightDecay'] as const)
    if (optimizer && options[name] !== undefined) refuse(name, 'none beside an optimizer, which has its own, got one');
  for (const name of ['trainDataloader', 'valDataloader', 'testDataloader'] as const)
    if (options[name]?.length === 0)
      refuse(name, 'at least one batch, got none; with dropLast the batch size has to be the size of the data at most');
  if (!valDataloader && evaluationSteps > 0) refuse('evaluationSteps', 'a valDataloader with it, got none');
  if (!valDataloader && options.earlyStoppingPatience !== undefined)
    refuse('earlyStoppingPatience', 'a valDataloader with it, got none');
  if (warmupSteps > 0 && scheduler !== undefined && !(scheduler instanceof LRScheduler))
    refuse('warmupSteps', 'none beside a scheduler that cannot be put behind it; make it a part of the schedule');
  const moved = scheduler && ('scheduler' in scheduler ? scheduler.scheduler : scheduler).optimizer;
  if (moved !== undefined && moved !== optimizer)
    refuse(
      'scheduler',
      optimizer ? 'a schedule of the optimizer, got that of another' : 'its optimizer beside it, got none',
    );
  if (run && options.checkpointDir !== undefined)
    refuse('checkpointDir', `none beside a run, whose checkpoints lie in its folder, got "${options.checkpointDir}"`);
  for (const [path, name] of Object.entries(OWN_SETTINGS))
    if (
      path
        .split('.')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], options.config) !== undefined
    )
      refuse(`config.${path}`, `none, got one; the trainer's option is ${name}`);
  const { filenameTemplate, asynchronous } = options.config?.checkpoint ?? {};
  if (filenameTemplate !== undefined)
    refuse(
      'config.checkpoint.filenameTemplate',
      `none, since files are checkpoint_epoch_{n}.pt, got "${filenameTemplate}"`,
    );
  if (asynchronous === true)
    refuse(
      'config.checkpoint.asynchronous',
      'none or false, since saveCheckpoint() may add state while it waits, got true',
    );
  if (problems.length > 0) throw new ConfigError('make a MultimodalTrainer', problems);
}

/** @throws {ConfigError} that lists every problem. */
export function checkTrainOptions(options: TrainOptions): void {
  const given: unknown = options;
  if (typeof given === 'number')
    throw new ConfigError('train', [`expected { numEpochs: ${given} }, got ${given}; name what it is`]);
  checkOptions('train', options, TRAIN_RULES);
}

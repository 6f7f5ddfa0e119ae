// The options of `Trainer` and of its `fit`, and what may be wrong with them.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import type { MergeableMetric, Metric } from '../../metrics/metric.ts';
import { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { ReduceLROnPlateau } from '../../optim/schedules/plateau.ts';
import type { Device } from '../../tensor/device.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Logger } from '../../tracking/logger.ts';
import type { StatefulScheduler } from '../checkpoint/run-state.ts';
import type { RestoreOptions } from '../checkpoint/state.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';
import type { CaptureMode } from '../loop/captured-part.ts';
import type { PrecisionMode } from '../loop/precision.ts';
import type { SchedulerEntry } from '../loop/scheduler-entry.ts';
import type { TrainingRun } from '../run/run.ts';
import { isLoader, isOptimizer } from '../trainer-problems.ts';
import type { TrainerCallback } from './trainer-callbacks.ts';

/** A value of a batch, from outputs and targets; its mean over the epoch is `train_{name}` and `val_{name}`. Runs without gradients. */
export type TrainerMetric = (outputs: Tensor, targets: Tensor) => Tensor | number;

export interface TrainerOptions {
  /** From the input of a batch to the output. */
  readonly model: Module & { forward(input: Tensor): Tensor };
  readonly optimizer: AnyOptimizer;
  /** From output and target to the loss. */
  readonly criterion: Module & { forward(output: Tensor, target: Tensor): Tensor };
  /** Where the model is moved to. Default: it stays where it is. */
  readonly device?: Device;
  /** Callbacks of the loop, and such with the nine events of adaptiveneuralnetwork; told in this order. */
  readonly callbacks?: readonly TrainerCallback[];
  readonly scheduler?: SchedulerEntry;
  /** True is precision 'bf16-mixed'. Default false. */
  readonly useAmp?: boolean;
  /** In which dtypes weights are kept and operators run. Default 'float32': as the model is. */
  readonly precision?: PrecisionMode;
  /** Keep the weights of convolutions and pictures in channels-last order. Default false. */
  readonly channelsLast?: boolean;
  /** Whether steps are recorded once and replayed, with the same numbers to the bit: true wherever that can be, 'auto' where it is known to be safe and measured to be faster. Default 'auto'. */
  readonly captureSteps?: CaptureMode;
  /** Default 1. */
  readonly gradientAccumulationSteps?: number;
  /** Gradients are scaled so that their joint norm is at most this. Default: they are not. */
  readonly maxGradNorm?: number;
  /** Seeds the default generators at the start of `fit`, unless training goes on there. To have the same weights every time, seed before the model is made. */
  readonly seed?: number;
  /** More values of each batch, by name. */
  readonly metrics?: Readonly<Record<string, TrainerMetric>>;
  /** Metrics over each epoch, that take outputs and targets of training: `train_{value}`. They are part of a checkpoint. */
  readonly trainMetrics?: readonly MergeableMetric<[outputs: Tensor, targets: Tensor]>[];
  /** Metrics over a whole evaluation: `val_{value}`. */
  readonly valMetrics?: readonly Metric<[outputs: Tensor, targets: Tensor]>[];
  /** Whether a progress bar is drawn. Default false. */
  readonly progressBar?: boolean;
  /** Where what is measured goes, beside the run's own log. */
  readonly loggers?: readonly Logger[];
  readonly run?: TrainingRun;
}

const OPTIONS = [
  'model',
  'optimizer',
  'criterion',
  'device',
  'callbacks',
  'scheduler',
  'useAmp',
  'precision',
  'channelsLast',
  'captureSteps',
  'gradientAccumulationSteps',
  'maxGradNorm',
  'seed',
  'metrics',
  'trainMetrics',
  'valMetrics',
  'progressBar',
  'loggers',
  'run',
];

export interface TrainerFitOptions {
  readonly trainLoader: BatchLoader<unknown>;
  readonly valLoader?: BatchLoader<unknown>;
  /** Epochs to be completed when `fit` ends: those of earlier calls, and those of a checkpoint that was loaded, included. */
  readonly numEpochs: number;
  /** Moves once an epoch: a `ReduceLROnPlateau` by `val_loss`, or by `train_loss` without a validation loader. Or one with its own moment. It stays until
   *  another is given. */
  readonly scheduler?: StatefulScheduler | SchedulerEntry;
  /** Appended to the callbacks, unless it is there already. */
  readonly earlyStopping?: TrainerCallback;
  /** Where a checkpoint that was loaded and this trainer do not have the same parts: state to leave out, and parts to start anew. */
  readonly resume?: RestoreOptions;
}

const FIT_OPTIONS = ['trainLoader', 'valLoader', 'numEpochs', 'scheduler', 'earlyStopping', 'resume'];

/** Names that the trainer gives itself. */
const OWN_METRICS = ['loss', 'accuracy'];

/** What is wrong with the options of a `Trainer`, as lines of an error. */
export function problemsOfOptions(options: TrainerOptions): string[] {
  const { model, optimizer, criterion, metrics = {}, progressBar, callbacks = [] } = options;
  const problems = unknownKeys(options, OPTIONS);
  if (!(model instanceof Module)) problems.push(`model: expected a Module, got ${describeValue(model)}`);
  if (!isOptimizer(optimizer)) problems.push(`optimizer: expected an optimizer, got ${describeValue(optimizer)}`);
  if (!(criterion instanceof Module)) problems.push(`criterion: expected a Module, got ${describeValue(criterion)}`);
  if (!Array.isArray(callbacks)) problems.push(`callbacks: expected a list, got ${describeValue(callbacks)}`);
  if (typeof metrics !== 'object' || metrics === null)
    problems.push(`metrics: expected functions by name, got ${describeValue(metrics)}`);
  else
    for (const [name, metric] of Object.entries(metrics)) {
      if (typeof metric !== 'function')
        problems.push(`metrics.${name}: expected a function of outputs and targets, got ${describeValue(metric)}`);
      if (OWN_METRICS.includes(name))
        problems.push(`metrics.${name}: expected a name of its own, got one that the trainer gives itself`);
    }
  if (progressBar !== undefined && typeof progressBar !== 'boolean')
    problems.push(`progressBar: expected true or false, got ${describeValue(progressBar)}`);
  return problems;
}

/** @throws {ConfigError} that lists every problem. */
export function checkOptions(options: TrainerOptions): void {
  const problems = problemsOfOptions(options);
  if (problems.length > 0) throw new ConfigError('make a Trainer', problems);
}

/** @throws {ConfigError} that lists every problem. */
export function checkFit(options: TrainerFitOptions): void {
  const { trainLoader, valLoader, numEpochs, scheduler } = options;
  const problems = unknownKeys(options, FIT_OPTIONS);
  for (const [name, loader] of Object.entries({ trainLoader, ...(valLoader ? { valLoader } : {}) }))
    if (!isLoader(loader)) problems.push(`${name}: expected a DataLoader, got ${describeValue(loader)}`);
  if (!Number.isSafeInteger(numEpochs) || numEpochs < 1)
    problems.push(`numEpochs: expected an integer above 0, got ${describeValue(numEpochs)}`);
  if (scheduler !== undefined && (typeof scheduler !== 'object' || scheduler === null))
    problems.push(`scheduler: expected a schedule, got ${describeValue(scheduler)}`);
  if (problems.length > 0) throw new ConfigError('fit', problems);
}

/** The moment at which a schedule moves that `fit` was given without one. */
export function entryOf(scheduler: StatefulScheduler | SchedulerEntry, hasValidation: boolean): SchedulerEntry {
  if ('scheduler' in scheduler) return scheduler;
  if (!(scheduler instanceof ReduceLROnPlateau)) return { scheduler, interval: 'epoch' };
  return { scheduler, interval: 'metric', monitor: hasValidation ? 'val/loss' : 'train/loss' };
}

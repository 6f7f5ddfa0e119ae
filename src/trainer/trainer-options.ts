// What a `GenericTrainer` is made of and what its `fit` is told: the types around generic-trainer.ts.

import type { BatchLoader } from '../data/index.ts';
import type { AnyMetric, MergeableMetric } from '../metrics/metric.ts';
import type { Module } from '../nn/module.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import type { Logger } from '../tracking/logger.ts';
import type { LoggerList } from '../tracking/loggers/logger-list.ts';
import type { CheckpointManager } from './checkpoint/checkpoint-manager.ts';
import type { RestoreOptions } from './checkpoint/state.ts';
import type { WeightsLoader } from './checkpoint/warm-start.ts';
import type { GenericTrainerConfig } from './config/types.generated.ts';
import type { GenericTrainer } from './generic-trainer.ts';
import type { DataHandler } from './loop/data-handler.ts';
import type { Evaluator } from './loop/evaluator.ts';
import type { Callback } from './loop/events.ts';
import type { TrainingLoop } from './loop/loop.ts';
import type { LoopContext } from './loop/loop-context.ts';
import type { SchedulerEntry } from './loop/scheduler-entry.ts';
import type { LoaderMean } from './metrics/aggregation.ts';
import type { MetricNaming } from './metrics/metric-names.ts';
import type { MetricsCollector } from './metrics/metrics-collector.ts';
import type { StopWatch } from './preemption/stop-watch.ts';
import type { TrainingRun } from './run/run.ts';

/** A step on one batch; synchronous. `batchIdx` is the batch's place in its own loader. */
export type UserStep<Output> = (
  trainer: GenericTrainer,
  batch: never,
  batchIdx: number,
  dataloaderIdx: number,
  dataloaderName: string,
) => Output;

/** Gives the weights of a file that only the caller can read. */
export type WarmStartLoader = (trainer: GenericTrainer, path: string) => ReturnType<WeightsLoader>;

export interface GenericTrainerOptions {
  readonly config?: GenericTrainerConfig;
  readonly model: Module;
  /** Modules beside the model that belong to the run, by name: a loss that learns a temperature or keeps a queue. Checkpoints have their state as `modules.{name}`, precision and mode are those of
   *  the model. What they learn has to be in an optimizer. One that has `updateEpoch(epoch)` or `updateStep(step, totalSteps)` is told where the run stands before it acts. */
  readonly modules?: Readonly<Record<string, Module>>;
  readonly optimizers: readonly AnyOptimizer[];
  readonly schedulers?: readonly SchedulerEntry[];
  readonly callbacks?: readonly Callback[];
  /** Metrics over an epoch; the training step updates them, their values are logged at its end as `train/{name}`. They are part of a checkpoint. Where the step gives a value of the same name, that of
   *  the metric counts. */
  readonly trainMetrics?: readonly MergeableMetric<never[]>[];
  /** Metrics over a whole validation; the validation step updates them, their values are logged as `val/{name}`, of those that can be merged `val/dl_{name}/{name}` too. */
  readonly valMetrics?: readonly AnyMetric[];
  /** With `validation.aggregation: 'custom'`: makes one value of the means of several loaders, of training and of validation. */
  readonly aggregate?: (loaders: readonly LoaderMean[], name: string) => number;
  /** What values are called in the log, the history, to callbacks and to monitors, from what they are called in the loop: `train/loss`, `val/dl_{name}/loss`, `val/{metric}`; undefined keeps one inside. Default: the same. Names of
   *  values that callbacks log themselves stay. A monitor finds `val_loss` as `val/loss`, and the other way about. */
  readonly metricNaming?: MetricNaming;
  /** Where what is measured goes, beside the loggers of the configuration and the run's own log. Opened and closed by each `fit`. */
  readonly loggers?: readonly Logger[];
  /** The folder that this run writes to. Without one nothing is logged, and checkpoints go to `config.checkpoint.rootDir`, if that is set. */
  readonly run?: TrainingRun;
}

export interface FitOptions {
  readonly trainLoaders: readonly BatchLoader<unknown>[];
  readonly valLoaders?: readonly BatchLoader<unknown>[];
  /** Epochs to be completed when `fit` ends, the ones before a resume included. Default 1. */
  readonly maxEpochs?: number;
  /** A checkpoint to go on from, ours or another system's; with `warmStart` in the configuration, a file whose weights alone are taken. A path, or 'latest' for the newest of the trainer's own. With `preemption.resumeFromLatestSymlink`, and in a resumed run,
   *  those come first: the same program, started again, goes on where it stopped. */
  readonly resumeFromCheckpoint?: string;
  /** Where the checkpoint and this run do not have the same parts: state to leave out, and parts to start anew. The run's log keeps it. */
  readonly resume?: RestoreOptions;
  /** Names of the validation loaders. Default: `val_` and the name of the training loader at that place. */
  readonly valLoaderNames?: readonly string[];
}

/** The parts of a trainer's last fit, each of which can be used alone. */
export interface TrainerParts {
  readonly data: DataHandler;
  readonly metrics: MetricsCollector;
  readonly evaluator: Evaluator | undefined;
  readonly checkpoints: CheckpointManager | undefined;
  readonly loop: TrainingLoop;
  readonly context: LoopContext;
  readonly logger: LoggerList;
  readonly stop: StopWatch;
  /** Whether the fit runs. */
  readonly isRunning: boolean;
}

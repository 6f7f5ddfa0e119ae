// What the loop is made of, and what it leaves behind: the types around loop.ts.

import type { GradScaler } from '../../optim/grad-scaler.ts';
import type { LoggerList } from '../../tracking/loggers/logger-list.ts';
import type { CheckpointManager } from '../checkpoint/checkpoint-manager.ts';
import type { MetricNames } from '../metrics/metric-names.ts';
import type { MetricsCollector } from '../metrics/metrics-collector.ts';
import type { TrainMetrics } from '../metrics/train-metrics.ts';
import type { StopWatch } from '../preemption/stop-watch.ts';
import type { RunProfiler } from '../profiling/run-profiler.ts';
import type { GradientExchange } from '../ranks/gradient-exchange.ts';
import type { Ranks } from '../ranks/ranks.ts';
import type { CaptureWish } from './captured-steps.ts';
import type { ClockFollowers } from './clock-followers.ts';
import type { Clocks } from './clocks.ts';
import type { DataHandler } from './data-handler.ts';
import type { Evaluator } from './evaluator.ts';
import type { CallbackList } from './events.ts';
import type { RunLimits } from './limits.ts';
import type { LoopContext } from './loop-context.ts';
import type { NonFiniteWatch } from './non-finite.ts';
import type { Precision } from './precision.ts';
import type { PlacedScheduler } from './scheduler-entry.ts';
import type { StepOutput } from './step.ts';
import type { ValidationPlan } from './validation-plan.ts';

/** Runs on one batch and gives at least `loss`; synchronous. */
export type TrainingStep = (batch: unknown, batchIndex: number, loaderIndex: number, loaderName: string) => StepOutput;

/** Values of one epoch, as `fit` returns them. */
export type EpochRecord = Readonly<Record<string, number>> & { readonly epoch: number };

/** Where the time of this process went; no part of a run's state. */
export interface LoopDurations {
  trainMs: number;
  dataWaitMs: number;
  validationMs: number;
  /** In which the loop stood still for checkpoints. */
  checkpointMs: number;
  /** Of that, waiting for the checkpoint before. */
  checkpointWaitMs: number;
  /** The longest that a checkpoint took from its begin until it was on the disk. */
  longestSaveMs: number;
  readonly epochsMs: number[];
}

export function startDurations(): LoopDurations {
  return {
    trainMs: 0,
    dataWaitMs: 0,
    validationMs: 0,
    checkpointMs: 0,
    checkpointWaitMs: 0,
    longestSaveMs: 0,
    epochsMs: [],
  };
}

/** What is written to the log, and when. */
export interface LoggingPlan {
  /** Steps between two log points. */
  readonly everySteps: number;
  /** Whether each training loader's own values are written. */
  readonly perLoader: boolean;
  /** Whether values over all training loaders are written. */
  readonly global: boolean;
  /** Whether an epoch's record says how often each loader played. */
  readonly proportions: boolean;
}

/** What was measured last in an epoch, for its record, and for the ranking of checkpoints of that very moment. */
export interface LastValidation {
  epoch: number;
  /** -1 where a checkpoint does not say. */
  microStep: number;
  values: Readonly<Record<string, number>>;
}

/** What a micro-step needs. */
export interface StepOptions {
  readonly context: LoopContext;
  readonly clocks: Clocks;
  /** Micro-batches in each optimizer's window. */
  readonly pending: number[];
  readonly data: DataHandler;
  readonly step: TrainingStep;
  /** Hears what a training step gave. */
  readonly noted: (output: StepOutput) => void;
  /** Whether steps are captured; undefined where they run as they are written. */
  readonly capture: CaptureWish | undefined;
  readonly precision: Precision;
  /** The loss scale of each optimizer, where the precision takes one. */
  readonly scalers: readonly GradScaler[] | undefined;
  readonly callbacks: CallbackList;
  /** Modules that are told the epoch and the step. */
  readonly followers: ClockFollowers;
  readonly metrics: MetricsCollector;
  readonly schedulers: readonly PlacedScheduler[];
  /** Optimizer of each loader. */
  readonly routes: readonly number[];
  /** Factor on the loss of each loader. */
  readonly lossWeights: readonly number[];
  /** Micro-batches in an optimizer's window. */
  readonly accumulation: number;
  readonly clipGradNorm: number | undefined;
  readonly clipGradValue: number | undefined;
  readonly detectAnomaly: boolean;
  readonly nonFinite: NonFiniteWatch;
  /** Averages gradients over ranks; undefined in one process. */
  readonly exchange: GradientExchange | undefined;
  /** Undefined where nobody measures. */
  readonly profiler: RunProfiler | undefined;
}

export interface LoopOptions extends StepOptions {
  /** The processes that train together. */
  readonly ranks: Ranks;
  /** Is given the training part of each epoch to play, and gives its values. */
  readonly aroundEpoch: (
    play: () => Promise<Readonly<Record<string, number>>>,
  ) => Promise<Readonly<Record<string, number>>>;
  /** What values are called outside. */
  readonly names: MetricNames;
  /** What the training step updates itself, over each epoch. */
  readonly trainMetrics: TrainMetrics;
  /** Beside the context's `maxEpochs`. */
  readonly limits: Omit<RunLimits, 'maxEpochs'>;
  /** Completed epochs; the loop adds to it. */
  readonly history: EpochRecord[];
  readonly lastValidation: LastValidation;
  readonly durations: LoopDurations;
  readonly logging: LoggingPlan;
  readonly validation: ValidationPlan;
  readonly evaluator: Evaluator | undefined;
  /** Validation batches of each loader before the first step of a new run. */
  readonly sanityBatches: number;
  readonly checkpoints: CheckpointManager | undefined;
  readonly logger: LoggerList;
  readonly stop: StopWatch;
  /** What the set-up of the run has to say, told as the first events. */
  readonly warnings: readonly string[];
  /** The checkpoint that the run goes on from. */
  readonly resumedFrom: string | undefined;
}

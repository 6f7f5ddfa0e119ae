// What the loop is made of, and what it leaves behind: the types around loop.ts.

import type { GradScaler } from '../../optim/grad-scaler.ts';
import type { Logger } from '../../tracking/logger.ts';
import type { CheckpointManager } from '../checkpoint/checkpoint-manager.ts';
import type { MetricsCollector } from '../metrics/metrics-collector.ts';
import type { StopWatch } from '../preemption/stop-watch.ts';
import type { Clocks } from './clocks.ts';
import type { DataHandler } from './data-handler.ts';
import type { Evaluator } from './evaluator.ts';
import type { CallbackList } from './events.ts';
import type { LoopContext } from './loop-context.ts';
import type { Precision } from './precision.ts';
import type { PlacedScheduler } from './scheduler-entry.ts';
import type { StepOutput } from './step.ts';

/** Runs on one batch and gives at least `loss`; synchronous. */
export type TrainingStep = (batch: unknown, batchIndex: number, loaderIndex: number, loaderName: string) => StepOutput;

/** Values of one epoch, as `fit` returns them. */
export type EpochRecord = Readonly<Record<string, number>> & { readonly epoch: number };

/** Where the time of this process went; no part of a run's state. */
export interface LoopDurations {
  trainMs: number;
  dataWaitMs: number;
  validationMs: number;
  checkpointMs: number;
  readonly epochsMs: number[];
}

export interface LoopOptions {
  readonly context: LoopContext;
  readonly clocks: Clocks;
  /** Micro-batches in each optimizer's window. */
  readonly pending: number[];
  /** Completed epochs; the loop adds to it. */
  readonly history: EpochRecord[];
  readonly durations: LoopDurations;
  readonly data: DataHandler;
  readonly step: TrainingStep;
  readonly precision: Precision;
  /** The loss scale of each optimizer, where the precision takes one. */
  readonly scalers: readonly GradScaler[] | undefined;
  readonly callbacks: CallbackList;
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
  readonly logEverySteps: number;
  readonly validateEveryEpochs: number;
  readonly evaluator: Evaluator | undefined;
  readonly checkpoints: CheckpointManager | undefined;
  readonly logger: Logger | undefined;
  readonly stop: StopWatch;
  /** What the set-up of the run has to say, told as the first events. */
  readonly warnings: readonly string[];
}

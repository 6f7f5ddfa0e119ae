// What the loop shows to steps and callbacks: one object for the whole run, whose fields change.

import type { NamedLoader } from '../../data/index.ts';
import type { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { LoggerList } from '../../tracking/loggers/logger-list.ts';
import type { StatefulScheduler } from '../checkpoint/run-state.ts';
import type { RunProfiler } from '../profiling/run-profiler.ts';
import type { Ranks } from '../ranks/ranks.ts';
import type { Clocks } from './clocks.ts';
import type { EpochRecord, LoopDurations } from './loop-options.ts';
import type { StepOutput } from './step.ts';

/** What a trainer is at: validation events come in every phase but 'train' and 'predict'. */
export type Phase = 'sanity' | 'train' | 'validate' | 'test' | 'predict';

export interface LoopContext {
  readonly model: Module;
  /** Modules of the run beside the model, by name: a loss with parameters or a queue. */
  readonly modules: Readonly<Record<string, Module>>;
  readonly optimizers: readonly AnyOptimizer[];
  readonly clocks: Readonly<Clocks>;
  phase: Phase;
  /** The processes that train together, and what they can agree on. One whose `isAlone` is true where there is one process. */
  readonly ranks: Ranks;
  /** Takes what a callback measures: `context.logger.logMetrics({ 'my/value': 1 })`. Without children where nothing is logged. */
  readonly logger: LoggerList;
  /** Measures where the time goes; undefined where `profileTraining` is off, and outside of fits. */
  readonly profiler: RunProfiler | undefined;
  /** Says something that the run survives: it is in the log, and callbacks hear it as `warning`. */
  warn(message: string): void;
  /** Adds values of the batch being trained on to those that its step gave: their means are logged with them, as `train/{name}`, and stand in the epoch's record. A batch without them has no part in their
   *  mean. Takes what a step's output may hold; the device is not waited for. @throws {RangeError} outside of a training batch. */
  measure(values: StepOutput): void;
  /** Values of the epochs completed so far, those before a resume included. */
  readonly history: readonly EpochRecord[];
  /** Where the run ends; `setMaxEpochs` moves it. */
  readonly maxEpochs: number;
  readonly maxSteps: number | undefined;
  /** Lets the run end after another number of epochs, those before a resume included: where one is completed that was the last, it ends there. Nothing of it is in
   *  checkpoints. Modules with `updateStep` are told the number of steps with which the fit began.
   *  @throws {RangeError} unless it is an integer above 0. */
  setMaxEpochs(maxEpochs: number): void;
  /** The schedules of this fit; none outside of one. */
  readonly schedulers: readonly StatefulScheduler[];
  /** Batches in this epoch; `Infinity` where nobody knows. */
  readonly batchesPerEpoch: number;
  /** The training loaders; none outside of a fit. */
  readonly loaders: readonly NamedLoader<unknown>[];
  /** Where the time of the fit went, in this process. */
  readonly durations: Readonly<LoopDurations>;
  /** The user's own part of every checkpoint. */
  readonly extra: Record<string, unknown>;
  /** The names of everything that the run measures, for what monitors one; undefined before the first complete epoch. */
  metricNames: readonly string[] | undefined;
  /** Why the run ends before its limits, where somebody asked for it. */
  readonly stopReason: string | undefined;
  /** Ends the run at the next boundary, orderly: with a last validation and a checkpoint. One of several processes asks for all: the boundary is then the next log point, the next
   *  measurement or the end of the epoch. */
  requestStop(reason: string): void;
  /** Batches of the evaluation or prediction that runs, or ran last, all its loaders together; `Infinity` where nobody knows. */
  evaluationBatches: number;
  /** Its loaders: in one of several processes, this one's part of them. */
  evaluationLoaders: readonly NamedLoader<unknown>[];
  /** The batch being worked on; its tensors end with the step. */
  batch: unknown;
  batchSize: number;
  /** The loader that the batch came from. */
  loaderIndex: number;
  loaderName: string;
  /** The batch's place in its own loader's epoch. */
  batchIndex: number;
  /** The optimizer that this batch is routed to. */
  optimizerIndex: number;
  /** The loss of the step, before weight and accumulation; ends with the step. */
  loss: Tensor | undefined;
  /** What the training, validation or prediction step gave for this batch; ends with the step. */
  output: unknown;
  /** The joint norm of the gradients before clipping, where clipping is on; ends with the step. */
  gradientNorm: Tensor | undefined;
}

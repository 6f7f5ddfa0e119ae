// What model-training-framework lets a user read of its trainer, read from the parts of ours: nothing here is kept twice.

import { stat } from 'node:fs/promises';
import type { MultiDataLoaderState } from '../../data/index.ts';
import type { GradScaler } from '../../optim/grad-scaler.ts';
import { memoryStats } from '../../tensor/memory.ts';
import type { LoggerList } from '../../tracking/loggers/logger-list.ts';
import type { RunProfile } from '../../tracking/profile/run-profile.ts';
import type { CheckpointManager } from '../checkpoint/checkpoint-manager.ts';
import type { GenericTrainer, TrainerParts } from '../generic-trainer.ts';
import type { Clocks } from '../loop/clocks.ts';
import type { DataHandler } from '../loop/data-handler.ts';
import type { Callback, CallbackList } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import type { EpochRecord } from '../loop/loop-options.ts';
import type { StopWatch } from '../preemption/stop-watch.ts';
import { HookManager } from './hook-manager.ts';
import { MetricsManager } from './metrics-manager.ts';

/** Speed and memory of a run. */
export interface PerformanceSummary {
  /** Optimizer updates. */
  readonly totalSteps: number;
  /** Of training, all processes of the run together, in seconds. */
  readonly totalTimeSec: number;
  readonly avgStepTimeSec: number;
  readonly stepsPerSec: number;
  /** The host memory of tensors, in GiB. */
  readonly memoryStats: { readonly currentGb: number; readonly maxGb: number };
}

/** Where a run stands, as a checkpoint of this moment would have it. */
export interface ResumeState extends Readonly<Clocks> {
  /** What the trainer is at; undefined outside of `fit`. */
  readonly phase: LoopContext['phase'] | undefined;
  /** Positions of the training loaders; undefined before the first `fit`. */
  readonly loaders: MultiDataLoaderState | undefined;
}

export interface TrainingState {
  readonly currentEpoch: number;
  readonly globalStep: number;
  readonly resumeState: ResumeState;
  readonly performanceSummary: PerformanceSummary;
}

/** The base of `GenericTrainer`. */
export abstract class TrainerSurface {
  abstract readonly callbacks: CallbackList;
  /** Where the training stands. */
  abstract readonly clocks: Readonly<Clocks>;
  /** Values of the epochs completed so far. */
  abstract readonly history: readonly EpochRecord[];
  abstract readonly scalers: readonly GradScaler[] | undefined;
  /** What the fit that runs, or the last one, is made of; undefined before the first. */
  abstract readonly parts: TrainerParts | undefined;
  #hookManager: HookManager | undefined;
  #output: Readonly<Record<string, unknown>> = {};
  #resumeMs: number | undefined;
  #resumeBytes: number | undefined;

  /** Optimizer updates so far. */
  get globalStep(): number {
    return this.clocks.step;
  }

  /** Epochs completed so far; during one, its index. */
  get currentEpoch(): number {
    return this.clocks.epoch;
  }

  /** Optimizer updates since the last validation that counted. */
  get stepsSinceValidation(): number {
    return this.clocks.step - Math.max(0, this.clocks.validatedAt);
  }

  get checkpointManager(): CheckpointManager | undefined {
    return this.parts?.checkpoints;
  }

  /** The loaders of the fit: `train` under their schedule, `val` by name. */
  get dataloaderManager(): DataHandler | undefined {
    return this.parts?.data;
  }

  get metricsManager(): MetricsManager {
    return new MetricsManager(this.history);
  }

  /** Takes the nineteen hooks. */
  get hookManager(): HookManager {
    const trainer = this as unknown as GenericTrainer; // the one class that extends this
    const output = (): Readonly<Record<string, unknown>> => this.#output;
    this.#hookManager ??= new HookManager(this.callbacks, { trainer, output });
    return this.#hookManager;
  }

  /** All loggers of the fit that runs, or of the last one, as one; undefined before the first. */
  get logger(): LoggerList | undefined {
    return this.parts?.logger;
  }

  /** The loss scale of precision 'fp16-mixed'; of several optimizers the first one's, see `scalers`. */
  get scaler(): GradScaler | undefined {
    return this.scalers?.[0];
  }

  /** Watches stop signals while `fit` runs. */
  get signalHandler(): StopWatch | undefined {
    return this.parts?.stop;
  }

  /** The callback of that name, where the trainer has one. */
  get earlyStopping(): Callback | undefined {
    return this.callbacks.callbacks.find(({ name }) => name === 'EarlyStopping');
  }

  /** The loader of the batch in progress, or of the last one. */
  get currentDataloaderIdx(): number | undefined {
    return this.parts?.context.loaderIndex;
  }

  get currentDataloaderName(): string | undefined {
    return this.parts?.context.loaderName;
  }

  /** How long it took to read and restore the checkpoint that the run went on from, in seconds. */
  get resumeTimeSec(): number | undefined {
    return this.#resumeMs === undefined ? undefined : this.#resumeMs / 1000;
  }

  /** The size of that checkpoint in MiB; undefined where it does not lie on a disk. */
  get resumeCheckpointSizeMb(): number | undefined {
    return this.#resumeBytes === undefined ? undefined : this.#resumeBytes / 2 ** 20;
  }

  get resumeState(): ResumeState {
    const { clocks, parts } = this;
    return { ...clocks, phase: parts?.isRunning ? parts.context.phase : undefined, loaders: parts?.data.train.state() };
  }

  getTrainingState(): TrainingState {
    const { currentEpoch, globalStep, resumeState } = this;
    return { currentEpoch, globalStep, resumeState, performanceSummary: this.getPerformanceSummary() };
  }

  /** Where the time of the fit goes, or that of the last one went; undefined before the first and where `profileTraining` is off. `printProfile` makes a table of it. */
  profile(): RunProfile | undefined {
    return this.parts?.context.profiler?.profile();
  }

  /** The speed of the whole run, and the memory of this moment and at its peak. */
  getPerformanceSummary(): PerformanceSummary {
    const { step, elapsedSeconds } = this.clocks;
    const { inUseBytes, peakBytes } = memoryStats().allocator;
    return {
      totalSteps: step,
      totalTimeSec: elapsedSeconds,
      avgStepTimeSec: step === 0 ? 0 : elapsedSeconds / step,
      stepsPerSec: elapsedSeconds === 0 ? 0 : step / elapsedSeconds,
      memoryStats: { currentGb: inUseBytes / 2 ** 30, maxGb: peakBytes / 2 ** 30 },
    };
  }

  /** The same, under the name that model-training-framework has for what measures it. */
  get performanceMonitor(): { getPerformanceSummary(): PerformanceSummary } {
    return { getPerformanceSummary: () => this.getPerformanceSummary() };
  }

  /** Keeps what a step gave, for hooks that are shown it. */
  protected noted<T>(output: T): T {
    this.#output = typeof output === 'object' && output !== null ? (output as Readonly<Record<string, unknown>>) : {};
    return output;
  }

  /** Keeps what a resume cost. */
  protected async noteResume(path: string, ms: number): Promise<void> {
    this.#resumeMs = ms;
    const isOnDisk = !/^[a-z0-9]+:\/\//.test(path);
    this.#resumeBytes = isOnDisk ? (await stat(path)).size : undefined;
  }
}

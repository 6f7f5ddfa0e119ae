// `GenericTrainer`: the configuration-driven face of the loop. Lists only, every loader named, a step function of the user's.

import { join } from 'node:path';
import type { BatchLoader } from '../data/index.ts';
import { CheckpointError, ConfigError } from '../errors.ts';
import type { Module } from '../nn/module.ts';
import { GradScaler } from '../optim/grad-scaler.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import { manualSeed } from '../tensor/generator.ts';
import { CheckpointManager } from './checkpoint/checkpoint-manager.ts';
import { registerRunState } from './checkpoint/run-state.ts';
import { type RestoreOptions, StateRegistry } from './checkpoint/state.ts';
import { precisionModeOf } from './config/schema.ts';
import type { GenericTrainerConfig, ResolvedConfig } from './config/types.generated.ts';
import type { BatchTarget } from './loop/batch.ts';
import { type Clocks, startClocks } from './loop/clocks.ts';
import { DataHandler } from './loop/data-handler.ts';
import { Evaluator } from './loop/evaluator.ts';
import type { Callback, CallbackList } from './loop/events.ts';
import { TrainingLoop } from './loop/loop.ts';
import type { LoopContext } from './loop/loop-context.ts';
import type { EpochRecord } from './loop/loop-options.ts';
import { convertModel, type Precision, precisionOf } from './loop/precision.ts';
import type { PlacedScheduler, SchedulerEntry } from './loop/scheduler-entry.ts';
import type { StepOutput, TrainingOutput } from './loop/step.ts';
import type { Metric } from './metrics/metric.ts';
import { MetricsCollector } from './metrics/metrics-collector.ts';
import { StopWatch } from './preemption/stop-watch.ts';
import type { TrainingRun } from './run/run.ts';
import { checkFitOptions, checkTrainerOptions } from './trainer-problems.ts';

/** A step on one batch; synchronous. `batchIdx` is the batch's place in its own loader. */
export type UserStep<Output extends StepOutput> = (
  trainer: GenericTrainer,
  batch: never,
  batchIdx: number,
  dataloaderIdx: number,
  dataloaderName: string,
) => Output;

export interface GenericTrainerOptions {
  readonly config?: GenericTrainerConfig;
  readonly model: Module;
  readonly optimizers: readonly AnyOptimizer[];
  readonly schedulers?: readonly SchedulerEntry[];
  readonly callbacks?: readonly Callback[];
  /** Metrics over a whole validation; the validation step updates them, their values are logged as `val/{name}`. */
  readonly valMetrics?: readonly Metric[];
  /** The folder that this run writes to. Without one nothing is logged, and checkpoints go to `config.checkpoint.rootDir`, if that is set. */
  readonly run?: TrainingRun;
}

export interface FitOptions {
  readonly trainLoaders: readonly BatchLoader<unknown>[];
  readonly valLoaders?: readonly BatchLoader<unknown>[];
  /** Epochs to be completed when `fit` ends, the ones before a resume included. Default 1. */
  readonly maxEpochs?: number;
  /** A checkpoint to go on from. A resumed run goes on from its newest one by itself. */
  readonly resumeFromCheckpoint?: string;
  /** Where the checkpoint and this run do not have the same parts: state to leave out, and parts to start anew. The run's log keeps it. */
  readonly resume?: RestoreOptions;
  /** Names of the validation loaders. Default: `val_` and the name of the training loader at that place. */
  readonly valLoaderNames?: readonly string[];
}

/** Trains a model on several loaders under one schedule. Source: model-training-framework. */
export class GenericTrainer {
  readonly config: ResolvedConfig;
  readonly model: Module;
  readonly optimizers: readonly AnyOptimizer[];
  readonly schedulers: readonly PlacedScheduler[];
  readonly callbacks: CallbackList;
  /** What is put under `extra` in every checkpoint: plain values and tensors. A resume brings back what was saved. */
  extra: Record<string, unknown> = {};
  readonly #options: GenericTrainerOptions;
  readonly #warnings: readonly string[];
  readonly #clocks: Clocks = startClocks();
  readonly #pending: number[];
  /** One for each optimizer: their windows need not end together, and a scale must stay for a whole window. */
  readonly #scalers: readonly GradScaler[] | undefined;
  readonly #history: EpochRecord[] = [];
  #trainingStep: UserStep<TrainingOutput> | undefined;
  #validationStep: UserStep<StepOutput> | undefined;

  /** @throws {ConfigError} that lists every problem of the options and of the configuration. */
  constructor(options: GenericTrainerOptions) {
    const { config, callbacks, schedulers, warnings } = checkTrainerOptions(options);
    this.config = config;
    this.model = options.model;
    this.optimizers = options.optimizers;
    this.schedulers = schedulers;
    this.callbacks = callbacks;
    this.#options = options;
    this.#warnings = warnings;
    this.#pending = options.optimizers.map(() => 0);
    const isScaled = precisionModeOf(config.performance) === 'fp16-mixed';
    this.#scalers = isScaled ? options.optimizers.map(() => new GradScaler()) : undefined;
  }

  /** Optimizer updates so far. */
  get globalStep(): number {
    return this.#clocks.step;
  }

  /** Epochs completed so far. */
  get currentEpoch(): number {
    return this.#clocks.epoch;
  }

  setTrainingStep(step: UserStep<TrainingOutput>): this {
    this.#trainingStep = step;
    return this;
  }

  setValidationStep(step: UserStep<StepOutput>): this {
    this.#validationStep = step;
    return this;
  }

  /** Trains until `maxEpochs` epochs are completed, those of earlier calls included.
   *  @returns one record an epoch, those before a resume included.
   *  @throws {ConfigError} for options, loaders and configuration that do not fit, all problems in one.
   *  @throws {InterruptedError} after a stop signal, when everything is saved. */
  async fit(options: FitOptions): Promise<readonly EpochRecord[]> {
    const { config, model, optimizers, callbacks } = this;
    const { run } = this.#options;
    const device = this.model.parameters()[0]?.device ?? 'cpu';
    const precision = precisionOf(precisionModeOf(config.performance), device);
    const { channelsLast } = config.performance;
    const data = this.#makeData(options, { device, dtype: precision.dtype, channelsLast });
    convertModel(model, optimizers, { dtype: precision.dtype, channelsLast });
    const context = this.#makeContext(data, options.maxEpochs ?? 1);
    const stop = new StopWatch();
    const metrics = new MetricsCollector('train');
    const registry = new StateRegistry();
    const checkpoints = this.#makeCheckpoints(registry);
    registerRunState(registry, {
      model,
      optimizers,
      schedulers: this.schedulers,
      scalers: this.#scalers,
      loaders: data.train,
      metrics,
      clocks: this.#clocks,
      pending: this.#pending,
      history: this.#history,
      callbacks: callbacks.callbacks,
    });
    const warnings = [...this.#warnings, ...this.#unusedSettings(options)];
    const resumedFrom = await this.#begin(checkpoints, options, warnings);
    const durations = { trainMs: 0, dataWaitMs: 0, validationMs: 0, checkpointMs: 0, epochsMs: [] };
    const logger = await run?.openLogger(this.#clocks, resumedFrom, durations);
    const step = this.#trainingStep!; // checked with the options
    const loop = new TrainingLoop({
      context,
      clocks: this.#clocks,
      pending: this.#pending,
      history: this.#history,
      durations,
      data,
      step: (batch, ...place) => step(this, batch as never, ...place),
      precision,
      scalers: this.#scalers,
      callbacks,
      metrics,
      schedulers: this.schedulers,
      routes: data.train.names.map((_, i) => config.perLoaderOptimizerId?.[i] ?? 0),
      lossWeights: data.train.names.map((_, i) => config.lossWeightsPerLoader?.[i] ?? 1),
      accumulation: config.performance.gradientAccumulationSteps,
      clipGradNorm: config.performance.clipGradNorm,
      clipGradValue: config.performance.clipGradValue,
      logEverySteps: config.logEveryNSteps,
      validateEveryEpochs: config.validateEveryNEpochs,
      evaluator: this.#makeEvaluator(data, { precision, stop }),
      checkpoints,
      logger,
      stop,
      warnings,
    });
    stop.open();
    try {
      await loop.run();
    } finally {
      stop.close();
      metrics.reset();
    }
    return [...this.#history];
  }

  #makeData(options: FitOptions, target: BatchTarget): DataHandler {
    const { train, val } = checkFitOptions(options, {
      config: this.config,
      hasTrainingStep: this.#trainingStep !== undefined,
      hasValidationStep: this.#validationStep !== undefined,
      keepsCheckpoints: this.#checkpointFolder !== undefined,
    });
    const { epoch, batchInEpoch } = this.#clocks;
    if (batchInEpoch > 0) {
      throw new ConfigError('fit', [
        `trainer: expected one between epochs, got one that was stopped inside epoch ${epoch}; make a new one and resume from the checkpoint`,
      ]);
    }
    return new DataHandler(train, val, target);
  }

  /** Restores what there is to resume from; else seeds, where this is the start.
   *  @returns the checkpoint that the run goes on from. */
  async #begin(
    checkpoints: CheckpointManager | undefined,
    { resumeFromCheckpoint, resume = {} }: FitOptions,
    warnings: string[],
  ): Promise<string | undefined> {
    const { run } = this.#options;
    const isStart = this.#clocks.microStep === 0;
    if (isStart && this.config.seed !== undefined) manualSeed(this.config.seed);
    if (run?.isResumed !== true && resumeFromCheckpoint === undefined) {
      const found = isStart ? ((await checkpoints?.store.list()) ?? []) : [];
      if (found.length === 0) return undefined;
      throw new CheckpointError(
        `Cannot fit: expected no checkpoints in "${checkpoints!.store.folder}" at the start of a run, got ${found.length}; go on from one with resumeFromCheckpoint, or choose another experimentName`,
        { path: checkpoints!.store.folder },
      );
    }
    const { drop = [], fresh = [] } = run?.restore ?? {};
    const resumed = await checkpoints?.resume(resumeFromCheckpoint, {
      drop: [...drop, ...(resume.drop ?? [])],
      fresh: [...fresh, ...(resume.fresh ?? [])],
    });
    if (!resumed) {
      warnings.push('Begun again: the run had not saved a checkpoint yet');
      return undefined;
    }
    this.extra = { ...this.extra, ...resumed.extra };
    warnings.push(...resumed.warnings);
    return resumed.path;
  }

  #makeEvaluator(
    data: DataHandler,
    { precision, stop }: { precision: Precision; stop: StopWatch },
  ): Evaluator | undefined {
    const validate = this.#validationStep;
    if (data.val.length === 0 || !validate) return undefined;
    return new Evaluator({
      data,
      precision,
      callbacks: this.callbacks,
      step: (batch, ...place) => validate(this, batch as never, ...place),
      metrics: this.#options.valMetrics ?? [],
      isStopped: () => stop.isRequested,
    });
  }

  #makeContext(data: DataHandler, maxEpochs: number): LoopContext {
    return {
      model: this.model,
      optimizers: this.optimizers,
      clocks: this.#clocks,
      maxEpochs,
      batchesPerEpoch: data.train.length,
      batch: undefined,
      batchSize: 0,
      loaderIndex: 0,
      loaderName: data.train.names[0]!,
      batchIndex: 0,
      optimizerIndex: 0,
      loss: undefined,
      gradientNorm: undefined,
    };
  }

  get #checkpointFolder(): string | undefined {
    const { rootDir } = this.config.checkpoint;
    const own = rootDir === undefined ? undefined : join(rootDir, this.config.experimentName);
    return this.#options.run?.checkpointFolder ?? own;
  }

  #makeCheckpoints(registry: StateRegistry): CheckpointManager | undefined {
    const { saveEveryNSteps, saveEveryNEpochs, maxCheckpoints, monitorMetric, monitorMode } = this.config.checkpoint;
    const folder = this.#checkpointFolder;
    if (folder === undefined) return undefined;
    return new CheckpointManager(
      {
        folder,
        everySteps: saveEveryNSteps,
        everyEpochs: saveEveryNEpochs,
        keepLast: maxCheckpoints,
        monitor: monitorMetric,
        mode: monitorMode,
      },
      registry,
      () => ({ hyperParameters: withoutUndefined(this.config), extra: this.extra }),
    );
  }

  /** What is configured and changes nothing in this fit. */
  #unusedSettings({ valLoaders = [] }: FitOptions): string[] {
    const { config = {}, valMetrics = [], run } = this.#options;
    const folder = this.#checkpointFolder;
    const unused = {
      [`checkpoint.rootDir changes nothing: the run keeps its checkpoints in "${folder}"`]:
        run !== undefined && config.checkpoint?.rootDir !== undefined,
      'checkpoint changes nothing without checkpoint.rootDir: no checkpoints are written':
        folder === undefined && Object.keys(config.checkpoint ?? {}).length > 0,
      'validateEveryNEpochs changes nothing without valLoaders':
        valLoaders.length === 0 && config.validateEveryNEpochs !== undefined,
      'valMetrics changes nothing without valLoaders': valLoaders.length === 0 && valMetrics.length > 0,
    };
    return Object.keys(unused).filter((message) => unused[message]);
  }
}

/** Plain data as a file takes it. */
function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

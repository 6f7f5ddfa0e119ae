// `GenericTrainer`: the configuration-driven face of the loop. Lists only, every loader named, a step function of the user's.

import { join } from 'node:path';
import { type BatchLoader, MultiDataLoader, type NamedLoader } from '../data/index.ts';
import { ConfigError } from '../errors.ts';
import type { Module } from '../nn/module.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import { manualSeed } from '../tensor/generator.ts';
import { CheckpointManager } from './checkpoint-manager.ts';
import { type Clocks, startClocks } from './clocks.ts';
import { type GenericTrainerConfig, type ResolvedConfig, resolveConfig } from './config.ts';
import { DataHandler } from './data-handler.ts';
import { Evaluator } from './evaluator.ts';
import { type Callback, CallbackList } from './events.ts';
import { type EpochRecord, type ScheduledScheduler, TrainingLoop } from './loop.ts';
import type { LoopContext } from './loop-context.ts';
import type { Metric } from './metrics/metric.ts';
import { MetricsCollector } from './metrics-collector.ts';
import { precisionOf } from './precision.ts';
import { StopWatch } from './preemption.ts';
import type { TrainingRun } from './run.ts';
import { registerRunState, type StatefulScheduler } from './run-state.ts';
import { StateRegistry } from './state.ts';
import type { StepOutput, TrainingOutput } from './step.ts';

/** A step on one batch; synchronous. `batchIdx` is the batch's place in its own loader. */
export type UserStep<Output extends StepOutput> = (
  trainer: GenericTrainer,
  batch: never,
  batchIdx: number,
  dataloaderIdx: number,
  dataloaderName: string,
) => Output;

/** A schedule with the moment at which it moves. */
export interface SchedulerEntry {
  readonly scheduler: StatefulScheduler;
  /** Default 'step'. */
  readonly interval?: 'step' | 'epoch';
  /** Default 0. */
  readonly optimizerIndex?: number;
}

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
  /** Names of the validation loaders. Default: `val_` and the name of the training loader at that place. */
  readonly valLoaderNames?: readonly string[];
}

/** Trains a model on several loaders under one schedule. Source: seed document 002. */
export class GenericTrainer {
  readonly config: ResolvedConfig;
  readonly model: Module;
  readonly optimizers: readonly AnyOptimizer[];
  readonly schedulers: readonly SchedulerEntry[];
  readonly callbacks: CallbackList;
  /** What is put under `extra` in every checkpoint: plain values and tensors. */
  extra: Record<string, unknown> = {};
  readonly #valMetrics: readonly Metric[];
  readonly #run: TrainingRun | undefined;
  readonly #clocks: Clocks = startClocks();
  #trainingStep: UserStep<TrainingOutput> | undefined;
  #validationStep: UserStep<StepOutput> | undefined;

  /** @throws {ConfigError} for a configuration with problems. @throws {TypeError} for an optimizer outside a list. */
  constructor(options: GenericTrainerOptions) {
    if (!Array.isArray(options.optimizers)) {
      throw new TypeError(
        'Cannot make a GenericTrainer: expected optimizers as a list, got one that is not; wrap it: optimizers: [optimizer]',
      );
    }
    this.config = resolveConfig(options.config ?? {});
    this.model = options.model;
    this.optimizers = options.optimizers;
    this.schedulers = options.schedulers ?? [];
    this.callbacks = new CallbackList(options.callbacks ?? []);
    this.#valMetrics = options.valMetrics ?? [];
    this.#run = options.run;
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

  /** Trains until `maxEpochs` epochs are completed.
   *  @returns one record an epoch, those before a resume included.
   *  @throws {ConfigError} for loaders and configuration that do not fit.  @throws {InterruptedError} after a stop signal, when everything is saved. */
  async fit(options: FitOptions): Promise<readonly EpochRecord[]> {
    const { config, model, optimizers, callbacks } = this;
    const step = this.#trainingStep;
    if (!step) throw new TypeError('Cannot fit: expected a training step, got none; call setTrainingStep() first');
    const data = this.#makeData(options);
    const routes = data.train.names.map((_, i) => config.perLoaderOptimizerId?.[i] ?? 0);
    const context = this.#makeContext(data, options.maxEpochs ?? 1);
    const precision = precisionOf(config.performance.useAmp ? 'bf16-mixed' : 'float32', data.device);
    const stop = new StopWatch();
    const metrics = new MetricsCollector('train');
    const validate = this.#validationStep;
    const evaluator =
      data.val.length === 0 || !validate
        ? undefined
        : new Evaluator({
            data,
            precision,
            callbacks,
            step: (batch, ...place) => validate(this, batch as never, ...place),
            metrics: this.#valMetrics,
            isStopped: () => stop.isRequested,
          });
    const registry = new StateRegistry();
    const checkpoints = this.#makeCheckpoints(registry);
    if (config.seed !== undefined) manualSeed(config.seed);
    const schedulers = this.schedulers.map(
      ({
        scheduler,
        interval = 'step',
        optimizerIndex = 0,
      }): ScheduledScheduler & { scheduler: StatefulScheduler } => ({
        scheduler,
        interval,
        optimizerIndex,
      }),
    );
    const pending = optimizers.map(() => 0);
    const history: EpochRecord[] = [];
    registerRunState(registry, {
      model,
      optimizers,
      schedulers,
      loaders: data.train,
      metrics,
      clocks: this.#clocks,
      pending,
      history,
      callbacks,
    });
    const isResuming = this.#run?.isResumed === true || options.resumeFromCheckpoint !== undefined;
    const resumedFrom = isResuming ? await checkpoints?.resume(options.resumeFromCheckpoint) : undefined;
    const durations = { trainMs: 0, dataWaitMs: 0, validationMs: 0, checkpointMs: 0, epochsMs: [] };
    const logger = await this.#run?.openLogger(this.#clocks, resumedFrom, durations);
    const loop = new TrainingLoop({
      context,
      clocks: this.#clocks,
      pending,
      history,
      durations,
      data,
      step: (batch, ...place) => step(this, batch as never, ...place),
      precision,
      callbacks,
      metrics,
      schedulers,
      routes,
      lossWeights: data.train.names.map((_, i) => config.lossWeightsPerLoader?.[i] ?? 1),
      accumulation: config.performance.gradientAccumulationSteps,
      clipGradNorm: config.performance.clipGradNorm,
      clipGradValue: config.performance.clipGradValue,
      logEverySteps: config.logEveryNSteps,
      validateEveryEpochs: config.validateEveryNEpochs,
      evaluator,
      checkpoints,
      logger,
      stop,
    });
    stop.open();
    try {
      await loop.run();
    } finally {
      stop.close();
    }
    return history;
  }

  #makeData(options: FitOptions): DataHandler {
    const { trainLoaders, valLoaders = [], valLoaderNames } = options;
    for (const [name, loaders] of Object.entries({ trainLoaders, valLoaders })) {
      if (!Array.isArray(loaders))
        throw new TypeError(`Cannot fit: expected ${name} as a list, got one that is not; wrap it: ${name}: [loader]`);
    }
    const schedule = this.config.trainLoaderConfig;
    const problems = [
      ...wrongCount('trainLoaderConfig.dataloaderNames', schedule.dataloaderNames, trainLoaders.length),
      ...wrongCount('lossWeightsPerLoader', this.config.lossWeightsPerLoader, trainLoaders.length),
      ...wrongCount('perLoaderOptimizerId', this.config.perLoaderOptimizerId, trainLoaders.length),
      ...wrongCount('valLoaderNames', valLoaderNames, valLoaders.length),
      ...(this.config.perLoaderOptimizerId ?? [])
        .filter((id) => id >= this.optimizers.length)
        .map((id) => `perLoaderOptimizerId: optimizer ${id} is named, but there are only ${this.optimizers.length}`),
    ];
    if (trainLoaders.length === 0) problems.push('trainLoaders: expected at least one loader, got none');
    if (valLoaders.length > 0 && !this.#validationStep)
      problems.push('valLoaders: expected a validation step, got none; call setValidationStep() first');
    if (problems.length > 0) throw new ConfigError('fit', problems);
    const names = trainLoaders.map((_, i) => schedule.dataloaderNames?.[i] ?? `dl${i}`);
    const train = new MultiDataLoader({
      loaders: trainLoaders.map((loader, i) => ({ name: names[i]!, loader })),
      strategy: schedule.samplingStrategy,
      epochLength: schedule.epochLengthPolicy,
      burstSize: schedule.burstSize,
      cycleShortLoaders: schedule.cycleShortLoaders,
      ...(schedule.dataloaderWeights && { weights: schedule.dataloaderWeights }),
      ...(schedule.alternatingPattern && { pattern: schedule.alternatingPattern }),
      ...(schedule.stepsPerEpoch && { stepsPerEpoch: schedule.stepsPerEpoch }),
      maxBatchesPerEpoch: schedule.maxBatchesPerEpoch,
    });
    const val = valLoaders.map((loader, i): NamedLoader<unknown> => {
      const name = valLoaderNames?.[i] ?? (valLoaders.length <= names.length ? `val_${names[i]}` : `val_dl${i}`);
      return { name, loader };
    });
    return new DataHandler(train, val, this.model.parameters()[0]?.device ?? 'cpu');
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

  #makeCheckpoints(registry: StateRegistry): CheckpointManager | undefined {
    const { rootDir, saveEveryNSteps, saveEveryNEpochs, maxCheckpoints, monitorMetric, monitorMode } =
      this.config.checkpoint;
    const folder =
      this.#run?.checkpointFolder ?? (rootDir === undefined ? undefined : join(rootDir, this.config.experimentName));
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
}

function wrongCount(name: string, list: readonly unknown[] | undefined, expected: number): string[] {
  return list === undefined || list.length === expected
    ? []
    : [`${name}: expected one entry a loader, ${expected}, got ${list.length}`];
}

/** Plain data as a file takes it. */
function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

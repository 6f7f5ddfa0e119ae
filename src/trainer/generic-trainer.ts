// `GenericTrainer`: the configuration-driven face of the loop. Lists only, every loader named, a step function of the user's. Long, because it is the one place where all
// parts of a fit are put together.

import { join } from 'node:path';
import { type BatchLoader, FirstBatches, type NamedLoader } from '../data/index.ts';
import { endWithOthers } from '../distributed/group/end-with-others.ts';
import { synchronizeModule } from '../distributed/index.ts';
import { ConfigError, InterruptedError } from '../errors.ts';
import type { Module } from '../nn/module.ts';
import { GradScaler } from '../optim/grad-scaler.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import { refuseCapture } from '../tensor/capture/notes.ts';
import type { Logger } from '../tracking/logger.ts';
import { Checkpointing } from './callbacks/checkpointing.ts';
import { Freezing } from './callbacks/freezing.ts';
import { TraceCallback } from './callbacks/trace.ts';
import { beginRun } from './checkpoint/begin-run.ts';
import type { CheckpointManager } from './checkpoint/checkpoint-manager.ts';
import { checkpointOptionsOf } from './checkpoint/checkpoint-options.ts';
import { registerRunState } from './checkpoint/run-state.ts';
import { StateRegistry } from './checkpoint/state.ts';
import { withWeights } from './checkpoint/with-weights.ts';
import type { ResolvedConfig } from './config/types.generated.ts';
import { checkEvaluationOptions, type MeasureOptions, type PredictOptions } from './evaluation-options.ts';
import {
  type LoadCheckpointOptions,
  type LoadedCheckpoint,
  OwnCheckpoints,
  type SaveCheckpointOptions,
} from './faces/own-checkpoints.ts';
import { configuredLoggers } from './logging/configured-loggers.ts';
import { FitLoggers, runInfoOf } from './logging/fit-loggers.ts';
import { RunFolderStream } from './logging/run-folder-stream.ts';
import { newRunId } from './logging/run-id.ts';
import type { BatchTarget } from './loop/batch.ts';
import type { CapturedPartStatus } from './loop/captured-part.ts';
import type { CaptureWish } from './loop/captured-steps.ts';
import { ClockFollowers, totalStepsOf } from './loop/clock-followers.ts';
import { type Clocks, startClocks } from './loop/clocks.ts';
import { type DataHandler, prepareBatch } from './loop/data-handler.ts';
import type { Evaluator } from './loop/evaluator.ts';
import type { CallbackList } from './loop/events.ts';
import type { TrainingLoop } from './loop/loop.ts';
import type { LoopContext } from './loop/loop-context.ts';
import {
  type EpochRecord,
  type LastValidation,
  type LoggingPlan,
  type LoopDurations,
  startDurations,
} from './loop/loop-options.ts';
import { allModules } from './loop/modules-of-run.ts';
import { NonFiniteWatch } from './loop/non-finite.ts';
import { convertModel, type Precision, precisionOf } from './loop/precision.ts';
import { predict } from './loop/predictor.ts';
import { makeContext } from './loop/run-context.ts';
import type { PlacedScheduler, SchedulerEntry } from './loop/scheduler-entry.ts';
import { type LoopSettings, least, settingsOf } from './loop/settings.ts';
import type { StepOutput } from './loop/step.ts';
import { inPartsOf, isStandard, takesPlace } from './loop/step-facts.ts';
import type { Aggregation } from './metrics/aggregation.ts';
import { MetricNames } from './metrics/metric-names.ts';
import type { MetricsCollector } from './metrics/metrics-collector.ts';
import { TrainMetrics } from './metrics/train-metrics.ts';
import { StopWatch } from './preemption/stop-watch.ts';
import { watched } from './preemption/watched.ts';
import { RunProfiler } from './profiling/run-profiler.ts';
import { GradientExchange } from './ranks/gradient-exchange.ts';
import { requireMergeable } from './ranks/merged-metric.ts';
import type { RankStates } from './ranks/rank-states.ts';
import { RankTimes } from './ranks/rank-times.ts';
import { RankedLoader } from './ranks/ranked-loader.ts';
import { Ranks } from './ranks/ranks.ts';
import { commonPart, requireSameOnAll, scheduleOf } from './ranks/same-on-all.ts';
import { shareLoaders } from './ranks/share-loaders.ts';
import { shareOptimizers } from './ranks/share-optimizers.ts';
import { convertBatchNorms } from './ranks/sync-batch-norms.ts';
import { EvaluationEnd } from './run/run.ts';
import type { FitOptions, GenericTrainerOptions, TrainerParts, UserStep, WarmStartLoader } from './trainer-options.ts';
import { checkFitOptions, checkSchedulers, checkTrainerOptions, isLoader } from './trainer-problems.ts';
import { TrainerSteps } from './trainer-steps.ts';
import { type BatchSizeOptions, type FoundBatchSize, findBatchSize } from './tuning/batch-size.ts';
import { type FoundLearningRate, findLearningRate, type LearningRateOptions } from './tuning/learning-rate.ts';
import { type TunedTrainer, trialConfig } from './tuning/trial.ts';
import { unusedSettings } from './unused-settings.ts';

export type { FitOptions, GenericTrainerOptions, TrainerParts, UserStep, WarmStartLoader };

/** Trains a model on several loaders under one schedule. A subclass replaces a part by overriding the method that makes it. Source: model-training-framework. */
export class GenericTrainer extends TrainerSteps {
  readonly config: ResolvedConfig;
  readonly model: Module;
  /** Beside the model, by name; their state is in checkpoints. */
  readonly modules: Readonly<Record<string, Module>>;
  /** With `ddp.zero`, from the first `fit` or checkpoint on several ranks on, those around the ones that were given. */
  readonly optimizers: readonly AnyOptimizer[];
  /** The same list. */
  readonly #optimizers: AnyOptimizer[];
  #schedulers: readonly PlacedScheduler[];
  readonly callbacks: CallbackList;
  /** What is put under `extra` in every checkpoint: plain values and tensors. A resume brings back what was saved. */
  extra: Record<string, unknown> = {};
  readonly #options: GenericTrainerOptions;
  readonly #settings: LoopSettings;
  readonly #warnings: readonly string[];
  readonly #clocks: Clocks = startClocks();
  readonly #pending: number[];
  /** One for each optimizer: their windows need not end together, and a scale must stay for a whole window. */
  readonly #scalers: readonly GradScaler[] | undefined;
  readonly #history: EpochRecord[] = [];
  readonly #lastValidation: LastValidation = { epoch: -1, microStep: -1, values: {} };
  readonly #loggers: readonly Logger[];
  readonly #names: MetricNames;
  /** By which loggers know the run. */
  #runId = newRunId();
  #parts: TrainerParts | undefined;
  #ranks = Ranks.alone;
  /** Of the last fit. */
  #registry: StateRegistry | undefined;
  readonly #own = new OwnCheckpoints({
    register: (registry) => void this.#register(registry),
    ranks: () => this.#ranks,
    registry: () => this.#registry,
    run: () => this,
    hyperParameters: () => withoutUndefined(this.config),
    runId: () => this.#runId,
  });

  /** @throws {ConfigError} that lists every problem of the options and of the configuration. */
  constructor(options: GenericTrainerOptions) {
    super();
    const { config, callbacks, schedulers, warnings } = checkTrainerOptions(options);
    this.config = config;
    this.model = options.model;
    this.modules = { ...options.modules };
    this.#optimizers = [...options.optimizers];
    this.optimizers = this.#optimizers;
    this.#schedulers = schedulers;
    this.callbacks = callbacks;
    const trace = options.run?.trace;
    if (trace && !callbacks.callbacks.some((each) => each instanceof TraceCallback))
      callbacks.append(new TraceCallback(trace));
    this.#options = options;
    this.#settings = settingsOf(config);
    this.#warnings = warnings;
    this.#names = new MetricNames(options.metricNaming);
    this.#loggers = [...configuredLoggers(config), ...(options.loggers ?? [])];
    this.#pending = options.optimizers.map(() => 0);
    const isScaled = this.#settings.precision === 'fp16-mixed';
    this.#scalers = isScaled ? options.optimizers.map(() => new GradScaler()) : undefined;
  }

  /** Where the training stands. */
  get clocks(): Readonly<Clocks> {
    refuseCapture('it reads where the training stands');
    return this.#clocks;
  }

  /** Values of the epochs completed so far. */
  get history(): readonly EpochRecord[] {
    refuseCapture('it reads values of the epochs before');
    return this.#history;
  }

  /** What the fit that runs, or the last one, is made of; undefined before the first. */
  get parts(): TrainerParts | undefined {
    refuseCapture('it reads parts of the run');
    return this.#parts;
  }

  get schedulers(): readonly PlacedScheduler[] {
    return this.#schedulers;
  }

  /** Takes other schedules from the next `fit` on. @throws {ConfigError} that lists what is wrong with them. */
  setSchedulers(schedulers: readonly SchedulerEntry[]): this {
    this.#schedulers = checkSchedulers(schedulers, this.optimizers);
    return this;
  }

  /** The loss scale of each optimizer, where the precision takes one. */
  get scalers(): readonly GradScaler[] | undefined {
    return this.#scalers;
  }

  /** With `performance.captureSteps`: how the parts of the last fit's steps fared, and why those that ran as they are written did. */
  get capturedParts(): readonly CapturedPartStatus[] {
    return this.#parts?.loop.capturedParts ?? [];
  }

  /** Trains until `maxEpochs` epochs are completed, those of earlier calls included, or another limit is reached.
   *  @returns one record an epoch, those before a resume included; the last one may be of an epoch that a limit left unfinished.
   *  @throws {ConfigError} for options, loaders and configuration that do not fit, all problems in one.
   *  @throws {InterruptedError} after a stop signal, when everything is saved.
   *  @throws {DistributedError} where another rank fails, with its error as the cause; the process group has ended then on all of them. */
  async fit(options: FitOptions): Promise<readonly EpochRecord[]> {
    return this.#together(() => this.#fit(options));
  }

  async #fit(options: FitOptions): Promise<readonly EpochRecord[]> {
    const { model, modules, optimizers, schedulers, callbacks } = this;
    const { run } = this.#options;
    const ranks = await this.#join();
    const { trainLoaders, valLoaders, maxEpochs: numEpochs } = options;
    const numLoaders = [trainLoaders, valLoaders].map((each) => (Array.isArray(each) ? each.length : 0));
    requireSameOnAll(ranks, 'train on several ranks', {
      ...{ config: commonPart(this.config), numOptimizers: optimizers.length, numLoaders, maxEpochs: numEpochs },
      clocks: { ...this.#clocks, elapsedSeconds: 0 },
    });
    const data = this.#makeData(options, ranks);
    if (!ranks.isAlone && this.config.ddp.syncBatchNorm) convertBatchNorms(this);
    if (run?.evaluate) throw new EvaluationEnd(await this.#validateOnly(data, run.evaluate.checkpoint));
    const { channelsLast } = this.config.performance;
    for (const module of allModules(this))
      convertModel(module, optimizers, { dtype: this.#precision().dtype, channelsLast });
    const registry = new StateRegistry();
    const checkpoints = this.#makeCheckpoints(registry);
    const warn = (message: string): void => loop.warn(message);
    const { slowRankFactor: factor } = this.config.ddp;
    const times = ranks.isAlone ? undefined : new RankTimes(ranks, { factor, warn });
    const metrics = this.makeMetricsCollector('train', { ...this.#aggregation(), over: { ranks, warn, times } });
    const trainMetrics = new TrainMetrics(this.#options.trainMetrics ?? [], ranks);
    trainMetrics.reset(); // whatever they were used for before
    const rankStates = this.#register(registry, data.train, metrics, trainMetrics);
    const unused = unusedSettings(options, this.#options, checkpoints?.store.folder);
    const spelled = run ? unused.map((message) => run.spell(message)) : unused;
    const warnings = [...(run?.saidWarnings ? [] : this.#warnings), ...spelled];
    const began = performance.now();
    const resumedFrom = await this.#begin({ checkpoints, registry, options, warnings });
    if (rankStates.warning !== undefined) warnings.push(rankStates.warning);
    if (resumedFrom !== undefined) await this.noteResume(resumedFrom, performance.now() - began);
    const durations = startDurations();
    const loggers = await this.#makeLoggers(resumedFrom, { durations, warnings, ranks });
    const logger = loggers.list;
    const stop = this.#stopWatch();
    if (run) run.requeuesJob = this.config.preemption.requeueJob;
    const { limits, validation, sanityBatches } = this.#settings;
    const profiler = this.#makeProfiler(data, durations);
    if (run && profiler) run.profile = () => profiler.profile();
    const maxEpochs = this.#settings.fastDevBatches === undefined ? (options.maxEpochs ?? 1) : 1;
    const evaluator = this.#makeEvaluator(data, { stop, ranks, warn }, this.steps.validation);
    const exchange = times && new GradientExchange(this, { ddp: this.config.ddp, ranks, times });
    const context = makeContext({
      ...{ model, modules, optimizers, clocks: this.#clocks, maxEpochs, maxSteps: limits.maxSteps },
      extra: () => this.extra,
      batchesPerEpoch: () => data.train.lengthOf(this.#clocks.epoch),
      loaders: data.train.loaders,
      schedulers: schedulers.map(({ scheduler }) => scheduler),
      durations,
      loaderName: data.train.names[0]!,
      ...{ logger, profiler, ranks },
      history: this.#history,
      warn,
      collect: (...values) => metrics.add(...values),
    });
    const loop: TrainingLoop = this.makeTrainingLoop({
      ...this.#state,
      ...this.#stepOptions(data),
      ...{
        schedulers,
        callbacks,
        data,
        metrics,
        trainMetrics,
        evaluator,
        checkpoints,
        logger,
        durations,
        stop,
        warnings,
        resumedFrom,
        profiler,
        ranks,
        exchange,
      },
      context,
      limits,
      logging: this.#logging(),
      validation,
      sanityBatches,
      names: this.#names,
      aroundEpoch: (play) => {
        const { validateScheduleConsistency, shardLoaders } = this.config.ddp;
        if (validateScheduleConsistency) requireSameOnAll(ranks, 'play an epoch', scheduleOf(data.train, shardLoaders));
        return this.playEpoch(play);
      },
      followers: this.#followers(context, data.train),
    });
    const parts = { data, metrics, evaluator, checkpoints, loop, context, logger, stop, isRunning: true };
    this.#parts = parts;
    this.#registry = registry;
    const release = callbacks.hold();
    try {
      const play = () =>
        loggers.around(
          () => loop.run(),
          (message) => loop.warn(message),
        );
      const unfinished = await watched(stop, this.#requeues, play);
      return unfinished ? [...this.#history, unfinished] : [...this.#history];
    } finally {
      release();
      exchange?.end();
      parts.isRunning = false;
      metrics.reset();
      trainMetrics.reset();
    }
  }

  /** Writes a checkpoint of this moment to a path of one's own, and makes its folder where there is none. A run's folder is written by the run.
   *  Of several processes all call it, and the first writes. @param extra - more beside the trainer's own `extra`, plain values and tensors; loading gives it back.
   *  @param options.layout - makes what is written: other keys, and the checkpoint itself under `sconce`.
   *  @throws {ConfigError} inside a step, where parts are between two states, and for a trainer that was stopped inside an epoch. */
  async saveCheckpoint(
    path: string,
    extra: Readonly<Record<string, unknown>> = {},
    options: SaveCheckpointOptions = {},
  ): Promise<void> {
    const { clocks, parts } = this;
    if (parts?.isRunning && parts.context.batch !== undefined)
      throw new ConfigError('save a checkpoint', [
        'moment: expected one between two batches, as that of epochEnd, got one inside a step',
      ]);
    if (!parts?.isRunning && clocks.batchInEpoch > 0 && !this.#own.isWaiting)
      throw new ConfigError('save a checkpoint', [
        `trainer: expected one between epochs, got one that was stopped inside epoch ${clocks.epoch}`,
      ]);
    if (!parts?.isRunning) await this.#join();
    await this.#own.save(path, { ...this.extra, ...extra }, options);
  }

  /** Loads a checkpoint: weights, optimizers, loss scales, clocks and history at once, the rest when the next `fit` begins, which goes on exactly there. What was loaded
   *  does not change when the file does.
   *  @throws {CheckpointError} for a file that does not verify, or whose state is not this trainer's. @throws {ConfigError} while `fit` runs. */
  async loadCheckpoint(path: string, options: LoadCheckpointOptions = {}): Promise<LoadedCheckpoint> {
    if (this.#parts?.isRunning)
      throw new ConfigError('load a checkpoint', ['moment: expected one before fit(), got one while fit() runs']);
    const loaded = await this.#own.load(path, options);
    this.extra = { ...this.extra, ...loaded.extra };
    this.#runId = loaded.runId ?? this.#runId;
    return loaded;
  }

  /** What a run goes on from, beside its model, optimizers, schedules and callbacks. */
  get #state() {
    return {
      clocks: this.#clocks,
      pending: this.#pending,
      history: this.#history,
      lastValidation: this.#lastValidation,
      scalers: this.#scalers,
    };
  }

  #register(
    registry: StateRegistry,
    loaders?: DataHandler['train'],
    metrics?: MetricsCollector,
    trainMetrics?: TrainMetrics,
  ): RankStates {
    const { model, modules, optimizers, schedulers, callbacks } = this;
    return registerRunState(registry, {
      ...{ model, modules, optimizers, schedulers, loaders, metrics, trainMetrics, ...this.#state },
      ranks: this.#ranks,
      callbacks: callbacks.callbacks,
    });
  }

  /** Evaluates the model as a validation does, with the validation step.
   *  @returns `val/loss`, `val/dl_{name}/loss`, and what else the step and `valMetrics` give.
   *  @throws {ConfigError} for options that do not fit. @throws {InterruptedError} after a stop signal. */
  async validate(options: MeasureOptions): Promise<Readonly<Record<string, number>>> {
    return this.#together(() => this.#evaluate('validate', options, this.steps.validation));
  }

  /** The same with the test step. @returns `test/loss` and so on. */
  async test(options: MeasureOptions): Promise<Readonly<Record<string, number>>> {
    return this.#together(() => this.#evaluate('test', options, this.steps.test ?? this.steps.validation));
  }

  /** Runs the prediction step on every batch of the loaders, one loader after the other. Several processes each take their part of every batch.
   *  @returns what it gave in this process, batch by batch; its tensors are the caller's. An empty list where `onBatch` takes it.
   *  @throws {ConfigError} for options that do not fit. @throws {InterruptedError} after a stop signal. */
  async predict(options: PredictOptions): Promise<unknown[]> {
    return this.#together(() => this.#predict(options));
  }

  async #predict(options: PredictOptions): Promise<unknown[]> {
    const step = this.steps.predict;
    const { loaders, ranks } = await this.#sharedBetween(
      checkEvaluationOptions(options, 'predict', step !== undefined),
    );
    const stop = this.#stopWatch();
    const outputs = await this.#withWeights(options.checkpoint, stop, () =>
      predict(this.#bareContext(ranks), loaders, {
        ...this.#outsideOfFit(loaders),
        callbacks: this.callbacks,
        step: (batch, ...place) => step!(this, batch as never, ...place), // checked with the options
        limitBatches: least(options.limitBatches, this.#settings.fastDevBatches),
        onBatch: options.onBatch,
        isStopped: () => stop.isRequested,
      }),
    );
    return outputs;
  }

  /** Trains for a while with a rising learning rate, and puts everything back: model, optimizers, loaders, random numbers.
   *  @returns the rate at which the loss fell fastest, and the sweep. @throws {ConfigError} for options that do not fit. */
  async findLearningRate(options: LearningRateOptions): Promise<FoundLearningRate> {
    return this.#together(() => findLearningRate(this.#tuned(), options));
  }

  /** Trains for a few steps at growing batch sizes, and puts everything back. Of several processes, a size that does not fit into one fits into none; it counts for each.
   *  @returns the greatest that fits into memory, and the trials. @throws {ConfigError} for options that do not fit.
   *  @throws {OutOfMemoryError} where the first size does not fit. */
  async findBatchSize(options: BatchSizeOptions): Promise<FoundBatchSize> {
    return this.#together(() => findBatchSize(this.#tuned(), options));
  }

  #tuned(): TunedTrainer {
    const { model, modules, optimizers } = this;
    return {
      model,
      modules,
      optimizers,
      join: () => this.#join(),
      trial: async ({ trainLoaders, maxSteps, callback }) => {
        const freezing = this.callbacks.callbacks.filter((each) => each instanceof Freezing);
        const config = { ...trialConfig(this.#options.config), maxSteps };
        const trial = new GenericTrainer({ model, modules, optimizers, config, callbacks: [...freezing, callback] });
        const step = this.steps.training;
        if (step) trial.setTrainingStep((_trial, batch, ...place) => step(this, batch, ...place));
        await trial.fit({ trainLoaders, maxEpochs: maxSteps }); // every epoch has an update
      },
    };
  }

  /** The processes that train or evaluate together, of which the first alone prints and writes. */
  async #join(): Promise<Ranks> {
    this.#ranks = await Ranks.join(this.config.ddp);
    this.callbacks.isPrimary = this.#ranks.isPrimary;
    if (this.config.ddp.zero && !this.#ranks.isAlone)
      for (const [i, optimizer] of shareOptimizers(this.#optimizers).entries()) this.#optimizers[i] = optimizer;
    return this.#ranks;
  }

  /** What all ranks do: where it fails on one, the others end too, and say why. */
  async #together<T>(body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      const isOfAll = error instanceof InterruptedError || error instanceof EvaluationEnd;
      throw isOfAll || this.#ranks.isAlone ? error : await endWithOthers(error);
    }
  }

  /** What `sconce evaluate` has a program do in place of training. */
  #validateOnly(data: DataHandler, checkpoint: string): Promise<Readonly<Record<string, number>>> {
    const loaders = data.val.map(({ loader }) => loader);
    return this.validate({ loaders, loaderNames: data.val.map(({ name }) => name), checkpoint });
  }

  async #evaluate(
    phase: 'validate' | 'test',
    options: MeasureOptions,
    step: UserStep<StepOutput> | undefined,
  ): Promise<Readonly<Record<string, number>>> {
    const { loaders, ranks } = await this.#sharedBetween(checkEvaluationOptions(options, phase, step !== undefined));
    const stop = this.#stopWatch();
    const evaluator = this.#makeEvaluator(this.#outsideOfFit(loaders).data, { stop, ranks }, step)!; // there are loaders and a step
    const { limitBatches } = options;
    const result = await this.#withWeights(options.checkpoint, stop, () =>
      evaluator.evaluate(this.#bareContext(ranks), { phase, ...(limitBatches === undefined ? {} : { limitBatches }) }),
    );
    for (const [name, matrix] of Object.entries(evaluator.shown(result.matrices))) options.onMatrix?.(name, matrix);
    return evaluator.shown(result.values);
  }

  /** Runs an evaluation, with the weights of a checkpoint where one is named.
   *  @throws {InterruptedError} where it was stopped. */
  async #withWeights<T>(
    checkpoint: string | undefined,
    stop: StopWatch,
    body: () => Promise<T | undefined>,
  ): Promise<T> {
    const result = await watched(stop, this.#requeues, () =>
      checkpoint === undefined ? body() : withWeights(this, checkpoint, this.#checkpointFolder, body),
    );
    return result!; // undefined is what was stopped
  }

  #outsideOfFit(loaders: readonly NamedLoader<unknown>[]): {
    data: Pick<DataHandler, 'val' | 'prepare'>;
    precision: Precision;
  } {
    const target = this.#target();
    return { data: { val: loaders, prepare: (batch) => prepareBatch(batch, target) }, precision: this.#precision() };
  }

  #stopWatch(): StopWatch {
    return new StopWatch(this.config.preemption.signals);
  }

  /** The command does it itself, when the run's folder is written. */
  get #requeues(): boolean {
    return this.config.preemption.requeueJob && this.#options.run === undefined;
  }

  #bareContext(ranks: Ranks) {
    const { model, modules, optimizers } = this;
    return makeContext({ model, modules, optimizers, clocks: this.#clocks, extra: () => this.extra, ranks });
  }

  #device() {
    return this.model.parameters()[0]?.device ?? 'cpu';
  }

  #precision(): Precision {
    return precisionOf(this.#settings.precision, this.#device());
  }

  #target(): BatchTarget {
    const { channelsLast } = this.config.performance;
    return { device: this.#device(), dtype: this.#precision().dtype, channelsLast };
  }

  #logging(): LoggingPlan {
    const { logPerLoaderMetrics, logGlobalMetrics, logLoaderProportions } = this.config.logging;
    return {
      everySteps: this.config.logEveryNSteps,
      perLoader: logPerLoaderMetrics,
      global: logGlobalMetrics,
      proportions: logLoaderProportions && this.config.trainLoaderConfig.samplingStrategy === 'weighted',
    };
  }

  #stepOptions(data: DataHandler) {
    const { config } = this;
    const step = this.steps.training!; // checked with the options
    const { names } = data.train;
    const { gradientAccumulationSteps: accumulation, clipGradNorm, clipGradValue } = config.performance;
    return {
      step: (batch: unknown, ...place: [number, number, string]) => step(this, batch as never, ...place),
      noted: (output: StepOutput) => void this.noted(output),
      capture: this.#captureWish(step),
      precision: this.#precision(),
      routes: names.map((_, i) => config.perLoaderOptimizerId?.[i] ?? 0),
      lossWeights: names.map((_, i) => config.lossWeightsPerLoader?.[i] ?? 1),
      ...{ accumulation, clipGradNorm, clipGradValue },
      detectAnomaly: this.#settings.detectAnomaly,
      nonFinite: new NonFiniteWatch(this.#settings.nonFinite),
    };
  }

  #captureWish(step: UserStep<unknown>): CaptureWish | undefined {
    const replays = this.#options.run?.captureReplays;
    const mode = replays === undefined ? this.config.performance.captureSteps : true;
    if (mode === false) return undefined;
    const hasTrainMetrics = (this.#options.trainMetrics ?? []).length > 0;
    const facts = { isStandard: isStandard(step), takesPlace: takesPlace(step), inParts: inPartsOf(step) };
    return { mode, replays, hasTrainMetrics, ...facts };
  }

  #followers(context: LoopContext, train: DataHandler['train']): ClockFollowers {
    const { gradientAccumulationSteps } = this.config.performance;
    const maxEpochs = this.epochsInTotal(context.maxEpochs);
    const total = totalStepsOf(
      {
        maxEpochs,
        maxSteps: context.maxSteps,
        batchesPerEpoch: train.length,
        begun: { ...this.#clocks, batches: context.batchesPerEpoch },
      },
      gradientAccumulationSteps,
    );
    return new ClockFollowers(this, this.#clocks, total);
  }

  #makeProfiler({ train, target }: DataHandler, durations: LoopDurations): RunProfiler | undefined {
    if (!this.#settings.isProfiled) return undefined;
    return new RunProfiler({
      ...{ loaders: train.loaders, clocks: this.#clocks, durations, device: target.device },
      savesInBackground: this.config.checkpoint.asynchronous,
    });
  }

  /** This rank's part of loaders that all ranks were given alike. */
  #shared(loaders: readonly BatchLoader<unknown>[], ranks: Ranks, path: string): readonly BatchLoader<unknown>[] {
    return shareLoaders(loaders, { ranks, path, isShared: this.config.ddp.shardLoaders });
  }

  async #sharedBetween(
    given: readonly NamedLoader<unknown>[],
  ): Promise<{ readonly loaders: readonly NamedLoader<unknown>[]; readonly ranks: Ranks }> {
    const ranks = await this.#join();
    const all = given.map(({ loader }) => loader);
    requireSameOnAll(ranks, 'evaluate on several ranks', { loaders: given.map(({ name }) => name) });
    if (!ranks.isAlone) for (const module of allModules(this)) synchronizeModule(module);
    const shared = this.#shared(all, ranks, 'loaders');
    return { loaders: given.map(({ name }, i) => ({ name, loader: shared[i]! })), ranks };
  }

  #makeData(options: FitOptions, ranks: Ranks): DataHandler {
    const { overfitBatches } = this.#settings;
    const { trainLoaders, valLoaders } = options;
    const isList = Array.isArray(trainLoaders) && trainLoaders.every(isLoader);
    const parts = isList ? this.#shared(trainLoaders, ranks, 'trainLoaders') : trainLoaders;
    const cut =
      !isList || overfitBatches === undefined ? parts : parts.map((each) => new FirstBatches(each, overfitBatches));
    const stops = this.config.ddp.unevenInputs === 'stop';
    const played = !isList || ranks.isAlone ? cut : cut.map((each) => new RankedLoader(each, ranks, { stops }));
    const evaluated =
      Array.isArray(valLoaders) && valLoaders.every(isLoader)
        ? this.#shared(valLoaders, ranks, 'valLoaders')
        : valLoaders;
    const { train, val } = checkFitOptions(
      { ...options, trainLoaders: played, ...(evaluated && { valLoaders: evaluated }) },
      {
        config: this.config,
        hasTrainingStep: this.steps.training !== undefined,
        hasValidationStep: this.steps.validation !== undefined,
        keepsCheckpoints: this.#checkpointFolder !== undefined,
        limitTrainBatches: this.#settings.fastDevBatches,
      },
    );
    const { epoch, batchInEpoch } = this.#clocks;
    if (batchInEpoch > 0 && !this.#own.isWaiting) {
      throw new ConfigError('fit', [
        `trainer: expected one between epochs, got one that was stopped inside epoch ${epoch}; make a new one and resume from the checkpoint`,
      ]);
    }
    return this.makeDataHandler(train, val, this.#target());
  }

  /** Restores what there is to resume from; else seeds, where this is the start.
   *  @returns the checkpoint that the run goes on from. */
  async #begin({
    checkpoints,
    registry,
    options: { resumeFromCheckpoint, resume = {} },
    warnings,
  }: {
    checkpoints: CheckpointManager | undefined;
    registry: StateRegistry;
    options: FitOptions;
    warnings: string[];
  }): Promise<string | undefined> {
    const { run } = this.#options;
    const { drop = [], fresh = [] } = run?.restore ?? {};
    const restore = { drop: [...drop, ...(resume.drop ?? [])], fresh: [...fresh, ...(resume.fresh ?? [])] };
    if (this.#own.isWaiting) {
      if (resumeFromCheckpoint === undefined) return this.#own.begin(registry, restore);
      throw new ConfigError('fit', [
        `resumeFromCheckpoint: expected none after loadCheckpoint(), got "${resumeFromCheckpoint}"`,
      ]);
    }
    const { model, config, warmStartLoader } = this;
    const resumed = await beginRun({
      ...{ model, config, checkpoints, run, restore, warnings, ranks: this.#ranks },
      isStart: this.#clocks.microStep === 0,
      wanted: resumeFromCheckpoint,
      warmStart: this.#options.config?.warmStart,
      loader: warmStartLoader && ((path) => warmStartLoader(this, path)),
    });
    if (resumed) this.extra = { ...this.extra, ...resumed.extra };
    this.#runId = resumed?.runId ?? this.#runId;
    return resumed?.path;
  }

  /** Opens the run's log, and makes the loggers. Ranks but the first log nothing. */
  async #makeLoggers(
    checkpoint: string | undefined,
    { durations, warnings, ranks }: { durations: LoopDurations; warnings: string[]; ranks: Ranks },
  ): Promise<FitLoggers> {
    const { run } = this.#options;
    const { isPrimary } = ranks;
    const loggers = isPrimary ? this.#loggers : [];
    const record = isPrimary ? await run?.openLogger(this.#clocks, checkpoint, durations) : undefined;
    this.#runId = ranks.broadcast(record?.id ?? this.#runId);
    for (const logger of loggers) if (logger instanceof RunFolderStream) run?.follow(logger);
    const config = withoutUndefined(this.config);
    const about = runInfoOf({ id: this.#runId, run, config, clocks: this.#clocks, name: this.config.experimentName });
    return new FitLoggers({ loggers, record, clocks: this.#clocks, warnings, run: about });
  }

  #aggregation(): { aggregation: Aggregation } {
    const { aggregation } = this.config.validation;
    return { aggregation: aggregation === 'custom' ? this.#options.aggregate! : aggregation }; // checked with the options
  }

  #makeEvaluator(
    data: Pick<DataHandler, 'val' | 'prepare'>,
    { stop, ranks, warn }: { stop: StopWatch; ranks: Ranks; warn?: (message: string) => void },
    step: UserStep<StepOutput> | undefined,
  ): Evaluator | undefined {
    if (data.val.length === 0 || !step) return undefined;
    requireMergeable(this.#options.valMetrics ?? [], ranks, 'valMetrics');
    const { fastDevBatches, limitValidationBatches, isProfiled } = this.#settings;
    const { perLoaderMetrics, globalMetrics } = this.config.validation;
    return this.makeEvaluator({
      data,
      precision: this.#precision(),
      callbacks: this.callbacks,
      step: (batch, ...place) => this.noted(step(this, batch as never, ...place)),
      metrics: this.#options.valMetrics ?? [],
      names: this.#names,
      ...this.#aggregation(),
      ...{ perLoaderMetrics, globalMetrics, isProfiled },
      limitBatches: least(fastDevBatches, limitValidationBatches),
      isStopped: () => stop.isRequested,
      ranks,
      ...(warn && { warn }),
    });
  }

  get #checkpointFolder(): string | undefined {
    if (this.#settings.fastDevBatches !== undefined) return undefined;
    const { rootDir } = this.config.checkpoint;
    const configured = rootDir === undefined ? undefined : folderIn(rootDir, this.config.experimentName);
    const own = this.ownCheckpointFolder ?? configured;
    return this.#options.run?.checkpointFolder ?? this.#checkpointing?.folder ?? own;
  }

  get #checkpointing(): Checkpointing | undefined {
    return this.callbacks.callbacks.find((each) => each instanceof Checkpointing);
  }

  #makeCheckpoints(registry: StateRegistry): CheckpointManager | undefined {
    const folder = this.#checkpointFolder;
    if (folder === undefined) {
      if (this.#checkpointing === undefined || this.#settings.fastDevBatches !== undefined) return undefined;
      throw new ConfigError('fit', [
        'callbacks.Checkpointing: expected a folder for the checkpoints, got none; give it a filepath, or set checkpoint.rootDir',
      ]);
    }
    const own = this.#checkpointing?.managerOptions;
    const options = { ...checkpointOptionsOf(this.config, folder), ...own, ranks: this.#ranks };
    return this.makeCheckpointManager(options, registry, () => ({
      hyperParameters: withoutUndefined(this.config),
      extra: this.extra,
      runId: this.#runId,
    }));
  }
}

/** A folder inside another, on a disk or in a bucket. */
function folderIn(rootDir: string, name: string): string {
  return rootDir.includes('://') ? `${rootDir.replace(/\/+$/, '')}/${name}` : join(rootDir, name);
}

/** Plain data as a file takes it. */
function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

// `MultimodalTrainer`: trains a model of two modalities. Its parts can be used and replaced alone, its methods overridden; what plays batches, saves and resumes is the one loop.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { Device } from '../../tensor/device.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import { runPaths } from '../../tracking/run-format.ts';
import type { StatefulScheduler } from '../../trainer/checkpoint/run-state.ts';
import { DataHandler, type NamedBatch } from '../batches/data-handler.ts';
import { Evaluator } from '../evaluation/evaluator.ts';
import { playAlone } from '../evaluation/evaluator-session.ts';
import { type LossOutput, takesRawFeatures } from '../losses/multimodal-loss.ts';
import { ATTACH } from '../stores/checkpoint-host.ts';
import { CheckpointManager, type LoadedState } from '../stores/checkpoint-manager.ts';
import { MetricsCollector } from '../stores/metrics-collector.ts';
import type { PlayBatches } from './hosted-trainer.ts';
import {
  checkTrainerOptions,
  checkTrainOptions,
  type MultimodalTrainerOptions,
  type TrainOptions,
} from './multimodal-trainer-options.ts';
import { balanceOf, deviceOf, lossOf, optimizerOf, scheduleOf } from './multimodal-trainer-parts.ts';
import { TrainerEngine } from './trainer-engine.ts';
import { TrainingLoop } from './training-loop.ts';
import type { LossModule, MultimodalModel } from './training-loop-options.ts';

/** Values by name, one an epoch: `train_loss`, `val_loss`, `val_global_i2t_recall@1`, … */
export type History = Record<string, number[]>;

/** Trains a model of two modalities with a contrastive loss, or another of `sconce/multimodal`.
 *
 *  An epoch: `trainEpoch`, then `evaluate` on the validation loader, a line for each, `best_model.pt` where the validation loss is the least so far, `shouldStop`, and `checkpoint_epoch_{n}.pt`; from the second
 *  epoch on a diagnosis and pictures in `logDir`. Values of the history are `train_loss`, `val_loss` and so on, those of the run's log `train/loss`.
 *
 *  | replaced or overridden | what goes through it |
 *  |---|---|
 *  | `trainingLoop` (`trainEpoch`, `trainStep`), the trainer's `trainEpoch`, `trainStep` | every epoch and step of `train` |
 *  | `evaluator` (`evaluate`, `computeMetrics`), the trainer's `evaluate`, `computeMetrics` | every evaluation |
 *  | `dataHandler` | every batch, to the model and to the loss |
 *  | `metrics` | everything that the history has |
 *  | `checkpointMgr` (`saveCheckpoint`, …), the trainer's `saveCheckpoint` | every file, those of epochs included |
 *  | `shouldStop` | asked behind each epoch |
 *
 *  Resume is exact: every file holds the whole run (weights, optimizer, schedule, loss with its queue, random numbers, loaders, half-full windows, history), whichever method wrote it.
 *  Source: multimodal_insight_engine, trainers/multimodal/trainer.py and its migration guide.
 *  @throws {ConfigError} that lists every problem of the options.
 *  @example
 *  import { DataLoader, TensorDataset } from 'sconce/data';
 *  import { CLIPLoss, MultimodalTrainer } from 'sconce/multimodal';
 *  class TwoTowers extends nn.Module {
 *    readonly vision = new nn.Linear(4, 8);
 *    readonly text = new nn.Linear(3, 8);
 *
 *    forward({ images, textData }: { images: Tensor; textData: Tensor }) {
 *      return { visionFeatures: this.vision.forward(images), textFeatures: this.text.forward(textData) };
 *    }
 *  }
 *  const dataset = new TensorDataset({ images: randn([16, 4]), text: randn([16, 3]) });
 *  const trainer = new MultimodalTrainer({
 *    model: new TwoTowers(),
 *    lossFn: new CLIPLoss(),
 *    trainDataloader: new DataLoader({ dataset, batchSize: 8, shuffle: true }),
 *    valDataloader: new DataLoader({ dataset, batchSize: 8 }),
 *    checkpointDir: '/tmp/sconce-example/checkpoints',
 *    logDir: '/tmp/sconce-example/logs',
 *  });
 *  trainer.currentEpoch; // 0 */
export class MultimodalTrainer {
  readonly model: MultimodalModel;
  readonly lossFn: LossModule;
  readonly optimizer: AnyOptimizer;
  readonly scheduler: StatefulScheduler | undefined;
  readonly device: Device;
  trainDataloader: BatchLoader<unknown>;
  valDataloader: BatchLoader<unknown> | undefined;
  testDataloader: BatchLoader<unknown> | undefined;
  readonly numEpochs: number;
  /** Where checkpoints go. */
  readonly checkpointDir: string;
  /** Where pictures go. */
  readonly logDir: string;
  readonly #stream: ProgressStream;
  readonly #engine: TrainerEngine;
  #checkpointMgr!: CheckpointManager; // set by its setter, as the next three
  #metrics!: MetricsCollector;
  #evaluator!: Evaluator;
  #dataHandler!: DataHandler;

  constructor(options: MultimodalTrainerOptions) {
    checkTrainerOptions(options);
    const { model, run, stream = process.stdout } = options;
    this.#stream = stream;
    this.model = model;
    this.lossFn = lossOf(options);
    this.device = deviceOf(options, this.lossFn);
    this.optimizer = optimizerOf(options, this.lossFn);
    const scheduler = scheduleOf(options, this.optimizer);
    this.scheduler = scheduler && ('scheduler' in scheduler ? scheduler.scheduler : scheduler);
    this.trainDataloader = options.trainDataloader;
    this.valDataloader = options.valDataloader;
    this.testDataloader = options.testDataloader;
    this.numEpochs = options.numEpochs ?? 20;
    this.checkpointDir = run?.checkpointFolder ?? options.checkpointDir ?? 'checkpoints';
    this.logDir = options.logDir ?? (run ? runPaths(run.folder).plots : 'logs');
    const { device, optimizer, lossFn } = this;
    this.metrics = new MetricsCollector({ stream });
    const normalizesFeatures = !takesRawFeatures(lossFn);
    this.dataHandler = new DataHandler({ model, device, enableDiagnostics: false, normalizesFeatures }); // a callback looks at features
    const { recallKValues } = options;
    this.evaluator = new Evaluator({ model, device, ...(recallKValues ? { recallKValues } : {}) });
    const gradScheduler = balanceOf(options, optimizer);
    const loop = new TrainingLoop({
      ...{ model, lossFn, optimizer, device },
      ...(scheduler ? { scheduler } : {}),
      ...(gradScheduler ? { gradScheduler } : {}),
      mixedPrecision: options.mixedPrecision ?? false,
      accumulationSteps: options.accumulationSteps ?? 1,
      ...(options.clipGradNorm === undefined ? {} : { clipGradNorm: options.clipGradNorm }),
      logSteps: options.logSteps ?? 50,
    });
    this.#engine = new TrainerEngine(this, options, loop, MultimodalTrainer.prototype.saveCheckpoint);
    const { checkpointDir } = this;
    this.checkpointMgr = new CheckpointManager({ model, optimizer, checkpointDir, scheduler: this.scheduler, device });
  }

  /** Writes and reads the trainer's files. Another one that is assigned takes its place, for every file. */
  get checkpointMgr(): CheckpointManager {
    return this.#checkpointMgr;
  }

  /** @throws {TypeError} for what is no CheckpointManager. @throws {ConfigError} for one of another model or optimizer, whose state its files would not have. */
  set checkpointMgr(manager: CheckpointManager) {
    requirePart('checkpointMgr', manager, CheckpointManager);
    const others = (['model', 'optimizer'] as const).filter((name) => manager[name] !== this[name]);
    if (others.length > 0)
      throw new ConfigError(
        'set checkpointMgr',
        others.map((name) => `${name}: expected the trainer's, got another one`),
      );
    this.#checkpointMgr = manager;
    manager[ATTACH](this.#engine);
  }

  /** What was measured; `metrics.history` is the trainer's `history`. */
  get metrics(): MetricsCollector {
    return this.#metrics;
  }

  /** @throws {TypeError} for what is no MetricsCollector. */
  set metrics(metrics: MetricsCollector) {
    this.#metrics = requirePart('metrics', metrics, MetricsCollector);
  }

  /** Measures every evaluation. */
  get evaluator(): Evaluator {
    return this.#evaluator;
  }

  /** @throws {TypeError} for what is no Evaluator. */
  set evaluator(evaluator: Evaluator) {
    this.#evaluator = requirePart('evaluator', evaluator, Evaluator);
  }

  /** Prepares every batch for the model and the loss. */
  get dataHandler(): DataHandler {
    return this.#dataHandler;
  }

  /** @throws {TypeError} for what is no DataHandler. */
  set dataHandler(handler: DataHandler) {
    this.#dataHandler = requirePart('dataHandler', handler, DataHandler);
  }

  /** The same, by the name that multimodal_insight_engine's code has for it. */
  get checkpointManager(): CheckpointManager {
    return this.checkpointMgr;
  }

  set checkpointManager(manager: CheckpointManager) {
    this.checkpointMgr = manager;
  }

  /** The same as `metrics`, by the name that multimodal_insight_engine's code has for it. */
  get metricsCollector(): MetricsCollector {
    return this.metrics;
  }

  set metricsCollector(metrics: MetricsCollector) {
    this.metrics = metrics;
  }

  /** What trains. Another one that is assigned before training takes its place with all of its settings. */
  get trainingLoop(): TrainingLoop {
    return this.#engine.loop;
  }

  /** @throws {TypeError} for what is no TrainingLoop. @throws {ConfigError} for one of another model, optimizer or loss, without a setting that the trainer was told, and once training has begun for one with other settings. */
  set trainingLoop(loop: TrainingLoop) {
    this.#engine.loop = requirePart('trainingLoop', loop, TrainingLoop);
  }

  /** What was measured: live, and the metrics collector's own. */
  get history(): History {
    return this.metrics.history;
  }

  /** The epoch that runs, or ran last, from 0; behind `loadCheckpoint` the one to go on with. */
  get currentEpoch(): number {
    return this.#engine.currentEpoch;
  }

  /** Optimizer steps so far. */
  get globalStep(): number {
    return this.#engine.clocks.step;
  }

  /** Trains until `numEpochs` epochs are completed, those before included, or something stops it.
   *  @returns the history.
   *  @throws {ConfigError} for options that do not fit. @throws {CheckpointError} for a checkpoint that does not verify or fit, and for a folder with checkpoints that nobody wants to go on from.
   *  @throws {InterruptedError} after a stop signal, when everything is saved. */
  async train(options: TrainOptions = {}): Promise<History> {
    checkTrainOptions(options);
    const { numEpochs = this.numEpochs, resume, restore } = options;
    await this.#engine.goOnFrom(resume);
    await this.#engine.train({ numEpochs, ...(restore ? { restore } : {}) });
    return this.metrics.toDict();
  }

  /** One epoch: those of `train` are made by it, and an override is what they are made of. Called by itself it trains one more epoch, and neither evaluates nor saves nor adds to the history.
   *  @returns means over the epoch, as `loss`. */
  async trainEpoch(): Promise<Record<string, number>> {
    const { playEpochBatches } = this.#engine;
    const values = playEpochBatches ? await this.#engine.playInLoop(playEpochBatches) : await this.#engine.trainOne();
    return { ...values };
  }

  /** One batch: what the training loop does with it. @param batch - on the device, with names as the data handler gives them. Synchronous. */
  trainStep(batch: NamedBatch, optimizer: AnyOptimizer): LossOutput {
    return this.trainingLoop.trainStep(batch, optimizer);
  }

  /** Evaluates on a loader: retrieval both ways, and the loss. @returns values as the `Evaluator` has them, and what `computeMetrics` gives. */
  async evaluate(dataloader: BatchLoader<unknown>): Promise<Record<string, number>> {
    const { dataHandler, lossFn } = this;
    let measured: Readonly<Record<string, unknown>> = {};
    const play: PlayBatches =
      this.#engine.playEvaluation ?? ((parts) => playAlone({ ...parts, model: this.model, modules: [lossFn] }));
    const values = await this.evaluator.evaluate(dataloader, {
      lossFn,
      toDeviceFn: (batch) => dataHandler.toDevice(batch),
      prepareModelInputsFn: (batch) => dataHandler.prepareModelInputs(batch),
      prepareLossInputsFn: (batch, outputs) => {
        const inputs = dataHandler.prepareLossInputs(batch, outputs);
        measured = this.computeMetrics(outputs, inputs.labels);
        return inputs;
      },
      play: ({ step, ...parts }) => play({ ...parts, step: (batch) => ({ ...step(batch), ...measured }) }),
    });
    if (Object.keys(values).length > 0) this.#stream.write(`${this.evaluator.describe(values)}\n`);
    return values;
  }

  /** Measures one batch of an evaluation by a rule of your own: values by name, whose means are among those of `evaluate`. Synchronous; nothing by itself.
   *  @param _outputs - what the model gave.  @param _labels - of the outputs or the batch. */
  computeMetrics(_outputs: unknown, _labels: unknown): Readonly<Record<string, unknown>> {
    return {};
  }

  /** Evaluates on the test loader, and adds the values to the history as `test_…`. @returns nothing, with a warning, where there is none. */
  async evaluateTest(): Promise<Record<string, number>> {
    if (!this.testDataloader) {
      process.emitWarning('There is no testDataloader to evaluate on', 'SconceWarning');
      return {};
    }
    const values = await this.evaluate(this.testDataloader);
    this.metrics.logMetrics(values, 'test');
    return values;
  }

  /** Writes a checkpoint of this moment, between two batches at the earliest. Those of `train` are written by it too.
   *  @param extra - plain values and tensors of your own, which loading gives back. */
  async saveCheckpoint(path: string, extra: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.checkpointMgr.saveCheckpoint(path, { ...this.#engine.state, ...extra });
  }

  /** Loads a checkpoint; `train` goes on exactly there, in the middle of an epoch too.
   *  @returns what was saved; nothing, with a warning, where there is no file.
   *  @throws {CheckpointError} for a file that does not verify, or whose state is not this trainer's. */
  async loadCheckpoint(path: string): Promise<LoadedState> {
    const state = await this.checkpointMgr.loadCheckpoint(path);
    if (Object.keys(state).length === 0) return state;
    this.#engine.take(state);
    return state;
  }

  /** Draws what was measured into a folder, one picture a metric. @returns the paths. */
  async plotHistory(options: { readonly saveDir?: string } = {}): Promise<string[]> {
    return this.metrics.plotHistory(options);
  }

  /** Asked behind each epoch of `train`: true ends it there, when everything is saved. By itself: whether `earlyStoppingPatience` epochs have passed without a better validation loss. */
  shouldStop(): boolean {
    const { patience, flow } = this.#engine;
    return patience !== undefined && flow.patienceCounter >= patience;
  }
}

/** @throws {TypeError} for what is no instance of the class of that part. */
function requirePart<T>(name: string, part: T, Class: abstract new (...options: never[]) => T): T {
  if (part instanceof Class) return part;
  throw new TypeError(`Cannot set ${name}: expected an instance of a class that extends ${Class.name}`);
}

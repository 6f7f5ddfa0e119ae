// `Trainer`: the short face of the loop. A model, an optimizer and a criterion make the step; one loader trains, one validates.

import type { BatchLoader } from '../data/index.ts';
import type { GradScaler } from '../optim/grad-scaler.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import { noGrad } from '../tensor/autograd.ts';
import type { Device } from '../tensor/device.ts';
import { manualSeed } from '../tensor/generator.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { LoggerList } from '../tracking/loggers/logger-list.ts';
import type { RunProfile } from '../tracking/profile/run-profile.ts';
import { ProgressCallback } from './callbacks/progress.ts';
import { classAccuracy } from './faces/class-accuracy.ts';
import type { LoadCheckpointOptions, LoadedCheckpoint, SaveCheckpointOptions } from './faces/own-checkpoints.ts';
import { inputOf, pairOf } from './faces/pairs.ts';
import { TrainerCallbacks } from './faces/trainer-callbacks.ts';
import {
  checkFit,
  checkOptions,
  entryOf,
  type TrainerFitOptions,
  type TrainerOptions,
} from './faces/trainer-options.ts';
import { GenericTrainer } from './generic-trainer.ts';
import type { CapturedPartStatus } from './loop/captured-part.ts';
import type { StepOutput, TrainingOutput } from './loop/step.ts';
import { markStandard } from './loop/step-facts.ts';

/** Values of one epoch: `train_loss`, `val_loss` and, for class targets, `train_accuracy` and `val_accuracy` from 0 to 1; `train_{name}` and `val_{name}` of the trainer's
 *  metrics. */
export type EpochMetrics = Readonly<Record<string, number>> & { readonly epoch: number };

/** Trains on batches that are `[input, target]`. Source: adaptiveneuralnetwork.
 *  @example
 *  import { DataLoader, TensorDataset } from 'sconce/data';
 *  import { Trainer } from 'sconce/trainer';
 *  const model = new nn.Linear(1, 2);
 *  const dataset = new TensorDataset([tensor([[-2], [-1], [1], [2]]), tensor([0n, 0n, 1n, 1n])] as const);
 *  const trainer = new Trainer({ model, optimizer: new optim.AdamW(model.parameters(), { lr: 0.5 }), criterion: new nn.CrossEntropyLoss(), seed: 42 });
 *  const history = await trainer.fit({ trainLoader: new DataLoader({ dataset, batchSize: 2 }), numEpochs: 20 });
 *  history.at(-1)!.train_accuracy; // 1
 *  trainer.currentEpoch; // 20 */
export class Trainer {
  readonly model: TrainerOptions['model'];
  readonly optimizer: AnyOptimizer;
  readonly criterion: TrainerOptions['criterion'];
  /** `append` adds one before `fit`. */
  readonly callbacks: TrainerCallbacks;
  readonly metrics: NonNullable<TrainerOptions['metrics']>;
  readonly useAmp: boolean;
  readonly gradientAccumulationSteps: number;
  readonly maxGradNorm: number | undefined;
  readonly #trainer: GenericTrainer;
  #numEpochs = 0;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: TrainerOptions) {
    checkOptions(options);
    const { model, optimizer, criterion, device, callbacks = [], scheduler, run, seed, metrics = {} } = options;
    const { trainMetrics = [], valMetrics = [] } = options;
    if (device !== undefined) model.to({ device });
    this.model = model;
    this.optimizer = optimizer;
    this.criterion = criterion;
    this.metrics = metrics;
    this.useAmp = options.useAmp ?? false;
    this.gradientAccumulationSteps = options.gradientAccumulationSteps ?? 1;
    this.maxGradNorm = options.maxGradNorm;
    this.#trainer = new GenericTrainer({
      config: {
        ...(seed === undefined ? {} : { seed }),
        trainLoaderConfig: { dataloaderNames: ['train'] },
        performance: {
          ...(options.useAmp === undefined ? {} : { useAmp: options.useAmp }),
          ...(options.precision === undefined ? {} : { precision: options.precision }),
          channelsLast: options.channelsLast ?? false,
          captureSteps: options.captureSteps ?? 'auto',
          gradientAccumulationSteps: this.gradientAccumulationSteps,
          ...(this.maxGradNorm === undefined ? {} : { clipGradNorm: this.maxGradNorm }),
        },
      },
      model,
      modules: { criterion },
      optimizers: [optimizer],
      ...(scheduler ? { schedulers: [scheduler] } : {}),
      ...(run ? { run } : {}),
      ...(options.loggers ? { loggers: options.loggers } : {}),
      ...{ trainMetrics, valMetrics },
    });
    const training = (_trainer: GenericTrainer, batch: unknown): TrainingOutput => this.#step(batch, trainMetrics);
    // Metrics count, also those that are functions of the user's.
    const isMeasured = Object.keys(metrics).length + trainMetrics.length > 0;
    const inParts = { run: this.#run, measure: (seen: Seen) => this.#measure(seen, trainMetrics) };
    this.#trainer.setTrainingStep(markStandard(training, isMeasured ? { inParts } : {}));
    this.#trainer.setValidationStep((_trainer, batch: unknown) => this.#step(batch, valMetrics));
    this.#trainer.setPredictStep((_trainer, batch: unknown) => model.forward(inputOf(batch)));
    const output = () => this.#trainer.parts!.context.output as TrainingOutput; // told behind a step
    this.callbacks = new TrainerCallbacks(this.#trainer.callbacks, { trainer: this, recordOf, output });
    if (options.progressBar) this.callbacks.append(new ProgressCallback());
    for (const callback of callbacks) this.callbacks.append(callback);
  }

  get device(): Device {
    return this.model.parameters()[0]?.device ?? 'cpu';
  }

  /** The loss scale of precision 'fp16-mixed'. */
  get scaler(): GradScaler | undefined {
    return this.#trainer.scaler;
  }

  /** Takes values, texts and pictures for all loggers of the fit; undefined before the first one. */
  get logger(): LoggerList | undefined {
    return this.#trainer.logger;
  }

  /** Where the time of the last fit went; undefined before the first one. */
  profile(): RunProfile | undefined {
    return this.#trainer.profile();
  }

  /** With `captureSteps`: how the parts of the last fit's steps fared, and why those that ran as they are written did. */
  get capturedParts(): readonly CapturedPartStatus[] {
    return this.#trainer.capturedParts;
  }

  /** Epochs completed so far; during one, its index. */
  get currentEpoch(): number {
    return this.#trainer.currentEpoch;
  }

  /** What the last `fit` was asked for. */
  get numEpochs(): number {
    return this.#numEpochs;
  }

  /** One record for each epoch that is completed, those of a checkpoint that was loaded included. */
  get metricsHistory(): EpochMetrics[] {
    return this.#trainer.history.map(({ epoch, ...values }) => ({ epoch, ...recordOf(values) }));
  }

  /** Whether somebody has asked the running `fit` to end. */
  get stopTraining(): boolean {
    return this.#trainer.parts?.context.stopReason !== undefined;
  }

  /** Set to true, `fit` ends at the next boundary: behind the epoch where a callback sets it in `onEpochEnd`, else behind the batch.
   *  @throws {TypeError} outside of `fit`, and for false: what was asked for is not taken back. */
  set stopTraining(isAsked: boolean) {
    const { parts } = this.#trainer;
    if (!isAsked || !parts?.isRunning)
      throw new TypeError(
        `Cannot set stopTraining: expected true while fit() runs, got ${isAsked}${parts?.isRunning ? '' : ' outside of it'}`,
      );
    parts.context.requestStop('stopTraining was set');
  }

  /** Trains until `numEpochs` epochs are completed.
   *  @returns one record an epoch, those of earlier calls and of a checkpoint that was loaded included.
   *  @throws {ConfigError} that lists every problem of the options. @throws {InterruptedError} after a stop signal. */
  async fit(options: TrainerFitOptions): Promise<EpochMetrics[]> {
    checkFit(options);
    const { trainLoader, valLoader, numEpochs, scheduler, earlyStopping, resume } = options;
    if (scheduler !== undefined) this.#trainer.setSchedulers([entryOf(scheduler, valLoader !== undefined)]);
    if (earlyStopping && !this.callbacks.includes(earlyStopping)) this.callbacks.append(earlyStopping);
    this.#numEpochs = numEpochs;
    const history = await this.#trainer.fit({
      trainLoaders: [trainLoader],
      ...(valLoader ? { valLoaders: [valLoader], valLoaderNames: ['val'] } : {}),
      ...(resume ? { resume } : {}),
      maxEpochs: numEpochs,
    });
    return history.map(({ epoch, ...values }) => ({ epoch, ...recordOf(values) }));
  }

  /** One more epoch, as `fit` with one more: its events are those of a fit. @returns its record. */
  async trainEpoch(trainLoader: BatchLoader<unknown>): Promise<EpochMetrics> {
    const history = await this.fit({ trainLoader, numEpochs: this.currentEpoch + 1 });
    return history.at(-1)!; // there is the one that was trained
  }

  /** @returns `val_loss`, for class targets `val_accuracy`, and `val_{name}` of the trainer's metrics. */
  async evaluate(loader: BatchLoader<unknown>): Promise<Record<string, number>> {
    return recordOf(await this.#trainer.validate({ loaders: [loader], loaderNames: ['val'] }));
  }

  /** @returns the same as `test_loss` and so on. */
  async test(loader: BatchLoader<unknown>): Promise<Record<string, number>> {
    return recordOf(await this.#trainer.test({ loaders: [loader], loaderNames: ['test'] }));
  }

  /** @param loader - of inputs, or of `[input, target]`. @returns the model's output for each batch, the caller's to dispose. */
  async predict(loader: BatchLoader<unknown>): Promise<Tensor[]> {
    return (await this.#trainer.predict({ loaders: [loader] })) as Tensor[]; // what the predict step gives
  }

  /** Writes a checkpoint of this moment, in Sconce's one format; makes the folder where there is none.
   *  @param extra - plain values and tensors of your own; loading gives them back.
   *  @param options.layout - makes what is written: other keys, and the checkpoint itself under `sconce`. @throws {ConfigError} inside a step. */
  async saveCheckpoint(
    path: string,
    extra: Readonly<Record<string, unknown>> = {},
    options: SaveCheckpointOptions = {},
  ): Promise<void> {
    await this.#trainer.saveCheckpoint(path, extra, options);
  }

  /** Loads a checkpoint; the next `fit` goes on exactly there, with its epochs and its history.
   *  @param options.strict - whether the weights have to be the model's, name by name; default true.
   *  @param options.check - looks at what the file says before anything is restored; what it throws ends the load.
   *  @throws {CheckpointError} for a file that does not verify, or whose state is not this trainer's. */
  async loadCheckpoint(
    path: string,
    options: LoadCheckpointOptions = {},
  ): Promise<LoadedCheckpoint & { epoch: number; metricsHistory: EpochMetrics[] }> {
    const loaded = await this.#trainer.loadCheckpoint(path, options);
    return { ...loaded, epoch: this.currentEpoch, metricsHistory: this.metricsHistory };
  }

  /** Seeds the default generators now. Called before the model is made, its weights are the same every time. */
  setSeed(seed: number): void {
    manualSeed(seed);
  }

  #step(batch: unknown, gathering: NonNullable<TrainerOptions['valMetrics']>): TrainingOutput {
    const { values, seen } = this.#run(batch);
    return { ...values, ...this.#measure(seen, gathering) };
  }

  readonly #run = (batch: unknown): { values: TrainingOutput; seen: Seen } => {
    const { model, criterion } = this;
    const [input, target] = pairOf(batch);
    const output = model.forward(input);
    const loss = criterion.forward(output, target);
    const accuracy = noGrad(() => classAccuracy(output, target));
    return { values: { loss, ...(accuracy ? { accuracy } : {}) }, seen: { output, target } };
  };

  #measure({ output, target }: Seen, gathering: NonNullable<TrainerOptions['valMetrics']>): StepOutput {
    const values: Record<string, Tensor | number> = {};
    noGrad(() => {
      for (const [name, metric] of Object.entries(this.metrics)) values[name] = metric(output.detach(), target);
      for (const metric of gathering) metric.update(output.detach(), target);
    });
    return values;
  }
}

/** What metrics are computed of. */
interface Seen {
  readonly output: Tensor;
  readonly target: Tensor;
}

/** Values in the spelling of adaptiveneuralnetwork: `train_loss` for `train/loss`; those of single loaders are left out. */
function recordOf(values: Readonly<Record<string, number>>): Record<string, number> {
  const named = Object.entries(values).filter(([name]) => /^(?:train|val|test)\/(?!dl_)/.test(name));
  return Object.fromEntries(named.map(([name, value]) => [name.replace('/', '_'), value]));
}

// `TrainingLoop`: the step of a training of two modalities, and its epochs: those of a `MultimodalTrainer`, or one by itself.

import type { BatchLoader } from '../../data/index.ts';
import { Module } from '../../nn/module.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { Device } from '../../tensor/device.ts';
import type { SchedulerEntry } from '../../trainer/loop/scheduler-entry.ts';
import { DataHandler, type ModelInputs, type NamedBatch } from '../batches/data-handler.ts';
import { withFeatures } from '../batches/features.ts';
import { type LossInputs, type LossOutput, takesRawFeatures } from '../losses/multimodal-loss.ts';
import { HostedTrainer, type TrainingHost, type Values, valuesOf } from './hosted-trainer.ts';
import { checksOf } from './loop-checks.ts';
import {
  checkEpochOptions,
  checkLoopOptions,
  type LossModule,
  type MultimodalModel,
  type TrainEpochOptions,
  type TrainingLoopOptions,
} from './training-loop-options.ts';

/** What a trainer sets while an epoch of its loop runs: it plays the epoch's batches. @internal */
export const PLAY: unique symbol = Symbol('sconce.playEpoch');

/** What is done to a batch before the model and before the loss. */
interface Preparations {
  readonly toDevice: (batch: unknown) => NamedBatch;
  readonly modelInputs: (batch: NamedBatch) => ModelInputs;
  readonly lossInputs: (batch: NamedBatch, outputs: unknown) => LossInputs;
}

/** Trains a model of two modalities. A trainer asks its loop for each epoch, and the loop for each step: a subclass that overrides `trainStep` or `trainEpoch` and is put in the place of `trainer.trainingLoop` is what
 *  trains. What goes around a step (backward, accumulation, clipping, schedules, logs, checkpoints) is Sconce's one loop.
 *  Source: multimodal_insight_engine, trainers/multimodal/training_loop.py.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  @example
 *  import { DataLoader, TensorDataset } from 'sconce/data';
 *  import { CLIPLoss, TrainingLoop } from 'sconce/multimodal';
 *  class TwoTowers extends nn.Module {
 *    readonly vision = new nn.Linear(4, 8);
 *    readonly text = new nn.Linear(3, 8);
 *
 *    forward({ images, textData }: { images: Tensor; textData: Tensor }) {
 *      return { visionFeatures: this.vision.forward(images), textFeatures: this.text.forward(textData) };
 *    }
 *  }
 *  const model = new TwoTowers();
 *  const loop = new TrainingLoop({ model, lossFn: new CLIPLoss(), optimizer: new optim.AdamW(model.parameters()) });
 *  const dataset = new TensorDataset({ images: randn([16, 4]), text: randn([16, 3]) });
 *  const values = await loop.trainEpoch({ dataloader: new DataLoader({ dataset, batchSize: 8 }), epoch: 0, numEpochs: 1 });
 *  ['loss', 'accuracy', 'recalls.v2t_recall@5'].every((name) => name in values); // true
 *  loop.globalStep; // 2 */
export class TrainingLoop {
  readonly model: MultimodalModel;
  readonly lossFn: LossModule;
  readonly optimizer: AnyOptimizer;
  readonly device: Device;
  readonly mixedPrecision: boolean;
  readonly accumulationSteps: number;
  readonly clipGradNorm: number | undefined;
  readonly logSteps: number;
  readonly scheduler: TrainingLoopOptions['scheduler'];
  readonly enableDiagnostics: boolean;
  readonly checkFeatureCollapse: boolean;
  readonly gradScheduler: TrainingLoopOptions['gradScheduler'];
  /** @internal */
  [PLAY]: (() => Promise<Values>) | undefined;
  #preparations: Preparations;
  #globalStep = 0;
  #currentEpoch = 0;

  constructor(options: TrainingLoopOptions) {
    checkLoopOptions(options);
    this.model = options.model;
    this.lossFn = options.lossFn;
    this.optimizer = options.optimizer;
    this.device = options.device ?? options.model.parameters()[0]?.device ?? 'cpu';
    this.mixedPrecision = options.mixedPrecision ?? false;
    this.accumulationSteps = options.accumulationSteps ?? 1;
    this.clipGradNorm = options.clipGradNorm;
    this.logSteps = options.logSteps ?? 50;
    this.scheduler = options.scheduler;
    this.enableDiagnostics = options.enableDiagnostics ?? true;
    this.checkFeatureCollapse = options.checkFeatureCollapse ?? true;
    this.gradScheduler = options.gradScheduler;
    this.#preparations = this.#preparationsOf({});
  }

  #preparationsOf(functions: Partial<TrainEpochOptions>): Preparations {
    const { model, device } = this;
    const normalizesFeatures = !takesRawFeatures(this.lossFn);
    const handler = new DataHandler({ model, device, enableDiagnostics: false, normalizesFeatures });
    return {
      toDevice: functions.toDeviceFn ?? ((batch) => handler.toDevice(batch)),
      modelInputs: functions.prepareModelInputsFn ?? ((batch) => handler.prepareModelInputs(batch)),
      lossInputs: functions.prepareLossInputsFn ?? ((batch, outputs) => handler.prepareLossInputs(batch, outputs)),
    };
  }

  /** Optimizer steps so far. */
  get globalStep(): number {
    return this.#globalStep;
  }

  /** The epoch that runs, or ran last. */
  get currentEpoch(): number {
    return this.#currentEpoch;
  }

  /** Says how many optimizer steps were done before, for curricula. */
  setGlobalStep(step: number): void {
    this.#globalStep = step;
  }

  setCurrentEpoch(epoch: number): void {
    this.#currentEpoch = epoch;
  }

  /** One batch: forward and loss. The loop goes backward from `loss`, and averages what else is given. Synchronous; what it makes is freed behind the step.
   *  @param batch - on the device, with names as a `DataHandler` gives them.  @param _optimizer - the one that steps, for an override that looks at it.
   *  @returns what the loss gave; with the features under `FEATURES`, for checks that look at them. */
  trainStep(batch: NamedBatch, _optimizer: AnyOptimizer): LossOutput {
    const { modelInputs, lossInputs } = this.#preparations;
    const outputs = this.model.forward(modelInputs(batch) as never); // what a model takes is its own business
    const inputs = lossInputs(batch, outputs);
    return withFeatures(this.lossFn.forward(inputs), inputs);
  }

  /** Trains on all batches of a loader once. By itself it neither logs nor saves; in a trainer it is what the trainer's epochs are made of.
   *  @returns means over the epoch: `loss`, and what else the loss gave, as `recalls.v2t_recall@1`.
   *  @throws {ConfigError} that lists every option that is wrong. */
  async trainEpoch(options: TrainEpochOptions): Promise<Values> {
    checkEpochOptions(options);
    this.#preparations = this.#preparationsOf(options);
    this.#currentEpoch = options.epoch;
    const play = this[PLAY] ?? (() => this.#playAlone(options));
    return play();
  }

  async #playAlone({ dataloader, epoch, numEpochs, evaluationFn, evaluationSteps = 0 }: TrainEpochOptions) {
    const { model, lossFn, optimizer } = this;
    const stepsBefore = this.#globalStep;
    const host: TrainingHost = {
      playEpoch: (play) => play(),
      evaluate: async () => void (await evaluationFn?.()),
      ...{
        evaluationSteps,
        evaluatesEpochs: false,
        checkpointFolder: undefined,
        epochsInTotal: () => Math.max(numEpochs, epoch + 1),
      },
      checkpointOptions: (given) => given,
    };
    const schedulers = schedulersOf(this.scheduler);
    const modules = { loss: new PlacedLoss(lossFn, { epoch, step: stepsBefore }) };
    const options = { config: configOf(this), model, modules, optimizers: [optimizer], schedulers };
    const trainer = new HostedTrainer({ ...options, callbacks: checksOf(this, []) }, host);
    trainer.setTrainingStep((_trainer, batch: never) => this.trainStep(this.#preparations.toDevice(batch), optimizer));
    trainer.setValidationStep(() => ({})); // evaluationFn is in its place
    const valLoaders = evaluationSteps > 0 ? [dataloader] : [];
    const [record] = await trainer.fit({ trainLoaders: [new FromEpoch(dataloader, epoch)], valLoaders });
    this.#globalStep = stepsBefore + trainer.globalStep;
    return valuesOf(record!, 'train'); // of the one epoch
  }
}

/** The configuration of the loop around a `TrainingLoop`. @internal */
export function configOf({ mixedPrecision, accumulationSteps, clipGradNorm, logSteps }: TrainingLoop) {
  return {
    trainLoaderConfig: { dataloaderNames: ['train'] },
    performance: {
      ...(mixedPrecision ? { useAmp: true } : {}),
      gradientAccumulationSteps: accumulationSteps,
      ...(clipGradNorm === undefined ? {} : { clipGradNorm }),
    },
    logging: { logPerLoaderMetrics: false },
    logEveryNSteps: logSteps,
  };
}

/** A schedule moves after each step, unless it says another moment. @internal */
export function schedulersOf(scheduler: TrainingLoopOptions['scheduler']): SchedulerEntry[] {
  if (scheduler === undefined) return [];
  return ['scheduler' in scheduler ? scheduler : { scheduler }];
}

/** A loss that is told of epochs and steps as those of a longer training. */
class PlacedLoss extends Module {
  readonly loss: LossModule;
  readonly #place: { readonly epoch: number; readonly step: number };

  constructor(loss: LossModule, place: { readonly epoch: number; readonly step: number }) {
    super();
    this.loss = loss;
    this.#place = place;
  }

  updateEpoch(epoch: number): void {
    this.loss.updateEpoch?.(this.#place.epoch + epoch);
  }

  updateStep(step: number, totalSteps?: number): void {
    this.loss.updateStep?.(this.#place.step + step, totalSteps);
  }

  forward(inputs: LossInputs): LossOutput {
    return this.loss.forward(inputs);
  }
}

/** A loader whose epochs are counted from another one. */
class FromEpoch implements BatchLoader<unknown> {
  readonly #loader: BatchLoader<unknown>;
  readonly #first: number;

  constructor(loader: BatchLoader<unknown>, first: number) {
    this.#loader = loader;
    this.#first = first;
  }

  get length(): number {
    return this.#loader.length;
  }

  setEpoch(epoch: number): void {
    this.#loader.setEpoch(this.#first + epoch);
  }

  state(): ReturnType<BatchLoader<unknown>['state']> {
    return this.#loader.state();
  }

  loadState(state: Parameters<BatchLoader<unknown>['loadState']>[0]): void {
    this.#loader.loadState(state);
  }

  [Symbol.asyncIterator](): ReturnType<BatchLoader<unknown>[typeof Symbol.asyncIterator]> {
    return this.#loader[Symbol.asyncIterator]();
  }
}

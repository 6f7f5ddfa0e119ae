// `trainModel`: a model, its data and a number of epochs, as a function; a thin face of the one loop.

import type { BatchLoader } from '../../data/index.ts';
import { ConfigError } from '../../errors.ts';
import { crossEntropy } from '../../nn/functional/index.ts';
import { Module } from '../../nn/module.ts';
import { Adam } from '../../optim/adam.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { ReduceLROnPlateau } from '../../optim/schedules/plateau.ts';
import { getNative } from '../../tensor/call.ts';
import { type Device, isDeviceName } from '../../tensor/device.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { EarlyStopping } from '../../trainer/callbacks/early-stopping.ts';
import type { StatefulScheduler } from '../../trainer/checkpoint/run-state.ts';
import { describeValue, unknownKeys } from '../../trainer/config/problems.ts';
import { GenericTrainer } from '../../trainer/generic-trainer.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { StepOutput, TrainingOutput } from '../../trainer/loop/step.ts';
import { isLoader, isOptimizer } from '../../trainer/trainer-problems.ts';

/** By epoch. The `val` lists are empty without a `valDataloader`, those of accuracies where no step gives `accuracy`. */
export interface TrainModelHistory {
  readonly train_loss: number[];
  readonly train_accuracy: number[];
  readonly val_loss: number[];
  readonly val_accuracy: number[];
}

/** What a model may have of its own for `trainModel`. */
export interface TrainableModel {
  /** Gives `loss`, and whatever else is measured. Default: cross entropy of `forward(batch.inputs)` against `batch.targets`, with `accuracy`. */
  trainingStep?(batch: never): TrainingOutput;
  /** Default: as the default of `trainingStep`. */
  validationStep?(batch: never): StepOutput;
  /** Default: Adam. */
  configureOptimizers?(options: { readonly lr: number }): AnyOptimizer;
}

/** Called after each epoch, from 0. */
export type TrainModelCallback = (model: Module, epoch: number, history: TrainModelHistory) => void | Promise<void>;

export interface TrainModelOptions {
  readonly model: Module & TrainableModel;
  /** Its batches are objects; without a `trainingStep` of the model, of `inputs` and `targets`. */
  readonly trainDataloader: BatchLoader<unknown>;
  readonly valDataloader?: BatchLoader<unknown> | undefined;
  /** Default 10. */
  readonly epochs?: number | undefined;
  /** Of the optimizer that is made. Default 0.001. */
  readonly learningRate?: number | undefined;
  /** Default: what the model's `configureOptimizers` makes, or Adam over its parameters. */
  readonly optimizer?: AnyOptimizer | undefined;
  /** Moves after each epoch; a `ReduceLROnPlateau` by the loss of the validation, or of the training. Default: the rate stays. */
  readonly scheduler?: StatefulScheduler | undefined;
  /** Compares `forward(batch.inputs)` with `batch.targets`, where the model has no step of its own. Default: cross entropy, with `accuracy`. */
  readonly lossFn?: { forward(output: Tensor, target: Tensor): Tensor } | undefined;
  /** Epochs without a better `val_loss` behind which training ends. Default: it does not. */
  readonly earlyStoppingPatience?: number | undefined;
  /** Default: the first GPU, or the CPU where there is none. */
  readonly device?: Device | undefined;
  readonly callbacks?: readonly TrainModelCallback[] | undefined;
}

const OPTIONS = [
  ...['model', 'trainDataloader', 'valDataloader', 'epochs', 'learningRate', 'optimizer', 'scheduler', 'lossFn'],
  ...['earlyStoppingPatience', 'device', 'callbacks'],
];

/** Trains a model for some epochs, with a validation behind each.
 *  @returns losses and accuracies by epoch, as means over batches that count by their samples.
 *  @throws {ConfigError} that lists everything that does not fit.
 *  Source: multimodal_insight_engine's train_model.
 *  @example
 *  import { nn, tensor } from 'sconce';
 *  import { DataLoader, TensorDataset } from 'sconce/data';
 *  import { trainModel } from 'sconce/multimodal';
 *  const data = new TensorDataset({ inputs: tensor([[1, 0], [0, 1]]), targets: tensor([0n, 1n]) });
 *  const trainDataloader = new DataLoader({ dataset: data, batchSize: 2 });
 *  const history = await trainModel({ model: new nn.Linear(2, 2), trainDataloader, epochs: 20, learningRate: 0.5 });
 *  history.train_accuracy.at(-1); // 1 */
export async function trainModel(options: TrainModelOptions): Promise<TrainModelHistory> {
  checkTrainModel(options);
  const { model, trainDataloader, valDataloader, epochs = 10, learningRate = 0.001, device } = options;
  model.to({ device: device ?? (getNative().numCudaDevices() > 0 ? 'cuda' : 'cpu') });
  const optimizer =
    options.optimizer ??
    model.configureOptimizers?.({ lr: learningRate }) ??
    new Adam(model.parameters(), { lr: learningRate });
  const history: TrainModelHistory = { train_loss: [], train_accuracy: [], val_loss: [], val_accuracy: [] };
  const trainer = new GenericTrainer({
    ...{ model, optimizers: [optimizer] },
    schedulers: options.scheduler ? [placed(options.scheduler, valDataloader !== undefined)] : [],
    callbacks: [...stopping(options), recorder(options, history)],
  });
  const compared = (batch: Batch): TrainingOutput => compare(options, batch);
  trainer.setTrainingStep((_trainer, batch) => model.trainingStep?.(batch) ?? compared(batch));
  trainer.setValidationStep((_trainer, batch) => model.validationStep?.(batch) ?? compared(batch));
  const valLoaders = valDataloader ? { valLoaders: [valDataloader] } : {};
  await trainer.fit({ trainLoaders: [trainDataloader], ...valLoaders, maxEpochs: epochs });
  return history;
}

interface Batch {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

function compare({ model, lossFn }: TrainModelOptions, { inputs, targets }: Batch): TrainingOutput {
  const output = (model.forward as (inputs: Tensor) => Tensor).call(model, inputs);
  if (lossFn) return { loss: lossFn.forward(output, targets) };
  const isRight = output.detach().argmax({ dim: 1 }).eq(targets);
  return { loss: crossEntropy(output, targets), accuracy: isRight.to('float32').mean() };
}

function placed(scheduler: StatefulScheduler, isValidated: boolean) {
  if (!(scheduler instanceof ReduceLROnPlateau)) return { scheduler, interval: 'epoch' as const };
  return { scheduler, interval: 'metric' as const, monitor: isValidated ? 'val/loss' : 'train/loss' };
}

const stopping = ({ earlyStoppingPatience: patience }: TrainModelOptions): EarlyStopping[] =>
  patience === undefined ? [] : [new EarlyStopping({ monitor: 'val/loss', patience })];

function recorder({ model, callbacks = [] }: TrainModelOptions, history: TrainModelHistory): Callback {
  return {
    name: 'trainModel',
    warning() {}, // that it stopped early is what was asked for
    async epochEnd({ clocks }, values) {
      for (const name of ['train_loss', 'train_accuracy', 'val_loss', 'val_accuracy'] as const) {
        const value = values[name.replace('_', '/')];
        if (value !== undefined) history[name].push(value);
      }
      for (const callback of callbacks) await callback(model, clocks.epoch - 1, history);
    },
  };
}

function checkTrainModel(options: TrainModelOptions): void {
  const problems = unknownKeys(options, OPTIONS);
  const expect = (
    name: keyof TrainModelOptions,
    isFit: (value: unknown) => boolean,
    wanted: string,
    isNeeded = false,
  ) => {
    const value = options[name];
    if ((value !== undefined || isNeeded) && !isFit(value))
      problems.push(`${name}: expected ${wanted}, got ${describeValue(value)}`);
  };
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
  const has =
    (method: string) =>
    (value: unknown): boolean =>
      typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function';
  expect('model', (value) => value instanceof Module, 'a Module', true);
  expect('trainDataloader', isLoader, 'a loader', true);
  expect('valDataloader', isLoader, 'a loader');
  expect('epochs', isCount, 'an integer above 0');
  expect('learningRate', (value) => typeof value === 'number' && value > 0, 'a number above 0');
  expect('optimizer', isOptimizer, 'an optimizer');
  expect('scheduler', has('step'), 'a scheduler');
  expect('lossFn', has('forward'), 'a loss with forward(output, target)');
  expect('earlyStoppingPatience', isCount, 'an integer above 0');
  expect('device', (value) => typeof value === 'string' && isDeviceName(value), 'the name of a device');
  const areCallbacks = (value: unknown): boolean =>
    Array.isArray(value) && value.every((each) => typeof each === 'function');
  expect('callbacks', areCallbacks, 'a list of functions of model, epoch and history');
  if (options?.earlyStoppingPatience !== undefined && options.valDataloader === undefined)
    problems.push('earlyStoppingPatience: expected a valDataloader beside it, got none');
  if (problems.length > 0) throw new ConfigError('train a model', problems);
}

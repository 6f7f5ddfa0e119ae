// `Trainer`: the short face of the loop. A model, an optimizer and a criterion make the step; one loader trains, one validates.

import type { BatchLoader } from '../data/index.ts';
import { ConfigError } from '../errors.ts';
import { Module } from '../nn/module.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import { Tensor } from '../tensor/tensor.ts';
import { describeValue, unknownKeys } from './config/problems.ts';
import { GenericTrainer } from './generic-trainer.ts';
import type { Callback } from './loop/events.ts';
import type { PrecisionMode } from './loop/precision.ts';
import type { SchedulerEntry } from './loop/scheduler-entry.ts';
import type { TrainingOutput } from './loop/step.ts';
import type { TrainingRun } from './run/run.ts';
import { isLoader, isOptimizer } from './trainer-problems.ts';

export interface TrainerOptions {
  /** From the input of a batch to the output. */
  readonly model: Module & { forward(input: Tensor): Tensor };
  readonly optimizer: AnyOptimizer;
  /** From output and target to the loss. */
  readonly criterion: Module & { forward(output: Tensor, target: Tensor): Tensor };
  readonly callbacks?: readonly Callback[];
  readonly scheduler?: SchedulerEntry;
  /** True is precision 'bf16-mixed'. Default false. */
  readonly useAmp?: boolean;
  /** In which dtypes weights are kept and operators run. Default 'float32': as the model is. */
  readonly precision?: PrecisionMode;
  /** Keep the weights of convolutions and pictures in channels-last order. Default false. */
  readonly channelsLast?: boolean;
  /** Default 1. */
  readonly gradientAccumulationSteps?: number;
  /** Gradients are scaled so that their joint norm is at most this. Default: they are not. */
  readonly maxGradNorm?: number;
  /** Seeds the default generators at the start of `fit`. */
  readonly seed?: number;
  readonly run?: TrainingRun;
}

const OPTIONS = [
  'model',
  'optimizer',
  'criterion',
  'callbacks',
  'scheduler',
  'useAmp',
  'precision',
  'channelsLast',
  'gradientAccumulationSteps',
  'maxGradNorm',
  'seed',
  'run',
];

export interface TrainerFitOptions {
  readonly trainLoader: BatchLoader<unknown>;
  readonly valLoader?: BatchLoader<unknown>;
  /** Epochs to be completed when `fit` ends. */
  readonly numEpochs: number;
}

const FIT_OPTIONS = ['trainLoader', 'valLoader', 'numEpochs'];

/** Values of one epoch: `train_loss`, `val_loss` and, for class targets, `train_accuracy` and `val_accuracy` from 0 to 1. */
export type EpochMetrics = Readonly<Record<string, number>> & { readonly epoch: number };

/** Trains on batches that are `[input, target]`. Source: adaptiveneuralnetwork. */
export class Trainer {
  readonly #trainer: GenericTrainer;

  /** @throws {ConfigError} that lists every problem of the options. */
  constructor(options: TrainerOptions) {
    const { model, optimizer, criterion, callbacks = [], scheduler, run, seed } = options;
    const problems = unknownKeys(options, OPTIONS);
    if (!isOptimizer(optimizer)) problems.push(`optimizer: expected an optimizer, got ${describeValue(optimizer)}`);
    if (!(criterion instanceof Module)) problems.push(`criterion: expected a Module, got ${describeValue(criterion)}`);
    if (problems.length > 0) throw new ConfigError('make a Trainer', problems);
    this.#trainer = new GenericTrainer({
      config: {
        ...(seed === undefined ? {} : { seed }),
        trainLoaderConfig: { dataloaderNames: ['train'] },
        performance: {
          ...(options.useAmp === undefined ? {} : { useAmp: options.useAmp }),
          ...(options.precision === undefined ? {} : { precision: options.precision }),
          channelsLast: options.channelsLast ?? false,
          gradientAccumulationSteps: options.gradientAccumulationSteps ?? 1,
          ...(options.maxGradNorm === undefined ? {} : { clipGradNorm: options.maxGradNorm }),
        },
      },
      model,
      optimizers: [optimizer],
      callbacks,
      ...(scheduler ? { schedulers: [scheduler] } : {}),
      ...(run ? { run } : {}),
    });
    const step = (_trainer: GenericTrainer, batch: unknown): TrainingOutput => {
      const [input, target] = pairOf(batch);
      const output = model.forward(input);
      const loss = criterion.forward(output, target);
      return isClassification(output, target) ? { loss, accuracy: accuracyOf(output, target) } : { loss };
    };
    this.#trainer.setTrainingStep(step).setValidationStep(step);
  }

  /** Trains until `numEpochs` epochs are completed. @returns one record an epoch.
   *  @throws {ConfigError} that lists every problem of the options. */
  async fit(options: TrainerFitOptions): Promise<EpochMetrics[]> {
    const { trainLoader, valLoader, numEpochs } = options;
    const problems = unknownKeys(options, FIT_OPTIONS);
    for (const [name, loader] of Object.entries({ trainLoader, ...(valLoader ? { valLoader } : {}) }))
      if (!isLoader(loader)) problems.push(`${name}: expected a DataLoader, got ${describeValue(loader)}`);
    if (!Number.isSafeInteger(numEpochs) || numEpochs < 1)
      problems.push(`numEpochs: expected an integer above 0, got ${describeValue(numEpochs)}`);
    if (problems.length > 0) throw new ConfigError('fit', problems);
    const history = await this.#trainer.fit({
      trainLoaders: [trainLoader],
      ...(valLoader ? { valLoaders: [valLoader], valLoaderNames: ['val'] } : {}),
      maxEpochs: numEpochs,
    });
    return history.map(({ epoch, ...values }) => {
      const named = Object.entries(values).filter(([name]) => !name.includes('/dl_'));
      return { epoch, ...Object.fromEntries(named.map(([name, value]) => [name.replace('/', '_'), value])) };
    });
  }
}

/** @throws {TypeError} for a batch that is no pair of tensors. */
function pairOf(batch: unknown): [input: Tensor, target: Tensor] {
  const [input, target] = Array.isArray(batch) ? (batch as unknown[]) : [];
  if (input instanceof Tensor && target instanceof Tensor) return [input, target];
  throw new TypeError(
    `Cannot train on a batch: expected [input, target], got ${Array.isArray(batch) ? `an array of ${batch.length}` : typeof batch}; give the DataLoader a transform that makes it so, as in (batch) => [batch.image, batch.target], or use GenericTrainer`,
  );
}

const isClassification = (output: Tensor, target: Tensor): boolean =>
  target.dtype === 'int64' && output.ndim === 2 && target.ndim === 1;

function accuracyOf(output: Tensor, target: Tensor): Tensor {
  return output.detach().argmax({ dim: 1 }).eq(target).to('float32').mean();
}

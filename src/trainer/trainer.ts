// `Trainer`: the short face of the loop. A model, an optimizer and a criterion make the step; one loader trains, one validates.

import type { BatchLoader } from '../data/index.ts';
import type { Module } from '../nn/module.ts';
import type { AnyOptimizer } from '../optim/optimizer.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { Callback } from './events.ts';
import { GenericTrainer, type SchedulerEntry } from './generic-trainer.ts';
import type { TrainingRun } from './run.ts';
import type { TrainingOutput } from './step.ts';

export interface TrainerOptions {
  /** From the input of a batch to the output. */
  readonly model: Module & { forward(input: Tensor): Tensor };
  readonly optimizer: AnyOptimizer;
  /** From output and target to the loss. */
  readonly criterion: Module & { forward(output: Tensor, target: Tensor): Tensor };
  readonly callbacks?: readonly Callback[];
  readonly scheduler?: SchedulerEntry;
  /** Run the forward pass in bfloat16 where it gains from it. Default false. */
  readonly useAmp?: boolean;
  /** Default 1. */
  readonly gradientAccumulationSteps?: number;
  /** Gradients are scaled so that their joint norm is at most this. Default: they are not. */
  readonly maxGradNorm?: number;
  /** Seeds the default generators at the start of `fit`. */
  readonly seed?: number;
  readonly run?: TrainingRun;
}

/** Values of one epoch: `train_loss`, `val_loss` and, for class targets, `train_accuracy` and `val_accuracy` from 0 to 1. */
export type EpochMetrics = Readonly<Record<string, number>> & { readonly epoch: number };

/** Trains on batches that are `[input, target]`. Source: seed document 004. */
export class Trainer {
  readonly #trainer: GenericTrainer;

  constructor(options: TrainerOptions) {
    const { model, optimizer, criterion, callbacks = [], scheduler, run, seed } = options;
    this.#trainer = new GenericTrainer({
      config: {
        ...(seed === undefined ? {} : { seed }),
        trainLoaderConfig: { dataloaderNames: ['train'] },
        performance: {
          useAmp: options.useAmp ?? false,
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

  /** Trains until `numEpochs` epochs are completed. @returns one record an epoch. */
  async fit(options: {
    trainLoader: BatchLoader<unknown>;
    valLoader?: BatchLoader<unknown>;
    numEpochs: number;
  }): Promise<EpochMetrics[]> {
    const history = await this.#trainer.fit({
      trainLoaders: [options.trainLoader],
      ...(options.valLoader ? { valLoaders: [options.valLoader], valLoaderNames: ['val'] } : {}),
      maxEpochs: options.numEpochs,
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
    `Cannot train on a batch: expected [input, target], got ${Array.isArray(batch) ? `an array of ${batch.length}` : typeof batch}; use GenericTrainer for batches of another form`,
  );
}

const isClassification = (output: Tensor, target: Tensor): boolean =>
  target.dtype === 'int64' && output.ndim === 2 && target.ndim === 1;

function accuracyOf(output: Tensor, target: Tensor): Tensor {
  return output.detach().argmax({ dim: 1 }).eq(target).to('float32').mean();
}

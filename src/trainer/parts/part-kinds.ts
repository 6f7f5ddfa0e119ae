// The kinds of parts of an experiment: what each is made from, and what its builder gives.

import type { Collate, Dataset, IterableDataset } from '../../data/index.ts';
import type { BatchTransform } from '../../data/loader/finishing.ts';
import type { ComposeStep } from '../../data/transforms/compose.ts';
import type { Metric } from '../../metrics/metric.ts';
import type { Module } from '../../nn/module.ts';
import type { Parameter } from '../../nn/parameter.ts';
import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { StatefulScheduler } from '../checkpoint/run-state.ts';
import type { GenericTrainer } from '../generic-trainer.ts';
import type { Callback } from '../loop/events.ts';
import type { StepOutput, TrainingOutput } from '../loop/step.ts';
import type { TrainingRun } from '../run/run.ts';

/** From the model's output and the target to the loss, or to an object with `loss` and other values to be logged. A Module's `forward` takes output and target. */
export type LossPart =
  | (Module & { forward(output: Tensor, target: Tensor): Tensor })
  | ((output: unknown, target: unknown, batch: unknown) => Tensor | TrainingOutput);

/** A training and a validation step of the user's, in place of model and loss. Without `validation`, `training` is both. */
export interface StepPart {
  training(
    trainer: GenericTrainer,
    batch: unknown,
    batchIdx: number,
    loaderIdx: number,
    loaderName: string,
  ): TrainingOutput;
  validation?(
    trainer: GenericTrainer,
    batch: unknown,
    batchIdx: number,
    loaderIdx: number,
    loaderName: string,
  ): StepOutput;
}

/** What a builder of each kind is given beside the options. */
export interface PartContexts {
  readonly model: object;
  readonly dataset: {
    /** The seed of the experiment, 0 where it has none. */
    readonly seed: number;
  };
  readonly loss: { readonly model: Module };
  readonly optimizer: {
    readonly model: Module;
    /** Those of the model, then those of a loss that has some. */
    readonly parameters: readonly Parameter[];
  };
  readonly scheduler: {
    readonly optimizer: AnyOptimizer;
    /** How often the schedule moves in the whole run: updates, or epochs where it moves by epochs. Undefined where nobody knows how long an epoch is. */
    readonly numMoves: number | undefined;
  };
  readonly callback: {
    readonly model: Module;
    /** The run that is trained: its folder, and `addToReport` for what its report is to show. */
    readonly run: Pick<TrainingRun, 'folder' | 'addToReport'>;
  };
  readonly metric: object;
  readonly step: {
    readonly model: Module;
    readonly loss: LossPart | undefined;
    readonly metrics: readonly Metric[];
    /** Those of `train_metrics`, for the training step. */
    readonly trainMetrics: readonly Metric[];
  };
  readonly transform: object;
  readonly collate: object;
}

/** What a builder of each kind gives. */
export interface PartResults {
  readonly model: Module;
  readonly dataset: Dataset<unknown> | IterableDataset<unknown, unknown>;
  readonly loss: LossPart;
  readonly optimizer: AnyOptimizer;
  readonly scheduler: StatefulScheduler;
  readonly callback: Callback;
  readonly metric: Metric;
  readonly step: StepPart;
  /** A transform of pictures, or a function of whole batches. */
  readonly transform: ComposeStep | BatchTransform<unknown, unknown>;
  readonly collate: Collate<unknown, unknown>;
}

export type PartKind = keyof PartContexts;

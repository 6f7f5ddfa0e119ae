// What a method of continual learning does around the training on each task; and the two that keep nothing: plain fine-tuning, and training on everything.

import { type BatchTransform, ConcatDataset, type Dataset } from '../../data/index.ts';
import type { Module } from '../../nn/module.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Pair } from '../data/loaders.ts';
import { type ContinualTask, datasetOf } from './task.ts';

/** A model that a benchmark trains. */
export type ContinualModel = Module & { forward(input: Tensor): Tensor };

/** What a method is told when a task has been learnt. */
export interface LearntTask {
  readonly task: ContinualTask;
  /** Its place among the tasks, from 0. */
  readonly index: number;
  readonly model: ContinualModel;
  /** Samples in a batch of training. */
  readonly batchSize: number;
}

/** A method of continual learning. Write one by giving the parts that it needs; those that are missing change nothing. */
export interface ContinualMethod {
  /** What results, figures and checkpoints call it. */
  readonly name: string;
  /** What is trained on while a task is learnt. Default: the task's samples. */
  dataset?(tasks: readonly ContinualTask[], index: number): Dataset<Pair>;
  /** Changes each batch of training; undefined where there is nothing to change yet. Has to follow from the batch's context alone, and from what `state` keeps. */
  transform?(options: { batchSize: number }): BatchTransform<Pair, Pair> | undefined;
  /** What is added to the loss of each step: one element, or undefined. */
  penalty?(model: ContinualModel): Tensor | undefined;
  /** Told behind the training on each task, before the evaluation. */
  taskEnd?(learnt: LearntTask): Promise<void>;
  /** Plain data and tensors that a benchmark which was killed goes on with. */
  state?(): Record<string, unknown>;
  loadState?(state: Readonly<Record<string, unknown>>): void;
}

/** Trains on one task after the other and does nothing against forgetting: the floor that methods are compared with. */
export class FineTuning implements ContinualMethod {
  readonly name: string = 'fine-tuning';
}

/** Trains on the samples of all tasks up to the one that is learnt: what there is to reach for a method that sees each task once. Source: Lopez-Paz and Ranzato 2017, arXiv:1706.08840, compares so. */
export class JointTraining implements ContinualMethod {
  readonly name: string = 'joint';

  dataset(tasks: readonly ContinualTask[], index: number): Dataset<Pair> {
    return new ConcatDataset(tasks.slice(0, index + 1).map(({ train }) => datasetOf(train)));
  }
}

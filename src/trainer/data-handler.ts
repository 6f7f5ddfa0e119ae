// `DataHandler`: the loaders of a run under one schedule, and batches on the model's device inside the step's scope.

import type { BatchLoader, LoaderBatch, MultiDataLoader, NamedLoader } from '../data/index.ts';
import { adopt } from '../tensor/scope.ts';
import { type BatchTarget, batchSizeOf, moveBatch } from './batch.ts';

export interface PreparedBatch {
  readonly batch: unknown;
  readonly batchSize: number;
}

/** Owns the loaders and knows where their batches go. */
export class DataHandler {
  readonly train: MultiDataLoader<unknown>;
  readonly val: readonly NamedLoader<unknown>[];
  readonly target: BatchTarget;

  constructor(train: MultiDataLoader<unknown>, val: readonly NamedLoader<unknown>[], target: BatchTarget) {
    this.train = train;
    this.val = val;
    this.target = target;
  }

  /** Hands a batch to the open scope, moves it to the device and, where the precision asks for it, to another dtype. Call inside the step's scope. */
  prepare(batch: unknown): PreparedBatch {
    adopt(batch);
    return { batch: moveBatch(batch, this.target), batchSize: batchSizeOf(batch) };
  }
}

export type { BatchLoader, LoaderBatch };

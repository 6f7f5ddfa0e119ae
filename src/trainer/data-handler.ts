// `DataHandler`: the loaders of a run under one schedule, and batches on the model's device inside the step's scope.

import type { BatchLoader, LoaderBatch, MultiDataLoader, NamedLoader } from '../data/index.ts';
import type { Device } from '../tensor/device.ts';
import { adopt } from '../tensor/scope.ts';
import { batchSizeOf, moveBatch } from './batch.ts';

export interface PreparedBatch {
  readonly batch: unknown;
  readonly batchSize: number;
}

/** Owns the loaders and knows the device. */
export class DataHandler {
  readonly train: MultiDataLoader<unknown>;
  readonly val: readonly NamedLoader<unknown>[];
  readonly device: Device;

  constructor(train: MultiDataLoader<unknown>, val: readonly NamedLoader<unknown>[], device: Device) {
    this.train = train;
    this.val = val;
    this.device = device;
  }

  /** Hands a batch to the open scope and moves it to the device. Call inside the step's scope. */
  prepare(batch: unknown): PreparedBatch {
    adopt(batch);
    return { batch: moveBatch(batch, this.device), batchSize: batchSizeOf(batch) };
  }
}

export type { BatchLoader, LoaderBatch };

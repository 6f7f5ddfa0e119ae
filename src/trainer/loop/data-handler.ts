// `DataHandler`: the loaders of a run under one schedule, and batches on the model's device inside the step's scope.

import type { BatchLoader, LoaderBatch, MultiDataLoader, NamedLoader } from '../../data/index.ts';
import { adopt } from '../../tensor/scope.ts';
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

  /** Tells training loaders whose turns follow losses what a validation gave: the loss of each validation loader is that of the training loader at its place.
   *  @throws {RangeError} for a loss that is missing, negative or not finite. */
  reportLosses(values: Readonly<Record<string, number>>): void {
    if (!this.train.takesLosses) return;
    const losses = this.val.map(({ name }, i) => {
      const loss = values[`val/dl_${name}/loss`];
      if (loss !== undefined) return [this.train.names[i]!, loss] as const;
      throw new RangeError(
        `Cannot choose turns by loss: expected the validation step to give a loss for every loader, got none for "${name}"`,
      );
    });
    this.train.reportLosses(Object.fromEntries(losses));
  }

  /** Hands a batch to the open scope, moves it to the device and, where the precision asks for it, to another dtype. Call inside the step's scope. */
  prepare(batch: unknown): PreparedBatch {
    return prepareBatch(batch, this.target);
  }
}

/** What {@link DataHandler.prepare} does. */
export function prepareBatch(batch: unknown, target: BatchTarget): PreparedBatch {
  adopt(batch);
  return { batch: moveBatch(batch, target), batchSize: batchSizeOf(batch) };
}

export type { BatchLoader, LoaderBatch };

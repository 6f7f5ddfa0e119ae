// What a loader and its worker threads post each other.
import type { MessagePort } from 'node:worker_threads';
import type { FinishedBatch } from '../loader/prefetch.ts';
import type { DatasetOrigin } from './origin.ts';
import type { Packed } from './packed.ts';
import type { PackedError } from './packed-error.ts';

/** How the batches of a loader are made. Plain data. */
export interface WorkerRecipe {
  readonly origin: DatasetOrigin;
  /** Samples under way at a time in one worker. */
  readonly concurrency: number;
  readonly onSampleError: 'throw' | 'skip';
}

/** What a thread starts with. */
export interface WorkerStart {
  readonly recipe: WorkerRecipe;
  readonly port: MessagePort;
  /** Jobs with a number below the one in it are not wanted any more. */
  readonly firstWanted: Int32Array;
}

/** To a worker: make a batch. */
export interface JobMessage {
  readonly job: number;
  /** A `BatchPlan`. */
  readonly plan: Packed;
}

/** From a worker. */
export type WorkerMessage =
  /** It runs, and begins to make its dataset. */
  | { readonly type: 'begun' }
  | { readonly type: 'ready'; readonly name: string; readonly length: number | undefined }
  /** It cannot make its dataset. */
  | { readonly type: 'unmade'; readonly error: PackedError }
  | { readonly type: 'done'; readonly job: number; readonly finished: PackedBatch }
  | { readonly type: 'failed'; readonly job: number; readonly error: PackedError }
  /** The job was not wanted any more. */
  | { readonly type: 'dropped'; readonly job: number };

/** A finished batch, its tensors in shared memory. */
export interface PackedBatch extends Omit<FinishedBatch<unknown>, 'batch'> {
  readonly batch: Packed;
}

// How a batch comes about: its plan, the jobs that make it, and the iterator that hands it out.
import type { BatchContext } from '../context.ts';

/** The iterator of a loader: what `for await` needs, and a way to begin fetching before the first `next()`. */
export interface BatchIterator<B> extends AsyncIterator<B, undefined> {
  /** Begins to fetch; batches that are already being fetched stay as they are. */
  prefetch(): void;
  next(): Promise<IteratorResult<B, undefined>>;
  /**
   * What `next()` would give, at once where it is there or can be made without waiting; undefined where it cannot, at the end, or where making it failed: then
   * `next()` tells. A loop that asks here first waits only when there is something to wait for. An iterator without this method is asked by `next()` alone.
   *
   * The batch's tensors are yours alone: hand them to a scope by `adopt`, as the trainer's step does, or dispose of them. Unlike those that `next()` gives
   * they are not freed by collection, which for small tensors costs more than making them.
   */
  tryNext?(): IteratorYieldResult<B> | undefined;
  /** Ends the iteration at once. Fetches under way are not waited for; what they give is discarded. */
  return(): Promise<IteratorResult<B, undefined>>;
}

/** What one batch is to be made of. */
export interface BatchPlan<W> {
  readonly context: BatchContext;
  /** What its samples are made of: their indices in the dataset, or what a stream gave. */
  readonly work: W;
}

/** A batch that has been made. */
export interface FinishedBatch<B> {
  /** Undefined where every sample was left out. */
  readonly batch: B | undefined;
  /** Samples that were left out because they failed. */
  readonly numSkipped: number;
  /** The context of what is in the batch. */
  readonly context: BatchContext;
}

/** Gives the plans of an epoch's batches, in their order. */
export interface PlanSource<P> {
  /** The plan of the next batch; undefined at the end. Called again only when the call before has ended. */
  next(): P | undefined | Promise<P | undefined>;
  /** Lets go of what is open. Called once, at the end or before. */
  close(): void | Promise<void>;
}

/** How a batch comes about: independent jobs that may take time (one a sample, or one a batch), then a synchronous finish. */
export interface BatchRecipe<W, R, B> {
  /** How many jobs a batch of this work takes. */
  numJobs(work: W): number;
  /** Does job number `job`. A value that is not a promise counts as done. */
  run(plan: BatchPlan<W>, job: number): R | Promise<R>;
  /** Makes the batch. Called in the order of the batches, when each is asked for. */
  finish(results: R[], plan: BatchPlan<W>): FinishedBatch<B>;
  /** Takes back a result that will not be used. */
  discard(result: R): void;
  /** Called once, when no more batches are wanted; what is under way may be given up, and settle with anything. */
  close?(): void;
}

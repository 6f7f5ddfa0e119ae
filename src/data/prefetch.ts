// Fetches the batches of an epoch ahead of their use, with bounded concurrency, and hands them out in order.
import type { Order } from './samplers/sampler.ts';

/** The iterator of a loader: what `for await` needs, and a way to begin fetching before the first `next()`. */
export interface BatchIterator<B> extends AsyncIterator<B, undefined> {
  /** Begins to fetch; batches that are already being fetched stay as they are. */
  prefetch(): void;
  next(): Promise<IteratorResult<B, undefined>>;
  /** Ends the iteration at once. Fetches under way are not waited for; what they give is discarded. */
  return(): Promise<IteratorResult<B, undefined>>;
}

/** How a batch comes about: independent jobs that may take time (one a sample, or one a batch), then a synchronous finish. */
export interface BatchRecipe<R, B> {
  /** How many jobs a batch of these samples takes. */
  numJobs(indices: Int32Array): number;
  /** Does job number `job`. A value that is not a promise counts as done. */
  run(indices: Int32Array, job: number): R | Promise<R>;
  /** Makes the batch. Called in the order of the batches, when each is asked for. */
  finish(results: R[], indices: Int32Array, position: number): B;
  /** Takes back a result that will not be used. */
  discard(result: R): void;
}

export interface PrefetchOptions<R, B> {
  readonly order: Order<Int32Array>;
  /** The batch to begin with. */
  readonly position: number;
  readonly recipe: BatchRecipe<R, B>;
  /** Jobs under way at a time, at least 1. */
  readonly concurrency: number;
  /** Batches fetched ahead of the one asked for, at least 0. */
  readonly prefetchFactor: number;
  /** Called when a batch is handed out. */
  readonly onBatch: () => void;
}

/** A batch that has been begun and not handed out. */
interface Slot<R> {
  indices: Int32Array;
  readonly results: R[];
  numJobs: number;
  numStarted: number;
  numDone: number;
  /** Some job gave a promise. */
  tookTime: boolean;
  failure: { readonly error: unknown } | undefined;
}

const NO_INDICES = new Int32Array(0);

/**
 * Keeps at most `prefetchFactor` batches ahead of the one asked for, and at most `concurrency` jobs under way, the earliest batch first.
 *
 * A batch is finished (collated) when it is asked for, not when its last sample arrives: so whatever a collate draws at random comes between the same two
 * steps in every run. Jobs that finish synchronously are not run ahead either: there is nothing to overlap, and they would only delay the batch in hand.
 */
export class PrefetchIterator<R, B> implements BatchIterator<B> {
  readonly #options: PrefetchOptions<R, B>;
  /** Begun and not handed out, in order: `#slots[0]` is batch `#position`. */
  readonly #slots: Slot<R>[] = [];
  /** The next batch to hand out. */
  #position: number;
  /** Batches up to here have been asked for. */
  #requested: number;
  #numRunning = 0;
  /** Every job of the batch begun last was done at once. */
  #isSynchronous = false;
  #isClosed = false;
  #closedBy: Error | undefined;
  /** Wakes the `next()` that waits for `#slots[0]`. */
  #wake: (() => void) | undefined;
  /** Serves calls of `next()` one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PrefetchOptions<R, B>) {
    this.#options = options;
    this.#position = options.position;
    this.#requested = options.position;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  prefetch(): void {
    this.#fill();
  }

  next(): Promise<IteratorResult<B, undefined>> {
    const result = this.#turn.then(() => this.#handOut());
    this.#turn = result.catch(() => undefined); // whoever called next() sees the error; later calls find the iterator closed
    return result;
  }

  async return(): Promise<IteratorResult<B, undefined>> {
    this.close();
    return { value: undefined, done: true };
  }

  /** Ends the iteration. With `reason`, a later `next()` throws it, where it would else say that the iteration is done. */
  close(reason?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closedBy = reason;
    for (const slot of this.#slots)
      for (const result of slot.results) if (result !== undefined) this.#options.recipe.discard(result);
    this.#slots.length = 0;
    this.#wake?.();
  }

  async #handOut(): Promise<IteratorResult<B, undefined>> {
    if (this.#closedBy) throw this.#closedBy;
    if (this.#isClosed || this.#position >= this.#options.order.length) return { value: undefined, done: true };
    this.#requested = this.#position + 1;
    this.#fill();
    const slot = this.#slots[0]!;
    while (slot.numDone < slot.numJobs && !slot.failure && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    if (this.#isClosed) return this.#handOut();
    try {
      if (slot.failure) throw slot.failure.error;
      const batch = this.#options.recipe.finish(slot.results, slot.indices, this.#position);
      this.#slots.shift();
      this.#position++;
      this.#options.onBatch();
      return { value: batch, done: false };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Starts jobs, batch by batch, until a limit is met. */
  #fill(): void {
    const { order, concurrency, prefetchFactor } = this.#options;
    while (!this.#isClosed) {
      let slot = this.#slots.at(-1);
      if (slot?.failure) return; // nothing after a failure will be handed out
      if (!slot || slot.numStarted === slot.numJobs) {
        const begun = this.#position + this.#slots.length;
        const ahead = this.#isSynchronous ? 0 : prefetchFactor;
        if (begun >= Math.min(order.length, this.#requested + ahead)) return;
        slot = this.#begin(begun);
      }
      while (slot.numStarted < slot.numJobs && !slot.failure) {
        if (this.#numRunning >= concurrency) return;
        this.#start(slot, slot.numStarted++);
      }
      this.#isSynchronous = !slot.tookTime;
    }
  }

  #begin(position: number): Slot<R> {
    const slot: Slot<R> = {
      indices: NO_INDICES,
      results: [],
      numJobs: 0,
      numStarted: 0,
      numDone: 0,
      tookTime: false,
      failure: undefined,
    };
    this.#slots.push(slot);
    try {
      slot.indices = this.#options.order.at(position);
      slot.numJobs = this.#options.recipe.numJobs(slot.indices);
    } catch (error) {
      slot.failure = { error };
    }
    return slot;
  }

  #start(slot: Slot<R>, job: number): void {
    try {
      const result = this.#options.recipe.run(slot.indices, job);
      if (!(result instanceof Promise)) {
        slot.results[job] = result;
        slot.numDone++;
        return;
      }
      slot.tookTime = true;
      this.#numRunning++;
      result.then(
        (value) => this.#settle(slot, job, value),
        (error: unknown) => this.#settle(slot, job, undefined, { error }),
      );
    } catch (error) {
      slot.failure = { error };
    }
  }

  /** A job that took time has ended. */
  #settle(slot: Slot<R>, job: number, value: R | undefined, failure?: Slot<R>['failure']): void {
    this.#numRunning--;
    if (failure) slot.failure ??= failure;
    else if (this.#isClosed)
      this.#options.recipe.discard(value as R); // without a failure there is a value
    else {
      slot.results[job] = value as R;
      slot.numDone++;
    }
    if (this.#isClosed) return;
    this.#fill(); // jobs that this starts may be done at once, and complete the batch that is waited for
    const [first] = this.#slots;
    if (first && (first.failure || first.numDone === first.numJobs)) this.#wake?.();
  }
}

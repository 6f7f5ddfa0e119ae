// Fetches the batches of an epoch ahead of their use, with bounded concurrency, and hands them out in order.
import { withoutOwners } from '../../tensor/scope.ts';
import type { BatchIterator, BatchPlan, BatchRecipe, FinishedBatch, PlanSource } from './batch-recipe.ts';

export type { BatchIterator, BatchPlan, BatchRecipe, FinishedBatch, PlanSource };

export interface PrefetchOptions<P extends BatchPlan<unknown>, R, B> {
  readonly source: PlanSource<P>;
  readonly recipe: BatchRecipe<P['work'], R, B>;
  /** Jobs under way at a time, at least 1. */
  readonly concurrency: number;
  /** Batches fetched ahead of the one asked for, at least 0. */
  readonly prefetchFactor: number;
  /** Called when a batch is handed out, or left out because all its samples failed. */
  readonly onBatch: (plan: P, finished: FinishedBatch<B>) => void;
  /** Called when it shows that no batch is left. */
  readonly onEnd: () => void;
}

/** A batch that has been begun and not handed out. */
interface Slot<P, R> {
  /** Absent where the source failed to give one. */
  readonly plan: P | undefined;
  readonly results: R[];
  numJobs: number;
  numStarted: number;
  numDone: number;
  /** Some job gave a promise. */
  tookTime: boolean;
  failure: { readonly error: unknown } | undefined;
}

/**
 * Keeps at most `prefetchFactor` batches ahead of the one asked for, and at most `concurrency` jobs under way, the earliest batch first.
 *
 * A batch is finished (collated) when it is asked for, not when its last sample arrives: so whatever a collate draws at random comes between the same two
 * steps in every run. Jobs that finish synchronously are not run ahead either: there is nothing to overlap, and they would only delay the batch in hand.
 */
export class PrefetchIterator<P extends BatchPlan<unknown>, R, B> implements BatchIterator<B> {
  readonly #options: PrefetchOptions<P, R, B>;
  /** Begun and not handed out, in order. */
  readonly #slots: Slot<P, R>[] = [];
  #numRunning = 0;
  /** A `next()` waits for a batch. */
  #isAsked = false;
  /** The source is at work on a plan. */
  #isPlanning = false;
  /** The source has no more. */
  #isExhausted = false;
  /** Every job of the batch begun last was done at once. */
  #isSynchronous = false;
  #isClosed = false;
  #closedBy: Error | undefined;
  /** Wakes the `next()` that waits for `#slots[0]`. */
  #wake: (() => void) | undefined;
  /** Calls of `next()` that have to wait. */
  #numWaiting = 0;
  /** Serves them one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  readonly #makeFirst = (): B | undefined => this.#makeNow();

  constructor(options: PrefetchOptions<P, R, B>) {
    this.#options = options;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  prefetch(): void {
    this.#fill();
  }

  /** Waits for nothing where the batch is there or is made at once: promises in between would cost more than a small batch. */
  next(): Promise<IteratorResult<B, undefined>> {
    if (this.#numWaiting === 0) {
      const batch = this.#makeNow();
      if (batch !== undefined) return Promise.resolve({ value: batch, done: false });
    }
    this.#numWaiting++;
    const result = this.#turn.then(() => this.#handOut());
    const served = (): void => {
      this.#numWaiting--;
    };
    this.#turn = result.then(served, served); // whoever called next() sees the error; later calls find the iterator closed
    return result;
  }

  tryNext(): IteratorYieldResult<B> | undefined {
    if (this.#numWaiting > 0) return undefined;
    const batch = withoutOwners(this.#makeFirst);
    return batch === undefined ? undefined : { value: batch, done: false };
  }

  async return(): Promise<IteratorResult<B, undefined>> {
    await this.close();
    return { value: undefined, done: true };
  }

  /**
   * Ends the iteration. With `reason`, a later `next()` throws it, where it would else say that the iteration is done.
   * @returns when the source has let go of what it had open.
   */
  async close(reason?: Error): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closedBy = reason;
    for (const slot of this.#slots)
      for (const result of slot.results) if (result !== undefined) this.#options.recipe.discard(result);
    this.#slots.length = 0;
    this.#options.recipe.close?.();
    this.#wake?.();
    await this.#options.source.close();
  }

  /** The next batch, if nothing has to be waited for; what fails is left to `#handOut`. */
  #makeNow(): B | undefined {
    this.#isAsked = true;
    this.#fill();
    this.#isAsked = false;
    const first = this.#slots[0];
    if (this.#isClosed || !first || first.failure || first.numDone < first.numJobs) return undefined;
    try {
      return this.#finishFirst();
    } catch (error) {
      first.failure = { error };
      if (this.#slots[0] !== first) this.#slots.unshift(first);
      return undefined;
    }
  }

  /** Undefined where every sample was left out. */
  #finishFirst(): B | undefined {
    const { plan, results } = this.#slots[0]!;
    const finished = this.#options.recipe.finish(results, plan!); // without a failure there is a plan
    this.#slots.shift();
    this.#options.onBatch(plan!, finished);
    return finished.batch;
  }

  async #handOut(): Promise<IteratorResult<B, undefined>> {
    try {
      for (;;) {
        if (this.#closedBy) throw this.#closedBy;
        if (this.#isClosed) return { value: undefined, done: true };
        this.#isAsked = true;
        this.#fill();
        while (!this.#isFirstSettled()) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          this.#wake = undefined;
        }
        this.#isAsked = false;
        if (this.#isClosed) continue;
        const slot = this.#slots[0];
        if (!slot) {
          this.#options.onEnd();
          await this.close();
          continue;
        }
        if (slot.failure) throw slot.failure.error;
        const batch = this.#finishFirst();
        if (batch !== undefined) return { value: batch, done: false };
      }
    } catch (error) {
      await this.close().catch(warn); // the first error is what the caller should see
      throw error;
    }
  }

  /** True when the batch that is asked for can be finished, or there is none. */
  #isFirstSettled(): boolean {
    if (this.#isClosed) return true;
    const first = this.#slots[0];
    return first ? first.failure !== undefined || first.numDone === first.numJobs : this.#isExhausted;
  }

  /** Plans batches and starts jobs, in their order, until a limit is met. */
  #fill(): void {
    const { concurrency, prefetchFactor } = this.#options;
    while (!this.#isClosed) {
      const slot = this.#slots.at(-1);
      if (slot?.failure) return; // nothing after a failure will be handed out
      if (slot && slot.numStarted < slot.numJobs) {
        if (this.#numRunning >= concurrency) return;
        this.#start(slot, slot.numStarted++);
        if (slot.numStarted === slot.numJobs) this.#isSynchronous = !slot.tookTime;
        continue;
      }
      const ahead = this.#isSynchronous ? 0 : prefetchFactor;
      const wanted = ahead + (this.#isAsked ? 1 : 0);
      if (this.#isExhausted || this.#isPlanning || this.#slots.length >= wanted) return;
      this.#plan();
    }
  }

  /** Asks the source for the next batch. */
  #plan(): void {
    try {
      const plan = this.#options.source.next();
      if (!(plan instanceof Promise)) {
        this.#begin(plan);
        return;
      }
      this.#isPlanning = true;
      const settle = (given: P | undefined, failure?: Slot<P, R>['failure']): void => {
        this.#isPlanning = false;
        if (this.#isClosed) return;
        this.#begin(given, { failure, tookTime: true });
        this.#advance();
      };
      plan.then(settle, (error: unknown) => settle(undefined, { error }));
    } catch (error) {
      this.#begin(undefined, { failure: { error } });
    }
  }

  #begin(
    plan: P | undefined,
    { failure, tookTime = false }: Partial<Pick<Slot<P, R>, 'failure' | 'tookTime'>> = {},
  ): void {
    if (plan === undefined && !failure) {
      this.#isExhausted = true;
      return;
    }
    const slot: Slot<P, R> = { plan, results: [], numJobs: 0, numStarted: 0, numDone: 0, tookTime, failure };
    this.#slots.push(slot);
    if (!plan) return;
    try {
      slot.numJobs = this.#options.recipe.numJobs(plan.work);
    } catch (error) {
      slot.failure = { error };
    }
  }

  #start(slot: Slot<P, R>, job: number): void {
    try {
      const result = this.#options.recipe.run(slot.plan!, job);
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
      slot.failure ??= { error };
    }
  }

  /** A job that took time has ended. */
  #settle(slot: Slot<P, R>, job: number, value: R | undefined, failure?: Slot<P, R>['failure']): void {
    this.#numRunning--;
    if (failure) slot.failure ??= failure;
    else if (this.#isClosed)
      this.#options.recipe.discard(value as R); // without a failure there is a value
    else {
      slot.results[job] = value as R;
      slot.numDone++;
    }
    if (!this.#isClosed) this.#advance();
  }

  /** Starts what there is room for now; jobs that this starts may be done at once, and complete the batch that is waited for. */
  #advance(): void {
    this.#fill();
    if (this.#isFirstSettled()) this.#wake?.();
  }
}

/** For errors that nobody waits for. */
function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

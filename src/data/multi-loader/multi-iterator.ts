// Plays one epoch over several loaders, each fetching ahead of its next turn.
import type { BatchLoader } from '../loader.ts';
import type { BatchIterator } from '../prefetch.ts';

/** A batch and where it comes from. */
export interface LoaderBatch<B> {
  readonly batch: B;
  /** The loader's number, in the order in which loaders were given. */
  readonly loaderIndex: number;
  readonly loaderName: string;
  /** The batch's number within that loader, from 0; from 0 again where the loader plays again in the same epoch. */
  readonly batchIndex: number;
}

export interface MultiIteratorOptions<B> {
  /** The loader of every batch of the epoch. */
  readonly schedule: Int32Array;
  /** The turn to begin with. */
  readonly position: number;
  /** How many turns each loader had before it. */
  readonly turns: readonly number[];
  readonly loaders: readonly {
    readonly loader: BatchLoader<B>;
    readonly name: string;
    readonly length: number;
    /** The loader's own epoch with which this epoch begins; each further play is one later. */
    readonly firstEpoch: number;
  }[];
  /** Called when a batch is handed out. */
  readonly onBatch: () => void;
}

/** Loaders begin to fetch so many turns before theirs: a loader is at work by the time it is asked for the first time. */
const TURNS_AHEAD = 2;

/** The iterator of a `MultiDataLoader`. It asks a loader for a batch only when that batch is due, so that loaders stand where the schedule stands. */
export class MultiIterator<B> implements BatchIterator<LoaderBatch<B>> {
  readonly #options: MultiIteratorOptions<B>;
  readonly #turns: number[];
  readonly #iterators: (BatchIterator<B> | undefined)[];
  #position: number;
  #isClosed = false;
  #closedBy: Error | undefined;
  /** Serves calls of `next()` one after the other. */
  #serving: Promise<unknown> = Promise.resolve();

  constructor(options: MultiIteratorOptions<B>) {
    this.#options = options;
    this.#position = options.position;
    this.#turns = [...options.turns];
    // Loaders in the middle of a play have been placed there by their state; they open now, before anything can move them.
    this.#iterators = options.loaders.map(({ length }, i) =>
      this.#turns[i]! % length > 0 ? this.#openLoader(i) : undefined,
    );
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  prefetch(): void {
    const { schedule } = this.#options;
    if (this.#isClosed) return;
    for (let turn = this.#position; turn < Math.min(schedule.length, this.#position + 1 + TURNS_AHEAD); turn++) {
      this.#iteratorOf(schedule[turn]!).prefetch();
    }
  }

  next(): Promise<IteratorResult<LoaderBatch<B>, undefined>> {
    const result = this.#serving.then(() => this.#handOut());
    this.#serving = result.catch(() => undefined); // whoever called next() sees the error
    return result;
  }

  async return(): Promise<IteratorResult<LoaderBatch<B>, undefined>> {
    this.close();
    return { value: undefined, done: true };
  }

  /** Ends the iteration and that of every loader. With `reason`, a later `next()` throws it, where it would else say that the iteration is done. */
  close(reason?: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closedBy = reason;
    for (const iterator of this.#iterators) void iterator?.return().catch(() => undefined); // nothing is left to tell an error to
  }

  async #handOut(): Promise<IteratorResult<LoaderBatch<B>, undefined>> {
    const { schedule, loaders, onBatch } = this.#options;
    if (this.#closedBy) throw this.#closedBy;
    if (!this.#isClosed && this.#position >= schedule.length) this.close();
    if (this.#isClosed) return { value: undefined, done: true };
    try {
      const loaderIndex = schedule[this.#position]!;
      this.prefetch();
      const result = await this.#iteratorOf(loaderIndex).next();
      if (this.#isClosed) return this.#handOut();
      const { name, length } = loaders[loaderIndex]!;
      const batchIndex = this.#turns[loaderIndex]! % length;
      if (result.done)
        throw new RangeError(`Cannot play loader "${name}": expected ${length} batches in an epoch, got ${batchIndex}`);
      this.#turns[loaderIndex]!++;
      if (batchIndex + 1 === length) this.#iterators[loaderIndex] = undefined; // its next turn begins another play
      this.#position++;
      onBatch();
      return { value: { batch: result.value, loaderIndex, loaderName: name, batchIndex }, done: false };
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The open iterator of a loader; a new one where its first turn, or the turn after its last batch, has come. */
  #iteratorOf(index: number): BatchIterator<B> {
    this.#iterators[index] ??= this.#openLoader(index);
    return this.#iterators[index];
  }

  #openLoader(index: number): BatchIterator<B> {
    const { loader, length, firstEpoch } = this.#options.loaders[index]!;
    loader.setEpoch(firstEpoch + Math.floor(this.#turns[index]! / length));
    return loader[Symbol.asyncIterator]();
  }
}

// Plays one epoch over several loaders, each fetching ahead of its next turn.
import { collectTensors } from '../../tensor/index.ts';
import type { BatchLoader } from '../loader/batch-loader.ts';
import type { BatchIterator } from '../loader/prefetch.ts';
import type { Turns } from './turns.ts';

/** A batch and where it comes from. */
export interface LoaderBatch<B> {
  readonly batch: B;
  /** The loader's number, in the order in which loaders were given. */
  readonly loaderIndex: number;
  readonly loaderName: string;
  /** The batch's number within that loader, from 0; from 0 again where the loader plays again in the same epoch. */
  readonly batchIndex: number;
}

/** How far a loader has come in an epoch of the schedule. After its last batch it stands there, not before the first of another play. */
export interface Progress {
  /** Which play of the epoch, from 0. */
  play: number;
  /** Batches of that play. */
  batches: number;
  /** Batches of all plays. */
  turns: number;
  /** It has played all its batches, and does not play again. */
  isEnded: boolean;
}

/** A loader in its place in the schedule. */
export interface PlayedLoader<B> {
  readonly loader: BatchLoader<B>;
  readonly name: string;
  /** Batches a play at most; `Infinity` where nobody knows. */
  readonly length: number;
  /** The loader's own epoch with which this epoch begins; each further play is one later. */
  readonly firstEpoch: number;
  readonly progress: Progress;
}

export interface MultiIteratorOptions<B> {
  readonly loaders: readonly PlayedLoader<B>[];
  readonly turns: Turns;
  /** Batches that were handed out before. */
  readonly position: number;
  /** Batches in the epoch at most. */
  readonly limit: number;
  readonly doesCycle: boolean;
  /** Called when a batch is asked for. */
  readonly onRequest: () => void;
  /** Called when a batch of a loader is handed out, before its turn is taken. */
  readonly onBatch: (loaderIndex: number) => void;
  /** Called when the epoch has no batch left. */
  readonly onEnd: () => void;
}

/** Loaders begin to fetch so many turns before theirs: a loader is at work by the time it is asked for the first time. Below INPUT_DELAY. */
const TURNS_AHEAD = 2;

/** The iterator of a `MultiDataLoader`. It asks a loader for a batch only when that batch is due, so that loaders stand where the schedule stands. */
export class MultiIterator<B> implements BatchIterator<LoaderBatch<B>> {
  readonly #options: MultiIteratorOptions<B>;
  readonly #iterators: (BatchIterator<B> | undefined)[];
  readonly #isLeft = (loader: number): boolean => !this.#options.loaders[loader]!.progress.isEnded;
  #position: number;
  #isClosed = false;
  #closedBy: Error | undefined;
  /** The loaders may stand elsewhere by now. */
  #isReplaced = false;
  /** Why `tryNext` gave nothing, for `next()` to throw. */
  #failure: { readonly error: unknown } | undefined;
  /** Calls of `next()` that are being served. */
  #numWaiting = 0;
  /** Serves them one after the other. */
  #serving: Promise<unknown> = Promise.resolve();

  constructor(options: MultiIteratorOptions<B>) {
    this.#options = options;
    this.#position = options.position;
    // Loaders in the middle of a play have been placed there by their state; they open now, before anything can move them.
    this.#iterators = options.loaders.map(({ progress: { batches, isEnded } }, i) =>
      batches > 0 && batches < this.#lengthOf(i) && !isEnded ? this.#openLoader(i) : undefined,
    );
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  prefetch(): void {
    if (!this.#isClosed) this.#lookAhead();
  }

  next(): Promise<IteratorResult<LoaderBatch<B>, undefined>> {
    this.#options.onRequest();
    this.#numWaiting++;
    const result = this.#serving.then(() => this.#handOut());
    const served = (): void => {
      this.#numWaiting--;
    };
    this.#serving = result.then(served, served); // whoever called next() sees the error
    return result;
  }

  tryNext(): IteratorYieldResult<LoaderBatch<B>> | undefined {
    if (this.#numWaiting > 0 || this.#isClosed || this.#failure) return undefined;
    try {
      const loaderIndex = this.#lookAhead();
      const result = loaderIndex === undefined ? undefined : this.#iteratorOf(loaderIndex).tryNext?.();
      if (!result) return undefined;
      this.#options.onRequest();
      return { value: this.#take(loaderIndex!, result.value), done: false };
    } catch (error) {
      this.#failure = { error };
      return undefined;
    }
  }

  async return(): Promise<IteratorResult<LoaderBatch<B>, undefined>> {
    await this.close();
    return { value: undefined, done: true };
  }

  /**
   * Ends the iteration and that of every loader. With `reason`, a later `next()` throws it, where it would else say that the iteration is done.
   * @returns when all loaders have let go of what they had open.
   */
  async close(reason?: Error): Promise<void> {
    this.#isReplaced ||= reason !== undefined;
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closedBy = reason;
    await Promise.all([...this.#iterators.keys()].map((i) => this.#closeLoader(i)));
  }

  async #handOut(): Promise<IteratorResult<LoaderBatch<B>, undefined>> {
    try {
      if (this.#failure) throw this.#failure.error;
      while (!this.#isClosed) {
        const loaderIndex = this.#lookAhead();
        if (loaderIndex === undefined) {
          this.#options.onEnd();
          await this.close();
          break;
        }
        const result = await this.#iteratorOf(loaderIndex).next();
        if (!result.done && !this.#isReplaced) {
          // Also where return() came meanwhile: the loader has counted the batch, and whoever asked for it waits.
          return { value: this.#take(loaderIndex, result.value), done: false };
        }
        if (!result.done) for (const tensor of collectTensors(result.value)) tensor.dispose();
        else if (!this.#isClosed) await this.#endPlay(loaderIndex);
      }
    } catch (error) {
      await this.close().catch((other: Error) => process.emitWarning(other)); // the first error is why the iteration ends
      throw error;
    }
    if (this.#closedBy) throw this.#closedBy;
    return { value: undefined, done: true };
  }

  /** Lets the loaders of the next turns fetch.
   *  @returns whose turn is next; undefined at the end of the epoch. */
  #lookAhead(): number | undefined {
    const { turns, limit } = this.#options;
    const next = turns.ahead(Math.min(1 + TURNS_AHEAD, limit - this.#position), this.#isLeft);
    for (let i = 0; i < next.length; i++) if (i === 0 || next[i] !== next[i - 1]) this.#iteratorOf(next[i]!).prefetch();
    return next[0];
  }

  /** Batches of the play in which a loader stands. */
  #lengthOf(index: number): number {
    const { loader, length } = this.#options.loaders[index]!;
    return loader.epochLength ?? length;
  }

  /** Counts a batch that a loader gave. */
  #take(loaderIndex: number, batch: B): LoaderBatch<B> {
    const { loaders, turns, doesCycle, onBatch } = this.#options;
    const { name, progress } = loaders[loaderIndex]!;
    const length = this.#lengthOf(loaderIndex);
    const batchIndex = progress.batches;
    progress.batches++;
    progress.turns++;
    this.#position++;
    onBatch(loaderIndex);
    turns.take(this.#isLeft);
    if (progress.batches === length) {
      // Its next turn begins another play. Nobody waits for the end of this one.
      this.#closeLoader(loaderIndex).catch((error: Error) => process.emitWarning(error));
      progress.isEnded = !doesCycle;
    }
    return { batch, loaderIndex, loaderName: name, batchIndex };
  }

  /** A loader gave nothing more: it plays again from its next turn on, or has no more turns. */
  async #endPlay(loaderIndex: number): Promise<void> {
    const { loaders, doesCycle } = this.#options;
    const { name, firstEpoch, progress } = loaders[loaderIndex]!;
    if (doesCycle && progress.batches === 0 && progress.play > 0) {
      throw new RangeError(
        `Cannot play loader "${name}": expected at least one batch when it plays again, got none in its epoch ${firstEpoch + progress.play}; leave it out, or set cycleShortLoaders to false`,
      );
    }
    const closed = this.#closeLoader(loaderIndex);
    if (doesCycle) {
      progress.play++;
      progress.batches = 0;
    } else progress.isEnded = true;
    await closed; // last: who looks ahead meanwhile opens the next play
  }

  /** The open iterator of a loader; a new one where its first turn, or the turn after its last batch, has come. */
  #iteratorOf(index: number): BatchIterator<B> {
    this.#iterators[index] ??= this.#openLoader(index);
    return this.#iterators[index];
  }

  #openLoader(index: number): BatchIterator<B> {
    const { loader, firstEpoch, progress } = this.#options.loaders[index]!;
    const length = this.#lengthOf(index);
    // An empty loader has no last batch behind it: opening it again, as after a resume, is still its first play.
    if (length > 0 && progress.batches === length) {
      progress.play++;
      progress.batches = 0;
    }
    loader.setEpoch(firstEpoch + progress.play);
    return loader[Symbol.asyncIterator]();
  }

  async #closeLoader(index: number): Promise<void> {
    const iterator = this.#iterators[index];
    this.#iterators[index] = undefined;
    await iterator?.return();
  }
}

// `FirstBatches`: the first batches of a loader's first epoch in every epoch. A model that can learn at all learns them by heart.
import type { BatchLoader } from './batch-loader.ts';
import { type Cursor, checkState, EpochCursor } from './cursor.ts';
import type { BatchIterator } from './prefetch.ts';

/** What {@link FirstBatches.state} gives. */
export interface FirstBatchesState extends Cursor {
  readonly limit: number;
  /** The state of the loader behind it. */
  readonly loader: Cursor;
}

/** Plays the first `limit` batches of a loader's epoch 0, again and again; what the loader draws for them is drawn again too. */
export class FirstBatches<B> implements BatchLoader<B> {
  readonly length: number;
  readonly isEndless = false;
  /** The loader behind it. */
  readonly loader: BatchLoader<B>;
  readonly #limit: number;
  readonly #cursor = new EpochCursor();

  /** @param limit - batches, above 0. */
  constructor(loader: BatchLoader<B>, limit: number) {
    this.loader = loader;
    this.#limit = limit;
    this.length = Math.min(limit, loader.length);
  }

  get epochLength(): number {
    return Math.min(this.#limit, this.loader.epochLength ?? this.loader.length);
  }

  /** How many processes share an epoch of the loader behind it. */
  get numReplicas(): number {
    return this.loader.numReplicas ?? 1;
  }

  get numEvenBatches(): number {
    return Math.min(this.#limit, this.loader.numEvenBatches ?? 0);
  }

  setEpoch(epoch: number): void {
    this.#cursor.setEpoch(epoch);
  }

  state(): FirstBatchesState {
    return { ...this.#cursor.place, limit: this.#limit, loader: this.loader.state() };
  }

  /** @throws {CheckpointError} for the state of another loader, or of another number of batches. */
  loadState(state: FirstBatchesState): void {
    checkState<Cursor>(state, this.state(), 'the first batches of a loader');
    this.loader.loadState(state.loader);
    this.#cursor.load(state);
  }

  [Symbol.asyncIterator](): BatchIterator<B> & AsyncIterable<B> {
    // In the middle the loader stands where it was left, or where its state has put it.
    if (this.#cursor.begin(this.epochLength).position === 0) this.loader.setEpoch(0);
    const batches = this.loader[Symbol.asyncIterator]();
    const cursor = this.#cursor;
    const limit = this.#limit;
    return {
      prefetch: () => batches.prefetch(),
      async next() {
        const result = cursor.place.position < limit ? await batches.next() : await batches.return();
        if (result.done) cursor.complete();
        else cursor.advance();
        return result;
      },
      return: () => batches.return(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}

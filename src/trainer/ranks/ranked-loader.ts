// `RankedLoader`: one rank's part of a loader, in step with the parts of the others. A rank that has no batch left goes on with nothing until all have none.

import type { BatchIterator, BatchLoader, Cursor } from '../../data/index.ts';
import { EpochCursor } from '../../data/loader/cursor.ts';
import { collectTensors } from '../../tensor/scope.ts';
import { batchSizeOf } from '../loop/batch.ts';
import type { Ranks } from './ranks.ts';

/** What a rank plays at one place of an epoch. */
export class RankBatch {
  /** Undefined where this rank has none left and others have. */
  readonly batch: unknown;
  /** Factor on the mean loss of this rank's samples, so that the mean over ranks is that over all samples: 1 where all have equally many. */
  readonly share: number;
  /** Samples of all ranks. */
  readonly numSamples: number;
  /** Whether every rank has one. */
  readonly isEveryones: boolean;

  constructor(
    batch: unknown,
    { share, numSamples, isEveryones }: Pick<RankBatch, 'share' | 'numSamples' | 'isEveryones'>,
  ) {
    this.batch = batch;
    this.share = share;
    this.numSamples = numSamples;
    this.isEveryones = isEveryones;
  }
}

/** Plays a loader as long as any rank has a batch. Where the loader does not say that all have equally many samples (`numEvenBatches`), ranks agree on each batch. */
export class RankedLoader implements BatchLoader<RankBatch> {
  readonly length: number;
  readonly isEndless: boolean;
  readonly numReplicas: number;
  /** This rank's part. */
  readonly loader: BatchLoader<unknown>;
  readonly #ranks: Ranks;
  #numEven: number;
  #epochLength: number | undefined;
  readonly #stops: boolean;
  readonly #cursor = new EpochCursor();

  /** Every rank makes one of its part of the same loader.
   *  @param options.stops - whether an epoch ends for all where a rank has no batch and others have one. Default: that rank goes on with nothing. */
  constructor(loader: BatchLoader<unknown>, ranks: Ranks, { stops = false }: { readonly stops?: boolean } = {}) {
    this.#stops = stops;
    const { length, numEvenBatches = 0 } = loader;
    const all = ranks.gather({ length, numEvenBatches });
    this.#ranks = ranks;
    this.loader = loader;
    this.length = (stops ? Math.min : Math.max)(...all.map((each) => each.length));
    this.isEndless = loader.isEndless ?? this.length === Number.POSITIVE_INFINITY;
    this.numReplicas = ranks.worldSize;
    this.#numEven = Math.min(...all.map((each) => each.numEvenBatches));
  }

  /** Batches in the epoch where it stands; undefined where the loader does not say. */
  get epochLength(): number | undefined {
    return this.loader.epochLength === undefined ? undefined : (this.#epochLength ?? this.length);
  }

  setEpoch(epoch: number): void {
    const isMoved = this.#cursor.setEpoch(epoch);
    this.loader.setEpoch(epoch);
    if (isMoved) this.#readEven(false);
  }

  state(): Cursor {
    return { ...this.loader.state(), ...this.#cursor.place };
  }

  loadState(state: Cursor): void {
    this.loader.loadState(state);
    this.#cursor.load(state);
    this.#readEven(true);
  }

  /** How long this epoch is, and how far all ranks are alike in it: another than `length` says, where it was begun in batches of other sizes. All ranks call it with the same. */
  #readEven(isPlaced: boolean): void {
    if (!isPlaced && this.#epochLength === undefined) return;
    const { epochLength, numEvenBatches = 0 } = this.loader;
    if (epochLength === undefined) return;
    const all = this.#ranks.gather({ epochLength, numEvenBatches });
    this.#numEven = Math.min(...all.map((each) => each.numEvenBatches));
    this.#epochLength = isPlaced
      ? (this.#stops ? Math.min : Math.max)(...all.map((each) => each.epochLength))
      : undefined;
  }

  [Symbol.asyncIterator](): BatchIterator<RankBatch> & AsyncIterable<RankBatch> {
    const cursor = this.#cursor;
    const isPlaced = cursor.isPlaced;
    cursor.begin(this.epochLength ?? this.length);
    const own = this.loader[Symbol.asyncIterator]();
    if (!isPlaced) this.#readEven(false);
    const isEven = (): boolean => cursor.place.position < this.#numEven;
    let isEnded = false;
    /** Undefined where the epoch is over. */
    const handOut = (batch: unknown): RankBatch | undefined => {
      const { worldSize } = this.#ranks;
      if (isEven()) {
        cursor.advance();
        return new RankBatch(batch, { share: 1, numSamples: batchSizeOf(batch) * worldSize, isEveryones: true });
      }
      const size = isEnded ? 0 : batchSizeOf(batch);
      const [numSamples, numBatches] = this.#ranks.sum([size, Number(!isEnded)]) as [number, number];
      if (numBatches === 0 || (numBatches < worldSize && this.#stops)) {
        for (const tensor of collectTensors(batch)) tensor.dispose();
        return undefined;
      }
      cursor.advance();
      return new RankBatch(batch, {
        share: (size * worldSize) / numSamples,
        numSamples,
        isEveryones: numBatches === worldSize,
      });
    };
    return {
      prefetch: () => own.prefetch(),
      tryNext: () => {
        const next = isEven() ? own.tryNext?.() : undefined;
        return next && { value: handOut(next.value)!, done: false }; // where all have a batch, it goes on
      },
      next: async () => {
        const next = isEnded ? undefined : await own.next();
        if (next === undefined || next.done) isEnded = true;
        const batch = handOut(next?.value);
        if (batch) return { value: batch, done: false };
        await own.return();
        cursor.complete();
        return { value: undefined, done: true };
      },
      return: async () => {
        await own.return();
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Ends the loader's worker threads, where it has some. */
  async close(): Promise<void> {
    await (this.loader as { close?(): unknown }).close?.();
  }
}

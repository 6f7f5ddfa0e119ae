// What every loader is: a `DataLoader`, several under one schedule, or a class of a user's.
import type { Cursor } from './cursor.ts';
import type { BatchIterator } from './prefetch.ts';

/** What plays batches epoch by epoch: a `DataLoader`, several under one schedule, or a class of your own. A trainer asks for no more than this. */
export interface BatchLoader<B> extends AsyncIterable<B> {
  /** Batches in an epoch, at most: an iterator may end before. `Infinity` where the number is not known, and for an epoch that never ends. */
  readonly length: number;
  /** Batches in the epoch where the loader stands, for one that can go on inside an epoch that was begun in batches of another size, or by another number of processes. Default: `length`. */
  readonly epochLength?: number | undefined;
  /** False where `length` is `Infinity` because nobody knows it, and an epoch ends all the same: a validation takes such a loader. Default: what is said of `length`. */
  readonly isEndless?: boolean;
  /** How many processes share an epoch, where this loader plays the part of one of them. Default 1. */
  readonly numReplicas?: number;
  /** So many batches at the beginning of an epoch are as large in every process that shares it, and there. Default 0: processes agree on each. */
  readonly numEvenBatches?: number;
  /** Whether processes that share an epoch take turns batch by batch, as with a batch sampler; without, sample i of the batches at one place is the i-th of all of them, dealt one by one.
   *  Default false. */
  readonly dealsBatches?: boolean;
  /** A loader that plays the part of one of several processes. Without it, whoever trains on several gives each process its own part. */
  forRank?(ranks: { readonly numReplicas: number; readonly rank: number }): BatchLoader<B>;
  /** The next iterator plays `epoch` from its beginning; where `loadState` has put the loader in that very epoch, from there. */
  setEpoch(epoch: number): void;
  /** Where the loader stands: after the last batch that was handed out, whatever has been fetched beyond it. Plain data. */
  state(): Cursor;
  /** The next iterator goes on from `state`, without replaying what came before. */
  loadState(state: Cursor): void;
  /** Starts to play; without `setEpoch` or `loadState` before, the next epoch after a complete one, else the same epoch from its beginning. */
  [Symbol.asyncIterator](): BatchIterator<B>;
}

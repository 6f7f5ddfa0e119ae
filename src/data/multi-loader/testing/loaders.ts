// Loaders for tests: batches that say where they come from, of known and of unknown length, fetched with or without delay.
import { setImmediate as breathe } from 'node:timers/promises';
import type { BatchLoader } from '../../loader/batch-loader.ts';
import { type Cursor, EpochCursor } from '../../loader/cursor.ts';
import { DataLoader } from '../../loader/loader.ts';
import type { BatchIterator } from '../../loader/prefetch.ts';
import type { LoaderBatch } from '../multi-iterator.ts';

/** Lets the event loop turn. */
export async function wait(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await breathe();
}

/** A loader of `length` batches that show the loader's own epoch and position. */
export function loaderOf(
  length: number,
  { delay = 0, seed = 0, prefetchFactor = 2 }: { delay?: number; seed?: number; prefetchFactor?: number } = {},
): DataLoader<number, string> {
  const get = (index: number) => (delay === 0 ? index : wait(delay + (index % 2)).then(() => index));
  return new DataLoader({
    dataset: { length, get },
    shuffle: true,
    seed,
    prefetchFactor,
    collate: ([sample], { epoch, position }) => `${epoch}.${position}:${sample}`,
  });
}

/** A loader that does not know how long its epochs are: epoch e has `lengths[e % lengths.length]` batches. It counts its iterators that are open. */
export class UnknownLoader implements BatchLoader<string> {
  readonly length = Number.POSITIVE_INFINITY;
  numOpen = 0;
  readonly #lengths: readonly number[];
  readonly #delay: number;
  readonly #cursor = new EpochCursor();
  #end: (() => void) | undefined;

  constructor(lengths: readonly number[], { delay = 0 }: { delay?: number } = {}) {
    this.#lengths = lengths;
    this.#delay = delay;
  }

  setEpoch(epoch: number): void {
    this.#end?.();
    this.#cursor.setEpoch(epoch);
  }

  state(): Cursor {
    return this.#cursor.place;
  }

  loadState(state: Cursor): void {
    this.#end?.();
    this.#cursor.load(state);
  }

  [Symbol.asyncIterator](): BatchIterator<string> {
    this.#end?.();
    const { epoch, position } = this.#cursor.begin(this.#lengthOf(this.#cursor.place.epoch));
    const length = this.#lengthOf(epoch);
    let isOpen = true;
    let at = position;
    this.numOpen++;
    const end = (): void => {
      if (isOpen) this.numOpen--;
      isOpen = false;
    };
    this.#end = end;
    const done = { value: undefined, done: true } as const;
    return {
      prefetch: () => undefined,
      next: async () => {
        await wait(this.#delay);
        if (!isOpen || at >= length) return done;
        this.#cursor.advance();
        return { value: `${epoch}.${at++}`, done: false };
      },
      return: async () => {
        end();
        return done;
      },
    };
  }

  #lengthOf(epoch: number): number {
    return this.#lengths[epoch % this.#lengths.length]!;
  }
}

/** The batches of an epoch, or its first ones. */
export async function collect<B>(loader: AsyncIterable<B>, limit = Number.POSITIVE_INFINITY): Promise<B[]> {
  const batches: B[] = [];
  if (limit === 0) return batches;
  for await (const batch of loader) if (batches.push(batch) >= limit) break;
  return batches;
}

/** `a0 b0 a1`: loader names and batch numbers. */
export const turns = (batches: readonly LoaderBatch<unknown>[]): string =>
  batches.map(({ loaderName, batchIndex }) => `${loaderName}${batchIndex}`).join(' ');

/** `0.0 0.0 0.1`: epoch and position of the loader that played. */
export const places = (batches: readonly LoaderBatch<string>[]): string =>
  batches.map(({ batch }) => batch.split(':')[0]).join(' ');

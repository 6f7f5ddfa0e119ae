// Where a loader stands in its epochs, and where its next iterator starts.
import { CheckpointError } from '../../errors.ts';

/** A place in the epochs of a loader: `position` batches of `epoch` are done. */
export interface Cursor {
  readonly epoch: number;
  readonly position: number;
}

/**
 * Keeps a loader's place. An iterator starts
 * - where `load` placed it: a resume in mid-epoch;
 * - at the beginning of the epoch that `setEpoch` named;
 * - else, after a complete epoch, at the beginning of the next, and after one that was left early, at its beginning again.
 */
export class EpochCursor {
  #epoch = 0;
  #position = 0;
  #isPlaced = true;
  /** The epoch is known to have ended at this position. */
  #isComplete = false;

  /** True until an iterator begins in the place that the cursor was put. */
  get isPlaced(): boolean {
    return this.#isPlaced;
  }

  get place(): Cursor {
    return { epoch: this.#epoch, position: this.#position };
  }

  /** The next iterator plays `epoch` from its beginning; from the loaded position where `load` has placed the cursor in that very epoch.
   *  @returns false where the cursor stays in its place. */
  setEpoch(epoch: number): boolean {
    if (!Number.isInteger(epoch) || epoch < 0 || epoch >= 2 ** 32) {
      throw new RangeError(`Cannot set the epoch: expected an integer from 0 to 2^32 - 1, got ${epoch}`);
    }
    if (this.#isPlaced && epoch === this.#epoch) return false;
    this.#place({ epoch, position: 0 });
    return true;
  }

  /** The next iterator goes on from `cursor`, which the caller has checked. */
  load(cursor: Cursor): void {
    this.#place(cursor);
  }

  /** Moves to where a new iterator starts, in epochs of `length` batches (`Infinity` where only `complete` tells), and tells where that is. */
  begin(length: number): Cursor {
    if (!this.#isPlaced) {
      this.#epoch += this.#isComplete || this.#position >= length ? 1 : 0;
      this.#position = 0;
    }
    this.#isPlaced = false;
    this.#isComplete = false;
    return this.place;
  }

  /** One more batch of the current epoch is done. */
  advance(): void {
    this.#position++;
  }

  /** The current epoch has shown to have no more batches. */
  complete(): void {
    this.#isComplete = true;
  }

  #place({ epoch, position }: Cursor): void {
    this.#epoch = epoch;
    this.#position = position;
    this.#isPlaced = true;
  }
}

/**
 * Checks a state that was read from a file against `own`, the state of the loader that should take it: numbers other than the place must be equal.
 * @throws {CheckpointError} naming what differs; `loader` says which loader, for the message.
 */
export function checkState<T extends Cursor & { readonly numBatches?: number }>(
  state: T,
  own: T,
  loader: string,
): void {
  const fail = (wanted: string, got: unknown, wayOut = ''): never => {
    throw new CheckpointError(`Cannot resume ${loader}: expected ${wanted}, got ${String(got)}${wayOut}`);
  };
  if (typeof state !== 'object' || state === null) fail('the state of a loader', state);
  for (const [name, value] of Object.entries(own)) {
    if (name === 'epoch' || name === 'position' || typeof value !== 'number') continue;
    const saved: unknown = Reflect.get(state, name);
    if (saved !== value)
      fail(`${name} ${value} in the state`, saved, '; make the loader as it was, or start it afresh');
  }
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isCount(state.epoch)) fail('an epoch from 0 on in the state', state.epoch);
  const { numBatches = Number.POSITIVE_INFINITY } = own;
  if (!isCount(state.position) || state.position > numBatches) {
    const wanted = Number.isFinite(numBatches) ? `a position from 0 to ${numBatches}` : 'a position from 0 on';
    fail(`${wanted} in the state`, state.position);
  }
}

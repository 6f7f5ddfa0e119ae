// Where a loader stands in its epochs, and where its next iterator starts.

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

  get place(): Cursor {
    return { epoch: this.#epoch, position: this.#position };
  }

  /** The next iterator plays `epoch` from its beginning; from the loaded position where `load` has placed the cursor in that very epoch. */
  setEpoch(epoch: number): void {
    if (!Number.isInteger(epoch) || epoch < 0 || epoch >= 2 ** 32) {
      throw new RangeError(`Cannot set the epoch: expected an integer from 0 to 2^32 - 1, got ${epoch}`);
    }
    if (this.#isPlaced && epoch === this.#epoch) return;
    this.#place({ epoch, position: 0 });
  }

  /** The next iterator goes on from `cursor`, which the caller has checked. */
  load(cursor: Cursor): void {
    this.#place(cursor);
  }

  /** Moves to where a new iterator starts, in epochs of `length` batches, and tells where that is. */
  begin(length: number): Cursor {
    if (!this.#isPlaced) {
      this.#epoch += this.#position >= length ? 1 : 0;
      this.#position = 0;
    }
    this.#isPlaced = false;
    return this.place;
  }

  /** One more batch of the current epoch is done. */
  advance(): void {
    this.#position++;
  }

  #place({ epoch, position }: Cursor): void {
    this.#epoch = epoch;
    this.#position = position;
    this.#isPlaced = true;
  }
}

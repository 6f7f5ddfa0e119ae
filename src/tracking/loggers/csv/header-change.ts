// Gives a CSV file another header: copied behind it piece by piece, so that a large file is in nobody's way, and put in place in one step.
import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { headerLine } from './csv-text.ts';

/** So much is copied at a time: a few milliseconds. */
const PIECE_BYTES = 4 * 1024 * 1024;

export interface HeaderChangeOptions {
  readonly path: string;
  /** The file as it is, open for reading. */
  readonly fd: number;
  /** Where its rows begin and end. */
  readonly start: number;
  readonly end: number;
  /** Those that the header is to name. */
  readonly columns: readonly string[];
}

/** The copy under way. What is left by a process that dies meanwhile is the file as it was. A power failure right after it may cost what was not on the
 *  disk yet: nothing here waits for that. */
export class HeaderChange {
  readonly numColumns: number;
  readonly #header: Buffer;
  readonly #options: HeaderChangeOptions;
  readonly #fd: number;
  readonly #temporary: string;
  #read: number;
  #written = 0;

  constructor(options: HeaderChangeOptions) {
    this.#options = options;
    this.numColumns = options.columns.length;
    this.#header = Buffer.from(headerLine(options.columns));
    this.#temporary = `${options.path}.tmp`;
    this.#fd = openSync(this.#temporary, 'w+');
    this.#read = options.start;
    this.#guard(() => this.#append(this.#header));
  }

  /** Copies a piece. @returns the new file once it is in place. */
  step(): { fd: number; position: number; start: number } | undefined {
    return this.#guard(() => {
      const { fd, end, path } = this.#options;
      const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, end - this.#read));
      const length = readSync(fd, piece, 0, piece.length, this.#read);
      if (length < piece.length && length === 0) throw new Error('the file is shorter than what was written to it');
      this.#append(piece.subarray(0, length));
      this.#read += length;
      if (this.#read < end) return undefined;
      renameSync(this.#temporary, path);
      return { fd: this.#fd, position: this.#written, start: this.#header.length };
    });
  }

  /** Leaves the file as it was. */
  cancel(): void {
    closeSync(this.#fd);
    rmSync(this.#temporary, { force: true });
  }

  #append(bytes: Buffer): void {
    for (let rest = bytes; rest.length > 0; ) {
      const count = writeSync(this.#fd, rest, 0, rest.length, this.#written);
      this.#written += count;
      rest = rest.subarray(count);
    }
  }

  /** A disk that is full leaves no half copy on it. */
  #guard<T>(task: () => T): T {
    try {
      return task();
    } catch (error) {
      this.cancel();
      throw error;
    }
  }
}

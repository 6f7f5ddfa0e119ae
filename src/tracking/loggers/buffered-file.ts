// A file that a logger appends to: gathered in memory, written a few times a second, and never in the way of a run whose disk is full.
import { closeSync, ftruncateSync, writeSync } from 'node:fs';
import { WriteTimer } from './write-timer.ts';

/** So much is gathered before it is written, however little time has passed. */
const WRITE_AT_BYTES = 64 * 1024;
/** So much waits at most while nothing can be written. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** Between two parts of a long preparation. */
const PREPARE_EVERY_MS = 10;

export interface BufferedFileOptions {
  readonly path: string;
  /** Open for writing; the file owns it from here on. */
  readonly fd: number;
  /** Where what is appended goes; what stands behind goes with the first write. */
  readonly position: number;
  /** Told what the run survives. */
  warn(message: string): void;
  /** What stands behind everything that was appended, and is written anew each time. */
  tail?(): string;
  /** Called before each write. @returns false where more has to be done first: it is called again soon. */
  prepare?(): boolean;
}

/** Appends without waiting for the disk.
 *  Rule: written on the next turn of the event loop, at most twice a second, and at 64 KiB; whole at the process's end. What cannot be written stays in
 *  memory, up to 16 MiB, and is tried again: a warning. What comes beyond is left out whole, counted and said when the file is closed. */
export class BufferedFile {
  readonly #options: BufferedFileOptions;
  readonly #timer: WriteTimer;
  #fd: number;
  #position: number;
  /** Where the file ends, if known. */
  #end = Number.POSITIVE_INFINITY;
  #buffer: Buffer = Buffer.allocUnsafe(2 * WRITE_AT_BYTES);
  #length = 0;
  #isFailing = false;
  #numLeftOut = 0;
  #isClosed = false;

  constructor(options: BufferedFileOptions) {
    this.#options = options;
    this.#fd = options.fd;
    this.#position = options.position;
    this.#timer = new WriteTimer(() => this.#write(), { atExit: () => this.#writeWhole() });
  }

  /** The end of what was appended and is in the file. */
  get position(): number {
    return this.#position;
  }

  get fd(): number {
    return this.#fd;
  }

  /** The tail has changed, or will soon. */
  expect(): void {
    this.#timer.expect();
  }

  appendText(text: string): void {
    if (!this.#makeRoom(text.length * 3)) return;
    this.#length += this.#buffer.write(text, this.#length);
    this.#appended();
  }

  append(bytes: Uint8Array): void {
    if (!this.#makeRoom(bytes.length)) return;
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#appended();
  }

  /** Goes on in another file, which takes the place of this one. */
  moveTo(fd: number, position: number): void {
    closeSync(this.#fd);
    this.#fd = fd;
    this.#position = position;
    this.#end = position;
  }

  /** Hands everything to the operating system, or says why not. */
  flush(): void {
    this.#writeWhole();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer.stop();
    this.#writeWhole();
    closeSync(this.#fd);
    const { path, warn } = this.#options;
    if (this.#numLeftOut > 0 || this.#length > 0)
      warn(
        `Cannot complete ${path}: expected room for everything, got a disk that was full; ${this.#numLeftOut} records and ${this.#length} bytes are missing`,
      );
  }

  #appended(): void {
    if (this.#length >= WRITE_AT_BYTES && !this.#isFailing) this.#timer.run();
    else this.#timer.expect();
  }

  /** @returns false where so much waits already that the record is left out. */
  #makeRoom(length: number): boolean {
    const needed = this.#length + length;
    if (needed <= this.#buffer.length) return true;
    if (needed > MAX_WAITING_BYTES && this.#length > 0) {
      this.#numLeftOut += 1;
      return false;
    }
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    return true;
  }

  #writeWhole(): void {
    while (!this.#write()) if (this.#isFailing) return;
  }

  /** @returns whether everything is written. */
  #write(): boolean {
    const { prepare, tail, path, warn } = this.#options;
    try {
      if (prepare?.() === false) {
        if (!this.#isClosed) this.#timer.again(PREPARE_EVERY_MS);
        this.#isFailing = false;
        return false;
      }
      this.#writeAppended();
      this.#writeTail(tail?.() ?? '');
      this.#isFailing = false;
      return true;
    } catch (error) {
      this.#isFailing = true;
      const reason = error instanceof Error ? error.message : String(error);
      warn(`Cannot write ${path}: ${reason}; it is tried again, and the run goes on`);
      if (!this.#isClosed) this.#timer.again(500);
      return false;
    }
  }

  #writeAppended(): void {
    let written = 0;
    try {
      while (written < this.#length) {
        const count = writeSync(this.#fd, this.#buffer, written, this.#length - written, this.#position);
        written += count;
        this.#position += count;
      }
    } finally {
      this.#buffer.copyWithin(0, written, this.#length);
      this.#length -= written;
      if (this.#length === 0 && this.#buffer.length > 4 * WRITE_AT_BYTES)
        this.#buffer = Buffer.allocUnsafe(2 * WRITE_AT_BYTES);
    }
  }

  #writeTail(tail: string): void {
    const bytes = Buffer.from(tail);
    let written = 0;
    while (written < bytes.length)
      written += writeSync(this.#fd, bytes, written, bytes.length - written, this.#position + written);
    const end = this.#position + bytes.length;
    if (end < this.#end) ftruncateSync(this.#fd, end);
    this.#end = end;
  }
}

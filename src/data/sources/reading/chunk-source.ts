// A file's bytes in the order that they lie in, in chunks: as they are, or decompressed.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { DataFileError } from '../../../errors.ts';
import { reasonOf } from './byte-source.ts';

/** Gives chunks until there is none. */
export interface ChunkSource {
  /** The next chunk, which is the caller's to read until the next call; undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** The first read is short, for streams that are opened for one sample only, as when a shuffle buffer is filled again; later ones grow up to the last size. */
const FIRST_BYTES = 1 << 16;
const LAST_BYTES = 1 << 20;

/** Opens a file at `start`; one whose name ends in .gz or .tgz is decompressed, and `start` counts decompressed bytes, which costs decompressing them. */
export function openChunks(path: string, start: number): ChunkSource {
  return /\.t?gz$/i.test(path) ? new GzipChunks(path, start) : new FileChunks(path, start);
}

/** What this module needs of Node's FileHandle. */
interface Handle {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
  close(): Promise<void>;
}

/** Reads a file with one read ahead of the one in use, between two pieces of memory. */
class FileChunks implements ChunkSource {
  readonly #path: string;
  #position: number;
  #handle: Handle | undefined;
  /** What is being read ahead, from the second chunk on. */
  #ahead: Promise<Uint8Array> | undefined;
  /** Memory that is free to be read into. */
  #spare = new Uint8Array(0);
  #inUse = new Uint8Array(0);
  #bytes = FIRST_BYTES;
  #isClosed = false;

  constructor(path: string, start: number) {
    this.#path = path;
    this.#position = start;
  }

  async next(): Promise<Uint8Array | undefined> {
    const isFirst = this.#handle === undefined;
    this.#handle ??= await this.#open();
    if (this.#isClosed) {
      await this.#handle.close(); // closed while it was being opened; closing twice is fine
      return undefined;
    }
    const chunk = await (this.#ahead ?? this.#read(this.#handle));
    this.#ahead = undefined;
    if (chunk.length === 0) return undefined;
    if (!isFirst) {
      this.#ahead = this.#read(this.#handle);
      this.#ahead.catch(() => undefined); // whoever asks for it sees the error
    }
    return chunk;
  }

  #open(): Promise<Handle> {
    return open(this.#path, 'r').catch((cause: unknown) => {
      throw new DataFileError(`Cannot read "${this.#path}": expected a file, got ${reasonOf(cause)}`, {
        path: this.#path,
        cause,
      });
    });
  }

  async #read(handle: Handle): Promise<Uint8Array> {
    if (this.#spare.length < this.#bytes) this.#spare = new Uint8Array(this.#bytes);
    const memory = this.#spare;
    this.#spare = this.#inUse;
    this.#inUse = memory;
    this.#bytes = Math.min(LAST_BYTES, this.#bytes * 4);
    const { bytesRead } = await handle.read(memory, 0, memory.length, this.#position);
    this.#position += bytesRead;
    return memory.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#ahead?.catch(() => undefined);
    await this.#handle?.close();
  }
}

/** Decompresses a file of one or more gzip members. */
class GzipChunks implements ChunkSource {
  readonly #path: string;
  /** Bytes that are still to be passed over. */
  #skip: number;
  #chunks: AsyncIterator<Uint8Array> | undefined;

  constructor(path: string, start: number) {
    this.#path = path;
    this.#skip = start;
  }

  async next(): Promise<Uint8Array | undefined> {
    this.#chunks ??= this.#open();
    try {
      for (;;) {
        const { value, done } = await this.#chunks.next();
        if (done) return undefined;
        const left = Math.max(0, value.length - this.#skip);
        this.#skip -= value.length - left;
        if (left > 0) return value.subarray(value.length - left);
      }
    } catch (cause) {
      throw new DataFileError(`Cannot read "${this.#path}": expected a whole gzip file, got ${reasonOf(cause)}`, {
        path: this.#path,
        cause,
      });
    }
  }

  #open(): AsyncIterator<Uint8Array> {
    const file = createReadStream(this.#path, { highWaterMark: LAST_BYTES });
    const decompressed = createGunzip({ chunkSize: LAST_BYTES / 4 });
    file.on('error', (error) => decompressed.destroy(error));
    decompressed.on('close', () => file.destroy());
    return file.pipe(decompressed)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
  }
}

// Reads a file from a place on, byte by byte in order, as a parser asks for them.
import { type ChunkSource, openChunks } from './chunk-source.ts';

/**
 * A file that is read in order. Nothing is opened before the first read. One that is compressed (.gz, .tgz) reads as what it holds, places included.
 * Where what is asked for has been read already, no promise is made.
 */
export class SequentialFile {
  readonly path: string;
  readonly #chunks: ChunkSource;
  /** Read and not taken: bytes `#at` on. */
  #buffer: Uint8Array = new Uint8Array(0);
  #at = 0;
  /** Where `#buffer` begins. */
  #base: number;
  #isAtEnd = false;

  constructor(path: string, start = 0) {
    this.path = path;
    this.#chunks = openChunks(path, start);
    this.#base = start;
  }

  /** Where the next byte lies. */
  get position(): number {
    return this.#base + this.#at;
  }

  /** What has been read and not taken. Valid until `more` or a promise of another method. */
  get buffered(): Uint8Array {
    return this.#buffer.subarray(this.#at);
  }

  /** Takes `length` bytes of what is buffered. */
  skip(length: number): void {
    this.#at += length;
  }

  /** Reads on behind what is buffered, at least as much again: so that a long search costs no more than twice its length. @returns false at the file's end. */
  async more(): Promise<boolean> {
    if (this.#isAtEnd) return false;
    const pieces: Uint8Array[] = [this.#buffer.slice(this.#at)]; // the chunk's memory is used again by the next call
    const wanted = pieces[0]!.length;
    for (let numRead = 0; numRead === 0 || numRead < wanted; ) {
      const chunk = await this.#chunks.next();
      if (chunk === undefined) {
        this.#isAtEnd = true;
        return this.#replace(join(pieces), numRead > 0);
      }
      if (wanted === 0) return this.#replace(chunk, true);
      numRead += chunk.length;
      pieces.push(numRead < wanted ? chunk.slice() : chunk); // the last one is copied by the join
    }
    return this.#replace(join(pieces), true);
  }

  #replace<T>(buffer: Uint8Array, result: T): T {
    this.#base += this.#at;
    this.#buffer = buffer;
    this.#at = 0;
    return result;
  }

  /** Buffers at least `length` bytes, a number far below a chunk's. @returns false where the file ends before. */
  need(length: number): boolean | Promise<boolean> {
    return this.#buffer.length - this.#at >= length || this.#fill(length);
  }

  async #fill(length: number): Promise<boolean> {
    while (this.#buffer.length - this.#at < length) {
      if (!(await this.more())) return false;
    }
    return true;
  }

  /** Takes `length` bytes, in memory of their own. Fewer where the file ends before. */
  take(length: number): Uint8Array | Promise<Uint8Array> {
    const end = this.#at + length;
    if (end > this.#buffer.length) return this.#gather(length);
    const bytes = copyOf(this.#buffer.subarray(this.#at, end));
    this.#at = end;
    return bytes;
  }

  async #gather(length: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      const piece = this.#buffer.slice(this.#at, this.#at + missing);
      this.#at += piece.length;
      missing -= piece.length;
      if (piece.length > 0) pieces.push(piece);
      if (missing > 0 && !(await this.more())) break;
    }
    return join(pieces);
  }

  /** Passes over `length` bytes. @returns how many there were. */
  async pass(length: number): Promise<number> {
    let missing = length;
    for (;;) {
      const step = Math.min(missing, this.#buffer.length - this.#at);
      this.#at += step;
      missing -= step;
      if (missing === 0 || !(await this.more())) return length - missing;
    }
  }

  close(): Promise<void> {
    return this.#chunks.close();
  }
}

/** Memory is not cleared that is filled at once: for 100 kB that is most of the time. */
function copyOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 4096) return bytes.slice(); // small ones lie in V8's own memory
  const { buffer } = Buffer.allocUnsafeSlow(bytes.length);
  const copy = new Uint8Array(buffer);
  copy.set(bytes);
  return copy;
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

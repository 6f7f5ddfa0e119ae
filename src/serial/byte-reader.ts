// Reads little-endian fields out of bytes, and never beyond their end.
import { unreadable } from './problems.ts';

/** A cursor over bytes. Every method moves it on. @throws {CheckpointError} from any of them, where fewer bytes are left than it needs. */
export class ByteReader {
  readonly #buffer: Buffer;
  /** A byte order mark is text like any other. */
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get position(): number {
    return this.#position;
  }

  get length(): number {
    return this.#buffer.length;
  }

  byte(): number {
    return this.#buffer[this.#advance(1)]!;
  }

  uint16(): number {
    return this.#buffer.readUInt16LE(this.#advance(2));
  }

  uint32(): number {
    return this.#buffer.readUInt32LE(this.#advance(4));
  }

  int32(): number {
    return this.#buffer.readInt32LE(this.#advance(4));
  }

  /** A count; one above 2^53 comes out rounded, which is still more than there is of anything. */
  uint64(): number {
    return Number(this.#buffer.readBigUInt64LE(this.#advance(8)));
  }

  /** Big-endian, as pickle has it. */
  float64(): number {
    return this.#buffer.readDoubleBE(this.#advance(8));
  }

  /** The next bytes, a view. */
  take(numBytes: number): Uint8Array {
    const start = this.#advance(numBytes);
    return this.#buffer.subarray(start, start + numBytes);
  }

  text(numBytes: number): string {
    const start = this.#position;
    try {
      return this.#decoder.decode(this.take(numBytes));
    } catch (error) {
      if (error instanceof TypeError)
        throw unreadable(`expected UTF-8 text at byte ${start} of the pickle, got other bytes`);
      throw error;
    }
  }

  /** Text up to the next line feed, which is skipped. */
  line(): string {
    const end = this.#buffer.indexOf(0x0a, this.#position);
    if (end < 0) throw unreadable(`expected a line at byte ${this.#position} of the pickle, got its end`);
    const text = this.text(end - this.#position);
    this.#position++;
    return text;
  }

  #advance(numBytes: number): number {
    const start = this.#position;
    const left = this.#buffer.length - start;
    if (numBytes > left)
      throw unreadable(`expected ${numBytes} more bytes at byte ${start} of the pickle, got ${left}`);
    this.#position = start + numBytes;
    return start;
  }
}

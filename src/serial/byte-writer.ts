// A growing buffer of bytes.

/** Collects bytes; the buffer doubles when it is full. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  /** What was written so far: a view, valid until the next write. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  uint16(value: number): void {
    this.#length = this.#reserve(2).writeUInt16LE(value, this.#length);
  }

  uint32(value: number): void {
    this.#length = this.#reserve(4).writeUInt32LE(value, this.#length);
  }

  int32(value: number): void {
    this.#length = this.#reserve(4).writeInt32LE(value, this.#length);
  }

  /** Big-endian, as pickle has it. */
  float64(value: number): void {
    this.#length = this.#reserve(8).writeDoubleBE(value, this.#length);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #reserve(numBytes: number): Buffer {
    const needed = this.#length + numBytes;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    return this.#buffer;
  }
}

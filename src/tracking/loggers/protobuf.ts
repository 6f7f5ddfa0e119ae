// Protocol Buffers on the wire, as far as event files and W&B's records need them: a writer of fields and a reader of them.

/** Writes the fields of one message after another into one growing buffer.
 *  A field that has its type's default is written all the same: what proto3 leaves out is the caller's to leave out. As in `new ProtobufWriter().varint(1, 150).text(2, 'ab').finish()`, which is 08960112026162 in hexadecimal. */
export class ProtobufWriter {
  #buffer: Buffer;
  #length = 0;

  /** @param size - bytes to begin with; it grows. */
  constructor(size = 256) {
    this.#buffer = Buffer.allocUnsafe(size);
  }

  /** A field of type int32, int64, uint32, uint64, bool or enum. @param value - a safe integer. */
  varint(field: number, value: number): this {
    this.#tag(field, 0);
    return this.#raw(value);
  }

  double(field: number, value: number): this {
    this.#tag(field, 1);
    this.#reserve(8);
    this.#length = this.#buffer.writeDoubleLE(value, this.#length);
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, 5);
    this.#reserve(4);
    this.#length = this.#buffer.writeFloatLE(value, this.#length);
    return this;
  }

  text(field: number, value: string): this {
    this.#tag(field, 2);
    const size = Buffer.byteLength(value);
    this.#raw(size);
    this.#reserve(size);
    this.#length += this.#buffer.write(value, this.#length);
    return this;
  }

  /** A field of type bytes, or a message that is written already. */
  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, 2);
    this.#raw(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** Numbers of type double in one field. */
  packedDoubles(field: number, values: readonly number[]): this {
    this.#tag(field, 2);
    this.#raw(values.length * 8);
    this.#reserve(values.length * 8);
    for (const value of values) this.#length = this.#buffer.writeDoubleLE(value, this.#length);
    return this;
  }

  /** A message inside this one; `write` writes its fields with this same writer. */
  message(field: number, write: (writer: this) => void): this {
    this.#tag(field, 2);
    const start = this.#length;
    write(this);
    const size = this.#length - start;
    const shift = varintSize(size);
    this.#reserve(shift);
    this.#buffer.copyWithin(start + shift, start, this.#length);
    this.#length = start;
    this.#raw(size);
    this.#length += size;
    return this;
  }

  /** What was written since the last call. The bytes are the caller's. */
  finish(): Uint8Array<ArrayBuffer> {
    const written = Buffer.allocUnsafe(this.#length); // out of Node's pool: a small array of its own costs a microsecond
    this.#buffer.copy(written, 0, 0, this.#length);
    this.#length = 0;
    return written;
  }

  #tag(field: number, wireType: number): void {
    this.#raw(field * 8 + wireType);
  }

  #raw(value: number): this {
    this.#reserve(10);
    if (value < 0) return this.#rawNegative(value);
    let rest = value;
    while (rest >= 128) {
      this.#buffer[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#buffer[this.#length++] = rest;
    return this;
  }

  #rawNegative(value: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 128n) {
      this.#buffer[this.#length++] = Number(rest & 127n) + 128;
      rest >>= 7n;
    }
    this.#buffer[this.#length++] = Number(rest);
    return this;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + size));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** A field as it stands in a message: `value` is a number for varints, doubles and floats, bytes for the rest. */
export interface ProtobufField {
  readonly field: number;
  readonly value: number | Uint8Array;
}

/** The fields of a message, in their order.
 *  @throws {SyntaxError} if the bytes end inside a field, or one has a wire type that was never common. */
export function* readFields(message: Uint8Array): Generator<ProtobufField> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const varint = (): number => {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[at++];
      if (byte === undefined) throw new SyntaxError('Cannot read a message: expected a whole field, got the end');
      if (shift < 28) low += (byte & 127) * 2 ** shift;
      else high += (byte & 127) * 2 ** (shift - 28);
      if (byte < 128) break;
    }
    const value = BigInt(low) + (BigInt(high) << 28n);
    return Number(BigInt.asIntN(64, value));
  };
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const wireType = tag % 8;
    const size = wireType === 2 ? varint() : wireType === 1 ? 8 : wireType === 5 ? 4 : 0;
    if (at + size > message.length || ![0, 1, 2, 5].includes(wireType))
      throw new SyntaxError(`Cannot read a message: expected a whole field, got ${message.length - at} bytes`);
    if (wireType === 0) yield { field, value: varint() };
    else if (wireType === 2) yield { field, value: message.subarray(at, at + size) };
    else yield { field, value: wireType === 1 ? view.getFloat64(at, true) : view.getFloat32(at, true) };
    at += size;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

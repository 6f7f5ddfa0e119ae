// Looks through the messages of an Arrow stream before apache-arrow reads it, which believes whatever length a damaged message names, and counts up to it.
// Source: github.com/apache/arrow/tree/main/format, Message.fbs and Schema.fbs; flatbuffers.dev, "FlatBuffer internals".
import { ArrowProblem } from './problem.ts';

const continuation = 0xffff_ffff;
const structBytes = 16;

/** Where the fields of tables stand, as the format's schemas number them. */
const message = { headerType: 1, header: 2, bodyLength: 3, metadata: 4 } as const;
const headerTypes = { schema: 1, dictionary: 2, batch: 3 } as const;
const timestamp = 10;
const union = 14;

/**
 * Requires that the bytes are whole messages up to the end of the stream, each of them well-formed. Cost: proportional to the number of messages and columns.
 * @throws {ArrowProblem} for the first that is not.
 */
export function verifyStream(bytes: Buffer): void {
  for (let at = 0, number = 0; ; number++) {
    const isMarked = at + 4 <= bytes.length && bytes.readUInt32LE(at) === continuation;
    const start = isMarked ? at + 8 : at + 4;
    if (start > bytes.length)
      throw new ArrowProblem('expected the end of the stream, got that of the file: it is cut short');
    const length = bytes.readInt32LE(start - 4);
    if (length === 0) return;
    if (length < 8 || start + length > bytes.length)
      throw new ArrowProblem(
        `expected message ${number} of at least 8 bytes inside the file, got ${length}: it is cut short or damaged`,
      );
    const bodyBytes = new Verifier(bytes.subarray(start, start + length), number).message();
    at = start + length + bodyBytes;
    if (at > bytes.length)
      throw new ArrowProblem(
        `expected a body of ${bodyBytes} bytes behind message ${number}, got fewer: it is cut short`,
      );
  }
}

/** One message. Every place is checked before it is looked at; tables that are reached by several ways count each time, up to a limit. */
class Verifier {
  readonly #bytes: Buffer;
  readonly #number: number;
  #left: number;

  constructor(bytes: Buffer, number: number) {
    this.#bytes = bytes;
    this.#number = number;
    this.#left = bytes.length;
  }

  /** @returns bytes of the body. */
  message(): number {
    const table = this.#table(this.#offset(0));
    const bodyAt = this.#field(table, message.bodyLength, 8);
    const bodyBytes = bodyAt === 0 ? 0 : Number(this.#bytes.readBigInt64LE(bodyAt));
    if (!Number.isSafeInteger(bodyBytes) || bodyBytes < 0) throw this.#bad('a body of a length from 0 on', bodyBytes);
    this.#each(table, message.metadata, (pair) => this.#pair(pair));
    const typeAt = this.#field(table, message.headerType, 1);
    const header = this.#child(table, message.header);
    const type = typeAt === 0 ? 0 : this.#bytes[typeAt]!;
    if (header === 0) throw this.#bad('a header', 'none');
    if (type === headerTypes.schema) this.#schema(header);
    else if (type === headerTypes.batch) this.#batch(header, bodyBytes);
    else if (type === headerTypes.dictionary) {
      const batch = this.#child(header, 1);
      if (batch === 0) throw this.#bad('words of a dictionary', 'none');
      this.#batch(batch, bodyBytes);
    } else throw this.#bad('a schema, a dictionary or a batch', `header ${type}`);
    return bodyBytes;
  }

  #schema(table: number): void {
    this.#each(table, 1, (field) => this.#column(field));
    this.#each(table, 2, (pair) => this.#pair(pair));
    this.#vector(table, 3, 8);
  }

  #column(table: number): void {
    this.#vector(table, 0, 1);
    const typeAt = this.#field(table, 2, 1);
    const type = this.#child(table, 3);
    if (type !== 0 && typeAt !== 0 && this.#bytes[typeAt] === timestamp) this.#vector(type, 1, 1);
    if (type !== 0 && typeAt !== 0 && this.#bytes[typeAt] === union) this.#vector(type, 1, 4);
    const dictionary = this.#child(table, 4);
    if (dictionary !== 0) this.#child(dictionary, 1);
    this.#each(table, 5, (child) => this.#column(child));
    this.#each(table, 6, (pair) => this.#pair(pair));
  }

  #batch(table: number, bodyBytes: number): void {
    const most = 8 * bodyBytes; // rows of one bit
    const lengthAt = this.#field(table, 0, 8);
    if (lengthAt !== 0) this.#count(lengthAt, most, 'rows');
    const nodes = this.#vector(table, 1, structBytes);
    for (let i = 0; i < nodes.length; i++) {
      this.#count(nodes.start + structBytes * i, most, 'values');
      this.#count(nodes.start + structBytes * i + 8, most, 'missing values');
    }
    const buffers = this.#vector(table, 2, structBytes);
    for (let i = 0; i < buffers.length; i++) {
      const from = this.#count(buffers.start + structBytes * i, bodyBytes, 'bytes');
      this.#count(buffers.start + structBytes * i + 8, bodyBytes - from, 'bytes');
    }
    this.#child(table, 3);
    this.#vector(table, 4, 8);
  }

  #pair(table: number): void {
    this.#vector(table, 0, 1);
    this.#vector(table, 1, 1);
  }

  #count(at: number, most: number, what: string): number {
    const count = Number(this.#bytes.readBigInt64LE(at));
    if (count >= 0 && count <= most) return count;
    throw this.#bad(`at most ${most} ${what}`, count);
  }

  /** Where a table lies, its place and that of its fields checked. */
  #table(at: number): number {
    if (--this.#left < 0) throw this.#bad('fewer parts than bytes', 'more');
    this.#require(at, 4);
    const fields = at - this.#bytes.readInt32LE(at);
    this.#require(fields, 4);
    const numBytes = this.#bytes.readUInt16LE(fields);
    this.#require(fields, Math.max(4, numBytes));
    this.#require(at, this.#bytes.readUInt16LE(fields + 2));
    return at;
  }

  /** Where a field of a table lies; 0 where it has the default. */
  #field(table: number, number: number, numBytes: number): number {
    const fields = table - this.#bytes.readInt32LE(table);
    const entry = 4 + 2 * number;
    if (entry + 2 > this.#bytes.readUInt16LE(fields)) return 0;
    const offset = this.#bytes.readUInt16LE(fields + entry);
    if (offset === 0) return 0;
    this.#require(table + offset, numBytes);
    return table + offset;
  }

  #child(table: number, number: number): number {
    const at = this.#field(table, number, 4);
    return at === 0 ? 0 : this.#table(this.#offset(at));
  }

  #vector(table: number, number: number, itemBytes: number): { start: number; length: number } {
    const at = this.#field(table, number, 4);
    if (at === 0) return { start: 0, length: 0 };
    const place = this.#offset(at);
    this.#require(place, 4);
    const length = this.#bytes.readUInt32LE(place);
    this.#require(place + 4, length * itemBytes);
    return { start: place + 4, length };
  }

  #each(table: number, number: number, look: (table: number) => void): void {
    const { start, length } = this.#vector(table, number, 4);
    for (let i = 0; i < length; i++) look(this.#table(this.#offset(start + 4 * i)));
  }

  #offset(at: number): number {
    this.#require(at, 4);
    return at + this.#bytes.readUInt32LE(at);
  }

  #require(at: number, numBytes: number): void {
    if (at >= 0 && at + numBytes <= this.#bytes.length) return;
    throw this.#bad(`${numBytes} bytes inside of ${this.#bytes.length}`, `some at ${at}`);
  }

  #bad(wanted: string, got: unknown): ArrowProblem {
    return new ArrowProblem(`expected ${wanted} in message ${this.#number}, got ${String(got)}: the file is damaged`);
  }
}

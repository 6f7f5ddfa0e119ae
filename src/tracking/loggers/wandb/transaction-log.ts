// The file of an offline run: W&B's transaction log, records in LevelDB's log format behind a header of W&B's.
//
// After seven bytes (`:W&B`, 0xBEE1, version 0) the file is cut into blocks of 32 KiB, the first of which counts the header in. A record is one chunk, or
// several where it does not fit into what is left of a block. A chunk: CRC-32 of type and data (4 bytes), length of data (2), type (1), data. A rest of a
// block that is too short for a chunk's header is zeros.
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

const HEADER = Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0x00]);
const BLOCK_SIZE = 32 * 1024;
const CHUNK_HEADER_SIZE = 7;
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/** The CRC of a chunk's type alone, which that of its data goes on from. */
const CRC_OF_TYPE = [0, FULL, FIRST, MIDDLE, LAST].map((type) => crc32(Uint8Array.of(type)));

/** Appends records to a file. The last ones may be a tail: records that still grow, and are written over when they have. */
export class TransactionLog {
  readonly path: string;
  readonly #fd: number;
  /** Where the records end that no longer change. */
  #end: number;
  #pending: Uint8Array[] = [];
  #tail: readonly Uint8Array[] = [];
  #isTailWritten = true;

  /** @param records - what the file has in the beginning; what it had before is gone. */
  constructor(path: string, records: readonly Uint8Array[] = []) {
    this.path = path;
    this.#fd = openSync(path, 'w');
    writeWhole(this.#fd, HEADER, 0);
    this.#end = HEADER.length;
    this.#pending.push(...records);
    this.write();
  }

  /** Adds a record in front of the tail. */
  append(record: Uint8Array): void {
    this.#pending.push(record);
  }

  /** Replaces the tail. */
  setTail(records: readonly Uint8Array[]): void {
    this.#tail = records;
    this.#isTailWritten = false;
  }

  /** Hands everything to the operating system. @throws {Error} if that fails; it is all written with the next call. */
  write(): void {
    if (this.#pending.length === 0 && this.#isTailWritten) return;
    const settled = frame(this.#pending, this.#end);
    const tail = frame(this.#tail, this.#end + settled.length);
    const whole = Buffer.concat([settled, tail]);
    writeWhole(this.#fd, whole, this.#end);
    ftruncateSync(this.#fd, this.#end + whole.length);
    this.#end += settled.length;
    this.#pending = [];
    this.#isTailWritten = true;
  }

  close(): void {
    try {
      this.write();
    } finally {
      closeSync(this.#fd);
    }
  }
}

/** The whole records of a file; what follows a chunk that is torn or damaged is left out, as its writer was killed there.
 *  @throws {SyntaxError} if the file does not begin as such a log does. */
export function readTransactionLog(path: string): Uint8Array[] {
  const file = readFileSync(path);
  if (!file.subarray(0, HEADER.length).equals(HEADER))
    throw new SyntaxError(`Cannot read ${path}: expected a transaction log of W&B, got another file`);
  const records: Uint8Array[] = [];
  let chunks: Uint8Array[] = [];
  for (let at = HEADER.length; ; ) {
    const left = BLOCK_SIZE - (at % BLOCK_SIZE);
    if (left < CHUNK_HEADER_SIZE) at += left;
    if (at + CHUNK_HEADER_SIZE > file.length) return records;
    const size = file.readUInt16LE(at + 4);
    const type = file[at + 6]!;
    const data = file.subarray(at + CHUNK_HEADER_SIZE, at + CHUNK_HEADER_SIZE + size);
    if (data.length < size || crcOf(type, data) !== file.readUInt32LE(at)) return records;
    at += CHUNK_HEADER_SIZE + size;
    chunks.push(data);
    if (type !== FULL && type !== LAST) continue;
    records.push(chunks.length === 1 ? data : Buffer.concat(chunks));
    chunks = [];
  }
}

/** The bytes of records that begin at `offset` of the file. In one buffer: a run logs a record a step. */
function frame(records: readonly Uint8Array[], offset: number): Buffer {
  const bytes = Buffer.allocUnsafe(records.reduce((sum, { length }) => sum + mostBytes(length), 0));
  let length = 0;
  for (const record of records) {
    let start = 0;
    let isFirst = true;
    do {
      let left = BLOCK_SIZE - ((offset + length) % BLOCK_SIZE);
      if (left < CHUNK_HEADER_SIZE) {
        bytes.fill(0, length, length + left);
        length += left;
        left = BLOCK_SIZE;
      }
      const size = Math.min(record.length - start, left - CHUNK_HEADER_SIZE);
      const isLast = start + size === record.length;
      const data = isFirst && isLast ? record : record.subarray(start, start + size);
      const type = isFirst ? (isLast ? FULL : FIRST) : isLast ? LAST : MIDDLE;
      length = bytes.writeUInt32LE(crcOf(type, data), length);
      length = bytes.writeUInt16LE(size, length);
      bytes[length++] = type;
      bytes.set(data, length);
      length += size;
      start += size;
      isFirst = false; // a first chunk may be empty
    } while (start < record.length);
  }
  return bytes.subarray(0, length);
}

/** What a record takes at most: a header for each block that it touches, and a block's end that no header fits in. */
const mostBytes = (length: number): number =>
  length + CHUNK_HEADER_SIZE * (3 + Math.ceil(length / (BLOCK_SIZE - CHUNK_HEADER_SIZE)));

/** Node's crc32 of no bytes is 0, whatever it goes on from. */
function crcOf(type: number, data: Uint8Array): number {
  const ofType = CRC_OF_TYPE[type] ?? 0;
  return data.length === 0 ? ofType : crc32(data, ofType);
}

function writeWhole(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}

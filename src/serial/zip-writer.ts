// Writes zip archives as PyTorch lays them out: entries stored as they are, their data at multiples of 64 bytes.
import { crc32 } from 'node:zlib';
import { unwritable } from './problems.ts';
import {
  centralHeader,
  endRecord,
  flagUtf8,
  localHeader,
  maxZipBytes,
  maxZipEntries,
  signatures,
} from './zip-layout.ts';

/** Data starts at multiples of this, so that a reader can use it in place. PyTorch does the same. */
const alignment = 64;
/** The fewest bytes of an extra field: its tag "FB" and its length. */
const extraHeaderBytes = 4;
/** 1980-01-01, the first date that zip has: the same value gives the same bytes, whenever it is written. */
const date = 0x21;

/** An entry that has been written. */
export interface WrittenEntry {
  readonly name: string;
  readonly crc: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

/** Lays out an archive, chunk by chunk: `entry` for each, then `end`; all that they yield, in order, is the file.
 *  The chunks of the data are the caller's own arrays, not copies.
 */
export class ZipWriter {
  readonly #entries: WrittenEntry[] = [];
  #offset = 0;

  get entries(): readonly WrittenEntry[] {
    return this.#entries;
  }

  /** @throws {CheckpointError} if the archive would exceed 4 GiB or 65,534 entries. */
  *entry(name: string, bytes: Uint8Array): Generator<Uint8Array> {
    const headerOffset = this.#offset;
    const crc = crc32(bytes);
    const header = this.#localHeader(name, crc, bytes.length);
    requireSize(headerOffset + header.length + bytes.length);
    if (this.#entries.length === maxZipEntries) throw unwritable(`expected at most ${maxZipEntries} entries, got more`);
    this.#entries.push({ name, crc, sizeBytes: bytes.length, headerOffset });
    this.#offset += header.length + bytes.length;
    yield header;
    if (bytes.length > 0) yield bytes;
  }

  *end(): Generator<Uint8Array> {
    const directoryOffset = this.#offset;
    const records = this.#entries.map(centralRecord);
    const directoryBytes = records.reduce((sum, record) => sum + record.length, 0);
    requireSize(directoryOffset + directoryBytes + endRecord.bytes);
    const end = Buffer.alloc(endRecord.bytes);
    end.writeUInt32LE(signatures.end, 0);
    end.writeUInt16LE(records.length, endRecord.diskEntries);
    end.writeUInt16LE(records.length, endRecord.entries);
    end.writeUInt32LE(directoryBytes, endRecord.directoryBytes);
    end.writeUInt32LE(directoryOffset, endRecord.directoryOffset);
    yield Buffer.concat([...records, end]);
  }

  #localHeader(name: string, crc: number, sizeBytes: number): Buffer {
    const encoded = Buffer.from(name);
    const unpadded = this.#offset + localHeader.bytes + encoded.length + extraHeaderBytes;
    const padding = (alignment - (unpadded % alignment)) % alignment;
    const header = Buffer.alloc(localHeader.bytes + encoded.length + extraHeaderBytes + padding, 'Z');
    header.fill(0, 0, localHeader.bytes);
    header.writeUInt32LE(signatures.local, 0);
    header.writeUInt16LE(flagUtf8, localHeader.flags);
    header.writeUInt16LE(date, localHeader.date);
    header.writeUInt32LE(crc, localHeader.crc);
    header.writeUInt32LE(sizeBytes, localHeader.storedBytes);
    header.writeUInt32LE(sizeBytes, localHeader.plainBytes);
    header.writeUInt16LE(encoded.length, localHeader.nameBytes);
    header.writeUInt16LE(extraHeaderBytes + padding, localHeader.extraBytes);
    encoded.copy(header, localHeader.bytes);
    const extra = localHeader.bytes + encoded.length;
    header.write('FB', extra, 'latin1');
    header.writeUInt16LE(padding, extra + 2);
    return header;
  }
}

function centralRecord(entry: WrittenEntry): Buffer {
  const encoded = Buffer.from(entry.name);
  const record = Buffer.alloc(centralHeader.bytes + encoded.length);
  record.writeUInt32LE(signatures.central, 0);
  record.writeUInt16LE(flagUtf8, centralHeader.flags);
  record.writeUInt16LE(date, centralHeader.date);
  record.writeUInt32LE(entry.crc, centralHeader.crc);
  record.writeUInt32LE(entry.sizeBytes, centralHeader.storedBytes);
  record.writeUInt32LE(entry.sizeBytes, centralHeader.plainBytes);
  record.writeUInt16LE(encoded.length, centralHeader.nameBytes);
  record.writeUInt32LE(entry.headerOffset, centralHeader.headerOffset);
  encoded.copy(record, centralHeader.bytes);
  return record;
}

function requireSize(sizeBytes: number): void {
  if (sizeBytes <= maxZipBytes) return;
  throw unwritable(
    `expected at most 4 GiB (zip64 is not supported), got ${sizeBytes} bytes; save the tensors in several files`,
  );
}

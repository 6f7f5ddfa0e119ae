// Writes zip archives byte for byte as PyTorch lays them out: entries as they are, their data at multiples of 64 bytes, CRC and sizes behind it.
import { type Checksum, plainChecksum } from './checksum.ts';
import {
  centralHeader,
  end64Record,
  endRecord,
  flagDescriptor,
  flagUtf8,
  localHeader,
  locator,
  marker16,
  marker32,
  signatures,
  zip64Tag,
} from './zip-layout.ts';

/** Data starts at multiples of this, so that a reader can use it in place. */
export const alignment = 64;
/** An extra field's tag and length. */
const extraHeaderBytes = 4;
/** What is given to the checksum, and written, at a time: it fits into a processor's cache, so that the system's copy of it does not wait for memory. */
const chunkBytes = 1 << 20;
/** Versions that PyTorch's zip64 end record names. */
const end64Versions = { createdBy: 0x031e, needed: 0x002d } as const;

/** An entry that has been written. */
export interface WrittenEntry {
  readonly name: string;
  readonly crc: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

/** Lays out an archive, chunk by chunk: `entry` for each, then `end`; all that they yield, in order, is the file.
 *  The chunks of the data are views of the caller's own arrays, not copies. Equal contents give equal bytes, whenever they are written.
 *  Source: miniz as PyTorch uses it; `torch.load` computes where storages lie from this very layout (`.format_version` 1).
 */
export class ZipWriter {
  readonly #checksum: Checksum;
  readonly #entries: WrittenEntry[] = [];
  #offset: number;

  /** @param options.offset - where in the file the archive's first byte comes to lie. Default 0; for tests of large files. */
  constructor({ checksum = plainChecksum, offset = 0 }: { checksum?: Checksum | undefined; offset?: number } = {}) {
    this.#checksum = checksum;
    this.#offset = offset;
  }

  get entries(): readonly WrittenEntry[] {
    return this.#entries;
  }

  /** @param known - the CRC of the bytes, which are then one chunk. */
  *entry(name: string, bytes: Uint8Array, known?: number): Generator<Uint8Array> {
    const headerOffset = this.#offset;
    const sizeBytes = bytes.length;
    yield this.#write(localRecord(name, sizeBytes, headerOffset));
    let crc = known ?? 0;
    if (known !== undefined && sizeBytes > 0) yield this.#write(bytes);
    for (let start = 0; known === undefined && start < sizeBytes; start += chunkBytes) {
      const chunk = bytes.subarray(start, start + chunkBytes);
      crc = this.#checksum(chunk, crc);
      yield this.#write(chunk);
    }
    const entry = { name, crc, sizeBytes, headerOffset };
    this.#entries.push(entry);
    if (sizeBytes > 0) yield this.#write(descriptor(entry));
  }

  *end(): Generator<Uint8Array> {
    const directoryOffset = this.#offset;
    const directory = Buffer.concat(this.#entries.map(centralRecord));
    yield this.#write(directory);
    yield this.#write(endRecords(this.#entries.length, directoryOffset, directory.length));
  }

  #write(chunk: Uint8Array): Uint8Array {
    this.#offset += chunk.length;
    return chunk;
  }
}

const flagsOf = (sizeBytes: number): number => (sizeBytes > 0 ? flagUtf8 | flagDescriptor : flagUtf8);

/** The extra field for what 32 bits do not hold; empty where they do. */
function zip64Extra(sizeBytes: number, headerOffset: number): Buffer {
  const numbers = [
    ...(sizeBytes >= marker32 ? [sizeBytes, sizeBytes] : []),
    ...(headerOffset >= marker32 ? [headerOffset] : []),
  ];
  if (numbers.length === 0) return Buffer.alloc(0);
  const extra = Buffer.alloc(extraHeaderBytes + 8 * numbers.length);
  extra.writeUInt16LE(zip64Tag, 0);
  extra.writeUInt16LE(8 * numbers.length, 2);
  for (const [index, value] of numbers.entries()) writeCount(extra, value, extraHeaderBytes + 8 * index);
  return extra;
}

function localRecord(name: string, sizeBytes: number, headerOffset: number): Buffer {
  const encoded = Buffer.from(name);
  const large = zip64Extra(sizeBytes, headerOffset);
  const unpadded = localHeader.bytes + encoded.length + large.length + extraHeaderBytes;
  const padding = (alignment - ((headerOffset + unpadded) % alignment)) % alignment;
  const record = Buffer.alloc(unpadded + padding, 'Z');
  record.fill(0, 0, localHeader.bytes);
  record.writeUInt32LE(signatures.local, 0);
  record.writeUInt16LE(flagsOf(sizeBytes), localHeader.flags);
  record.writeUInt16LE(encoded.length, localHeader.nameBytes);
  record.writeUInt16LE(large.length + extraHeaderBytes + padding, localHeader.extraBytes);
  encoded.copy(record, localHeader.bytes);
  large.copy(record, localHeader.bytes + encoded.length);
  const filler = localHeader.bytes + encoded.length + large.length;
  record.write('FB', filler, 'latin1');
  record.writeUInt16LE(padding, filler + 2);
  return record;
}

/** CRC and sizes behind the data; sizes of 8 bytes where the header has a zip64 field, whatever it holds. */
function descriptor({ crc, sizeBytes, headerOffset }: WrittenEntry): Buffer {
  const isLarge = sizeBytes >= marker32 || headerOffset >= marker32;
  const record = Buffer.alloc(isLarge ? 24 : 16);
  record.writeUInt32LE(signatures.descriptor, 0);
  record.writeUInt32LE(crc, 4);
  if (isLarge) {
    writeCount(record, sizeBytes, 8);
    writeCount(record, sizeBytes, 16);
  } else {
    record.writeUInt32LE(sizeBytes, 8);
    record.writeUInt32LE(sizeBytes, 12);
  }
  return record;
}

function centralRecord({ name, crc, sizeBytes, headerOffset }: WrittenEntry): Buffer {
  const encoded = Buffer.from(name);
  const large = zip64Extra(sizeBytes, headerOffset);
  const record = Buffer.alloc(centralHeader.bytes);
  record.writeUInt32LE(signatures.central, 0);
  record.writeUInt16LE(flagsOf(sizeBytes), centralHeader.flags);
  record.writeUInt32LE(crc, centralHeader.crc);
  record.writeUInt32LE(Math.min(sizeBytes, marker32), centralHeader.storedBytes);
  record.writeUInt32LE(Math.min(sizeBytes, marker32), centralHeader.plainBytes);
  record.writeUInt16LE(encoded.length, centralHeader.nameBytes);
  record.writeUInt16LE(large.length, centralHeader.extraBytes);
  record.writeUInt32LE(Math.min(headerOffset, marker32), centralHeader.headerOffset);
  return Buffer.concat([record, encoded, large]);
}

/** The zip64 end record, what points at it, and the end record, which PyTorch writes whatever the size. */
function endRecords(numEntries: number, directoryOffset: number, directoryBytes: number): Buffer {
  const end64 = Buffer.alloc(end64Record.bytes);
  end64.writeUInt32LE(signatures.end64, 0);
  writeCount(end64, end64Record.bytes - end64Record.lengthStart, end64Record.length);
  end64.writeUInt16LE(end64Versions.createdBy, end64Record.createdBy);
  end64.writeUInt16LE(end64Versions.needed, end64Record.needed);
  writeCount(end64, numEntries, end64Record.diskEntries);
  writeCount(end64, numEntries, end64Record.entries);
  writeCount(end64, directoryBytes, end64Record.directoryBytes);
  writeCount(end64, directoryOffset, end64Record.directoryOffset);
  const pointer = Buffer.alloc(locator.bytes);
  pointer.writeUInt32LE(signatures.locator, 0);
  writeCount(pointer, directoryOffset + directoryBytes, locator.end64Offset);
  pointer.writeUInt32LE(1, locator.numDisks);
  const end = Buffer.alloc(endRecord.bytes);
  end.writeUInt32LE(signatures.end, 0);
  end.writeUInt16LE(Math.min(numEntries, marker16), endRecord.diskEntries);
  end.writeUInt16LE(Math.min(numEntries, marker16), endRecord.entries);
  end.writeUInt32LE(Math.min(directoryBytes, marker32), endRecord.directoryBytes);
  end.writeUInt32LE(Math.min(directoryOffset, marker32), endRecord.directoryOffset);
  return Buffer.concat([end64, pointer, end]);
}

function writeCount(record: Buffer, value: number, at: number): void {
  record.writeBigUInt64LE(BigInt(value), at);
}

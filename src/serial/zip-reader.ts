// Reads zip archives of stored entries from memory, trusting nothing: the directory, the local headers and every CRC must agree.
import { crc32 } from 'node:zlib';
import { unreadable } from './problems.ts';
import {
  centralHeader,
  endRecord,
  flagDescriptor,
  flagsEncrypted,
  localHeader,
  signatures,
  zip64Marker16,
  zip64Marker32,
} from './zip-layout.ts';

/** An entry whose place in the file has been checked, and whose bytes have not. */
export interface ZipEntry {
  readonly name: string;
  readonly crc: number;
  /** A view into the file. */
  readonly bytes: Uint8Array;
}

interface CentralRecord {
  readonly name: string;
  readonly flags: number;
  readonly crc: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

/** The entries of an archive by name, in the directory's order. Cost: proportional to the number of entries; their data is not touched.
 *  @throws {CheckpointError} if the archive is damaged, or an entry is compressed, encrypted, doubled, or overlaps another.
 */
export function readZipDirectory(file: Uint8Array): ReadonlyMap<string, ZipEntry> {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const end = findEnd(buffer);
  const records = readCentralRecords(buffer, end);
  const entries = new Map<string, ZipEntry>();
  for (const record of records)
    entries.set(record.name, { name: record.name, crc: record.crc, bytes: new Uint8Array() });
  if (entries.size !== records.length) throw unreadable('expected a zip with one entry a name, got a name twice');

  let free = 0; // first byte that no entry has claimed
  for (const record of [...records].sort((a, b) => a.headerOffset - b.headerOffset)) {
    if (record.headerOffset < free) throw damaged(`entry "${record.name}" overlaps another`);
    const start = readDataStart(buffer, record);
    free = start + record.sizeBytes;
    if (free > end.directoryOffset) throw damaged(`entry "${record.name}" reaches into the directory`);
    entries.set(record.name, { name: record.name, crc: record.crc, bytes: file.subarray(start, free) });
  }
  return entries;
}

/** The bytes of an entry, a view into the file.
 *  @throws {CheckpointError} if their CRC is not the recorded one.
 */
export function readZipEntry(entry: ZipEntry): Uint8Array {
  const actual = crc32(entry.bytes);
  if (actual === entry.crc) return entry.bytes;
  throw unreadable(`expected CRC ${hex(entry.crc)} of entry "${entry.name}", got ${hex(actual)}: the file is damaged`);
}

interface End {
  readonly numEntries: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

/** Finds the end record, which a comment of up to 65,535 bytes may follow. */
function findEnd(file: Buffer): End {
  const first = Math.max(0, file.length - endRecord.bytes - 0xffff);
  for (let at = file.length - endRecord.bytes; at >= first; at--) {
    if (file.readUInt32LE(at) !== signatures.end) continue;
    if (at + endRecord.bytes + file.readUInt16LE(at + endRecord.commentBytes) === file.length) return readEnd(file, at);
  }
  throw unreadable('expected a zip file with its directory at the end, got none: it is truncated or of another kind');
}

function readEnd(file: Buffer, at: number): End {
  const numEntries = file.readUInt16LE(at + endRecord.entries);
  const directoryBytes = file.readUInt32LE(at + endRecord.directoryBytes);
  const directoryOffset = file.readUInt32LE(at + endRecord.directoryOffset);
  if (numEntries === zip64Marker16 || [directoryBytes, directoryOffset].includes(zip64Marker32)) throw zip64();
  const disks = file.readUInt16LE(at + endRecord.disk) + file.readUInt16LE(at + endRecord.directoryDisk);
  if (disks !== 0 || file.readUInt16LE(at + endRecord.diskEntries) !== numEntries) throw damaged('it spans disks');
  if (directoryOffset + directoryBytes > at) throw damaged('the directory reaches beyond its end');
  return { numEntries, directoryOffset, directoryBytes };
}

function readCentralRecords(file: Buffer, end: End): CentralRecord[] {
  const records: CentralRecord[] = [];
  const limit = end.directoryOffset + end.directoryBytes;
  let at = end.directoryOffset;
  for (let index = 0; index < end.numEntries; index++) {
    if (at + centralHeader.bytes > limit || file.readUInt32LE(at) !== signatures.central) {
      throw damaged(`no directory record ${index}`);
    }
    const nameStart = at + centralHeader.bytes;
    const nameEnd = nameStart + file.readUInt16LE(at + centralHeader.nameBytes);
    const next =
      nameEnd + file.readUInt16LE(at + centralHeader.extraBytes) + file.readUInt16LE(at + centralHeader.commentBytes);
    if (next > limit) throw damaged(`directory record ${index} is cut off`);
    records.push(readCentralRecord(file, at, file.toString('utf8', nameStart, nameEnd)));
    at = next;
  }
  if (at !== limit) throw damaged('the directory holds more than its records');
  return records;
}

function readCentralRecord(file: Buffer, at: number, name: string): CentralRecord {
  const flags = file.readUInt16LE(at + centralHeader.flags);
  const sizeBytes = file.readUInt32LE(at + centralHeader.plainBytes);
  const headerOffset = file.readUInt32LE(at + centralHeader.headerOffset);
  if ([sizeBytes, headerOffset].includes(zip64Marker32)) throw zip64();
  if ((flags & flagsEncrypted) !== 0) throw unreadable(`expected entry "${name}" in the clear, got an encrypted one`);
  const method = file.readUInt16LE(at + centralHeader.method);
  if (method !== 0) throw unreadable(`expected entry "${name}" stored, got compression method ${method}`);
  if (file.readUInt32LE(at + centralHeader.storedBytes) !== sizeBytes) throw damaged(`entry "${name}" has two sizes`);
  if (file.readUInt16LE(at + centralHeader.disk) !== 0) throw damaged('it spans disks');
  return { name, flags, crc: file.readUInt32LE(at + centralHeader.crc), sizeBytes, headerOffset };
}

/** Checks an entry's local header against the directory. @returns where its data starts. */
function readDataStart(file: Buffer, record: CentralRecord): number {
  const at = record.headerOffset;
  if (at + localHeader.bytes > file.length || file.readUInt32LE(at) !== signatures.local) {
    throw damaged(`entry "${record.name}" has no header`);
  }
  const nameStart = at + localHeader.bytes;
  const nameEnd = nameStart + file.readUInt16LE(at + localHeader.nameBytes);
  const isSame =
    file.toString('utf8', nameStart, nameEnd) === record.name &&
    file.readUInt16LE(at + localHeader.flags) === record.flags &&
    file.readUInt16LE(at + localHeader.method) === 0;
  const sums = [localHeader.crc, localHeader.storedBytes, localHeader.plainBytes].map((field) =>
    file.readUInt32LE(at + field),
  );
  const isLater = (record.flags & flagDescriptor) !== 0 && sums.every((sum) => sum === 0);
  const isSum = sums[0] === record.crc && sums[1] === record.sizeBytes && sums[2] === record.sizeBytes;
  if (!isSame || !(isLater || isSum)) throw damaged(`the header of entry "${record.name}" contradicts the directory`);
  return nameEnd + file.readUInt16LE(at + localHeader.extraBytes);
}

function damaged(how: string): Error {
  return unreadable(`expected an intact zip file, got a damaged one: ${how}`);
}

function zip64(): Error {
  return unreadable('expected a zip file below 4 GiB and 65,535 entries, got a zip64 one, which is not supported');
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

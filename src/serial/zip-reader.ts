// Reads zip archives of stored entries, zip64 included, trusting nothing: the directory, the local headers and every CRC must agree.
import type { Checksum } from './checksum.ts';
import { unreadable } from './problems.ts';
import type { Piece, Reading } from './reading.ts';
import {
  centralHeader,
  end64Record,
  endRecord,
  flagDescriptor,
  flagsEncrypted,
  localHeader,
  locator,
  marker16,
  marker32,
  signatures,
  zip64Tag,
} from './zip-layout.ts';

/** What the directory says of an entry. */
export interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  /** 0 where the bytes are stored as they are; others are refused when they are read. */
  readonly method: number;
  readonly crc: number;
  /** As stored. */
  readonly sizeBytes: number;
  readonly headerOffset: number;
  /** Where what comes behind the entry begins: header and data must end before. */
  readonly limit: number;
}

/** What becomes of an entry's bytes. Without any of both they are only checked. */
export interface Sink {
  /** Memory that they are read into, as long as the entry. */
  readonly into?: Uint8Array | undefined;
  /** Given all of them; a view where the archive lies in memory. */
  readonly take?: ((bytes: Uint8Array) => void) | undefined;
}

/** What lies between entries is read over up to this size. */
const maxGapBytes = 1 << 20;
/** Enough for the header of any entry of PyTorch's. */
const likelyHeaderBytes = 512;
/** At multiples of this PyTorch lets data begin. */
const usualAlignment = 64;
const maxCommentBytes = 0xffff;

/** The entries of an archive by name, in the directory's order. Cost: proportional to the number of entries; their data is not touched.
 *  @throws {CheckpointError} if the directory is damaged, or an entry is encrypted, doubled, or where another is.
 */
export function* readDirectory(sizeBytes: number): Reading<ReadonlyMap<string, ZipEntry>> {
  const end = yield* findEnd(sizeBytes);
  const directory = yield { offset: end.directoryOffset, numBytes: end.directoryBytes };
  const records = centralRecords(bufferOf(directory), end);
  const inOrder = [...records].sort((a, b) => a.headerOffset - b.headerOffset);
  const limits = new Map(
    inOrder.map((record, index) => [record, inOrder[index + 1]?.headerOffset ?? end.directoryOffset]),
  );
  const entries = new Map<string, ZipEntry>();
  for (const record of records) {
    const limit = limits.get(record)!;
    if (record.headerOffset + localHeader.bytes + record.sizeBytes > limit) throw tooLong(record.name, limit, end);
    entries.set(record.name, { ...record, limit });
  }
  if (entries.size !== records.length) throw unreadable('expected a zip with one entry a name, got a name twice');
  return entries;
}

/** Reads entries and checks each against its header and its CRC. What lies together is read in one run.
 *  @param alignment - of the data, as the archive says: where it is another, reading takes longer.
 *  @throws {CheckpointError} for the first that is damaged.
 */
export function* readEntries(
  sinks: ReadonlyMap<ZipEntry, Sink>,
  checksum: Checksum,
  alignment = usualAlignment,
): Reading<void> {
  const inOrder = [...sinks.keys()].sort((a, b) => a.headerOffset - b.headerOffset);
  const elsewhere: ZipEntry[] = [];
  for (let first = 0; first < inOrder.length; ) {
    const pieces: Piece[] = [];
    const offset = inOrder[first]!.headerOffset;
    let end = offset;
    for (; inOrder[first]?.headerOffset === end; first++) {
      const entry = inOrder[first]!;
      const dataStart = likelyDataStart(entry, alignment);
      const gap = entry.limit - entry.headerOffset - dataStart - entry.sizeBytes;
      if (gap < 0) {
        elsewhere.push(entry);
        first++;
        break;
      }
      pieces.push(...entryPieces(entry, dataStart, sinks.get(entry)!, checksum, () => elsewhere.push(entry)));
      if (gap <= maxGapBytes) pieces.push({ numBytes: gap });
      end = entry.limit - (gap <= maxGapBytes ? 0 : gap);
    }
    if (pieces.length > 0) yield { offset, pieces };
  }
  for (const entry of elsewhere) {
    const dataStart = (yield* locateEntry(entry)) - entry.headerOffset;
    const [, data] = entryPieces(entry, dataStart, sinks.get(entry)!, checksum, () => undefined);
    yield { offset: entry.headerOffset + dataStart, pieces: [data!] };
  }
}

/** Where the data of an entry begins, from its header's start, if PyTorch wrote it. */
function likelyDataStart({ name, sizeBytes, headerOffset }: ZipEntry, alignment: number): number {
  const isLarge = sizeBytes >= marker32;
  const isFar = headerOffset >= marker32;
  const large = isLarge || isFar ? 4 + (isLarge ? 16 : 0) + (isFar ? 8 : 0) : 0;
  const header = localHeader.bytes + Buffer.byteLength(name) + 4 + large;
  return Math.ceil((headerOffset + header) / alignment) * alignment - headerOffset;
}

/** An entry's header and data. @param onElsewhere - called where its data begins elsewhere, which then means nothing. */
function entryPieces(
  entry: ZipEntry,
  dataStart: number,
  { into, take }: Sink,
  checksum: Checksum,
  onElsewhere: () => void,
): Piece[] {
  let isElsewhere = false;
  let crc = 0;
  let left = entry.sizeBytes;
  const header = (bytes: Uint8Array): void => {
    isElsewhere = fixedHeader(bufferOf(bytes), entry) !== dataStart;
    if (isElsewhere) onElsewhere();
    else requireName(bufferOf(bytes), entry);
  };
  const data = (part: Uint8Array): void => {
    if (isElsewhere) return;
    crc = checksum(part, crc);
    left -= part.length;
    if (left > 0) return;
    requireCrc(entry, crc);
    take?.(plainView(part)); // which is all of them, as they are kept
  };
  return [
    { numBytes: dataStart, isWhole: true, each: header },
    { numBytes: entry.sizeBytes, into, isKept: take !== undefined, each: data },
  ];
}

/** Where the data of an entry begins in the archive. Its CRC is not checked. */
export function* locateEntry(entry: ZipEntry): Reading<number> {
  const span = entry.limit - entry.headerOffset;
  const first = bufferOf(yield { offset: entry.headerOffset, numBytes: Math.min(span, likelyHeaderBytes) });
  const dataStart = fixedHeader(first, entry);
  const isWhole = dataStart <= first.length;
  const header = isWhole ? first : bufferOf(yield { offset: entry.headerOffset, numBytes: dataStart });
  requireName(header, entry);
  return entry.headerOffset + dataStart;
}

interface End {
  readonly numEntries: number;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

type CentralRecord = Omit<ZipEntry, 'limit'>;

/** Finds the end record, which a comment of up to 65,535 bytes may follow, and the zip64 one before it. */
function* findEnd(sizeBytes: number): Reading<End> {
  const numBytes = Math.min(sizeBytes, endRecord.bytes + maxCommentBytes + locator.bytes);
  const start = sizeBytes - numBytes;
  const tail = bufferOf(yield { offset: start, numBytes });
  const first = Math.max(0, tail.length - endRecord.bytes - maxCommentBytes);
  for (let at = tail.length - endRecord.bytes; at >= first; at--) {
    if (tail.readUInt32LE(at) !== signatures.end) continue;
    if (at + endRecord.bytes + tail.readUInt16LE(at + endRecord.commentBytes) !== tail.length) continue;
    const end = shortEnd(tail, at);
    const pointer = at - locator.bytes;
    if (pointer < 0 || tail.readUInt32LE(pointer) !== signatures.locator) return requirePlaced(end, start + at);
    return yield* longEnd(tail, pointer, start + pointer, end);
  }
  throw unreadable('expected a zip file with its directory at the end, got none: it is truncated or of another kind');
}

function shortEnd(tail: Buffer, at: number): End {
  const numEntries = tail.readUInt16LE(at + endRecord.entries);
  const disks = tail.readUInt16LE(at + endRecord.disk) + tail.readUInt16LE(at + endRecord.directoryDisk);
  if (disks !== 0 || tail.readUInt16LE(at + endRecord.diskEntries) !== numEntries) throw damaged('it spans disks');
  return {
    numEntries,
    directoryBytes: tail.readUInt32LE(at + endRecord.directoryBytes),
    directoryOffset: tail.readUInt32LE(at + endRecord.directoryOffset),
  };
}

/** The zip64 end record, which must say what the short one says, as far as that can. */
function* longEnd(tail: Buffer, pointer: number, pointerOffset: number, short: End): Reading<End> {
  const isOneDisk =
    tail.readUInt32LE(pointer + locator.disk) === 0 && tail.readUInt32LE(pointer + locator.numDisks) <= 1;
  const offset = count(tail, pointer + locator.end64Offset);
  if (!isOneDisk) throw damaged('it spans disks');
  if (offset + end64Record.bytes > pointerOffset) throw damaged('its zip64 end record is not before the end');
  const record = bufferOf(yield { offset, numBytes: end64Record.bytes });
  const isRecord =
    record.readUInt32LE(0) === signatures.end64 &&
    offset + end64Record.lengthStart + count(record, end64Record.length) === pointerOffset;
  if (!isRecord) throw damaged('its zip64 end record is not where it should be');
  const end = {
    numEntries: count(record, end64Record.entries),
    directoryBytes: count(record, end64Record.directoryBytes),
    directoryOffset: count(record, end64Record.directoryOffset),
  };
  const disks = record.readUInt32LE(end64Record.disk) + record.readUInt32LE(end64Record.directoryDisk);
  if (disks !== 0 || count(record, end64Record.diskEntries) !== end.numEntries) throw damaged('it spans disks');
  const isSame =
    [end.numEntries, marker16].includes(short.numEntries) &&
    [end.directoryBytes, marker32].includes(short.directoryBytes) &&
    [end.directoryOffset, marker32].includes(short.directoryOffset);
  if (!isSame) throw damaged('its two end records contradict each other');
  return requirePlaced(end, offset);
}

function requirePlaced(end: End, at: number): End {
  if (end.directoryOffset + end.directoryBytes > at) throw damaged('the directory reaches beyond its end');
  if (end.numEntries * centralHeader.bytes > end.directoryBytes) throw damaged('the directory is too short');
  return end;
}

function centralRecords(directory: Buffer, { numEntries }: End): CentralRecord[] {
  const records: CentralRecord[] = [];
  let at = 0;
  for (let index = 0; index < numEntries; index++) {
    if (at + centralHeader.bytes > directory.length || directory.readUInt32LE(at) !== signatures.central) {
      throw damaged(`no directory record ${index}`);
    }
    const nameStart = at + centralHeader.bytes;
    const extraStart = nameStart + directory.readUInt16LE(at + centralHeader.nameBytes);
    const extraEnd = extraStart + directory.readUInt16LE(at + centralHeader.extraBytes);
    const next = extraEnd + directory.readUInt16LE(at + centralHeader.commentBytes);
    if (next > directory.length) throw damaged(`directory record ${index} is cut off`);
    const name = directory.toString('utf8', nameStart, extraStart);
    records.push(centralRecord(directory.subarray(at, nameStart), name, directory.subarray(extraStart, extraEnd)));
    at = next;
  }
  if (at !== directory.length) throw damaged('the directory holds more than its records');
  return records;
}

function centralRecord(record: Buffer, name: string, extra: Buffer): CentralRecord {
  const flags = record.readUInt16LE(centralHeader.flags);
  if ((flags & flagsEncrypted) !== 0) throw unreadable(`expected entry "${name}" in the clear, got an encrypted one`);
  const method = record.readUInt16LE(centralHeader.method);
  if (record.readUInt16LE(centralHeader.disk) !== 0) throw damaged('it spans disks');
  const fields = [centralHeader.plainBytes, centralHeader.storedBytes, centralHeader.headerOffset];
  const [plainBytes, sizeBytes, headerOffset] = widened(
    fields.map((field) => record.readUInt32LE(field)),
    extra,
    name,
  ) as [number, number, number];
  if (method === 0 && plainBytes !== sizeBytes) throw damaged(`entry "${name}" has two sizes`);
  return { name, flags, method, crc: record.readUInt32LE(centralHeader.crc), sizeBytes, headerOffset };
}

/** Sizes and offset of an entry: those that are all ones stand in the zip64 field, in this order. */
function widened(numbers: readonly number[], extra: Buffer, name: string): number[] {
  let field: Buffer | undefined;
  for (let at = 0; at + 4 <= extra.length && field === undefined; ) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === zip64Tag) field = extra.subarray(at + 4, end);
    at = end;
  }
  let next = 0;
  return numbers.map((value) => {
    if (value !== marker32) return value;
    if (field === undefined || next + 8 > field.length) throw damaged(`entry "${name}" has no zip64 sizes`);
    next += 8;
    return count(field, next - 8);
  });
}

function requireName(header: Buffer, entry: ZipEntry): void {
  const end = localHeader.bytes + header.readUInt16LE(localHeader.nameBytes);
  if (end > header.length || header.toString('utf8', localHeader.bytes, end) !== entry.name) throw contradicts(entry);
}

/** Checks the fields of a local header. @returns where data begins, from its start. */
function fixedHeader(header: Buffer, entry: ZipEntry): number {
  if (entry.method !== 0)
    throw unreadable(`expected entry "${entry.name}" stored, got it compressed by method ${entry.method}`);
  if (header.length < localHeader.bytes || header.readUInt32LE(0) !== signatures.local) {
    throw damaged(`entry "${entry.name}" has no header`);
  }
  const sums = [localHeader.crc, localHeader.storedBytes, localHeader.plainBytes].map((field) =>
    header.readUInt32LE(field),
  );
  const isSize = (sum: number | undefined): boolean => sum === Math.min(entry.sizeBytes, marker32);
  const isLater = (entry.flags & flagDescriptor) !== 0 && sums.every((sum) => sum === 0);
  const isSum = sums[0] === entry.crc && isSize(sums[1]) && isSize(sums[2]);
  const isPlain =
    header.readUInt16LE(localHeader.flags) === entry.flags && header.readUInt16LE(localHeader.method) === 0;
  if (!isPlain || !(isLater || isSum)) throw contradicts(entry);
  const nameBytes = header.readUInt16LE(localHeader.nameBytes);
  const dataStart = localHeader.bytes + nameBytes + header.readUInt16LE(localHeader.extraBytes);
  if (entry.headerOffset + dataStart + entry.sizeBytes > entry.limit) {
    throw damaged(`entry "${entry.name}" overlaps another or the directory`);
  }
  return dataStart;
}

function requireCrc({ name, crc }: ZipEntry, actual: number): void {
  if (actual === crc) return;
  throw unreadable(`expected CRC ${hex(crc)} of entry "${name}", got ${hex(actual)}: the file is damaged`);
}

/** A count of 8 bytes; one above 2^53 comes out rounded, which is still more than any file has. */
function count(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A plain array: Buffer's slice() is a view where that of a Uint8Array is a copy. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function tooLong(name: string, limit: number, end: End): Error {
  const what = limit === end.directoryOffset ? 'reaches into the directory' : 'overlaps another';
  return damaged(`entry "${name}" ${what}`);
}

function contradicts({ name }: ZipEntry): Error {
  return damaged(`the header of entry "${name}" contradicts the directory`);
}

function damaged(how: string): Error {
  return unreadable(`expected an intact zip file, got a damaged one: ${how}`);
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

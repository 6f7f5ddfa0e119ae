// Unpacks parts of a Python wheel, which is a zip file, checking every file's CRC-32.
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { makeFolder } from './cache.ts';

interface Entry {
  readonly name: string;
  readonly crc: number;
  readonly isDeflated: boolean;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly headerOffset: number;
}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const localHeader = 0x04034b50;
const longestEnd = 22 + 0xffff;

/** How many files are unpacked at once: enough that the two large libraries do not wait for nine thousand headers. */
const numAtOnce = 8;

/** Unpacks the entries whose names begin with one of `prefixes` into `target`, and counts them.
 *  Source: PKWARE APPNOTE 6.3.10, without ZIP64 (wheels of the CPU build stay far below 4 GiB and 65,535 files).
 *  @throws {SyntaxError} if the file is not a whole zip file, or an entry's CRC-32 or size is not the recorded one. */
export async function unpackWheel(wheelPath: string, prefixes: readonly string[], target: string): Promise<number> {
  const file = await open(wheelPath);
  try {
    const entries = (await readDirectory(file, wheelPath)).filter(
      (entry) => !entry.name.endsWith('/') && prefixes.some((prefix) => entry.name.startsWith(prefix)),
    );
    const queue = entries.toSorted((a, b) => b.unpackedBytes - a.unpackedBytes);
    const workers = Array.from({ length: numAtOnce }, async () => {
      try {
        for (let entry = queue.shift(); entry; entry = queue.shift()) await unpackEntry(file, wheelPath, entry, target);
      } catch (error) {
        queue.length = 0;
        throw error;
      }
    });
    // All have ended before this throws: none writes on while the caller clears up.
    for (const outcome of await Promise.allSettled(workers)) if (outcome.status === 'rejected') throw outcome.reason;
    return entries.length;
  } finally {
    await file.close();
  }
}

async function readDirectory(file: FileHandle, wheelPath: string): Promise<Entry[]> {
  const { size } = await file.stat();
  const tail = await readBytes(file, Math.max(0, size - longestEnd), Math.min(size, longestEnd));
  const end = findEnd(tail);
  if (end < 0) throw broken(wheelPath, 'a zip directory at its end', `${size} bytes without one`);
  const numEntries = tail.readUInt16LE(end + 10);
  const directory = await readBytes(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries: Entry[] = [];
  let at = 0;
  for (let i = 0; i < numEntries; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== directoryEntry) {
      throw broken(wheelPath, `${numEntries} directory entries`, `${i}`);
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      crc: directory.readUInt32LE(at + 16),
      isDeflated: directory.readUInt16LE(at + 10) === 8,
      packedBytes: directory.readUInt32LE(at + 20),
      unpackedBytes: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(tail: Buffer): number {
  for (let at = tail.length - 22; at >= 0; at--) {
    if (tail.readUInt32LE(at) === endOfDirectory && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return at;
  }
  return -1;
}

async function unpackEntry(file: FileHandle, wheelPath: string, entry: Entry, target: string): Promise<void> {
  const path = join(target, normalize(entry.name));
  if (!path.startsWith(join(target, '/'))) throw broken(wheelPath, 'names inside the wheel', `"${entry.name}"`);
  const header = await readBytes(file, entry.headerOffset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== localHeader) {
    throw broken(wheelPath, `a header of "${entry.name}" at ${entry.headerOffset}`, 'other bytes');
  }
  const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  let crc = 0;
  let numBytes = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = crc32(chunk, crc);
      numBytes += chunk.length;
      done(null, chunk);
    },
  });
  makeFolder(dirname(path));
  const packed = createReadStream(wheelPath, { start, end: start + entry.packedBytes - 1, highWaterMark: 1 << 20 });
  const unpacked = createWriteStream(path, { highWaterMark: 1 << 20 });
  if (entry.packedBytes === 0) {
    packed.destroy();
    await pipeline([], unpacked);
  } else if (entry.isDeflated) {
    const inflate = createInflateRaw({ chunkSize: 1 << 18 });
    await pipeline(packed, inflate, check, unpacked).catch((error: NodeJS.ErrnoException) => {
      throw error.code?.startsWith('Z_')
        ? broken(wheelPath, `"${entry.name}" as deflated bytes`, error.message)
        : error;
    });
  } else {
    await pipeline(packed, check, unpacked);
  }
  if (crc !== entry.crc || numBytes !== entry.unpackedBytes) {
    throw broken(
      wheelPath,
      `"${entry.name}" with ${entry.unpackedBytes} bytes, CRC ${entry.crc}`,
      `${numBytes} bytes, CRC ${crc}`,
    );
  }
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function broken(wheelPath: string, wanted: string, got: string): SyntaxError {
  return new SyntaxError(
    `Cannot unpack "${wheelPath}": expected ${wanted}, got ${got}; the file is damaged or cut short`,
  );
}

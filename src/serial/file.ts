// Checkpoints on disk: a write that leaves the old file or the new one whole whatever happens, and a read that trusts nothing.
import { randomBytes } from 'node:crypto';
import { closeSync, fdatasync, fsync, openSync, writeSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readCheckpoint } from './decode.ts';
import type { DecodeOptions } from './decode-options.ts';
import { inFile } from './problems.ts';
import { type EncodeOptions, encodeCheckpoint } from './pytorch-zip.ts';
import { readFile, readMemory, type Slice } from './reading.ts';
import { type StoredSparse, type StoredStorage, type StoredTensor, storageBytes } from './stored-tensor.ts';

/** Chunks below this size are joined before they are written. */
const joinBytes = 1 << 16;
/** Bytes for one write call. Calls of 24 MiB took Linux 6.18 six times as much of the processor as these. */
const callBytes = 1 << 20;
/** After so many bytes the disk is set to work, while the next ones are written. */
const flushBytes = 1 << 27;

const flush = promisify(fdatasync);

/** Writes a value to a file that `torch.load(path, weights_only=True)` opens. See `encodeCheckpoint` for what may be in it.
 *  What `toStored` describes is described before the first wait. The bytes of a StoredTensor must not change before the promise resolves; with
 *  `isBlocking` not before the call returns, which then has written them.
 *  When it resolves, the file is on disk under its name; when it rejects, what was there before still is.
 *  @throws {CheckpointError} naming the file and the place of a value that cannot be written.
 */
export async function saveValue(
  value: unknown,
  path: string,
  options: EncodeOptions & { readonly isBlocking?: boolean } = {},
): Promise<void> {
  const { isBlocking = false, ...encoding } = options;
  try {
    const chunks = started(encodeCheckpoint(value, encoding));
    await writeFileDurably(path, chunks, { isBlocking });
  } catch (error) {
    throw inFile('write', path, error);
  }
}

/** The same chunks, the first of them made now: by then the whole value was walked through. */
function started(chunks: Iterator<Uint8Array>): Iterable<Uint8Array> {
  let next = chunks.next();
  const rest = function* (): Generator<Uint8Array> {
    for (; !next.done; next = chunks.next()) yield next.value;
  };
  return rest();
}

/** Reads a file that `saveValue` or `torch.save` wrote. Every CRC is checked. See `decodeCheckpoint`.
 *  Memory: that of the storages, of the pickle, and a few MiB.
 *  @throws {CheckpointError} naming the file and what is wrong with it.
 */
export async function loadValue(path: string, options: Omit<DecodeOptions, 'map'> = {}): Promise<unknown> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      return await readFile(file, size, readCheckpoint(size, { ...options, copies: true }));
    } finally {
      await file.close();
    }
  } catch (error) {
    throw inFile('read', path, error);
  }
}

/** Reads a file that is mapped into memory. Storages are where it has them, and their CRCs are not checked.
 *  @throws {CheckpointError} as `loadValue`, and for a file from before PyTorch 1.6.
 */
export function loadMapped(
  path: string,
  sizeBytes: number,
  slice: Slice,
  options: DecodeOptions & Required<Pick<DecodeOptions, 'map'>>,
): unknown {
  try {
    return readMemory(sizeBytes, slice, readCheckpoint(sizeBytes, options));
  } catch (error) {
    throw inFile('read', path, error);
  }
}

/** What a checkpoint holds, as counted by `verifyFile`. */
export interface FileSummary {
  readonly numTensors: number;
  readonly numStorages: number;
  /** Bytes of all storages together. */
  readonly storageBytes: number;
}

/** Checks a checkpoint without making tensors of it, nor reading it into memory: every CRC, the pickle, and that each storage has what its tensors
 *  need. Classes and functions that are not on the list are no fault of the file.
 *  @throws {CheckpointError} naming the file and what is wrong with it.
 */
export async function verifyFile(path: string): Promise<FileSummary> {
  const tensors = new Set<StoredTensor>();
  const note = (tensor: StoredTensor): StoredTensor => {
    tensors.add(tensor);
    return tensor;
  };
  const noteParts = (sparse: StoredSparse): StoredSparse => {
    for (const part of [...sparse.indices, sparse.values]) tensors.add(part);
    return sparse;
  };
  await loadValue(path, {
    allocate: () => undefined,
    fromStored: note,
    fromSparse: noteParts,
    allowsPlaceholders: true,
  });
  const storages = new Set<StoredStorage>([...tensors].map((tensor) => tensor.storage));
  const numBytes = [...storages].reduce((sum, storage) => sum + storageBytes(storage), 0);
  return { numTensors: tensors.size, numStorages: storages.size, storageBytes: numBytes };
}

/** Has a temporary file written beside `path` and forced to disk, gives it its name, and forces the folder to disk.
 *  @param write - makes the new file, before the first wait; or its chunks.
 *  @param options.isBlocking - have all chunks with the system before the first wait, so that they may be views of what changes later. Default false.
 */
export async function writeFileDurably(
  path: string,
  write: ((temporary: string) => Promise<void>) | Iterable<Uint8Array>,
  { isBlocking = false }: { isBlocking?: boolean } = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    if (typeof write === 'function') await write(temporary);
    else await (isBlocking ? writeBlocking(temporary, write) : writeBeside(temporary, write));
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeBeside(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await writeChunks(file, joined(chunks));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes without a turn of the event loop, and waits for the disk alone, which works from the first chunks on. */
async function writeBlocking(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const file = openSync(path, 'wx');
  const flushes: Promise<void>[] = [];
  try {
    let unflushed = 0;
    for (const chunk of joined(chunks)) {
      for (let start = 0; start < chunk.length; )
        start += writeSync(file, chunk, start, Math.min(callBytes, chunk.length - start));
      unflushed += chunk.length;
      if (unflushed < flushBytes) continue;
      flushes.push(flush(file));
      unflushed = 0;
    }
    await Promise.all(flushes);
    await promisify(fsync)(file);
  } finally {
    await Promise.allSettled(flushes); // before the file is closed under them
    closeSync(file);
  }
}

/** Makes the next chunk, and its CRC, while the last one is being written. */
async function writeChunks(file: FileHandle, chunks: Iterable<Uint8Array>): Promise<void> {
  let pending = Promise.resolve();
  try {
    for (const chunk of chunks) {
      await pending;
      pending = writeAll(file, chunk);
    }
  } finally {
    await pending; // before the file is closed under it
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let start = 0; start < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, start, Math.min(callBytes, chunk.length - start));
    start += bytesWritten;
  }
}

/** Joins runs of small chunks, so that a model of many small tensors is not one system call a tensor. */
function* joined(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let small: Uint8Array[] = [];
  let smallBytes = 0;
  for (const chunk of chunks) {
    if (chunk.length < joinBytes) {
      small.push(chunk);
      smallBytes += chunk.length;
      if (smallBytes < joinBytes) continue;
    }
    if (smallBytes > 0) yield Buffer.concat(small, smallBytes);
    small = [];
    smallBytes = 0;
    if (chunk.length >= joinBytes) yield chunk;
  }
  if (smallBytes > 0) yield Buffer.concat(small, smallBytes);
}

/** A rename is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

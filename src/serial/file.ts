// Checkpoints on disk: a write that leaves the old file or the new one whole whatever happens, and a read that trusts nothing.
import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { inFile, unreadable } from './problems.ts';
import { type DecodeOptions, decodeCheckpoint, type EncodeOptions, encodeCheckpoint } from './pytorch-zip.ts';
import type { StoredStorage, StoredTensor } from './stored-tensor.ts';
import { maxZipBytes } from './zip-layout.ts';

/** Chunks below this size are joined before they are written. */
const joinBytes = 1 << 16;
/** Bytes for one read or write call: the system takes at most 2 GiB. */
const callBytes = 1 << 26;

/** Writes a value to a file that `torch.load(path, weights_only=True)` opens. See `encodeCheckpoint` for what may be in it.
 *  What `toStored` describes is described before the first wait. The bytes of a StoredTensor must not change before the promise resolves.
 *  When it resolves, the file is on disk under its name; when it rejects, what was there before still is.
 *  @throws {CheckpointError} naming the file and the place of a value that cannot be written.
 */
export async function saveValue(value: unknown, path: string, options: EncodeOptions = {}): Promise<void> {
  try {
    await writeFileDurably(path, started(encodeCheckpoint(value, options)));
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
 *  @throws {CheckpointError} naming the file and what is wrong with it.
 */
export async function loadValue(path: string, options: DecodeOptions = {}): Promise<unknown> {
  try {
    return decodeCheckpoint(await readWholeFile(path), options);
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

/** Checks a checkpoint without making tensors of it: every CRC, the pickle, and that each storage has what its tensors need.
 *  @throws {CheckpointError} naming the file and what is wrong with it.
 */
export async function verifyFile(path: string): Promise<FileSummary> {
  const tensors = new Set<StoredTensor>();
  await loadValue(path, {
    fromStored: (tensor) => {
      tensors.add(tensor);
      return tensor;
    },
  });
  const storages = new Set<StoredStorage>([...tensors].map((tensor) => tensor.storage));
  const storageBytes = [...storages].reduce((sum, storage) => sum + storage.bytes.length, 0);
  return { numTensors: tensors.size, numStorages: storages.size, storageBytes };
}

/** Writes chunks to a temporary file beside `path`, forces it to disk, gives it its name, and forces the folder to disk. */
export async function writeFileDurably(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await writeChunks(file, joined(chunks));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
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

async function readWholeFile(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    if (size > maxZipBytes)
      throw unreadable(`expected a file of at most 4 GiB (zip64 is not supported), got ${size} bytes`);
    const bytes = Buffer.allocUnsafeSlow(size); // its own memory, so that tensors in it are aligned
    for (let start = 0; start < size; ) {
      const { bytesRead } = await file.read(bytes, start, Math.min(callBytes, size - start), start);
      if (bytesRead === 0) throw unreadable(`expected ${size} bytes, got ${start}: the file shrank while it was read`);
      start += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

// NumPy's .npz files: zip archives of arrays, stored or deflated.
import { open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { CheckpointError, DataFileError } from '../../../errors.ts';
import { plainChecksum } from '../../../serial/checksum.ts';
import { writeFileDurably } from '../../../serial/file.ts';
import type { OpenFile } from '../../../serial/open-file.ts';
import { readFile } from '../../../serial/reading.ts';
import { localHeader, signatures } from '../../../serial/zip-layout.ts';
import { readDirectory, type ZipEntry } from '../../../serial/zip-reader.ts';
import { ZipWriter } from '../../../serial/zip-writer.ts';
import type { Tensor } from '../../../tensor/index.ts';
import { OptionProblems } from '../../option-problems.ts';
import { type ByteFeed, chunkFeed, fileFeed, maxInflation } from '../reading/byte-feed.ts';
import { reasonOf } from '../reading/byte-source.ts';
import { arrayChunks, inNumpyFile } from './npy.ts';
import { NpyProblem } from './npy-format.ts';
import { readArray } from './read-npy.ts';

const ending = '.npy';
const stored = 0;
const deflated = 8;

/** Options of {@link loadNpz}. */
export interface LoadNpzOptions {
  /** Only these arrays, in this order; the bytes of the others are not read. Default: all, in the file's order. */
  readonly names?: readonly string[] | undefined;
}

/**
 * Reads the arrays of a .npz file (numpy.savez, numpy.savez_compressed) by name, as `loadNpy` reads one. Every checksum is checked.
 * What it gives suits a `TensorDataset`, if the arrays count the same samples. Source: numpy.load.
 * @throws {DataFileError} naming the file and the array.
 * @example
 * import { loadNpz, saveNpz, TensorDataset } from 'sconce/data';
 * await saveNpz({ image: zeros([3, 8, 8]), label: arange(3) }, '/tmp/sconce-doc.npz');
 * const dataset = new TensorDataset(await loadNpz('/tmp/sconce-doc.npz'));
 * dataset.get(2).label; // tensor(2)
 */
export async function loadNpz(path: string, options: LoadNpzOptions = {}): Promise<Record<string, Tensor>> {
  const problems = new OptionProblems();
  problems.expectKnown(options, ['names']);
  problems.throwIfAny('load arrays');
  const made: [string, Tensor][] = [];
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const entries = arrayEntries(await readFile(file, size, readDirectory(size)));
      for (const name of options.names ?? entries.keys()) {
        const entry = entries.get(name);
        if (entry === undefined)
          throw new NpyProblem(
            `expected array ${JSON.stringify(name)}, got ${[...entries.keys()].map((each) => JSON.stringify(each)).join(', ') || 'none'}`,
          );
        made.push([name, await readEntry(file, entry, path)]);
      }
      return Object.fromEntries(made);
    } finally {
      await file.close();
    }
  } catch (error) {
    for (const [, tensor] of made) tensor.dispose();
    throw inNumpyFile(path, error instanceof CheckpointError ? new NpyProblem(problemOf(error)) : error);
  }
}

/** What the archive's reader, which is made for checkpoints, says is wrong. */
function problemOf(error: CheckpointError): string {
  return error.message.replace(/^Cannot read checkpoint: /, '');
}

/** Arrays by name, without the ending of their entries. */
function arrayEntries(entries: ReadonlyMap<string, ZipEntry>): Map<string, ZipEntry> {
  const arrays = new Map<string, ZipEntry>();
  for (const [name, entry] of entries) if (name.endsWith(ending)) arrays.set(name.slice(0, -ending.length), entry);
  return arrays;
}

async function readEntry(file: OpenFile, entry: ZipEntry, path: string): Promise<Tensor> {
  try {
    const start = await dataStart(file, entry);
    const packed = fileFeed(file, start, start + entry.sizeBytes);
    if (entry.method !== stored && entry.method !== deflated)
      throw new NpyProblem(`expected an entry stored or deflated, got method ${entry.method}`);
    const isPacked = entry.method === deflated;
    const inner = isPacked ? inflated(packed, entry.sizeBytes) : { feed: packed, close: () => undefined };
    const checked = withChecksum(inner.feed);
    try {
      const maxBytes = isPacked ? entry.sizeBytes * maxInflation : entry.sizeBytes;
      const tensor = await readArray({ feed: checked, maxBytes });
      if (checked.crc === entry.crc) return tensor;
      tensor.dispose();
      throw new NpyProblem(`expected CRC ${hex(entry.crc)}, got ${hex(checked.crc)}: the file is damaged`);
    } finally {
      inner.close();
    }
  } catch (error) {
    throw inNumpyFile(path, error, `entry ${JSON.stringify(entry.name)}`);
  }
}

/** Where the bytes of an entry begin, behind its own header. */
async function dataStart(file: OpenFile, entry: ZipEntry): Promise<number> {
  const header = Buffer.alloc(localHeader.bytes);
  const filled = await fileFeed(file, entry.headerOffset, entry.limit).fill(header);
  if (filled < header.length || header.readUInt32LE(0) !== signatures.local)
    throw new NpyProblem('expected a header before the entry, got none: the file is damaged');
  const variable = header.readUInt16LE(localHeader.nameBytes) + header.readUInt16LE(localHeader.extraBytes);
  const start = entry.headerOffset + localHeader.bytes + variable;
  if (start + entry.sizeBytes > entry.limit)
    throw new NpyProblem(
      'expected an entry that ends before the next begins, got one that does not: the file is damaged',
    );
  return start;
}

/** What deflated bytes say. */
function inflated(packed: ByteFeed, sizeBytes: number): { feed: ByteFeed; close(): void } {
  const inflate = createInflateRaw({ chunkSize: 1 << 18 });
  const chunks = inflate[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  let left = sizeBytes;
  /** Gives the inflater what it can take; it asks for more by `drain`. */
  const push = async (): Promise<void> => {
    while (left > 0) {
      const part = Buffer.allocUnsafe(Math.min(left, 1 << 18));
      const filled = await packed.fill(part);
      if (filled < part.length)
        throw new NpyProblem(`expected ${left} more bytes, got ${filled}: the file is cut short`);
      left -= filled;
      if (!inflate.write(part) && left > 0)
        await new Promise<void>((resolve) => inflate.once('drain', resolve).once('close', resolve));
      if (inflate.destroyed) return;
    }
    inflate.end();
  };
  push().catch((error: Error) => inflate.destroy(error));
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      const { done, value } = await chunks.next();
      return done ? undefined : value;
    } catch (error) {
      throw error instanceof NpyProblem ? error : new NpyProblem(`expected deflated bytes, got ${reasonOf(error)}`);
    }
  };
  return { feed: chunkFeed({ next }), close: () => inflate.destroy() };
}

/** The same bytes, with their CRC so far. */
function withChecksum(feed: ByteFeed): ByteFeed & { readonly crc: number } {
  let crc = 0;
  return {
    async fill(into) {
      const filled = await feed.fill(into);
      crc = plainChecksum(into.subarray(0, filled), crc);
      return filled;
    },
    get crc() {
      return crc;
    },
  };
}

/**
 * Writes tensors to a .npz file that numpy.load opens: stored, as numpy.savez does. The file appears whole or not at all. Source: numpy.savez.
 * @throws {DTypeError} for a dtype that NumPy has not. @throws {DataFileError} where the file cannot be written.
 */
export async function saveNpz(tensors: Readonly<Record<string, Tensor>>, path: string): Promise<void> {
  const arrays = Object.entries(tensors).map(
    ([name, tensor]) =>
      [`${name}${ending}`, Buffer.concat(arrayChunks(tensor, `write array "${name}" of "${path}"`))] as const,
  );
  const writer = new ZipWriter();
  const chunks = function* (): Generator<Uint8Array> {
    for (const [name, bytes] of arrays) yield* writer.entry(name, bytes);
    yield* writer.end();
  };
  try {
    await writeFileDurably(path, chunks());
  } catch (error) {
    const problem = `expected a place that can be written, got ${reasonOf(error)}`;
    throw new DataFileError(`Cannot write NumPy file "${path}": ${problem}`, { path, cause: error });
  }
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

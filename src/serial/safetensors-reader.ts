// A safetensors file, or a folder of them, that is open: headers are read and checked, tensors are read when they are asked for.

import { open, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readOptions } from '../tensor/arguments.ts';
import { getNative, h, wrap } from '../tensor/call.ts';
import { dtypeCode } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { OpenFile } from './open-file.ts';
import { inFile, unreadable } from './problems.ts';
import {
  dtypeOf,
  lengthBytes,
  parseHeader,
  readHeaderBytes,
  type SafetensorsDType,
  type SafetensorsEntry,
  type SafetensorsHeader,
} from './safetensors-header.ts';
import { scatterRead } from './scatter-read.ts';
import { indexEnding, indexName, maxIndexBytes, parseIndex, singleName } from './sharded-index.ts';
import { itemBytes } from './stored-tensor.ts';
import { quoted } from './strict-json.ts';

/** Whole elements, whatever the dtype. */
const chunkBytes = 1 << 24;

/** What a file says of one tensor, without its elements. */
export interface SafetensorsInfo {
  /** As the file has it: `F32`, `BF16`, `F8_E4M3`. */
  readonly dtype: SafetensorsDType;
  readonly shape: readonly number[];
  readonly sizeBytes: number;
}

/** One file whose header was checked. */
interface Shard {
  readonly path: string;
  readonly file: OpenFile;
  readonly header: SafetensorsHeader;
  /** Where the tensors' bytes begin. */
  readonly dataStart: number;
  /** The whole file in memory, where it is mapped. */
  readonly whole: Tensor | undefined;
}

interface Place {
  readonly shard: Shard;
  readonly entry: SafetensorsEntry;
}

/** Gives single tensors, or rows of them, out of files that stay open. Made by `openSafetensors`; `close()` it. Source: safetensors.safe_open. */
export class SafetensorsReader {
  /** Text that was saved beside the tensors; of several files, that of all. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Names of tensors, in the order of the files. */
  readonly names: readonly string[];
  readonly #shards: readonly Shard[];
  readonly #places: ReadonlyMap<string, Place>;

  /** @internal */
  constructor(shards: readonly Shard[]) {
    this.#shards = shards;
    this.#places = placesOf(shards);
    this.names = [...this.#places.keys()];
    this.metadata = Object.fromEntries(shards.flatMap(({ header }) => [...header.metadata]));
  }

  /** @throws {CheckpointError} for a name that no tensor has. */
  info(name: string): SafetensorsInfo {
    const { dtype, shape, start, end } = this.#find(name).entry;
    return { dtype, shape, sizeBytes: end - start };
  }

  /** One tensor, in memory of its own.
   *  @throws {CheckpointError} for a name that no tensor has, and a dtype whose elements are no whole bytes. */
  async tensor(name: string): Promise<Tensor> {
    return (await this.tensors([name]))[0]!;
  }

  /** Several tensors, in the order of the names. Bytes go straight from the file into their memory. */
  async tensors(names: readonly string[]): Promise<Tensor[]> {
    const made = new Map<string, Tensor>();
    try {
      const places = [...new Set(names)].map((name) => ({ name, ...this.#find(name) }));
      for (const shard of this.#shards) {
        const wanted = places.filter((place) => place.shard === shard).sort((a, b) => a.entry.start - b.entry.start);
        const rest = wanted.filter((place) => !takeMapped(place, made));
        for (const run of runsOf(rest)) await readRun(shard, run, made);
      }
    } catch (error) {
      for (const tensor of made.values()) tensor.dispose();
      throw error;
    }
    return names.map((name) => made.get(name)!);
  }

  /** Rows `start` to before `end` of a tensor, `tensor(name).narrow(0, start, end - start)` without reading the others.
   *  @throws {RangeError} for rows that the tensor has not. */
  async rows(name: string, start: number, end: number): Promise<Tensor> {
    const { shard, entry } = this.#find(name);
    const [numRows = 0, ...rest] = entry.shape;
    const isInside = Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end;
    if (!isInside || end > numRows) {
      throw new RangeError(`Cannot read rows of ${quoted(name)}: expected 0 to ${numRows}, got ${start} to ${end}`);
    }
    const rowBytes = numRows === 0 ? 0 : (entry.end - entry.start) / numRows;
    const from = entry.start + start * rowBytes;
    const part = { ...entry, shape: [end - start, ...rest], start: from, end: from + (end - start) * rowBytes };
    const made = new Map<string, Tensor>();
    const place = { name, shard, entry: part };
    if (!takeMapped(place, made)) await readRun(shard, [place], made);
    return made.get(name)!;
  }

  /** The bytes of a tensor, some MiB at a time, each time in the same memory. No engine is needed for it. */
  async *chunks(name: string): AsyncGenerator<Uint8Array> {
    const { shard, entry } = this.#find(name);
    const memory = Buffer.allocUnsafeSlow(Math.min(chunkBytes, entry.end - entry.start));
    for (let at = entry.start; at < entry.end; at += chunkBytes) {
      const chunk = memory.subarray(0, Math.min(chunkBytes, entry.end - at));
      try {
        await scatterRead(shard.file, shard.dataStart + at, [chunk]);
      } catch (error) {
        throw inFile('read', shard.path, error);
      }
      yield chunk;
    }
  }

  /** Closes the files. Tensors that were read stay. */
  async close(): Promise<void> {
    await closeAll(this.#shards);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #find(name: string): Place {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    const some = this.names.slice(0, 10).map(quoted).join(', ') + (this.names.length > 10 ? ', …' : '');
    throw inFile(
      'read',
      this.#shards[0]?.path ?? '',
      unreadable(`expected a tensor of the file, got ${quoted(name)}; it has ${some || 'none'}`),
    );
  }
}

export interface OpenSafetensorsOptions {
  /** As in `LoadOptions`: elements come from the disk when they are first used, and writing to them changes nothing in the file. If the file is truncated
   *  while tensors of it live, the process dies. Default false. */
  readonly mmap?: boolean | undefined;
}

/** Opens a safetensors file, an index (`….safetensors.index.json`), or a folder with either. Headers are read and checked now, tensors later.
 *  @throws {CheckpointError} naming the file and what is wrong with it.  @throws {TypeError} for an option that there is not. */
export async function openSafetensors(path: string, options: OpenSafetensorsOptions = {}): Promise<SafetensorsReader> {
  readOptions('openSafetensors', ['mmap'], options);
  const { mmap = false } = options;
  const { paths, weightMap } = await findFiles(path);
  const shards: Shard[] = [];
  try {
    for (const shard of paths) shards.push(await openShard(shard, mmap));
    if (weightMap !== undefined) requireMapped(weightMap, shards, path);
    return new SafetensorsReader(shards);
  } catch (error) {
    await closeAll(shards);
    throw error;
  }
}

/** The files that a path means, and where an index has which tensor. */
async function findFiles(path: string): Promise<{ paths: string[]; weightMap?: ReadonlyMap<string, string> }> {
  try {
    if (!(await stat(path)).isDirectory())
      return path.endsWith(indexEnding) ? await readIndex(path) : { paths: [path] };
    const index = join(path, indexName);
    if (await exists(index)) return await readIndex(index);
    const single = join(path, singleName);
    if (await exists(single)) return { paths: [single] };
    throw unreadable(`expected ${indexName} or ${singleName} in the folder, got neither`);
  } catch (error) {
    throw inFile('read', path, error);
  }
}

async function readIndex(path: string): Promise<{ paths: string[]; weightMap: ReadonlyMap<string, string> }> {
  const { size } = await stat(path);
  if (size > maxIndexBytes) throw unreadable(`expected an index of at most ${maxIndexBytes} bytes, got ${size}`);
  const { weightMap } = parseIndex(await readFile(path));
  return { paths: [...new Set(weightMap.values())].map((name) => join(dirname(path), name)), weightMap };
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function openShard(path: string, isMapped: boolean): Promise<Shard> {
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    file = await open(path, 'r');
    const { size } = await file.stat();
    const first = Buffer.alloc(Math.min(lengthBytes, size));
    await scatterRead(file, 0, [first]);
    const header = Buffer.alloc(readHeaderBytes(first, size));
    await scatterRead(file, lengthBytes, [header]);
    const shard = { path, file, header: parseHeader(header, size), dataStart: lengthBytes + header.length };
    return { ...shard, whole: isMapped && size > 0 ? mapped(file.fd, size) : undefined };
  } catch (error) {
    await file?.close();
    throw inFile('read', path, error);
  }
}

/** The very file that was opened and checked, whatever its name means by now. */
function mapped(fd: number, sizeBytes: number): Tensor {
  return wrap(getNative().mapFile(`/dev/fd/${fd}`, sizeBytes));
}

/** Tensors that were taken of a mapped file keep it in memory. */
async function closeAll(shards: readonly Shard[]): Promise<void> {
  for (const { file, whole } of shards) {
    whole?.dispose();
    await file.close();
  }
}

/** A tensor that two files hold would be one or the other by chance. */
function placesOf(shards: readonly Shard[]): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const shard of shards) {
    for (const [name, entry] of shard.header.entries) {
      const other = places.get(name);
      if (other !== undefined) {
        const problem = `expected tensor ${quoted(name)} in one file, got it in ${quoted(other.shard.path)} too`;
        throw inFile('read', shard.path, unreadable(problem));
      }
      places.set(name, { shard, entry });
    }
  }
  return places;
}

/** Tensors that a file has beyond the index are given too, as by Python's readers. */
function requireMapped(weightMap: ReadonlyMap<string, string>, shards: readonly Shard[], path: string): void {
  const byName = new Map(shards.map((shard) => [shard.path, shard]));
  const folder = path.endsWith(indexEnding) ? dirname(path) : path;
  for (const [name, file] of weightMap) {
    const shard = byName.get(join(folder, file));
    if (shard?.header.entries.has(name)) continue;
    const problem = `expected tensor ${quoted(name)} in ${quoted(file)}, as the index says, got a file without it`;
    throw inFile('read', path, unreadable(problem));
  }
}

interface NamedPlace extends Place {
  readonly name: string;
}

/** Groups of tensors that lie side by side. @param places - of one file, in their order. */
function* runsOf(places: readonly NamedPlace[]): Generator<NamedPlace[]> {
  let run: NamedPlace[] = [];
  for (const place of places) {
    if (run.length > 0 && run.at(-1)!.entry.end !== place.entry.start) {
      yield run;
      run = [];
    }
    run.push(place);
  }
  if (run.length > 0) yield run;
}

/** Makes a tensor over a mapped file, with memory of its own to every user.
 *  @returns false where the file is not mapped, or its elements do not lie as the processor wants them. */
function takeMapped({ name, shard, entry }: NamedPlace, made: Map<string, Tensor>): boolean {
  const { whole, dataStart, path } = shard;
  try {
    const dtype = wholeDType(name, entry);
    const start = dataStart + entry.start;
    if (whole === undefined || start % itemBytes(dtype) !== 0) return false;
    const bytes = wrap(getNative().sliceMemory(h(whole), start, entry.end - entry.start));
    const flat = bytes.view(dtype);
    made.set(name, flat.view([...entry.shape]));
    for (const tensor of [flat, bytes]) tensor.dispose();
    return true;
  } catch (error) {
    throw inFile('read', path, error);
  }
}

/** Makes the tensors of a run and fills them. They are in `made` when they are there, whatever happens then. */
async function readRun(shard: Shard, run: readonly NamedPlace[], made: Map<string, Tensor>): Promise<void> {
  const buffers: ArrayBuffer[] = [];
  try {
    const memory = run.map(({ name, entry }) => {
      const [handle, buffer] = getNative().hostBuffer(dtypeCode(wholeDType(name, entry)), entry.shape);
      made.set(name, wrap(handle));
      buffers.push(buffer);
      return new Uint8Array(buffer);
    });
    await scatterRead(shard.file, shard.dataStart + run[0]!.entry.start, memory);
  } catch (error) {
    throw inFile('read', shard.path, error);
  } finally {
    // The tensors alone hold their memory then, and give it back when they go.
    for (const buffer of buffers) getNative().detachBuffer(buffer);
  }
}

function wholeDType(name: string, { dtype }: SafetensorsEntry): NonNullable<ReturnType<typeof dtypeOf>> {
  const found = dtypeOf(dtype);
  if (found !== undefined && itemBytes(found) > 0) return found;
  throw unreadable(
    `expected tensors whose elements are whole bytes, got ${dtype} at ${quoted(name)}; read the others by name`,
  );
}

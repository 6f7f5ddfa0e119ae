// A checkpoint in PyTorch's zip archive: a pickle, and the storages that its tensors look into.
import { createHash } from 'node:crypto';
import { type Checksum, plainChecksum } from './checksum.ts';
import type { DecodeOptions } from './decode-options.ts';
import { StorageClassNode, StorageNode } from './pickle-nodes.ts';
import { type PickleOptions, pickle } from './pickler.ts';
import { unreadable } from './problems.ts';
import type { Reading } from './reading.ts';
import { StorageTable } from './storage-table.ts';
import type { StoredStorage } from './stored-tensor.ts';
import { parsePickle } from './unpickler.ts';
import { describe, PyTuple } from './values.ts';
import { locateEntry, readDirectory, readEntries, type Sink, type ZipEntry } from './zip-reader.ts';
import { alignment, type WrittenEntry, ZipWriter } from './zip-writer.ts';

export interface EncodeOptions extends Pick<PickleOptions, 'toStored' | 'keepsObjects'> {
  /** Default: Node's own. */
  readonly checksum?: Checksum | undefined;
  /** Checksums that are known already: of the bytes of a storage, asked for after the first chunk. */
  readonly checksumOf?: ((bytes: Uint8Array) => number | undefined) | undefined;
}

/** Folder of all entries. PyTorch takes any name; one that does not depend on the file's lets equal values be equal files. */
const root = 'archive';
/** Versions of the archive that PyTorch has written with this layout. */
const minVersion = 1;
const maxVersion = 10;

/** Writes a value as `torch.save` would, chunk by chunk: all chunks in order are the file, in PyTorch's layout to the byte.
 *  The bytes of tensors are not copied, so they must not change before the last chunk is used. Equal values give equal bytes.
 *  @throws {CheckpointError} on the first chunk, for a value that a checkpoint cannot hold (see `values.ts`).
 */
export function* encodeCheckpoint(value: unknown, options: EncodeOptions = {}): Generator<Uint8Array> {
  const keys = new Map<StoredStorage, string>();
  const storageKey = (storage: StoredStorage): string => {
    const key = keys.get(storage) ?? String(keys.size);
    keys.set(storage, key);
    return key;
  };
  const data = pickle(value, { ...options, storageKey });
  const zip = new ZipWriter(options);
  yield* zip.entry(`${root}/data.pkl`, data);
  yield* zip.entry(`${root}/.format_version`, Buffer.from('1'));
  yield* zip.entry(`${root}/.storage_alignment`, Buffer.from(String(alignment)));
  yield* zip.entry(`${root}/byteorder`, Buffer.from('little'));
  for (const [storage, key] of keys)
    yield* zip.entry(`${root}/data/${key}`, storage.bytes, options.checksumOf?.(storage.bytes));
  yield* zip.entry(`${root}/version`, Buffer.from('3\n'));
  yield* zip.entry(`${root}/.data/serialization_id`, Buffer.from(serializationId(zip.entries)));
  yield* zip.end();
}

/** Forty digits that tell archives apart, from names and contents as PyTorch's are. Nothing reads them but logs. */
function serializationId(entries: readonly WrittenEntry[]): string {
  const digits = (text: string): string =>
    createHash('sha256').update(text).digest().readBigUInt64LE().toString().padStart(20, '0');
  return digits(entries.map((entry) => entry.name).join('\n')) + digits(entries.map((entry) => entry.crc).join('\n'));
}

/** Reads an archive of `sizeBytes` bytes. Every CRC is checked, but those of storages that are mapped. See `decodeCheckpoint`. */
export function* readArchive(sizeBytes: number, options: DecodeOptions): Reading<unknown> {
  const { checksum = plainChecksum } = options;
  const entries = yield* readDirectory(sizeBytes);
  const prefix = findPrefix(entries);
  const storages = new Map<string, ZipEntry>();
  const others = new Map<ZipEntry, Sink>();
  const contents = new Map<string, Uint8Array>();
  for (const entry of entries.values()) {
    if (entry.name.startsWith(`${prefix}data/`)) storages.set(entry.name.slice(prefix.length + 'data/'.length), entry);
    else others.set(entry, { take: (bytes) => void contents.set(entry.name, bytes) });
  }
  yield* readEntries(others, checksum);
  requireVersion(contents.get(`${prefix}version`));
  const alignment = readAlignment(contents.get(`${prefix}.storage_alignment`));
  const isBigEndian = readByteOrder(contents.get(`${prefix}byteorder`));
  if (isBigEndian && options.map !== undefined)
    throw unreadable('expected a little-endian file to map, got a big-endian one; load it without mmap');
  const copies = options.copies === true || isBigEndian; // what is turned around must not be the caller's
  const views = copies ? new Map<string, Uint8Array>() : yield* viewStorages(storages, options, checksum, alignment);
  const table = new StorageTable(options, (key) => {
    const entry = storages.get(key);
    return entry && { numBytes: entry.sizeBytes, view: views.get(key) };
  });
  const parsed = parsePickle(contents.get(`${prefix}data.pkl`)!, {
    ...options,
    persistentLoad: (id) => loadStorage(id, table),
  });
  if (copies) yield* fillStorages(storages, table, checksum, alignment);
  if (isBigEndian) table.swap();
  return parsed.settle();
}

/** Storages as views: of an archive in memory their bytes, which are checked; of one that is mapped the memory where they lie. */
function* viewStorages(
  storages: ReadonlyMap<string, ZipEntry>,
  { map }: DecodeOptions,
  checksum: Checksum,
  alignment: number | undefined,
): Reading<Map<string, Uint8Array>> {
  const views = new Map<string, Uint8Array>();
  if (map === undefined) {
    const sinks = [...storages].map(([key, entry]): [ZipEntry, Sink] => [
      entry,
      { take: (bytes) => void views.set(key, bytes) },
    ]);
    yield* readEntries(new Map(sinks), checksum, alignment);
    return views;
  }
  for (const [key, entry] of storages) views.set(key, map(yield* locateEntry(entry), entry.sizeBytes));
  return views;
}

function* fillStorages(
  storages: ReadonlyMap<string, ZipEntry>,
  table: StorageTable,
  checksum: Checksum,
  alignment: number | undefined,
): Reading<void> {
  const sinks = [...storages].map(([key, entry]): [ZipEntry, Sink] => [entry, { into: table.memory(key) }]);
  yield* readEntries(new Map(sinks), checksum, alignment);
}

/** The archive's one folder, with its slash. */
function findPrefix(entries: ReadonlyMap<string, ZipEntry>): string {
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) throw unreadable(`expected one data.pkl in the archive, got ${pickles.length}`);
  const prefix = pickles[0]!.slice(0, -'data.pkl'.length);
  if (entries.has(`${prefix}constants.pkl`))
    throw unreadable(
      'expected a checkpoint, got a TorchScript program, which holds code; save its state_dict() in Python, with torch.jit.load(path).state_dict()',
    );
  return prefix;
}

function requireVersion(content: Uint8Array | undefined): void {
  const version = content === undefined ? 'none' : Buffer.from(content).toString('latin1').trim();
  const isKnown = /^\d+$/.test(version) && Number(version) >= minVersion && Number(version) <= maxVersion;
  if (!isKnown)
    throw unreadable(`expected archive version ${minVersion} to ${maxVersion}, got ${JSON.stringify(version)}`);
}

/** Where files say nothing, or nonsense, the usual alignment is tried first. */
function readAlignment(content: Uint8Array | undefined): number | undefined {
  const text = content === undefined ? '' : Buffer.from(content).toString('latin1');
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}

/** Files from before PyTorch 2.1 do not say, and are little-endian. */
function readByteOrder(content: Uint8Array | undefined): boolean {
  const order = content === undefined ? 'little' : Buffer.from(content).toString('latin1');
  if (order !== 'little' && order !== 'big')
    throw unreadable(`expected byte order "little" or "big", got ${JSON.stringify(order)}`);
  return order === 'big';
}

/** Resolves `('storage', class, key, location, number of elements)`. The device that the tensor was on is not kept. */
function loadStorage(id: unknown, table: StorageTable): StorageNode {
  if (!(id instanceof PyTuple)) throw unreadable(`expected a tuple as persistent id, got ${describe(id)}`);
  const [kind, storageClass, key, , numel] = id;
  if (kind !== 'storage' || !(storageClass instanceof StorageClassNode) || typeof key !== 'string') {
    throw unreadable(`expected persistent ids of storages, got ${describe(storageClass)}`);
  }
  return new StorageNode(table.find(key, storageClass.dtype ?? 'uint8', numel));
}

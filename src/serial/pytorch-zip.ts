// A checkpoint in memory: PyTorch's zip archive around a pickle and the storages that its tensors look into.
import { createHash } from 'node:crypto';
import { StorageClassNode } from './pickle-nodes.ts';
import { pickle, type ToStored } from './pickler.ts';
import { unreadable, unwritable } from './problems.ts';
import { itemBytes, type StoredStorage } from './stored-tensor.ts';
import { type FromStored, unpickle } from './unpickler.ts';
import { describe, type PyTuple } from './values.ts';
import { maxZipBytes } from './zip-layout.ts';
import { readZipDirectory, readZipEntry, type ZipEntry } from './zip-reader.ts';
import { type WrittenEntry, ZipWriter } from './zip-writer.ts';

export interface EncodeOptions {
  /** See `ToStored`. Default: only StoredTensor values are tensors. */
  readonly toStored?: ToStored | undefined;
}

export interface DecodeOptions {
  /** See `FromStored`. Default: tensors are given as StoredTensor. */
  readonly fromStored?: FromStored | undefined;
  /** See `MachineOptions.keepFloats`. */
  readonly keepFloats?: boolean | undefined;
}

/** Folder of all entries. PyTorch takes any name; one that does not depend on the file's lets equal values be equal files. */
const root = 'archive';
/** Versions of the archive that PyTorch has written with this layout. */
const minVersion = 1;
const maxVersion = 10;

/** Writes a value as `torch.save` would, chunk by chunk: all chunks in order are the file.
 *  The bytes of tensors are not copied, so they must not change before the last chunk is used. Equal values give equal bytes.
 *  @throws {CheckpointError} on the first chunk, for a value that a checkpoint cannot hold (see `values.ts`) or one above 4 GiB.
 */
export function* encodeCheckpoint(value: unknown, options: EncodeOptions = {}): Generator<Uint8Array> {
  const keys = new Map<StoredStorage, string>();
  const storageKey = (storage: StoredStorage): string => {
    const key = keys.get(storage) ?? String(keys.size);
    keys.set(storage, key);
    return key;
  };
  const data = pickle(value, { storageKey, toStored: options.toStored });
  requireSize([data, ...[...keys.keys()].map((storage) => storage.bytes)]);

  const zip = new ZipWriter();
  yield* zip.entry(`${root}/data.pkl`, data);
  yield* zip.entry(`${root}/.format_version`, Buffer.from('1'));
  yield* zip.entry(`${root}/.storage_alignment`, Buffer.from('64'));
  yield* zip.entry(`${root}/byteorder`, Buffer.from('little'));
  for (const [storage, key] of keys) yield* zip.entry(`${root}/data/${key}`, storage.bytes);
  yield* zip.entry(`${root}/version`, Buffer.from('3\n'));
  yield* zip.entry(`${root}/.data/serialization_id`, Buffer.from(serializationId(zip.entries)));
  yield* zip.end();
}

/** Reads what `torch.save`, or `encodeCheckpoint`, wrote. Every CRC is checked first.
 *  Storages are views into `file` where their elements are aligned (they are in what PyTorch writes), and keep it alive.
 *  @throws {CheckpointError} if the file is damaged, of another kind, or holds what is not on the list in `values.ts`.
 */
export function decodeCheckpoint(file: Uint8Array, options: DecodeOptions = {}): unknown {
  requireZip(file);
  // A plain array, whatever the caller has: Buffer's slice() is a view where that of a Uint8Array is a copy.
  const entries = readZipDirectory(new Uint8Array(file.buffer, file.byteOffset, file.byteLength));
  const prefix = findPrefix(entries);
  const contents = new Map([...entries].map(([name, entry]) => [name, readZipEntry(entry)]));
  requireVersion(contents.get(`${prefix}version`));
  requireLittleEndian(contents.get(`${prefix}byteorder`));
  const storages = new Map<string, StoredStorage>();
  return unpickle(contents.get(`${prefix}data.pkl`)!, {
    ...options,
    persistentLoad: (id) => loadStorage(id, storages, (key) => contents.get(`${prefix}data/${key}`)),
  });
}

/** Forty digits that tell archives apart, from names and contents as PyTorch's are. Nothing reads them but logs. */
function serializationId(entries: readonly WrittenEntry[]): string {
  const digits = (text: string): string =>
    createHash('sha256').update(text).digest().readBigUInt64LE().toString().padStart(20, '0');
  return digits(entries.map((entry) => entry.name).join('\n')) + digits(entries.map((entry) => entry.crc).join('\n'));
}

/** Fails before the first byte rather than after four billion; the writer counts exactly. */
function requireSize(contents: readonly Uint8Array[]): void {
  const sizeBytes = contents.reduce((sum, bytes) => sum + bytes.length, 0);
  if (sizeBytes <= maxZipBytes) return;
  const gib = (sizeBytes / 2 ** 30).toFixed(1);
  throw unwritable(
    `expected at most 4 GiB in one file (zip64 is not supported), got ${gib} GiB; save it in several files`,
  );
}

function requireZip(file: Uint8Array): void {
  const start = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, 16));
  if (start.toString('latin1', 0, 4) === 'PK\x03\x04') return;
  const isLegacy = start.toString('hex').startsWith('80028a0a6cfc9c46f920'); // the magic number that PyTorch pickled first
  const isTooOld = 'got one written before PyTorch 1.6; load and save it again with a newer PyTorch';
  throw unreadable(
    `expected a PyTorch zip file, ${isLegacy ? isTooOld : 'got another kind of file, or a damaged one'}`,
  );
}

/** The archive's one folder, with its slash. */
function findPrefix(entries: ReadonlyMap<string, ZipEntry>): string {
  const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) throw unreadable(`expected one data.pkl in the archive, got ${pickles.length}`);
  const prefix = pickles[0]!.slice(0, -'data.pkl'.length);
  if (entries.has(`${prefix}constants.pkl`))
    throw unreadable('expected a checkpoint, got a TorchScript program; save its state_dict()');
  return prefix;
}

function requireVersion(content: Uint8Array | undefined): void {
  const version = content === undefined ? 'none' : Buffer.from(content).toString('latin1').trim();
  const isKnown = /^\d+$/.test(version) && Number(version) >= minVersion && Number(version) <= maxVersion;
  if (!isKnown)
    throw unreadable(`expected archive version ${minVersion} to ${maxVersion}, got ${JSON.stringify(version)}`);
}

/** Files from before PyTorch 2.1 do not say, and are little-endian. */
function requireLittleEndian(content: Uint8Array | undefined): void {
  const order = content === undefined ? 'little' : Buffer.from(content).toString('latin1');
  if (order !== 'little') throw unreadable(`expected little-endian tensors, got byte order ${JSON.stringify(order)}`);
}

/** Resolves `('storage', class, key, location, number of elements)`. The device that the tensor was on is not kept. */
function loadStorage(
  id: PyTuple,
  storages: Map<string, StoredStorage>,
  read: (key: string) => Uint8Array | undefined,
): StoredStorage {
  const [kind, storageClass, key, , numel] = id;
  if (kind !== 'storage' || !(storageClass instanceof StorageClassNode) || typeof key !== 'string') {
    throw unreadable(`expected persistent ids of storages, got ${describe(storageClass)}`);
  }
  const { dtype = 'uint8' } = storageClass;
  const size = itemBytes(dtype);
  let storage = storages.get(key);
  if (storage === undefined) {
    const bytes = read(key);
    if (bytes === undefined) throw unreadable(`expected storage "${key}" in the archive, got none`);
    storage = { dtype, bytes: bytes.byteOffset % size === 0 ? bytes : bytes.slice() };
    storages.set(key, storage);
  }
  if (storage.dtype !== dtype)
    throw unreadable(`expected storage "${key}" to have one dtype, got ${storage.dtype} and ${dtype}`);
  if (numel !== storage.bytes.length / size) {
    throw unreadable(
      `expected ${String(numel)} elements of ${dtype} in storage "${key}", got ${storage.bytes.length} bytes`,
    );
  }
  return storage;
}

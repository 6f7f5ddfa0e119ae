// Files that PyTorch wrote before 1.6, and writes still with `_use_new_zipfile_serialization=False`: five pickles in a row, then the storages,
// little-endian whatever the machine.
import type { DecodeOptions } from './decode-options.ts';
import { findPickleEnd } from './pickle-length.ts';
import { StorageClassNode, StorageNode } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import type { Piece, Reading } from './reading.ts';
import { keyText, StorageTable } from './storage-table.ts';
import { itemBytes, type StoredDType } from './stored-tensor.ts';
import { parsePickle, unpickle } from './unpickler.ts';
import { describe, PyTuple } from './values.ts';

/** The number that PyTorch pickles first, in protocol 2 or later. */
const magic = Buffer.from('8a0a6cfc9c46f920', 'hex');
const protocolVersion = 1001;
/** How much is read at first of the pickles, whose length no one says; then twice as much, and so on. */
const firstBytes = 1 << 20;
const numPickles = 5;
/** Number of elements in front of each storage. */
const countBytes = 8;

/** Whether a file begins as one of this format. */
export function isLegacy(start: Uint8Array): boolean {
  const bytes = Buffer.from(start);
  return bytes[0] === 0x80 && (magic.equals(bytes.subarray(2, 10)) || magic.equals(bytes.subarray(11, 19)));
}

/** Reads a file of this format. There are no CRCs in it: a damaged element is read as it is. */
export function* readLegacy(sizeBytes: number, options: DecodeOptions): Reading<unknown> {
  const { bytes, ends } = yield* readPickles(sizeBytes);
  const part = (index: number): Uint8Array => bytes.subarray(ends[index], ends[index + 1]);
  requireVersion(plain(part(1)));
  const storages = new LegacyStorages(sizeBytes, options);
  const parsed = parsePickle(part(3), { ...options, persistentLoad: (id) => storages.load(id) });
  const keys = readKeys(plain(part(4)));
  yield* storages.fill(keys, ends.at(-1)!, sizeBytes);
  return parsed.settle();
}

/** The pickles in front, and where each ends, from 0 on. */
function* readPickles(sizeBytes: number): Reading<{ bytes: Buffer; ends: number[] }> {
  for (let numBytes = firstBytes; ; numBytes *= 2) {
    const read = yield { offset: 0, numBytes: Math.min(numBytes, sizeBytes) };
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
    const ends = [0];
    while (ends.length <= numPickles) {
      const end = findPickleEnd(bytes, ends.at(-1)!);
      if (end === undefined) break;
      ends.push(end);
    }
    if (ends.length > numPickles) return { bytes, ends };
    if (numBytes >= sizeBytes)
      throw unreadable(`expected ${numPickles} pickles, got ${ends.length - 1}: the file is truncated`);
  }
}

/** A value without tensors. */
function plain(bytes: Uint8Array): unknown {
  return unpickle(bytes, {
    persistentLoad: () => {
      throw unreadable('expected no storages in front of the value, got one');
    },
  });
}

function requireVersion(version: unknown): void {
  if (version === protocolVersion) return;
  throw unreadable(
    `expected protocol version ${protocolVersion}, got ${typeof version === 'number' ? version : describe(version)}`,
  );
}

function readKeys(keys: unknown): string[] {
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'string' || typeof key === 'number'))
    throw unreadable(`expected a list of storages behind the value, got ${describe(keys)}`);
  return keys.map(String);
}

interface StorageSize {
  readonly numBytes: number;
  readonly dtype: StoredDType;
}

/** The storages that a pickle names, with the sizes that it says, which are checked against what the file holds. */
class LegacyStorages {
  readonly #sizes = new Map<string, StorageSize>();
  readonly #table: StorageTable;
  #left: number;

  constructor(sizeBytes: number, options: DecodeOptions) {
    this.#left = sizeBytes;
    this.#table = new StorageTable(options, (key) => this.#sizes.get(key));
  }

  /** Resolves `('storage', class, key, location, number of elements, view)`, and `('module', class, file, source)`. */
  load(id: unknown): unknown {
    if (!(id instanceof PyTuple)) throw unreadable(`expected a tuple as persistent id, got ${describe(id)}`);
    const [kind, storageClass, key, , numel, view] = id;
    if (kind === 'module') return storageClass;
    const isKey = typeof key === 'string' || typeof key === 'number';
    if (kind !== 'storage' || !(storageClass instanceof StorageClassNode) || !isKey)
      throw unreadable(`expected persistent ids of storages, got ${describe(storageClass)}`);
    const dtype = storageClass.dtype ?? 'uint8';
    this.#note(keyText(key), dtype, numel);
    return new StorageNode(this.#table.find(keyText(key), dtype, numel), viewOffset(view, numel));
  }

  /** No more may be named than the file can hold: memory is taken when a storage is named. */
  #note(key: string, dtype: StoredDType, numel: unknown): void {
    if (this.#sizes.has(key)) return;
    const isCount = typeof numel === 'number' && Number.isSafeInteger(numel) && numel >= 0;
    const numBytes = isCount ? numel * itemBytes(dtype) : Number.POSITIVE_INFINITY;
    this.#left -= numBytes;
    if (this.#left < 0)
      throw unreadable(
        `expected storages within the file, got one of ${typeof numel === 'number' ? numel : describe(numel)} elements of ${dtype}`,
      );
    this.#sizes.set(key, { numBytes, dtype });
  }

  /** Reads all storages, which lie one after the other from `start` on. */
  *fill(keys: readonly string[], start: number, sizeBytes: number): Reading<void> {
    const held = new Set(keys);
    if (held.size !== keys.length) throw unreadable('expected each storage once, got one twice');
    const missing = [...this.#sizes.keys()].find((key) => !held.has(key));
    if (missing !== undefined) throw unreadable(`expected storage "${missing}" in the file, got none`);
    const pieces: Piece[] = [];
    let at = start;
    for (const key of keys) {
      const size = this.#sizes.get(key);
      if (size === undefined) throw unreadable(`expected storages that the value names, got "${key}"`);
      pieces.push({ numBytes: countBytes, isWhole: true, each: (bytes) => requireCount(key, size, bytes) });
      pieces.push({ numBytes: size.numBytes, into: this.#table.memory(key) });
      at += countBytes + size.numBytes;
    }
    if (at !== sizeBytes) throw unreadable(`expected a file of ${at} bytes, got ${sizeBytes}`);
    yield { offset: start, pieces };
  }
}

function requireCount(key: string, { numBytes, dtype }: StorageSize, bytes: Uint8Array): void {
  const numel = Buffer.from(bytes).readBigInt64LE();
  if (numel === BigInt(numBytes / itemBytes(dtype))) return;
  throw unreadable(`expected ${numBytes} bytes in storage "${key}", got ${numel} elements of ${dtype}`);
}

/** `(key, offset, number of elements)` of a storage inside another, which PyTorch had before 0.4. @returns the offset in elements. */
function viewOffset(view: unknown, numel: unknown): number {
  if (view === null || view === undefined) return 0;
  const [, offset, size] = view instanceof PyTuple ? view : [];
  const isInside = [offset, size].every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
  if (!isInside || (offset as number) + (size as number) > (numel as number))
    throw unreadable('expected a storage inside another, got one that reaches outside');
  return offset as number;
}

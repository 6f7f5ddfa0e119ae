// The storages of one file: found by key as the pickle names them, made once each, filled when it is known which there are.
import { elementWidth, swapBytes } from './byte-order.ts';
import type { DecodeOptions } from './decode-options.ts';
import { typedViews } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import { itemBytes, type StoredDType, type StoredStorage, storageBytes } from './stored-tensor.ts';
import { describe } from './values.ts';

/** Where a file holds a storage. */
export interface StoragePlace {
  readonly numBytes: number;
  /** Its bytes, where they are at hand. */
  readonly view?: Uint8Array | undefined;
}

export class StorageTable {
  readonly #options: Pick<DecodeOptions, 'allocate'>;
  readonly #locate: (key: string) => StoragePlace | undefined;
  readonly #storages = new Map<string, StoredStorage>();

  constructor(options: Pick<DecodeOptions, 'allocate'>, locate: (key: string) => StoragePlace | undefined) {
    this.#options = options;
    this.#locate = locate;
  }

  /** The storage under a key, of `numel` elements.
   *  @throws {CheckpointError} where there is none, or of another size or dtype. */
  find(key: string, dtype: StoredDType, numel: unknown): StoredStorage {
    const storage = this.#storages.get(key) ?? this.#make(key, dtype, numel);
    if (storage.dtype !== dtype)
      throw unreadable(`expected storage "${key}" to have one dtype, got ${storage.dtype} and ${dtype}`);
    requireSize(key, dtype, numel, storageBytes(storage));
    return storage;
  }

  /** The memory that a storage's bytes go to; undefined for one that no tensor needs, or that is only to be checked. */
  memory(key: string): Uint8Array | undefined {
    const storage = this.#storages.get(key);
    return storage?.numBytes === undefined ? storage?.bytes : undefined;
  }

  /** Turns the elements of every storage around. Plain bytes are turned around as what tensors see in them. */
  swap(): void {
    for (const [key, storage] of this.#storages) {
      if (storage.numBytes !== undefined) continue;
      const dtypes = [storage.dtype, ...typedViews(storage)].filter((dtype) => elementWidth(dtype) > 1);
      if (new Set(dtypes.map(elementWidth)).size > 1)
        throw unreadable(
          `expected elements of one size in storage "${key}" of a big-endian file, got ${dtypes.join(' and ')}`,
        );
      if (dtypes.length > 0) swapBytes(storage.bytes, dtypes[0]!);
    }
  }

  #make(key: string, dtype: StoredDType, numel: unknown): StoredStorage {
    const place = this.#locate(key);
    if (place === undefined) throw unreadable(`expected storage "${key}" in the file, got none`);
    requireSize(key, dtype, numel, place.numBytes);
    const storage = { dtype, ...this.#bytes(place, dtype) };
    this.#storages.set(key, storage);
    return storage;
  }

  #bytes({ numBytes, view }: StoragePlace, dtype: StoredDType): Omit<StoredStorage, 'dtype'> {
    if (view !== undefined && view.length !== numBytes) return { bytes: view, numBytes }; // stands for mapped memory
    if (view !== undefined) return { bytes: view.byteOffset % itemBytes(dtype) === 0 ? view : view.slice() };
    const { allocate = plainMemory } = this.#options;
    const bytes = allocate(numBytes, dtype);
    return bytes === undefined ? { bytes: nothing, numBytes } : { bytes };
  }
}

const nothing = new Uint8Array();

function plainMemory(numBytes: number): Uint8Array {
  const memory = Buffer.allocUnsafeSlow(numBytes);
  return new Uint8Array(memory.buffer, memory.byteOffset, numBytes);
}

/** The text of a key that a pickle gives: a number or a string. Lists, which hold each other, could take for ever to write down.
 *  @throws {CheckpointError} for anything else. */
export function keyText(key: unknown): string {
  if (typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint') return String(key);
  throw unreadable(`expected the key of a storage or a tensor, got ${describe(key)}`);
}

function requireSize(key: string, dtype: StoredDType, numel: unknown, numBytes: number): void {
  if (numel === numBytes / itemBytes(dtype)) return;
  if (typeof numel !== 'number') {
    throw unreadable(`expected a number of elements for storage "${key}", got ${describe(numel)}`);
  }
  throw unreadable(`expected ${numel} elements of ${dtype} in storage "${key}", got ${numBytes} bytes`);
}

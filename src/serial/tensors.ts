// Tensors in files: what joins the file layer's plain descriptions with the engine's tensors.

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Handle } from '../binding/native.ts';
import { Parameter } from '../nn/parameter.ts';
import * as aten from '../tensor/aten.generated.ts';
import { getNative, h, wrap } from '../tensor/call.ts';
import { fromBytes } from '../tensor/create.ts';
import { dtypeBytes, dtypeCode } from '../tensor/dtype.ts';
import { sparseCompressedTensor, sparseCooTensor } from '../tensor/ops.generated.ts';
import { libtorchVersion } from '../tensor/process.ts';
import { scope } from '../tensor/scope.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Checksum, plainChecksum } from './checksum.ts';
import { loadMapped, loadValue, saveValue } from './file.ts';
import { inFile } from './problems.ts';
import type { Slice } from './reading.ts';
import { Snapshot } from './snapshot.ts';
import {
  itemBytes,
  type SparseLayout,
  type StoredDType,
  StoredSparse,
  type StoredStorage,
  StoredTensor,
} from './stored-tensor.ts';

/** The CRC-32 by the addon, where the processor can do it in hardware: several times as fast as Node's. */
export function nativeChecksum(): Checksum {
  const native = getNative();
  return native.hasFastChecksum() ? (bytes, before = 0) => native.checksum(bytes, before) : plainChecksum;
}

/** Describes tensors for one file: tensors that share memory share it there too. What libtorch has only marked as conjugated or negated is written as
 *  it reads, in memory of its own. */
export class TensorDescriber {
  readonly #copies: boolean;
  /** The copies that were made, by what the descriptions have for their bytes. */
  readonly copies: Map<Uint8Array, Handle> = new Map(); // written out: an older TypeScript has no arguments of Uint8Array
  readonly #storages = new Map<string, StoredStorage>();
  readonly #views: ArrayBuffer[] = [];

  /** @param options.copies - whether memory is copied when a tensor is met, so that training may go on while the file is written. */
  constructor(options: { copies: boolean }) {
    this.#copies = options.copies;
  }

  /** The description; undefined for what is no tensor. */
  readonly describe = (value: object): StoredTensor | StoredSparse | undefined => {
    if (!(value instanceof Tensor)) return undefined;
    return value.layout === 'strided' ? this.#dense(value) : scope(() => this.#sparse(value));
  };

  /** Lets go of the memory. To be called when the file is written; of what is not copied, before anything else can run. */
  release(): void {
    for (const view of this.#views) getNative().detachBuffer(view);
    this.#views.length = 0;
    for (const handle of this.copies.values()) getNative().free(handle);
    this.copies.clear();
  }

  #dense(value: Tensor): StoredTensor {
    const native = getNative();
    const isMarked = value.isConj() || value.isNeg();
    const tensor = isMarked ? value.detach().resolveConj().resolveNeg() : value;
    // The address tells storages apart as long as their tensors live: those of the value do, one that was made here does not.
    const key = isMarked ? undefined : `${value.device} ${native.storage(h(value))[0]} ${value.dtype}`;
    const known = key === undefined ? undefined : this.#storages.get(key);
    const storage = known ?? { dtype: tensor.dtype, bytes: this.#bytes(tensor) };
    if (key !== undefined) this.#storages.set(key, storage);
    return new StoredTensor({
      storage,
      shape: tensor.shape,
      stride: tensor.stride,
      storageOffset: native.storageOffset(h(tensor)),
      requiresGrad: value.isLeaf && value.requiresGrad,
      isParameter: value instanceof Parameter,
    });
  }

  #sparse(value: Tensor): StoredSparse {
    const layout = value.layout as SparseLayout; // the others are refused where their parts are asked for
    const tensor = value.detach();
    const isByRow = layout === 'sparse_csr' || layout === 'sparse_bsr';
    const parts = (): Tensor[] => {
      if (layout === 'sparse_coo') return [aten._indices(tensor)];
      return isByRow ? [tensor.crowIndices(), tensor.colIndices()] : [tensor.ccolIndices(), tensor.rowIndices()];
    };
    const values = layout === 'sparse_coo' ? aten._values(tensor) : tensor.values();
    return new StoredSparse({
      layout,
      shape: value.shape,
      indices: parts().map((part) => this.#copied(part)),
      values: this.#copied(values),
      isCoalesced: layout === 'sparse_coo' ? value.isCoalesced() : undefined,
    });
  }

  /** Parts of sparse tensors are made when they are asked for. */
  #copied(part: Tensor): StoredTensor {
    return new StoredTensor({ storage: { dtype: part.dtype, bytes: part.toBytes() }, shape: part.shape });
  }

  /** The whole memory that a tensor looks into. */
  #bytes(tensor: Tensor): Uint8Array {
    const native = getNative();
    if (this.#copies) return this.#copy(tensor);
    if (tensor.device !== 'cpu') return wholeStorage(tensor).to('cpu').toBytes();
    const view = native.viewStorage(h(tensor));
    this.#views.push(view);
    return new Uint8Array(view);
  }

  #copy(tensor: Tensor): Uint8Array {
    const native = getNative();
    const handle =
      tensor.device === 'cpu'
        ? native.copyStorage(h(tensor))
        : scope(() => native.copyStorage(h(wholeStorage(tensor).to('cpu'))));
    const view = native.viewStorage(handle);
    const bytes = new Uint8Array(view);
    this.#views.push(view);
    this.copies.set(bytes, handle);
    return bytes;
  }
}

function wholeStorage(tensor: Tensor): Tensor {
  const numElements = getNative().storage(h(tensor))[1] / dtypeBytes(tensor.dtype);
  return tensor.detach().asStrided([numElements], [1], { storageOffset: 0 }); // [all elements]
}

/** Makes tensors of one file's descriptions: those that share memory share it again. */
export class TensorMaker {
  /** One-dimensional tensors over the memory that was handed out, by that memory; and over what each description of a storage means. */
  readonly #memories = new Map<Uint8Array, Tensor>();
  readonly #storages = new Map<StoredStorage, Tensor>();
  readonly #buffers = new Set<ArrayBuffer>();
  /** What stands for parts of a mapped file. */
  readonly #mapped = new Map<
    Uint8Array,
    { readonly offset: number; readonly length: number; readonly whole: Tensor }
  >();

  /** Memory for a storage, which a tensor reads without a copy. */
  readonly allocate = (numBytes: number, dtype: StoredDType): Uint8Array => {
    const [handle, memory] = getNative().hostBuffer(dtypeCode(dtype), [numBytes / itemBytes(dtype)]);
    const bytes = new Uint8Array(memory);
    this.#memories.set(bytes, wrap(handle));
    this.#buffers.add(memory);
    return bytes;
  };

  /** Maps a file into memory. */
  mapFile(path: string, numBytes: number): { readonly slice: Slice; readonly map: Slice } {
    const whole = mapped(path, numBytes);
    this.#memories.set(new Uint8Array(), whole);
    return {
      slice: (offset, length) => new Uint8Array(getNative().copyMemory(h(whole), offset, length)),
      map: (offset, length) => {
        const mark = new Uint8Array();
        this.#mapped.set(mark, { offset, length, whole });
        return mark;
      },
    };
  }

  readonly make = (stored: StoredTensor): Tensor => {
    const flat = this.#flat(stored.storage);
    const view = flat.asStrided(stored.shape, stored.stride, { storageOffset: stored.storageOffset });
    const conjugated = stored.isConjugated ? view.conj() : view;
    const tensor = stored.isNegated ? conjugated.neg() : conjugated;
    if (stored.isParameter) return new Parameter(tensor, stored.requiresGrad);
    return stored.requiresGrad ? tensor.requiresGrad_() : tensor;
  };

  readonly makeSparse = ({ layout, shape, indices, values, isCoalesced }: StoredSparse): Tensor => {
    const [first, second] = indices.map(this.make);
    if (layout !== 'sparse_coo')
      return sparseCompressedTensor(first!, second!, this.make(values), { layout, size: shape });
    const parts = { values: this.make(values), size: shape };
    if (!libtorchVersion().startsWith('1.')) return sparseCooTensor(first!, { ...parts, isCoalesced });
    const made = sparseCooTensor(first!, parts); // libtorch 1.13 takes no word for it
    return isCoalesced ? made.coalesce() : made;
  };

  /** Lets go of all that tensors do not need. To be called when the last one is made. */
  release(): void {
    for (const flat of new Set([...this.#storages.values(), ...this.#memories.values()])) flat.dispose();
    for (const buffer of this.#buffers) getNative().detachBuffer(buffer);
    for (const map of [this.#storages, this.#memories, this.#mapped]) map.clear();
    this.#buffers.clear();
  }

  /** All elements of a storage. */
  #flat(storage: StoredStorage): Tensor {
    const known = this.#storages.get(storage);
    if (known !== undefined) return known;
    const { dtype, bytes } = storage;
    const memory = this.#memories.get(bytes) ?? this.#mappedMemory(bytes);
    const seen = memory?.dtype === dtype ? memory : memory?.view(dtype);
    const flat = seen ?? fromBytes(bytes, [bytes.length / itemBytes(dtype)], dtype);
    this.#storages.set(storage, flat);
    return flat;
  }

  /** The bytes as a storage of their own, so that writing one tensor of a mapped file does not write the file. */
  #mappedMemory(bytes: Uint8Array): Tensor | undefined {
    const place = this.#mapped.get(bytes);
    if (place === undefined) return undefined;
    const memory = wrap(getNative().sliceMemory(h(place.whole), place.offset, place.length));
    this.#memories.set(bytes, memory);
    return memory;
  }
}

function mapped(path: string, numBytes: number): Tensor {
  try {
    return wrap(getNative().mapFile(resolve(path), numBytes));
  } catch (error) {
    throw inFile('read', path, error);
  }
}

export interface SaveOptions {
  /** Copy all tensors first, and write the copies on a thread while everything goes on: takes as much memory again, and so long as the copy takes nothing
   *  else runs. Default false: the call returns when the bytes are with the operating system, as `torch.save` does, and the promise waits for the disk. */
  readonly inBackground?: boolean | undefined;
  /** See `PickleOptions.keepsObjects`. Default false. */
  readonly keepsObjects?: boolean | undefined;
}

/** Writes a value as torch.save does: any nesting of plain objects, arrays, maps, numbers, strings and tensors (the table is in `values.ts`).
 *  The file appears whole or not at all: temporary file, fsync, rename, fsync of the folder. Tensors are read before the first wait.
 *  @throws {CheckpointError} for a value that a file cannot hold, or where it cannot be written.
 *  @throws {TypeError} for an option that there is not. */
export async function save(value: unknown, path: string, options: SaveOptions = {}): Promise<void> {
  requireOptions('save', options, ['inBackground', 'keepsObjects']);
  const { inBackground = false, keepsObjects } = options;
  if (inBackground) return saveCopy(value, path, keepsObjects);
  const describer = new TensorDescriber({ copies: false });
  // Up to its first wait, saveValue() has written all that is not copied.
  const saved = saveValue(value, path, {
    toStored: describer.describe,
    keepsObjects,
    checksum: nativeChecksum(),
    isBlocking: true,
  });
  describer.release();
  await saved;
}

async function saveCopy(value: unknown, path: string, keepsObjects: boolean | undefined): Promise<void> {
  const snapshot = snapshotFor(value, path, keepsObjects);
  try {
    await snapshot.writeTo(path);
  } finally {
    snapshot.release();
  }
}

function snapshotFor(value: unknown, path: string, keepsObjects: boolean | undefined): Snapshot {
  try {
    return new Snapshot(value, { keepsObjects });
  } catch (error) {
    throw inFile('write', path, error);
  }
}

export interface LoadOptions {
  /** Give Python floats as PyFloat, so that writing them again keeps 1.0 as 1.0. Default false. */
  readonly keepFloats?: boolean | undefined;
  /** Give all that JavaScript has no type for in classes of its own (PyFloat, PyPath, PyScalar, PyArray), so that writing it again gives the same
   *  Python value. Default false. */
  readonly keepTypes?: boolean | undefined;
  /** Let Python classes that are not on the list be placeholders with their names (PyGlobal, PyObject). Default false: an error that lists them. */
  readonly allowsPlaceholders?: boolean | undefined;
  /** Map the file into memory instead of reading it: elements come from the disk when they are first used, their CRCs are not checked, and writing to
   *  them changes nothing in the file. If the file is truncated while tensors of it live, the process dies. Default false. */
  readonly mmap?: boolean | undefined;
}

/** Reads what torch.save of any version, Lightning or `save` wrote, as `torch.load(path, weights_only=True)` does: nothing in the file is executed, and
 *  every CRC that the format has is checked.
 *  @throws {CheckpointError} for a file that is damaged or holds what is not on the list.
 *  @throws {TypeError} for an option that there is not. */
export async function load(path: string, options: LoadOptions = {}): Promise<unknown> {
  requireOptions('load', options, ['keepFloats', 'keepTypes', 'allowsPlaceholders', 'mmap']);
  const { mmap = false, ...wanted } = options;
  const maker = new TensorMaker();
  try {
    const decoding = {
      ...wanted,
      checksum: nativeChecksum(),
      fromStored: maker.make,
      fromSparse: maker.makeSparse,
    };
    if (!mmap) return await loadValue(path, { ...decoding, allocate: maker.allocate });
    const sizeBytes = await fileSize(path);
    const { slice, map } = maker.mapFile(path, sizeBytes);
    return loadMapped(path, sizeBytes, slice, { ...decoding, map });
  } finally {
    maker.release();
  }
}

async function fileSize(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw inFile('read', path, error);
  }
}

function requireOptions(callee: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new TypeError(`Cannot ${callee} a checkpoint: expected options ${known.join(', ')}, got "${unknown}"`);
}

// Tar files, which PyTorch wrote before 0.1.10: storages, tensors and a pickle of the rest, each in an entry of its own. Little-endian on any machine.
import type { DecodeOptions } from './decode-options.ts';
import { findPickleEnd } from './pickle-length.ts';
import { makeTensor, StorageClassNode, StorageNode } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import type { Reading } from './reading.ts';
import { keyText } from './storage-table.ts';
import { itemBytes, type StoredTensor } from './stored-tensor.ts';
import { parsePickle } from './unpickler.ts';
import { describe, PyTuple } from './values.ts';

const blockBytes = 512;
/** Where the fields of a header lie. Source: POSIX.1-1988, ustar. */
const field = { name: [0, 100], size: [124, 136], sum: [148, 156] } as const;
/** Dimensions that a tensor may have: PyTorch stops at 64. */
const maxDims = 64;
const parts = ['storages', 'tensors', 'pickle'] as const;
type Part = (typeof parts)[number];

/** Whether a file begins with a tar header, whose sum of bytes is right. */
export function isTar(start: Uint8Array): boolean {
  if (start.length < blockBytes) return false;
  const [from, to] = field.sum;
  let sum = 0;
  for (let at = 0; at < blockBytes; at++) sum += at >= from && at < to ? 0x20 : start[at]!;
  return sum > 0x20 * (to - from) && sum === octal(Buffer.from(start), field.sum);
}

/** Reads a file of this format. There are no CRCs in it: a damaged element is read as it is. */
export function* readTar(sizeBytes: number, options: DecodeOptions): Reading<unknown> {
  const contents = yield* readParts(sizeBytes);
  const storages = readStorages(new PartReader(contents.storages));
  const tensors = readTensors(new PartReader(contents.tensors), storages);
  const parsed = parsePickle(contents.pickle, {
    ...options,
    persistentLoad: (id) => {
      if (id instanceof PyTuple) return id[0]; // a class, with its source
      const key = keyText(id);
      const found = tensors.get(key) ?? storages.get(key);
      if (found === undefined) throw unreadable(`expected tensor "${key}" in the file, got none`);
      return found;
    },
  });
  return parsed.settle();
}

function noStorage(): never {
  throw unreadable('expected no storages in front of the value, got one');
}

function* readParts(sizeBytes: number): Reading<Record<Part, Buffer>> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at + blockBytes <= sizeBytes; ) {
    const header = Buffer.from(yield { offset: at, numBytes: blockBytes });
    if (header.every((byte) => byte === 0)) break;
    if (!isTar(header)) throw unreadable(`expected a tar header at byte ${at}, got a damaged one`);
    const name = header.toString('latin1', ...field.name).replace(/\0.*$/s, '');
    const numBytes = octal(header, field.size);
    const start = at + blockBytes;
    if (start + numBytes > sizeBytes)
      throw unreadable(`expected entry "${name}" of ${numBytes} bytes, got the end of the file`);
    if (parts.some((part) => part === name)) {
      if (found.has(name)) throw unreadable(`expected one entry "${name}", got two`);
      const bytes = yield { offset: start, numBytes };
      found.set(name, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    }
    at = start + Math.ceil(numBytes / blockBytes) * blockBytes;
  }
  const missing = parts.find((part) => !found.has(part));
  if (missing !== undefined) throw unreadable(`expected a tar file of PyTorch's, got one without "${missing}"`);
  return Object.fromEntries(found) as Record<Part, Buffer>;
}

function octal(header: Buffer, [from, to]: readonly [number, number]): number {
  const text = header
    .toString('latin1', from, to)
    .replace(/[\0 ]+$/, '')
    .trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** Takes pickles and numbers off the front of an entry. */
class PartReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  pickle(): unknown {
    const end = findPickleEnd(this.#bytes, this.#at);
    if (end === undefined) throw unreadable('expected another pickle in the tar file, got the end of its entry');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return parsePickle(bytes, { persistentLoad: noStorage, allowsPlaceholders: true }).root;
  }

  /** A number of things to come, each of which takes at least a byte. */
  count(): number {
    const count = this.pickle();
    const left = this.#bytes.length - this.#at;
    if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= left) return count;
    throw unreadable(
      `expected a number of entries up to ${left}, got ${typeof count === 'number' ? count : describe(count)}`,
    );
  }

  tuple(length: number): readonly unknown[] {
    const value = this.pickle();
    if (value instanceof PyTuple && value.length === length) return value;
    throw unreadable(`expected a tuple of ${length} in the tar file, got ${describe(value)}`);
  }

  take(numBytes: number): Buffer {
    const left = this.#bytes.length - this.#at;
    if (!(numBytes >= 0 && numBytes <= left))
      throw unreadable(`expected ${numBytes} bytes in the tar file, got ${left}`);
    this.#at += numBytes;
    return this.#bytes.subarray(this.#at - numBytes, this.#at);
  }

  int64(): number {
    return Number(this.take(8).readBigInt64LE());
  }

  int32(): number {
    return this.take(4).readInt32LE();
  }
}

function readStorages(reader: PartReader): Map<string, StorageNode> {
  const storages = new Map<string, StorageNode>();
  for (let left = reader.count(); left > 0; left--) {
    const [key, , storageClass] = reader.tuple(3);
    if (!(storageClass instanceof StorageClassNode))
      throw unreadable(`expected a storage class, got ${describe(storageClass)}`);
    const dtype = storageClass.dtype ?? 'uint8';
    // A copy: what lies in the entry is not aligned.
    const bytes = new Uint8Array(reader.take(reader.int64() * itemBytes(dtype)));
    storages.set(keyText(key), new StorageNode({ dtype, bytes }));
  }
  const views = reader.pickle();
  if (!Array.isArray(views)) throw unreadable(`expected a list of storages inside others, got ${describe(views)}`);
  for (const view of views) addView(view, storages);
  return storages;
}

/** `(key, key of the storage around, offset, number of elements)`. */
function addView(view: unknown, storages: Map<string, StorageNode>): void {
  const [key, rootKey, offset, numel] = view instanceof PyTuple && view.length === 4 ? view : [];
  const root = storages.get(keyText(rootKey));
  const isInside =
    root !== undefined &&
    [offset, numel].every((count) => Number.isSafeInteger(count) && (count as number) >= 0) &&
    (offset as number) + (numel as number) <= root.storage.bytes.length / itemBytes(root.storage.dtype);
  if (!isInside) throw unreadable('expected a storage inside another, got one that reaches outside');
  storages.set(keyText(key), new StorageNode(root.storage, offset as number));
}

function readTensors(reader: PartReader, storages: ReadonlyMap<string, StorageNode>): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (let left = reader.count(); left > 0; left--) {
    const [key, storageKey] = reader.tuple(3);
    const storage = storages.get(keyText(storageKey));
    if (storage === undefined) throw unreadable(`expected storage "${keyText(storageKey)}" in the file, got none`);
    const numDims = reader.int32();
    reader.take(4); // once, the number of dimensions took 8 bytes
    if (numDims < 0 || numDims > maxDims) throw unreadable(`expected at most ${maxDims} dimensions, got ${numDims}`);
    const shape = Array.from({ length: numDims }, () => reader.int64());
    const stride = Array.from({ length: numDims }, () => reader.int64());
    const storageOffset = storage.offset + reader.int64();
    tensors.set(keyText(key), makeTensor({ storage: storage.storage, shape, stride, storageOffset }));
  }
  return tensors;
}

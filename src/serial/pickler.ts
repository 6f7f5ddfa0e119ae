// Writes values as Python pickle, protocol 2, in the forms that `torch.load(weights_only=True)` takes.
import { ByteWriter } from './byte-writer.ts';
import { op } from './pickle-opcodes.ts';
import { unwritable } from './problems.ts';
import { itemBytes, type StoredStorage, StoredTensor, storageClass } from './stored-tensor.ts';
import { describe, isHashable, maxDepth, PyDevice, PyDType, PyFloat, PyOrderedDict, PyTuple } from './values.ts';

/** Turns an object that is no plain data (a tensor of the caller's) into a StoredTensor; undefined for what it does not know.
 *  Tensors that share memory must get the same `storage` object.
 */
export type ToStored = (value: object) => StoredTensor | undefined;

export interface PickleOptions {
  /** Gives the name under which the archive holds a storage; called for every tensor. */
  readonly storageKey: (storage: StoredStorage) => string;
  readonly toStored?: ToStored | undefined;
}

/** The pickle of a value. The table in `values.ts` says what may be in it.
 *  @throws {CheckpointError} naming the place of a value that has no form in Python, of one inside itself, or nested too deep.
 */
export function pickle(value: unknown, options: PickleOptions): Uint8Array {
  const pickler = new Pickler(options);
  return pickler.dump(value);
}

class Pickler {
  readonly #options: PickleOptions;
  readonly #out = new ByteWriter();
  /** Place in Python's memo of each object and string written so far, and of each global. */
  readonly #memo = new Map<unknown, number>();
  readonly #globals = new Map<string, number>();
  #numMemoised = 0;
  /** Containers that are being written: meeting one again means that it holds itself. */
  readonly #open = new Set<object>();
  /** Where we are, for messages. */
  readonly #path: unknown[] = [];

  constructor(options: PickleOptions) {
    this.#options = options;
  }

  dump(value: unknown): Uint8Array {
    this.#ops(op.proto, 2);
    this.#save(value);
    this.#ops(op.stop);
    return this.#out.bytes;
  }

  #save(value: unknown): void {
    if (typeof value === 'string') this.#saveString(value);
    else if (typeof value === 'number') this.#saveNumber(value);
    else if (typeof value === 'bigint') this.#saveLong(value);
    else if (typeof value === 'boolean') this.#ops(value ? op.newTrue : op.newFalse);
    else if (value === null) this.#ops(op.none);
    else if (value instanceof PyFloat) this.#saveFloat(value.value);
    else if (typeof value === 'object') this.#saveObject(value);
    else throw this.#refuse('a value that a checkpoint can hold', describe(value));
  }

  #saveObject(value: object): void {
    if (this.#get(this.#memo.get(value))) return;
    if (this.#open.has(value)) throw this.#refuse('values that do not hold themselves', 'one that does');
    if (this.#open.size >= maxDepth) throw this.#refuse(`at most ${maxDepth} levels of nesting`, 'more');
    this.#open.add(value);
    this.#saveContent(value);
    this.#open.delete(value);
    this.#memo.set(value, this.#put());
  }

  #saveContent(value: object): void {
    if (value instanceof PyTuple) this.#saveTuple(value);
    else if (Array.isArray(value)) this.#saveList(value);
    else if (value instanceof Uint8Array) this.#saveBytes(value);
    else if (value instanceof Map) this.#saveDict(value, value.entries());
    else if (value instanceof Set) this.#saveSet(value);
    else if (value instanceof StoredTensor) this.#saveTensor(value);
    else if (value instanceof PyDType) this.#saveGlobal('torch', value.name);
    else if (value instanceof PyDevice) this.#saveDevice(value);
    else if (isPlainObject(value)) this.#saveDict(value, Object.entries(value));
    else this.#saveForeign(value);
  }

  #saveForeign(value: object): void {
    const tensor = this.#options.toStored?.(value);
    if (tensor === undefined) throw this.#refuse('a value that a checkpoint can hold', describe(value));
    this.#saveTensor(tensor);
  }

  /** Integers that a double holds exactly are Python ints; -0 would lose its sign as one. */
  #saveNumber(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) this.#saveInt(value);
    else this.#saveFloat(value);
  }

  #saveInt(value: number): void {
    if (value >= 0 && value < 0x100) {
      this.#ops(op.binInt1, value);
    } else if (value >= 0 && value < 0x1_0000) {
      this.#ops(op.binInt2);
      this.#out.uint16(value);
    } else if (value === (value | 0)) {
      this.#ops(op.binInt);
      this.#out.int32(value);
    } else {
      this.#saveLong(BigInt(value));
    }
  }

  /** Two's complement, little-endian, in the fewest bytes. */
  #saveLong(value: bigint): void {
    const magnitude = value < 0n ? -value - 1n : value;
    const numBytes = Math.floor(magnitude.toString(2).length / 8) + 1;
    const hex = BigInt.asUintN(8 * numBytes, value)
      .toString(16)
      .padStart(2 * numBytes, '0');
    if (numBytes < 0x100) this.#ops(op.long1, numBytes);
    else {
      this.#ops(op.long4);
      this.#out.int32(numBytes);
    }
    this.#out.raw(Buffer.from(hex, 'hex').reverse());
  }

  #saveFloat(value: number): void {
    this.#ops(op.binFloat);
    this.#out.float64(value);
  }

  #saveString(value: string): void {
    if (this.#get(this.#memo.get(value))) return;
    if (/\p{Surrogate}/u.test(value)) throw this.#refuse('well-formed text', 'a string with half a surrogate pair');
    const encoded = Buffer.from(value);
    this.#ops(op.binUnicode);
    this.#out.uint32(encoded.length);
    this.#out.raw(encoded);
    this.#memo.set(value, this.#put());
  }

  /** `_codecs.encode(text, 'latin1')`, as Python writes bytes in protocol 2; the empty ones too, where Python uses a global that it then refuses. */
  #saveBytes(value: Uint8Array): void {
    this.#saveGlobal('_codecs', 'encode');
    this.#ops(op.mark);
    this.#saveString(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'));
    this.#saveString('latin1');
    this.#ops(op.tuple, op.reduce);
  }

  #saveTuple(items: readonly unknown[]): void {
    this.#ops(op.mark);
    this.#saveItems(items);
    this.#ops(op.tuple);
  }

  #saveList(items: readonly unknown[]): void {
    this.#ops(op.emptyList, op.mark);
    this.#saveItems(items);
    this.#ops(op.appends);
  }

  #saveSet(items: ReadonlySet<unknown>): void {
    for (const item of items) this.#requireHashable(item);
    this.#saveGlobal('__builtin__', 'set');
    this.#saveList([...items]);
    this.#ops(op.tuple1, op.reduce);
  }

  #saveItems(items: readonly unknown[]): void {
    for (let index = 0; index < items.length; index++) this.#saveAt(index, items[index]);
  }

  #saveDict(dict: object, entries: Iterable<[unknown, unknown]>): void {
    if (Object.getOwnPropertySymbols(dict).length > 0)
      throw this.#refuse('an object with string keys', 'one with symbols');
    if (dict instanceof PyOrderedDict) this.#saveEmptyOrderedDict();
    else this.#ops(op.emptyDict);
    this.#ops(op.mark);
    for (const [key, value] of entries) {
      this.#requireHashable(key);
      this.#save(key);
      this.#saveAt(key, value);
    }
    this.#ops(op.setItems);
  }

  #saveEmptyOrderedDict(): void {
    this.#saveGlobal('collections', 'OrderedDict');
    this.#ops(op.emptyTuple, op.reduce);
  }

  #saveDevice(device: PyDevice): void {
    this.#saveGlobal('torch', 'device');
    this.#ops(op.mark);
    this.#saveString(device.type);
    if (device.index !== undefined) this.#saveInt(device.index);
    this.#ops(op.tuple, op.reduce);
  }

  #saveTensor(tensor: StoredTensor): void {
    if (tensor.isParameter) this.#saveParameter(tensor);
    else this.#saveRebuiltTensor(tensor, tensor.requiresGrad);
  }

  #saveParameter(tensor: StoredTensor): void {
    this.#saveGlobal('torch._utils', '_rebuild_parameter');
    this.#ops(op.mark);
    this.#saveRebuiltTensor(tensor, false);
    this.#save(tensor.requiresGrad);
    this.#saveEmptyOrderedDict(); // backward hooks, always empty
    this.#ops(op.tuple, op.reduce);
  }

  #saveRebuiltTensor(tensor: StoredTensor, requiresGrad: boolean): void {
    const isOfBytes = storageClass(tensor.dtype) === undefined;
    this.#saveGlobal('torch._utils', isOfBytes ? '_rebuild_tensor_v3' : '_rebuild_tensor_v2');
    this.#ops(op.mark);
    this.#saveStorage(tensor.storage);
    this.#save(tensor.storageOffset);
    this.#saveTuple(tensor.shape);
    this.#saveTuple(tensor.stride);
    this.#save(requiresGrad);
    this.#saveEmptyOrderedDict(); // backward hooks, always empty
    if (isOfBytes) this.#saveGlobal('torch', tensor.dtype);
    this.#ops(op.tuple, op.reduce);
  }

  #saveStorage(storage: StoredStorage): void {
    this.#ops(op.mark);
    this.#saveString('storage');
    const name = storageClass(storage.dtype);
    if (name === undefined) this.#saveGlobal('torch.storage', 'UntypedStorage');
    else this.#saveGlobal('torch', name);
    this.#saveString(this.#options.storageKey(storage));
    this.#saveString('cpu');
    this.#save(storage.bytes.length / (name === undefined ? 1 : itemBytes(storage.dtype)));
    this.#ops(op.tuple, op.binPersId);
  }

  #saveGlobal(module: string, name: string): void {
    const text = `${module}\n${name}\n`;
    if (this.#get(this.#globals.get(text))) return;
    this.#ops(op.global);
    this.#out.raw(Buffer.from(text));
    this.#globals.set(text, this.#put());
  }

  #saveAt(step: unknown, value: unknown): void {
    this.#path.push(step);
    this.#save(value);
    this.#path.pop();
  }

  /** Writes a reference to what the memo holds. @returns false where it holds nothing. */
  #get(index: number | undefined): boolean {
    if (index === undefined) return false;
    if (index < 0x100) this.#ops(op.binGet, index);
    else {
      this.#ops(op.longBinGet);
      this.#out.uint32(index);
    }
    return true;
  }

  /** Stores the top of the stack in the memo. @returns its place. */
  #put(): number {
    const index = this.#numMemoised++;
    if (index < 0x100) this.#ops(op.binPut, index);
    else {
      this.#ops(op.longBinPut);
      this.#out.uint32(index);
    }
    return index;
  }

  #ops(...bytes: number[]): void {
    for (const byte of bytes) this.#out.byte(byte);
  }

  #requireHashable(key: unknown): void {
    if (!isHashable(key)) throw this.#refuse('a dict key or set member that Python can hash', describe(key));
  }

  #refuse(wanted: string, actual: string): Error {
    const place = this.#path.reduce<string>((path, step) => {
      if (typeof step === 'string') return path === '' ? step : `${path}.${step}`;
      return `${path}[${typeof step === 'object' ? describe(step) : String(step)}]`;
    }, '');
    return unwritable(`expected ${wanted}${place === '' ? '' : ` at "${place}"`}, got ${actual}`);
  }
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

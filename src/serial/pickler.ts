// Writes values as Python pickle, protocol 2, in the forms that `torch.load(weights_only=True)` takes.
import { ByteWriter } from './byte-writer.ts';
import { dtypeOfCode, rowMajorBytes } from './pickle-numpy.ts';
import { op } from './pickle-opcodes.ts';
import { unwritable } from './problems.ts';
import {
  itemBytes,
  type StoredDType,
  StoredSparse,
  type StoredStorage,
  StoredTensor,
  storageBytes,
  storageClass,
} from './stored-tensor.ts';
import {
  describe,
  dtypeNames,
  isHashable,
  layoutNames,
  maxDepth,
  PyArray,
  PyByteArray,
  PyComplex,
  PyConstant,
  PyDevice,
  PyDType,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyPath,
  PyScalar,
  PySize,
  PyTuple,
  type PythonDict,
  plainClasses,
  pythonDict,
  schemeNames,
} from './values.ts';

const codeOfDType = new Map([...dtypeOfCode].map(([code, dtype]) => [dtype, code]));

/** Turns an object that is no plain data (a tensor of the caller's) into a description of it; undefined for what it does not know.
 *  Tensors that share memory must get the same `storage` object.
 */
export type ToStored = (value: object) => StoredTensor | StoredSparse | undefined;

export interface PickleOptions {
  /** Gives the name under which the archive holds a storage; called for every tensor. */
  readonly storageKey: (storage: StoredStorage) => string;
  readonly toStored?: ToStored | undefined;
  /** Write what was read of classes that are not on the list (PyGlobal, PyObject) as it was read: who opens the file in Python without
   *  `weights_only` runs what they name. Default: they are refused. */
  readonly keepsObjects?: boolean | undefined;
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
    if (value instanceof PySize) this.#saveCall('torch', 'Size', () => this.#saveTuple(value));
    else if (value instanceof PyTuple) this.#saveTuple(value);
    else if (Array.isArray(value)) this.#saveList(value);
    else if (value instanceof Uint8Array) this.#saveBytes(value);
    else if (value instanceof Map) this.#saveDict(value, value.entries());
    else if (value instanceof Set) this.#saveSet(value);
    else if (value instanceof StoredTensor) this.#saveTensor(value);
    else if (value instanceof StoredSparse) this.#saveSparse(value);
    else if (value instanceof PyDType) this.#saveNamed('dtype', value.name, dtypeNames);
    else if (value instanceof PyDevice) this.#saveDevice(value);
    else if (value instanceof PyComplex) this.#saveComplex(value);
    else if (value instanceof PyConstant) this.#saveConstant(value);
    else if (isPlainObject(value)) this.#saveDict(value, Object.entries(value));
    else if (!this.#savePythonOnly(value)) this.#saveForeign(value);
  }

  /** What only Python without `weights_only` opens. @returns false for anything else. */
  #savePythonOnly(value: object): boolean {
    if (value instanceof PyPath) this.#saveReduced('pathlib', value.kind, value.parts);
    else if (value instanceof PyScalar) this.#saveScalar(value);
    else if (value instanceof PyArray) this.#saveArray(value);
    else if (value instanceof PyGlobal) this.#saveClass(value);
    else if (value instanceof PyObject) this.#savePyObject(value);
    else return false;
    return true;
  }

  #saveForeign(value: object): void {
    const tensor = this.#options.toStored?.(value);
    if (tensor === undefined) throw this.#refuse('a value that a checkpoint can hold', describe(value));
    if (tensor instanceof StoredSparse) this.#saveSparse(tensor);
    else this.#saveTensor(tensor);
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
    const encode = (): void => {
      this.#saveGlobal('_codecs', 'encode');
      this.#ops(op.mark);
      this.#saveString(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'));
      this.#saveString('latin1');
      this.#ops(op.tuple, op.reduce);
    };
    if (value instanceof PyByteArray) this.#saveCall('__builtin__', 'bytearray', encode);
    else encode();
  }

  /** `module.name(argument)`. */
  #saveCall(module: string, name: string, saveArgument: () => void): void {
    this.#saveGlobal(module, name);
    saveArgument();
    this.#ops(op.tuple1, op.reduce);
  }

  /** `module.name(*args)`. */
  #saveReduced(module: string, name: string, args: readonly unknown[]): void {
    this.#saveGlobal(module, name);
    this.#saveTuple(args);
    this.#ops(op.reduce);
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
    const name = items instanceof PyFrozenSet ? 'frozenset' : 'set';
    this.#saveCall('__builtin__', name, () => this.#saveList([...items]));
  }

  #saveItems(items: readonly unknown[]): void {
    for (let index = 0; index < items.length; index++) this.#saveAt(index, items[index]);
  }

  #saveDict(dict: object, entries: Iterable<[unknown, unknown]>): void {
    const kind = pythonDict(dict);
    if (Object.getOwnPropertySymbols(dict).some((symbol) => Object.prototype.propertyIsEnumerable.call(dict, symbol)))
      throw this.#refuse('an object with string keys', 'one with symbols');
    if (kind?.kind === 'Counter') {
      this.#saveCall('collections', 'Counter', () => this.#saveEntries(entries, () => this.#ops(op.emptyDict)));
      return;
    }
    this.#saveEntries(entries, () => this.#saveEmptyDict(kind));
    if (kind?.attributes === undefined) return;
    this.#saveAt('attributes', { ...kind.attributes });
    this.#ops(op.build);
  }

  #saveEntries(entries: Iterable<[unknown, unknown]>, saveEmpty: () => void): void {
    saveEmpty();
    this.#ops(op.mark);
    for (const [key, value] of entries) {
      this.#requireHashable(key);
      this.#save(key);
      this.#saveAt(key, value);
    }
    this.#ops(op.setItems);
  }

  #saveEmptyDict(dict: PythonDict | undefined): void {
    if (dict === undefined) this.#ops(op.emptyDict);
    else if (dict.kind === 'OrderedDict') this.#saveEmptyOrderedDict();
    else if (dict.kind === 'defaultdict') {
      this.#saveGlobal('collections', 'defaultdict');
      if (dict.factory === undefined) this.#ops(op.none);
      else this.#saveFactory(dict.factory);
      this.#ops(op.tuple1, op.reduce);
    } else {
      this.#saveGlobal(dict.module ?? 'lightning.fabric.utilities.data', 'AttributeDict');
      this.#ops(op.emptyTuple, op.newObj);
    }
  }

  #saveFactory(factory: string): void {
    const dot = factory.lastIndexOf('.');
    this.#saveClass(new PyGlobal(factory.slice(0, dot), factory.slice(dot + 1)));
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

  #saveComplex(value: PyComplex): void {
    this.#saveGlobal('__builtin__', 'complex');
    this.#saveFloat(value.re);
    this.#saveFloat(value.im);
    this.#ops(op.tuple2, op.reduce);
  }

  #saveConstant({ name }: PyConstant): void {
    if (layoutNames.includes(name)) this.#saveReduced('torch.serialization', '_get_layout', [`torch.${name}`]);
    else this.#saveNamed('layout or quantisation scheme', name, schemeNames);
  }

  #saveNamed(what: string, name: string, known: readonly string[]): void {
    if (!known.includes(name)) throw this.#refuse(`a ${what} of PyTorch's`, JSON.stringify(name));
    this.#saveGlobal('torch', name);
  }

  #saveNumpyDType(dtype: StoredDType): void {
    const code = codeOfDType.get(dtype);
    if (code === undefined) throw this.#refuse('a dtype that NumPy has', dtype);
    const order = itemBytes(dtype) === 1 ? '|' : '<';
    this.#saveReduced('numpy', 'dtype', [code, false, true]);
    this.#saveTuple([3, order, null, null, null, -1, -1, 0]);
    this.#ops(op.build);
  }

  /** `scalar(dtype, bytes)`. */
  #saveScalar({ dtype, bytes }: PyScalar): void {
    this.#saveGlobal('numpy._core.multiarray', 'scalar');
    this.#saveNumpyDType(dtype);
    this.#saveBytes(bytes);
    this.#ops(op.tuple2, op.reduce);
  }

  /** `_reconstruct(ndarray, (0,), b'b')` with the state `(1, shape, dtype, is Fortran order, bytes)`. */
  #saveArray({ tensor }: PyArray): void {
    const stored = tensor instanceof StoredTensor ? tensor : this.#options.toStored?.(tensor as object);
    if (!(stored instanceof StoredTensor)) throw this.#refuse('a NumPy array of a dense tensor', describe(tensor));
    this.#saveGlobal('numpy._core.multiarray', '_reconstruct');
    this.#saveGlobal('numpy', 'ndarray');
    this.#saveTuple([0]);
    this.#saveBytes(Uint8Array.of(0x62));
    this.#ops(op.tuple3, op.reduce, op.mark);
    this.#saveInt(1);
    this.#saveTuple(stored.shape);
    this.#saveNumpyDType(stored.dtype);
    const elements = rowMajorBytes(stored);
    this.#save(elements.isFortran);
    this.#saveBytes(elements.bytes);
    this.#ops(op.tuple, op.build);
  }

  #saveClass(value: PyGlobal): void {
    const isPlain = value.module === 'builtins' || plainClasses.has(value.toString());
    if (!isPlain && this.#options.keepsObjects !== true) throw this.#refuseObject(value.toString());
    const isRange = value.module === 'builtins' && value.name === 'range';
    // Protocol 2 has Python 2's names.
    this.#saveGlobal(value.module === 'builtins' ? '__builtin__' : value.module, isRange ? 'xrange' : value.name);
  }

  #savePyObject(value: PyObject): void {
    const { callee, by, args, keywords, state, items, entries } = value;
    if (callee instanceof PyGlobal) this.#saveClass(callee);
    else this.#save(callee);
    this.#saveTuple(args);
    if (keywords !== undefined) throw this.#refuse('an object that was made without keywords', value.className);
    this.#ops(by === 'call' ? op.reduce : op.newObj);
    if (items.length > 0) {
      this.#ops(op.mark);
      this.#saveItems(items);
      this.#ops(op.appends);
    }
    if (entries.size > 0) this.#saveEntries(entries, () => undefined);
    if (state === undefined) return;
    this.#saveAt('state', state);
    this.#ops(op.build);
  }

  #refuseObject(className: string): Error {
    return this.#refuse('plain values and tensors', `${className}; save with keepsObjects to write it as it was read`);
  }

  #saveTensor(tensor: StoredTensor): void {
    if (tensor.isParameter) this.#saveParameter(tensor);
    else this.#saveRebuiltTensor(tensor, tensor.requiresGrad);
  }

  #saveSparse({ layout, shape, indices, values, isCoalesced }: StoredSparse): void {
    this.#saveGlobal('torch._utils', '_rebuild_sparse_tensor');
    this.#saveConstant(new PyConstant(layout));
    this.#ops(op.mark);
    for (const part of [...indices, values]) this.#save(part);
    this.#saveCall('torch', 'Size', () => this.#saveTuple(shape));
    if (isCoalesced !== undefined) this.#save(isCoalesced);
    this.#ops(op.tuple, op.tuple2, op.reduce);
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
    const marks = [...(tensor.isConjugated ? ['conj'] : []), ...(tensor.isNegated ? ['neg'] : [])];
    if (marks.length > 0)
      this.#saveEntries(
        marks.map((mark) => [mark, true]),
        () => this.#ops(op.emptyDict),
      );
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
    this.#save(storageBytes(storage) / (name === undefined ? 1 : itemBytes(storage.dtype)));
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

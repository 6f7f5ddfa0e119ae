// Reads Python pickle (binary protocols 2 to 5) into plain values and tensors. It is a restricted reader: nothing in the file is ever run.
import type { ByteReader } from './byte-reader.ts';
import { findGlobal, makeNew } from './pickle-globals.ts';
import { Machine, type MachineOptions } from './pickle-machine.ts';
import { DictNode, GlobalNode, NumpyArrayNode, NumpyDTypeNode, requireHashable } from './pickle-nodes.ts';
import { buildNumpyArray, buildNumpyDType } from './pickle-numpy.ts';
import { op } from './pickle-opcodes.ts';
import { unreadable } from './problems.ts';
import { settle } from './settle.ts';
import type { StoredSparse, StoredTensor } from './stored-tensor.ts';
import { describe, PyByteArray, PyFrozenSet, PyGlobal, PyObject, PyTuple, tupleOf } from './values.ts';

/** Turns each tensor of a file into the caller's own; called once a tensor, so that what was one object stays one. */
export type FromStored = (tensor: StoredTensor) => unknown;
export type FromSparse = (tensor: StoredSparse) => unknown;

export interface UnpickleOptions extends MachineOptions {
  readonly fromStored?: FromStored | undefined;
  readonly fromSparse?: FromSparse | undefined;
}

/** A pickle that was read: the storages that it names are known, and no tensor was made yet. */
export interface Unpickled {
  /** What the pickle left on the stack: nodes, not values. */
  readonly root: unknown;
  /** Makes the value, tensors by the caller's functions. To be called once. */
  settle(): unknown;
}

/** The longest integer that is read, in bytes. */
const maxIntegerBytes = 1 << 16;
/** Values of a result with nothing shared between two places; a pickle that means more than both of these is refused. */
const minMaxValues = 1 << 24;
const maxValuesPerByte = 16;

/** The value of a pickle. The table in `values.ts` says what Python's values become. Memory and time: in proportion to the pickle.
 *  @throws {CheckpointError} if it is damaged, or names classes and functions that no checkpoint needs: the message lists them.
 */
export function unpickle(bytes: Uint8Array, options: UnpickleOptions): unknown {
  return parsePickle(bytes, options).settle();
}

/** Reads a pickle without making tensors of it. See `unpickle`. */
export function parsePickle(bytes: Uint8Array, options: UnpickleOptions): Unpickled {
  const machine = new Machine(bytes, options);
  let root: unknown;
  let failure: unknown;
  try {
    root = run(machine);
  } catch (error) {
    failure = error;
  }
  // A class that is not allowed often makes the rest fail: it is the better reason.
  if (machine.unknown.size > 0 && options.allowsPlaceholders !== true) throw unknownGlobals(machine.unknown, failure);
  if (failure !== undefined) throw failure;
  const maxValues = Math.max(minMaxValues, maxValuesPerByte * bytes.length);
  return { root, settle: () => settle(root, { ...options, maxValues }) };
}

function unknownGlobals(names: ReadonlySet<string>, cause: unknown): Error {
  const listed = [...names].slice(0, 20).join(', ') + (names.size > 20 ? ` and ${names.size - 20} more` : '');
  const wayOut = 'load with allowsPlaceholders to have them by name, or save plain values and state dicts in Python';
  const problem = `expected plain values and tensors, got the Python classes or functions ${listed}; ${wayOut}`;
  return unreadable(problem, cause === undefined ? undefined : { cause });
}

function run(machine: Machine): unknown {
  for (;;) {
    const at = machine.reader.position;
    const code = machine.reader.byte();
    if (code === op.stop) return machine.finish();
    const execute = handlers.get(code);
    if (execute === undefined) throw unreadable(`expected a pickle opcode at byte ${at}, got 0x${code.toString(16)}`);
    execute(machine);
  }
}

const handlers: ReadonlyMap<number, (machine: Machine) => void> = new Map([
  [op.proto, (m) => requireProtocol(m.reader.byte())],
  [op.frame, (m) => void m.reader.uint64()], // how many bytes to read ahead
  [op.mark, (m) => m.mark()],
  [op.pop, (m) => void m.pop()],
  [op.popMark, (m) => void m.popMark()],
  [op.dup, (m) => m.push(m.top())],

  [op.none, (m) => m.push(null)],
  [op.newTrue, (m) => m.push(true)],
  [op.newFalse, (m) => m.push(false)],
  [op.binInt, (m) => m.push(m.reader.int32())],
  [op.binInt1, (m) => m.push(m.reader.byte())],
  [op.binInt2, (m) => m.push(m.reader.uint16())],
  [op.long1, (m) => m.push(readInteger(m.reader, m.reader.byte()))],
  [op.long4, (m) => m.push(readInteger(m.reader, m.reader.uint32()))],
  [op.binFloat, (m) => m.push(m.float(m.reader.float64()))],
  [op.shortBinUnicode, (m) => m.push(m.reader.text(m.reader.byte()))],
  [op.binUnicode, (m) => m.push(m.reader.text(m.reader.uint32()))],
  [op.binUnicode8, (m) => m.push(m.reader.text(m.reader.uint64()))],
  [op.shortBinString, (m) => m.push(m.reader.text(m.reader.byte()))], // Python 2's str; `torch.load` decodes it so too
  [op.binString, (m) => m.push(m.reader.text(m.reader.uint32()))],
  [op.shortBinBytes, (m) => m.push(readBytes(m.reader, m.reader.byte()))],
  [op.binBytes, (m) => m.push(readBytes(m.reader, m.reader.uint32()))],
  [op.binBytes8, (m) => m.push(readBytes(m.reader, m.reader.uint64()))],
  [op.byteArray8, (m) => m.push(new PyByteArray(m.reader.take(m.reader.uint64())))],

  [op.emptyTuple, (m) => m.pushContainer(new PyTuple())],
  [op.tuple1, (m) => m.pushContainer(tupleOf(m.popMany(1)))],
  [op.tuple2, (m) => m.pushContainer(tupleOf(m.popMany(2)))],
  [op.tuple3, (m) => m.pushContainer(tupleOf(m.popMany(3)))],
  [op.tuple, (m) => m.pushContainer(tupleOf(m.popMark()))],
  [op.emptyList, (m) => m.pushContainer([])],
  [op.list, (m) => m.pushContainer(m.popMark())],
  [op.append, (m) => append(m, [m.pop()])],
  [op.appends, (m) => append(m, m.popMark())],
  [op.emptyDict, (m) => m.pushContainer(new DictNode())],
  [op.dict, (m) => pushDict(m, m.popMark())],
  [op.setItem, (m) => setItems(m, m.popMany(2))],
  [op.setItems, (m) => setItems(m, m.popMark())],
  [op.emptySet, (m) => m.pushContainer(new Set())],
  [op.addItems, (m) => addItems(m, m.popMark())],
  [op.frozenSet, (m) => m.pushContainer(new PyFrozenSet(m.popMark().map(requireHashable)))],

  [op.binPut, (m) => m.remember(m.reader.byte())],
  [op.longBinPut, (m) => m.remember(m.reader.uint32())],
  [op.memoize, (m) => m.memoise()],
  [op.binGet, (m) => m.recall(m.reader.byte())],
  [op.longBinGet, (m) => m.recall(m.reader.uint32())],

  [op.global, (m) => pushGlobal(m, m.reader.line(), m.reader.line())],
  [op.stackGlobal, (m) => pushStackGlobal(m, m.pop(), m.pop())],
  [op.reduce, (m) => call(m, m.pop(), m.pop())],
  [op.newObj, (m) => popped(m, 2, ([type, args]) => makeObject(m, type, args))],
  [op.newObjEx, (m) => popped(m, 3, ([type, args, keywords]) => makeObject(m, type, args, keywords))],
  [op.build, (m) => build(m.pop(), m.top())],
  [op.binPersId, (m) => m.push(m.persistentLoad(m.pop()))],
  [op.persId, (m) => m.push(m.persistentLoad(m.reader.line()))],
] as [number, (machine: Machine) => void][]);

function popped(machine: Machine, count: number, use: (values: readonly unknown[]) => void): void {
  use(machine.popMany(count));
}

function requireProtocol(protocol: number): void {
  if (protocol < 2 || protocol > 5) throw unreadable(`expected pickle protocol 2 to 5, got ${protocol}`);
}

/** Two's complement, little-endian. */
function readInteger(reader: ByteReader, numBytes: number): number | bigint {
  if (numBytes > maxIntegerBytes)
    throw unreadable(`expected integers of at most ${maxIntegerBytes} bytes, got ${numBytes}`);
  if (numBytes === 0) return 0;
  const bigEndian = Buffer.from(reader.take(numBytes)).reverse();
  const value = BigInt.asIntN(8 * numBytes, BigInt(`0x${bigEndian.toString('hex')}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function readBytes(reader: ByteReader, numBytes: number): Uint8Array {
  return new Uint8Array(reader.take(numBytes));
}

function append(machine: Machine, items: readonly unknown[]): void {
  const list = machine.top();
  const target = list instanceof PyObject ? list.items : list;
  if (!Array.isArray(target) || target instanceof PyTuple)
    throw unreadable(`expected a list to append to, got ${describe(list)}`);
  for (const item of items) target.push(item);
}

function pushDict(machine: Machine, items: readonly unknown[]): void {
  machine.pushContainer(new DictNode());
  setItems(machine, items);
}

function setItems(machine: Machine, items: readonly unknown[]): void {
  const dict = machine.top();
  if (items.length % 2 !== 0) throw unreadable('expected keys and values for a dict, got an odd number');
  for (let index = 0; index < items.length; index += 2) {
    if (dict instanceof DictNode) dict.set(items[index], items[index + 1]);
    else if (dict instanceof PyObject) dict.entries.set(requireHashable(items[index]), items[index + 1]);
    else throw unreadable(`expected a dict to put items into, got ${describe(dict)}`);
  }
  if (!(dict instanceof DictNode || dict instanceof PyObject))
    throw unreadable(`expected a dict to put items into, got ${describe(dict)}`);
}

function addItems(machine: Machine, items: readonly unknown[]): void {
  const set = machine.top();
  if (set instanceof PyObject) set.items.push(...items);
  else if (!(set instanceof Set)) throw unreadable(`expected a set to add to, got ${describe(set)}`);
  else for (const item of items) set.add(requireHashable(item));
}

function pushGlobal(machine: Machine, module: string, name: string): void {
  machine.push(findGlobal(module, name) ?? machine.unknownGlobal(module, name));
}

function pushStackGlobal(machine: Machine, name: unknown, module: unknown): void {
  if (typeof name !== 'string' || typeof module !== 'string')
    throw unreadable('expected the name of a Python class, got no string');
  pushGlobal(machine, module, name);
}

function call(machine: Machine, args: unknown, callee: unknown): void {
  if (!(args instanceof PyTuple)) throw unreadable(`expected a tuple of arguments, got ${describe(args)}`);
  machine.spendContainer();
  if (callee instanceof PyGlobal || callee instanceof PyObject) {
    machine.push(new PyObject(callee, 'call', args));
    return;
  }
  if (!(callee instanceof GlobalNode)) throw unreadable(`expected a function to call, got ${describe(callee)}`);
  if (callee.call === undefined)
    throw unreadable(`expected a function to call, got ${callee.name}, which no checkpoint calls`);
  machine.push(callee.call(args, machine));
}

/** `cls.__new__(cls, *args, **keywords)`. */
function makeObject(machine: Machine, type: unknown, args: unknown, keywords?: unknown): void {
  if (!(args instanceof PyTuple)) throw unreadable(`expected a tuple of arguments, got ${describe(args)}`);
  machine.spendContainer();
  if (type instanceof PyGlobal) {
    machine.push(new PyObject(type, 'new', args, keywords));
    return;
  }
  const made = type instanceof GlobalNode && keywords === undefined ? makeNew(type, args, machine) : undefined;
  if (made === undefined) {
    const name = type instanceof GlobalNode ? type.name : describe(type);
    throw unreadable(`expected plain values and tensors, got an object of ${name}`);
  }
  machine.push(made);
}

/** Sets the state of an object that was just made. */
function build(state: unknown, object: unknown): void {
  if (object instanceof PyObject) object.state = state;
  else if (object instanceof DictNode && object.kind?.kind === 'OrderedDict') buildOrderedDict(object, state);
  else if (object instanceof NumpyDTypeNode) buildNumpyDType(object, state);
  else if (object instanceof NumpyArrayNode) buildNumpyArray(object, state);
  else throw unreadable(`expected an object that has a state, got ${describe(object)}`);
}

function buildOrderedDict(dict: DictNode, state: unknown): void {
  if (!(state instanceof DictNode)) throw unreadable(`expected a dict of attributes, got ${describe(state)}`);
  if (![...state.entries.keys()].every((key) => typeof key === 'string'))
    throw unreadable('expected attributes of an OrderedDict with names, got others');
  dict.attributes = state;
}

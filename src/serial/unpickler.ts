// Reads Python pickle (binary protocols 2 to 5) into plain values and tensors. It is a restricted reader: nothing in the file is ever run.
import type { ByteReader } from './byte-reader.ts';
import { findGlobal } from './pickle-globals.ts';
import { Machine, type MachineOptions } from './pickle-machine.ts';
import {
  DictNode,
  GlobalNode,
  NumpyArrayNode,
  NumpyDTypeNode,
  requireHashable,
  StorageNode,
  UnknownNode,
} from './pickle-nodes.ts';
import { buildNumpyArray, buildNumpyDType } from './pickle-numpy.ts';
import { op } from './pickle-opcodes.ts';
import { unreadable } from './problems.ts';
import { settle } from './settle.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { describe, PyTuple, tupleOf } from './values.ts';

/** Turns each tensor of a file into the caller's own; called once a tensor, so that what was one object stays one. */
export type FromStored = (tensor: StoredTensor) => unknown;

export interface UnpickleOptions extends MachineOptions {
  readonly fromStored?: FromStored | undefined;
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
  const machine = new Machine(bytes, options);
  let root: unknown;
  let failure: unknown;
  try {
    root = run(machine);
  } catch (error) {
    failure = error;
  }
  // A class that is not allowed often makes the rest fail: it is the better reason.
  if (machine.unknown.size > 0) throw unknownGlobals(machine.unknown, failure);
  if (failure !== undefined) throw failure;
  const maxValues = Math.max(minMaxValues, maxValuesPerByte * bytes.length);
  return settle(root, { fromStored: options.fromStored, maxValues });
}

function unknownGlobals(names: ReadonlySet<string>, cause: unknown): Error {
  const listed = [...names].slice(0, 20).join(', ') + (names.size > 20 ? ` and ${names.size - 20} more` : '');
  const wayOut = 'in Python, save plain values and state dicts instead of objects';
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
  [op.byteArray8, (m) => m.push(readBytes(m.reader, m.reader.uint64()))],

  [op.emptyTuple, (m) => m.push(new PyTuple())],
  [op.tuple1, (m) => m.push(tupleOf(m.popMany(1)))],
  [op.tuple2, (m) => m.push(tupleOf(m.popMany(2)))],
  [op.tuple3, (m) => m.push(tupleOf(m.popMany(3)))],
  [op.tuple, (m) => m.push(tupleOf(m.popMark()))],
  [op.emptyList, (m) => m.push([])],
  [op.list, (m) => m.push(m.popMark())],
  [op.append, (m) => append(m, [m.pop()])],
  [op.appends, (m) => append(m, m.popMark())],
  [op.emptyDict, (m) => m.push(new DictNode(false))],
  [op.dict, (m) => pushDict(m, m.popMark())],
  [op.setItem, (m) => setItems(m, m.popMany(2))],
  [op.setItems, (m) => setItems(m, m.popMark())],
  [op.emptySet, (m) => m.push(new Set())],
  [op.addItems, (m) => addItems(m, m.popMark())],
  [op.frozenSet, (m) => m.push(new Set(m.popMark().map(requireHashable)))],

  [op.binPut, (m) => m.remember(m.reader.byte())],
  [op.longBinPut, (m) => m.remember(m.reader.uint32())],
  [op.memoize, (m) => m.memoise()],
  [op.binGet, (m) => m.recall(m.reader.byte())],
  [op.longBinGet, (m) => m.recall(m.reader.uint32())],

  [op.global, (m) => pushGlobal(m, m.reader.line(), m.reader.line())],
  [op.stackGlobal, (m) => pushStackGlobal(m, m.pop(), m.pop())],
  [op.reduce, (m) => call(m, m.pop(), m.pop())],
  [op.newObj, (m) => makeObject(m, [m.pop(), m.pop()])],
  [op.newObjEx, (m) => makeObject(m, [m.pop(), m.pop(), m.pop()])],
  [op.build, (m) => build(m.pop(), m.top())],
  [op.binPersId, (m) => loadStorage(m, m.pop())],
] as [number, (machine: Machine) => void][]);

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
  if (list instanceof UnknownNode) return;
  if (!Array.isArray(list) || list instanceof PyTuple)
    throw unreadable(`expected a list to append to, got ${describe(list)}`);
  for (const item of items) list.push(item);
}

function pushDict(machine: Machine, items: readonly unknown[]): void {
  machine.push(new DictNode(false));
  setItems(machine, items);
}

function setItems(machine: Machine, items: readonly unknown[]): void {
  const dict = machine.top();
  if (dict instanceof UnknownNode) return;
  if (!(dict instanceof DictNode)) throw unreadable(`expected a dict to put items into, got ${describe(dict)}`);
  if (items.length % 2 !== 0) throw unreadable('expected keys and values for a dict, got an odd number');
  for (let index = 0; index < items.length; index += 2) dict.set(items[index], items[index + 1]);
}

function addItems(machine: Machine, items: readonly unknown[]): void {
  const set = machine.top();
  if (set instanceof UnknownNode) return;
  if (!(set instanceof Set)) throw unreadable(`expected a set to add to, got ${describe(set)}`);
  for (const item of items) set.add(requireHashable(item));
}

function pushGlobal(machine: Machine, module: string, name: string): void {
  const found = findGlobal(module, name);
  if (found === undefined) machine.unknown.add(`${module}.${name}`);
  machine.push(found ?? new UnknownNode());
}

function pushStackGlobal(machine: Machine, name: unknown, module: unknown): void {
  if (typeof name !== 'string' || typeof module !== 'string')
    throw unreadable('expected the name of a Python class, got no string');
  pushGlobal(machine, module, name);
}

function call(machine: Machine, args: unknown, callee: unknown): void {
  if (!(args instanceof PyTuple)) throw unreadable(`expected a tuple of arguments, got ${describe(args)}`);
  if ([callee, ...args].some((part) => part instanceof UnknownNode)) {
    machine.push(new UnknownNode());
    return;
  }
  if (!(callee instanceof GlobalNode)) throw unreadable(`expected a function to call, got ${describe(callee)}`);
  if (callee.call === undefined)
    throw unreadable(`expected a function to call, got ${callee.name}, which no checkpoint calls`);
  machine.push(callee.call(args, machine));
}

/** `cls.__new__(cls, …)`: none of the classes that we know is made so. The class comes last in `parts`. */
function makeObject(machine: Machine, parts: readonly unknown[]): void {
  const made = parts.at(-1);
  const name = made instanceof GlobalNode ? made.name : describe(made);
  if (!(made instanceof UnknownNode)) throw unreadable(`expected plain values and tensors, got an object of ${name}`);
  machine.push(made);
}

/** Sets the state of an object that was just made. Attributes of an OrderedDict are dropped. */
function build(state: unknown, object: unknown): void {
  if (object instanceof UnknownNode || state instanceof UnknownNode) return;
  if (object instanceof DictNode && object.isOrdered) return;
  if (object instanceof NumpyDTypeNode) buildNumpyDType(state);
  else if (object instanceof NumpyArrayNode) buildNumpyArray(object, state);
  else throw unreadable(`expected an object that has a state, got ${describe(object)}`);
}

function loadStorage(machine: Machine, id: unknown): void {
  if (!(id instanceof PyTuple)) throw unreadable(`expected a tuple as persistent id, got ${describe(id)}`);
  machine.push(new StorageNode(machine.persistentLoad(id)));
}

// Turns the nodes of a parsed pickle into JavaScript values, and refuses what a program that walks them could choke on.
import { DictNode, GlobalNode, NumpyArrayNode, NumpyDTypeNode, StorageClassNode, StorageNode } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import { StoredSparse, StoredTensor } from './stored-tensor.ts';
import { asPythonDict, maxDepth, PyArray, PyDict, PyObject, type PythonDict } from './values.ts';

export interface SettleOptions {
  readonly fromStored?: ((tensor: StoredTensor) => unknown) | undefined;
  readonly fromSparse?: ((tensor: StoredSparse) => unknown) | undefined;
  readonly keepTypes?: boolean | undefined;
  readonly allowsPlaceholders?: boolean | undefined;
  /** Most values that the result may have when what is shared counts once for each place: few bytes of pickle can make 2^1000. */
  readonly maxValues: number;
}

/** A container whose children are being settled. */
interface Frame {
  readonly node: object;
  readonly children: readonly unknown[];
  next: number;
  numValues: number;
}

interface Settled {
  readonly value: unknown;
  readonly numValues: number;
}

/** The value that a node stands for. Walks with a stack of its own, every node once.
 *  @throws {CheckpointError} for a value inside itself, nested too deep, with too many places, or that only a pickle can hold.
 */
export function settle(root: unknown, options: SettleOptions): unknown {
  const settled = new Map<unknown, Settled>();
  const open = new Set<unknown>();
  const frames: Frame[] = [];

  const enter = (node: unknown): void => {
    if (!isContainer(node)) return;
    if (open.has(node)) throw unreadable('expected values that do not hold themselves, got one that does');
    if (frames.length >= maxDepth) throw unreadable(`expected at most ${maxDepth} levels of nesting, got more`);
    open.add(node);
    frames.push({ node, children: childrenOf(node), next: 0, numValues: 1 });
  };
  const resolve = (node: unknown): unknown => {
    if (typeof node !== 'object' || node === null) return node;
    let entry = settled.get(node);
    if (entry === undefined) {
      entry = { value: leafValue(node, options), numValues: 1 };
      settled.set(node, entry);
    }
    return entry.value;
  };

  enter(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (frame.next < frame.children.length) {
      const child = frame.children[frame.next];
      const entry = settled.get(child);
      if (entry === undefined && isContainer(child)) {
        enter(child); // and come back to this child when it is settled
      } else {
        frame.next++;
        frame.numValues += entry?.numValues ?? 1;
      }
      continue;
    }
    if (frame.numValues > options.maxValues) throw unreadable(`expected at most ${options.maxValues} values, got more`);
    settled.set(frame.node, { value: containerValue(frame.node, resolve), numValues: frame.numValues });
    open.delete(frame.node);
    frames.pop();
  }
  return resolve(root);
}

function isContainer(node: unknown): node is object {
  return Array.isArray(node) || node instanceof DictNode || node instanceof Set || node instanceof PyObject;
}

function childrenOf(node: object): readonly unknown[] {
  if (Array.isArray(node)) return node;
  if (node instanceof DictNode)
    return [
      ...node.entries.keys(),
      ...node.entries.values(),
      ...(node.attributes === undefined ? [] : [node.attributes]),
    ];
  if (node instanceof PyObject) {
    const { callee, args, keywords, state, items, entries } = node;
    return [callee, args, keywords, state, items, ...entries.keys(), ...entries.values()];
  }
  return node instanceof Set ? [...node] : [];
}

/** Lists, tuples, sets and objects keep their identity: a tuple may be a key somewhere. */
function containerValue(node: object, resolve: (node: unknown) => unknown): unknown {
  if (Array.isArray(node)) {
    for (let index = 0; index < node.length; index++) node[index] = resolve(node[index]);
    return node;
  }
  if (node instanceof Set) return settledSet(node, resolve);
  if (node instanceof PyObject) {
    const { entries } = node;
    node.state = resolve(node.state);
    node.keywords = resolve(node.keywords);
    for (const [key, value] of [...entries]) {
      entries.delete(key);
      entries.set(resolve(key), resolve(value));
    }
    return node;
  }
  return node instanceof DictNode ? dictValue(node, resolve) : node;
}

/** Members that are settled into something else, as classes are, are put in its place. */
function settledSet(set: Set<unknown>, resolve: (node: unknown) => unknown): Set<unknown> {
  const members = [...set].map(resolve);
  if (members.every((member) => set.has(member))) return set;
  set.clear();
  for (const member of members) set.add(member);
  return set;
}

function dictValue({ entries, kind, attributes }: DictNode, resolve: (node: unknown) => unknown): unknown {
  const keys = [...entries.keys()];
  const isPlain = keys.every((key) => typeof key === 'string');
  const pairs = [...entries].map(([key, value]) => [resolve(key), resolve(value)] as const);
  if (!isPlain && kind === undefined) return new Map(pairs);
  const described = kind && (attributes === undefined ? kind : { ...kind, attributes: resolve(attributes) as object });
  if (!isPlain) return new PyDict(pairs, described as PythonDict);
  const object: Record<string, unknown> = {};
  for (const [key, value] of pairs) setOwn(object, key as string, value);
  return described === undefined ? object : asPythonDict(object, described as PythonDict);
}

/** Assigning to "__proto__" would set the prototype. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function leafValue(node: object, options: SettleOptions): unknown {
  if (node instanceof NumpyArrayNode) {
    if (node.tensor === undefined) throw unreadable('expected NumPy arrays with a state, got one without');
    const tensor = leafValue(node.tensor, options);
    return options.keepTypes === true ? new PyArray(tensor) : tensor;
  }
  if (node instanceof StoredTensor) return options.fromStored === undefined ? node : options.fromStored(node);
  if (node instanceof StoredSparse) return options.fromSparse === undefined ? node : options.fromSparse(node);
  if (node instanceof GlobalNode) {
    if (options.allowsPlaceholders === true) return node.value;
    throw unreadable(`expected plain values and tensors, got the Python object ${node.name}`);
  }
  if (node instanceof StorageClassNode || node instanceof StorageNode) {
    throw unreadable('expected plain values and tensors, got a storage without a tensor');
  }
  if (node instanceof NumpyDTypeNode) throw unreadable('expected plain values and tensors, got a NumPy dtype');
  return node;
}

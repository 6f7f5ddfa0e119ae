// Turns the nodes of a parsed pickle into JavaScript values, and refuses what a program that walks them could choke on.
import { DictNode, GlobalNode, NumpyArrayNode, NumpyDTypeNode, StorageClassNode, StorageNode } from './pickle-nodes.ts';
import { unreadable } from './problems.ts';
import { StoredTensor } from './stored-tensor.ts';
import { maxDepth, PyOrderedDict } from './values.ts';

export interface SettleOptions {
  readonly fromStored?: ((tensor: StoredTensor) => unknown) | undefined;
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
  return Array.isArray(node) || node instanceof DictNode || node instanceof Set;
}

function childrenOf(node: object): readonly unknown[] {
  if (Array.isArray(node)) return node;
  if (node instanceof DictNode) return [...node.entries.keys(), ...node.entries.values()];
  return node instanceof Set ? [...node] : [];
}

/** Lists, tuples and sets keep their identity: a tuple may be a key somewhere. */
function containerValue(node: object, resolve: (node: unknown) => unknown): unknown {
  if (Array.isArray(node)) {
    for (let index = 0; index < node.length; index++) node[index] = resolve(node[index]);
    return node;
  }
  if (!(node instanceof DictNode)) return node;
  const keys = [...node.entries.keys()];
  if (keys.every((key) => typeof key === 'string')) {
    const object: Record<string, unknown> = {};
    for (const key of keys) setOwn(object, key, resolve(node.entries.get(key)));
    return object;
  }
  const map = node.isOrdered ? new PyOrderedDict() : new Map<unknown, unknown>();
  for (const [key, value] of node.entries) map.set(key, resolve(value));
  return map;
}

/** Assigning to "__proto__" would set the prototype. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function leafValue(node: object, options: SettleOptions): unknown {
  if (node instanceof NumpyArrayNode) {
    if (node.tensor === undefined) throw unreadable('expected NumPy arrays with a state, got one without');
    return leafValue(node.tensor, options);
  }
  if (node instanceof StoredTensor) return options.fromStored === undefined ? node : options.fromStored(node);
  if (node instanceof GlobalNode)
    throw unreadable(`expected plain values and tensors, got the Python object ${node.name}`);
  if (node instanceof StorageClassNode || node instanceof StorageNode) {
    throw unreadable('expected plain values and tensors, got a storage without a tensor');
  }
  if (node instanceof NumpyDTypeNode) throw unreadable('expected plain values and tensors, got a NumPy dtype');
  return node;
}

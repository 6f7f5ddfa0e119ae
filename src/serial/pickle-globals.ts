// The Python classes and functions that a checkpoint may name, and what we do in their stead. Nothing else is ever called.

import {
  type CallContext,
  DictNode,
  GlobalNode,
  makeTensor,
  requireHashable,
  StorageClassNode,
  StorageNode,
} from './pickle-nodes.ts';
import { numpyGlobals } from './pickle-numpy.ts';
import { unreadable } from './problems.ts';
import { StoredTensor, storageClass, storedDTypes } from './stored-tensor.ts';
import { describe, PyDevice, PyDType, PyTuple, tupleOf } from './values.ts';

type Call = (args: readonly unknown[], context: CallContext) => unknown;

/** The node for `module.name`, or undefined where it is not on the list. */
export function findGlobal(module: string, name: string): unknown {
  const home = module === '__builtin__' ? 'builtins' : module; // Python 2's name, which protocol 2 keeps
  return allowed.get(`${home}.${name}`);
}

const allowed: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...storedDTypes.map((dtype): [string, unknown] => [`torch.${dtype}`, new PyDType(dtype)]),
  ...storedDTypes.flatMap((dtype): [string, unknown][] => {
    const name = storageClass(dtype);
    if (name === undefined) return [];
    const node = new StorageClassNode(dtype);
    return ['torch', 'torch.cuda'].map((module) => [`${module}.${name}`, node]);
  }),
  ['torch.storage.UntypedStorage', new StorageClassNode(undefined)],
  ...functions({
    'collections.OrderedDict': (args, context) => orderedDict(args, context),
    'collections.Counter': (args, context) => dictOf(args[0], context),
    'collections.defaultdict': () => new DictNode(false),
    'builtins.set': (args, context) => setOf(args, context),
    'builtins.frozenset': (args, context) => setOf(args, context),
    'builtins.bytes': (args) => emptyBytes(args),
    'builtins.bytearray': (args, context) => byteArray(args, context),
    '_codecs.encode': (args, context) => encode(args, context),
    'torch._utils._rebuild_tensor_v2': (args) => rebuildTensor(args, '_rebuild_tensor_v2'),
    'torch._utils._rebuild_tensor_v3': (args) => rebuildTypedTensor(args),
    'torch._utils._rebuild_parameter': (args) => rebuildParameter(args),
    'torch.Size': (args, context) => tupleOf(items(args[0], context)),
    'torch.device': (args) => device(args),
    'pathlib.PosixPath': (args) => path(args, '/'),
    'pathlib.PurePosixPath': (args) => path(args, '/'),
    'pathlib.WindowsPath': (args) => path(args, '\\'),
    'pathlib.PureWindowsPath': (args) => path(args, '\\'),
    'pathlib._local.PosixPath': (args) => path(args, '/'),
    'pathlib._local.PurePosixPath': (args) => path(args, '/'),
    'pathlib._local.WindowsPath': (args) => path(args, '\\'),
    'pathlib._local.PureWindowsPath': (args) => path(args, '\\'),
  }),
  // Classes that occur as the factory of a defaultdict, and are never called.
  ...['int', 'long', 'float', 'bool', 'str', 'list', 'dict', 'tuple'].map((name): [string, unknown] => {
    return [`builtins.${name}`, new GlobalNode(`builtins.${name}`)];
  }),
  ...numpyGlobals.map((node): [string, unknown] => [node.name, node]),
]);

function functions(calls: Readonly<Record<string, Call>>): [string, unknown][] {
  return Object.entries(calls).map(([name, call]) => [name, new GlobalNode(name, call)]);
}

/** Without arguments in files of today, with a list of pairs in those of Python 2. */
function orderedDict(args: readonly unknown[], context: CallContext): DictNode {
  const dict = new DictNode(true);
  for (const pair of args.length === 0 ? [] : items(args[0], context)) {
    if (!Array.isArray(pair) || pair.length !== 2) throw wrong('OrderedDict', 'pairs', pair);
    dict.set(pair[0], pair[1]);
  }
  return dict;
}

function dictOf(source: unknown, context: CallContext): DictNode {
  const dict = new DictNode(false);
  if (source === undefined) return dict;
  if (!(source instanceof DictNode)) throw wrong('Counter', 'a dict', source);
  context.spend(source.entries.size);
  for (const [key, value] of source.entries) dict.set(key, value);
  return dict;
}

function setOf(args: readonly unknown[], context: CallContext): Set<unknown> {
  return new Set(args.length === 0 ? [] : items(args[0], context).map(requireHashable));
}

function emptyBytes(args: readonly unknown[]): Uint8Array {
  if (args.length > 0) throw wrong('bytes', 'no arguments', args[0]);
  return new Uint8Array();
}

/** From nothing, from bytes, or from text and its encoding. */
function byteArray(args: readonly unknown[], context: CallContext): Uint8Array {
  const [source] = args;
  if (source === undefined) return new Uint8Array();
  if (!(source instanceof Uint8Array)) return encode(args, context);
  context.spend(source.length);
  return source.slice();
}

/** Text whose characters stand for bytes: how Python writes bytes in protocol 2. */
function encode(args: readonly unknown[], context: CallContext): Uint8Array {
  const [text, encoding] = args;
  if (encoding !== 'latin1' && encoding !== 'latin-1') throw wrong('encode', 'the encoding "latin1"', encoding);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is all the characters that stand for a byte
  if (typeof text !== 'string' || !/^[\x00-\xff]*$/.test(text)) throw wrong('encode', 'a string of bytes', text);
  context.spend(text.length);
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

/** `(storage, offset, shape, stride, requires_grad, hooks[, metadata])`. Hooks are always empty in files. */
function rebuildTensor(args: readonly unknown[], callee: string): StoredTensor {
  const [storage, storageOffset, shape, stride, requiresGrad, , metadata] = args;
  const isPlain =
    metadata === undefined || metadata === null || (metadata instanceof DictNode && metadata.entries.size === 0);
  if (!isPlain) throw unreadable('expected a plain tensor, got one with its conjugate or negative bit set');
  if (!(storage instanceof StorageNode)) throw wrong(callee, 'a storage', storage);
  if (!isNumbers(shape) || !isNumbers(stride)) throw wrong(callee, 'tuples of sizes and strides', shape);
  if (typeof storageOffset !== 'number' || typeof requiresGrad !== 'boolean') {
    throw wrong(callee, 'an offset and a boolean', storageOffset);
  }
  return makeTensor({ storage: storage.storage, storageOffset, shape, stride, requiresGrad });
}

/** `(storage of bytes, offset, shape, stride, requires_grad, hooks, dtype[, metadata])`. */
function rebuildTypedTensor(args: readonly unknown[]): StoredTensor {
  const [bytes, storageOffset, shape, stride, requiresGrad, hooks, dtype, metadata] = args;
  if (!(bytes instanceof StorageNode)) throw wrong('_rebuild_tensor_v3', 'a storage', bytes);
  if (!(dtype instanceof PyDType)) throw wrong('_rebuild_tensor_v3', 'a dtype', dtype);
  const rest = [storageOffset, shape, stride, requiresGrad, hooks, metadata];
  return rebuildTensor([bytes.as(dtype.name), ...rest], '_rebuild_tensor_v3');
}

/** `(data, requires_grad, hooks)`. */
function rebuildParameter(args: readonly unknown[]): StoredTensor {
  const [data, requiresGrad] = args;
  if (!(data instanceof StoredTensor)) throw wrong('_rebuild_parameter', 'a tensor', data);
  if (typeof requiresGrad !== 'boolean') throw wrong('_rebuild_parameter', 'a boolean', requiresGrad);
  const { storage, storageOffset, shape, stride } = data;
  return makeTensor({ storage, storageOffset, shape, stride, requiresGrad, isParameter: true });
}

function isNumbers(value: unknown): value is number[] {
  return value instanceof PyTuple && value.every((size) => typeof size === 'number');
}

function device(args: readonly unknown[]): PyDevice {
  const [type, index] = args;
  if (typeof type !== 'string') throw wrong('device', 'a name', type);
  if (index === undefined) return new PyDevice(type);
  if (typeof index !== 'number') throw wrong('device', 'an index', index);
  return new PyDevice(type, index);
}

/** A path's parts, the first of which may be its root. */
function path(args: readonly unknown[], separator: string): string {
  if (!args.every((part) => typeof part === 'string')) throw wrong('Path', 'strings', args[0]);
  const [root = '', ...rest] = args;
  return root.endsWith(separator) ? root + rest.join(separator) : args.join(separator);
}

/** A list's or tuple's items, which are about to be copied. */
function items(source: unknown, context: CallContext): readonly unknown[] {
  if (!Array.isArray(source)) throw wrong('a collection', 'a list or tuple', source);
  context.spend(source.length);
  return source;
}

function wrong(callee: string, wanted: string, actual: unknown): Error {
  return unreadable(`expected ${callee} in the pickle to be given ${wanted}, got ${describe(actual)}`);
}

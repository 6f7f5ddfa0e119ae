// The Python classes and functions that a checkpoint may name, and what we do in their stead. Nothing else is ever called.
import { type CallContext, DictNode, GlobalNode, requireHashable, StorageClassNode } from './pickle-nodes.ts';
import { numpyGlobals } from './pickle-numpy.ts';
import { tensorFunctions } from './pickle-tensors.ts';
import { unreadable } from './problems.ts';
import { storageClass, storedDTypes } from './stored-tensor.ts';
import {
  describe,
  dtypeNames,
  layoutNames,
  PyByteArray,
  PyComplex,
  PyConstant,
  PyDevice,
  PyDType,
  PyFloat,
  PyFrozenSet,
  PyObject,
  PyPath,
  PySize,
  type PythonDict,
  plainClasses,
  schemeNames,
} from './values.ts';

type Call = (args: readonly unknown[], context: CallContext) => unknown;

/** The node for `module.name`, or undefined where it is not on the list. */
export function findGlobal(module: string, name: string): unknown {
  const home = module === '__builtin__' ? 'builtins' : module; // Python 2's name, which protocol 2 keeps
  return allowed.get(`${home}.${name === 'xrange' ? 'range' : name}`);
}

/** Modules that Lightning's dict with attributes has been in. */
const attributeDictModules = [
  'lightning.fabric.utilities.data',
  'lightning.pytorch.utilities.parsing',
  'lightning_fabric.utilities.data',
  'pytorch_lightning.utilities.parsing',
];
const attributeDicts: ReadonlyMap<string, PythonDict> = new Map(
  attributeDictModules.map((module) => [`${module}.AttributeDict`, { kind: 'AttributeDict', module }]),
);

const pathKinds = ['PosixPath', 'PurePosixPath', 'WindowsPath', 'PureWindowsPath'];

const allowed: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...dtypeNames.map((dtype): [string, unknown] => [`torch.${dtype}`, new PyDType(dtype)]),
  ...schemeNames.map((name): [string, unknown] => [`torch.${name}`, new PyConstant(name)]),
  ...storedDTypes.flatMap((dtype): [string, unknown][] => {
    const name = storageClass(dtype);
    if (name === undefined) return [];
    const node = new StorageClassNode(dtype);
    return ['torch', 'torch.cuda'].map((module) => [`${module}.${name}`, node]);
  }),
  ['torch.storage.UntypedStorage', new StorageClassNode(undefined)],
  // So that what is refused is the quantised tensor, which says more.
  ...Object.entries({ QInt8Storage: 'int8', QUInt8Storage: 'uint8', QInt32Storage: 'int32' } as const).map(
    ([name, dtype]): [string, unknown] => [`torch.${name}`, new StorageClassNode(dtype)],
  ),
  ...functions({
    'collections.OrderedDict': (args, context) => orderedDict(args, context),
    'collections.Counter': (args, context) => dictOf({ kind: 'Counter' }, args[0], context),
    'collections.defaultdict': (args) => defaultDict(args),
    'builtins.set': (args, context) => new Set(members(args, context)),
    'builtins.frozenset': (args, context) => new PyFrozenSet(members(args, context)),
    'builtins.bytes': (args) => emptyBytes(args),
    'builtins.bytearray': (args, context) => byteArray(args, context),
    'builtins.complex': (args) => complex(args),
    '_codecs.encode': (args, context) => encode(args, context),
    'torch.Size': (args, context) => size(args, context),
    'torch.device': (args) => device(args),
    'torch.serialization._get_layout': (args) => layout(args),
    ...tensorFunctions,
  }),
  ...pathKinds.flatMap((kind) =>
    ['pathlib', 'pathlib._local'].map((module): [string, unknown] => {
      return [`${module}.${kind}`, new GlobalNode(`pathlib.${kind}`, (args, context) => path(kind, args, context))];
    }),
  ),
  // Classes that occur as the factory of a defaultdict, and are never called.
  ...['int', 'long', 'float', 'bool', 'str', 'list', 'dict', 'tuple', 'object'].map((name): [string, unknown] => {
    return [`builtins.${name}`, new GlobalNode(`builtins.${name}`)];
  }),
  ...[...plainClasses, ...attributeDicts.keys()].map((name): [string, unknown] => {
    const node: GlobalNode = new GlobalNode(name, (args) => new PyObject(node.value, 'call', args));
    return [name, node];
  }),
  ...numpyGlobals.map((node): [string, unknown] => [node.name, node]),
]);

/** What `cls.__new__(cls, …)` makes of a class on the list, or undefined where it makes nothing. */
export function makeNew(node: GlobalNode, args: readonly unknown[], context: CallContext): unknown {
  const dict = attributeDicts.get(node.name);
  if (dict !== undefined) return new DictNode(dict);
  if (plainClasses.has(node.name)) return new PyObject(node.value, 'new', args);
  return node.name === 'torch.nn.parameter.Parameter' ? node.call?.(args, context) : undefined;
}

function functions(calls: Readonly<Record<string, Call>>): [string, unknown][] {
  return Object.entries(calls).map(([name, call]) => [name, new GlobalNode(name, call)]);
}

/** Without arguments in files of today, with a list of pairs in those of Python 2. */
function orderedDict(args: readonly unknown[], context: CallContext): DictNode {
  const dict = new DictNode({ kind: 'OrderedDict' });
  for (const pair of args.length === 0 ? [] : items(args[0], context)) {
    if (!Array.isArray(pair) || pair.length !== 2) throw wrong('OrderedDict', 'pairs', pair);
    dict.set(pair[0], pair[1]);
  }
  return dict;
}

function dictOf(kind: PythonDict, source: unknown, context: CallContext): DictNode {
  const dict = new DictNode(kind);
  if (source === undefined) return dict;
  if (!(source instanceof DictNode)) throw wrong(kind.kind, 'a dict', source);
  context.spend(source.entries.size);
  for (const [key, value] of source.entries) dict.set(key, value);
  return dict;
}

function defaultDict([factory = null]: readonly unknown[]): DictNode {
  if (factory === null) return new DictNode({ kind: 'defaultdict' });
  if (!(factory instanceof GlobalNode)) throw wrong('defaultdict', 'a class or function', factory);
  return new DictNode({ kind: 'defaultdict', factory: factory.name });
}

function members(args: readonly unknown[], context: CallContext): unknown[] {
  return args.length === 0 ? [] : items(args[0], context).map(requireHashable);
}

function emptyBytes(args: readonly unknown[]): Uint8Array {
  if (args.length > 0) throw wrong('bytes', 'no arguments', args[0]);
  return new Uint8Array();
}

/** From nothing, from bytes, or from text and its encoding. */
function byteArray(args: readonly unknown[], context: CallContext): PyByteArray {
  const [source] = args;
  if (source === undefined) return new PyByteArray();
  if (!(source instanceof Uint8Array)) return new PyByteArray(encode(args, context));
  context.spend(source.length);
  return new PyByteArray(source);
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

function complex(args: readonly unknown[]): PyComplex {
  const [real = 0, imaginary = 0] = args.map((part) => (part instanceof PyFloat ? part.value : part));
  if (typeof real !== 'number' || typeof imaginary !== 'number') throw wrong('complex', 'two numbers', args[0]);
  return new PyComplex(real, imaginary);
}

function size(args: readonly unknown[], context: CallContext): PySize {
  const sizes = args.length === 0 ? [] : items(args[0], context);
  const made = new PySize(sizes.length);
  for (const [dim, extent] of sizes.entries()) {
    if (typeof extent !== 'number' || !Number.isInteger(extent)) throw wrong('Size', 'integers', extent);
    made[dim] = extent;
  }
  return made;
}

function device(args: readonly unknown[]): PyDevice {
  const [type, index] = args;
  if (typeof type !== 'string') throw wrong('device', 'a name', type);
  if (index === undefined) return new PyDevice(type);
  if (typeof index !== 'number') throw wrong('device', 'an index', index);
  return new PyDevice(type, index);
}

function layout([name]: readonly unknown[]): PyConstant {
  const known = layoutNames.find((layout) => `torch.${layout}` === name);
  if (known === undefined) throw wrong('_get_layout', 'the name of a layout', name);
  return new PyConstant(known);
}

function path(kind: string, parts: readonly unknown[], context: CallContext): unknown {
  if (!parts.every((part) => typeof part === 'string')) throw wrong('Path', 'strings', parts[0]);
  const made = new PyPath(kind, [...parts]);
  context.spend(parts.reduce((sum, part) => sum + part.length + 1, 0));
  return context.keepsTypes ? made : made.toString();
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

// What Python values become in JavaScript and the reverse, and the classes for those that JavaScript has no type for.
//
// | Python                        | read as                                     | written from                                            |
// |-------------------------------|---------------------------------------------|---------------------------------------------------------|
// | None                          | null                                        | null (undefined is an error)                            |
// | bool                          | boolean                                     | boolean                                                 |
// | int                           | number up to 2^53 - 1, else bigint          | integral number up to 2^53 - 1, bigint                  |
// | float                         | number; PyFloat*                            | PyFloat, every other number (-0, inf and nan included)  |
// | complex                       | PyComplex                                   | PyComplex                                               |
// | str                           | string                                      | string without lone surrogates                          |
// | bytes                         | Uint8Array                                  | Uint8Array                                              |
// | bytearray                     | PyByteArray, a Uint8Array                   | PyByteArray                                             |
// | list                          | Array                                       | Array                                                   |
// | tuple                         | PyTuple, an Array                           | PyTuple                                                 |
// | torch.Size                    | PySize, a PyTuple                           | PySize                                                  |
// | dict with only string keys    | plain object                                | plain object; Map, as dict with the keys it has         |
// | dict with other keys          | Map                                         | Map                                                     |
// | OrderedDict, defaultdict,     | as dict, but PyDict where that says Map;    | what was read, PyDict, what asPythonDict() made         |
// |   Counter, AttributeDict      |   pythonDict() tells what it was            |                                                         |
// | set                           | Set                                         | Set                                                     |
// | frozenset                     | PyFrozenSet, a Set                          | PyFrozenSet                                             |
// | torch.dtype                   | PyDType                                     | PyDType                                                 |
// | torch.device                  | PyDevice                                    | PyDevice                                                |
// | torch.layout, torch.qscheme   | PyConstant                                  | PyConstant                                              |
// | Tensor, Parameter             | what `fromStored` makes of a StoredTensor   | StoredTensor, and what `toStored` turns into one        |
// | sparse Tensor                 | what `fromSparse` makes of a StoredSparse   | StoredSparse, and what `toStored` turns into one        |
// | numpy.ndarray                 | as Tensor; PyArray*                         | PyArray                                                 |
// | numpy scalar                  | bool, int, float or complex; PyScalar*      | PyScalar                                                |
// | pathlib path                  | string; PyPath*                             | PyPath                                                  |
// | namespace, datetime, range,   | PyObject                                    | PyObject                                                |
// |   slice, Decimal, Fraction, UUID |                                          |                                                         |
// | any other class, its objects  | an error that lists them; with placeholders: PyGlobal, PyObject | an error; what was read with `keepsObjects` |
//
// * With `keepTypes` what is marked * comes in a class of its own, so that writing it again gives the same Python value.
// * An empty dict is a plain object. JavaScript lists integer-like keys ("0", "1") of a plain object first, whatever their order in Python.
// * A key named "__proto__" is an own property like any other. Attributes of an OrderedDict (a state dict's `_metadata`) are kept for writing.
// * The same object in two places stays one object, both ways. An object inside itself is an error, both ways.
// * Dict keys and members of sets are what Python can hash: None, bool, int, float, str, bytes, tuple, frozenset, dtype, device, objects.
// * Not read, and said so: quantised, nested and meta tensors, tensors of subclasses, storages without a tensor, NumPy arrays of objects or text,
//   memory formats (which Python itself does not pickle), TorchScript.
import { type StoredDType, storedDTypes } from './stored-tensor.ts';

/** A Python tuple: an array that is written as a tuple. Make one with `tuple(…)`; `map`, `slice` and so on give plain arrays. */
export class PyTuple<T = unknown> extends Array<T> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A Python tuple of these items, as in `tuple(0.9, 0.999)`. */
export function tuple<T>(...items: T[]): PyTuple<T> {
  return tupleOf(items);
}

/** A Python tuple of any number of items. */
export function tupleOf<T>(items: readonly T[]): PyTuple<T> {
  const made = new PyTuple<T>(items.length); // a length, not an item
  for (let index = 0; index < items.length; index++) made[index] = items[index]!;
  return made;
}

/** A number that is a float in Python even where it is integral: JavaScript cannot tell 1.0 from 1. */
export class PyFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  /** Lets arithmetic and comparison use it like the number. */
  valueOf(): number {
    return this.value;
  }
}

/** What kind of dict a Map or a plain object is in Python, where it is none of the plain ones. */
export interface PythonDict {
  readonly kind: 'OrderedDict' | 'defaultdict' | 'Counter' | 'AttributeDict';
  /** What a defaultdict calls for a key that it lacks, as in "builtins.list". */
  readonly factory?: string | undefined;
  /** Attributes of an OrderedDict: the `_metadata` of a state dict. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  /** Where the class of an AttributeDict is from. */
  readonly module?: string | undefined;
}

/** On the object itself, so that it goes where the object goes; a copy is a dict like any other. */
const pythonDictKey = Symbol('kind of dict in Python');

/** The kind of dict that a Map or plain object was read as, or marked as; undefined for a plain dict. */
export function pythonDict(value: object): PythonDict | undefined {
  return (value as { [pythonDictKey]?: PythonDict })[pythonDictKey];
}

/** The same object, from now on written as this kind of dict.
 *  @example
 *  asPythonDict({ weight: [1, 2] }, { kind: 'OrderedDict' }); // { weight: [1, 2] } */
export function asPythonDict<T extends object>(value: T, kind: PythonDict): T {
  Object.defineProperty(value, pythonDictKey, { value: kind, configurable: true });
  return value;
}

/** A Map that Python has as an OrderedDict, a defaultdict or a Counter: `pythonDict()` tells which. */
export class PyDict<K = unknown, V = unknown> extends Map<K, V> {
  /** @param kind - default: an OrderedDict. */
  constructor(entries: Iterable<readonly [K, V]> = [], kind: PythonDict = { kind: 'OrderedDict' }) {
    super(entries);
    asPythonDict(this, kind);
  }
}

/** A `frozenset`. */
export class PyFrozenSet<T = unknown> extends Set<T> {}

/** A `bytearray`. */
export class PyByteArray extends Uint8Array {}

/** A `torch.Size`. */
export class PySize extends PyTuple<number> {}

/** A complex number. */
export class PyComplex {
  readonly re: number;
  readonly im: number;

  constructor(re: number, im: number) {
    this.re = re;
    this.im = im;
  }
}

/** Names of dtypes that no tensor of ours has, but a value may name. */
const otherDTypes = [
  'qint8 quint8 qint32 quint4x2 quint2x4 bits8 bits16 bits1x8 bits2x4 bits4x2 float4_e2m1fn_x2',
  'int1 int2 int3 int4 int5 int6 int7 uint1 uint2 uint3 uint4 uint5 uint6 uint7',
].flatMap((names) => names.split(' '));

/** Every dtype that PyTorch has a name for. */
export const dtypeNames: readonly string[] = [...storedDTypes, ...otherDTypes];

/** A `torch.dtype`. */
export class PyDType {
  /** As in "float32"; one of `dtypeNames`. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** The layouts and quantisation schemes that PyTorch has names for. */
export const layoutNames = ['strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc _mkldnn jagged'].flatMap(
  (names) => names.split(' '),
);
export const schemeNames = [
  'per_tensor_affine per_tensor_symmetric per_channel_affine per_channel_symmetric per_channel_affine_float_qparams',
].flatMap((names) => names.split(' '));

/** A `torch.layout` or `torch.qscheme`, as in "strided". */
export class PyConstant {
  /** One of `layoutNames` or `schemeNames`. */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** A path of Python's `pathlib`. */
export class PyPath {
  /** As in "PosixPath" or "PureWindowsPath". */
  readonly kind: string;
  /** The first may be its root. */
  readonly parts: readonly string[];

  constructor(kind: string, parts: readonly string[]) {
    this.kind = kind;
    this.parts = parts;
  }

  toString(): string {
    const separator = this.kind.endsWith('WindowsPath') ? '\\' : '/';
    const [root = '', ...rest] = this.parts;
    return root.endsWith(separator) ? root + rest.join(separator) : this.parts.join(separator);
  }
}

/** A NumPy scalar. */
export class PyScalar {
  readonly dtype: StoredDType;
  /** Its bytes, little-endian. */
  readonly bytes: Uint8Array;
  readonly value: boolean | number | bigint | PyComplex;

  constructor(dtype: StoredDType, bytes: Uint8Array, value: PyScalar['value']) {
    this.dtype = dtype;
    this.bytes = bytes;
    this.value = value;
  }
}

/** A NumPy array. */
export class PyArray<T = unknown> {
  /** The same elements as a tensor: a StoredTensor, or what the caller has as tensors. */
  readonly tensor: T;

  constructor(tensor: T) {
    this.tensor = tensor;
  }
}

/** A Python class or function by its name: never called, not even looked for. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  toString(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An object of a Python class, as the pickle describes it: what its class was called with, and what was then put into it. */
export class PyObject {
  /** A class or function; or an object, where what came of one call was called again. */
  readonly callee: PyGlobal | PyObject;
  /** `call` is `callee(*args)`, `new` is `callee.__new__(callee, *args, **keywords)`. */
  readonly by: 'call' | 'new';
  readonly args: readonly unknown[];
  keywords: unknown;
  /** Attributes, mostly a dict; undefined where none were set. */
  state: unknown = undefined;
  /** What was appended or added to it. */
  readonly items: unknown[] = [];
  /** What was put into it by key. */
  readonly entries = new Map<unknown, unknown>();

  constructor(callee: PyGlobal | PyObject, by: 'call' | 'new', args: readonly unknown[], keywords?: unknown) {
    this.callee = callee;
    this.by = by;
    this.args = args;
    this.keywords = keywords;
  }

  /** Module and name, as in "datetime.timedelta". */
  get className(): string {
    return this.callee instanceof PyGlobal ? this.callee.toString() : `${this.callee.className}()`;
  }
}

/** Classes whose objects are data and nothing else: what they are called with says all. */
export const plainClasses: ReadonlySet<string> = new Set(
  [
    'argparse.Namespace types.SimpleNamespace datetime.datetime datetime.date datetime.time datetime.timedelta datetime.timezone',
    'builtins.range builtins.slice decimal.Decimal fractions.Fraction uuid.UUID',
  ].flatMap((names) => names.split(' ')),
);

/** A `torch.device`, as in type "cuda", index 0. */
export class PyDevice {
  readonly type: string;
  readonly index: number | undefined;

  constructor(type: string, index?: number) {
    this.type = type;
    this.index = index;
  }
}

/** How deep values may be nested in a checkpoint, both ways: Python's pickler stops at about the same depth. */
export const maxDepth = 1000;

const hashable = [
  ...[PyTuple, PyFloat, PyComplex, Uint8Array, PyFrozenSet, PyDType, PyDevice, PyConstant],
  ...[PyPath, PyScalar, PyGlobal, PyObject],
];

/** Whether Python can use the value as a dict key or a member of a set, seen from outside: a tuple counts, whatever it holds. */
export function isHashable(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
  if (value === null) return true;
  return hashable.some((kind) => value instanceof kind) && !(value instanceof PyByteArray);
}

/** What a message calls a value, as in `a function` or `an instance of Date`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object';
}

// What Python values become in JavaScript and the reverse, and the classes for those that JavaScript has no type for.
//
// | Python                        | read as                                     | written from                                            |
// |-------------------------------|---------------------------------------------|---------------------------------------------------------|
// | None                          | null                                        | null (undefined is an error)                            |
// | bool                          | boolean                                     | boolean                                                 |
// | int                           | number up to 2^53 - 1, else bigint          | integral number up to 2^53 - 1, bigint                  |
// | float                         | number; PyFloat with `keepFloats`           | PyFloat, every other number (-0, inf and nan included)  |
// | str                           | string                                      | string without lone surrogates                          |
// | bytes, bytearray              | Uint8Array                                  | Uint8Array, as bytes                                    |
// | list                          | Array                                       | Array                                                   |
// | tuple, torch.Size             | PyTuple                                     | PyTuple, as tuple                                       |
// | dict with only string keys    | plain object                                | plain object; Map, as dict with the keys it has         |
// | dict with other keys          | Map                                         | Map                                                     |
// | OrderedDict                   | as dict; PyOrderedDict where that says Map  | PyOrderedDict                                           |
// | defaultdict, Counter          | as dict                                     |                                                         |
// | set, frozenset                | Set                                         | Set, as set                                             |
// | torch.dtype                   | PyDType                                     | PyDType                                                 |
// | torch.device                  | PyDevice                                    | PyDevice                                                |
// | Tensor, Parameter             | what `fromStored` makes of a StoredTensor   | StoredTensor, and what `toStored` turns into one        |
// | numpy.ndarray                 | as Tensor                                   |                                                         |
// | numpy scalar                  | as bool, int or float                       |                                                         |
// | pathlib path                  | string                                      |                                                         |
//
// * An empty dict is a plain object. JavaScript lists integer-like keys ("0", "1") of a plain object first, whatever their order in Python.
// * A key named "__proto__" is an own property like any other. Attributes of an OrderedDict (a state dict's `_metadata`) are not kept.
// * The same object in two places stays one object, both ways. An object inside itself is an error, both ways.
// * Dict keys and members of sets are what Python can hash: None, bool, int, float, str, bytes, tuple, dtype, device.
import type { StoredDType } from './stored-tensor.ts';

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

/** A Map that is written as a `collections.OrderedDict`. */
export class PyOrderedDict<K = unknown, V = unknown> extends Map<K, V> {}

/** A `torch.dtype`. */
export class PyDType {
  readonly name: StoredDType;

  constructor(name: StoredDType) {
    this.name = name;
  }
}

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

/** Whether Python can use the value as a dict key or a member of a set, seen from outside: a tuple counts, whatever it holds. */
export function isHashable(value: unknown): boolean {
  if (typeof value !== 'object') return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
  if (value === null || value instanceof PyTuple) return true;
  return [PyFloat, Uint8Array, PyDType, PyDevice].some((kind) => value instanceof kind);
}

/** What a message calls a value, as in `a function` or `an instance of Date`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'an object';
}

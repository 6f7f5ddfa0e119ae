// What generated operators share: types of arguments that have no class of their own, their codes, and the reading of an options object.

import type { NativeResult } from './call.ts';
import type { Tensor } from './tensor.ts';

/** A number as libtorch's `Scalar` takes it: beside a floating tensor a number is a double, else an integral one is an int64; a bigint is always int64. */
export type Scalar = number | bigint | boolean;

/** How a tensor's elements are laid out. Sparse tensors are made by their own functions. */
export type Layout = keyof typeof LAYOUTS;

/** The order of a dense tensor's dimensions in memory. */
export type MemoryFormat = keyof typeof MEMORY_FORMATS;

// Source: c10/core/Layout.h and c10/core/MemoryFormat.h.
const LAYOUTS = { strided: 0, sparse_coo: 1, sparse_csr: 2, sparse_csc: 4, sparse_bsr: 5, sparse_bsc: 6 } as const;
const MEMORY_FORMATS = { contiguous_format: 0, preserve_format: 1, channels_last: 2, channels_last_3d: 3 } as const;

/** libtorch's code of a layout.
 *  @throws {TypeError} for a name that is none. */
export function layoutCode(layout: Layout): number {
  return codeOf('layout', LAYOUTS, layout);
}

/** libtorch's code of a memory format.
 *  @throws {TypeError} for a name that is none. */
export function memoryFormatCode(format: MemoryFormat): number {
  return codeOf('memory format', MEMORY_FORMATS, format);
}

/** The layout of libtorch's code. @internal */
export function layoutName(code: number): Layout {
  const found = Object.entries(LAYOUTS).find(([, known]) => known === code);
  if (!found)
    throw new TypeError(`Cannot name layout code ${code}: expected one of ${Object.keys(LAYOUTS).join(', ')}`);
  return found[0] as Layout;
}

function codeOf(what: string, codes: Readonly<Record<string, number>>, name: string): number {
  const code = Object.hasOwn(codes, name) ? codes[name] : undefined;
  if (code !== undefined) return code;
  throw new TypeError(`Cannot use ${what} ${JSON.stringify(name)}: expected one of ${Object.keys(codes).join(', ')}`);
}

/** Whether a value is an array; unlike `Array.isArray` it tells read-only arrays from other types. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Whether an argument that may be a list or a tensor is a tensor. What else it may be, the addon refuses. */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && !Array.isArray(value);
}

/** Whether a value is an array of tensors; an empty array is. */
export function isTensorList(value: unknown): value is readonly Tensor[] {
  return Array.isArray(value) && (value.length === 0 || typeof value[0] === 'object');
}

/** Whether a value is an array of numbers or booleans; an empty array is. */
export function isNumberList(value: unknown): value is readonly Scalar[] {
  return Array.isArray(value) && typeof value[0] !== 'object';
}

/** The options that a call gives, one bit for each name of the list; `undefined` counts as absent.
 *  @throws {TypeError} for what is no options object, and for a name that the operator does not have. */
export function readOptions(operator: string, names: readonly string[], options: object): number {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw noOptions(operator, names, options);
  let given = 0;
  for (const name in options) {
    const position = names.indexOf(name);
    if (position < 0) throw unknownOption(operator, names, name);
    if ((options as Record<string, unknown>)[name] !== undefined) given |= 1 << position;
  }
  return given;
}

function noOptions(operator: string, names: readonly string[], got: unknown): TypeError {
  const shown = typeof got === 'object' ? (got === null ? 'null' : 'an array') : `${typeof got} ${String(got)}`;
  return new TypeError(`Cannot call ${operator}: expected an options object { ${names.join(', ')} }, got ${shown}`);
}

function unknownOption(operator: string, names: readonly string[], name: string): TypeError {
  return new TypeError(`Cannot call ${operator}: expected options of { ${names.join(', ')} }, got "${name}"`);
}

/** The error of a call that fits no overload. @param expected - the overloads, as they are called.  @param given - the arguments, options last. */
export function unfit(operator: string, expected: string, given: readonly unknown[]): TypeError {
  return new TypeError(`Cannot call ${operator}: expected ${expected}, got (${given.map(showArgument).join(', ')})`);
}

function showArgument(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showArgument).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (value.constructor !== Object) return value.constructor.name;
  return `{ ${Object.entries(value)
    .map(([name, option]) => `${name}: ${showArgument(option)}`)
    .join(', ')} }`;
}

/** A new tensor, recorded for backward where a creation function's `requiresGrad` asks for it. */
export function tracked(tensor: Tensor, requiresGrad: boolean | undefined): Tensor {
  return requiresGrad === true ? tensor.requiresGrad_() : tensor;
}

/** The elements of a tuple result that are not all tensors. @param wrappers - makes the tensors of each element; undefined leaves it as it is. */
export function partsOf(
  result: NativeResult,
  wrappers: readonly (((element: NativeResult) => unknown) | undefined)[],
): readonly unknown[] {
  if (!isList(result)) throw new Error('internal: expected a tuple from the addon');
  return wrappers.map((wrapper, i) => {
    const element = result[i] as NativeResult;
    return wrapper ? wrapper(element) : element;
  });
}

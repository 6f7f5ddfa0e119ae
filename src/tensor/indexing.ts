// `x.index(…)` and `x.indexPut_([…], value)`: Python's `x[…]` and `x[…] = value`, after torch/csrc/autograd/python_variable_indexing.cpp.

import { NativeError } from '../errors.ts';
import type { Scalar } from './arguments.ts';
import * as aten from './aten.generated.ts';
import { tensor as makeTensor } from './create.ts';
import { isIntegerDType } from './dtype.ts';
import { Tensor } from './tensor.ts';

/** Integers or booleans in nested arrays: an index tensor in place. */
export type IndexArray = readonly (number | bigint | boolean | IndexArray)[];

/** What may stand between Python's brackets: an integer, a `slice`, `null` for a new dimension, `'...'` for all dimensions that are left, a boolean,
 *  and tensors or arrays of integers (each picks along its dimension) or booleans (masks). */
export type Index = number | bigint | boolean | null | '...' | Slice | Tensor | IndexArray;

/** A range of one dimension, made by `slice`. */
export class Slice {
  readonly start: number | undefined;
  readonly stop: number | undefined;
  readonly step: number;

  /** @internal */
  constructor(start: number | undefined, stop: number | undefined, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }

  /** As Python writes it between brackets. */
  toString(): string {
    return `${this.start ?? ''}:${this.stop ?? ''}${this.step === 1 ? '' : `:${this.step}`}`;
  }
}

/** The indices from `start` up to but without `stop`, every `step`-th, for `x.index(slice(1, -1))`: Python's `x[1:-1]`. Without arguments all of them.
 *  Negative ones count from the end; what lies outside is cut off. Source: torch::indexing::Slice.
 *  @throws {RangeError} for a step that is not positive: PyTorch has none, `flip` turns a dimension round.
 *  @throws {TypeError} for what is no integer.
 *  @example
 *  tensor([0, 1, 2, 3, 4]).index(slice(1, -1)); // tensor([1., 2., 3.])
 *  tensor([0, 1, 2, 3, 4]).index(slice(null, null, 2)); // tensor([0., 2., 4.]) */
export function slice(start?: number | null, stop?: number | null, step?: number | null): Slice {
  for (const bound of [start, stop, step]) {
    if (bound !== undefined && bound !== null && !Number.isInteger(bound) && Math.abs(bound) !== Infinity)
      throw new TypeError(`Cannot slice: expected integers, got ${String(bound)}`);
  }
  if (step !== undefined && step !== null && !(step > 0 && step < Infinity))
    throw new RangeError(`Cannot slice: expected a step of at least 1, got ${step}; flip() turns a dimension round`);
  return new Slice(finite(start), finite(stop), step ?? 1);
}

/** An infinite bound is as good as one that lies just outside. */
function finite(bound: number | null | undefined): number | undefined {
  if (bound === undefined || bound === null) return undefined;
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, bound));
}

/** A view of `x` by the plain part of an index, and the tensors that pick from it. */
interface Sliced {
  readonly view: Tensor;
  /** By dimension of `view`; undefined where all is taken. Empty for a plain index. */
  readonly picks: (Tensor | undefined)[];
  /** Index tensors that were made of arrays and booleans, to be freed after use. */
  readonly made: readonly Tensor[];
}

/** `x[indices]`. A plain index gives a view, one with tensors, arrays or booleans a copy. */
export function getIndexed(x: Tensor, indices: readonly Index[]): Tensor {
  const { view, picks, made } = slicing(x, indices);
  if (picks.length === 0) return view === x ? aten.alias(x) : view;
  const result = aten.index$Tensor(view, picks);
  if (view !== x) view.dispose();
  for (const index of made) index.dispose();
  return result;
}

/** `x[indices] = value`, or `+=` with every occurrence of an element counted. */
export function setIndexed(x: Tensor, indices: readonly Index[], value: Tensor | Scalar, isAccumulated: boolean): void {
  if (indices.length === 1 && indices[0] === false) return;
  // A single `true` is a new dimension: nothing has to be picked.
  const plain = indices.length === 1 && indices[0] === true ? [null] : indices;
  const { view, picks, made } = slicing(x, plain);
  if (picks.length > 0) putPicked(view, picks, value, isAccumulated);
  else if (isAccumulated) view.add_(value instanceof Tensor ? withoutLeadingOnes(value, view.ndim) : value);
  else copyTo(view, value);
  if (view !== x) view.dispose();
  for (const index of made) index.dispose();
}

function putPicked(view: Tensor, picks: (Tensor | undefined)[], value: Tensor | Scalar, isAccumulated: boolean): void {
  if (!(value instanceof Tensor)) {
    const wrapped = aten.scalar_tensor(value, view.dtype, undefined, view.device);
    aten.index_put_(view, picks, wrapped, isAccumulated);
    wrapped.dispose();
    return;
  }
  const moved = value.ndim === 0 ? value.to(view.device) : value;
  aten.index_put_(view, picks, withoutLeadingOnes(moved, 0), isAccumulated);
}

function copyTo(view: Tensor, value: Tensor | Scalar): void {
  if (!(value instanceof Tensor)) view.fill_(value);
  else if (value.ndim === 0 && value.device === 'cpu' && view.ndim > 0) view.fill_(value);
  else view.copy_(withoutLeadingOnes(value, view.ndim));
}

/** As in NumPy, dimensions of size 1 before all others may be more than the place that is assigned has. */
function withoutLeadingOnes(value: Tensor, ndim: number): Tensor {
  const { shape } = value;
  if (shape.length <= ndim) return value;
  const first = shape.findIndex((size) => size !== 1);
  return first === 0 ? value : value.view(first < 0 ? [] : shape.slice(first));
}

/** The place in an index list, and what has come of it so far. */
class Walk {
  readonly x: Tensor;
  readonly shape: readonly number[];
  view: Tensor;
  /** The next dimension of `view`. */
  dim = 0;
  /** The next dimension of `x`. */
  source = 0;
  readonly picks: (Tensor | undefined)[] = [];
  readonly made: Tensor[] = [];

  constructor(x: Tensor) {
    this.x = x;
    this.shape = x.shape;
    this.view = x;
  }

  /** Goes on from another view; the one before is of no more use. */
  become(next: Tensor): void {
    if (this.view !== this.x) this.view.dispose();
    this.view = next;
  }

  /** Dimensions that are taken whole. */
  pass(count: number): void {
    this.dim += count;
    if (this.picks.length > 0) this.picks.length += count;
  }

  select(index: number | bigint): void {
    const size = this.shape[this.source]!;
    const position = Number(index);
    if (!Number.isInteger(position)) throw new TypeError(`Cannot index: expected an integer, got ${index}`);
    if (position >= size || position < -size) throw outOfRange(this.shape, this.source, index);
    this.become(this.view.select(this.dim, position));
    this.source++;
  }

  slice({ start, stop, step }: Slice): void {
    const size = this.shape[this.source]!;
    const isWhole = (start ?? 0) === 0 && (stop ?? size) >= size && step === 1;
    if (!isWhole) this.become(aten.slice$Tensor(this.view, this.dim, start, stop, step));
    this.pass(1);
    this.source++;
  }

  /** @param numDims - how many dimensions of `view` the index takes the place of. */
  pick(index: Tensor, numDims: number): void {
    if (this.picks.length === 0) this.picks.length = this.dim;
    this.picks.push(index);
    this.dim += numDims;
  }

  newDim(): void {
    this.become(this.view.unsqueeze(this.dim));
  }

  /** A boolean is a new dimension of one element that is taken or left. */
  pickBoolean(isTaken: boolean): void {
    this.newDim();
    const index = aten.zeros([isTaken ? 1 : 0], 'int64', undefined, this.x.device);
    this.made.push(index);
    this.pick(index, 1);
  }

  pickTensor(index: Tensor): void {
    const { dtype, ndim } = index;
    const isMask = dtype === 'bool' || dtype === 'uint8';
    if (ndim === 0 && isMask) this.pickBoolean(index.item() !== 0);
    else if (ndim === 0 && isIntegerDType(dtype)) this.select(index.item());
    else {
      // libtorch takes bytes for a mask too, and warns; before 2.0 it takes no other integers than int64.
      const taken = dtype === 'uint8' ? index.to('bool') : dtype === 'int32' ? index.to('int64') : index;
      if (taken !== index) this.made.push(taken);
      this.pick(taken, isMask ? ndim : 1);
      this.source += isMask ? ndim : 1;
    }
  }
}

function slicing(x: Tensor, indices: readonly Index[]): Sliced {
  const walk = new Walk(x);
  const taken = indices.map((index) => (isIndexArray(index) ? arrayIndex(index, x, walk.made) : index));
  const numIndexed = taken.reduce<number>((count, index) => count + numDimsOf(index), 0);
  if (numIndexed > walk.shape.length) {
    throw new RangeError(
      `Cannot index a tensor of shape [${walk.shape.join(', ')}]: expected at most ${walk.shape.length} indices, got ${numIndexed}`,
    );
  }
  for (const index of taken) {
    if (typeof index === 'number' || typeof index === 'bigint') walk.select(index);
    else if (index instanceof Slice) walk.slice(index);
    else if (index instanceof Tensor) walk.pickTensor(index);
    else if (typeof index === 'boolean') walk.pickBoolean(index);
    else if (index === null) {
      walk.newDim();
      walk.pass(1);
    } else {
      walk.pass(walk.shape.length - numIndexed);
      walk.source += walk.shape.length - numIndexed;
    }
  }
  const { picks } = walk;
  while (picks.length > 0 && picks.at(-1) === undefined) picks.pop();
  return walk;
}

function isIndexArray(index: Index): index is IndexArray {
  return Array.isArray(index);
}

/** How many of a tensor's dimensions an index stands for. */
function numDimsOf(index: Exclude<Index, IndexArray>): number {
  if (index instanceof Tensor) return index.dtype === 'bool' || index.dtype === 'uint8' ? index.ndim : 1;
  if (typeof index === 'number' || typeof index === 'bigint' || index instanceof Slice) return 1;
  if (index === null || index === '...' || typeof index === 'boolean') return 0;
  throw new TypeError(
    `Cannot index by ${show(index)}: expected an integer, slice(), null, '...', a boolean, a tensor or an array of integers or booleans${
      index === undefined ? '; slice() takes all of a dimension, null makes a new one' : ''
    }`,
  );
}

/** Booleans make a mask, all else integers: an empty array too. */
function arrayIndex(index: IndexArray, x: Tensor, made: Tensor[]): Tensor {
  const flat = (index as readonly unknown[]).flat(Infinity);
  const isMask = flat.length > 0 && flat.every((element) => typeof element === 'boolean');
  const bad = flat.find(
    (element) => !(typeof element === 'boolean' || typeof element === 'bigint' || Number.isInteger(element)),
  );
  if (bad !== undefined || flat.includes(undefined))
    throw new TypeError(`Cannot index by an array: expected integers or booleans, got ${show(bad)}`);
  const options = { device: x.device, dtype: isMask ? 'bool' : 'int64' } as const;
  const result = makeTensor(index as Parameters<typeof makeTensor>[0], options);
  made.push(result);
  return result;
}

/** The error of `x.index(i)` where libtorch has refused `i`: what was wrong, in the words of this file. */
export function explainSelect(x: Tensor, index: number, error: unknown): unknown {
  if (!(error instanceof NativeError)) return error;
  const { shape } = x;
  if (shape.length > 0) return outOfRange(shape, 0, index, error);
  return new RangeError(
    'Cannot index a tensor without dimensions: expected at least one, got shape []; item() reads it',
    {
      cause: error,
    },
  );
}

function outOfRange(shape: readonly number[], dim: number, index: number | bigint, cause?: Error): RangeError {
  const size = shape[dim]!;
  const wanted = size === 0 ? 'no index, since it is empty' : `an index from ${-size} to ${size - 1}`;
  return new RangeError(
    `Cannot index dimension ${dim} of shape [${shape.join(', ')}]: expected ${wanted}, got ${index}`,
    cause && { cause },
  );
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' ? 'an object' : String(value);
}

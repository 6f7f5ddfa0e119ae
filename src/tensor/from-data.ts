// Tensors out of numbers, nested arrays, typed arrays and bytes.

import { ShapeError } from '../errors.ts';
import { readOptions } from './arguments.ts';
import { getNative, wrap } from './call.ts';
import type { Device } from './device.ts';
import { type DType, dtypeCode, dtypeOfArray, isComplexDType, isIntegerDType } from './dtype.ts';
import { iinfo } from './dtype-info.ts';
import type { Complex, NestedArray } from './read.ts';
import { Tensor } from './tensor.ts';

export interface TensorOptions {
  /** Default float32 for numbers, int64 for bigints, bool for booleans, complex64 for `{ re, im }`, the array's own for typed arrays. */
  dtype?: DType;
  /** Default 'cpu'. */
  device?: Device;
  /** Record operators on the new tensor for `backward`. Default false. */
  requiresGrad?: boolean;
  /** In memory that a GPU copies from faster. Default false; true needs a GPU. */
  pinMemory?: boolean;
}

/** A typed array of any kind, Float16Array and Buffer included. */
export type NumberArray = ArrayBufferView & ArrayLike<number | bigint>;

type Element = number | boolean | bigint | Complex;

const TENSOR_OPTIONS: readonly string[] = ['dtype', 'device', 'requiresGrad', 'pinMemory', 'shape'];
const AS_TENSOR_OPTIONS: readonly string[] = ['dtype', 'device'];

/** @internal */
export function finish(tensor: Tensor, options: TensorOptions): Tensor {
  return options.requiresGrad ? tensor.requiresGrad_() : tensor;
}

/** A tensor with a copy of the data. Source: torch.tensor.
 *  Numbers become float32, bigints int64, booleans bool, `{ re, im }` complex64; a typed array keeps its own dtype and has one dimension unless `shape`
 *  says otherwise. With an integer `dtype` fractions are cut off.
 *  @throws {ShapeError} for ragged arrays.  @throws {RangeError} for a number that an integer dtype does not hold.  @throws {TypeError} for a typed
 *  array whose memory was given away.
 *  @example
 *  tensor([[1, 2], [3, 4]]); // tensor([[1., 2.], [3., 4.]])
 *  tensor([1n, 2n]); // tensor([1, 2])
 *  tensor(new Int32Array([1, 2, 3, 4]), { shape: [2, 2] }); // tensor([[1, 2], [3, 4]], dtype=torch.int32)
 *  tensor([0.5], { requiresGrad: true }); // tensor([0.5000], requires_grad=True) */
export function tensor(
  data: NestedArray | NumberArray,
  options: TensorOptions & { shape?: readonly number[] } = {},
): Tensor {
  readOptions('tensor', TENSOR_OPTIONS, options);
  const { dtype, device, shape, pinMemory } = options;
  let made = ArrayBuffer.isView(data) ? fromView(data, shape) : fromNested(data, dtype);
  if (shape && !ArrayBuffer.isView(data)) made = replace(made, made.reshape(shape));
  made = replace(
    made,
    made.to({ ...(dtype === undefined ? {} : { dtype }), ...(device === undefined ? {} : { device }) }),
  );
  if (pinMemory) made = replace(made, made.pinMemory());
  return finish(made, options);
}

/** The tensor itself where it is one and has the dtype and device that are asked for; else a new one, as `to` or `tensor` makes it.
 *  Source: torch.as_tensor, torch.asarray.
 *  @throws as `tensor` and `to`.
 *  @example
 *  const x = tensor([1]);
 *  asTensor(x) === x; // true
 *  asTensor([1, 2], { dtype: 'int64' }); // tensor([1, 2]) */
export function asTensor(
  data: Tensor | NestedArray | NumberArray,
  options: { dtype?: DType; device?: Device } = {},
): Tensor {
  readOptions('asTensor', AS_TENSOR_OPTIONS, options);
  return data instanceof Tensor ? data.to(options) : tensor(data, options);
}

/** A tensor with a copy of raw little-endian bytes; `fromShared` copies nothing. Source: torch.frombuffer, which shares them.
 *  @param bytes - any view, a DataView or a Buffer too, or a whole buffer.
 *  @throws {RangeError} where the bytes are not as many as the shape wants.  @throws {TypeError} for an array whose memory was given away.
 *  @example
 *  fromBytes(new Uint8Array([1, 0, 0, 1]), [2], 'int16'); // tensor([  1, 256], dtype=torch.int16) */
export function fromBytes(bytes: ArrayBufferView | ArrayBufferLike, shape: readonly number[], dtype: DType): Tensor {
  const view = bytes instanceof Uint8Array && bytes.byteLength > 0 ? bytes : bytesOf(bytes);
  return wrap(getNative().fromBytes(dtypeCode(dtype), shape, view));
}

/** The bytes of a view or a whole buffer.
 *  @throws {TypeError} where they are in another thread by now (`postMessage`, `transfer`), or beyond the end of a buffer that was made smaller. */
function bytesOf(bytes: ArrayBufferView | ArrayBufferLike): Uint8Array {
  if (isGone(bytes)) {
    const kind = (bytes as unknown as Record<symbol, string>)[Symbol.toStringTag];
    throw new TypeError(
      `Cannot make a tensor: expected an array that has its memory, got ${kind} whose buffer was transferred or made smaller; make the tensor before, or transfer a copy`,
    );
  }
  return ArrayBuffer.isView(bytes)
    ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : new Uint8Array(bytes);
}

const firstOf = Object.getPrototypeOf(Uint8Array.prototype).at as (this: ArrayBufferView, index: number) => unknown;

/** Whether the memory of a view or buffer went elsewhere. Lengths then read as 0, where they do not throw; what reads elements throws always. */
function isGone(bytes: ArrayBufferView | ArrayBufferLike): boolean {
  try {
    if (bytes.byteLength > 0) return false;
    if (!ArrayBuffer.isView(bytes)) new Uint8Array(bytes);
    else if (!(bytes instanceof DataView)) firstOf.call(bytes, 0);
    return false;
  } catch {
    return true;
  }
}

/** What an operator made of a tensor, which may be the tensor itself and is not needed any more. */
function replace(before: Tensor, after: Tensor): Tensor {
  if (after !== before) before.dispose();
  return after;
}

function fromView(array: ArrayBufferView, shape: readonly number[] | undefined): Tensor {
  const dtype = dtypeOfArray(array);
  if (dtype === undefined) {
    throw new TypeError(
      'Cannot make a tensor of a DataView: expected an array whose elements have a dtype; use fromBytes(bytes, shape, dtype)',
    );
  }
  return fromBytes(array, shape ?? [(array as NumberArray).length], dtype);
}

/** Nested arrays as a tensor of the wanted dtype, or of one that `to` makes it of. */
function fromNested(data: NestedArray, dtype: DType | undefined): Tensor {
  const shape = shapeOf(data);
  const count = shape.reduce((product, size) => product * size, 1);
  const isFloat32 = dtype === undefined || dtype === 'float32';
  const numbers = isFloat32 ? new Float32Array(count) : new Float64Array(count);
  if (!fillNumbers(data, shape, numbers)) return fromElements(flatten(data), shape, dtype);
  requireWithin(numbers, dtype);
  return fromView(numbers, shape);
}

/** The shape of nested arrays.
 *  @throws {ShapeError} where they are ragged. */
function shapeOf(data: NestedArray): number[] {
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0]!) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  // Single elements are looked at when they are read: this pass is over rows alone.
  const verify = (level: NestedArray, dim: number): void => {
    if (!Array.isArray(level) || level.length !== shape[dim]) throw ragged(shape, level, dim);
    if (dim < shape.length - 1) for (const element of level) verify(element, dim + 1);
  };
  if (shape.length > 0) verify(data, 0);
  return shape;
}

function ragged(shape: readonly number[], level: NestedArray, dim: number): ShapeError {
  const got = Array.isArray(level) ? `an array of ${level.length}` : String(level);
  return new ShapeError(
    `Cannot make a tensor: expected nested arrays of shape [${shape.join(', ')}], got ${got} at depth ${dim}`,
  );
}

/** Writes numbers in row-major order. Most data are only numbers, and a million of them should not become a list first.
 *  @returns false at the first element that is no number.  @throws {ShapeError} for an array among elements. */
function fillNumbers(data: NestedArray, shape: readonly number[], into: Float32Array | Float64Array): boolean {
  let position = 0;
  const fill = (level: readonly NestedArray[], dim: number): boolean => {
    if (dim < shape.length) return (level as readonly NestedArray[][]).every((row) => fill(row, dim + 1));
    for (let i = 0; i < level.length; i++) {
      const element = level[i];
      if (Array.isArray(element)) throw ragged(shape, element, dim);
      if (typeof element !== 'number') return false;
      into[position++] = element;
    }
    return true;
  };
  return fill(Array.isArray(data) ? data : [data], Math.min(shape.length, 1));
}

function flatten(data: NestedArray, into: Element[] = []): Element[] {
  if (Array.isArray(data)) for (const element of data) flatten(element, into);
  else into.push(data);
  return into;
}

/** Elements that are not all numbers: the widest kind among them decides. */
function fromElements(flat: readonly Element[], shape: readonly number[], dtype: DType | undefined): Tensor {
  const bad = flat.findIndex((value) => !['number', 'boolean', 'bigint'].includes(typeof value) && !isComplex(value));
  if (bad >= 0) {
    const way = flat[bad] instanceof Tensor ? ' a tensor; use stack()' : ` ${String(flat[bad])}`;
    throw new TypeError(`Cannot make a tensor: expected numbers, bigints, booleans or { re, im }, got${way}`);
  }
  if (flat.some(isComplex)) return fromComplex(flat, shape, dtype);
  if (flat.some((value) => typeof value === 'bigint')) {
    const isUnsigned = dtype === 'uint64';
    const integers = flat.map((value) => asInteger(value, isUnsigned));
    return fromView(isUnsigned ? BigUint64Array.from(integers) : BigInt64Array.from(integers), shape);
  }
  if (flat.every((value) => typeof value === 'boolean')) return fromBytes(Uint8Array.from(flat, Number), shape, 'bool');
  const numbers = Float64Array.from(flat, Number);
  requireWithin(numbers, dtype);
  return dtype === undefined ? fromView(Float32Array.from(numbers), shape) : fromView(numbers, shape);
}

function isComplex(value: unknown): value is Complex {
  return typeof value === 'object' && value !== null && 're' in value && 'im' in value;
}

function fromComplex(flat: readonly Element[], shape: readonly number[], dtype: DType | undefined): Tensor {
  const pairs = flat.flatMap((value) => (isComplex(value) ? [value.re, value.im] : [Number(value), 0]));
  if (dtype !== undefined && !isComplexDType(dtype))
    throw new TypeError(`Cannot make a tensor: expected a complex dtype for { re, im }, got ${dtype}`);
  return dtype === 'complex128'
    ? fromBytes(Float64Array.from(pairs), shape, 'complex128')
    : fromBytes(Float32Array.from(pairs), shape, 'complex64');
}

function asInteger(value: Element, isUnsigned: boolean): bigint {
  if (typeof value === 'number' && !Number.isInteger(value))
    throw new TypeError(`Cannot make a tensor: expected integers beside bigints, got ${value}`);
  const integer = BigInt(value as number | bigint | boolean);
  if ((isUnsigned ? BigInt.asUintN(64, integer) : BigInt.asIntN(64, integer)) !== integer)
    throw new RangeError(`Cannot make a tensor: expected integers of 64 bits, got ${integer}`);
  return integer;
}

/** A conversion would wrap what an integer dtype does not hold. */
function requireWithin(numbers: Float32Array | Float64Array, dtype: DType | undefined): void {
  if (dtype === undefined || !isIntegerDType(dtype)) return;
  const { min, max } = iinfo(dtype);
  const [lowest, highest] = [Number(min), Number(max)];
  for (const value of numbers) {
    const whole = Math.trunc(value);
    if (!(whole >= lowest && whole <= highest && whole < 2 ** 64) || (dtype === 'int64' && whole >= 2 ** 63))
      throw new RangeError(`Cannot make a tensor: expected numbers from ${min} to ${max} for ${dtype}, got ${value}`);
  }
}

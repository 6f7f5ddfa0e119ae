// Tensors out of numbers, arrays and bytes, and the creation functions of PyTorch.

import { ShapeError } from '../errors.ts';
import * as aten from './aten.generated.ts';
import { getNative, wrap } from './call.ts';
import type { Device } from './device.ts';
import { type DType, dtypeCode, dtypeOfArray, type TypedArray } from './dtype.ts';
import type { Generator } from './generator.ts';
import { type NestedArray, Tensor } from './tensor.ts';

export interface TensorOptions {
  /** Default float32 for numbers, int64 for bigints, bool for booleans, the array's own for typed arrays. */
  dtype?: DType;
  /** Default 'cpu'. */
  device?: Device;
  /** Record operators on the new tensor for `backward`. Default false. */
  requiresGrad?: boolean;
}

export interface RandomOptions extends TensorOptions {
  /** Default: the process's own, seeded by `manualSeed`. */
  generator?: Generator;
}

function finish(tensor: Tensor, options: TensorOptions): Tensor {
  return options.requiresGrad ? tensor.requiresGrad_() : tensor;
}

/** The shape of nested arrays.
 *  @throws {ShapeError} where they are ragged. */
function shapeOf(data: NestedArray): number[] {
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0]!) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const verify = (level: NestedArray, dim: number): void => {
    if (dim === shape.length ? Array.isArray(level) : !Array.isArray(level) || level.length !== shape[dim]) {
      const got = Array.isArray(level) ? `an array of ${level.length}` : String(level);
      throw new ShapeError(
        `Cannot make a tensor: expected nested arrays of shape [${shape.join(', ')}], got ${got} at depth ${dim}`,
      );
    }
    if (Array.isArray(level)) for (const element of level) verify(element, dim + 1);
  };
  verify(data, 0);
  return shape;
}

function flatten(data: NestedArray, into: (number | boolean | bigint)[] = []): (number | boolean | bigint)[] {
  if (Array.isArray(data)) for (const element of data) flatten(element, into);
  else into.push(data);
  return into;
}

function viewBytes(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function fromTyped(array: TypedArray, shape: readonly number[]): Tensor {
  const dtype = dtypeOfArray(array);
  if (dtype === undefined) {
    throw new TypeError(
      `Cannot make a tensor of a ${array.constructor.name}: expected a typed array with a dtype; use fromBytes(bytes, shape, dtype)`,
    );
  }
  return fromBytes(viewBytes(array), shape, dtype);
}

/** A tensor with a copy of the data. Source: torch.tensor.
 *  Numbers become float32, bigints int64, booleans bool; a typed array keeps its own dtype and has one dimension unless `shape` says otherwise.
 *  @throws {ShapeError} for ragged arrays. */
export function tensor(
  data: NestedArray | TypedArray,
  options: TensorOptions & { shape?: readonly number[] } = {},
): Tensor {
  let made: Tensor;
  if (ArrayBuffer.isView(data)) {
    made = fromTyped(data, options.shape ?? [data.length]);
  } else {
    const shape = shapeOf(data);
    const flat = flatten(data);
    const bad = flat.findIndex((value) => !['number', 'boolean', 'bigint'].includes(typeof value));
    if (bad >= 0)
      throw new TypeError(`Cannot make a tensor: expected numbers, bigints or booleans, got ${String(flat[bad])}`);
    if (flat.some((value) => typeof value === 'bigint')) {
      made = fromTyped(BigInt64Array.from(flat, asInt64), shape);
    } else if (flat.length > 0 && flat.every((value) => typeof value === 'boolean')) {
      made = fromBytes(Uint8Array.from(flat, Number), shape, 'bool');
    } else if (options.dtype === undefined || options.dtype === 'float32') {
      made = fromTyped(Float32Array.from(flat, Number), shape);
    } else {
      // By way of float64, which holds every number that JavaScript can.
      made = fromTyped(Float64Array.from(flat, Number), shape);
    }
    if (options.shape) made = made.reshape(options.shape);
  }
  if (options.dtype !== undefined && options.dtype !== made.dtype) made = replace(made, made.to(options.dtype));
  if (options.device !== undefined && options.device !== made.device) made = replace(made, made.to(options.device));
  return finish(made, options);
}

function asInt64(value: number | boolean | bigint): bigint {
  if (typeof value === 'number' && !Number.isInteger(value))
    throw new TypeError(`Cannot make a tensor: expected integers beside bigints, got ${value}`);
  const integer = BigInt(value);
  if (BigInt.asIntN(64, integer) !== integer)
    throw new RangeError(`Cannot make a tensor: expected integers of 64 bits, got ${integer}`);
  return integer;
}

function replace(before: Tensor, after: Tensor): Tensor {
  before.dispose();
  return after;
}

/** A tensor with a copy of raw little-endian bytes.
 *  @throws {RangeError} where the bytes are not as many as the shape wants. */
export function fromBytes(bytes: Uint8Array, shape: readonly number[], dtype: DType): Tensor {
  return wrap(getNative().fromBytes(dtypeCode(dtype), shape, bytes));
}

/** Zeros. Source: torch.zeros. */
export function zeros(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return finish(aten.zeros(shape, options.dtype ?? 'float32', undefined, options.device), options);
}

/** Ones. Source: torch.ones. */
export function ones(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return finish(aten.ones(shape, options.dtype ?? 'float32', undefined, options.device), options);
}

/** Memory as it comes: every element is undefined until written. Source: torch.empty. */
export function empty(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return finish(aten.empty$memory_format(shape, options.dtype ?? 'float32', undefined, options.device), options);
}

/** One value everywhere: float32 from a number, int64 from a bigint, bool from a boolean. Source: torch.full. */
export function full(shape: readonly number[], value: number | bigint | boolean, options: TensorOptions = {}): Tensor {
  const dtype =
    options.dtype ?? (typeof value === 'bigint' ? 'int64' : typeof value === 'boolean' ? 'bool' : 'float32');
  return finish(aten.full(shape, value, dtype, undefined, options.device), options);
}

/** `start`, `start + step`, … below `end`: int64 where all are integral, else float32. Source: torch.arange. */
export function arange(end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, options?: TensorOptions & { step?: number }): Tensor;
export function arange(
  first: number,
  second?: number | TensorOptions,
  third?: TensorOptions & { step?: number },
): Tensor {
  const [start, end] = typeof second === 'number' ? [first, second] : [0, first];
  const options: TensorOptions & { step?: number } = (typeof second === 'number' ? third : second) ?? {};
  return finish(
    aten.arange$start_step(start, end, options.step ?? 1, options.dtype, undefined, options.device),
    options,
  );
}

/** `steps` values from `start` to `end`, both included. Source: torch.linspace. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  return finish(aten.linspace(start, end, steps, options.dtype ?? 'float32', undefined, options.device), options);
}

/** Ones on the diagonal. Source: torch.eye. */
export function eye(size: number, options: TensorOptions = {}): Tensor {
  return finish(aten.eye(size, options.dtype ?? 'float32', undefined, options.device), options);
}

/** Uniform numbers in [0, 1). Source: torch.rand. */
export function rand(shape: readonly number[], options: RandomOptions = {}): Tensor {
  return finish(
    aten.rand$generator(shape, options.generator, options.dtype ?? 'float32', undefined, options.device),
    options,
  );
}

/** Normal numbers, mean 0 and variance 1. Source: torch.randn. */
export function randn(shape: readonly number[], options: RandomOptions = {}): Tensor {
  return finish(
    aten.randn$generator(shape, options.generator, options.dtype ?? 'float32', undefined, options.device),
    options,
  );
}

/** Integers from `low` up to but without `high`, int64. Source: torch.randint. */
export function randint(low: number, high: number, shape: readonly number[], options: RandomOptions = {}): Tensor {
  return finish(
    aten.randint$low_generator(
      low,
      high,
      shape,
      options.generator,
      options.dtype ?? 'int64',
      undefined,
      options.device,
    ),
    options,
  );
}

/** The integers below `count` in random order, int64. Source: torch.randperm. */
export function randperm(count: number, options: RandomOptions = {}): Tensor {
  return finish(
    aten.randperm$generator(count, options.generator, options.dtype ?? 'int64', undefined, options.device),
    options,
  );
}

/** True for a value that is a tensor. */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

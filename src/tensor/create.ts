// The creation functions of PyTorch.

import { type Layout, type MemoryFormat, readOptions } from './arguments.ts';
import * as aten from './aten.generated.ts';
import { finish, type TensorOptions } from './from-data.ts';
import type { Generator } from './generator.ts';
import { Tensor } from './tensor.ts';

export { asTensor, fromBytes, type NumberArray, type TensorOptions, tensor } from './from-data.ts';

export interface CreationOptions extends TensorOptions {
  /** How the elements lie in memory. Default 'strided'; `zeros` and `empty` can make sparse tensors without elements. */
  layout?: Layout;
}

export interface RandomOptions extends CreationOptions {
  /** Default: the process's own, seeded by `manualSeed`. */
  generator?: Generator;
}

const CREATION_OPTIONS: readonly string[] = ['dtype', 'layout', 'device', 'pinMemory', 'requiresGrad'];
const EMPTY_OPTIONS: readonly string[] = [...CREATION_OPTIONS, 'memoryFormat'];
const ARANGE_OPTIONS: readonly string[] = [...CREATION_OPTIONS, 'step'];
const EYE_OPTIONS: readonly string[] = [...CREATION_OPTIONS, 'm'];
const RANDOM_OPTIONS: readonly string[] = [...CREATION_OPTIONS, 'generator'];

/** Zeros in the shape given, float32 unless `dtype` says otherwise. Source: torch.zeros.
 *  @throws {NativeError} for a negative size.  @throws {OutOfMemoryError} where the machine has not that much left.
 *  @example
 *  zeros([2, 3]); // tensor([[0., 0., 0.], [0., 0., 0.]]) */
export function zeros(shape: readonly number[], options: CreationOptions = {}): Tensor {
  readOptions('zeros', CREATION_OPTIONS, options);
  const { dtype = 'float32', layout, device, pinMemory } = options;
  return finish(aten.zeros(shape, dtype, layout, device, pinMemory), options);
}

/** Ones in the shape given, float32 unless `dtype` says otherwise. Source: torch.ones.
 *  @throws {NativeError} for a negative size.  @throws {OutOfMemoryError} where the machine has not that much left.
 *  @example
 *  ones([2], { dtype: 'int64' }); // tensor([1, 1]) */
export function ones(shape: readonly number[], options: CreationOptions = {}): Tensor {
  readOptions('ones', CREATION_OPTIONS, options);
  const { dtype = 'float32', layout, device, pinMemory } = options;
  return finish(aten.ones(shape, dtype, layout, device, pinMemory), options);
}

/** Memory as it comes: every element is undefined until written. Float32 unless `dtype` says otherwise. Source: torch.empty.
 *  @param options.memoryFormat - the order of dimensions in memory. Default 'contiguous_format'.
 *  @throws {NativeError} for a negative size.  @throws {OutOfMemoryError} where the machine has not that much left.
 *  @example
 *  empty([2, 3]).shape; // [2, 3] */
export function empty(
  shape: readonly number[],
  options: CreationOptions & { memoryFormat?: MemoryFormat } = {},
): Tensor {
  readOptions('empty', EMPTY_OPTIONS, options);
  const { dtype = 'float32', layout, device, pinMemory, memoryFormat } = options;
  return finish(aten.empty$memory_format(shape, dtype, layout, device, pinMemory, memoryFormat), options);
}

/** One value everywhere: float32 from a number, int64 from a bigint, bool from a boolean. Source: torch.full.
 *  @throws {NativeError} for a negative size.  @throws {OutOfMemoryError} where the machine has not that much left.  @throws {TypeError} for a value that is none of these.
 *  @example
 *  full([2], 7); // tensor([7., 7.])
 *  full([2], 7n); // tensor([7, 7]) */
export function full(
  shape: readonly number[],
  value: number | bigint | boolean,
  options: CreationOptions = {},
): Tensor {
  readOptions('full', CREATION_OPTIONS, options);
  const { layout, device, pinMemory } = options;
  const dtype =
    options.dtype ?? (typeof value === 'bigint' ? 'int64' : typeof value === 'boolean' ? 'bool' : 'float32');
  return finish(aten.full(shape, value, dtype, layout, device, pinMemory), options);
}

/** `start`, `start + step`, … below `end`: int64 where all are integral, else float32. Shape: [ceil((end - start) / step)]. Default: from 0, in steps of 1. Source: torch.arange.
 *  @throws {NativeError} for a step of 0, and for one that leads away from `end`.
 *  @example
 *  arange(4); // tensor([0, 1, 2, 3])
 *  arange(1, 2, { step: 0.25 }); // tensor([1.0000, 1.2500, 1.5000, 1.7500]) */
export function arange(end: number, options?: CreationOptions): Tensor;
export function arange(start: number, end: number, options?: CreationOptions & { step?: number }): Tensor;
export function arange(
  first: number,
  second?: number | CreationOptions,
  third?: CreationOptions & { step?: number },
): Tensor {
  const isFromZero = typeof second !== 'number';
  const [start, end] = isFromZero ? [0, first] : [first, second];
  const options: CreationOptions & { step?: number } = (isFromZero ? second : third) ?? {};
  readOptions('arange', isFromZero ? CREATION_OPTIONS : ARANGE_OPTIONS, options);
  const { step = 1, dtype, layout, device, pinMemory } = options;
  return finish(aten.arange$start_step(start, end, step, dtype, layout, device, pinMemory), options);
}

/** `steps` values from `start` to `end`, both included. Shape: [steps]. Source: torch.linspace.
 *  @throws {NativeError} for negative `steps`.
 *  @example
 *  linspace(0, 1, 5); // tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000]) */
export function linspace(start: number, end: number, steps: number, options: CreationOptions = {}): Tensor {
  readOptions('linspace', CREATION_OPTIONS, options);
  const { dtype = 'float32', layout, device, pinMemory } = options;
  return finish(aten.linspace(start, end, steps, dtype, layout, device, pinMemory), options);
}

/** Ones on the diagonal, zeros elsewhere. Shape: [n, m]. Source: torch.eye.
 *  @param options.m - columns. Default: as many as rows.
 *  @throws {NativeError} for a negative size.
 *  @example
 *  eye(2); // tensor([[1., 0.], [0., 1.]])
 *  eye(2, { m: 3 }); // tensor([[1., 0., 0.], [0., 1., 0.]]) */
export function eye(n: number, options: CreationOptions & { m?: number } = {}): Tensor {
  readOptions('eye', EYE_OPTIONS, options);
  const { m = n, dtype = 'float32', layout, device, pinMemory } = options;
  return finish(aten.eye$m(n, m, dtype, layout, device, pinMemory), options);
}

/** Uniform numbers in [0, 1). Source: torch.rand.
 *  @throws {NativeError} for an integer dtype.
 *  @example
 *  const x = rand([2, 3], { generator: new Generator(0) });
 *  x.ge(0).logicalAnd(x.lt(1)).all(); // tensor(True) */
export function rand(shape: readonly number[], options: RandomOptions = {}): Tensor {
  readOptions('rand', RANDOM_OPTIONS, options);
  const { generator, dtype = 'float32', layout, device, pinMemory } = options;
  return finish(aten.rand$generator(shape, generator, dtype, layout, device, pinMemory), options);
}

/** Normal numbers, mean 0 and variance 1. Source: torch.randn.
 *  @throws {NativeError} for an integer dtype.
 *  @example
 *  randn([3], { generator: new Generator(0) }).equal(randn([3], { generator: new Generator(0) })); // true */
export function randn(shape: readonly number[], options: RandomOptions = {}): Tensor {
  readOptions('randn', RANDOM_OPTIONS, options);
  const { generator, dtype = 'float32', layout, device, pinMemory } = options;
  return finish(aten.randn$generator(shape, generator, dtype, layout, device, pinMemory), options);
}

/** Integers from `low` up to but without `high`, int64 unless `dtype` says otherwise. Source: torch.randint.
 *  @throws {NativeError} where `low` is not below `high`.
 *  @example
 *  randint(1, 7, [1000]).aminmax(); // [tensor(1), tensor(6)] */
export function randint(low: number, high: number, shape: readonly number[], options: RandomOptions = {}): Tensor {
  readOptions('randint', RANDOM_OPTIONS, options);
  const { generator, dtype = 'int64', layout, device, pinMemory } = options;
  return finish(aten.randint$low_generator(low, high, shape, generator, dtype, layout, device, pinMemory), options);
}

/** The integers below `count` in random order, int64 unless `dtype` says otherwise. Shape: [count]. Source: torch.randperm.
 *  @throws {NativeError} for a negative count.
 *  @example
 *  randperm(5).sort()[0]; // tensor([0, 1, 2, 3, 4]) */
export function randperm(count: number, options: RandomOptions = {}): Tensor {
  readOptions('randperm', RANDOM_OPTIONS, options);
  const { generator, dtype = 'int64', layout, device, pinMemory } = options;
  return finish(aten.randperm$generator(count, generator, dtype, layout, device, pinMemory), options);
}

/** True for a value that is a tensor.
 *  @example
 *  isTensor(ones([1])); // true
 *  isTensor([1]); // false */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

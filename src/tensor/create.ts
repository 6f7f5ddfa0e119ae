// The creation functions of PyTorch.

import * as aten from './aten.generated.ts';
import { finish, type TensorOptions } from './from-data.ts';
import type { Generator } from './generator.ts';
import { Tensor } from './tensor.ts';

export { asTensor, fromBytes, type NumberArray, type TensorOptions, tensor } from './from-data.ts';

export interface RandomOptions extends TensorOptions {
  /** Default: the process's own, seeded by `manualSeed`. */
  generator?: Generator;
}

/** Zeros in the shape given, float32 unless `dtype` says otherwise. Source: torch.zeros.
 *  @throws {NativeError} for a negative size.  @throws {OutOfMemoryError} where the machine has not that much left.
 *  @example
 *  zeros([2, 3]); // tensor([[0., 0., 0.], [0., 0., 0.]]) */
export function zeros(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return finish(aten.zeros(shape, options.dtype ?? 'float32', undefined, options.device), options);
}

/** Ones in the shape given, float32 unless `dtype` says otherwise. Source: torch.ones.
 *  @throws {NativeError} for a negative size.  @throws {OutOfMemoryError} where the machine has not that much left.
 *  @example
 *  ones([2], { dtype: 'int64' }); // tensor([1, 1]) */
export function ones(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return finish(aten.ones(shape, options.dtype ?? 'float32', undefined, options.device), options);
}

/** Memory as it comes: every element is undefined until written. Float32 unless `dtype` says otherwise. Source: torch.empty.
 *  @throws {NativeError} for a negative size.  @throws {OutOfMemoryError} where the machine has not that much left.
 *  @example
 *  empty([2, 3]).shape; // [2, 3] */
export function empty(shape: readonly number[], options: TensorOptions = {}): Tensor {
  return finish(aten.empty$memory_format(shape, options.dtype ?? 'float32', undefined, options.device), options);
}

/** One value everywhere: float32 from a number, int64 from a bigint, bool from a boolean. Source: torch.full.
 *  @throws {NativeError} for a negative size.  @throws {OutOfMemoryError} where the machine has not that much left.  @throws {TypeError} for a value that is none of these.
 *  @example
 *  full([2], 7); // tensor([7., 7.])
 *  full([2], 7n); // tensor([7, 7]) */
export function full(shape: readonly number[], value: number | bigint | boolean, options: TensorOptions = {}): Tensor {
  const dtype =
    options.dtype ?? (typeof value === 'bigint' ? 'int64' : typeof value === 'boolean' ? 'bool' : 'float32');
  return finish(aten.full(shape, value, dtype, undefined, options.device), options);
}

/** `start`, `start + step`, … below `end`: int64 where all are integral, else float32. Shape: [ceil((end - start) / step)]. Default: from 0, in steps of 1. Source: torch.arange.
 *  @throws {NativeError} for a step of 0, and for one that leads away from `end`.
 *  @example
 *  arange(4); // tensor([0, 1, 2, 3])
 *  arange(1, 2, { step: 0.25 }); // tensor([1.0000, 1.2500, 1.5000, 1.7500]) */
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

/** `steps` values from `start` to `end`, both included. Shape: [steps]. Source: torch.linspace.
 *  @throws {NativeError} for negative `steps`.
 *  @example
 *  linspace(0, 1, 5); // tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000]) */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  return finish(aten.linspace(start, end, steps, options.dtype ?? 'float32', undefined, options.device), options);
}

/** Ones on the diagonal, zeros elsewhere. Shape: [size, size]. Source: torch.eye.
 *  @throws {NativeError} for a negative size.
 *  @example
 *  eye(2); // tensor([[1., 0.], [0., 1.]]) */
export function eye(size: number, options: TensorOptions = {}): Tensor {
  return finish(aten.eye(size, options.dtype ?? 'float32', undefined, options.device), options);
}

/** Uniform numbers in [0, 1). Source: torch.rand.
 *  @throws {NativeError} for an integer dtype.
 *  @example
 *  const x = rand([2, 3], { generator: new Generator(0) });
 *  x.ge(0).logicalAnd(x.lt(1)).all(); // tensor(True) */
export function rand(shape: readonly number[], options: RandomOptions = {}): Tensor {
  return finish(
    aten.rand$generator(shape, options.generator, options.dtype ?? 'float32', undefined, options.device),
    options,
  );
}

/** Normal numbers, mean 0 and variance 1. Source: torch.randn.
 *  @throws {NativeError} for an integer dtype.
 *  @example
 *  randn([3], { generator: new Generator(0) }).equal(randn([3], { generator: new Generator(0) })); // true */
export function randn(shape: readonly number[], options: RandomOptions = {}): Tensor {
  return finish(
    aten.randn$generator(shape, options.generator, options.dtype ?? 'float32', undefined, options.device),
    options,
  );
}

/** Integers from `low` up to but without `high`, int64 unless `dtype` says otherwise. Source: torch.randint.
 *  @throws {NativeError} where `low` is not below `high`.
 *  @example
 *  randint(1, 7, [1000]).aminmax(); // [tensor(1), tensor(6)] */
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

/** The integers below `count` in random order, int64 unless `dtype` says otherwise. Shape: [count]. Source: torch.randperm.
 *  @throws {NativeError} for a negative count.
 *  @example
 *  randperm(5).sort()[0]; // tensor([0, 1, 2, 3, 4]) */
export function randperm(count: number, options: RandomOptions = {}): Tensor {
  return finish(
    aten.randperm$generator(count, options.generator, options.dtype ?? 'int64', undefined, options.device),
    options,
  );
}

/** True for a value that is a tensor.
 *  @example
 *  isTensor(ones([1])); // true
 *  isTensor([1]); // false */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof Tensor;
}

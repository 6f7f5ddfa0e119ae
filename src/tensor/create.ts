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

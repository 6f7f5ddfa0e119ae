// Memory that JavaScript fills and tensors read without a copy. The addon counts its users: whoever lets go last frees it.

import { getNative, wrap } from './call.ts';
import { type DType, dtypeCode, type TypedArray, typedArray } from './dtype.ts';
import type { Tensor } from './tensor.ts';

export interface HostBuffer {
  /** The elements, to be filled; float16 and bfloat16 as their bits. Uninitialized at first. */
  readonly data: TypedArray;
  /** A tensor over the same memory: what is written to `data` later shows in it. The caller owns it, or the open scope. */
  readonly tensor: Tensor;
}

/** Memory for `shape` elements of `dtype`, as a typed array and as a tensor. Loaders decode into it.
 *  @throws {RangeError} for a size that is negative.  @throws {OutOfMemoryError} where the machine has not that much left.
 *  @example
 *  const { data, tensor: view } = hostBuffer('float32', [2]);
 *  data.set([5, 6] as never);
 *  view; // tensor([5., 6.]) */
export function hostBuffer(dtype: DType, shape: readonly number[]): HostBuffer {
  const [handle, memory] = getNative().hostBuffer(dtypeCode(dtype), shape);
  return { data: typedArray(dtype, memory), tensor: wrap(handle) };
}

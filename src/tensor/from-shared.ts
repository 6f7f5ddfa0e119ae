// Tensors over memory that threads share: no copy, in every thread that has the SharedArrayBuffer.

import { types } from 'node:util';
import { getNative, wrap } from './call.ts';
import { type DType, dtypeCode } from './dtype.ts';
import type { Tensor } from './tensor.ts';

/** A tensor over the memory of a SharedArrayBuffer, without a copy: what is written to one shows in the other, in every thread that was sent the buffer.
 *  The memory lives as long as anything refers to it, a tensor, a view or the buffer. The arguments are those of `fromBytes`, which copies.
 *  Nothing orders what threads read and write at once: let them take turns, by messages or by Atomics. Source: torch.frombuffer, torch.Tensor.share_memory_.
 *  @param memory - the buffer, or a view of a part of it; one that grows is taken as long as it is now.
 *  @throws {TypeError} for any other memory, which JavaScript may move or take away.  @throws {RangeError} where the bytes are not as many as the shape
 *  wants, or do not begin at a multiple of the dtype's size.
 *  @example
 *  const counts = new Int32Array(new SharedArrayBuffer(8));
 *  const x = fromShared(counts, [2], 'int32');
 *  counts[0] = 5;
 *  x.add_(1); // tensor([6, 1], dtype=torch.int32)
 *  counts; // Int32Array [6, 1] */
export function fromShared(
  memory: ArrayBufferView | SharedArrayBuffer,
  shape: readonly number[],
  dtype: DType,
): Tensor {
  const isView = ArrayBuffer.isView(memory);
  const buffer = isView ? memory.buffer : memory;
  if (!types.isSharedArrayBuffer(buffer)) {
    const kind = (buffer as { constructor?: { name: string } } | null | undefined)?.constructor?.name ?? String(buffer);
    throw new TypeError(
      `Cannot share memory: expected a SharedArrayBuffer or a view of one, got ${isView ? `a view of ${kind}` : kind}; copy it with fromBytes(), or make it with hostBuffer()`,
    );
  }
  const bytes = isView
    ? new Uint8Array(buffer, memory.byteOffset, memory.byteLength)
    : new Uint8Array(buffer, 0, buffer.byteLength);
  return wrap(getNative().fromShared(dtypeCode(dtype), shape, bytes));
}

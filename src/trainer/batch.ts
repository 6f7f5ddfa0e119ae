// What the loop needs to know of a batch: how many samples it has, and where they are.

import type { Device } from '../tensor/device.ts';
import { Tensor } from '../tensor/tensor.ts';

const USUAL_KEYS = ['input', 'inputs', 'x', 'data'];

/** Samples in a batch: the first dimension of its first tensor; of a dict, that of `input`, `inputs`, `x` or `data`, or else of its first value.
 *  1 where there is nothing to count. Source: seed 002. */
export function batchSizeOf(batch: unknown): number {
  if (batch instanceof Tensor) return batch.ndim === 0 ? 1 : batch.size(0);
  if (Array.isArray(batch))
    return batch.length === 0 ? 1 : batch[0] instanceof Tensor ? batchSizeOf(batch[0]) : batch.length;
  if (typeof batch !== 'object' || batch === null) return 1;
  const entries = batch as Readonly<Record<string, unknown>>;
  const usual = USUAL_KEYS.find((key) => key in entries);
  const [first] = Object.values(entries);
  return batchSizeOf(usual === undefined ? first : entries[usual]);
}

/** The batch with its tensors on the device; the batch itself where they are there already. */
export function moveBatch(batch: unknown, device: Device): unknown {
  if (device === 'cpu') return batch;
  if (batch instanceof Tensor) return batch.to({ device, nonBlocking: true });
  if (Array.isArray(batch)) return batch.map((element) => moveBatch(element, device));
  if (typeof batch !== 'object' || batch === null || Object.getPrototypeOf(batch) !== Object.prototype) return batch;
  return Object.fromEntries(Object.entries(batch).map(([key, value]) => [key, moveBatch(value, device)]));
}

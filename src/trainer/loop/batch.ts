// What the loop needs to know of a batch: how many samples it has, and where they are.

import type { Device } from '../../tensor/device.ts';
import { type DType, isFloatingDType } from '../../tensor/dtype.ts';
import { Tensor } from '../../tensor/tensor.ts';

const USUAL_KEYS = ['input', 'inputs', 'x', 'data'];

/** Samples in a batch: the first dimension of its first tensor; of a dict, that of `input`, `inputs`, `x` or `data`, or else of its first value.
 *  1 where there is nothing to count. Source: model-training-framework.  Of groups, as `groupCollate` makes them, that of all together. */
export function batchSizeOf(batch: unknown): number {
  if (batch instanceof Tensor) return batch.ndim === 0 ? 1 : batch.size(0);
  if (Array.isArray(batch)) {
    if (batch.length === 0) return 1;
    if (isGroup(batch[0])) return batch.reduce((sum: number, group) => sum + batchSizeOf(group), 0);
    return batch[0] instanceof Tensor ? batchSizeOf(batch[0]) : batch.length;
  }
  if (typeof batch !== 'object' || batch === null) return 1;
  const entries = batch as Readonly<Record<string, unknown>>;
  if (isGroup(batch))
    return batchSizeOf(Object.values(entries).find((value) => value instanceof Tensor && value.ndim > 0));
  const usual = USUAL_KEYS.find((key) => key in entries);
  const [first] = Object.values(entries);
  return batchSizeOf(usual === undefined ? first : entries[usual]);
}

const isGroup = (value: unknown): boolean => typeof value === 'object' && value !== null && 'datasetIdx' in value;

/** Where the tensors of a batch go, and how they lie there. */
export interface BatchTarget {
  readonly device: Device;
  /** Of floating tensors; undefined leaves them as they are. */
  readonly dtype?: DType | undefined;
  /** Whether floating tensors of four dimensions go into channels-last order. Default false. */
  readonly channelsLast?: boolean;
}

/** The batch with its tensors on the device, in the dtype and order asked for; the batch itself where they may stay as they are. */
export function moveBatch(batch: unknown, target: BatchTarget): unknown {
  const { device, dtype, channelsLast = false } = target;
  if (device === 'cpu' && dtype === undefined && !channelsLast) return batch;
  if (batch instanceof Tensor) return moveTensor(batch, target);
  if (Array.isArray(batch)) return batch.map((element) => moveBatch(element, target));
  if (typeof batch !== 'object' || batch === null || Object.getPrototypeOf(batch) !== Object.prototype) return batch;
  return Object.fromEntries(Object.entries(batch).map(([key, value]) => [key, moveBatch(value, target)]));
}

function moveTensor(tensor: Tensor, { device, dtype, channelsLast = false }: BatchTarget): Tensor {
  const isFloating = isFloatingDType(tensor.dtype);
  const to = { device, dtype: isFloating && dtype !== undefined ? dtype : tensor.dtype };
  const isThere = to.device === tensor.device && to.dtype === tensor.dtype;
  const moved = isThere ? tensor : tensor.to({ ...to, nonBlocking: true });
  return channelsLast && isFloating && moved.ndim === 4 ? moved.contiguous({ memoryFormat: 'channels_last' }) : moved;
}

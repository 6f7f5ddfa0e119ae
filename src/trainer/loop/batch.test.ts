// How many samples a batch has, by the rule of model-training-framework, and batches on a device.
import { expect, test } from 'vitest';
import { ones, tensor, zeros } from '../../tensor/index.ts';
import { batchSizeOf, moveBatch } from './batch.ts';

test('batchSizeOf() is the first dimension of the first tensor, of the usual key in a dict, or else 1', () => {
  expect(batchSizeOf(zeros([3, 2]))).toBe(3);
  expect(batchSizeOf(tensor(1))).toBe(1);
  expect(batchSizeOf([zeros([4, 2]), zeros([7])])).toBe(4);
  expect(batchSizeOf(['a', 'b', 'c'])).toBe(3);
  expect(batchSizeOf([])).toBe(1);
  expect(batchSizeOf({ names: ['a', 'b'], input: zeros([5, 1]) })).toBe(5);
  expect(batchSizeOf({ words: zeros([6, 1]), label: zeros([2]) })).toBe(6);
  expect(batchSizeOf({ x: { inner: zeros([8, 1]) } })).toBe(8);
  const groups = [2, 3].map((size, datasetIdx) => ({ datasetIdx, stim: zeros([size, 4]) }));
  expect(batchSizeOf(groups)).toBe(5);
  expect(groups.map(batchSizeOf)).toEqual([2, 3]);
  for (const batch of [{}, null, undefined, 7, 'text']) expect(batchSizeOf(batch)).toBe(1);
});

test('moveBatch() leaves what is in place, and moves every tensor of a nest that is not', () => {
  const batch = { x: zeros([2, 3]), rest: [zeros([1]), 'text', { y: zeros([4]) }] };
  expect(moveBatch(batch, { device: 'cpu' })).toBe(batch);
  const moved = moveBatch(batch, { device: 'meta' }) as typeof batch;
  expect([
    moved.x.device,
    (moved.rest[0] as typeof moved.x).device,
    (moved.rest[2] as { y: typeof moved.x }).y.device,
  ]).toEqual(['meta', 'meta', 'meta']);
  expect(moved.rest[1]).toBe('text');
  const other = new Map([['x', zeros([1])]]);
  expect(moveBatch(other, { device: 'meta' })).toBe(other); // its owner knows what it is
});

test('moveBatch() casts floating tensors alone, and puts pictures into channels-last order', () => {
  const picture = ones([2, 3, 4, 5]);
  const batch = { picture, row: ones([2]), labels: tensor([1n, 2n]) };
  const moved = moveBatch(batch, { device: 'cpu', dtype: 'bfloat16', channelsLast: true }) as typeof batch;
  expect([moved.picture.dtype, moved.row.dtype]).toEqual(['bfloat16', 'bfloat16']);
  expect(moved.labels === batch.labels).toBe(true);
  expect(moved.picture.stride).toEqual([60, 1, 15, 3]);
  expect(moveBatch(picture, { device: 'cpu', channelsLast: true }) === picture).toBe(false);
});

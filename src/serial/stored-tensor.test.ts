// A stored tensor's layout is checked once, when it is made.
import { describe, expect, it } from 'vitest';
import { contiguousStride, itemBytes, StoredTensor, type StoredTensorInit, storedDTypes } from './stored-tensor.ts';

const storage = { dtype: 'float32', bytes: new Uint8Array(24) } as const;
const refused = (init: Partial<StoredTensorInit>, message: string): void => {
  const make = (): StoredTensor => new StoredTensor({ storage, shape: [6], ...init });
  expect(make).toThrow(RangeError);
  expect(make).toThrow(message);
};

describe('StoredTensor', () => {
  it('takes every layout inside its storage', () => {
    expect(new StoredTensor({ storage, shape: [2, 3] }).stride).toEqual([3, 1]);
    expect(new StoredTensor({ storage, shape: [1000], stride: [0], storageOffset: 5 }).numel).toBe(1000);
    expect(new StoredTensor({ storage, shape: [], storageOffset: 5 }).numel).toBe(1);
    expect(new StoredTensor({ storage, shape: [0, 2 ** 40], storageOffset: 99 }).numel).toBe(0);
  });

  it('refuses a layout that reaches outside', () => {
    refused({ shape: [7] }, 'expected a storage of at least 7 elements for shape [7], stride [1], offset 0, got 6');
    refused({ shape: [], storageOffset: 6 }, 'at least 7 elements');
    refused({ shape: [2, 2], stride: [5, 1] }, 'at least 7 elements');
    refused({ shape: Array(40).fill(2 ** 40), stride: Array(40).fill(0) }, 'fewer than 2^53 elements');
  });

  it('refuses numbers that are no sizes', () => {
    refused({ shape: [-1] }, 'expected a shape of sizes >= 0, got [-1]');
    refused({ shape: [1.5] }, 'sizes >= 0');
    refused({ stride: [-1] }, 'strides >= 0');
    refused({ stride: [1, 1] }, 'one stride a dimension');
    refused({ storageOffset: -1 }, 'offset >= 0');
  });

  it('refuses a storage of broken elements', () => {
    refused(
      { storage: { dtype: 'int64', bytes: new Uint8Array(9) }, shape: [1] },
      'whole 8-byte elements, got 9 bytes',
    );
  });
});

describe('contiguousStride()', () => {
  it('counts empty dimensions as 1, as PyTorch does', () => {
    expect(contiguousStride([2, 0, 3])).toEqual([3, 3, 1]);
    expect(contiguousStride([])).toEqual([]);
  });
});

describe('itemBytes()', () => {
  it('knows every dtype', () => {
    expect(storedDTypes.map(itemBytes)).toEqual([4, 8, 2, 2, 8, 4, 2, 1, 1, 1, 8, 16, 4, 2, 4, 8, 1, 1, 1, 1, 1]);
  });
});

// Indices that do not fit make no sparse tensor, and nobody can write to those of one: kernels read and write wherever they say.

import { describe, expect, it } from 'vitest';
import { readChild } from '../child.ts';

const ends = readChild(new URL('children/sparse-indices.ts', import.meta.url)) as Record<string, string | number>;

describe('making a sparse tensor', () => {
  it.each(['of indices outside', 'of indices below zero', 'of rows that fall'])('is an error: %s', (name) => {
    expect(ends[name]).toMatch(
      /^RangeError: Cannot run sparse_\w+\.\w+: expected indices that fit the sparse tensor, got others: |^NativeError: Cannot run sparse_/,
    );
  });
});

describe('the indices of a sparse tensor', () => {
  it.each(['written to', 'written to where they came from', 'of a compressed one, written to', 'values resized'])(
    'stay as they are: %s',
    (name) => {
      expect(ends[name]).toBe(9);
    },
  );

  it('leave the values open to writes', () => {
    expect(ends['values written to']).toBe(18);
  });
});

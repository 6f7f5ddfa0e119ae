// What PyTorch writes in Python over operators. Values are PyTorch 2.13.0's.

import { describe, expect, it } from 'vitest';
import { NativeError, ShapeError } from '../errors.ts';
import { broadcastShapes, pcaLowrank, svdLowrank, tensordot, unique, unravelIndex } from './composed.ts';
import { arange, tensor } from './create.ts';
import { finfo, iinfo, promoteTypes, resultType } from './dtype-info.ts';
import { manualSeed } from './generator.ts';
import { norm } from './norm.ts';

describe('broadcastShapes()', () => {
  it('stretches ones and missing sizes', () => {
    expect(broadcastShapes([2, 1], [3])).toEqual([2, 3]);
    expect(broadcastShapes([5, 1, 1], [0], [1, 1])).toEqual([5, 1, 0]);
    expect([broadcastShapes(), broadcastShapes([])]).toEqual([[], []]);
    expect(() => broadcastShapes([2, 3], [4])).toThrow(
      new ShapeError('Cannot broadcast shapes: expected equal sizes or 1 in dimension -1, got [2, 3] and [4]'),
    );
  });
});

describe('unique()', () => {
  const x = tensor([[3, 1], [1, 2], [3, 1]], { dtype: 'int64' }); // biome-ignore format: a matrix

  it('gives elements, or slices of a dimension, once', () => {
    const all = unique(x, { returnInverse: true, returnCounts: true });
    expect(all.map((each) => each.toArray())).toEqual([[1, 2, 3], [[2, 0], [0, 1], [2, 0]], [3, 1, 2]]); // biome-ignore format: a tuple
    const rows = unique(x, { dim: 0, returnInverse: true, returnCounts: true });
    expect(rows.map((each) => each.toArray())).toEqual([[[1, 2], [3, 1]], [1, 0, 1], [1, 2]]); // biome-ignore format: a tuple
  });

  it('leaves out what is not asked for', () => {
    for (const result of [unique(x), unique(x, { dim: 0 })])
      expect(result.slice(1).map((each) => each.numel)).toEqual([0, 0]);
    expect(x.unique()[0].toArray()).toEqual([1, 2, 3]);
  });
});

describe('unravelIndex()', () => {
  it('gives an index tensor a dimension', () => {
    const places = unravelIndex(tensor([[0, 23], [7, 11]], { dtype: 'int64' }), [2, 3, 4]); // biome-ignore format: a matrix
    expect(places.map((each) => each.toArray())).toEqual([[[0, 1], [0, 0]], [[0, 2], [1, 2]], [[0, 3], [3, 3]]]); // biome-ignore format: a list
  });
});

describe('svdLowrank() and pcaLowrank()', () => {
  const x = arange(12, { dtype: 'float32' }).reshape([4, 3]).sin();

  it('give the numbers of PyTorch from the same seed', () => {
    manualSeed(0);
    const [u, s, v] = svdLowrank(x, { q: 2 });
    [2.4194231033325195, 0.38445261120796204].forEach((value, i) => {
      expect(s.index(i).item()).toBeCloseTo(value, 5);
    });
    // Singular vectors may be turned round: other builds of LAPACK do.
    expect(u.index(0, 0).abs().item()).toBeCloseTo(0.501018762588501, 4);
    expect(v.index(2, 1).abs().item()).toBeCloseTo(0.2217368483543396, 4);
    manualSeed(0);
    const [, spread] = pcaLowrank(x.mT, { q: 2 });
    [1.7545158863067627, 0.1581125110387802].forEach((value, i) => {
      expect(spread.index(i).item()).toBeCloseTo(value, 5);
    });
  });
});

describe('finfo(), iinfo(), promoteTypes() and resultType()', () => {
  it('know the limits of dtypes', () => {
    expect(finfo('float16')).toEqual({ dtype: 'float16', bits: 16, eps: 2 ** -10, max: 65504, min: -65504, smallestNormal: 2 ** -14, resolution: 1e-3 }); // biome-ignore format: a table
    expect(finfo('complex128').max).toBe(Number.MAX_VALUE);
    expect(finfo('float8_e8m0fnu').min).toBe(2 ** -127);
    expect(iinfo('int16')).toEqual({ dtype: 'int16', bits: 16, max: 32767, min: -32768 });
    expect(iinfo('uint64').max).toBe(2n ** 64n - 1n);
    expect(() => iinfo('float32')).toThrow('use finfo');
    expect(() => finfo('bool')).toThrow('expected a floating or complex dtype, got bool');
  });

  it('promote as PyTorch does', () => {
    expect(promoteTypes('int32', 'float16')).toBe('float16');
    expect(promoteTypes('uint8', 'int8')).toBe('int16');
    expect(resultType(tensor([1n]), 1.5)).toBe('float32');
    expect(resultType(tensor([1], { dtype: 'float16' }), tensor(1, { dtype: 'float64' }))).toBe('float16');
    expect(resultType(1, true)).toBe('int64');
  });
});

describe('norm()', () => {
  const x = tensor([[3, -4], [0, 12]]); // biome-ignore format: a matrix

  it.each<[string, Parameters<typeof norm>[1], unknown]>([
    ['the length', {}, 13],
    ['the same by its name', { p: 'fro', dim: [0, 1] }, 13],
    ['a sum', { p: 1 }, 19],
    ['a count', { p: 0 }, 3],
    ['the largest', { p: Infinity, dim: 1 }, [4, 12]],
    ['the smallest', { p: -Infinity, dim: [1], keepdim: true }, [[3], [0]]],
    ['the length of rows', { dim: -1 }, [5, 12]],
  ])('gives %s', (_, options, expected) => {
    expect(norm(x, options).toArray()).toEqual(expected);
    expect(x.norm(options).toArray()).toEqual(expected);
  });

  it('gives the sum of singular values, and takes a dtype', () => {
    expect(x.norm({ p: 'nuc' }).item()).toBeCloseTo(Math.sqrt(169 + 2 * 36), 4); // s1^2 + s2^2 + 2 |det|
    const wide = norm(tensor([3, 4]), { dtype: 'float64' });
    expect([wide.dtype, wide.item()]).toEqual(['float64', 5]);
    expect(() => norm(tensor([3n, 4n]), { dtype: 'float64' })).toThrow(NativeError); // as in PyTorch
  });

  it('refuses other names and options', () => {
    expect(() => norm(x, { p: 'max' as 'nuc' })).toThrow(
      new RangeError('Cannot call norm: expected p to be a number, "fro" or "nuc", got "max"'),
    );
    expect(() => norm(x, { ord: 2 } as object)).toThrow('expected options of { p, dim, keepdim, dtype }, got "ord"');
    expect(() => norm(x.toSparse(), { dtype: 'float64' })).toThrow(TypeError);
  });
});

describe('tensordot()', () => {
  const a = arange(6, { dtype: 'float32' }).view([2, 3]);
  const b = arange(6, { dtype: 'float32' }).view([3, 2]);

  it('sums over the last and first dimensions, or over pairs', () => {
    expect(tensordot(a, b, { dims: 1 }).toArray()).toEqual([[10, 13], [28, 40]]); // biome-ignore format: a matrix
    expect(tensordot(a, b, { dims: [[0, 1], [1, 0]] }).item()).toBe(0 * 0 + 1 * 2 + 2 * 4 + 3 * 1 + 4 * 3 + 5 * 5); // biome-ignore format: pairs
    expect(tensordot(a, a).item()).toBe(55);
    expect(tensordot(a, b, { dims: 0 }).shape).toEqual([2, 3, 3, 2]);
  });

  it('refuses numbers and lists that do not fit', () => {
    expect(() => tensordot(a, b, { dims: 3 })).toThrow(
      new RangeError('Cannot call tensordot: expected dims from 0 to 2 for shapes [2, 3] and [3, 2], got 3'),
    );
    expect(() => tensordot(a, b, { dims: -1 })).toThrow(RangeError);
    expect(() => tensordot(a, b, { dims: [0, 1] as never })).toThrow(
      new TypeError('Cannot call tensordot: expected dims to be a number or two lists of dimensions, got [0,1]'),
    );
    expect(() => tensordot(a, b, { dims: [[0], [0]] })).toThrow(NativeError); // biome-ignore format: pairs
  });
});

// Histograms beside the same counted by hand.
import { expect, test } from 'vitest';
import { manualSeed, ones, randn, scope, tensor, zeros } from '../../tensor/index.ts';
import { histogramOf, histogramsOf } from './histogram.ts';

test('histogramOf() counts what lies between the edges, each value once', () => {
  manualSeed(3);
  scope(() => {
    const values = randn([7, 143]).mul(3).add(1);
    const all = Array.from(values.toTypedArray(), Number);
    const histogram = histogramOf(values, { bins: 17 });
    const { edges, counts } = histogram;
    expect(edges).toHaveLength(18);
    expect([edges[0], edges.at(-1)]).toEqual([Math.min(...all), Math.max(...all)]);
    const expected = counts.map(
      (_, i) => all.filter((x) => x >= edges[i]! && (x < edges[i + 1]! || (i === 16 && x === edges[17]))).length,
    );
    expect(counts).toEqual(expected);
    const sum = all.reduce((total, x) => total + x, 0);
    const sumOfSquares = all.reduce((total, x) => total + x * x, 0);
    expect(histogram).toMatchObject({ count: 1001, numNonFinite: 0, min: Math.min(...all), max: Math.max(...all) });
    expect(histogram.sum).toBeCloseTo(sum, 9);
    expect(histogram.sumOfSquares).toBeCloseTo(sumOfSquares, 8);
  });
});

test('what is NaN or infinite is counted apart, and changes no bin', () => {
  const values = tensor([Number.NaN, 0, 1, 2, 3, Number.POSITIVE_INFINITY, 4, Number.NEGATIVE_INFINITY]);
  expect(histogramOf(values, { bins: 2 })).toEqual({
    ...{ edges: [0, 2, 4], counts: [2, 3], min: 0, max: 4, sum: 10, sumOfSquares: 30, count: 5, numNonFinite: 3 },
  });
});

test('equal values have a bin around them; no values, and none that is finite, have empty bins', () => {
  expect(histogramOf(ones([3]).mul(5), { bins: 2 })).toMatchObject({ edges: [4.5, 5, 5.5], counts: [0, 3], count: 3 });
  const empty = { edges: [0, 1], counts: [0], min: Number.NaN, max: Number.NaN, sum: 0, sumOfSquares: 0, count: 0 };
  expect(histogramOf(zeros([0, 4]), { bins: 1 })).toEqual({ ...empty, numNonFinite: 0 });
  expect(histogramOf(tensor([Number.NaN]), { bins: 1 })).toEqual({ ...empty, numNonFinite: 1 });
});

test('takes any real dtype, far-away values and a scalar', () => {
  for (const dtype of ['int64', 'bool', 'bfloat16', 'float64', 'uint8'] as const)
    expect(histogramOf(tensor([0, 1, 1], { dtype }), { bins: 2 }).counts).toEqual([1, 2]);
  expect(histogramOf(tensor([-3e38, 3e38]), { bins: 2 }).counts).toEqual([1, 1]);
  expect(histogramOf(tensor([1e8, 1e8 + 1, 1e8 + 4], { dtype: 'float64' }), { bins: 4 }).counts).toEqual([1, 1, 0, 1]);
  expect(histogramOf(tensor(2)).count).toBe(1);
});

test('histogramsOf() gives what each would alone, and leaves no tensor behind', () => {
  const [a, b] = [tensor([1, 2, 3]), tensor([[0.5]])];
  expect(histogramsOf([a, b], { bins: 3 })).toEqual([histogramOf(a, { bins: 3 }), histogramOf(b, { bins: 3 })]);
  expect(histogramsOf([])).toEqual([]);
});

test('refuses bins that are none, and complex tensors', () => {
  for (const bins of [0, 1.5, Number.NaN]) expect(() => histogramOf(ones([2]), { bins })).toThrow(RangeError);
  expect(() => histogramOf(tensor([1], { dtype: 'complex64' }))).toThrow(
    'Cannot make a histogram: expected a real tensor, got complex64; take its abs() or real',
  );
});

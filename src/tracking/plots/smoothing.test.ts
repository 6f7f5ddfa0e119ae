import { expect, test } from 'vitest';
import { smooth, thin } from './smoothing.ts';

test('smooth() takes the mean of the neighbours, fewer at the ends, and passes over non-finite values', () => {
  expect(smooth([1, 2, 6, 3, 8], 1)).toEqual([1.5, 3, 11 / 3, 17 / 3, 5.5]);
  expect(smooth([1, Number.NaN, 3], 1)).toEqual([1, Number.NaN, 3]);
  expect(smooth([4, 5], 0)).toEqual([4, 5]);
  expect(smooth([], 3)).toEqual([]);
});

test('thin() keeps every peak, every dip and a sign of every non-finite stretch', () => {
  const x = Array.from({ length: 10_000 }, (_, index) => index);
  const y = x.map((value) => Math.sin(value / 700));
  y[1234] = 50;
  y[4321] = -50;
  y[7777] = Number.NaN;
  const points = thin({ x, y }, 500);
  expect(points.x.length).toBeLessThanOrEqual(501);
  for (const index of [1234, 4321, 7777]) expect(points.x).toContain(index);
  expect(points.x).toEqual([...points.x].sort((a, b) => a - b));
  expect(points.y).toEqual(points.x.map((value) => y[value]));
});

test('thin() leaves a short series as it is', () => {
  const points = { x: [1, 2], y: [3, 4] };
  expect(thin(points, 2)).toEqual(points);
});

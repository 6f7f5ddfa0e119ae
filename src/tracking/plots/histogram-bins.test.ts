import { expect, test } from 'vitest';
import { quantile, respread } from './histogram-bins.ts';

const bins = { edges: [0, 1, 3, 4], counts: [2, 4, 2] };

test('quantile() goes through a bin in proportion', () => {
  expect([0, 0.125, 0.25, 0.5, 0.75, 1].map((share) => quantile(bins, share))).toEqual([0, 0.5, 1, 2, 3, 4]);
  expect(quantile({ edges: [0, 1, 2, 3], counts: [0, 5, 0] }, 1)).toBe(2);
  expect(quantile({ edges: [0, 1], counts: [0] }, 0.5)).toBeNaN();
  expect(quantile({ edges: [], counts: [] }, 0.5)).toBeNaN();
});

test('respread() keeps the number of values, each in its place', () => {
  expect(respread(bins, 0, 4, 8)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(respread(bins, 0, 4, 2)).toEqual([4, 4]);
  expect(respread(bins, 1, 3, 2)).toEqual([2, 2]); // what lies outside is left out
  expect(respread(bins, -4, 8, 3)).toEqual([0, 8, 0]);
});

import { expect, test } from 'vitest';
import { predictNeed } from './memory-need.ts';

const measured = (need: (size: number) => number, ...sizes: number[]) =>
  sizes.map((batchSize) => ({ batchSize, needBytes: need(batchSize) }));

test('predictNeed() follows lines and parabolas, and knows nothing of one size', () => {
  const line = (size: number): number => 100 + 7 * size;
  const parabola = (size: number): number => 100 + 7 * size + 3 * size ** 2;
  expect(predictNeed(measured(line, 2), 4)).toBeUndefined();
  expect(predictNeed(measured(line, 2, 4), 8)).toBe(line(8));
  expect(predictNeed(measured(line, 2, 4, 8), 16)).toBe(line(16));
  expect(predictNeed(measured(parabola, 2, 4, 8), 16)).toBeCloseTo(parabola(16), 6);
  // A curve that flattens is not trusted to go on doing so.
  expect(
    predictNeed(
      measured((size) => Math.sqrt(size), 1, 4, 9),
      16,
    ),
  ).toBeCloseTo(3 + 7 / 5, 9);
});

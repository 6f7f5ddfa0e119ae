import { expect, test } from 'vitest';
import { quantile } from './histogram-bins.ts';
import { gathered, readableRange } from './histogram-range.ts';

/** A thousand values, evenly from -width to width. */
const flat = (width: number) => ({ edges: [-width, width], counts: [1000] });
const moments = (widths: readonly number[]) => widths.map(flat);
const steady = new Array<number>(19).fill(1);

test('readableRange() is of most moments, whenever the few others were', () => {
  for (const widths of [
    [100, ...steady],
    [...steady, 100],
  ]) {
    const { low, high, isCut, reach } = readableRange(moments(widths));
    expect([low, high]).toEqual([expect.closeTo(-1.8), expect.closeTo(1.8)]);
    expect(isCut).toBe(true);
    expect(reach).toEqual([expect.closeTo(-99.8), expect.closeTo(99.8)]);
  }
});

test('readableRange() is of most values, where a few of each moment are far away', () => {
  const tailed = { edges: [-1, 1, 500], counts: [990, 10] };
  const { low, high, isCut } = readableRange(new Array(10).fill(tailed));
  expect([low, isCut]).toEqual([expect.closeTo(-0.998, 2), true]);
  expect(high).toBeLessThan(2);
});

test('readableRange() keeps everything where cutting gains little, of few moments, and of moments without a spread', () => {
  for (const widths of [
    [1.5, ...steady],
    [100, 1, 1, 1],
  ]) {
    const { low, high, isCut } = readableRange(moments(widths));
    expect([low, high, isCut]).toEqual([
      expect.closeTo(-0.998 * widths[0]!),
      expect.closeTo(0.998 * widths[0]!),
      false,
    ]);
  }
  expect(readableRange([]).isCut).toBe(false);
});

test('gathered() counts what lies outside at the ends, and keeps the rest in its place', () => {
  const total = ({ counts }: { readonly counts: readonly number[] }) => counts.reduce((sum, count) => sum + count, 0);
  const wide = gathered(flat(100), [-1, 1]);
  expect(total(wide)).toBeCloseTo(1000);
  expect([wide.counts[0], wide.counts.at(-1)]).toEqual([expect.closeTo(495.1), expect.closeTo(495.1)]);
  const narrow = gathered(flat(0.5), [-1, 1]);
  expect([0.05, 0.5, 0.95].map((share) => quantile(narrow, share))).toEqual(
    [-0.45, 0, 0.45].map((at) => expect.closeTo(at)),
  );
  const beyond = gathered({ edges: [5, 6], counts: [7] }, [-1, 1]);
  expect(total(beyond)).toBe(7);
  expect(quantile(beyond, 0.5)).toBeCloseTo(0.99);
});

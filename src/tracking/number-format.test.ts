import { expect, test } from 'vitest';
import { formatBytes, formatCountdown, formatDuration, formatNumber } from './number-format.ts';

test.each([
  [0, '0'],
  [-0.25, '-0.2500'],
  [0.00012345, '0.0001234'],
  [3e-5, '3e-5'],
  [1.5e-7, '1.5e-7'],
  [2e10, '2e10'],
  [12, '12'],
  [1234.56, '1,235'],
  [120_000, '120,000'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-∞'],
])('formatNumber(%d) is %s', (value, text) => expect(formatNumber(value)).toBe(text));

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.9, '1.0 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 00 s'],
  [245_000, '4 min 05 s'],
  [3_599_600, '1 h 00 min'],
  [7_620_000, '2 h 07 min'],
  [Number.NaN, '–'],
])('formatDuration(%d) is %s', (value, text) => expect(formatDuration(value)).toBe(text));

test.each([
  [6_600, '0:07'],
  [754_000, '12:34'],
  [11_220_000, '3:07:00'],
  [Number.POSITIVE_INFINITY, '–:––'],
])('formatCountdown(%d) is %s', (value, text) => expect(formatCountdown(value)).toBe(text));

test.each([
  [812, '812 B'],
  [1_572_864, '1.50 MiB'],
  [1000 * 1024, '0.977 MiB'],
])('formatBytes(%d) is %s', (value, text) => expect(formatBytes(value)).toBe(text));

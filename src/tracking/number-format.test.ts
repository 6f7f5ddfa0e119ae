import { expect, test } from 'vitest';
import {
  formatBytes,
  formatCountdown,
  formatDuration,
  formatFixed,
  formatNumber,
  formatPercent,
} from './number-format.ts';

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

// What Python's format() gives.
test.each([
  [0.69312, 4, '0.6931'],
  [0.03125, 4, '0.0312'],
  [0.09375, 4, '0.0938'],
  [2.5, 0, '2'],
  [3.5, 0, '4'],
  [1.005, 2, '1.00'],
  [-0.00001, 4, '-0.0000'],
  [1e21, 1, '1000000000000000000000.0'],
  [5e-324, 2, '0.00'],
  [Number.NaN, 4, 'nan'],
  [Number.NEGATIVE_INFINITY, 4, '-inf'],
])('formatFixed(%d, %d) is %s', (value, digits, text) => expect(formatFixed(value, digits)).toBe(text));

test.each([
  [1 / 32, '3.12%'],
  [3 / 32, '9.38%'],
  [1, '100.00%'],
])('formatPercent(%d, 2) is %s', (value, text) => expect(formatPercent(value, 2)).toBe(text));

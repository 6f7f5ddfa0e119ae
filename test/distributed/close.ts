// Results of ranks beside those of one process.
import { expect } from 'vitest';

/** Numbers within 1e-5 of those of the one process; everything else the same. */
export function expectClose(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number') {
    if (typeof actual !== 'number' || !(Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected))))
      expect(actual, path).toBe(expected);
    return;
  }
  if (typeof expected !== 'object' || expected === null) {
    expect(actual, path).toEqual(expected);
    return;
  }
  expect(Object.keys(actual as object).toSorted(), path).toEqual(Object.keys(expected).toSorted());
  for (const [key, value] of Object.entries(expected))
    expectClose((actual as Record<string, unknown>)[key], value, `${path}.${key}`);
}

// Training on several ranks, against one process with batches as large as those of all ranks together.
import { beforeAll, describe, expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

const entry = new URL('./trainer_rank.ts', import.meta.url);

type Results = Record<string, unknown>;
let alone: Results;

beforeAll(async () => {
  [alone] = valuesOf(await runRanks(entry, 1)) as [Results];
});

/** Numbers within 1e-5 of those of the one process; everything else the same. */
function expectClose(actual: unknown, expected: unknown, path: string): void {
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
  for (const [key, value] of Object.entries(expected)) expectClose((actual as Results)[key], value, `${path}.${key}`);
}

describe.each([2, 4])('%i ranks', (size) => {
  test('have the losses, metrics, clocks and weights of one, each the same', async () => {
    const ranks = valuesOf(await runRanks(entry, size)) as Results[];
    for (const name of Object.keys(alone)) {
      expectClose(ranks[0]![name], alone[name], name);
      for (const other of ranks.slice(1)) expect(other[name], name).toEqual(ranks[0]![name]);
    }
  });
});

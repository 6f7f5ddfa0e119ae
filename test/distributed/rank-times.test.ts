// A rank that is slower than the others is found, though all of them take equally long for a step.
import { beforeAll, describe, expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

interface Found {
  readonly times: readonly Readonly<Record<string, number>>[];
  readonly warnings: readonly string[];
}

let found: Readonly<Record<'forward' | 'backward' | 'unsaid', Found>>;

beforeAll(async () => {
  [found] = valuesOf(await runRanks(new URL('./rank-times_rank.ts', import.meta.url), 2)) as [typeof found];
});

describe('a rank that is held up', () => {
  test.each(['forward', 'backward'] as const)('in its %s pass is logged, without what the others wait', (where) => {
    const { times } = found[where];
    expect(times.length).toBeGreaterThanOrEqual(4);
    const isHeldUp = (values: Readonly<Record<string, number>>): boolean =>
      values['ranks/slowest'] === 1 &&
      values['ranks/slowest_seconds']! > 0.011 &&
      values['ranks/median_seconds']! < values['ranks/slowest_seconds']! / 2;
    // One interval may be disturbed by what else runs here.
    expect(times.filter((values) => !isHeldUp(values)).length).toBeLessThanOrEqual(1);
    for (const values of times)
      expect(values['ranks/slowest_ratio']).toBeCloseTo(
        values['ranks/slowest_seconds']! / values['ranks/median_seconds']!,
      );
  });

  test('steadily is warned of once, unless ddp.slowRankFactor is larger than that', () => {
    for (const { warnings } of [found.forward, found.backward])
      expect(warnings).toEqual([
        expect.stringMatching(/^Rank 1 is slow: .* ms a step, the others .*slowRankFactor: 1\.5/),
      ]);
    expect(found.unsaid.warnings).toEqual([]);
    expect(found.unsaid.times.length).toBeGreaterThanOrEqual(4);
  });
});

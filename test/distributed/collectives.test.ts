// Collectives between processes, against what each has to give.
import { describe, expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

const entry = new URL('./collectives_rank.ts', import.meta.url);

describe.each([2, 3])('%i ranks', (size) => {
  test('do everything together', async () => {
    const values = valuesOf(await runRanks(entry, size)) as Record<string, unknown>[];
    const ranks = Array.from({ length: size }, (_, i) => i);
    const own = (rank: number): number[] => [0, 1, 2].map((i) => i + rank * 10);
    const over = (merge: (column: number[]) => number): number[] =>
      [0, 1, 2].map((i) => merge(ranks.map((rank) => own(rank)[i]!)));
    const sum = over((column) => column.reduce((a, b) => a + b));
    for (const rank of ranks) {
      const found = values[rank]!;
      expect(found).toMatchObject({
        rank,
        size,
        world: size,
        sum,
        avg: sum.map((value) => Math.fround(value / size)),
        max: own(size - 1),
        product: over((column) => column.reduce((a, b) => a * b)),
        counts: `${(size * (size + 1)) / 2}`,
        coalesced: [sum, sum.map((value) => 2 * value)],
        broadcast: own(1),
        allGather: ranks.map(own),
        gather: rank === 1 ? ranks.map(own) : 'nothing',
        scatter: [rank + 5, rank + 5],
        reduceScatter: [2 * rank, 2 * rank + 1].map((value) => value * size + (size * (size - 1)) / 2),
        allToAll: ranks.map((other) => other * 100 + rank),
        uneven: ranks.flatMap((other) => (rank === 0 ? [other, other] : [other])),
        async: sum,
        isCompleted: true,
        from: (rank + size - 1) % size,
        ring: [(rank + size - 1) % size],
        leaf: true,
        visits: [true, size],
      });
      if (rank === 1) expect(found).toMatchObject({ reduced: sum, sender: 0, message: [7, 7] });
      const ends = own(0).map((value, i) => value + own(size - 1)[i]!);
      const isEnd = rank === 0 || rank === size - 1;
      expect(found.subgroup).toEqual(isEnd ? [rank === 0 ? 0 : 1, 2, ends] : 'outside');
    }
  });
});

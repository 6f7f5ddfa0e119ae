// Training on several ranks, against one process with batches as large as those of all ranks together.
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from './close.ts';
import { runRanks, valuesOf } from './ranks.ts';

const entry = new URL('./trainer_rank.ts', import.meta.url);

type Results = Record<string, unknown>;
let alone: Results;

beforeAll(async () => {
  [alone] = valuesOf(await runRanks(entry, 1, { args: ['6'] })) as [Results];
});

// Four ranks share few cores: what is hardest for them alone.
describe.each([
  [2, 6],
  [4, 2],
])('%i ranks', (size, numPlays) => {
  test('have the losses, metrics, clocks and weights of one, each the same', async () => {
    const ranks = valuesOf(await runRanks(entry, size, { args: [`${numPlays}`] })) as Results[];
    expect(Object.keys(ranks[0]!)).toHaveLength(numPlays);
    for (const name of Object.keys(ranks[0]!)) {
      expectClose(ranks[0]![name], alone[name], name);
      for (const other of ranks.slice(1)) expect(other[name], name).toEqual(ranks[0]![name]);
    }
  });
});

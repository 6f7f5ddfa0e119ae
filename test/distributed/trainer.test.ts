// Training on several ranks, against one process with batches as large as those of all ranks together.
import { beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from './close.ts';
import { runRanks, valuesOf } from './ranks.ts';

const entry = new URL('./trainer_rank.ts', import.meta.url);

type Results = Record<string, unknown>;
let alone: Results;

beforeAll(async () => {
  [alone] = valuesOf(await runRanks(entry, 1)) as [Results];
});

describe.each([2, 4])('%i ranks', (size) => {
  test('have the losses, metrics, clocks and weights of one, each the same', async () => {
    const ranks = valuesOf(await runRanks(entry, size)) as Results[];
    for (const name of Object.keys(alone)) {
      expectClose(ranks[0]![name], alone[name], name);
      for (const other of ranks.slice(1)) expect(other[name], name).toEqual(ranks[0]![name]);
    }
  });
});

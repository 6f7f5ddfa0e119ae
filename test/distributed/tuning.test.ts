// The finders of several ranks: a batch size that fits into all of them, and the learning rate that one process finds with batches as large as those of all together.
import { expect, test } from 'vitest';
import { expectClose } from './close.ts';
import { runRanks, valuesOf } from './ranks.ts';

const entry = new URL('./tuning_rank.ts', import.meta.url);

interface Found {
  readonly batchSize: number;
  readonly trials: unknown;
  readonly isRestored: boolean;
}

test('ranks find the same batch size and learning rate, and train on', async () => {
  const [alone] = valuesOf(await runRanks(entry, 1)) as [Found];
  const ranks = valuesOf(await runRanks(entry, 2)) as [Found, Found];
  expect(alone).toMatchObject({ batchSize: 8, isRestored: true });
  expectClose(ranks[0], alone, 'found');
  expect(ranks[1]).toEqual(ranks[0]);
}, 60_000);

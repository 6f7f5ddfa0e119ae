// A rank that fails in a training ends the others within seconds, with its error and its stack; one that is killed is named.
import { describe, expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

const entry = new URL('./broken_rank.ts', import.meta.url);

interface Told {
  readonly name: string;
  readonly message: string;
  readonly missingRanks?: readonly number[];
  readonly stack: string;
  readonly failedAt: number;
  readonly toldAt: number;
}

describe('a training', () => {
  test.each([0, 1])(
    'in which rank %i throws ends on all, with its stack',
    async (failing) => {
      const ranks = valuesOf(await runRanks(entry, 2, { args: ['thrown', `${failing}`] })) as Told[];
      const own = ranks[failing]!;
      const other = ranks[1 - failing]!;
      expect(own).toMatchObject({ name: 'TypeError', message: 'the row is bad' });
      expect(other).toMatchObject({
        name: 'DistributedError',
        message: `Cannot go on: expected all ranks, got an error in rank ${failing}: the row is bad`,
        missingRanks: [failing],
      });
      expect(other.stack).toMatch(/^TypeError: the row is bad\n\s+at badRow /);
      expect(other.toldAt - own.failedAt).toBeLessThan(5000);
      expect(own.toldAt - own.failedAt).toBeLessThan(5000);
    },
    60_000,
  );

  test('in which a rank is killed ends on all others, which name it', async () => {
    const started = Date.now();
    const ranks = await runRanks(entry, 3, { args: ['killed', '1'] });
    expect(ranks[1]!.signal).toBe('SIGKILL');
    for (const { message, missingRanks } of valuesOf([ranks[0]!, ranks[2]!]) as Told[]) {
      expect(message).toBe(
        'Cannot go on: expected 3 ranks, got none of rank 1, which ended without a word; what it printed last says why',
      );
      expect(missingRanks).toEqual([1]);
    }
    expect(Date.now() - started).toBeLessThan(30_000);
  }, 60_000);
});

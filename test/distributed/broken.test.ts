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
  /** Of a training that is tried once more. */
  readonly again?: string;
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
    for (const { message, missingRanks, again } of valuesOf([ranks[0]!, ranks[2]!]) as Told[]) {
      expect(message).toBe(
        'Cannot go on: expected 3 ranks, got none of rank 1, which ended without a word; what it printed last says why',
      );
      expect(missingRanks).toEqual([1]);
      expect(again).toBe(
        'Cannot train with the other ranks again: expected all of them, got a group that has lost rank 1; end all ranks and start them again, as sconce launch --max-restarts does',
      );
    }
    expect(Date.now() - started).toBeLessThan(30_000);
  }, 60_000);

  test('in which the rank is killed that serves the store cannot begin again, and says so', async () => {
    const environment = { TORCH_CPP_LOG_LEVEL: 'ERROR' };
    const [, other] = await runRanks(entry, 2, { args: ['killed', '0'], environment });
    expect(other!.stderr).not.toContain('frame #'); // what c10d warns of, with stacks of C++
    const [{ message, missingRanks, again }] = valuesOf([other!]) as [Told];
    expect(message).toBe(
      'Cannot go on: expected the store of rank 0 to answer, got none; it has ended, or the network to it is cut: what it printed last says why',
    );
    expect(missingRanks).toEqual([0]);
    expect(again).toContain('got a group that has lost its store; end all ranks and start them again');
  }, 60_000);
});

// What a rank is told when another is missing, late or gone: an error within its time, never a hang or a crash.
import { describe, expect, test } from 'vitest';
import { type RankResult, runRanks, valuesOf } from './ranks.ts';

const run = (what: string, size = 2): Promise<RankResult[]> =>
  runRanks(new URL('./failures_rank.ts', import.meta.url), size, { args: [what] });

describe('a job', () => {
  test('names the ranks that never came', async () => {
    const [first] = valuesOf(await run('absent', 3));
    expect(first).toEqual({
      init: {
        kind: 'DistributedError',
        message:
          'Cannot initialize the process group: expected 3 ranks within 1500 ms, got none of ranks 1 and 2; look at what these printed',
        missingRanks: [1, 2],
      },
    });
  });

  test('says that a port is in use', async () => {
    const [first] = valuesOf(await run('taken', 1)) as { serve: { message: string } }[];
    expect(first!.serve.message).toMatch(
      /^Cannot serve the store at 127\.0\.0\.1:\d+: expected a free port, got one that is in use; choose another one with MASTER_PORT$/,
    );
  });

  test('names the rank that is late at a barrier', async () => {
    const [first] = valuesOf(await run('late'));
    expect(first).toEqual({
      barrier: {
        kind: 'DistributedError',
        message: 'Cannot wait for all ranks: expected all ranks in time, got none of rank 1',
        missingRanks: [1],
      },
    });
  });

  test('ends a collective when a rank is killed', async () => {
    const [first, second] = await run('killed');
    expect(second!.signal).toBe('SIGKILL');
    const [{ sum, later }] = valuesOf([first!]) as [Record<string, { kind: string; message: string }>];
    const lost =
      /^Cannot all-reduce: expected all ranks to be there, got a lost connection to the rank.*; what it printed last says why it ended$/;
    expect(sum!.message).toMatch(lost);
    expect(later!.message).toMatch(lost);
  });

  test('ends by itself without destroyProcessGroup(), and refuses collectives after it', async () => {
    expect(valuesOf(await run('left'))).toEqual([{ sum: 'nothing' }, { sum: 'nothing' }]);
    for (const value of valuesOf(await run('destroyed')) as { sum: { message: string } }[])
      expect(value.sum.message).toContain('expected a process group, got none; call initProcessGroup() first');
  });
});

// A system call of a save that fails, or in whose place the process dies: afterwards a new process goes on from a verified checkpoint, to the same bits. A few of
// them here; test/stress/faults.mjs plays all.
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { type FaultKind, FaultyTraining, faultProblem } from './faults.ts';

const isPossible = process.platform === 'linux';
if (!isPossible) console.log('skipped, faults inside saves: they are preloaded as on Linux');

describe.runIf(isPossible)('a save', () => {
  const training = new FaultyTraining(fileURLToPath(new URL('../..', import.meta.url)), 'asynchronous');
  const { calls, played } = training.whole();
  afterAll(() => training.remove());
  /** The number of a call of a kind in the middle of the training: there is a checkpoint by then. */
  const middle = (pattern: RegExp): number => {
    const found = calls.flatMap((call, i) => (pattern.test(call) ? [i + 1] : []));
    return found[Math.floor(found.length / 2)]!;
  };

  test('makes, syncs, names, links and deletes files', () => {
    expect(played.stderr).toBe('');
    expect(new Set(calls.map((call) => call.split(' ')[0]))).toEqual(
      new Set(['mkdir', 'open', 'write', 'fsync', 'rename', 'symlink', 'unlink']),
    );
  });

  test.each<[FaultKind, RegExp]>([
    ['kill', /^rename epoch/],
    ['ENOSPC', /^write /],
    ['EIO', /^fsync \./],
    ['EIO', /^unlink epoch/],
  ])('that meets %s at %s', (kind, pattern) => {
    const outcome = training.fail(kind, middle(pattern));
    expect(faultProblem(outcome, kind, played)).toBeUndefined();
    expect(outcome.resumed.result!.startedAt).not.toBe(1);
    if (String(pattern).includes('unlink'))
      expect(outcome.failed.result!.warnings.join()).toMatch(/Could not delete ".*", which is tried again: EIO/);
  });
});

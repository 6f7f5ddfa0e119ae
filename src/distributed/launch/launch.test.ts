import { describe, expect, test } from 'vitest';
import { shareCores } from './core-shares.ts';
import type { RankEnd } from './rank-end.ts';
import { LineLabel } from './rank-output.ts';
import { verdictOn, whyLasting } from './verdict.ts';

describe('verdictOn()', () => {
  const end = (rank: number, rest: Partial<RankEnd>): RankEnd => ({
    ...{ rank, node: 0, endedAtMs: 100 + rank, wasEnded: false, lastLines: '' },
    ...rest,
  });
  const error = (name: string, timestamp: number, message = 'broken') => ({
    error: { ...{ name, message, stack: '', rank: 0 }, timestamp },
  });

  test('finds the rank whose error the others come of', () => {
    const lost = end(0, { code: 1, ...error('DistributedError', 10) });
    const cut = end(2, { code: 1, ...error('NativeError', 5, 'Connection closed by peer [127.0.0.1]:42') });
    const broken = end(1, { code: 1, wasEnded: true, ...error('TypeError', 50) });
    expect(verdictOn([lost, cut, broken], undefined)).toEqual({ kind: 'failed', exitCode: 1, failure: broken });
    const late = { ...broken, code: undefined, signal: 'SIGTERM' } as const; // asked to end while it did
    expect(verdictOn([lost, cut, late], undefined)).toEqual({ kind: 'failed', exitCode: 1, failure: late });
    const killed = end(3, { signal: 'SIGKILL' });
    expect(verdictOn([lost, killed, cut], undefined)).toEqual({ kind: 'failed', exitCode: 137, failure: killed });
    const ended = end(1, { signal: 'SIGTERM', wasEnded: true, endedAtMs: 1 });
    expect(verdictOn([ended, killed], undefined)).toMatchObject({ failure: { rank: 3 } });
    expect(verdictOn([lost, ended], undefined)).toMatchObject({ failure: { rank: 0 } });
    const naming = end(4, { code: 1, error: { ...error('DistributedError', 90).error, missingRanks: [1] } });
    expect(verdictOn([lost, cut, naming], undefined)).toMatchObject({ failure: { rank: 4 } });
    expect(verdictOn([naming, broken], undefined)).toMatchObject({ failure: { rank: 1 } });
  });

  test('tells a stop from a failure', () => {
    const [saved, done] = [end(0, { code: 143 }), end(1, { code: 0 })];
    expect(verdictOn([done, done], undefined)).toEqual({ kind: 'finished' });
    expect(verdictOn([saved, done], undefined)).toEqual({ kind: 'stopped', exitCode: 143 });
    expect(verdictOn([end(0, { signal: 'SIGINT' }), done], 'SIGINT')).toEqual({ kind: 'stopped', exitCode: 130 });
    // Without a word of the launcher a signal is a failure.
    expect(verdictOn([end(0, { signal: 'SIGINT' }), done], undefined)).toMatchObject({ kind: 'failed', exitCode: 130 });
    const left = end(1, { code: 1, ...error('DistributedError', 10) });
    expect(verdictOn([saved, left], 'SIGTERM')).toEqual({ kind: 'stopped', exitCode: 143 });
    const broken = end(1, { code: 3, ...error('TypeError', 10) });
    expect(verdictOn([saved, broken], 'SIGTERM')).toMatchObject({ kind: 'failed', exitCode: 3 });
    expect(verdictOn([saved, left], undefined)).toMatchObject({ kind: 'failed', failure: { rank: 1 } });
  });
});

test('whyLasting() tells errors that every start meets', () => {
  const end = { rank: 0, node: 0, endedAtMs: 1, wasEnded: false, lastLines: '' };
  const of = (code: string) => ({
    ...end,
    code: 1,
    error: { name: 'Error', message: '', stack: '', timestamp: 1, rank: 0, code },
  });
  const lasting = ['ERR_SCONCE_CONFIG', 'ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'commander.unknownOption'];
  for (const code of lasting) expect(whyLasting(of(code))).toBe('it would end with the same error');
  for (const code of ['ENOENT', 'ERR_SCONCE_DISTRIBUTED']) expect(whyLasting(of(code))).toBeUndefined();
  expect(whyLasting({ ...end, code: 127 })).toBe('the program cannot be run');
  for (const how of [{ code: 1 }, { signal: 'SIGKILL' }] as const)
    expect(whyLasting({ ...end, ...how })).toBeUndefined();
});

describe('LineLabel', () => {
  test('gives out whole lines, each with its label', () => {
    const lines = new LineLabel('[rank 1] ');
    expect([lines.take('a'), lines.take('b\n\nc'), lines.finish(), lines.finish()]).toEqual([
      ...['', '[rank 1] ab\n[rank 1] \n', '[rank 1] c\n', ''],
    ]);
    expect(new LineLabel('').take('plain\n')).toBe('plain\n');
  });

  test('cuts a line that does not end', () => {
    const lines = new LineLabel('> ');
    const text = lines.take('x'.repeat(1 << 16));
    expect([text.length, text.at(-1)]).toEqual([(1 << 16) + 3, '\n']);
  });
});

test('shareCores() deals out all cores in runs of neighbours', () => {
  expect(shareCores([0, 4, 1, 5, 2], 2)).toEqual([
    [0, 4, 1],
    [5, 2],
  ]);
  expect(shareCores([3, 7], 3)).toEqual([[3], [7], [3]]);
  expect(shareCores([0, 1, 2, 3], 4)).toEqual([[0], [1], [2], [3]]);
});

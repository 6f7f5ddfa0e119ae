// What ranks are told whose calls do not fit one another, or make no sense: an error each, and no process dies of it.
import { describe, expect, test } from 'vitest';
import { runRanks, valuesOf } from './ranks.ts';

type Met = Record<string, string>;

const run = async (what: string): Promise<Met[]> =>
  valuesOf(await runRanks(new URL('./mismatch_rank.ts', import.meta.url), 2, { args: [what] })) as Met[];

const same = 'expected all ranks to call the same functions in the same order with the same shapes and dtypes';
const advice = 'checksCalls of initProcessGroup says which calls differ';

describe('a rank that gets more than it expects', () => {
  test('is told so in a sum, at once, and in all calls that follow', async () => {
    const [first, second] = await run('sum');
    const got = `${same}, got 400 bytes of another rank where 4 were to come; ${advice}`;
    expect(first).toEqual({
      sum: `DistributedError: Cannot all-reduce: ${got}`,
      again: `DistributedError: Cannot all-reduce: ${got}`,
      later: `DistributedError: Cannot all-reduce: ${got}`,
      barrier: `DistributedError: Cannot wait for all ranks: ${got}`,
    });
    expect(second!.sum).toMatch(
      /^DistributedError: Cannot all-reduce: expected all ranks to be there, got a lost connection/,
    );
  });

  test('is told so for a message', async () => {
    const [, second] = await run('messages');
    expect(second!.receive).toBe(
      `DistributedError: Cannot receive: ${same}, got 1600 bytes of another rank where 16 were to come; ${advice}`,
    );
  });
});

test('checksCalls tells all ranks which calls differ, also where the bytes are as many, and they go on', async () => {
  for (const [rank, met] of (await run('checked')).entries()) {
    const { after, ...told } = met;
    expect(after).toEqual([3, 3]);
    expect(Object.keys(told)).toEqual(['sizes', 'shapes', 'dtypes', 'gathered', 'functions']);
    for (const message of Object.values(told)) {
      expect(message).toContain(`${same}, got others: Rank ${rank} is running`);
    }
    expect(told.shapes).toMatch(
      /TensorShape=\[2, 3\].*TensorShape=\[3, 2\]|TensorShape=\[3, 2\].*TensorShape=\[2, 3\]/,
    );
  }
});

test('calls that make no sense are refused before anything is sent', async () => {
  const [first] = await run('refused');
  const exchange = 'RangeError: Cannot exchange rows with all ranks: expected';
  expect(first).toEqual({
    negative: `${exchange} inputSplits to be 2 integers of at least 0, one for each rank, got [-1, 5]`,
    sum: `${exchange} inputSplits to sum to the 4 rows of the input, got 5`,
    own: `${exchange} rank 0 to have as many rows for itself in both splits, got 1 in inputSplits and 2 in outputSplits`,
    odd: `${exchange} rows that 2 ranks divide, or both splits, got 3 rows`,
    scalar: `${exchange} rows, got a scalar`,
    self: 'RangeError: Cannot send: expected another rank, got rank 0 itself',
    tag: 'RangeError: Cannot send: expected a tag from 0 to 2147483647, got 1099511627776',
    time: 'RangeError: Cannot all-reduce: expected timeoutMs to be an integer from 1 to 2147483647, got 1.5',
    mean: 'TypeError: Cannot all-reduce: expected a floating dtype for op "avg", got int64',
    dtype: 'DistributedError: Cannot all-reduce: expected a dtype that Gloo has, got another one, as int16 is',
    device: 'TypeError: Cannot all-reduce: expected a tensor on the CPU, got one on meta',
    none: 'RangeError: Cannot all-reduce: expected at least one tensor, got none',
    after: [3, 3],
  });
});

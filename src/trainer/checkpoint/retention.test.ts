// Which checkpoints stay, as pure functions.
import { describe, expect, test } from 'vitest';
import { abandoned, byMoment, expired, type StoredCheckpoint } from './retention.ts';

const at = (step: number, epoch = 0, microStep?: number): StoredCheckpoint => ({
  name: [epoch, step, ...(microStep === undefined ? [] : [microStep])].join('/'),
  epoch,
  step,
  ...(microStep === undefined ? {} : { microStep }),
});

describe('byMoment()', () => {
  test('orders by step, then epoch, then the place inside a window', () => {
    const ordered = [at(5), at(10), at(10, 0, 21), at(10, 0, 100), at(10, 1), at(10, 1, 101), at(11, 0)];
    expect([...ordered].reverse().sort(byMoment)).toEqual(ordered);
    expect([at(1000, 1000), at(1000, 999)].sort(byMoment).map(({ epoch }) => epoch)).toEqual([999, 1000]);
  });

  test('a name without its step is before every step of its epoch', () => {
    const ordered = [at(3), at(9, 0, 12), { name: 'one', epoch: 1 }, at(10, 1), { name: 'two', epoch: 2 }];
    expect([...ordered].reverse().sort(byMoment)).toEqual(ordered);
  });
});

describe('expired()', () => {
  const stored = [at(30), at(10), at(20), at(40)];

  test('lets the oldest go, oldest first', () => {
    expect(expired(stored, { keepLast: 2 }, new Set())).toEqual(['0/10', '0/20']);
    expect(expired(stored, { keepLast: 4 }, new Set())).toEqual([]);
    expect(expired(stored, { keepLast: 9 }, new Set())).toEqual([]);
    expect(expired([], { keepLast: 1 }, new Set())).toEqual([]);
  });

  test('never lets a protected one go, which does not count among the newest', () => {
    expect(expired(stored, { keepLast: 1 }, new Set(['0/20']))).toEqual(['0/10', '0/30']);
  });

  test('what stays by itself does not count', () => {
    const stays = ({ step }: StoredCheckpoint): boolean => step === 20 || step === 40;
    expect(expired(stored, { keepLast: 1, stays }, new Set())).toEqual(['0/10']);
  });

  test('keeps all without a limit', () => {
    expect(expired(stored, { keepLast: undefined }, new Set())).toEqual([]);
  });
});

describe('abandoned()', () => {
  test('names what is later than the one just written', () => {
    const stored = [at(10), at(20, 1), at(20, 1, 45), at(30, 1)];
    expect(abandoned(stored, at(20, 1))).toEqual(['1/20/45', '1/30']);
    expect(abandoned(stored, at(40, 2))).toEqual([]);
  });
});

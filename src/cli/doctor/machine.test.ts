// Tests of reading the processor's features.
import { expect, it } from 'vitest';
import { allocatorOf, featuresOf } from './machine.ts';

it('featuresOf() names what is there and what is not', () => {
  expect(featuresOf('processor : 0\nflags\t\t: fpu avx2 avx512f avx512_bf16\n')).toEqual([
    'avx2',
    'avx512',
    'avx512_bf16',
    'no amx',
    'no amx_bf16',
  ]);
  expect(featuresOf('Features\t: fp asimd bf16\n')).toEqual(['bf16', 'no sve']);
  expect(featuresOf('')).toEqual([]);
});

it('allocatorOf() tells the setting that is chosen, and where it is off', () => {
  expect(allocatorOf('always [madvise] never\n')).toMatchObject({
    fact: expect.stringMatching(/large pages madvise$/),
    areLargePagesOff: false,
  });
  expect(allocatorOf('always madvise [never]\n').areLargePagesOff).toBe(true);
  expect(allocatorOf(undefined)).toMatchObject({
    fact: expect.stringMatching(/large pages unknown$/),
    areLargePagesOff: false,
  });
});

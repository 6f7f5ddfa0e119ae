// Tests of the counter-based generator: published vectors, uniformity, and pinned permutations.
import { describe, expect, it } from 'vitest';
import { deriveSeed, Purpose, permutation, philox, RandomStream } from './philox.ts';

const key = (seed: number, epoch = 0) => ({ seed, epoch, purpose: Purpose.permutation });

describe('philox()', () => {
  // Known answers of Random123, kat_vectors, "philox4x32 10": counter, key, result.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [Array(4).fill(0xffffffff), Array(2).fill(0xffffffff), [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('gives the published words for counter %j', (counter, words, expected) => {
    const state = Uint32Array.from(counter);
    philox(state, words[0], words[1]);
    expect([...state]).toEqual(expected);
  });
});

describe('RandomStream', () => {
  it('uses every word of a block, then the next block', () => {
    const stream = new RandomStream(key(7, 3));
    const block = (n: number): number[] => {
      const words = Uint32Array.of(n, 0, 3, Purpose.permutation);
      philox(words, 7, 0);
      return [...words];
    };
    expect(Array.from({ length: 8 }, () => stream.next())).toEqual([...block(0), ...block(1)]);
  });

  it('below() draws again where a remainder would be biased', () => {
    const bound = 2 ** 31 + 1; // half of all words are refused
    const stream = new RandomStream(key(1));
    const raw = new RandomStream(key(1));
    const accepted = Array.from({ length: 200 }, () => raw.next()).filter((word) => word < bound);
    expect(Array.from({ length: 50 }, () => stream.below(bound))).toEqual(accepted.slice(0, 50));
  });

  it('refuses seeds and epochs that do not fit its words', () => {
    expect(() => new RandomStream(key(-1))).toThrow('expected a seed that is an integer from 0 to 2^53 - 1, got -1');
    expect(() => new RandomStream(key(0.5))).toThrow('got 0.5');
    expect(() => new RandomStream(key(2 ** 53))).toThrow('2^53 - 1');
    expect(() => new RandomStream(key(0, 2 ** 32))).toThrow('expected an epoch');
  });
});

describe('permutation()', () => {
  // Computed by an independent implementation (Python integers).
  it('is pinned: these orders are what runs already made depend on', () => {
    expect([...permutation(8, key(42))]).toEqual([6, 1, 3, 2, 0, 5, 7, 4]);
    expect([...permutation(8, key(42, 1))]).toEqual([3, 6, 5, 0, 4, 2, 1, 7]);
    expect([...permutation(8, key(2 ** 40 + 42))]).toEqual([4, 6, 5, 2, 1, 3, 7, 0]);
  });

  it('holds every integer once, for lengths from 0 on', () => {
    for (const length of [0, 1, 2, 3, 5, 1000]) {
      expect([...permutation(length, key(9))].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
    }
  });

  it('draws the 24 orders of four samples equally often (chi-square, 23 degrees of freedom)', () => {
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let epoch = 0; epoch < draws; epoch++) {
      const order = permutation(4, key(5, epoch)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - draws / 24) ** 2 / (draws / 24), 0);
    expect(chiSquare).toBeLessThan(49.7); // exceeded once in a thousand seeds; this seed is fixed
  });
});

describe('deriveSeed()', () => {
  const seedAt = (seed: number, epoch: number, position: number) =>
    deriveSeed({ seed, epoch, purpose: Purpose.batch }, position);

  it('gives a safe integer that depends on seed, epoch and position', () => {
    const seeds = [
      seedAt(0, 0, 0),
      seedAt(1, 0, 0),
      seedAt(0, 1, 0),
      seedAt(0, 0, 1),
      seedAt(2 ** 32, 0, 0),
      seedAt(0, 0, 2 ** 32),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
    for (const seed of seeds) expect(Number.isSafeInteger(seed) && seed >= 0).toBe(true);
    expect(seedAt(3, 4, 5)).toBe(seedAt(3, 4, 5));
  });
});

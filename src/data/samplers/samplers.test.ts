// One suite for every sampler, and what each promises beyond it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchSampler } from './batch-sampler.ts';
import { RandomSampler } from './random-sampler.ts';
import type { Order, Sampler } from './sampler.ts';
import { SequentialSampler } from './sequential-sampler.ts';

const list = <T>(order: Order<T>): T[] => Array.from({ length: order.length }, (_, position) => order.at(position));
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

const samplers: [string, (length: number, seed: number) => Sampler][] = [
  ['SequentialSampler', (length) => new SequentialSampler(length)],
  ['RandomSampler', (length, seed) => new RandomSampler(length, { seed })],
];

describe.each(samplers)('%s', (_, make) => {
  it('plays every sample once, the same at every look, from any position', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.maxSafeNat(), fc.nat(2 ** 32 - 1), (length, seed, epoch) => {
        const order = make(length, seed).order(epoch);
        const played = list(order);
        expect([...played].sort((a, b) => a - b)).toEqual(range(length));
        const again = make(length, seed).order(epoch);
        for (const position of range(length).reverse()) expect(again.at(position)).toBe(played[position]);
      }),
      { numRuns: 50 },
    );
  });

  it('refuses lengths that are no count', () => {
    for (const length of [-1, 1.5, Number.NaN, 2 ** 31]) expect(() => make(length, 0)).toThrow(RangeError);
  });
});

describe('RandomSampler', () => {
  it('plays another order in another epoch and under another seed', () => {
    const orders = [
      list(new RandomSampler(50, { seed: 1 }).order(0)),
      list(new RandomSampler(50, { seed: 1 }).order(1)),
      list(new RandomSampler(50, { seed: 2 }).order(0)),
    ];
    expect(new Set(orders.map((order) => order.join())).size).toBe(3);
  });
});

describe('BatchSampler', () => {
  it('cuts the order into batches whose concatenation is that order', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.integer({ min: 1, max: 20 }), fc.nat(), (length, batchSize, seed) => {
        const sampler = new RandomSampler(length, { seed });
        const batches = list(new BatchSampler(sampler, { batchSize }).order(3));
        expect(batches.flatMap((batch) => [...batch])).toEqual(list(sampler.order(3)));
        expect(batches.slice(0, -1).every((batch) => batch.length === batchSize)).toBe(true);
        expect(batches.every((batch) => batch.length > 0)).toBe(true);
      }),
    );
  });

  it('dropLast leaves out only a shorter last batch', () => {
    const sizes = (length: number, dropLast: boolean): number[] =>
      list(new BatchSampler(new SequentialSampler(length), { batchSize: 4, dropLast }).order(0)).map((b) => b.length);
    expect(sizes(10, false)).toEqual([4, 4, 2]);
    expect(sizes(10, true)).toEqual([4, 4]);
    expect(sizes(8, true)).toEqual([4, 4]);
    expect(sizes(3, true)).toEqual([]);
  });

  it('keeps an endless order endless', () => {
    const endless: Sampler = {
      length: Number.POSITIVE_INFINITY,
      order: () => ({ length: Number.POSITIVE_INFINITY, at: (p) => p % 7 }),
    };
    const batches = new BatchSampler(endless, { batchSize: 3, dropLast: true });
    expect(batches.length).toBe(Number.POSITIVE_INFINITY);
    expect([...batches.order(0).at(1_000_000)]).toEqual([3_000_000 % 7, 3_000_001 % 7, 3_000_002 % 7]);
  });

  it('refuses a batchSize that is no count', () => {
    expect(() => new BatchSampler(new SequentialSampler(3), { batchSize: 0 })).toThrow(
      'Cannot make a BatchSampler: expected a batchSize that is an integer above 0, got 0',
    );
  });
});

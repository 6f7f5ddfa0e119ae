// One suite for every sampler that plays each sample once, and what each promises beyond it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { BatchSampler } from './batch-sampler.ts';
import { DistributedSampler } from './distributed-sampler.ts';
import { RandomSampler } from './random-sampler.ts';
import { MAX_SAMPLES, type Sampler } from './sampler.ts';
import { SequentialSampler } from './sequential-sampler.ts';
import {
  ascending,
  chiSquare,
  chiSquareLimit,
  countEach,
  differingPositions,
  list,
  range,
} from './statistics.fixture.ts';
import { SubsetRandomSampler } from './subset-random-sampler.ts';

const samplers: [string, (length: number, seed: number) => Sampler][] = [
  ['SequentialSampler', (length) => new SequentialSampler(length)],
  ['RandomSampler', (length, seed) => new RandomSampler(length, { seed })],
  ['SubsetRandomSampler', (length, seed) => new SubsetRandomSampler(range(length), { seed })],
  ['DistributedSampler', (length, seed) => new DistributedSampler(length, { seed })],
  ['DistributedSampler in order', (length) => new DistributedSampler(length, { shuffle: false })],
];

describe.each(samplers)('%s', (_, make) => {
  it('plays every sample once, the same at every look, from any position', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.maxSafeNat(), fc.nat(2 ** 32 - 1), (length, seed, epoch) => {
        const sampler = make(length, seed);
        expect(ascending(list(sampler.order(epoch)))).toEqual(range(length));
        expect(differingPositions(sampler, epoch)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe.each(samplers.filter(([name]) => name !== 'SubsetRandomSampler'))('%s', (_, make) => {
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

  it('with more positions than samples plays one shuffled pass after the other', () => {
    const sampler = new RandomSampler(20, { seed: 3, numSamples: 50 });
    const played = list(sampler.order(1));
    expect(played.slice(0, 20)).toEqual(list(new RandomSampler(20, { seed: 3 }).order(1)));
    expect(ascending(played.slice(20, 40))).toEqual(range(20));
    expect(played.slice(20, 40)).not.toEqual(played.slice(0, 20));
    expect(new Set(played.slice(40)).size).toBe(10);
    expect(differingPositions(sampler, 1)).toEqual([]);
  });

  it('with fewer positions plays the beginning of a shuffled pass', () => {
    const whole = list(new RandomSampler(20, { seed: 3 }).order(1));
    expect(list(new RandomSampler(20, { seed: 3, numSamples: 7 }).order(1))).toEqual(whole.slice(0, 7));
  });

  it('with replacement draws every sample equally often, and one position independently of the next', () => {
    const sampler = new RandomSampler(6, { seed: 4, replacement: true, numSamples: 36_000 });
    const played = list(sampler.order(2));
    expect(chiSquare(countEach(played, 6), range(6).fill(1))).toBeLessThan(chiSquareLimit(5));
    const pairs = range(18_000).map((i) => played[2 * i]! * 6 + played[2 * i + 1]!);
    expect(chiSquare(countEach(pairs, 36), range(36).fill(1))).toBeLessThan(chiSquareLimit(35));
    expect(differingPositions(new RandomSampler(6, { replacement: true }), 2)).toEqual([]);
    expect(new RandomSampler(6, { replacement: true }).length).toBe(6);
  });

  it('never ends with numSamples: Infinity', () => {
    for (const replacement of [false, true]) {
      const sampler = new RandomSampler(3, { replacement, numSamples: Number.POSITIVE_INFINITY });
      expect(sampler.length).toBe(Number.POSITIVE_INFINITY);
      const far = [0, 1, 2].map((i) => sampler.order(0).at(3 * 10 ** 10 + i));
      expect(far.every((index) => range(3).includes(index))).toBe(true);
      if (!replacement) expect(ascending(far)).toEqual(range(3));
    }
  });

  it('is pinned with replacement: these draws are what runs already made depend on', () => {
    // floor(u * 1000), u from words 0 and 1 of Philox at counter (position, 0, epoch, 10), computed by Python integers.
    const order = new RandomSampler(1000, { seed: 2 ** 40 + 42, replacement: true }).order(7);
    expect([0, 1, 2].map((position) => order.at(position))).toEqual([476, 203, 785]);
  });

  it('names every option that is wrong', () => {
    const make = () => new RandomSampler(3, { seed: -1, numSamples: 1.5, replacements: true } as object);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(
      /replacements: expected one of the options.*\n.*seed: .*got -1\n.*numSamples: expected an integer above 0, got 1.5/s,
    );
    expect(() => new RandomSampler(0, { numSamples: 4 })).toThrow(
      'numSamples: expected none to draw from no samples, got 4',
    );
    expect(() => new RandomSampler(3, { replacement: 'yes' as unknown as boolean })).toThrow(
      'replacement: expected true or false, got yes',
    );
  });
});

describe('SubsetRandomSampler', () => {
  it('plays the indices that it was given, an index that is listed twice twice, whatever becomes of the list', () => {
    const indices = [70, 10, 10, 30];
    const sampler = new SubsetRandomSampler(indices, { seed: 5 });
    indices.fill(0);
    expect(ascending(list(sampler.order(0)))).toEqual([10, 10, 30, 70]);
    expect(new Set(range(40).map((epoch) => list(sampler.order(epoch)).join())).size).toBe(12); // 4! / 2! orders
  });

  it('refuses what is no index', () => {
    expect(() => new SubsetRandomSampler([0, 3, -1])).toThrow(
      'Cannot make a SubsetRandomSampler: expected indices that are integers from 0 to 2147483646, got -1 at place 2',
    );
    expect(() => new SubsetRandomSampler([0.5])).toThrow(RangeError);
    expect(() => new SubsetRandomSampler([MAX_SAMPLES])).toThrow(RangeError);
  });
});

describe('DistributedSampler', () => {
  const shares = (
    length: number,
    numReplicas: number,
    options: { shuffle?: boolean; dropLast?: boolean; seed?: number },
  ) => range(numReplicas).map((rank) => new DistributedSampler(length, { numReplicas, rank, ...options }));

  it('shares out an epoch: equal parts that interleave to the whole, padded from its beginning or cut at its end', () => {
    fc.assert(
      fc.property(
        fc.nat(60),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(),
        (length, numReplicas, shuffle, dropLast, seed) => {
          const whole = list((shuffle ? new RandomSampler(length, { seed }) : new SequentialSampler(length)).order(4));
          const ranks = shares(length, numReplicas, { shuffle, dropLast, seed });
          const each = dropLast ? Math.floor(length / numReplicas) : Math.ceil(length / numReplicas);
          expect(ranks.map((rank) => rank.length)).toEqual(range(numReplicas).fill(each));
          const played = ranks.map((rank) => list(rank.order(4)));
          const together = range(each * numReplicas).map((i) => played[i % numReplicas]![Math.floor(i / numReplicas)]);
          expect(together).toEqual(range(each * numReplicas).map((i) => whole[i % length]));
          for (const rank of ranks) expect(differingPositions(rank, 4)).toEqual([]);
        },
      ),
    );
  });

  // indices of torch.utils.data.DistributedSampler(range(10), num_replicas, rank, shuffle=False, drop_last)
  it('pads and cuts as PyTorch does', () => {
    const played = (length: number, numReplicas: number, dropLast: boolean) =>
      shares(length, numReplicas, { shuffle: false, dropLast }).map((rank) => list(rank.order(0)));
    expect(played(10, 4, false)).toEqual([[0, 4, 8], [1, 5, 9], [2, 6, 0], [3, 7, 1]]); // biome-ignore format: a table
    expect(played(10, 4, true)).toEqual([[0, 4], [1, 5], [2, 6], [3, 7]]); // biome-ignore format: a table
    expect(played(2, 5, false)).toEqual([[0], [1], [0], [1], [0]]); // padding longer than the data
    expect(played(2, 5, true)).toEqual([[], [], [], [], []]);
  });

  it('shares out the batches of another sampler too', () => {
    const batches = new BatchSampler(new SequentialSampler(6), { batchSize: 2 });
    const [first, second] = [0, 1].map((rank) => new DistributedSampler(batches, { numReplicas: 2, rank }).order(0));
    expect([list(first!), list(second!)].map((order) => order.map(String))).toEqual([['0,1', '4,5'], ['2,3', '0,1']]); // biome-ignore format: a table
  });

  it('passes a dynamic sampler’s input on', () => {
    const dynamic: Sampler = {
      length: 4,
      input: () => 7,
      order: () => ({ length: 4, at: (p, input) => p * 10 + Number(input) }),
    };
    const sampler = new DistributedSampler(dynamic, { numReplicas: 2, rank: 1 });
    expect([sampler.input?.(), sampler.order(0).at(1, 5)]).toEqual([7, 35]);
    const batches = new BatchSampler(sampler, { batchSize: 2 });
    expect([batches.input?.(), [...batches.order(0).at(0, 3)]]).toEqual([7, [13, 33]]);
  });

  it('keeps an endless order endless', () => {
    const endless = new RandomSampler(5, { numSamples: Number.POSITIVE_INFINITY });
    const sampler = new DistributedSampler(endless, { numReplicas: 3, rank: 2, dropLast: true });
    expect(sampler.length).toBe(Number.POSITIVE_INFINITY);
    expect(sampler.order(0).at(100)).toBe(endless.order(0).at(302));
  });

  it('names every option that is wrong', () => {
    expect(() => new DistributedSampler(4, { numReplicas: 2, rank: 2 })).toThrow(
      'Cannot make a DistributedSampler: rank: expected an integer from 0 to numReplicas - 1 (1), got 2',
    );
    expect(() => new DistributedSampler(4, { numReplicas: 0, seed: 0.5, dropLast: 1 } as object)).toThrow(
      /numReplicas: .*rank: .*dropLast: .*seed: /s,
    );
    expect(() => new DistributedSampler(new SequentialSampler(4), { shuffle: false, seed: 1 })).toThrow(
      /shuffle: expected none beside a sampler.*seed: expected none beside a sampler/s,
    );
    expect(() => new DistributedSampler([1, 2] as unknown as Sampler)).toThrow(
      'sampler: expected an object with length and order, got [1, 2]',
    );
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
      'Cannot make a BatchSampler: batchSize: expected an integer above 0, got 0',
    );
    expect(() => new BatchSampler(5 as unknown as Sampler, { batchSize: 2 })).toThrow(
      'Cannot make a BatchSampler: sampler: expected an object with length and order, got 5',
    );
  });
});

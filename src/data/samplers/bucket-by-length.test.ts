// Batches of similar length: what is in them, that nothing is lost, and how much padding is saved.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { BucketByLengthSampler, type BucketByLengthSamplerOptions } from './bucket-by-length-sampler.ts';
import { RandomSampler } from './random-sampler.ts';
import { sortedPlaces } from './sorted-places.ts';
import { ascending, differingPositions, list, range } from './statistics.fixture.ts';

const lengthArrays = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 120 });
const sizes: fc.Arbitrary<BucketByLengthSamplerOptions> = fc.oneof(
  fc.record({ batchSize: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ maxTokens: fc.integer({ min: 40, max: 300 }) }),
);
const ways: fc.Arbitrary<BucketByLengthSamplerOptions> = fc.oneof(
  fc.constant({}),
  fc.record({ numBuckets: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ boundaries: fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 6 }).map(ascending) }),
);
const bucketOptions = fc.tuple(sizes, ways).map(([size, way]) => ({ ...size, ...way }));
const windowOptions = fc.record({
  batchSize: fc.integer({ min: 1, max: 12 }),
  windowSize: fc.integer({ min: 1, max: 60 }),
});
const allOptions: fc.Arbitrary<BucketByLengthSamplerOptions> = fc.oneof(bucketOptions, windowOptions);
const order = fc.record({ seed: fc.maxSafeNat(), shuffle: fc.boolean() });

const batchesOf = (lengths: readonly number[], options: BucketByLengthSamplerOptions, epoch = 2): number[][] =>
  list(new BucketByLengthSampler(lengths, options).order(epoch)).map((batch) => [...batch]);

describe('BucketByLengthSampler', () => {
  it('plays every sample once, in batches within their size, from any position', () => {
    fc.assert(
      fc.property(lengthArrays, allOptions, order, fc.nat(2 ** 32 - 1), (lengths, options, own, epoch) => {
        const sampler = new BucketByLengthSampler(lengths, { ...options, ...own });
        const batches = list(sampler.order(epoch)).map((batch) => [...batch]);
        expect(ascending(batches.flat())).toEqual(range(lengths.length));
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          if (options.batchSize) expect(batch.length).toBeLessThanOrEqual(options.batchSize);
          else
            expect(batch.length * Math.max(...batch.map((i) => lengths[i]!))).toBeLessThanOrEqual(options.maxTokens!);
        }
        expect(differingPositions(sampler, epoch)).toEqual([]);
      }),
    );
  });

  it('with dropLast plays full batches only, and loses less than a batch of each bucket', () => {
    fc.assert(
      fc.property(
        lengthArrays,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 5 }),
        order,
        (lengths, batchSize, numBuckets, own) => {
          const batches = batchesOf(lengths, { batchSize, numBuckets, dropLast: true, ...own });
          expect(batches.every((batch) => batch.length === batchSize)).toBe(true);
          expect(new Set(batches.flat()).size).toBe(batches.length * batchSize);
          expect(lengths.length - batches.length * batchSize).toBeLessThanOrEqual(numBuckets * (batchSize - 1));
        },
      ),
    );
  });

  it('mixes no lengths across boundaries', () => {
    fc.assert(
      fc.property(lengthArrays, order, (lengths, own) => {
        const bucketOf = (length: number): number => [10, 20, 21].filter((boundary) => boundary <= length).length;
        for (const batch of batchesOf(lengths, { batchSize: 4, boundaries: [10, 20, 21], ...own })) {
          expect(new Set(batch.map((i) => bucketOf(lengths[i]!))).size).toBe(1);
        }
      }),
    );
  });

  it('makes as many batches in every epoch, and shares them out among ranks, equally many each', () => {
    fc.assert(
      fc.property(
        lengthArrays,
        allOptions,
        order,
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (lengths, options, own, numReplicas, dropLast) => {
          const all = { ...options, ...own, dropLast };
          const whole = batchesOf(lengths, all).map(String);
          expect(batchesOf(lengths, all, 3).length).toBe(whole.length);
          const parts = range(numReplicas).map((rank) => batchesOf(lengths, { ...all, numReplicas, rank }).map(String));
          const each = (dropLast ? Math.floor : Math.ceil)(whole.length / numReplicas);
          expect(parts.map((part) => part.length)).toEqual(range(numReplicas).fill(each));
          const together = range(each * numReplicas).map((i) => parts[i % numReplicas]![Math.floor(i / numReplicas)]);
          expect(together).toEqual(range(each * numReplicas).map((i) => whole[i % whole.length]));
        },
      ),
    );
  });

  it('sorts each window of the shuffled order, rising and falling in turn', () => {
    const lengths = range(50).map((i) => (i * 31) % 47);
    const windows = (options: { shuffle: boolean }): number[] =>
      batchesOf(lengths, { batchSize: 5, windowSize: 20, ...options }).flat();
    const inOrder = windows({ shuffle: false });
    for (const [start, sign] of [[0, 1], [20, -1], [40, 1]] as const) {
      const own = inOrder.slice(start, start + 20);
      expect(ascending(own)).toEqual(range(50).slice(start, start + 20));
      expect(own).toEqual([...own].sort((a, b) => sign * (lengths[a]! - lengths[b]!)));
    } // biome-ignore format: a table
    expect(ascending(windows({ shuffle: true }))).toEqual(range(50));
    expect(windows({ shuffle: true })).not.toEqual(inOrder);
  });

  it('pads little: under a tenth where batches at random pad more than half as much again', () => {
    const random = new RandomSampler(1000, { replacement: true, seed: 3, numSamples: 4000 }).order(0);
    const lengths = range(4000).map((i) => 1 + random.at(i));
    const padding = (batches: readonly number[][]): number => {
      const padded = batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((i) => lengths[i]!)), 0);
      return padded / lengths.reduce((sum, length) => sum + length, 0) - 1;
    };
    expect(padding(batchesOf(lengths, { batchSize: 32, boundaries: [] }))).toBeGreaterThan(0.5); // one bucket
    expect(padding(batchesOf(lengths, { batchSize: 32, numBuckets: 20 }))).toBeLessThan(0.1);
    expect(padding(batchesOf(lengths, { maxTokens: 20_000, numBuckets: 20 }))).toBeLessThan(0.1);
    expect(padding(batchesOf(lengths, { batchSize: 32, windowSize: 1600 }))).toBeLessThan(0.1);
  });

  it('plays other batches, in another order, in another epoch and under another seed', () => {
    const lengths = range(64);
    for (const way of [{ numBuckets: 2 }, { windowSize: 16 }]) {
      const played = (seed: number, epoch: number): number[][] =>
        batchesOf(lengths, { batchSize: 8, seed, ...way }, epoch);
      const runs = [played(0, 0), played(1, 0), played(0, 1)];
      expect(new Set(runs.map(String)).size).toBe(3);
      expect(new Set(runs.map((batches) => String(ascending(batches[0]!)))).size).toBe(3);
    }
  });

  it('takes lengths in a tensor, and keeps what it was given', () => {
    const lengths = [3, 1, 2];
    const sampler = new BucketByLengthSampler(lengths, { batchSize: 1, numBuckets: 3, shuffle: false });
    lengths.fill(0);
    expect(list(sampler.order(0)).map(String)).toEqual(['1', '2', '0']);
    expect(
      list(new BucketByLengthSampler(tensor([3n, 1n]), { maxTokens: 3, numBuckets: 2, shuffle: false }).order(0)).map(
        String,
      ),
    ).toEqual(['1', '0']);
  });

  it('refuses lengths that are none, and samples that are too long', () => {
    expect(() => new BucketByLengthSampler([3, -1], { batchSize: 1 })).toThrow(
      'Cannot make a BucketByLengthSampler: expected lengths that are integers from 0 to 2147483647, got -1 for sample 1',
    );
    expect(() => new BucketByLengthSampler([2.5], { batchSize: 1 })).toThrow('got 2.5 for sample 0');
    expect(() => new BucketByLengthSampler([3, 80, 5], { maxTokens: 79 })).toThrow(
      'expected samples of at most maxTokens 79, got 80 for sample 1',
    );
  });

  it('names every option that is wrong', () => {
    const make = (options: object) => () => new BucketByLengthSampler([1], options);
    expect(make({})).toThrow('batchSize: expected batchSize or maxTokens, got neither');
    expect(make({ batchSize: 1, maxTokens: 2 })).toThrow('got batchSize and maxTokens');
    expect(make({ batchSize: 1, numBuckets: 2, windowSize: 3 })).toThrow(
      'windowSize: expected one of boundaries, numBuckets and windowSize, got numBuckets and windowSize',
    );
    expect(make({ maxTokens: 5, windowSize: 3 })).toThrow(
      'windowSize: expected a batchSize beside it, got maxTokens, with which epochs would differ in length',
    );
    expect(make({ batchSize: 1, boundaries: [3, 3] })).toThrow(
      'boundaries: expected ascending lengths above 0, got [3, 3]',
    );
    expect(make({ batchSize: 0, bucket: 1, rank: 3, seed: -1 })).toThrow(/bucket: .*batchSize: .*rank: .*seed: /s);
  });
});

describe('sortedPlaces()', () => {
  it('sorts stably, over all 32-bit keys', () => {
    const keys = [5, 2 ** 32 - 1, 0, 5, 2 ** 31];
    expect([...sortedPlaces(5, (place) => keys[place]!)]).toEqual([2, 0, 3, 4, 1]);
  });
});

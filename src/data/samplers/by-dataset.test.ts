// Batches from one data set each: whose turn it is, what is drawn inside, and who plays what.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Purpose } from '../philox.ts';
import { ByDatasetBatchSampler, type ByDatasetBatchSamplerOptions } from './by-dataset-batch-sampler.ts';
import { drawDistinct } from './distinct-draws.ts';
import { PlaceDraws } from './draws.ts';
import { RoundRobin } from './round-robin.ts';
import {
  ascending,
  chiSquare,
  chiSquareLimit,
  countEach,
  differingPositions,
  list,
  range,
} from './statistics.fixture.ts';

/** A sampler over data sets "d0", "d1", … of these sizes. */
function makeSampler(
  sizes: readonly number[],
  options: Partial<ByDatasetBatchSamplerOptions> & { readonly batchSize: number },
): ByDatasetBatchSampler {
  const cat = { datasets: sizes.map((length, datasetIdx) => ({ length, datasetIdx })) };
  return new ByDatasetBatchSampler({
    cat,
    name2idx: Object.fromEntries(sizes.map((_, i) => [`d${i}`, i])),
    ...options,
  });
}

/** The data set of each sample. */
const ownersOf = (sizes: readonly number[]): number[] => sizes.flatMap((size, dataset) => range(size).fill(dataset));

const sizesAndOptions = fc.record({
  sizes: fc.array(fc.nat(25), { minLength: 1, maxLength: 6 }),
  batchSize: fc.integer({ min: 1, max: 9 }),
  dropLast: fc.boolean(),
  seed: fc.maxSafeNat(),
  epoch: fc.nat(2 ** 32 - 1),
});

describe('ByDatasetBatchSampler', () => {
  it('plays batches of one data set each, of different samples where it has enough', () => {
    fc.assert(
      fc.property(sizesAndOptions, ({ sizes, epoch, ...options }) => {
        const { batchSize, dropLast } = options;
        const sampler = makeSampler(sizes, options);
        const owners = ownersOf(sizes);
        const batches = list(sampler.order(epoch));
        expect(batches.length).toBe((dropLast ? Math.floor : Math.ceil)(owners.length / batchSize));
        for (const batch of batches) {
          const dataset = owners[batch[0]!]!;
          expect([...batch].map((sample) => owners[sample])).toEqual(range(batchSize).fill(dataset));
          if (batchSize <= sizes[dataset]!) expect(new Set(batch).size).toBe(batchSize);
        }
        expect(differingPositions(sampler, epoch)).toEqual([]);
      }),
    );
  });

  it('without shuffling takes data sets in turn and plays every sample once, or whole batches only', () => {
    fc.assert(
      fc.property(sizesAndOptions, ({ sizes, epoch, ...options }) => {
        const { batchSize, dropLast } = options;
        const sampler = makeSampler(sizes, { ...options, shuffle: false });
        const batches = list(sampler.order(epoch)).map((batch) => [...batch]);
        const owners = ownersOf(sizes);
        const played = batches.flat();
        const wanted = dropLast ? sizes.map((size) => size - (size % batchSize)) : sizes;
        expect(
          countEach(
            played.map((sample) => owners[sample]!),
            sizes.length,
          ),
        ).toEqual(wanted);
        expect(new Set(played).size).toBe(played.length);
        if (!dropLast) expect(ascending(played)).toEqual(range(owners.length));
        // Turn by turn: the n-th batch of a data set never comes before the (n - 1)-th of another that has one.
        const seen = sizes.map(() => 0);
        const turns = batches.map((batch) => [seen[owners[batch[0]!]!]!++, owners[batch[0]!]!] as const);
        expect(turns).toEqual([...turns].sort((a, b) => a[0] - b[0] || a[1] - b[1]));
        expect(differingPositions(sampler, epoch)).toEqual([]);
      }),
    );
  });

  it('draws data sets in proportion to their size, and samples in proportion to min(alpha * c, 1) inside', () => {
    const scores = { d0: [0.5, 1, 2, 3], d1: [4, 0.1] };
    const sampler = makeSampler([4, 2], { batchSize: 1, contrastScores: scores, warmupSteps: 100, seed: 7 });
    for (const [step, alpha] of [[0, 0.5], [50, 0.75], [100, 1], [5000, 1]] as const) {
      sampler.setStep(step);
      const played = range(5000).flatMap((epoch) => list(sampler.order(epoch)).map((batch) => batch[0]!));
      const shares = Object.values(scores).flatMap((own) => {
        const weights = own.map((c) => Math.min(alpha * c, 1));
        const sum = weights.reduce((a, b) => a + b);
        return weights.map((weight) => ((own.length / 6) * weight) / sum);
      });
      expect(chiSquare(countEach(played, 6), shares)).toBeLessThan(chiSquareLimit(5));
    } // biome-ignore format: a table
  });

  it('draws the second sample of a batch among those that are left', () => {
    const weights = [0.2, 0.4, 1];
    const sampler = makeSampler([3], { batchSize: 2, contrastScores: { d0: weights }, warmupSteps: 0, seed: 8 });
    const pairs = range(20_000).map((epoch) => {
      const [first, second] = sampler.order(epoch).at(0);
      return first! * 3 + second!;
    });
    const shares = weights.flatMap((first, i) =>
      weights.map((second, j) => (i === j ? 0 : (first / 1.6) * (second / (1.6 - first)))),
    );
    expect(chiSquare(countEach(pairs, 9), shares)).toBeLessThan(chiSquareLimit(5));
  });

  it('draws with replacement where a data set is smaller than a batch', () => {
    const sampler = makeSampler([3], { batchSize: 5, dropLast: false, seed: 9 });
    const batches = range(4000).map((epoch) => sampler.order(epoch).at(0));
    expect(batches.every((batch) => batch.length === 5)).toBe(true);
    expect(
      chiSquare(
        countEach(
          batches.flatMap((batch) => [...batch]),
          3,
        ),
        [1, 1, 1],
      ),
    ).toBeLessThan(chiSquareLimit(2));
  });

  it('plays other batches in another epoch and under another seed', () => {
    const order = (seed: number, epoch: number): string =>
      list(makeSampler([40, 40], { batchSize: 4, seed }).order(epoch)).join();
    expect(new Set([order(0, 0), order(1, 0), order(0, 1)]).size).toBe(3);
  });

  it('shares out the batches among ranks, equally many each', () => {
    fc.assert(
      fc.property(
        sizesAndOptions,
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        ({ sizes, epoch, ...options }, numReplicas, shuffle) => {
          const whole = list(makeSampler(sizes, { ...options, shuffle }).order(epoch)).map(String);
          const parts = range(numReplicas).map((rank) =>
            list(makeSampler(sizes, { ...options, shuffle, numReplicas, rank }).order(epoch)).map(String),
          );
          const each = (options.dropLast ? Math.floor : Math.ceil)(whole.length / numReplicas);
          expect(parts.map((part) => part.length)).toEqual(range(numReplicas).fill(each));
          const together = range(each * numReplicas).map((i) => parts[i % numReplicas]![Math.floor(i / numReplicas)]);
          expect(together).toEqual(range(each * numReplicas).map((i) => whole[i % whole.length]));
        },
      ),
    );
  });

  it('is dynamic only where scores are drawn by', () => {
    const contrastScores = { d0: [1, 2] };
    expect(makeSampler([2], { batchSize: 1 }).input).toBeUndefined();
    expect(makeSampler([2], { batchSize: 1, contrastScores, shuffle: false }).input).toBeUndefined();
    const sampler = makeSampler([2], { batchSize: 1, contrastScores });
    sampler.setInput({ step: 5 });
    expect(sampler.input?.()).toEqual({ step: 5 });
    expect(() => sampler.setStep(-1)).toThrow('Cannot set the step of a ByDatasetBatchSampler');
  });

  it('refuses scores that cannot fill a batch, and names every option that is wrong', () => {
    expect(() => makeSampler([4, 2], { batchSize: 3, contrastScores: { d0: [1, 0, 0, 2], d1: [1, 1] } })).toThrow(
      'Cannot make a ByDatasetBatchSampler: expected at least 3 contrast scores above 0 for "d0", as many as a batch takes, got 2',
    );
    expect(() => makeSampler([4, 2], { batchSize: 3, contrastScores: { d0: [1, 1, 1, 2], d1: [0, 0] } })).toThrow(
      'at least 1 contrast scores above 0 for "d1"',
    );
    expect(() => makeSampler([2], { batchSize: 1, contrastScores: { d0: [1] } })).toThrow(
      'expected 2 for "d0", one a sample, got 1',
    );
    expect(makeSampler([2], { batchSize: 1, contrastScores: { d0: [1] }, onMismatch: 'pad' }).length).toBe(2);
    const wrong = { batchSize: 0, shuffle: 'no', rank: -1, drop_last: true, contrastScores: 3 };
    expect(() => makeSampler([2], wrong as object as { batchSize: number })).toThrow(
      /drop_last: .*contrastScores: .*rank: .*batchSize: .*shuffle: /s,
    );
  });
});

describe('drawDistinct()', () => {
  it('draws by the same law where throwing away repetitions does not end', () => {
    // One sample has nearly all the weight: attempts give it alone, the rest comes from the pass over those left.
    const weights = [1e-12, 2e-12, 1, 3e-12];
    const draws = new PlaceDraws({ seed: 4, epoch: 0, purpose: Purpose.datasetRest });
    const firsts = range(8000).map((batch) => {
      const drawn = drawDistinct({
        count: 3,
        draw: () => 2,
        weights: () => Float64Array.from(weights),
        drawAt: (index) => draws.first(index, batch),
      });
      expect([drawn[0], new Set(drawn).size]).toEqual([2, 3]);
      return drawn[1]!;
    });
    expect(chiSquare(countEach(firsts, 4), [1, 2, 0, 3])).toBeLessThan(chiSquareLimit(2));
  });
});

describe('RoundRobin', () => {
  it('lets queues take turns while they have entries', () => {
    const turns = (lengths: readonly number[]): string[] => {
      const walk = new RoundRobin(lengths);
      return range(walk.length).map((position) => `${walk.at(position).turn}.${walk.at(position).round}`);
    };
    expect(turns([2, 0, 3, 1])).toEqual(['0.0', '2.0', '3.0', '0.1', '2.1', '2.2']);
    expect(turns([])).toEqual([]);
    expect(turns([0])).toEqual([]);
    expect(turns([1, 1])).toEqual(['0.0', '1.0']);
  });
});

// Seed 003's curriculum sampler against its formula.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { tensor } from '../../tensor/index.ts';
import { ClampedWeights } from './clamped-weights.ts';
import { ContrastWeightedSampler, type ContrastWeightedSamplerOptions } from './contrast-weighted-sampler.ts';
import { RandomSampler } from './random-sampler.ts';
import {
  ascending,
  chiSquare,
  chiSquareLimit,
  countEach,
  differingPositions,
  list,
  range,
} from './statistics.fixture.ts';

type Options = Partial<ContrastWeightedSamplerOptions>;

/** A sampler over data sets "d0", "d1", … with these scores. */
function makeSampler(scores: readonly (readonly number[])[], options: Options = {}): ContrastWeightedSampler {
  const names = scores.map((_, i) => `d${i}`);
  return new ContrastWeightedSampler({
    dataset: { datasets: scores.map((own, datasetIdx) => ({ length: own.length, datasetIdx })) },
    contrastScoresDict: Object.fromEntries(names.map((name, i) => [name, scores[i]!])),
    datasetNameToIdx: Object.fromEntries(names.map((name, i) => [name, i])),
    ...options,
  });
}

const scoreArrays = fc
  .array(fc.oneof(fc.constant(0), fc.constant(1), fc.double({ min: 0, max: 5, noNaN: true })), {
    minLength: 1,
    maxLength: 300,
  })
  .map((scores) => Float32Array.from(scores))
  .filter((scores) => scores.some((score) => score > 0));

describe('ClampedWeights', () => {
  it('gives sample i a stretch of u as long as min(alpha * score_i, 1) is of the sum', () => {
    const NUM_POINTS = 4096;
    fc.assert(
      fc.property(
        scoreArrays,
        fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1, maxLength: 3 }),
        (scores, alphas) => {
          const table = new ClampedWeights(scores);
          for (const alpha of alphas) {
            const weights = [...scores].map((score) => Math.min(alpha * score, 1));
            const sum = weights.reduce((a, b) => a + b);
            const drawn = range(NUM_POINTS).map((point) => table.draw((point + 0.5) / NUM_POINTS, alpha));
            const counts = countEach(drawn, scores.length);
            // As many points as fit into the stretch, and each sample has one stretch.
            counts.forEach((count, i) => {
              expect(Math.abs(count - (NUM_POINTS * weights[i]!) / sum)).toBeLessThan(1 + 1e-6);
              if (weights[i] === 0) expect(count).toBe(0);
            });
            expect(drawn.filter((sample, point) => point === 0 || sample !== drawn[point - 1]).length).toBe(
              new Set(drawn).size,
            );
          }
        },
      ),
    );
  });

  it('never draws a sample of score 0 or none at all, at the ends of [0, 1)', () => {
    fc.assert(
      fc.property(scoreArrays, fc.double({ min: 0.5, max: 1, noNaN: true }), (scores, alpha) => {
        const table = new ClampedWeights(scores);
        for (const u of [0, Number.MIN_VALUE, 0.5, 1 - 2 ** -53])
          expect(scores[table.draw(u, alpha)]).toBeGreaterThan(0);
      }),
    );
  });

  it('knows its scores, weights and how many are above 0', () => {
    const table = new ClampedWeights(Float32Array.of(3, 0, 1, 0));
    expect([...table.scores()]).toEqual([3, 0, 1, 0]);
    expect([...table.weights(0.5)]).toEqual([1, 0, 0.5, 0]);
    expect(table.numPositive).toBe(2);
    expect(new ClampedWeights(Float32Array.of(0)).numPositive).toBe(0);
  });
});

describe('ContrastWeightedSampler', () => {
  const scores = [[0, 0.2, 1, 1.3], [1.6, 2.5, 40, 0.9]]; // biome-ignore format: a table
  const flat = scores.flat();
  /** How often each sample comes, in so many epochs at this step. */
  const count = (sampler: ContrastWeightedSampler, step: number, epochs: number): number[] => {
    sampler.setStep(step);
    return countEach(
      range(epochs).flatMap((epoch) => list(sampler.order(epoch))),
      8,
    );
  };

  it.each([0, 500, 799, 999])(
    'draws in proportion to min(alpha * c, 1), with replacement, at step %i of 1000',
    (step) => {
      const alpha = 0.5 + (0.5 * step) / 1000;
      const counts = count(makeSampler(scores, { warmupSteps: 1000, seed: 1 }), step, 5000);
      expect(
        chiSquare(
          counts,
          flat.map((c) => Math.min(alpha * c, 1)),
        ),
      ).toBeLessThan(chiSquareLimit(6));
    },
  );

  it.each([0, 300, 999])(
    'blends from the weights of step 0 to equal ones with transition "blend", at step %i of 1000',
    (step) => {
      const t = step / 1000;
      const first = flat.map((c) => Math.min(c / 2, 1));
      const sum = first.reduce((a, b) => a + b);
      const shares = first.map((weight) => ((1 - t) * weight) / sum + t / 8);
      const counts = count(makeSampler(scores, { warmupSteps: 1000, seed: 2, transition: 'blend' }), step, 5000);
      expect(chiSquare(counts, shares)).toBeLessThan(chiSquareLimit(step === 0 ? 6 : 7));
    },
  );

  it('plays every sample once, shuffled as by RandomSampler, from the end of the warm-up on', () => {
    for (const transition of ['clamp', 'blend'] as const) {
      const sampler = makeSampler(scores, { warmupSteps: 10, seed: 3, transition });
      sampler.setStep(10);
      expect(list(sampler.order(4))).toEqual(list(new RandomSampler(8, { seed: 3 }).order(4)));
      sampler.setStep(9);
      expect(list(sampler.order(4))).not.toEqual(list(new RandomSampler(8, { seed: 3 }).order(4)));
    }
    expect(ascending(list(makeSampler(scores, { warmupSteps: 0 }).order(0)))).toEqual(range(8)); // no warm-up
  });

  it('plays samples in their order where it does not shuffle', () => {
    expect(list(makeSampler(scores, { shuffle: false }).order(3))).toEqual(range(8));
  });

  it('shares out an epoch among ranks as DistributedSampler does, at any step, and is pure', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(
            fc.integer({ min: 1, max: 30 }).map((c) => c / 10),
            { maxLength: 20 },
          ),
          { minLength: 1, maxLength: 4 },
        ),
        fc.record({
          numReplicas: fc.integer({ min: 1, max: 6 }),
          dropLast: fc.boolean(),
          shuffle: fc.boolean(),
          seed: fc.maxSafeNat(),
        }),
        fc.record({ step: fc.nat(12), epoch: fc.nat(5) }),
        fc.constantFrom('clamp' as const, 'blend' as const),
        (own, options, { step, epoch }, transition) => {
          const all = { ...options, transition, warmupSteps: 10 };
          const whole = makeSampler(own, { ...all, numReplicas: 1 });
          const played = list(whole.order(epoch), { step });
          const numReplicas = options.numReplicas;
          const each = options.dropLast
            ? Math.floor(played.length / numReplicas)
            : Math.ceil(played.length / numReplicas);
          const ranks = range(numReplicas).map((rank) => makeSampler(own, { ...all, rank }));
          expect(ranks.map((rank) => rank.length)).toEqual(range(numReplicas).fill(each));
          const parts = ranks.map((rank) => list(rank.order(epoch), { step }));
          const together = range(each * numReplicas).map((i) => parts[i % numReplicas]![Math.floor(i / numReplicas)]);
          expect(together).toEqual(range(each * numReplicas).map((i) => played[i % played.length]));
          expect(differingPositions(whole, epoch, { step })).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('plays each position by its own step, whatever was played before', () => {
    const sampler = makeSampler(scores, { warmupSteps: 10, stepAt: 'batch' });
    const order = sampler.order(0);
    const at = (position: number, step: number): number => sampler.order(0).at(position, { step });
    for (const [position, step] of [[3, 0], [1, 12], [3, 9], [1, 10], [7, 5], [0, 10]] as const) {
      expect(order.at(position, { step })).toBe(at(position, step));
    } // biome-ignore format: a table
  });

  it('takes the step of when an epoch began, where nobody gives it an input', () => {
    const sampler = makeSampler(scores, { warmupSteps: 10 });
    const order = sampler.order(0);
    const first = order.at(0);
    sampler.setStep(10);
    expect([order.at(0), order.at(1)]).toEqual([first, makeSampler(scores, { warmupSteps: 10 }).order(0).at(1)]);
  });

  it('says its step as its input, and takes it back', () => {
    const sampler = makeSampler(scores);
    sampler.setStep(77);
    const other = makeSampler(scores);
    other.setInput(sampler.input());
    expect(other.input()).toEqual({ step: 77 });
    expect(() => other.setInput({ steps: 3 })).toThrow(
      'Cannot read the input of a sampler: expected { step }, got {"steps":3}',
    );
    for (const step of [-1, 0.5, Number.NaN, '3' as unknown as number]) {
      expect(() => other.setStep(step)).toThrow(
        `Cannot set the step of a ContrastWeightedSampler: expected an integer from 0 on, got ${step}`,
      );
    }
  });

  it('finds scores by the number of each data set’s tag, in any order, also in tensors', () => {
    const sampler = new ContrastWeightedSampler({
      dataset: { datasets: [{ length: 1, datasetIdx: 5 }, { length: 2, datasetIdx: 2 }] },
      contrastScoresDict: { two: tensor([0, 1]), five: Float64Array.of(0) },
      datasetNameToIdx: { two: 2, five: 5 },
    }); // biome-ignore format: a table
    expect(new Set(list(sampler.order(0)))).toEqual(new Set([2])); // the only score above 0
  });

  it('refuses scores that do not fit, and pads and cuts them where it is asked to', () => {
    const options = (onMismatch?: 'pad'): ContrastWeightedSamplerOptions => ({
      dataset: { datasets: [{ length: 3 }, { length: 1 }, { length: 2 }] },
      contrastScoresDict: { short: [0], long: [0, 1, 1] },
      datasetNameToIdx: { short: 0, long: 1, none: 2 },
      ...(onMismatch && { onMismatch }),
    });
    expect(() => new ContrastWeightedSampler(options())).toThrow(ConfigError);
    expect(() => new ContrastWeightedSampler(options())).toThrow(
      /expected 3 for "short", one a sample, got 1; onMismatch: 'pad'.*expected 1 for "long".*got 3;.*expected 2 for "none".*got none/s,
    );
    const padded = new ContrastWeightedSampler(options('pad'));
    const counts = countEach(
      range(4000).flatMap((epoch) => list(padded.order(epoch))),
      6,
    );
    expect(chiSquare(counts, [0, 1, 1, 0, 1, 1])).toBeLessThan(chiSquareLimit(3));
  });

  it('refuses scores and names that are none', () => {
    expect(() => makeSampler([[1], [2, -0.5]])).toThrow(
      'Cannot make a ContrastWeightedSampler: expected contrast scores that are finite and not negative, got -0.5 for sample 1 of "d1"',
    );
    expect(() => makeSampler([[Number.NaN]])).toThrow('got NaN for sample 0 of "d0"');
    expect(() => makeSampler([[1e39]])).toThrow('got 1e+39 for sample 0'); // infinite in float32
    expect(() => makeSampler([[0, -0], [0]])).toThrow('expected a contrast score above 0, got 3 scores without one');
    expect(() => makeSampler([[1]], { contrastScoresDict: { d0: [1], other: [1] } })).toThrow(
      'expected scores of the datasets d0, got some of "other"',
    );
    expect(() => makeSampler([[1]], { datasetNameToIdx: { d0: 0, d1: 1 } })).toThrow(
      'expected "d1" to be one of the datasets 0, got 1',
    );
    expect(() => makeSampler([[1]], { datasetNameToIdx: {} })).toThrow('expected a name for datasetIdx 0, got none');
    expect(() => makeSampler([[1]], { datasetNameToIdx: { d0: 0, same: 0 } })).toThrow(
      'expected one name a dataset, got "d0" and "same" for 0',
    );
    expect(() => makeSampler([[1]], { contrastScoresDict: { d0: tensor([[1]]) } })).toThrow(
      'expected contrast scores of "d0" that are',
    );
  });

  it('names every option that is wrong', () => {
    const wrong = {
      dataset: [],
      datasetNameToIdx: 3,
      warmupSteps: -1,
      transition: 'jump',
      stepAt: 'now',
      onMismatch: 1,
      seeds: 1,
      rank: 1,
    };
    expect(() => new ContrastWeightedSampler(wrong as object as ContrastWeightedSamplerOptions)).toThrow(
      /seeds: .*dataset: expected a ConcatDataset.*contrastScoresDict: .*datasetNameToIdx: .*rank: .*warmupSteps: expected an integer from 0 on, got -1.*transition: expected 'clamp' or 'blend', got jump.*stepAt: .*onMismatch: /s,
    );
  });

  it('is empty over no samples', () => {
    expect(list(makeSampler([[]], { numReplicas: 2, rank: 1 }).order(0))).toEqual([]);
  });
});

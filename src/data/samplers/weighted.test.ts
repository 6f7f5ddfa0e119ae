// Weighted draws, with and without replacement, against their exact probabilities.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../errors.ts';
import { tensor } from '../../tensor/index.ts';
import { Purpose } from '../philox.ts';
import { PlaceDraws } from './draws.ts';
import {
  ascending,
  chiSquare,
  chiSquareLimit,
  countEach,
  differingPositions,
  list,
  range,
} from './statistics.fixture.ts';
import { weightedOrder } from './weighted-order.ts';
import { WeightedRandomSampler } from './weighted-random-sampler.ts';

const weightArrays = fc
  .array(
    fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1e300, noNaN: true }), fc.integer({ min: 1, max: 9 })),
    { minLength: 1, maxLength: 60 },
  )
  .filter((weights) => weights.some((weight) => weight > 0));

describe('WeightedRandomSampler with replacement', () => {
  it('draws in proportion to the weights, never a sample of weight 0', () => {
    const weights = [0, 1, 0, 0, 2.5, 1e-3, 7, 0];
    const sampler = new WeightedRandomSampler(weights, { numSamples: 100_000, seed: 11 });
    const counts = countEach(list(sampler.order(3)), weights.length);
    expect(chiSquare(counts, weights)).toBeLessThan(chiSquareLimit(3));
  });

  it('draws each position for itself: pairs are as likely as their factors', () => {
    const weights = [1, 2, 3];
    const played = list(new WeightedRandomSampler(weights, { numSamples: 40_000, seed: 12 }).order(0));
    const pairs = range(20_000).map((i) => played[2 * i]! * 3 + played[2 * i + 1]!);
    const products = weights.flatMap((first) => weights.map((second) => first * second));
    expect(chiSquare(countEach(pairs, 9), products)).toBeLessThan(chiSquareLimit(8));
  });

  it('is a pure function of seed, epoch and position, for any weights', () => {
    fc.assert(
      fc.property(weightArrays, fc.maxSafeNat(), fc.nat(2 ** 32 - 1), (weights, seed, epoch) => {
        const sampler = new WeightedRandomSampler(weights, { seed, numSamples: 40 });
        for (const index of list(sampler.order(epoch))) expect(weights[index]).toBeGreaterThan(0);
        expect(differingPositions(sampler, epoch)).toEqual([]);
      }),
    );
  });

  it('takes weights of any size, and a tensor of them', () => {
    const tiny = new WeightedRandomSampler([5e-324, 0, 5e-324], { numSamples: 1000, seed: 1 });
    const huge = new WeightedRandomSampler([1e308, 0, 1e308], { numSamples: 1000, seed: 1 });
    expect(list(tiny.order(0))).toEqual(list(huge.order(0)));
    expect(countEach(list(huge.order(0)), 3)[1]).toBe(0);
    const ones = new WeightedRandomSampler(tensor([1, 0, 1]), { numSamples: 1000, seed: 1 });
    expect(list(ones.order(0))).toEqual(list(huge.order(0)));
    expect(new WeightedRandomSampler(tensor([1n, 2n])).length).toBe(2);
  });

  it('keeps the weights that it was given, whatever becomes of the array', () => {
    const weights = [0, 1];
    const sampler = new WeightedRandomSampler(weights, { numSamples: 20 });
    weights.reverse();
    expect(new Set(list(sampler.order(0)))).toEqual(new Set([1]));
  });

  it('never ends with numSamples: Infinity', () => {
    const sampler = new WeightedRandomSampler([1, 1], { numSamples: Number.POSITIVE_INFINITY });
    expect(sampler.length).toBe(Number.POSITIVE_INFINITY);
    expect([0, 1]).toContain(sampler.order(0).at(2 ** 45));
  });
});

/** Probabilities of the ordered pairs of different samples, in the order (0, 1), (0, 2), …: each is drawn among those left. */
function pairShares(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.flatMap((first, i) =>
    weights.map((second, j) => (i === j ? 0 : (first / total) * (second / (total - first)))),
  );
}

describe('WeightedRandomSampler without replacement', () => {
  it('draws each sample among those that are left, in proportion to the weights', () => {
    const weights = [1, 2, 3, 4, 0];
    const pairs = range(20_000).map((epoch) => {
      const order = new WeightedRandomSampler(weights, { replacement: false, numSamples: 2, seed: 13 }).order(epoch);
      return order.at(0) * 5 + order.at(1);
    });
    expect(chiSquare(countEach(pairs, 25), pairShares(weights))).toBeLessThan(chiSquareLimit(11));
  });

  it('plays every sample of a weight above 0 exactly once by default', () => {
    fc.assert(
      fc.property(weightArrays, fc.nat(), fc.nat(100), (weights, seed, epoch) => {
        const sampler = new WeightedRandomSampler(weights, { replacement: false, seed });
        const positive = range(weights.length).filter((index) => weights[index]! > 0);
        expect(ascending(list(sampler.order(epoch)))).toEqual(positive);
        expect(differingPositions(sampler, epoch)).toEqual([]);
      }),
    );
  });

  it('lets heavy samples come first', () => {
    const weights = [...range(50).fill(1), ...range(50).fill(1000)];
    const played = list(new WeightedRandomSampler(weights, { replacement: false, seed: 3 }).order(0));
    expect(played.slice(0, 45).filter((index) => index >= 50).length).toBeGreaterThan(43);
  });
});

describe('weightedOrder()', () => {
  it('orders samples by their exact times also where the bits that the sort sees are equal', () => {
    // Times of these rates differ in their last bits only: -log(1 - u) / w with w chosen so that all times are nearly 1.
    const draws = new PlaceDraws({ seed: 5, epoch: 0, purpose: Purpose.weightedOrder });
    const drawAt = (index: number): number => draws.first(index);
    const length = 2 ** 12;
    const times = new Float64Array(length);
    const ones = range(length).map((index) => -Math.log(1 - drawAt(index)));
    const weights = ones.map((time, i) => {
      times[i] = 1 + ((i * 997) % length) * 2 ** -52;
      return time / times[i]!;
    });
    const exact = weights.map((weight, i) => ones[i]! / weight); // what rounding makes of the times
    const order = [...weightedOrder(weights, length, drawAt)];
    for (let place = 1; place < length; place++)
      expect(exact[order[place]!]!).toBeGreaterThanOrEqual(exact[order[place - 1]!]!);
  });
});

describe('WeightedRandomSampler', () => {
  it('refuses weights that are none', () => {
    const make =
      (weights: readonly number[], options = {}) =>
      () =>
        new WeightedRandomSampler(weights, options);
    expect(make([1, -2])).toThrow(
      'Cannot make a WeightedRandomSampler: expected weights that are finite and not negative, got -2 for sample 1',
    );
    expect(make([Number.NaN])).toThrow('got NaN for sample 0');
    expect(make([1, Number.POSITIVE_INFINITY])).toThrow('got Infinity for sample 1');
    expect(make([0, 0])).toThrow('expected a weight above 0, got 2 weights without one');
    expect(make([])).toThrow('expected a weight above 0, got 0 weights without one');
    expect(make([1, 0, 2], { replacement: false, numSamples: 3 })).toThrow(
      'expected at most 2 draws without replacement, as many as there are weights above 0, got numSamples 3; give fewer, or replacement: true',
    );
    expect(() => new WeightedRandomSampler(tensor([[1, 2]]))).toThrow('got a tensor of shape [1, 2]');
    expect(() => new WeightedRandomSampler(5 as unknown as number[])).toThrow(
      'expected weights that are an array or a tensor of one dimension, got 5',
    );
  });

  it('names every option that is wrong', () => {
    const options = { numSamples: 0, replacement: 1, sed: 3 } as object;
    expect(() => new WeightedRandomSampler([1], options)).toThrow(ConfigError);
    expect(() => new WeightedRandomSampler([1], 500 as never)).toThrow(
      'options: expected an object with numSamples, replacement, seed, got 500',
    );
    expect(() => new WeightedRandomSampler([1], options)).toThrow(/sed: .*replacement: .*numSamples: /s);
    expect(() => new WeightedRandomSampler([1], { replacement: false, numSamples: Number.POSITIVE_INFINITY })).toThrow(
      'numSamples: expected an integer above 0, got Infinity',
    );
  });
});

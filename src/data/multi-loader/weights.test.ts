// Shares by size and by a schedule over the training.
import { describe, expect, it } from 'vitest';
import { OptionProblems } from '../option-problems.ts';
import { checkWeightSchedule, sharesOf, temperatureWeights, type WeightSchedule } from './weights.ts';

const rounded = (weights: readonly number[]): number[] => weights.map((weight) => Math.round(weight * 1e6) / 1e6);

describe('temperatureWeights()', () => {
  it.each([
    [[100, 300], 1, [0.25, 0.75]],
    [[100, 400], 2, [1 / 3, 2 / 3]],
    [[1, 32], 5, [1 / 3, 2 / 3]],
    [[100, 300], Number.POSITIVE_INFINITY, [0.5, 0.5]],
    [[1, 2], 0.5, [0.2, 0.8]],
    [[7], 3, [1]],
  ])('of sizes %j under %d', (sizes, temperature, expected) => {
    expect(rounded(temperatureWeights(sizes, temperature))).toEqual(rounded(expected));
  });

  it('stays finite for great sizes under small temperatures', () => {
    expect(temperatureWeights([1e300, 1], 1e-3)).toEqual([1, 0]);
  });

  it.each([[0], [Number.POSITIVE_INFINITY]])('refuses a size of %d', (size) => {
    expect(() => temperatureWeights([3, size], 2)).toThrow(
      `Cannot weigh loaders by size: expected sizes above 0 that have an end, got ${size} of loader 1; give sizes, one a loader`,
    );
  });
});

describe('sharesOf()', () => {
  const points = [
    { batch: 10, weights: [4, 0] },
    { batch: 20, weights: [1, 1] },
    { batch: 40, weights: [0, 1] },
  ];
  const at = (schedule: WeightSchedule, batches: readonly number[]): number[] =>
    rounded(batches.map((batch) => sharesOf(schedule, 2)(batch)[0]!));

  it('goes in a straight line from point to point, each point as shares', () => {
    expect(at({ points }, [0, 10, 15, 20, 30, 40, 99])).toEqual([1, 1, 0.75, 0.5, 0.25, 0, 0]);
  });

  it('goes on half a cosine wave', () => {
    const half = (1 - Math.cos(Math.PI / 4)) / 2; // a quarter of the way
    expect(at({ points, interpolation: 'cosine' }, [10, 15, 25, 40])).toEqual(rounded([1, 0.75, 0.5 - 0.5 * half, 0]));
  });

  it('goes in steps', () => {
    expect(at({ points, interpolation: 'step' }, [0, 19, 20, 39, 40])).toEqual([1, 1, 0.5, 0.5, 0]);
  });

  it('gives the same at every batch, in whatever order it is asked', () => {
    const shares = sharesOf({ points }, 2);
    const forwards = Array.from({ length: 50 }, (_, batch) => shares(batch));
    const backwards = Array.from({ length: 50 }, (_, i) => shares(49 - i)).reverse();
    expect(backwards).toEqual(forwards);
  });

  it('makes shares of what a function gives, and says where that is none', () => {
    const shares = sharesOf((batch) => (batch < 5 ? [1, 3] : [0, 0]), 2);
    expect(shares(4)).toEqual([0.25, 0.75]);
    expect(() => shares(5)).toThrow(
      'Cannot weigh loaders at batch 5: expected 2 finite numbers from 0 on, one a loader and one above 0, from weightSchedule, got [0, 0]',
    );
  });
});

describe('checkWeightSchedule()', () => {
  it.each<[schedule: object, problem: string]>([
    [{ points: [] }, 'weightSchedule.points: expected at least one { batch, weights }, got []'],
    [{}, 'weightSchedule.points: expected at least one { batch, weights }, got none'],
    [
      { points: [{ batch: -1, weights: [1, 1] }] },
      'weightSchedule.points.0.batch: expected an integer from 0 on, got -1',
    ],
    [
      {
        points: [
          { batch: 5, weights: [1, 1] },
          { batch: 5, weights: [1, 1] },
        ],
      },
      'weightSchedule.points.1.batch: expected an integer above 5, which is that of the point before, got 5',
    ],
    [
      { points: [{ batch: 0, weights: [0, 0] }] },
      'weightSchedule.points.0.weights: expected 2 finite numbers from 0 on, one a loader and one above 0, got [0, 0]',
    ],
    [{ points: [{ batch: 0, weights: [1] }] }, 'weightSchedule.points.0.weights: expected 2 finite numbers'],
    [
      { points: [{ batch: 0, weights: [1, 1] }], interpolation: 'cubic' },
      'weightSchedule.interpolation: expected one of linear, cosine, step, got cubic',
    ],
    [
      { points: [{ batch: 0, weights: [1, 1] }], steps: 3 },
      'weightSchedule.steps: expected points or interpolation, got an unknown one',
    ],
  ])('%j is told', (schedule, problem) => {
    const problems = new OptionProblems();
    checkWeightSchedule(schedule as WeightSchedule, 2, problems);
    expect(problems.lines).toEqual([expect.stringContaining(problem)]);
  });
});

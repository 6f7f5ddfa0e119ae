// Measures of transfer against values worked out by hand.
import { describe, expect, test } from 'vitest';
import {
  averageAccuracies,
  averageAccuracy,
  averageForgetting,
  backwardTransfer,
  forwardTransfer,
  transferMeasures,
} from './transfer.ts';

// Task 1 is best after task 2, task 2 after it was learnt.
const matrix = [
  [0.8, 0.3, 0.1],
  [0.9, 0.7, 0.4],
  [0.5, 0.6, 1],
];
const baseline = [0.1, 0.2, 0.3];

describe('transferMeasures()', () => {
  test('gives what the formulas give by hand', () => {
    expect(averageAccuracy(matrix)).toBeCloseTo((0.5 + 0.6 + 1) / 3, 12);
    averageAccuracies(matrix).forEach((value, k) => {
      expect(value).toBeCloseTo([0.8, 0.8, 0.7][k]!, 12);
    });
    expect(averageForgetting(matrix)).toBeCloseTo((0.9 - 0.5 + (0.7 - 0.6)) / 2, 12);
    expect(backwardTransfer(matrix)).toBeCloseTo((0.5 - 0.8 + (0.6 - 0.7)) / 2, 12);
    expect(forwardTransfer(matrix, baseline)).toBeCloseTo((0.3 - 0.2 + (0.4 - 0.3)) / 2, 12);
    expect(Object.keys(transferMeasures(matrix, baseline))).toEqual([
      ...['average_accuracy', 'average_forgetting', 'backward_transfer', 'forward_transfer'],
    ]);
  });

  test('counts a last task that helps as forgetting below 0, and leaves out what only the last task reached', () => {
    const helped = [
      [0.5, 0],
      [0.75, 1],
    ];
    expect(averageForgetting(helped)).toBe(-0.25);
    expect(backwardTransfer(helped)).toBe(0.25);
  });

  test('refuses matrices that are not square, single tasks and baselines of another length', () => {
    expect(() => averageAccuracy([[1, 0]])).toThrow(
      'expected a square matrix of at least 1 tasks, got one with rows of 2',
    );
    expect(() => averageForgetting([[1]])).toThrow('expected a square matrix of at least 2 tasks, got one of 1');
    expect(() => averageAccuracy([])).toThrow(RangeError);
    expect(() => forwardTransfer(matrix, [0.1])).toThrow('expected a baseline of 3 accuracies, got 1');
  });
});

// What parts of sconce/multidataset refuse before anything is made: all that is wrong, at once.
import { expect, test } from 'vitest';
import { ConfigError } from '../errors.ts';
import { MeanMetric } from '../metrics/index.ts';
import { tensor } from '../tensor/index.ts';
import { BSoftplus, GroupMetrics, ReadoutBias, SplitRelu } from './index.ts';

const problemsOf = (Class: unknown, ...given: readonly unknown[]): readonly string[] => {
  try {
    new (Class as new (...given: readonly unknown[]) => unknown)(...given);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

test('activations refuse options that they do not have, and values that are none', () => {
  expect(problemsOf(SplitRelu, { split_dim: 1, splitDim: 0.5, trainableGain: 1 })).toEqual([
    'split_dim: expected one of splitDim, trainableGain, got an unknown option',
    'splitDim: expected an integer, got 0.5',
    'trainableGain: expected true or false, got 1',
  ]);
  expect(problemsOf(SplitRelu, null)).toEqual(['expected an options object, got null']);
  expect(problemsOf(SplitRelu, { splitDim: -1 })).toEqual([]);
  expect(problemsOf(BSoftplus, { beta: 1, betaInit: 0, betaMin: 2, betaMax: 1 })).toEqual([
    'beta: expected one of betaInit, betaMin, betaMax, got an unknown option',
    'betaInit: expected a number above 0, got 0',
    'betaMax: expected a number of at least betaMin, 2, got 1',
  ]);
  expect(problemsOf(BSoftplus, null)).toEqual(['expected an options object, got null']);
  expect(problemsOf(BSoftplus, { betaMin: 1, betaMax: 1 })).toEqual([]);
});

test('GroupMetrics refuses what is no metric with its inputs', () => {
  const wanted = (part: number, got: string): string =>
    `part ${part}: expected [metric, (output, group) => its inputs], got ${got}`;
  const metric = new MeanMetric({ name: 'loss' });
  expect(problemsOf(GroupMetrics)).toEqual(['parts: expected one or more pairs of a metric and a function, got none']);
  expect(problemsOf(GroupMetrics, metric, [metric], [metric, () => [tensor(1)]], [undefined, () => []])).toEqual([
    wanted(0, 'an object'),
    wanted(1, '[an object]'),
    wanted(3, '[undefined, a function]'),
  ]);
});

test('ReadoutBias refuses what is no model, and data sets that are not asked for when training begins', () => {
  expect(problemsOf(ReadoutBias, {}, { mouse: {} })).toEqual([
    'model: expected a MultiDatasetModel, got an object',
    'datasets: expected a function that gives data sets by their names, got an object',
  ]);
});

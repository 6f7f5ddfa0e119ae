// `randomSplit`: a dataset cut into parts at random.

import { checkStreamKey, Purpose, permutation } from '../philox.ts';
import { type Dataset, datasetName, expectDataset } from './dataset.ts';
import { Subset } from './subset.ts';

/** Options of {@link randomSplit}. */
export interface RandomSplitOptions {
  /** Fixes which sample goes where. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
}

/**
 * Cuts a dataset into parts at random, each sample into one of them.
 * @param lengths - samples of each part, which sum up to the dataset's; or fractions, which sum up to 1: each part has its fraction rounded down, and the samples
 *   that remain go to the parts one by one from the first on.
 * @throws {RangeError} where they are neither.
 *
 * Source: torch.utils.data.random_split; the parts are as long, the samples in them are others.
 * @example
 * import { ArrayDataset, randomSplit } from 'sconce/data';
 * const [train, test] = randomSplit(new ArrayDataset('abcdefghij'), [0.75, 0.25], { seed: 1 });
 * [train!.length, test!.length]; // [8, 2]
 */
export function randomSplit<S>(
  dataset: Dataset<S>,
  lengths: readonly number[],
  { seed = 0 }: RandomSplitOptions = {},
): Subset<S>[] {
  expectDataset(dataset, 'split a dataset');
  checkStreamKey(`split ${datasetName(dataset)}`, seed);
  const counts = countParts(dataset, lengths);
  const order = permutation(dataset.length, { seed, epoch: 0, purpose: Purpose.split });
  let start = 0;
  return counts.map((count) => {
    start += count;
    return new Subset(dataset, order.subarray(start - count, start));
  });
}

function countParts<S>(dataset: Dataset<S>, lengths: readonly number[]): number[] {
  const { length } = dataset;
  const sum = lengths.reduce((total, one) => total + one, 0);
  const areCounts = lengths.every((one) => Number.isInteger(one) && one >= 0);
  if (areCounts && sum === length) return [...lengths];
  const areFractions = lengths.every((one) => one >= 0 && one <= 1) && Math.abs(sum - 1) < 1e-9;
  if (!areFractions) {
    throw new RangeError(
      `Cannot split ${datasetName(dataset)}: expected counts that sum up to its ${length} samples, or fractions that sum up to 1, got [${lengths.join(', ')}]`,
    );
  }
  const counts = lengths.map((fraction) => Math.floor(length * fraction));
  const remaining = length - counts.reduce((total, one) => total + one, 0);
  for (let i = 0; i < remaining; i++) counts[i % counts.length]!++;
  return counts;
}

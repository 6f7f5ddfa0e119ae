// What all data of this room becomes: a loader for training and one for tests.

import { DataLoader, TensorDataset } from '../../data/index.ts';
import type { BatchTransform } from '../../data/loader/finishing.ts';
import { Purpose, permutation } from '../../data/philox.ts';
import { count, type Rule } from '../../metrics/options.ts';
import { tensor } from '../../tensor/from-data.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** Inputs [N, …] of float32 and classes [N] of int64. */
export type Pair = [inputs: Tensor, classes: Tensor];

/** Loads batches of inputs and classes. */
export type PairLoader = DataLoader<Pair, Pair, Pair>;

/** What every loader of this room takes. */
export interface LoaderOptions {
  /** Samples in a batch. Default 64. */
  readonly batchSize?: number | undefined;
  /** Decides the order of the training samples and which of them a subset has. Default 42. */
  readonly seed?: number | undefined;
}

/** An integer from 0 to 2^53 - 1. */
export const seedRule: Rule = [
  'an integer from 0 to 2^53 - 1',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
];
export const loaderRules = { batchSize: count(), seed: seedRule };

/** Where classes of a data set are kept until they are batches. */
export interface Parts {
  readonly train: Pair;
  readonly test: Pair;
  readonly transform?: BatchTransform<Pair, Pair> | undefined;
}

/** The two loaders: training samples in an order of its own for each epoch, test samples in theirs. */
export function loadersOf(parts: Parts, { batchSize = 64, seed = 42 }: LoaderOptions): [PairLoader, PairLoader] {
  const { train, test, transform } = parts;
  const shared = { batchSize, seed, transform };
  return [
    new DataLoader<Pair, Pair, Pair>({ dataset: new TensorDataset(train), shuffle: true, ...shared }),
    new DataLoader<Pair, Pair, Pair>({ dataset: new TensorDataset(test), ...shared }),
  ];
}

/** So many samples of a pair, drawn by the seed; all where there are no more. */
export function subsetOf([inputs, classes]: Pair, size: number, seed: number): Pair {
  const total = inputs.shape[0]!;
  if (size >= total) return [inputs, classes];
  const places = permutation(total, { seed, epoch: 0, purpose: Purpose.split }).slice(0, size);
  const chosen = tensor(BigInt64Array.from(places, BigInt));
  return [inputs.indexSelect(0, chosen), classes.indexSelect(0, chosen)];
}

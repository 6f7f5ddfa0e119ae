// What tests of continual learning learn: four classes of points in the plane, around a place that is not the origin: what one task does to the outputs touches the others.

import { DataLoader, TensorDataset } from '../../../data/index.ts';
import { Generator, randn, tensor } from '../../../tensor/index.ts';
import type { Pair } from '../../data/loaders.ts';

const CENTRES = [
  [5, 3],
  [1, 3],
  [3, 5],
  [3, 1],
] as const;

/** `perClass` points of each class around its centre, class after class. */
export function points(perClass: number, seed: number, spread = 0.5): Pair {
  const classes = CENTRES.flatMap((_, label) => Array.from({ length: perClass }, () => label));
  const centres = tensor(classes.map((label) => [...CENTRES[label]!])); // [N, 2]
  const noise = randn([classes.length, 2], { generator: new Generator(seed) });
  return [centres.add(noise.mul(spread)), tensor(BigInt64Array.from(classes, BigInt))];
}

/** Loaders of such points for training and for tests. */
export function pointLoaders(perClass = 16): [DataLoader<Pair, Pair>, DataLoader<Pair, Pair>] {
  const loaderOf = (seed: number) =>
    new DataLoader<Pair, Pair>({ dataset: new TensorDataset<Pair>(points(perClass, seed)), batchSize: 8 });
  return [loaderOf(1), loaderOf(2)];
}

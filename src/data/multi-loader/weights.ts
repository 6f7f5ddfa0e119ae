// The shares of loaders under `weighted`: by hand, by size under a temperature, or by a schedule over the training.
import { cos, pow } from '../../tensor/float-math.ts';
import { isPositiveInteger, type OptionProblems } from '../option-problems.ts';

/** The shares from some batch of the training on. */
export interface WeightPoint {
  /** How many batches came before, over all epochs. */
  readonly batch: number;
  /** Relative shares, one a loader, at least one above 0. They need not sum to 1. */
  readonly weights: readonly number[];
}

/** Shares that change over the training, as data. */
export interface WeightSchedule {
  /** By rising `batch`. Before the first point its weights hold, behind the last one its own. */
  readonly points: readonly WeightPoint[];
  /** From one point to the next: in a straight line (default), on half a cosine wave (slow, fast, slow), or in one step at the next point. */
  readonly interpolation?: 'linear' | 'cosine' | 'step' | undefined;
}

/** Shares as a pure function of how many batches came before, over all epochs: the same number always gives the same weights, one a loader. */
export type WeightFunction = (batch: number) => readonly number[];

const INTERPOLATIONS = ['linear', 'cosine', 'step'];

/** True for one finite number a loader, each above 0; with `isZeroFit`, some may be 0. */
export function areWeights(
  weights: unknown,
  numLoaders: number,
  { isZeroFit }: { readonly isZeroFit: boolean },
): weights is readonly number[] {
  if (!Array.isArray(weights) || weights.length !== numLoaders) return false;
  const isFit = (weight: unknown): boolean =>
    typeof weight === 'number' && Number.isFinite(weight) && (isZeroFit ? weight >= 0 : weight > 0);
  return weights.every(isFit) && weights.some((weight) => weight > 0);
}

/** Notes the problems of a weight schedule for `numLoaders` loaders. A function is checked when it is called. */
export function checkWeightSchedule(
  schedule: WeightSchedule | WeightFunction,
  numLoaders: number,
  problems: OptionProblems,
): void {
  if (typeof schedule === 'function') return;
  const { points, interpolation = 'linear' } = schedule;
  for (const key of Object.keys(schedule)) {
    const isKnown = key === 'points' || key === 'interpolation';
    problems.expect(isKnown, `weightSchedule.${key}`, { wanted: 'points or interpolation', got: 'an unknown one' });
  }
  problems.expect(INTERPOLATIONS.includes(interpolation), 'weightSchedule.interpolation', {
    wanted: `one of ${INTERPOLATIONS.join(', ')}`,
    got: interpolation,
  });
  const isList = Array.isArray(points) && points.length > 0;
  problems.expect(isList, 'weightSchedule.points', { wanted: 'at least one { batch, weights }', got: points });
  if (!isList) return;
  points.forEach((point: WeightPoint | undefined, i) => {
    const before = points[i - 1]?.batch ?? -1;
    const isNext = point?.batch === 0 || isPositiveInteger(point?.batch);
    problems.expect(isNext && point!.batch > before, `weightSchedule.points.${i}.batch`, {
      wanted: i === 0 ? 'an integer from 0 on' : `an integer above ${before}, which is that of the point before`,
      got: point?.batch,
    });
    const areFit = areWeights(point?.weights, numLoaders, { isZeroFit: true });
    problems.expect(areFit, `weightSchedule.points.${i}.weights`, {
      wanted: `${numLoaders} finite numbers from 0 on, one a loader and one above 0`,
      got: point?.weights,
    });
  });
}

/** Weights as shares that sum to 1. */
export function normalized(weights: readonly number[]): number[] {
  const sum = weights.reduce((partial, weight) => partial + weight, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * Shares by size: share_i = size_i^(1 / T) / Σ_j size_j^(1 / T). T = 1 plays loaders in proportion to their sizes, a greater one gives more to the small
 * ones, and T = Infinity gives all the same.
 * Source: Arivazhagan et al. 2019, "Massively multilingual neural machine translation in the wild", arXiv:1907.05019 (there T = 5); multilingual BERT
 * writes the exponent, 1 / T = 0.7.
 * @throws {RangeError} for a size that is 0 or without an end.
 */
export function temperatureWeights(sizes: readonly number[], temperature: number): number[] {
  const unfit = sizes.findIndex((size) => !(Number.isFinite(size) && size > 0));
  if (unfit >= 0) {
    throw new RangeError(
      `Cannot weigh loaders by size: expected sizes above 0 that have an end, got ${sizes[unfit]} of loader ${unfit}; give sizes, one a loader`,
    );
  }
  const largest = Math.max(...sizes); // dividing by it keeps the powers in range
  return normalized(sizes.map((size) => pow(size / largest, 1 / temperature)));
}

/**
 * The shares at every batch of the training; each call gives what a later call must not change.
 * @returns a function of how many batches came before, over all epochs.
 */
export function sharesOf(schedule: WeightSchedule | WeightFunction, numLoaders: number): WeightFunction {
  if (typeof schedule !== 'function') return interpolated(schedule);
  return (batch) => {
    const weights: unknown = schedule(batch);
    if (areWeights(weights, numLoaders, { isZeroFit: true })) return normalized(weights);
    const got = Array.isArray(weights) ? `[${weights.join(', ')}]` : String(weights);
    throw new RangeError(
      `Cannot weigh loaders at batch ${batch}: expected ${numLoaders} finite numbers from 0 on, one a loader and one above 0, from weightSchedule, got ${got}`,
    );
  };
}

/** Shares between points: each point's weights are shares first, so that how large they are written does not matter. */
function interpolated({ points, interpolation = 'linear' }: WeightSchedule): WeightFunction {
  const shares = points.map(({ weights }) => normalized(weights));
  let last = 0; // the segment found last: batches are mostly asked for one after the other
  return (batch) => {
    if (batch < points[last]!.batch) last = 0;
    while (last + 1 < points.length && points[last + 1]!.batch <= batch) last++;
    const from = shares[last]!;
    const to = shares[last + 1];
    if (to === undefined || interpolation === 'step' || batch <= points[last]!.batch) return from;
    const done = (batch - points[last]!.batch) / (points[last + 1]!.batch - points[last]!.batch);
    const part = interpolation === 'cosine' ? (1 - cos(Math.PI * done)) / 2 : done;
    return from.map((share, i) => share + (to[i]! - share) * part);
  };
}

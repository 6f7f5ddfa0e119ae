// How well predictions follow what is repeatable of responses: the correlation over that which noise leaves possible.

import { Purpose, permutation } from '../../data/philox.ts';
import { ShapeError } from '../../errors.ts';

/** Responses of repeated trials, one value a trial, a bin and a unit, in this order. */
export interface RepeatedTrials {
  /** [trials, bins, units] */
  readonly shape: readonly [number, number, number];
  /** NaN where there is none. */
  readonly robs: Float64Array;
  readonly rhat: Float64Array;
}

export interface CorrelationOptions {
  /** A bin counts with so many valid trials. Default 20. */
  readonly minTrialsPerBin?: number;
  /** In each half of the trials. Default: half of that. */
  readonly minTrialsPerHalf?: number;
  /** A unit counts with so many bins. Default 20. */
  readonly minTimeBins?: number;
  /** Pairs of halves of the trials. Default 50, by `seed`. */
  readonly splits?: readonly (readonly [readonly number[], readonly number[]])[];
  /** Default 0. */
  readonly seed?: number;
}

/** Of each unit; NaN where there is too little to know. */
export interface NoiseCorrectedCorrelation {
  /** ccabs / ccmax. */
  readonly ccnorm: number[];
  /** Between mean response and mean prediction over the bins. */
  readonly ccabs: number[];
  /** The greatest that noise leaves possible: sqrt(2 h / (1 + h)). */
  readonly ccmax: number[];
  /** h: the mean correlation between halves of the trials. */
  readonly cchalf: number[];
}

const NUM_SPLITS = 50;

/** The correlation between trial means of responses and predictions, over the greatest possible one, which is taken from how alike halves of the trials are:
 *  ccnorm = ccabs / sqrt(2 h / (1 + h)), h being the mean correlation of two halves. Trials may be of different lengths: NaN is left out.
 *  @throws {ShapeError} where the numbers do not fill the shape.
 *  Source: Schoppe et al. 2016 (Frontiers in Computational Neuroscience 10:10); Hsu et al. 2004; VisionCore's ccnorm_split_half_variable_trials. */
export function noiseCorrectedCorrelation(
  trials: RepeatedTrials,
  options: CorrelationOptions = {},
): NoiseCorrectedCorrelation {
  const { shape, robs, rhat } = trials;
  const [numTrials, , numUnits] = shape;
  const size = shape.reduce((product, each) => product * each, 1);
  if (robs.length !== size || rhat.length !== size)
    throw new ShapeError(
      `Cannot correlate trials: expected ${size} numbers of shape [${shape.join(', ')}], got ${robs.length} and ${rhat.length}`,
    );
  const { minTrialsPerBin = 20, minTimeBins = 20, splits = randomSplits(numTrials, options.seed ?? 0) } = options;
  const { minTrialsPerHalf = Math.max(1, Math.floor(minTrialsPerBin / 2)) } = options;
  const all = Array.from({ length: numTrials }, (_, trial) => trial);
  const result: NoiseCorrectedCorrelation = { ccnorm: [], ccabs: [], ccmax: [], cchalf: [] };
  for (let unit = 0; unit < numUnits; unit++) {
    const mean = (of: Float64Array, among: readonly number[], least: number) =>
      binMeans(trials, of, unit, among, least);
    const whole = mean(robs, all, minTrialsPerBin);
    const ccabs = correlation(whole, mean(rhat, all, minTrialsPerBin), minTimeBins);
    const halves = splits
      .map(([a, b]) => {
        const [one, other] = [mean(robs, a, minTrialsPerHalf), mean(robs, b, minTrialsPerHalf)];
        for (const [bin, value] of whole.entries()) if (Number.isNaN(value)) one[bin] = Number.NaN;
        return correlation(one, other, minTimeBins);
      })
      .filter((value) => !Number.isNaN(value));
    const isKnown = !Number.isNaN(ccabs) && halves.length > 0;
    const half = isKnown ? halves.reduce((sum, value) => sum + value, 0) / halves.length : Number.NaN;
    const ccmax = half > 0 ? Math.sqrt((2 * half) / (1 + half)) : Number.NaN;
    result.ccabs.push(ccabs);
    result.cchalf.push(half);
    result.ccmax.push(ccmax);
    result.ccnorm.push(ccmax > 1e-3 ? ccabs / ccmax : Number.NaN);
  }
  return result;
}

/** Mean over some trials in each bin; NaN in bins with too few, valid being where there was a response. */
export function binMeans(
  { shape: [, numBins, numUnits], robs }: RepeatedTrials,
  of: Float64Array,
  unit: number,
  among: readonly number[],
  least: number,
): Float64Array {
  const means = new Float64Array(numBins);
  for (let bin = 0; bin < numBins; bin++) {
    let [sum, count] = [0, 0];
    for (const trial of among) {
      const at = (trial * numBins + bin) * numUnits + unit;
      if (Number.isNaN(robs[at])) continue;
      sum += of[at]!;
      count += 1;
    }
    means[bin] = count >= least && count > 0 ? sum / count : Number.NaN;
  }
  return means;
}

/** Pearson's, over the bins in which both have a value. */
function correlation(a: Float64Array, b: Float64Array, minBins: number): number {
  const bins = [...a.keys()].filter((bin) => Number.isFinite(a[bin]) && Number.isFinite(b[bin]));
  if (bins.length < minBins) return Number.NaN;
  const mean = (of: Float64Array): number => bins.reduce((sum, bin) => sum + of[bin]!, 0) / bins.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (const bin of bins) {
    const [x, y] = [a[bin]! - meanA, b[bin]! - meanB];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Number.NaN;
}

/** Halves of shuffled trials: the same for a seed, and no other generator is touched. */
function randomSplits(numTrials: number, seed: number): [number[], number[]][] {
  const half = Math.floor(numTrials / 2);
  return Array.from({ length: NUM_SPLITS }, (_, split) => {
    const order = Array.from(permutation(numTrials, { seed, epoch: split, purpose: Purpose.trialHalves }));
    return [order.slice(0, half), order.slice(half)];
  });
}

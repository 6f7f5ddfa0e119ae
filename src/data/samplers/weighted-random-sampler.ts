// `WeightedRandomSampler`: samples drawn in proportion to their weights.
import { Purpose } from '../philox.ts';
import { firstAbove } from './cumulative.ts';
import { PlaceDraws } from './draws.ts';
import { type NumberColumn, readNumbers } from './numbers.ts';
import { SamplerProblems } from './option-checks.ts';
import { checkSampleCount, type Order, type Sampler } from './sampler.ts';
import { weightedOrder } from './weighted-order.ts';

/** Options of {@link WeightedRandomSampler}. */
export interface WeightedRandomSamplerOptions {
  /** Positions in an epoch; with `replacement` also `Infinity`. Default: as many as there are weights; without replacement, as there are weights above 0. */
  readonly numSamples?: number;
  /** Draw every position anew from all samples. Default true. False: a sample that was drawn is out for the rest of the epoch. */
  readonly replacement?: boolean;
  /** Together with the epoch fixes the order. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
}

const ACTION = 'make a WeightedRandomSampler';
const SMALLEST = 2 ** -149; // the smallest number above 0 in float32

/**
 * Plays sample i with a probability proportional to `weights[i]`, a number from 0 on; weights need no particular sum, and a sample of weight 0 is never played.
 * Without replacement every position draws among the samples that are left.
 *
 * Memory: 8 bytes a sample (sums of weights in float64; without replacement weights in float32 and the order of the epoch, and 8 bytes more while an epoch is
 * drawn). Cost: a binary search a position; without replacement a sort an epoch.
 * Source: torch.utils.data.WeightedRandomSampler; draws come from Philox. Without replacement: Efraimidis and Spirakis 2006, whose law is torch.multinomial's.
 * @throws {RangeError} for a weight that is negative, NaN or infinite, for weights that are all 0, and for more draws without replacement than there are
 * weights above 0.  @throws {ConfigError} naming every option that is wrong.
 * @example
 * import { WeightedRandomSampler } from 'sconce/data';
 * const order = new WeightedRandomSampler([0, 1, 3], { numSamples: 6, seed: 2 }).order(0);
 * Array.from({ length: 6 }, (_, position) => order.at(position)); // [1, 2, 2, 2, 1, 1]
 */
export class WeightedRandomSampler implements Sampler {
  readonly length: number;
  readonly seed: number;
  readonly #hasReplacement: boolean;
  /** With replacement, the sum of the weights up to and with each sample; without, each sample's weight. The greatest weight counts as 1. */
  readonly #table: Float64Array | Float32Array;

  constructor(weights: NumberColumn, options: WeightedRandomSamplerOptions = {}) {
    const { replacement = true, seed = 0 } = options;
    const problems = new SamplerProblems();
    problems.expectKnown(options, ['numSamples', 'replacement', 'seed']);
    problems.expectSeed(seed);
    problems.expectFlag('replacement', replacement);
    const isEndless = replacement && options.numSamples === Number.POSITIVE_INFINITY;
    if (options.numSamples !== undefined && !isEndless) problems.expectCount('numSamples', options.numSamples);
    problems.throwIfAny(ACTION);
    const values = readNumbers(weights, ACTION, 'weights');
    checkSampleCount('WeightedRandomSampler', values.length);
    const { greatest, numPositive } = checkWeights(values);
    const { numSamples = replacement ? values.length : numPositive } = options;
    if (!replacement && numSamples > numPositive) {
      throw new RangeError(
        `Cannot ${ACTION}: expected at most ${numPositive} draws without replacement, as many as there are weights above 0, got numSamples ${numSamples}; give fewer, or replacement: true`,
      );
    }
    this.length = numSamples;
    this.seed = seed;
    this.#hasReplacement = replacement;
    this.#table = replacement ? cumulativeSums(values, greatest) : shares(values, greatest);
  }

  order(epoch: number): Order<number> {
    const { length, seed } = this;
    const table = this.#table;
    if (this.#hasReplacement) {
      const draws = new PlaceDraws({ seed, epoch, purpose: Purpose.weighted });
      const total = table[table.length - 1]!;
      return { length, at: (position) => firstAbove(table, draws.first(position) * total) };
    }
    const draws = new PlaceDraws({ seed, epoch, purpose: Purpose.weightedOrder });
    const indices = weightedOrder(table, length, (index) => draws.first(index));
    return { length, at: (position) => indices[position]! };
  }
}

function checkWeights(weights: ArrayLike<number>): { greatest: number; numPositive: number } {
  let greatest = 0;
  let numPositive = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (!Number.isFinite(weight) || weight < 0) {
      throw new RangeError(
        `Cannot ${ACTION}: expected weights that are finite and not negative, got ${weight} for sample ${i}`,
      );
    }
    if (weight > 0) numPositive++;
    if (weight > greatest) greatest = weight;
  }
  if (numPositive === 0) {
    throw new RangeError(`Cannot ${ACTION}: expected a weight above 0, got ${weights.length} weights without one`);
  }
  return { greatest, numPositive };
}

function cumulativeSums(weights: ArrayLike<number>, greatest: number): Float64Array {
  const sums = new Float64Array(weights.length);
  let sum = 0;
  for (let i = 0; i < sums.length; i++) {
    sum += weights[i]! / greatest; // a sum of up to 2^31 numbers of at most 1: it cannot overflow
    sums[i] = sum;
  }
  return sums;
}

/** Weights in float32; what is above 0 stays so. */
function shares(weights: ArrayLike<number>, greatest: number): Float32Array {
  const all = new Float32Array(weights.length);
  for (let i = 0; i < all.length; i++) {
    const weight = weights[i]!;
    if (weight > 0) all[i] = Math.max(weight / greatest, SMALLEST);
  }
  return all;
}

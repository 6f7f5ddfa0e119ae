// `BucketByLengthSampler`: batches of samples of similar length, so that little of a padded batch is padding.
import { Purpose, permutation } from '../philox.ts';
import { type Bucket, BucketBatches, type LengthBatches, MAX_LENGTH, WindowBatches } from './length-batches.ts';
import { type NumberColumn, readNumbers } from './numbers.ts';
import { RANK_OPTIONS, type RankOptions, SamplerProblems } from './option-checks.ts';
import { RankSlice } from './rank-slice.ts';
import { checkSampleCount, type Order, type Sampler } from './sampler.ts';
import { sortedPlaces } from './sorted-places.ts';

/** Options of {@link BucketByLengthSampler}: one of `batchSize` and `maxTokens`, and at most one of `boundaries`, `numBuckets` and `windowSize`. */
export interface BucketByLengthSamplerOptions extends RankOptions {
  /** Samples in a batch. */
  readonly batchSize?: number;
  /** Instead: what a padded batch may hold, samples times the length of the longest in their bucket. Batches of short samples then have more of them. */
  readonly maxTokens?: number;
  /** Buckets by length: below the first boundary, from one to below the next, from the last on. Ascending. */
  readonly boundaries?: readonly number[];
  /** So many buckets, with about equally many samples in each. Default 8. */
  readonly numBuckets?: number;
  /** Instead of buckets: so many samples of the epoch's order are sorted by length together. With `batchSize`; several hundred batches are a good number. */
  readonly windowSize?: number;
  /** Draw the samples of each batch and the order of the batches anew for each epoch. Default true. */
  readonly shuffle?: boolean;
  /** Together with the epoch fixes the batches; the same in all processes. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** Leave out each bucket's last batch where it is not full (of `windowSize`: the epoch's), and batches at the end that the ranks do not divide. Default false. */
  readonly dropLast?: boolean;
}

const ACTION = 'make a BucketByLengthSampler';

/**
 * Plays batches of samples of similar length. With `dropLast: false` every sample comes once an epoch; ranks that do not divide the batches let the first ones
 * come again. For `DataLoader({ batchSampler })`. An epoch has the same number of batches whatever is drawn.
 *
 * Memory: 8 bytes a sample and 4 a batch while an epoch is played.
 * @throws {RangeError} for a length that is no integer from 0 on, and for a sample longer than `maxTokens`.  @throws {ConfigError} naming every option that is wrong.
 * @example
 * import { BucketByLengthSampler } from 'sconce/data';
 * const lengths = [5, 90, 7, 88, 6, 4];
 * const order = new BucketByLengthSampler(lengths, { maxTokens: 180, boundaries: [50], shuffle: false }).order(0);
 * [order.length, order.at(0), order.at(1)]; // [2, Int32Array [0, 2, 4, 5], Int32Array [1, 3]]
 */
export class BucketByLengthSampler implements Sampler<Int32Array> {
  readonly length: number;
  readonly seed: number;
  readonly #batches: LengthBatches;
  readonly numReplicas: number;
  readonly #slice: RankSlice;
  readonly #isShuffled: boolean;

  constructor(lengths: NumberColumn, options: BucketByLengthSamplerOptions) {
    checkOptions(options);
    const { batchSize, windowSize, seed = 0, shuffle = true, dropLast = false } = options;
    const values = readLengths(lengths);
    this.#batches =
      windowSize === undefined
        ? makeBuckets(values, options)
        : new WindowBatches(values, { windowSize, batchSize: batchSize!, dropLast });
    this.numReplicas = options.numReplicas ?? 1;
    this.#slice = new RankSlice(this.#batches.numBatches, { ...options, rest: dropLast ? 'drop' : 'repeat' });
    this.length = this.#slice.length;
    this.seed = seed;
    this.#isShuffled = shuffle;
  }

  order(epoch: number): Order<Int32Array> {
    const { length, seed } = this;
    const slice = this.#slice;
    if (!this.#isShuffled) {
      const batchAt = this.#batches.epoch(undefined);
      return { length, at: (position) => batchAt(slice.at(position)) };
    }
    const batchAt = this.#batches.epoch({ seed, epoch, purpose: Purpose.bucketSamples });
    const batches = permutation(this.#batches.numBatches, { seed, epoch, purpose: Purpose.bucketBatches });
    return { length, at: (position) => batchAt(batches[slice.at(position)]!) };
  }
}

function readLengths(lengths: NumberColumn): Int32Array {
  const values = readNumbers(lengths, ACTION, 'lengths');
  checkSampleCount('BucketByLengthSampler', values.length);
  for (let sample = 0; sample < values.length; sample++) {
    const length = values[sample]!;
    if (Number.isInteger(length) && length >= 0 && length <= MAX_LENGTH) continue;
    throw new RangeError(
      `Cannot ${ACTION}: expected lengths that are integers from 0 to ${MAX_LENGTH}, got ${length} for sample ${sample}`,
    );
  }
  return new Int32Array(values);
}

function makeBuckets(lengths: Int32Array, options: BucketByLengthSamplerOptions): BucketBatches {
  const { batchSize, maxTokens, numBuckets = 8, dropLast = false } = options;
  const samples = sortedPlaces(lengths.length, (sample) => lengths[sample]!);
  const longest = samples.at(-1);
  if (maxTokens !== undefined && longest !== undefined && lengths[longest]! > maxTokens) {
    throw new RangeError(
      `Cannot ${ACTION}: expected samples of at most maxTokens ${maxTokens}, got ${lengths[longest]} for sample ${longest}; leave it out, cut it, or allow more`,
    );
  }
  const ends = options.boundaries
    ? endsAt(options.boundaries, samples, lengths)
    : equalEnds(Math.min(numBuckets, samples.length), samples, lengths);
  let start = 0;
  const buckets: Bucket[] = [];
  for (const end of [...ends, samples.length]) {
    if (end === start) continue;
    const longestInside = lengths[samples[end - 1]!]!;
    const size = batchSize ?? (longestInside === 0 ? end - start : Math.floor(maxTokens! / longestInside));
    samples.subarray(start, end).sort(); // by number: without shuffling a bucket plays its samples in their order
    buckets.push({ numSamples: end - start, batchSize: size });
    start = end;
  }
  return new BucketBatches(samples, buckets, dropLast);
}

/** Where in the sorted samples each length of `boundaries` begins. */
function endsAt(boundaries: readonly number[], samples: Int32Array, lengths: Int32Array): number[] {
  let place = 0;
  return boundaries.map((boundary) => {
    while (place < samples.length && lengths[samples[place]!]! < boundary) place++;
    return place;
  });
}

/** Ends of buckets of about equal numbers of samples; samples of one length stay together. */
function equalEnds(numBuckets: number, samples: Int32Array, lengths: Int32Array): number[] {
  const lengthAt = (place: number): number => lengths[samples[place]!]!;
  const ends: number[] = [];
  for (let bucket = 1; bucket < numBuckets; bucket++) {
    let end = Math.round((bucket * samples.length) / numBuckets);
    while (end > 0 && end < samples.length && lengthAt(end) === lengthAt(end - 1)) end++;
    ends.push(Math.max(end, ends.at(-1) ?? 0));
  }
  return ends;
}

const OPTIONS = [
  ...RANK_OPTIONS,
  'batchSize',
  'maxTokens',
  'boundaries',
  'numBuckets',
  'windowSize',
  'shuffle',
  'seed',
  'dropLast',
];

function checkOptions(options: BucketByLengthSamplerOptions): void {
  const problems = new SamplerProblems();
  problems.expectKnown(options, OPTIONS);
  for (const option of ['batchSize', 'maxTokens', 'numBuckets', 'windowSize'] as const) {
    if (options[option] !== undefined) problems.expectCount(option, options[option]);
  }
  const given = (names: readonly (keyof BucketByLengthSamplerOptions)[]): string[] =>
    names.filter((name) => options[name] !== undefined);
  const sizes = given(['batchSize', 'maxTokens']);
  problems.expect(sizes.length === 1, 'batchSize', {
    wanted: 'batchSize or maxTokens',
    got: sizes.join(' and ') || 'neither',
  });
  const ways = given(['boundaries', 'numBuckets', 'windowSize']);
  problems.expect(ways.length <= 1, ways[1] ?? 'boundaries', {
    wanted: 'one of boundaries, numBuckets and windowSize',
    got: ways.join(' and '),
  });
  problems.expect(options.windowSize === undefined || options.maxTokens === undefined, 'windowSize', {
    wanted: 'a batchSize beside it',
    got: 'maxTokens, with which epochs would differ in length; use boundaries or numBuckets',
  });
  const { boundaries = [] } = options;
  const isAscending =
    Array.isArray(boundaries) &&
    boundaries.every((one, i) => typeof one === 'number' && (i === 0 ? one > 0 : one > boundaries[i - 1]!));
  problems.expect(isAscending, 'boundaries', { wanted: 'ascending lengths above 0', got: boundaries });
  problems.expectRank(options);
  for (const option of ['shuffle', 'dropLast'] as const) problems.expectFlag(option, options[option] ?? false);
  problems.expectSeed(options.seed ?? 0);
  problems.throwIfAny(ACTION);
}

// `DistributedSampler`: the part of an epoch that one of several processes plays.
import { RANK_OPTIONS, type RankOptions, SamplerProblems } from './option-checks.ts';
import { RandomSampler } from './random-sampler.ts';
import { RankSlice } from './rank-slice.ts';
import { dynamicPart, type Order, type Sampler, type SamplerInput } from './sampler.ts';
import { SequentialSampler } from './sequential-sampler.ts';

/** Options of {@link DistributedSampler}. */
export interface DistributedSamplerOptions extends RankOptions {
  /** Play the samples of a dataset in an order drawn anew for each epoch. Default true; a sampler has an order of its own. */
  readonly shuffle?: boolean;
  /** Together with the epoch fixes the shuffled order; the same in all processes. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** Where the processes do not divide the epoch: leave out the last positions (true), or let the first ones come again (false). Default false. */
  readonly dropLast?: boolean;
}

/**
 * Plays positions rank, rank + numReplicas, rank + 2 numReplicas, … of an order that all processes have in common: that of a dataset's samples, given by
 * their number, or that of another sampler. Together the processes play every position exactly once where they divide the epoch; else `dropLast` says.
 * All play equally many. With one replica the order is that of `RandomSampler` with the same seed. Memory: that of the whole order.
 * Source: torch.utils.data.DistributedSampler, its padding by repetition included; the order comes from Philox.
 * @throws {RangeError} for a length that is no count of samples.  @throws {ConfigError} naming every option that is wrong.
 * @example
 * import { DistributedSampler } from 'sconce/data';
 * const [first, second] = [0, 1].map((rank) => new DistributedSampler(5, { numReplicas: 2, rank, shuffle: false }).order(0));
 * [0, 1, 2].map((position) => [first!.at(position), second!.at(position)]); // [[0, 1], [2, 3], [4, 0]]
 */
export class DistributedSampler<T = number> implements Sampler<T> {
  readonly length: number;
  readonly input: Sampler['input'];
  readonly inputEvery: Sampler['inputEvery'];
  readonly setInput: Sampler['setInput'];
  /** The order that is shared out. */
  readonly sampler: Sampler<T>;
  readonly numReplicas: number;
  readonly #slice: RankSlice;

  constructor(samples: number | Sampler<T>, options: DistributedSamplerOptions = {}) {
    const problems = new SamplerProblems();
    const isSampler = typeof samples !== 'number';
    problems.expectKnown(options, [...RANK_OPTIONS, 'shuffle', 'seed', 'dropLast']);
    if (isSampler) problems.expectSampler(samples);
    problems.expectRank(options);
    const { shuffle = true, seed = 0, dropLast = false } = options;
    problems.expectFlag('shuffle', shuffle);
    problems.expectFlag('dropLast', dropLast);
    problems.expectSeed(seed);
    for (const option of ['shuffle', 'seed'] as const) {
      const wanted = 'none beside a sampler, which has an order of its own';
      problems.expect(!isSampler || options[option] === undefined, option, { wanted, got: options[option] });
    }
    problems.throwIfAny('make a DistributedSampler');
    this.sampler = isSampler
      ? samples
      : // The samples of a dataset are numbers, which is what T is then by its default.
        ((shuffle ? new RandomSampler(samples, { seed }) : new SequentialSampler(samples)) as Sampler<
          number | T
        > as Sampler<T>);
    this.numReplicas = options.numReplicas ?? 1;
    this.#slice = new RankSlice(this.sampler.length, { ...options, rest: dropLast ? 'drop' : 'repeat' });
    this.length = this.#slice.length;
    ({ input: this.input, inputEvery: this.inputEvery, setInput: this.setInput } = dynamicPart(this.sampler));
  }

  order(epoch: number): Order<T> {
    const whole = this.sampler.order(epoch);
    const slice = this.#slice;
    return { length: this.length, at: (position: number, input?: SamplerInput) => whole.at(slice.at(position), input) };
  }
}

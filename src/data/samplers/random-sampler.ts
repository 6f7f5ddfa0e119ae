// `RandomSampler`: every sample once, shuffled; or draws with replacement.
import { Purpose, permutation, type StreamKey } from '../philox.ts';
import { PlaceDraws } from './draws.ts';
import { SamplerProblems } from './option-checks.ts';
import { checkSampleCount, type Order, type Sampler } from './sampler.ts';

/** Options of {@link RandomSampler}. */
export interface RandomSamplerOptions {
  /** Together with the epoch fixes the order. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** Draw every position anew from all samples. Default false: no sample comes again before all have come. */
  readonly replacement?: boolean;
  /** Positions in an epoch; `Infinity` for one that never ends. Default: as many as there are samples. */
  readonly numSamples?: number;
}

/**
 * Plays samples in an order drawn from (seed, epoch): by default every sample once an epoch. With more positions than samples, one shuffled pass follows the
 * other; with fewer, an epoch is the beginning of one. Memory: 4 bytes a sample while an epoch is played, with `replacement` constant.
 * Source: torch.utils.data.RandomSampler; the order comes from Philox, not from a torch generator.
 * @example
 * import { RandomSampler } from 'sconce/data';
 * const order = new RandomSampler(5, { seed: 1 }).order(0);
 * Array.from({ length: 5 }, (_, position) => order.at(position)); // [1, 2, 3, 0, 4]
 */
export class RandomSampler implements Sampler {
  readonly length: number;
  readonly seed: number;
  readonly #count: number;
  readonly #hasReplacement: boolean;

  /** @throws {RangeError} for a length that is no count of samples.  @throws {ConfigError} naming every option that is wrong. */
  constructor(length: number, options: RandomSamplerOptions = {}) {
    this.#count = checkSampleCount('RandomSampler', length);
    const { seed = 0, replacement = false, numSamples = length } = options;
    const problems = new SamplerProblems();
    problems.expectKnown(options, ['seed', 'replacement', 'numSamples']);
    problems.expectSeed(seed);
    problems.expectFlag('replacement', replacement);
    if (numSamples !== Number.POSITIVE_INFINITY && numSamples !== length)
      problems.expectCount('numSamples', numSamples);
    problems.expect(length > 0 || numSamples === 0, 'numSamples', {
      wanted: 'none to draw from no samples',
      got: numSamples,
    });
    problems.throwIfAny('make a RandomSampler');
    this.length = numSamples;
    this.seed = seed;
    this.#hasReplacement = replacement;
  }

  order(epoch: number): Order<number> {
    const { length, seed } = this;
    const count = this.#count;
    if (this.#hasReplacement) {
      const draws = new PlaceDraws({ seed, epoch, purpose: Purpose.replacement });
      return { length, at: (position) => Math.floor(draws.first(position) * count) };
    }
    return { length, at: shuffledPasses({ seed, epoch, purpose: Purpose.permutation }, count) };
  }
}

/** One shuffled pass over `count` samples after the other, each drawn when a position in it is asked for; the last one asked for is kept. */
export function shuffledPasses(key: StreamKey, count: number): (position: number) => number {
  let pass = 0;
  let start = 0;
  let indices = permutation(count, key);
  return (position) => {
    if (position < start || position >= start + count) {
      pass = Math.floor(position / count);
      start = pass * count;
      indices = permutation(count, key, pass);
    }
    return indices[position - start]!;
  };
}

// `SubsetRandomSampler`: some samples, shuffled.
import { Purpose, permutation } from '../philox.ts';
import { SamplerProblems } from './option-checks.ts';
import { MAX_SAMPLES, type Order, type Sampler } from './sampler.ts';

/**
 * Plays the samples at `indices`, each once an epoch, in an order drawn from (seed, epoch); an index that is listed twice is played twice.
 * Memory: 4 bytes an index, and 4 more while an epoch is played. Source: torch.utils.data.SubsetRandomSampler; the order comes from Philox.
 * @example
 * import { SubsetRandomSampler } from 'sconce/data';
 * const order = new SubsetRandomSampler([10, 20, 30], { seed: 1 }).order(0);
 * [order.at(0), order.at(1), order.at(2)]; // [20, 30, 10]
 */
export class SubsetRandomSampler implements Sampler {
  readonly length: number;
  readonly seed: number;
  readonly #indices: Int32Array;

  /** @throws {RangeError} for an index that is none.  @throws {ConfigError} naming every option that is wrong. */
  constructor(indices: ArrayLike<number>, options: { readonly seed?: number } = {}) {
    const { seed = 0 } = options;
    const problems = new SamplerProblems();
    problems.expectKnown(options, ['seed']);
    problems.expectSeed(seed);
    problems.throwIfAny('make a SubsetRandomSampler');
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i]!;
      if (Number.isInteger(index) && index >= 0 && index < MAX_SAMPLES) continue;
      throw new RangeError(
        `Cannot make a SubsetRandomSampler: expected indices that are integers from 0 to ${MAX_SAMPLES - 1}, got ${index} at place ${i}`,
      );
    }
    this.#indices = new Int32Array(indices);
    this.length = indices.length;
    this.seed = seed;
  }

  order(epoch: number): Order<number> {
    const places = permutation(this.length, { seed: this.seed, epoch, purpose: Purpose.permutation });
    return { length: this.length, at: (position) => this.#indices[places[position]!]! };
  }
}

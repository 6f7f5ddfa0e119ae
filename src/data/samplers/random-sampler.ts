// `RandomSampler`: every sample once, shuffled.
import { checkStreamKey, Purpose, permutation } from '../philox.ts';
import { checkSampleCount, type Order, type Sampler } from './sampler.ts';

/** Plays every sample once an epoch, in an order drawn from (seed, epoch). Memory: 4 bytes a sample while an epoch is played. */
export class RandomSampler implements Sampler {
  readonly length: number;
  readonly seed: number;

  constructor(length: number, { seed = 0 }: { readonly seed?: number } = {}) {
    this.length = checkSampleCount('RandomSampler', length);
    checkStreamKey('make a RandomSampler', seed);
    this.seed = seed;
  }

  order(epoch: number): Order<number> {
    const indices = permutation(this.length, { seed: this.seed, epoch, purpose: Purpose.permutation });
    return { length: this.length, at: (position) => indices[position]! };
  }
}

// `RankShare`: the part of an order that one of several processes plays, nothing of it twice.
import type { RankOptions } from './option-checks.ts';
import { RankSlice } from './rank-slice.ts';
import { dynamicPart, type Order, type Sampler, type SamplerInput } from './sampler.ts';

/** Positions rank, rank + numReplicas, … of another sampler's order. Together the processes play every position once: where they do not divide the epoch, the first ones
 *  have one more, or with `dropLast` the last positions are left out. */
export class RankShare<T> implements Sampler<T> {
  readonly length: number;
  readonly input: Sampler['input'];
  readonly inputEvery: Sampler['inputEvery'];
  readonly setInput: Sampler['setInput'];
  readonly numReplicas: number;
  /** The order that is shared out. */
  readonly sampler: Sampler<T>;
  readonly #slice: RankSlice;

  /** The options have been checked. */
  constructor(sampler: Sampler<T>, { numReplicas, rank, dropLast }: Required<RankOptions> & { dropLast: boolean }) {
    this.sampler = sampler;
    this.numReplicas = numReplicas;
    this.#slice = new RankSlice(sampler.length, { numReplicas, rank, rest: dropLast ? 'drop' : 'deal' });
    this.length = this.#slice.length;
    ({ input: this.input, inputEvery: this.inputEvery, setInput: this.setInput } = dynamicPart(sampler));
  }

  order(epoch: number): Order<T> {
    const whole = this.sampler.order(epoch);
    const slice = this.#slice;
    return { length: this.length, at: (position: number, input?: SamplerInput) => whole.at(slice.at(position), input) };
  }
}

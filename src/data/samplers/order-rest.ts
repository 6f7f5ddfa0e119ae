// `OrderRest`: what is left of an order behind its first positions.
import { dynamicPart, type Order, type Sampler, type SamplerInput } from './sampler.ts';

/** Another sampler's order without its first `numDone` positions. */
export class OrderRest<T> implements Sampler<T> {
  readonly length: number;
  readonly input: Sampler['input'];
  readonly inputEvery: Sampler['inputEvery'];
  readonly setInput: Sampler['setInput'];
  readonly sampler: Sampler<T>;
  readonly #numDone: number;

  constructor(sampler: Sampler<T>, numDone: number) {
    this.sampler = sampler;
    this.#numDone = numDone;
    this.length = Math.max(0, sampler.length - numDone);
    ({ input: this.input, inputEvery: this.inputEvery, setInput: this.setInput } = dynamicPart(sampler));
  }

  order(epoch: number): Order<T> {
    const whole = this.sampler.order(epoch);
    const numDone = this.#numDone;
    return { length: this.length, at: (position: number, input?: SamplerInput) => whole.at(numDone + position, input) };
  }
}

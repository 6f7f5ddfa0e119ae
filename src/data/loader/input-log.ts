// What a dynamic sampler has said for the batches to come.
import { INPUT_DELAY, type Sampler, type SamplerInput } from '../samplers/sampler.ts';

/** Holds the inputs of the next INPUT_DELAY batches, from `position` on. */
export class InputLog {
  readonly #sampler: Sampler<unknown>;
  /** The batch that the first entry is for. */
  #position: number;
  readonly #inputs: SamplerInput[];

  /** @param sampler - one that has `input`.
   *  @param saved - the inputs of the batches from `position` on, as `state` gave them; undefined at the beginning of an epoch. */
  constructor(sampler: Sampler<unknown>, position: number, saved?: readonly SamplerInput[]) {
    this.#sampler = sampler;
    this.#position = position;
    this.#inputs = saved ? [...saved] : new Array<SamplerInput>(INPUT_DELAY).fill(sampler.input!());
  }

  /** The input for the batch at `position`, one of the next INPUT_DELAY. */
  at(position: number): SamplerInput {
    const input = this.#inputs[position - this.#position];
    if (input === undefined) throw new RangeError(`internal: no input of the sampler for batch ${position}`);
    return input;
  }

  /** A batch is handed out: asks the sampler anew, where its input may change in an epoch. */
  advance(): void {
    this.#inputs.push(this.#sampler.inputEvery === 'epoch' ? this.#inputs.at(-1)! : this.#sampler.input!());
    this.#inputs.shift();
    this.#position++;
  }

  state(): readonly SamplerInput[] {
    return [...this.#inputs];
  }
}

// What a dynamic sampler has said for the batches to come.
import { INPUT_DELAY, type SamplerInput } from './samplers/sampler.ts';

/** Holds the inputs of the next INPUT_DELAY batches, from `position` on. */
export class InputLog {
  readonly #ask: () => SamplerInput;
  /** The batch that the first entry is for. */
  #position: number;
  readonly #inputs: SamplerInput[];

  /** @param saved - the inputs of the batches from `position` on, as `state` gave them; undefined at the beginning of an epoch. */
  constructor(ask: () => SamplerInput, position: number, saved?: readonly SamplerInput[]) {
    this.#ask = ask;
    this.#position = position;
    this.#inputs = saved ? [...saved] : new Array<SamplerInput>(INPUT_DELAY).fill(ask());
  }

  /** The input for the batch at `position`, one of the next INPUT_DELAY. */
  at(position: number): SamplerInput {
    const input = this.#inputs[position - this.#position];
    if (input === undefined) throw new RangeError(`internal: no input of the sampler for batch ${position}`);
    return input;
  }

  /** A batch is handed out: asks the sampler anew. */
  advance(): void {
    this.#inputs.push(this.#ask());
    this.#inputs.shift();
    this.#position++;
  }

  state(): readonly SamplerInput[] {
    return [...this.#inputs];
  }
}

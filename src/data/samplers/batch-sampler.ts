// `BatchSampler`: batches cut from the order of samples.
import type { Order, Sampler, SamplerInput } from './sampler.ts';

/** Options of {@link BatchSampler}. */
export interface BatchSamplerOptions {
  /** Samples in a batch. */
  readonly batchSize: number;
  /** Leave out a last batch that would be shorter. Default false. */
  readonly dropLast?: boolean;
}

/** Cuts another sampler's order into batches: batch p holds positions p * batchSize to (p + 1) * batchSize - 1. */
export class BatchSampler implements Sampler<Int32Array> {
  readonly length: number;
  readonly input: Sampler['input'];
  readonly #sampler: Sampler;
  readonly #batchSize: number;

  constructor(sampler: Sampler, { batchSize, dropLast = false }: BatchSamplerOptions) {
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(
        `Cannot make a BatchSampler: expected a batchSize that is an integer above 0, got ${batchSize}`,
      );
    }
    this.#sampler = sampler;
    this.#batchSize = batchSize;
    if (sampler.input) this.input = () => sampler.input!();
    this.length = dropLast ? Math.floor(sampler.length / batchSize) : Math.ceil(sampler.length / batchSize);
  }

  order(epoch: number): Order<Int32Array> {
    const samples = this.#sampler.order(epoch);
    const at = (batch: number, input?: SamplerInput): Int32Array => {
      const start = batch * this.#batchSize;
      const indices = new Int32Array(Math.min(this.#batchSize, samples.length - start));
      for (let i = 0; i < indices.length; i++) indices[i] = samples.at(start + i, input);
      return indices;
    };
    return { length: this.length, at };
  }
}

// `BatchSampler`: batches cut from the order of samples.
import { SamplerProblems } from './option-checks.ts';
import { dynamicPart, type Order, type Sampler, type SamplerInput } from './sampler.ts';

/** Options of {@link BatchSampler}. */
export interface BatchSamplerOptions {
  /** Samples in a batch. */
  readonly batchSize: number;
  /** Leave out a last batch that would be shorter. Default false. */
  readonly dropLast?: boolean;
}

/**
 * Cuts another sampler's order into batches: batch p holds positions p * batchSize to (p + 1) * batchSize - 1. Memory: that of the other order.
 * Source: torch.utils.data.BatchSampler.
 * @throws {ConfigError} naming every option that is wrong.
 * @example
 * import { BatchSampler, SequentialSampler } from 'sconce/data';
 * const order = new BatchSampler(new SequentialSampler(5), { batchSize: 2 }).order(0);
 * [order.length, order.at(0), order.at(2)]; // [3, Int32Array [0, 1], Int32Array [4]]
 */
export class BatchSampler implements Sampler<Int32Array> {
  readonly length: number;
  readonly input: Sampler['input'];
  readonly inputEvery: Sampler['inputEvery'];
  readonly setInput: Sampler['setInput'];
  readonly numReplicas: number | undefined;
  /** The order that is cut. */
  readonly sampler: Sampler;
  readonly #batchSize: number;

  constructor(sampler: Sampler, options: BatchSamplerOptions) {
    const { batchSize, dropLast = false } = options;
    const problems = new SamplerProblems();
    problems.expectKnown(options, ['batchSize', 'dropLast']);
    problems.expectSampler(sampler);
    problems.expectCount('batchSize', batchSize);
    problems.expectFlag('dropLast', dropLast);
    problems.throwIfAny('make a BatchSampler');
    this.sampler = sampler;
    this.numReplicas = sampler.numReplicas;
    this.#batchSize = batchSize;
    ({ input: this.input, inputEvery: this.inputEvery, setInput: this.setInput } = dynamicPart(sampler));
    this.length = dropLast ? Math.floor(sampler.length / batchSize) : Math.ceil(sampler.length / batchSize);
  }

  order(epoch: number): Order<Int32Array> {
    const samples = this.sampler.order(epoch);
    const at = (batch: number, input?: SamplerInput): Int32Array => {
      const start = batch * this.#batchSize;
      const indices = new Int32Array(Math.min(this.#batchSize, samples.length - start));
      for (let i = 0; i < indices.length; i++) indices[i] = samples.at(start + i, input);
      return indices;
    };
    return { length: this.length, at };
  }
}

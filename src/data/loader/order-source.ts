// The plans of an epoch's batches from a sampler's order.
import type { BatchContext } from '../context.ts';
import { deriveSeed, Purpose } from '../philox.ts';
import type { Order, SamplerInput } from '../samplers/sampler.ts';
import type { BatchPlan, PlanSource } from './prefetch.ts';

export interface OrderSourceOptions {
  readonly order: Order<Int32Array>;
  readonly seed: number;
  readonly epoch: number;
  /** The batch to begin with. */
  readonly position: number;
  /** What a dynamic sampler said for the batch at a position. */
  readonly inputAt?: ((position: number) => SamplerInput) | undefined;
}

/** Plans batch after batch of an order, each a pure function of seed, epoch, position and the sampler's input for it. */
export class OrderSource implements PlanSource<BatchPlan<Int32Array>> {
  readonly #options: OrderSourceOptions;
  #position: number;

  constructor(options: OrderSourceOptions) {
    this.#options = options;
    this.#position = options.position;
  }

  next(): BatchPlan<Int32Array> | undefined {
    const { order, seed, epoch, inputAt } = this.#options;
    const position = this.#position;
    if (position >= order.length) return undefined;
    const indices = order.at(position, inputAt?.(position));
    this.#position++;
    return { context: batchContext({ seed, epoch, position, indices }), work: indices };
  }

  close(): void {}
}

/** The context of a batch in a loader with this seed. */
export function batchContext({ seed, epoch, position, indices }: BatchContext): BatchContext {
  return { seed: deriveSeed({ seed, epoch, purpose: Purpose.batch }, position), epoch, position, indices };
}

// The plans of an epoch's batches from a sampler's order.
import type { BatchContext } from '../context.ts';
import { deriveSeed, Purpose } from '../philox.ts';
import type { RankOptions } from '../samplers/option-checks.ts';
import type { Order, SamplerInput } from '../samplers/sampler.ts';
import type { BatchPlan, PlanSource } from './prefetch.ts';
import type { Cut } from './resized.ts';

export interface OrderSourceOptions {
  readonly order: Order<Int32Array>;
  readonly seed: number;
  readonly epoch: number;
  /** The batch to begin with. */
  readonly position: number;
  /** Where the order is the part of one of several processes: what is dealt out to them. */
  readonly share?: Share | undefined;
  /** What a dynamic sampler said for the batch at a position. */
  readonly inputAt?: ((position: number) => SamplerInput) | undefined;
}

/** What one of several processes plays: every `numReplicas`-th sample, or batch, from `rank` on. */
export interface Share extends Required<RankOptions> {
  readonly dealt: 'samples' | 'batches';
  /** From where on it is dealt so. Default: the epoch's beginning. */
  readonly cut?: Cut | undefined;
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
    const { order, seed, epoch, inputAt, share } = this.#options;
    const position = this.#position;
    if (position >= order.length) return undefined;
    const indices = order.at(position, inputAt?.(position));
    this.#position++;
    const place = share ? placeIn(share, position, indices.length) : { position };
    return { context: batchContext({ seed, epoch, indices, ...place }), work: indices };
  }

  close(): void {}
}

/** Where a process's own batch stands in the epoch of all: seeds follow from that, so that no two processes draw the same numbers, and a sample draws what it would in one process. */
export function placeIn(
  { numReplicas, rank, dealt, cut = { position: 0, done: 0 } }: Share,
  position: number,
  size: number,
): Pick<BatchContext, 'position' | 'slots'> {
  if (dealt === 'batches') return { position: cut.done + (position - cut.position) * numReplicas + rank };
  return { position, slots: Int32Array.from({ length: size }, (_, i) => i * numReplicas + rank) };
}

/** The context of a batch in a loader with this seed. */
export function batchContext(place: BatchContext): BatchContext {
  const { seed, epoch, position } = place;
  return { ...place, seed: deriveSeed({ seed, epoch, purpose: Purpose.batch }, position) };
}

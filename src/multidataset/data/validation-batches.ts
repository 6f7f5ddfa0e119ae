// `ValidationBatches`: every held-out sample exactly once, in an order that never changes.

import type { Order, Sampler } from '../../data/index.ts';
import { RoundRobin } from '../../data/samplers/round-robin.ts';

/** Which of several processes this one is. */
export interface Rank {
  /** From 0. */
  readonly rank: number;
  readonly world: number;
}

/**
 * Batches of one data set each, data set after data set in turn, so that the first batches of an epoch have samples of all; together they have every sample exactly
 * once, in every epoch alike. A rank has every `world`-th batch from its own on and none that another has: where they do not divide, some ranks have one batch more.
 * @example
 * import { ValidationBatches } from 'sconce/multidataset';
 * const batches = new ValidationBatches([5, 2], 2, { rank: 0, world: 1 });
 * Array.from({ length: batches.length }, (_, at) => batches.order().at(at).join()); // ['0,1', '5,6', '2,3', '4']
 */
export class ValidationBatches implements Sampler<Int32Array> {
  readonly length: number;
  readonly numReplicas: number;
  readonly #walk: RoundRobin;
  readonly #sizes: readonly number[];
  readonly #starts: readonly number[];
  readonly #batchSize: number;
  readonly #rank: Rank;

  /** @param sizes - samples of each data set. */
  constructor(sizes: readonly number[], batchSize: number, { rank, world }: Rank) {
    this.#sizes = sizes;
    this.#starts = sizes.map((_, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0));
    this.#batchSize = batchSize;
    this.#rank = { rank, world };
    this.numReplicas = world;
    this.#walk = new RoundRobin(sizes.map((size) => Math.ceil(size / batchSize)));
    this.length = Math.max(0, Math.ceil((this.#walk.length - rank) / world));
  }

  order(): Order<Int32Array> {
    const { rank, world } = this.#rank;
    return { length: this.length, at: (position) => this.#batch(position * world + rank) };
  }

  #batch(at: number): Int32Array {
    const { turn, round } = this.#walk.at(at);
    const first = round * this.#batchSize;
    const count = Math.min(this.#batchSize, this.#sizes[turn]! - first);
    return Int32Array.from({ length: count }, (_, i) => this.#starts[turn]! + first + i);
  }
}

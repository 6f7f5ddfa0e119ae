// Which positions of an epoch that several processes share belong to one of them.
import type { RankOptions } from './option-checks.ts';

/** Every `numReplicas`-th position from `rank` on, equally many for each rank: positions at the end are left out (`dropLast`), or the first ones come again. */
export class RankSlice {
  /** Positions of this rank. */
  readonly length: number;
  readonly #count: number;
  readonly #numReplicas: number;
  readonly #rank: number;

  /** @param count - positions in the epoch, `Infinity` for one that never ends. The options have been checked. */
  constructor(count: number, { numReplicas = 1, rank = 0, dropLast }: RankOptions & { readonly dropLast: boolean }) {
    this.length = dropLast ? Math.floor(count / numReplicas) : Math.ceil(count / numReplicas);
    this.#count = count;
    this.#numReplicas = numReplicas;
    this.#rank = rank;
  }

  /** The place in the epoch of this rank's `position`. */
  at(position: number): number {
    return (position * this.#numReplicas + this.#rank) % this.#count;
  }
}

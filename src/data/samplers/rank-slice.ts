// Which positions of an epoch that several processes share belong to one of them.
import type { RankOptions } from './option-checks.ts';

/** Every `numReplicas`-th position from `rank` on. What the processes do not divide is left out ('drop'), comes again from the beginning so that all have equally many
 *  ('repeat'), or is dealt as it is: the first processes have one more ('deal'). */
export class RankSlice {
  /** Positions of this rank. */
  readonly length: number;
  readonly #count: number;
  readonly #numReplicas: number;
  readonly #rank: number;

  /** @param count - positions in the epoch, `Infinity` for one that never ends. The options have been checked. */
  constructor(
    count: number,
    { numReplicas = 1, rank = 0, rest }: RankOptions & { readonly rest: 'drop' | 'repeat' | 'deal' },
  ) {
    const share = count / numReplicas;
    if (rest === 'drop') this.length = Math.floor(share);
    else if (rest === 'repeat') this.length = Math.ceil(share);
    else this.length = Math.ceil(Math.max(0, count - rank) / numReplicas);
    this.#count = count;
    this.#numReplicas = numReplicas;
    this.#rank = rank;
  }

  /** The place in the epoch of this rank's `position`. */
  at(position: number): number {
    return (position * this.#numReplicas + this.#rank) % this.#count;
  }
}

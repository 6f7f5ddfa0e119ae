// `RankStates`: what every rank has of its own in a checkpoint: random numbers, unfinished means and metrics, gradients of windows that are part full.
//
// The file's own keys hold that of all ranks together, with which any number of ranks can go on; `ranks` holds each rank's, with which the same number goes on bit for bit.

import { CheckpointError } from '../../errors.ts';
import { record } from '../checkpoint/format.ts';
import type { StateRegistry } from '../checkpoint/state.ts';
import type { Ranks } from './ranks.ts';

/** A part of which every rank has its own. */
export interface RankPart {
  /** This rank's; plain values and tensors. */
  state(): unknown;
  loadState(state: unknown): void;
  /** That of all ranks together. */
  merge(states: readonly unknown[]): unknown;
  /** On one of other ranks than those that saved: takes its part of what all of them had together. */
  loadMerged(merged: unknown, rank: number): void;
  /** How it is written under its own key. Default: as it is. */
  encode?(state: unknown): unknown;
}

export class RankStates {
  readonly #ranks: Ranks;
  readonly #parts = new Map<string, RankPart>();
  #gathered: readonly Readonly<Record<string, unknown>>[] = [];
  #stored: readonly unknown[] | undefined;
  #isLoaded = false;

  /** Registers the key `ranks`. */
  constructor(ranks: Ranks, registry: StateRegistry) {
    this.#ranks = ranks;
    registry.register('ranks', {
      isOptional: true,
      state: () => this.#gather(),
      loadState: (state) => {
        if (!Array.isArray(state))
          throw new CheckpointError(`Cannot read a checkpoint: expected a list under "ranks", got ${typeof state}`);
        this.#stored = state;
      },
    });
  }

  /** Registers a part under its own key too. */
  register(registry: StateRegistry, name: string, part: RankPart): void {
    this.#parts.set(name, part);
    registry.register(name, {
      state: () => {
        const state = this.#ranks.isAlone ? part.state() : part.merge(this.#gathered.map((each) => each[name]));
        return part.encode ? part.encode(state) : state;
      },
      loadState: (merged) => {
        const { isAlone, rank, worldSize } = this.#ranks;
        const own = this.#stored?.length === worldSize ? record(this.#stored[rank], 'ranks') : {};
        this.#isLoaded = true;
        if (name in own) part.loadState(own[name]);
        else if (isAlone) part.loadState(merged);
        else part.loadMerged(merged, rank);
      },
    });
  }

  /** What there is to say about a resume: where the ranks are not those that saved. */
  get warning(): string | undefined {
    const { worldSize } = this.#ranks;
    const numSaved = this.#stored?.length ?? 1;
    if (!this.#isLoaded || numSaved === worldSize) return undefined;
    return `Resumed with ${worldSize} ranks from a checkpoint of ${numSaved}: weights, optimizers, clocks and the order of samples go on, random numbers of each rank begin anew`;
  }

  #gather(): unknown {
    if (this.#ranks.isAlone) return null;
    const own = Object.fromEntries(Array.from(this.#parts, ([name, part]) => [name, part.state()]));
    this.#gathered = this.#ranks.gather(own);
    return this.#gathered;
  }
}

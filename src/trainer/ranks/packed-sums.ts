// `PackedSums`: named sums of all ranks, in one message.

import type { Ranks } from './ranks.ts';

/** A weighted sum. */
export type SumAndWeight = readonly [sum: number, weight: number];

/** Numbers that travel with the sums, on every rank equally many. */
export interface Rider {
  numbers(): readonly number[];
  take(sums: readonly number[]): void;
}

/** Adds what ranks have under the same names. Names are agreed on when a rank has a new one; from then on a message holds numbers alone. */
export class PackedSums {
  readonly #ranks: Ranks;
  readonly #onDisagreement: (message: string) => void;
  #names: readonly string[] = [];
  #known = new Set<string>();

  /** @param onDisagreement - is told which ranks lack names that others have: what they would add counts as nothing. */
  constructor(ranks: Ranks, onDisagreement: (message: string) => void) {
    this.#ranks = ranks;
    this.#onDisagreement = onDisagreement;
  }

  /** All ranks call it at the same places.
   *  @param rider - what else is added up over ranks in the same message; it is given what came of it. */
  sum(own: ReadonlyMap<string, SumAndWeight>, rider?: Rider): Map<string, SumAndWeight> {
    if (this.#ranks.isAlone) return new Map(own);
    const hasNew = [...own.keys()].some((name) => !this.#known.has(name));
    const beside = rider?.numbers() ?? [];
    let [numNew, ...sums] = this.#send(own, hasNew, beside);
    if (numNew! > 0) {
      this.#agree(own);
      [numNew, ...sums] = this.#send(own, false, beside);
    }
    rider?.take(sums.splice(0, beside.length));
    return new Map(this.#names.map((name, i) => [name, [sums[2 * i]!, sums[2 * i + 1]!]]));
  }

  #send(own: ReadonlyMap<string, SumAndWeight>, hasNew: boolean, beside: readonly number[]): number[] {
    return this.#ranks.sum([Number(hasNew), ...beside, ...this.#names.flatMap((name) => own.get(name) ?? [0, 0])]);
  }

  #agree(own: ReadonlyMap<string, SumAndWeight>): void {
    const all = this.#ranks.gather([...own.keys()]);
    const names = new Set([...this.#names, ...all.flat()]);
    const lacking = all.flatMap((has, rank) => {
      const missing = [...names].filter((name) => !this.#known.has(name) && !has.includes(name));
      return has.length === 0 || missing.length === 0 ? [] : [`rank ${rank} has no ${missing.map(quoted).join(', ')}`];
    });
    this.#names = [...names];
    this.#known = names;
    if (lacking.length > 0)
      this.#onDisagreement(
        `Ranks measure different values, which are means over those that have them: ${lacking.join('; ')}`,
      );
  }
}

const quoted = (name: string): string => `"${name}"`;

// `PackedSums`: named sums of all ranks, in one message.

import type { Ranks } from './ranks.ts';

/** A weighted sum. */
export type SumAndWeight = readonly [sum: number, weight: number];

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

  /** All ranks call it at the same places. */
  sum(own: ReadonlyMap<string, SumAndWeight>): Map<string, SumAndWeight> {
    if (this.#ranks.isAlone) return new Map(own);
    const hasNew = [...own.keys()].some((name) => !this.#known.has(name));
    let [numNew, ...values] = this.#send(own, hasNew);
    if (numNew! > 0) {
      this.#agree(own);
      [numNew, ...values] = this.#send(own, false);
    }
    return new Map(this.#names.map((name, i) => [name, [values[2 * i]!, values[2 * i + 1]!]]));
  }

  #send(own: ReadonlyMap<string, SumAndWeight>, hasNew: boolean): number[] {
    return this.#ranks.sum([Number(hasNew), ...this.#names.flatMap((name) => own.get(name) ?? [0, 0])]);
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

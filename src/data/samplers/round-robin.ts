// Turns of several queues of known lengths, as a pure function of the position.

/** Queues take turns in their order, each while it has entries left. */
export class RoundRobin {
  /** Entries of all queues. */
  readonly length: number;
  /** In each stretch the same queues take turns: those that are longer than `round`, from entry `start` on. */
  readonly #stretches: { readonly start: number; readonly round: number; readonly turns: readonly number[] }[] = [];

  constructor(lengths: readonly number[]) {
    let start = 0;
    let round = 0;
    for (const next of [...new Set(lengths)].sort((a, b) => a - b)) {
      const turns = [...lengths.keys()].filter((queue) => lengths[queue]! > round);
      if (next === round) continue;
      this.#stretches.push({ start, round, turns });
      start += (next - round) * turns.length;
      round = next;
    }
    this.length = start;
  }

  /** Whose turn it is at `position`, and which of its entries comes. */
  at(position: number): { readonly turn: number; readonly round: number } {
    const { start, round, turns } = this.#stretches.findLast((stretch) => stretch.start <= position)!;
    const offset = position - start;
    return { turn: turns[offset % turns.length]!, round: round + Math.floor(offset / turns.length) };
  }
}

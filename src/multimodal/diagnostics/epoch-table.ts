// Values by name and epoch, with gaps.

/** Named columns that are all as long as the epochs that have a value of any. */
export class EpochTable {
  readonly #columns = new Map<string, (number | null)[]>();

  /** One more than the last epoch with a value. */
  get numEpochs(): number {
    return Math.max(0, ...Array.from(this.#columns.values(), ({ length }) => length));
  }

  set(name: string, epoch: number, value: number): void {
    const column = this.#columns.get(name) ?? [];
    this.#columns.set(name, column);
    while (column.length < epoch) column.push(null);
    column[epoch] = value;
  }

  get(name: string, epoch: number): number | undefined {
    return this.#columns.get(name)?.[epoch] ?? undefined;
  }

  /** What an epoch has. */
  row(epoch: number): Record<string, number> {
    return this.#pick((column) => column[epoch] ?? undefined);
  }

  /** The last value of each. */
  latest(): Record<string, number> {
    return this.#pick((column) => column.findLast((value) => value !== null) ?? undefined);
  }

  #pick(choose: (column: readonly (number | null)[]) => number | undefined): Record<string, number> {
    const entries = Array.from(this.#columns, ([name, column]) => [name, choose(column)] as const);
    return Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== undefined));
  }

  toDict(): Record<string, (number | null)[]> {
    return Object.fromEntries(Array.from(this.#columns, ([name, column]) => [name, [...column]]));
  }
}

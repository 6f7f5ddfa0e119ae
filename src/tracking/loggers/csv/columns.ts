// Which column of a CSV file each metric has.
import { CLOCK_COLUMNS } from './csv-text.ts';

/** Columns in the order in which they appeared. A metric with the name of a clock's column, as "step", stands under `metric/step`. */
export class Columns {
  readonly #names: string[];
  readonly #byKey = new Map<string, number>();

  /** @param names - of a file that goes on. */
  constructor(names: readonly string[] = CLOCK_COLUMNS) {
    this.#names = [...names];
    for (const [index, name] of names.entries()) this.#byKey.set(name, index);
    for (const clock of CLOCK_COLUMNS) this.#byKey.delete(clock);
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** The column of a metric, a new one where it has none. */
  indexOf(key: string): number {
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const isTaken = (CLOCK_COLUMNS as readonly string[]).includes(key);
    const index = isTaken ? this.indexOf(`metric/${key}`) : this.#names.push(key) - 1;
    this.#byKey.set(key, index);
    return index;
  }
}

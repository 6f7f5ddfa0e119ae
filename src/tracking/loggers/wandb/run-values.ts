// The values of a run as W&B has them: one row a step, of which the last may still grow, and a summary of all.
import { toExtendedJson } from './extended-json.ts';
import { isTree, type Tree } from './records.ts';

/** A row that no longer changes. */
export interface Row {
  readonly step: number;
  readonly values: Tree;
}

type Mode = 'min' | 'max';

/** Gathers what is logged at one step into one row, as W&B's own client does. */
export class RunValues {
  readonly #startTime: number;
  readonly #best: Readonly<Record<string, Mode>>;
  #step = -1;
  #row: Record<string, unknown> | undefined;
  readonly #summary: Record<string, unknown> = emptyTree();

  /** @param startTime - in milliseconds since 1970. @param best - keys of which the summary has the best value. */
  constructor(startTime: number, best: Readonly<Record<string, Mode>>) {
    this.#startTime = startTime;
    this.#best = best;
  }

  /** The row that still grows. */
  get open(): Row | undefined {
    return this.#row === undefined ? undefined : { step: this.#step, values: this.#row };
  }

  /** The last step that something was logged at; undefined before. */
  get step(): number | undefined {
    return this.#step < 0 ? undefined : this.#step;
  }

  /** The last value of each key, those of the open row included. */
  get summary(): Tree {
    const { _wandb, ...rest } =
      this.#row === undefined ? this.#summary : this.#merge(Object.assign(emptyTree(), this.#summary), this.#row);
    const runtime = Number(rest._runtime ?? 0);
    return { ...rest, _wandb: { ...(isTree(_wandb) ? _wandb : {}), runtime: Math.floor(runtime) } };
  }

  /** @returns the row that this one follows; undefined where it goes on. @throws {RangeError} if the step lies before it. */
  add(step: number, values: Tree, now: number): Row | undefined {
    if (step < this.#step)
      throw new RangeError(
        `Cannot log at step ${step}: expected step ${this.#step} or a later one, got an earlier one`,
      );
    const ended = step > this.#step ? this.end() : undefined;
    this.#step = step;
    const row = this.#row ?? emptyTree();
    row._step = step;
    this.#row = row;
    for (const key in values) row[key] = values[key];
    row._timestamp = now / 1000;
    row._runtime = (now - this.#startTime) / 1000;
    return ended;
  }

  /** @returns the open row, which then is closed. */
  end(): Row | undefined {
    const row = this.open;
    if (row === undefined) return undefined;
    this.#merge(this.#summary, row.values);
    this.#row = undefined;
    return row;
  }

  /** Takes in a summary, or a row, of an earlier process. */
  takeOver(values: Tree): void {
    Object.assign(this.#summary, values);
  }

  /** Puts a row's values over a summary's. */
  #merge(summary: Record<string, unknown>, row: Tree): Record<string, unknown> {
    for (const key in row) {
      const value = row[key];
      const mode = Object.hasOwn(this.#best, key) ? this.#best[key] : undefined;
      summary[key] = mode !== undefined && typeof value === 'number' ? withBest(value, summary[key], mode) : value;
    }
    return summary;
  }
}

/** For keys of any name, `__proto__` too. */
const emptyTree = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;

/** `{ last, min }` or `{ last, max }`. NaN is never best. */
function withBest(last: number, former: unknown, mode: Mode): Tree {
  const best = isTree(former) ? former[mode] : former;
  const isBetter = typeof best !== 'number' || Number.isNaN(best) || (mode === 'min' ? last < best : last > best);
  const isNumber = !Number.isNaN(last);
  return { last, [mode]: isBetter && (isNumber || typeof best !== 'number') ? last : best };
}

/** A row as a line of the run's history. */
export function lineOf({ values }: Row): string {
  for (const key in values) if (!Number.isFinite(values[key])) return toExtendedJson(values);
  return JSON.stringify(values); // the usual case, in a third of the time
}

// Which checkpoints are best by the monitored metric. Only what was measured at the moment of a save ranks it.

import { PyFloat } from '../../serial/values.ts';
import { findMetric } from '../loop/find-metric.ts';
import { record, storedList, storedNumber } from './format.ts';
import type { Stateful } from './state.ts';

/** A checkpoint and what was measured at its moment. */
export interface RankedCheckpoint {
  readonly name: string;
  readonly value: number;
  readonly step: number;
}

export interface RankingOptions {
  /** The metric, as in 'val/loss' or 'val_loss'; undefined: nothing ranks. */
  readonly monitor: string | undefined;
  readonly mode: 'min' | 'max';
  /** How many of the best are kept beside the newest. */
  readonly topK: number;
}

/** The best checkpoints of a run, best first; the first of equal ones stays ahead. NaN ranks nowhere. */
export class Ranking implements Stateful {
  readonly #options: RankingOptions;
  #best: RankedCheckpoint | undefined;
  #top: readonly RankedCheckpoint[] = [];

  constructor(options: RankingOptions) {
    this.#options = options;
  }

  get best(): RankedCheckpoint | undefined {
    return this.#best;
  }

  /** Names of the best one and of the top k. */
  get names(): readonly string[] {
    return [...new Set([...this.#top, ...(this.#best ? [this.#best] : [])].map(({ name }) => name))];
  }

  /** Whether values of this moment have the monitored metric, better than every save had it. */
  isBetter(values: Readonly<Record<string, number>>): boolean {
    const value = this.#measured(values);
    return value !== undefined && (this.#best === undefined || this.#isBefore(value, this.#best.value));
  }

  /** Ranks a checkpoint that is about to be written. @returns whether it is the best so far. */
  add(name: string, step: number, values: Readonly<Record<string, number>>): boolean {
    const isBest = this.isBetter(values);
    // A name that is written again is another checkpoint than it was.
    const others = this.#top.filter((ranked) => ranked.name !== name);
    const value = this.#measured(values);
    const added = value === undefined ? [] : [{ name, value, step }];
    if (isBest) this.#best = added[0];
    this.#top = [...others, ...added]
      .sort((a, b) => (this.#isBefore(a.value, b.value) ? -1 : this.#isBefore(b.value, a.value) ? 1 : 0))
      .slice(0, this.#options.topK);
    return isBest;
  }

  /** Forgets names that are not there any more, of a time line that the run has left. What the best value was stays. */
  keepOnly(names: ReadonlySet<string>): void {
    this.#top = this.#top.filter(({ name }) => names.has(name));
  }

  state(): unknown {
    const encode = ({ name, value, step }: RankedCheckpoint): unknown => ({ name, value: new PyFloat(value), step });
    const best = this.#best === undefined ? { name: null, value: null, step: 0 } : encode(this.#best);
    return { ...(best as object), top: this.#top.map(encode) };
  }

  loadState(state: unknown): void {
    const { top, ...best } = record(state, 'metrics.best');
    this.#best = best.value === null ? undefined : readRanked(best, 'metrics.best');
    this.#top = storedList(top, 'metrics.best.top').map((each, i) => readRanked(each, `metrics.best.top.${i}`));
  }

  #measured(values: Readonly<Record<string, number>>): number | undefined {
    const { monitor } = this.#options;
    const value = monitor === undefined ? undefined : findMetric(values, monitor);
    return value === undefined || Number.isNaN(value) ? undefined : value;
  }

  #isBefore(a: number, b: number): boolean {
    return this.#options.mode === 'min' ? a < b : a > b;
  }
}

function readRanked(state: unknown, key: string): RankedCheckpoint {
  const { name, value, step } = record(state, key);
  return {
    name: typeof name === 'string' ? name : '', // of a file from before names were kept
    value: storedNumber(value, `${key}.value`),
    step: storedNumber(step, `${key}.step`, { isCount: true }),
  };
}

// `MetricsHistory`: what a run has measured, by name, for whoever looks at it as a whole: summaries, plots, the rules of `diagnosis/`.
import type { Run } from '../read-run.ts';
import type { BestMode } from '../summary.ts';
import { type HistoryPoints, HistorySeries, type Moment, type SeriesStatistics } from './history-series.ts';

/** A number, or a tensor of one element, which is read at once; the device is waited for then. */
export type MetricValue = number | { item(): number };

/** Values by name, each a {@link MetricValue} or such an object again, whose names follow a dot. What is neither, as the name of a phase, is left out. */
export type MetricTree = Readonly<Record<string, unknown>>;

export interface MetricsHistoryOptions {
  /** Points that stay of each metric, at least 4. Statistics are over all of them. Default: all stay. */
  readonly maxPerSeries?: number;
  /** Whether less or more of a metric is better. Default: less where the name has `loss` in it, else more. */
  readonly better?: Readonly<Record<string, BestMode>>;
}

/** What multimodal_insight_engine's collector tells of a metric. */
export interface MetricSummary {
  readonly latest: number;
  readonly best: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly std: number;
  readonly count: number;
}

/** How well the two sides of a batch's pairs fit each other, by the cosine similarities of all with all. */
export interface AlignmentPoint {
  readonly step: number;
  /** Mean similarity of what belongs together. */
  readonly diagMean: number;
  /** Mean of all similarities. */
  readonly simMean: number;
  /** `diagMean - simMean`. */
  readonly alignmentGap: number;
  /** `|alignmentGap|` by the standard deviation of all similarities. */
  readonly alignmentSnr: number;
}

/** A record of an epoch, as `fit` returns it. */
export type EpochValues = Readonly<Record<string, number>> & { readonly epoch: number };

const OPTIONS: readonly string[] = ['maxPerSeries', 'better'];

/** Named series of numbers. Memory is bounded by `maxPerSeries`: then the newer half of what stays is whole, and the older points lie as far apart as they have to.
 *  Source: multimodal_insight_engine, trainers/multimodal/metrics_collector.py, whose spelling of names `update` has.
 *  @example
 *  import { MetricsHistory } from 'sconce/tracking';
 *  const history = new MetricsHistory();
 *  history.update({ loss: 0.5, recalls: { top1: 0.25 } }, 'train');
 *  history.update({ loss: 0.25, recalls: { top1: 0.75 } }, 'train');
 *  history.getMetric('train_recalls.top1'); // [0.25, 0.75]
 *  history.getSummary().train_loss; // { latest: 0.25, best: 0.25, mean: 0.375, std: 0.125, count: 2 } */
export class MetricsHistory {
  readonly #maxPerSeries: number;
  readonly #better: Readonly<Record<string, BestMode>>;
  readonly #series = new Map<string, HistorySeries>();
  #alignment: AlignmentPoint[] = [];

  /** @throws {TypeError} for unknown options.  @throws {RangeError} if maxPerSeries is below 4. */
  constructor(options: MetricsHistoryOptions = {}) {
    const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
    if (unknown !== undefined)
      throw new TypeError(
        `Cannot make a MetricsHistory: expected options of { ${OPTIONS.join(', ')} }, got "${unknown}"`,
      );
    const { maxPerSeries = Number.POSITIVE_INFINITY, better = {} } = options;
    if (!(maxPerSeries >= 4) || (Number.isFinite(maxPerSeries) && !Number.isInteger(maxPerSeries)))
      throw new RangeError(
        `Cannot make a MetricsHistory: expected maxPerSeries to be an integer of at least 4, got ${maxPerSeries}`,
      );
    this.#maxPerSeries = maxPerSeries;
    this.#better = better;
  }

  /** What a run's log holds. Names are those of the log, as in `train/loss`; values named as an {@link AlignmentPoint} in snake case, as `train/diag_mean`, make the history of alignment too. */
  static fromRun(run: Pick<Run, 'metrics'>, options: MetricsHistoryOptions = {}): MetricsHistory {
    const history = new MetricsHistory(options);
    for (const { step, epoch, values } of run.metrics) history.updateFromRecord(values, { step, epoch });
    return history;
  }

  /** Adds a record of a log, with what it says of alignment, as {@link MetricsHistory.fromRun} does with each. */
  updateFromRecord(values: Readonly<Record<string, number>>, { step, epoch }: Moment): void {
    this.update(values, '', { step, epoch });
    for (const point of alignmentsIn(values)) this.updateAlignmentMetrics({ step, ...point });
  }

  /** What a trainer returns: a value an epoch. */
  static fromEpochs(epochs: readonly EpochValues[], options: MetricsHistoryOptions = {}): MetricsHistory {
    const history = new MetricsHistory(options);
    for (const { epoch, ...values } of epochs) history.update(values, '', { epoch });
    return history;
  }

  /** Adds a value to each metric. @param prefix - goes before every name: `loss` with 'train' is `train_loss`.  @param at - where it was measured, where that is known. */
  update(metrics: MetricTree, prefix = '', at: Partial<Moment> = {}): void {
    const { step = Number.NaN, epoch = Number.NaN } = at;
    const moment = { step, epoch };
    const add = (tree: MetricTree, before: string): void => {
      for (const name in tree) {
        const entry = tree[name];
        const value = numberOf(entry);
        if (value !== undefined) this.#seriesOf(before + name).add(value, moment);
        else if (isTree(entry)) add(entry, `${before}${name}.`);
      }
    };
    add(metrics, prefix === '' ? '' : `${prefix}_`);
  }

  #seriesOf(name: string): HistorySeries {
    let series = this.#series.get(name);
    if (!series) {
      series = new HistorySeries(this.#maxPerSeries, this.#better[name] ?? (name.includes('loss') ? 'min' : 'max'));
      this.#series.set(name, series);
    }
    return series;
  }

  /** Names in the order in which they first appeared. */
  get names(): string[] {
    return [...this.#series.keys()];
  }

  /** The values of a metric that stay; empty where there is none of that name. */
  getMetric(name: string): readonly number[] {
    return this.getPoints(name).values;
  }

  /** The same with steps and epochs. */
  getPoints(name: string): HistoryPoints {
    return this.#series.get(name)?.points ?? { values: [], steps: [], epochs: [] };
  }

  getLatest(name: string): number | undefined {
    return this.#series.get(name)?.latest;
  }

  /** Everything that is known of a metric, its best value's step and epoch included; undefined where there is none of that name. */
  getStatistics(name: string): SeriesStatistics | undefined {
    return this.#series.get(name)?.statistics;
  }

  /** Of each metric. Best, mean and deviation are over finite values. */
  getSummary(): Record<string, MetricSummary> {
    const summaries = Array.from(this.#series, ([name, { statistics }]): [string, MetricSummary] => {
      const { latest, best, mean, std, count } = statistics;
      return [name, { latest, best, mean, std, count }];
    });
    return Object.fromEntries(summaries);
  }

  /** Adds a point to the history of alignment, which is apart from the metrics and is bounded as they are. */
  updateAlignmentMetrics(point: AlignmentPoint): void {
    this.#alignment.push({ ...point });
    const spare = this.#alignment.length - this.#maxPerSeries;
    if (spare >= this.#maxPerSeries / 2) this.#alignment.splice(0, spare);
  }

  get alignment(): readonly AlignmentPoint[] {
    return this.#alignment.slice(-Math.min(this.#maxPerSeries, this.#alignment.length));
  }

  /** The values of each metric that stay; what was said of alignment is not among them. */
  toDict(): Record<string, number[]> {
    return Object.fromEntries(this.names.map((name) => [name, [...this.getMetric(name)]]));
  }

  /** Takes these values in place of all that there are. @throws {TypeError} where an entry is no list of numbers; then nothing has changed. */
  fromDict(dict: Readonly<Record<string, readonly number[]>>): void {
    for (const [name, values] of Object.entries(dict)) {
      if (Array.isArray(values) && values.every((value) => typeof value === 'number')) continue;
      throw new TypeError(`Cannot load a history: expected "${name}" to be a list of numbers, got ${typeof values}`);
    }
    this.#series.clear();
    for (const [name, values] of Object.entries(dict)) {
      const series = this.#seriesOf(name);
      for (const value of values) series.add(value, { step: Number.NaN, epoch: Number.NaN });
    }
  }

  /** Forgets everything, alignment too. */
  clear(): void {
    this.#series.clear();
    this.#alignment = [];
  }
}

/** What a record says of alignment, for each beginning of its names; not again what it says of the whole epoch, and of loaders where it has all of them together. */
function alignmentsIn(values: Readonly<Record<string, number>>): Omit<AlignmentPoint, 'step'>[] {
  return Object.keys(values).flatMap((key) => {
    if (!key.endsWith('diag_mean') || key.startsWith('epoch_summary/')) return [];
    const overAll = key.replace(/\bdl_[^/]*\//, '');
    if (overAll !== key && overAll in values) return [];
    const of = (name: string): number | undefined => values[key.slice(0, -'diag_mean'.length) + name];
    const [diagMean, simMean] = [values[key]!, of('sim_mean')];
    const alignmentSnr = of('alignment_snr') ?? of('snr');
    if (simMean === undefined || alignmentSnr === undefined) return [];
    return [{ diagMean, simMean, alignmentGap: diagMean - simMean, alignmentSnr }];
  });
}

function numberOf(entry: unknown): number | undefined {
  if (typeof entry === 'number') return entry;
  if (typeof entry !== 'object' || entry === null || !('item' in entry) || typeof entry.item !== 'function')
    return undefined;
  if ('numel' in entry && entry.numel !== 1) return undefined;
  const value: unknown = entry.item();
  return typeof value === 'number' ? value : undefined;
}

function isTree(entry: unknown): entry is MetricTree {
  if (typeof entry !== 'object' || entry === null || 'item' in entry) return false;
  const prototype: unknown = Object.getPrototypeOf(entry);
  return prototype === Object.prototype || prototype === null;
}

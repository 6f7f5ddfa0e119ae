// `LoaderMetrics`: metrics over an evaluation, of each loader and over all of them.

import { type AnyMetric, isMergeable, type MergeableMetric, type MetricState } from '../../metrics/metric.ts';
import { collectTensors } from '../../tensor/scope.ts';
import type { Matrix } from '../../tracking/data-records.ts';
import { mergeRanks } from '../ranks/merged-metric.ts';
import { Ranks } from '../ranks/ranks.ts';
import { type Aggregation, aggregate, type LoaderMean } from './aggregation.ts';

type Values = Record<string, number>;
type Matrices = Record<string, Matrix>;

/** What a metric that can be merged gave for one loader. */
interface Part {
  readonly loaderName: string;
  readonly numSamples: number;
  readonly values: Values;
  readonly matrices: Matrices;
  readonly state: MetricState;
}

/** Reads metrics behind each loader. Those that can be merged start anew with the next one and are put together at the end; others go on, and have values over all loaders only. */
export class LoaderMetrics {
  readonly #metrics: readonly AnyMetric[];
  readonly #parts = new Map<MergeableMetric<never[]>, Part[]>();

  readonly #ranks: Ranks;

  /** @param ranks - whose parts are put together behind each loader. Default: this one alone. */
  constructor(metrics: readonly AnyMetric[], ranks: Ranks = Ranks.alone) {
    this.#metrics = metrics;
    this.#ranks = ranks;
    for (const metric of metrics) if (isMergeable(metric)) this.#parts.set(metric, []);
  }

  reset(): void {
    for (const metric of this.#metrics) metric.reset();
  }

  /** Frees what was kept of the loaders. */
  dispose(): void {
    for (const parts of this.#parts.values())
      for (const { state } of parts.splice(0)) for (const tensor of collectTensors(state)) tensor.dispose();
  }

  /** Reads what a loader has brought. Waits for the device.
   *  @param isLast - then nothing comes that would need the metric. */
  endLoader(loaderName: string, numSamples: number, isLast: boolean): void {
    for (const [metric, parts] of this.#parts) {
      mergeRanks(metric, this.#ranks);
      const isOnly = isLast && parts.length === 0;
      parts.push({
        ...{ loaderName, numSamples, values: metric.compute(), matrices: metric.matrices?.() ?? {} },
        state: isOnly ? {} : metric.state(), // of one loader nothing is put together
      });
      if (!isLast) metric.reset();
    }
  }

  /** Values and matrices by name: `dl_{loader}/{value}` of each loader, `{value}` over all.
   *  A metric's own samples make one value of those of all loaders, unless the aggregation says how it is made of theirs. */
  read(aggregation: Aggregation): { values: Values; matrices: Matrices } {
    const read = this.#metrics.map((metric) => {
      const parts = isMergeable(metric) ? this.#parts.get(metric)! : undefined;
      return parts ? readParts(metric as MergeableMetric<never[]>, parts, aggregation) : readWhole(metric);
    });
    return {
      values: Object.assign({}, ...read.map(({ values }) => values)),
      matrices: Object.assign({}, ...read.map(({ matrices }) => matrices)),
    };
  }
}

const readWhole = (metric: AnyMetric): { values: Values; matrices: Matrices } => ({
  values: metric.compute(),
  matrices: metric.matrices?.() ?? {},
});

function readParts(
  metric: MergeableMetric<never[]>,
  parts: readonly Part[],
  aggregation: Aggregation,
): { values: Values; matrices: Matrices } {
  const [first, ...others] = parts;
  const isOne = others.length === 0;
  let whole: { values: Values; matrices: Matrices } = { values: first?.values ?? {}, matrices: first?.matrices ?? {} };
  if (!isOne) {
    metric.reset();
    for (const { state } of parts) metric.merge(state);
    whole = readWhole(metric);
  }
  const isMicro = aggregation === 'micro_avg_weighted_by_samples';
  const values = isMicro ? whole.values : aggregated(parts, aggregation);
  // One loader's own matrices are those over all.
  const matrices = isOne ? [] : parts.flatMap((part) => ofLoader(part.loaderName, part.matrices));
  const isNone = aggregation === 'primary_metric_per_loader' && !isOne;
  return {
    values: { ...values, ...Object.fromEntries(parts.flatMap((part) => ofLoader(part.loaderName, part.values))) },
    matrices: { ...(isNone ? {} : whole.matrices), ...Object.fromEntries(matrices) },
  };
}

const ofLoader = <T>(loaderName: string, named: Readonly<Record<string, T>>): [name: string, value: T][] =>
  Object.entries(named).map(([name, value]) => [`dl_${loaderName}/${name}`, value]);

function aggregated(parts: readonly Part[], aggregation: Aggregation): Values {
  const names = new Set(parts.flatMap(({ values }) => Object.keys(values)));
  const entries = [...names].flatMap((name) => {
    const loaders = parts.flatMap(({ loaderName, numSamples, values }): LoaderMean[] => {
      const mean = values[name];
      return mean === undefined ? [] : [{ loaderName, mean, numSamples }];
    });
    const value = aggregate(loaders, name, aggregation);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

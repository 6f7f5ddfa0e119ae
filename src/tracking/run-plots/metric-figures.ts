// Curves of metrics: a picture a name, with training and validation, loaders, and runs together.
import type { FigureOptions } from '../plots/figure.ts';
import type { LineSeries } from '../plots/panels/lines.ts';
import type { MetricKey } from './metric-key.ts';
import type { RunSeries } from './run-series.ts';

/** A metric of one of the runs that are drawn together. */
export interface RunMetric extends MetricKey {
  /** The run's name; empty where there is only one. */
  readonly run: string;
  readonly series: RunSeries;
}

export interface CurveOptions {
  /** Over epochs in place of steps. */
  readonly isByEpoch: boolean;
  readonly isLog: boolean;
  readonly smooth: number | undefined;
  readonly hasManyRuns: boolean;
}

/** A description with the name of its file. */
export interface NamedFigure {
  readonly name: string;
  readonly options: FigureOptions;
}

/** One picture for each name, and, where there are many runs, for each loader of it. */
export function metricFigures(metrics: readonly RunMetric[], options: CurveOptions): NamedFigure[] {
  const groups = groupBy(withoutOnlyLoaders(metrics), options);
  return [...groups].map(([name, members]) => {
    const { isByEpoch } = options;
    return {
      name: isByEpoch ? `${name}-epochs` : name,
      options: curves(isByEpoch ? `${name} over epochs` : name, members, options),
    };
  });
}

function groupBy(metrics: readonly RunMetric[], { hasManyRuns }: CurveOptions): Map<string, RunMetric[]> {
  const groups = new Map<string, RunMetric[]>();
  for (const metric of metrics) {
    const name = hasManyRuns && metric.loader !== undefined ? `${metric.name} of ${metric.loader}` : metric.name;
    const group = groups.get(name);
    if (group) group.push(metric);
    else groups.set(name, [metric]);
  }
  return groups;
}

/** A picture of curves. */
export function curves(title: string, members: readonly RunMetric[], options: CurveOptions): FigureOptions {
  const { isByEpoch, isLog, smooth, hasManyRuns } = options;
  const loaders = new Set(members.flatMap(({ loader }) => (loader === undefined ? [] : [loader])));
  const phases = new Set(members.map(({ phase }) => phase));
  const isByPhase = !hasManyRuns && (isByEpoch || loaders.size === 0 || phases.size < 2);
  const series = members.map((metric): LineSeries => {
    const { phase, loader, run, series: values } = metric;
    const isNoisy = phase === 'train' && !isByEpoch && values.values.length > 1;
    const label = hasManyRuns
      ? run
      : isByPhase
        ? [phase, loader].filter(Boolean).join(' ') || title
        : (loader ?? 'all');
    return { label, x: isByEpoch ? values.epochs : values.steps, y: values.values, kind: isNoisy ? 'noisy' : 'exact' };
  });
  const kinds =
    isByPhase || phases.size < 2
      ? {}
      : { kindLabels: { noisy: 'train', exact: [...phases].filter((phase) => phase !== 'train').join(', ') } };
  const yLabel =
    isByPhase || phases.size > 1 ? members[0]!.name : [...phases, members[0]!.name].filter(Boolean).join(' ');
  const panel = {
    kind: 'lines' as const,
    yLabel,
    xLabel: isByEpoch ? 'epoch' : 'step',
    ...(isLog ? { yScale: 'log' as const } : {}),
    ...(smooth === undefined ? {} : { smooth }),
  };
  // Over epochs both phases have single values: which is which is said by a panel of its own.
  if (hasManyRuns && isByEpoch && phases.size > 1) {
    const panels = [...phases].map((phase) => ({
      ...panel,
      title: phase ?? title,
      series: series.filter((_, index) => members[index]!.phase === phase),
    }));
    return { title, panels };
  }
  return { title, panels: [{ ...panel, ...kinds, series }] };
}

/** Without the curves of loaders that are the same as those over all loaders: there is only one. */
export function withoutOnlyLoaders(metrics: readonly RunMetric[]): RunMetric[] {
  const idOf = ({ run, phase, name }: RunMetric): string => JSON.stringify([run, phase, name]);
  const wholes = new Map(metrics.filter(({ loader }) => loader === undefined).map((metric) => [idOf(metric), metric]));
  return metrics.filter((metric) => {
    const whole = metric.loader === undefined ? undefined : wholes.get(idOf(metric));
    return whole === undefined || !isSame(whole.series.values, metric.series.values);
  });
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, index) => Object.is(value, b[index]));

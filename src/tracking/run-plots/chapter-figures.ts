// The pictures of a run beside its metrics: learning rate, shares of loaders, alignment, gradients, where the time went, the machine.

import type { ShareSeries } from '../plots/panels/shares.ts';
import type { Panel } from '../plots/panels.ts';
import { componentFigures } from './component-figures.ts';
import { featureFigures } from './feature-figures.ts';
import { linesByUnit } from './lines-by-unit.ts';
import { type CurveOptions, curves, type NamedFigure, type RunMetric, withoutOnlyLoaders } from './metric-figures.ts';
import { type AlignmentPart, alignmentPart, type Chapter } from './metric-key.ts';
import { isTimed, profileFigures } from './profile-figures.ts';
import { throughputFigures } from './throughput-figures.ts';

/** The pictures of one chapter; `metrics` are those that belong to it. */
export function chapterFigures(
  chapter: Exclude<Chapter, 'metrics'>,
  metrics: readonly RunMetric[],
  options: CurveOptions,
): NamedFigure[] {
  if (metrics.length === 0) return [];
  switch (chapter) {
    case 'schedule':
      return scheduleFigures(metrics, options);
    case 'shares':
      return shareFigures(metrics, options);
    case 'alignment':
      return alignmentFigures(metrics);
    case 'features':
      return featureFigures(metrics, options);
    case 'gradients': {
      const { figures, others } = componentFigures(metrics, options);
      return [...figures, ...linesByUnit(others, options)];
    }
    case 'profile':
      return [
        ...profileFigures(metrics),
        ...linesByUnit(
          metrics.filter((metric) => !isTimed(metric)),
          options,
        ),
      ];
    case 'system': {
      const { figures, others } = throughputFigures(metrics, options);
      return [...linesByUnit(others, options), ...figures];
    }
    default:
      return linesByUnit(metrics, options);
  }
}

/** The learning rate, and what else is scheduled: momentum and weight decay. */
function scheduleFigures(metrics: readonly RunMetric[], { isLog, hasManyRuns }: CurveOptions): NamedFigure[] {
  const kindOf = ({ name }: RunMetric): string => /^(momentum|weight_decay)\//.exec(name)?.[1] ?? 'lr';
  return grouped(metrics, kindOf).map(([kind, all]) => {
    const members = all.filter((metric, i) => !all.slice(0, i).some((earlier) => isSameCurve(earlier, metric)));
    const names = new Set(members.map(({ name }) => name));
    const series = members.map(({ run, name, series: { steps, values } }) => {
      const label = !hasManyRuns ? name : names.size > 1 ? `${run} ${name}` : run;
      return { label, x: steps, y: values };
    });
    const only = hasManyRuns && series.length === 1 ? { title: series[0]!.label } : {};
    const title = kind === 'lr' ? 'learning rate' : kind.replace('_', ' ');
    const scale = isLog ? { yScale: 'log' as const } : {};
    return { name: kind, options: { title, panels: [{ kind: 'schedule', ...only, yLabel: title, series, ...scale }] } };
  });
}

/** As `lr`, which the loop logs, and `lr/group_0` of a `LearningRateMonitor`. */
function isSameCurve(one: RunMetric, other: RunMetric): boolean {
  const [a, b] = [one.series, other.series];
  const isSame = (x: readonly number[], y: readonly number[]): boolean =>
    x.length === y.length && x.every((value, i) => Object.is(value, y[i]));
  return one.run === other.run && isSame(a.steps, b.steps) && isSame(a.values, b.values);
}

/** The runs of these metrics, each with its own. */
function byRun(metrics: readonly RunMetric[]): [run: string, metrics: RunMetric[]][] {
  return grouped(metrics, ({ run }) => run);
}

function grouped<K>(metrics: readonly RunMetric[], keyOf: (metric: RunMetric) => K): [K, RunMetric[]][] {
  const groups = new Map<K, RunMetric[]>();
  for (const metric of metrics) {
    const group = groups.get(keyOf(metric));
    if (group) group.push(metric);
    else groups.set(keyOf(metric), [metric]);
  }
  return [...groups];
}

function shareFigures(metrics: readonly RunMetric[], options: CurveOptions): NamedFigure[] {
  const of = (folder: string, unit: string): RunMetric[] =>
    metrics.flatMap((metric) => {
      const loader = loaderOf(metric.name, folder, unit);
      return loader === undefined ? [] : [{ ...metric, loader }];
    });
  const figures: NamedFigure[] = [];
  for (const [folder, isShare, title] of [
    ['loader_proportions', true, 'loader shares'],
    ['loader_counts', false, 'what loaders gave'],
  ] as const) {
    const panels = ['batches', 'samples'].flatMap((unit) =>
      byRun(of(folder, unit)).map(([run, own]): Panel => {
        const series = own.map(({ loader, series: { epochs, values } }): ShareSeries => {
          return { label: loader!, x: epochs, y: values };
        });
        return {
          kind: 'shares',
          ...titled(run),
          yLabel: isShare ? `share of ${unit}` : unit,
          xLabel: 'epoch',
          ...(isShare ? { yFormat: 'percent' as const } : {}),
          series,
        };
      }),
    );
    if (panels.length > 0) figures.push({ name: folder, options: { title, panels } });
  }
  const divergences = of('loader_proportions', 'divergence').map((metric) => ({
    ...metric,
    name: 'loader divergence',
  }));
  if (divergences.length > 0)
    figures.push({
      name: 'loader_divergence',
      options: curves('loader divergence', divergences, { ...options, isByEpoch: true }),
    });
  return figures;
}

/** The loader in `loader_counts/{loader}_batches`, if that is what a name is. */
function loaderOf(name: string, folder: string, unit: string): string | undefined {
  const isIt = name.startsWith(`${folder}/`) && name.endsWith(`_${unit}`);
  return isIt ? name.slice(folder.length + 1, -unit.length - 1) : undefined;
}

const titled = (run: string): { title?: string } => (run === '' ? {} : { title: run });

function alignmentFigures(metrics: readonly RunMetric[]): NamedFigure[] {
  const groups = grouped(withoutOnlyLoaders(metrics), ({ run, phase, loader, name }) =>
    JSON.stringify([run, phase, loader, alignmentPart(name)!.of]),
  );
  const panels = groups.flatMap(([, own]): Panel[] => {
    const parts = new Map<AlignmentPart, RunMetric>(own.map((metric) => [alignmentPart(metric.name)!.part, metric]));
    const first = own[0]!;
    const title = [first.run, first.phase, first.loader, alignmentPart(first.name)!.of].filter(Boolean).join(' ');
    return [{ kind: 'alignment', ...titled(title), ...alignedAt(parts) }];
  });
  return [{ name: 'alignment_metrics', options: { title: 'alignment', columns: 2, panels } }];
}

/** All four over the steps of any; NaN where one was not measured. */
function alignedAt(parts: ReadonlyMap<AlignmentPart, RunMetric>): Record<AlignmentPart | 'x', number[]> {
  const x = [...new Set([...parts.values()].flatMap(({ series }) => series.steps))].sort((a, b) => a - b);
  const at = (part: AlignmentPart): number[] => {
    const series = parts.get(part)?.series;
    const values = new Map(series?.steps.map((step, index) => [step, series.values[index]!]));
    return x.map((step) => values.get(step) ?? Number.NaN);
  };
  return { x, diagMean: at('diagMean'), simMean: at('simMean'), gap: at('gap'), snr: at('snr') };
}

// The pictures of a run beside its metrics: learning rate, shares of loaders, alignment, gradients, where the time went, the machine.

import type { ShareSeries } from '../plots/panels/shares.ts';
import type { Panel } from '../plots/panels.ts';
import { type CurveOptions, curves, type NamedFigure, type RunMetric } from './metric-figures.ts';
import { type AlignmentPart, alignmentPart, type Chapter } from './metric-key.ts';
import { isTimed, profileFigures } from './profile-figures.ts';

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
    case 'profile':
      return [
        ...profileFigures(metrics),
        ...linesByKind(
          metrics.filter((metric) => !isTimed(metric)),
          options,
        ),
      ];
    default:
      return linesByKind(metrics, options);
  }
}

function scheduleFigures(metrics: readonly RunMetric[], { isLog, hasManyRuns }: CurveOptions): NamedFigure[] {
  const names = new Set(metrics.map(({ name }) => name));
  const series = metrics.map(({ run, name, series: { steps, values } }) => {
    const label = !hasManyRuns ? name : names.size > 1 ? `${run} ${name}` : run;
    return { label, x: steps, y: values };
  });
  const only = hasManyRuns && series.length === 1 ? { title: series[0]!.label } : {};
  const panel = { kind: 'schedule' as const, ...only, series, ...(isLog ? { yScale: 'log' as const } : {}) };
  return [{ name: 'lr', options: { title: 'learning rate', panels: [panel] } }];
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
  const isDivergence = ({ name }: RunMetric): boolean => /^loader_proportions\/.*_divergence$/.test(name);
  const figures: NamedFigure[] = [];
  for (const [folder, yLabel, title] of [
    ['loader_proportions', 'share of batches', 'loader shares'],
    ['loader_counts', 'batches', 'loader batches'],
  ] as const) {
    const members = metrics.filter((metric) => metric.name.startsWith(`${folder}/`) && !isDivergence(metric));
    if (members.length === 0) continue;
    const panels = byRun(members).map(([run, own]): Panel => {
      const series = own.map(({ name, series: { epochs, values } }): ShareSeries => {
        return { label: name.slice(folder.length + 1), x: epochs, y: values };
      });
      const isShare = folder === 'loader_proportions';
      return {
        kind: 'shares',
        ...titled(run),
        yLabel,
        xLabel: 'epoch',
        ...(isShare ? { yFormat: 'percent' as const } : {}),
        series,
      };
    });
    figures.push({ name: folder, options: { title, panels } });
  }
  const divergences = metrics
    .filter(isDivergence)
    .map((metric) => ({ ...metric, name: 'loader divergence', loader: loaderOf(metric) }));
  if (divergences.length > 0)
    figures.push({
      name: 'loader_divergence',
      options: curves('loader divergence', divergences, { ...options, isByEpoch: true }),
    });
  return figures;
}

const loaderOf = ({ name }: RunMetric): string => name.replace(/^loader_proportions\//, '').replace(/_divergence$/, '');
const titled = (run: string): { title?: string } => (run === '' ? {} : { title: run });

function alignmentFigures(metrics: readonly RunMetric[]): NamedFigure[] {
  const groups = grouped(metrics, ({ run, phase, name }) => JSON.stringify([run, phase, alignmentPart(name)!.of]));
  const panels = groups.flatMap(([, own]): Panel[] => {
    const parts = new Map<AlignmentPart, RunMetric>(own.map((metric) => [alignmentPart(metric.name)!.part, metric]));
    const first = own[0]!;
    const title = [first.run, first.phase, alignmentPart(first.name)!.of].filter(Boolean).join(' ');
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

/** One picture for each folder and unit: `system/memory_rss_bytes` and `system/memory_heap_bytes` are two curves of `system bytes`. */
function linesByKind(metrics: readonly RunMetric[], options: CurveOptions): NamedFigure[] {
  const kindOf = ({ name }: RunMetric): string => {
    if (options.hasManyRuns) return name;
    const unit = /_(percent|pct|bytes|mib|mb|gib|gb|ms|seconds|celsius|watts|per_second|per_sec)$/.exec(name)?.[1];
    const folder = name.slice(0, Math.max(0, name.indexOf('/')));
    const last = name.slice(name.lastIndexOf('/') + 1);
    return unit === undefined ? `${folder} ${last}`.trim() : `${folder} ${unit}`.trim();
  };
  return grouped(metrics, kindOf).map(([title, members]) => {
    if (options.hasManyRuns) return { name: title, options: curves(title, members, options) };
    const folder = members.map(({ name }) => name.slice(0, name.indexOf('/') + 1));
    const shared = folder.every((entry) => entry === folder[0]) ? folder[0]!.length : 0;
    const told = members.map((metric) => ({
      ...metric,
      phase: [metric.phase, metric.loader].filter(Boolean).join(' ') || undefined,
      loader: shortened(metric.name.slice(shared), members.length),
    }));
    const { panels, ...rest } = curves(title, told, options);
    const isTrain = members.every(({ phase }) => phase === undefined || phase === 'train');
    const labelled = panels.map((panel) =>
      panel.kind === 'lines'
        ? {
            ...panel,
            yLabel: title,
            series: panel.series.map((entry) => ({ ...entry, kind: kindFor(entry.x.length, isTrain) })),
          }
        : panel,
    );
    return { name: title, options: { ...rest, panels: labelled } };
  });
}

const kindFor = (length: number, isTrain: boolean): 'noisy' | 'exact' => (length > 60 && isTrain ? 'noisy' : 'exact');

/** `head.weight/norm` in a picture of norms is `head.weight`. */
function shortened(name: string, numMembers: number): string {
  const at = name.lastIndexOf('/');
  return numMembers > 1 && at > 0 ? name.slice(0, at) : name;
}

// What a `FeatureCollapseCheck` has seen: variance of the features, similarities of both sides, and what was wrong.
import type { LineSeries } from '../plots/panels/lines.ts';
import type { Panel } from '../plots/panels.ts';
import { linesByUnit } from './lines-by-unit.ts';
import type { CurveOptions, NamedFigure, RunMetric } from './metric-figures.ts';

const SIDES = ['vision', 'text'] as const;

/** The pictures of one run; several runs are compared metric by metric. Shares that are 0 all the time are left out, and norms that are 1. */
export function featureFigures(metrics: readonly RunMetric[], options: CurveOptions): NamedFigure[] {
  if (options.hasManyRuns) return linesByUnit(metrics, options);
  const named = new Map(metrics.map((metric) => [metric.name.slice('features/'.length), metric]));
  const lines = (names: Readonly<Record<string, string>>): LineSeries[] =>
    Object.entries(names).flatMap(([name, label]) => {
      const series = named.get(name)?.series;
      return series === undefined ? [] : [{ label, x: series.steps, y: series.values }];
    });
  const bySide = (what: string): LineSeries[] =>
    lines(Object.fromEntries(SIDES.map((side) => [`${side}_${what}`, side])));
  const isEver = (name: string, isMet: (value: number) => boolean): boolean =>
    named.get(name)?.series.values.some(isMet) ?? false;
  const panel = (title: string, yLabel: string, series: LineSeries[], more: object = {}): Panel => ({
    ...{ kind: 'lines', title, yLabel, series },
    ...(options.smooth === undefined ? {} : { smooth: options.smooth }),
    ...more,
  });
  const isShare = { yFormat: 'percent' };
  const panels = [
    panel('variance over a batch', 'mean variance of a dimension', bySide('variance'), { yScale: 'log' }),
    panel(
      'similarities of both sides',
      'cosine similarity',
      lines({ similarity_mean: 'mean', similarity_std: 'standard deviation' }),
    ),
    panel('spread of all elements', 'standard deviation', bySide('std')),
    ...(['dead_share', 'nonfinite_share'] as const).map((name) => {
      const title = name === 'dead_share' ? 'dimensions that say nothing' : 'elements that are not finite';
      const isThere = SIDES.some((side) => isEver(`${side}_${name}`, (value) => value !== 0));
      return panel(title, 'share', isThere ? bySide(name) : [], isShare);
    }),
    panel(
      'looks that found a collapse',
      'share',
      isEver('collapsed', (value) => value !== 0) ? lines({ collapsed: 'collapsed' }) : [],
      isShare,
    ),
    panel(
      'norms',
      'mean norm',
      SIDES.some((side) => isEver(`${side}_norm`, (value) => !(Math.abs(value - 1) <= 0.01))) ? bySide('norm') : [],
    ),
  ].filter((each) => 'series' in each && each.series.length > 0);
  return panels.length === 0 ? [] : [{ name: 'features', options: { title: 'features', columns: 2, panels } }];
}

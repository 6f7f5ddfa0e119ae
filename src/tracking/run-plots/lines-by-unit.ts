// Curves of what a machine and a model do beside the metrics, those of one unit in one picture.
import type { LineSeries } from '../plots/panels/lines.ts';
import { type CurveOptions, curves, type NamedFigure, type RunMetric } from './metric-figures.ts';

const UNIT = /_(percent|bytes|mib|mb|gib|gb|ms|seconds|celsius|watts|norm|ratio)$/;
const OPTIMIZER = /\/optimizer_\d+$/;
/** More points than this are smoothed for the eye. */
const MAX_EXACT = 60;

/** One picture for each folder and unit: `system/resident_mb` and `system/heap_used_mb` are two curves of `system mb`. Of several runs, one for each key. */
export function linesByUnit(metrics: readonly RunMetric[], options: CurveOptions): NamedFigure[] {
  const groups = new Map<string, RunMetric[]>();
  for (const metric of metrics) {
    const title = options.hasManyRuns ? metric.name : unitOf(metric.name);
    groups.set(title, [...(groups.get(title) ?? []), metric]);
  }
  return [...groups].map(([title, members]) => {
    if (options.hasManyRuns) return { name: title, options: curves(title, members, options) };
    const labels = distinctParts(
      members.map(({ phase, loader, name }) => [phase, loader, name].filter(Boolean).join('/').split('/')),
    );
    const series = members.map(({ series: { steps, values } }, index): LineSeries => {
      return { label: labels[index]!, x: steps, y: values, kind: steps.length > MAX_EXACT ? 'noisy' : 'exact' };
    });
    const { isLog, smooth } = options;
    const scale = { ...(isLog ? { yScale: 'log' as const } : {}), ...(smooth === undefined ? {} : { smooth }) };
    return { name: title, options: { title, panels: [{ kind: 'lines', yLabel: title, series, ...scale }] } };
  });
}

function unitOf(name: string): string {
  const whole = name.replace(OPTIMIZER, '');
  const folder = whole.slice(0, Math.max(0, whole.indexOf('/')));
  const last = whole.slice(whole.lastIndexOf('/') + 1);
  // What is left of a machine is far more than what a run takes of it.
  const unit = last.startsWith('left_') ? last : (UNIT.exec(last)?.[1] ?? last);
  return `${folder} ${unit}`.trim();
}

/** What tells names apart: without the parts that all of them begin or end with. */
function distinctParts(names: readonly (readonly string[])[]): string[] {
  const first = names[0]!;
  if (names.length === 1) return [first.at(-1)!];
  let start = 0;
  while (names.every((name) => name[start] !== undefined && name[start] === first[start])) start += 1;
  let end = 0;
  while (names.every((name) => name.length - end > start && name.at(-1 - end) === first.at(-1 - end))) end += 1;
  return names.map((name) => name.slice(start, name.length - end).join('/') || 'all');
}

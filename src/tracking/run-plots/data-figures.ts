// Pictures of what a run logs beside numbers: histograms over time, and matrices, the last one and how it changed.
import type { Histogram, HistogramRecord, MatrixRecord } from '../data-records.ts';
import type { Bins } from '../plots/panels/histogram.ts';
import type { LineSeries } from '../plots/panels/lines.ts';
import type { Panel } from '../plots/panels.ts';
import type { NamedFigure } from './metric-figures.ts';

/** A record with the name of its run; empty where there is only one. */
export type OfRun<T> = T & { readonly run: string };

const PANELS_A_FIGURE = 6;
/** More would be looked at by nobody; `sconce plot --metrics` draws any others. */
const MAX_HISTOGRAMS = 24;

/** Histograms over steps, six keys a picture. */
export function histogramFigures(records: readonly OfRun<HistogramRecord>[]): NamedFigure[] {
  const groups = groupBy(records);
  const folders = new Map<string, Panel[]>();
  const counts = new Map<string, number>();
  for (const { key, run, own } of groups) {
    const folder = key.slice(0, Math.max(0, key.indexOf('/'))) || key;
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
    const panels = folders.get(folder) ?? [];
    folders.set(folder, panels);
    if (panels.length === MAX_HISTOGRAMS) continue;
    const last = new Map(own.map(({ step, histogram }) => [step, drawable(histogram)])); // one a step: x rises
    const title = [run, key.slice(folder.length + 1) || key].filter(Boolean).join(' ');
    panels.push({
      kind: 'histograms',
      title,
      x: [...last.keys()].sort((a, b) => a - b),
      histograms: [...last].sort(([a], [b]) => a - b).map(([, histogram]) => histogram),
    });
  }
  return [...folders].flatMap(([folder, panels]) => pages(folder, panels, counts.get(folder)!));
}

/** A histogram whose bins have no width, as one of a log may, has nothing to draw. */
function drawable(histogram: Histogram): Bins {
  const { edges, counts, numNonFinite } = histogram;
  const isSound =
    edges.length === counts.length + 1 &&
    edges.every((edge, index) => Number.isFinite(edge) && (index === 0 || edge > edges[index - 1]!));
  return isSound ? histogram : { edges: [], counts: [], numNonFinite };
}

function pages(folder: string, panels: readonly Panel[], count: number): NamedFigure[] {
  const figures: NamedFigure[] = [];
  for (let start = 0; start < panels.length; start += PANELS_A_FIGURE) {
    const page = start / PANELS_A_FIGURE + 1;
    const name = page === 1 ? `${folder}-histograms` : `${folder}-histograms-${page}`;
    const isLast = start + PANELS_A_FIGURE >= panels.length;
    const rest = isLast && count > panels.length ? { subtitle: `the first ${panels.length} of ${count}` } : {};
    figures.push({
      name,
      options: {
        title: `${folder}, how values are spread`,
        ...rest,
        panels: panels.slice(start, start + PANELS_A_FIGURE),
      },
    });
  }
  return figures;
}

/** Each matrix as it was last, and beside it, where rows and columns are the same classes, how much of each row was on the diagonal over steps. */
export function matrixFigures(records: readonly OfRun<MatrixRecord>[]): NamedFigure[] {
  return groupBy(records).map(({ key, run, own }) => {
    const last = own.at(-1)!;
    const panels: Panel[] = [
      { kind: 'matrix', title: `at step ${last.step.toLocaleString('en-US')}`, matrix: last.matrix },
    ];
    const series = diagonalShares(own);
    if (own.length > 1 && series.length > 0) {
      const title = 'how it changed: share of each row on the diagonal';
      panels.push({ kind: 'lines', title, xLabel: 'step', yLabel: 'share of the row', yFormat: 'percent', series });
    }
    return {
      name: [run, key].filter(Boolean).join('-'),
      options: { title: [run, key].filter(Boolean).join(' '), panels },
    };
  });
}

function diagonalShares(records: readonly MatrixRecord[]): LineSeries[] {
  const { rows, columns } = records.at(-1)!.matrix;
  if (rows.length !== columns.length || rows.some((name, index) => name !== columns[index])) return [];
  const same = records.filter(
    ({ matrix }) => matrix.rows.length === rows.length && matrix.columns.length === rows.length,
  );
  return rows.map((label, index): LineSeries => {
    const y = same.map(
      ({ matrix }) => matrix.values[index]![index]! / matrix.values[index]!.reduce((sum, value) => sum + value, 0),
    );
    // A class without samples has no share, which is nothing to mark.
    const seen = y.flatMap((value, at) => (Number.isFinite(value) ? [at] : []));
    return { label, x: seen.map((at) => same[at]!.step), y: seen.map((at) => y[at]!), kind: 'exact' };
  });
}

function groupBy<T extends { readonly key: string; readonly run: string }>(
  records: readonly T[],
): { key: string; run: string; own: T[] }[] {
  const groups = new Map<string, { key: string; run: string; own: T[] }>();
  for (const record of records) {
    const { key, run } = record;
    const id = JSON.stringify([key, run]);
    const group = groups.get(id);
    if (group) group.own.push(record);
    else groups.set(id, { key, run, own: [record] });
  }
  return [...groups.values()];
}

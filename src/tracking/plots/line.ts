// Draws curves of metrics over steps: training smoothed over its faint raw values, validation as points on a line.
import { replaceUnrepresentable } from '../markup.ts';
import { drawFigure, formatLogTick, formatPercentTick, formatTick, LABEL_OFFSET, type LegendEntry } from './figure.ts';
import { lightColor, lightPaper } from './palette.ts';
import type { Mark, PlotLibrary, Row } from './plot-library.ts';
import { type Points, smooth, thin } from './smoothing.ts';

/** One curve. `values[i]` was measured at `steps[i]`; a non-finite value breaks the curve and is marked at the picture's top. */
export interface LineSeries {
  readonly label: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
  /** `noisy`: many values that scatter, smoothed for the eye; `exact`: few values, each drawn. */
  readonly kind: 'noisy' | 'exact';
}

export interface LineChart {
  readonly title: string;
  readonly subtitle?: string;
  /** With its unit, as in `loss (nats)`. */
  readonly yLabel: string;
  /** Default `step`. */
  readonly xLabel?: string;
  readonly yScale?: 'linear' | 'log';
  readonly yFormat?: 'number' | 'percent';
  readonly series: readonly LineSeries[];
}

/** A curve's most points in a picture; more cannot be seen at its width. */
const MAX_POINTS = 900;
/** Below this a noisy series is drawn as it is. */
const MIN_SMOOTHED = 24;
/** Told apart without colour; one for each colour of the palette. */
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond2', 'wye', 'star', 'times', 'plus'];

/** Draws curves over steps as standalone SVG text.
 *  @throws {RangeError} if there are more series than colours, or a logarithmic axis is asked for values that are not positive. */
export async function drawLines(chart: LineChart): Promise<string> {
  const { title, subtitle, series, xLabel = 'step', yScale = 'linear', yFormat = 'number', yLabel } = chart;
  if (yScale === 'log') requirePositive(chart);
  const legend = series.map((entry, color): LegendEntry => {
    return { label: entry.label, shape: entry.kind === 'exact' ? 'points' : 'line', color };
  });
  if (series.some(({ values }) => values.some((value) => !Number.isFinite(value)))) {
    legend.push({ label: 'not finite', shape: 'cross', color: 0 });
  }
  const symbols = new Map(series.filter(({ kind }) => kind === 'exact').map((entry, at) => [entry, SYMBOLS[at]]));
  return drawFigure({
    title,
    subtitle,
    legend,
    draw: (plot) => ({
      x: { label: replaceUnrepresentable(xLabel), tickFormat: formatTick, ticks: 6 },
      y: {
        label: replaceUnrepresentable(yLabel),
        grid: true,
        labelOffset: LABEL_OFFSET,
        nice: true,
        ticks: 6,
        ...(yScale === 'log'
          ? { type: 'log', tickFormat: formatLogTick }
          : { tickFormat: yFormat === 'percent' ? formatPercentTick : formatTick }),
      },
      marks: series.flatMap((entry, index) => drawSeries(plot, entry, index, symbols.get(entry))),
    }),
  });
}

function drawSeries(plot: PlotLibrary, series: LineSeries, index: number, symbol: string | undefined): Mark[] {
  const points = { x: series.steps, y: series.values };
  const stroke = lightColor(index);
  const line = { x: 'x', y: 'y', stroke, className: `line-${index}` };
  const marks: Mark[] = [];
  if (series.kind === 'exact') {
    const thinned = toRows(thin(points, MAX_POINTS));
    const dots = { fill: stroke, stroke: lightPaper, r: 4, symbol, className: `dot-${index}` };
    marks.push(plot.lineY(thinned, { ...line, strokeWidth: 1.75 }), plot.dot(thinned, { x: 'x', y: 'y', ...dots }));
  } else if (points.x.length < MIN_SMOOTHED) {
    marks.push(plot.lineY(toRows(points), { ...line, strokeWidth: 2 }));
  } else {
    const halfWidth = Math.max(1, Math.round(points.x.length / 60));
    const smoothed = { x: points.x, y: smooth(points.y, halfWidth) };
    marks.push(
      plot.lineY(toRows(thin(points, MAX_POINTS)), { ...line, strokeWidth: 1, strokeOpacity: 0.28 }),
      plot.lineY(toRows(thin(smoothed, MAX_POINTS)), { ...line, strokeWidth: 2.25 }),
    );
  }
  const broken = toRows(thin(points, MAX_POINTS)).filter(({ y }) => Number.isNaN(y));
  if (broken.length > 0) {
    const cross = { x: 'x', frameAnchor: 'top', symbol: 'times', r: 5, stroke, strokeWidth: 2 };
    marks.push(plot.dot(broken, { ...cross, className: `line-${index}` }));
  }
  return marks;
}

/** Rows for Plot, in which every non-finite value is NaN: an infinite one would stretch the axis. */
function toRows({ x, y }: Points): (Row & { readonly y: number })[] {
  return x.map((step, index) => {
    const value = y[index]!;
    return { x: step, y: Number.isFinite(value) ? value : Number.NaN };
  });
}

function requirePositive({ title, series }: LineChart): void {
  for (const { label, values } of series) {
    const wrong = values.find((value) => value <= 0);
    if (wrong === undefined) continue;
    throw new RangeError(
      `Cannot draw "${title}" on a logarithmic axis: expected positive values, got ${wrong} in "${label}"`,
    );
  }
}

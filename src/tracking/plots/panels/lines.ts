import { axisName, type Drawing, leftMargin, noValues, rightMargin, TICK_FONT_SIZE } from '../drawing.ts';
import type { LegendEntry } from '../legend.ts';
import { labelsWidth, numberAxis } from '../number-axis.ts';
import { inkClass, lightPaper } from '../palette.ts';
import type { Mark, PlotLibrary, Row } from '../plot-library.ts';
import { MAX_STYLES, type SeriesStyle, seriesStyle } from '../series-style.ts';
import { type Points, smooth, thin } from '../smoothing.ts';

/** One curve. `y[i]` was measured at `x[i]`; a non-finite value breaks the curve and is marked at the panel's top. Curves of one label share a colour. */
export interface LineSeries {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** `noisy`: many values that scatter, smoothed for the eye; `exact`: few values, each drawn. Default: exact up to 60 values. */
  readonly kind?: 'noisy' | 'exact';
}

/** Curves. More than 24 labels cannot be told apart: those behind are drawn grey, and counted in the legend. */
export interface LinesPanel {
  readonly kind: 'lines';
  readonly title?: string;
  /** With its unit, as in `loss (nats)`. */
  readonly yLabel: string;
  /** Default `step`. */
  readonly xLabel?: string;
  readonly xScale?: 'linear' | 'log';
  /** A logarithmic axis has no place for values up to 0: they are marked at the panel's foot. */
  readonly yScale?: 'linear' | 'log';
  readonly yFormat?: 'number' | 'percent';
  /** How many neighbours on each side a noisy curve is averaged over; 0 leaves it as it is. Default: a sixtieth of its values. */
  readonly smooth?: number;
  /** What noisy and exact curves are, as in `{ noisy: 'train', exact: 'val' }`, where both have the same labels. */
  readonly kindLabels?: { readonly noisy: string; readonly exact: string };
  readonly series: readonly LineSeries[];
}

/** A curve's most points in a picture; more cannot be seen at its width. */
const MAX_POINTS = 900;
/** Below this a noisy series is drawn as it is. */
const MIN_SMOOTHED = 24;
const MAX_EXACT = 60;
/** Signs that stand closer than this hide each other. */
const MAX_SIGNS = 150;

type Kind = NonNullable<LineSeries['kind']>;

const kindOf = ({ kind, x }: LineSeries): Kind => kind ?? (x.length > MAX_EXACT ? 'noisy' : 'exact');

export function layOutLines(panel: LinesPanel, width: number): Drawing {
  const { series, xLabel = 'step', yLabel, xScale = 'linear', yScale = 'linear', yFormat = 'number' } = panel;
  const labels = [...new Set(series.map(({ label }) => label))];
  const styleOf = (label: string): SeriesStyle | undefined => {
    const index = labels.indexOf(label);
    return index < MAX_STYLES ? seriesStyle(index) : undefined;
  };
  const isPlaced = (value: number): boolean => Number.isFinite(value) && (yScale === 'linear' || value > 0);
  const hasValues = series.some(({ y }) => y.some(isPlaced));
  const y = numberAxis(
    series.flatMap((entry) => entry.y),
    { scale: yScale, format: yFormat, isNice: true },
  );
  const x = numberAxis(
    series.flatMap((entry) => entry.x),
    { scale: xScale },
  );
  const { left, labelOffset } = leftMargin(labelsWidth(y, TICK_FONT_SIZE));
  const smoothing = panel.smooth;
  return {
    legend: legendOf(panel, labels, styleOf),
    margins: { left, right: rightMargin(x) },
    draw: (plot) => ({
      x: { ...x, label: axisName(xLabel, width) },
      y: { ...y, label: axisName(yLabel, width), grid: true, labelOffset },
      marks: [
        ...(hasValues ? [] : [noValues(plot)]),
        ...series.flatMap((entry) => drawSeries(plot, entry, { style: styleOf(entry.label), isPlaced, smoothing })),
      ],
    }),
  };
}

function legendOf(
  { series, kindLabels, yScale }: LinesPanel,
  labels: readonly string[],
  styleOf: (label: string) => SeriesStyle | undefined,
): LegendEntry[] {
  const kinds = new Set(series.map(kindOf));
  const told = kindLabels !== undefined && kinds.size > 1;
  const legend = labels.slice(0, MAX_STYLES).map((label): LegendEntry => {
    const { color, dash } = styleOf(label)!;
    const isExact = !told && series.some((entry) => entry.label === label && kindOf(entry) === 'exact');
    return { label, shape: isExact ? 'points' : 'line', color, dash };
  });
  if (labels.length > MAX_STYLES)
    legend.push({ label: `${labels.length - MAX_STYLES} more`, shape: 'line', opacity: 0.35 });
  if (told) legend.push({ label: kindLabels.noisy, shape: 'line' }, { label: kindLabels.exact, shape: 'points' });
  const values = series.flatMap(({ y }) => y);
  if (values.some((value) => !Number.isFinite(value))) legend.push({ label: 'not finite (top)', shape: 'cross' });
  if (yScale === 'log' && values.some((value) => value <= 0))
    legend.push({ label: 'not above 0 (foot)', shape: 'cross' });
  return legend;
}

interface Look {
  readonly style: SeriesStyle | undefined;
  readonly isPlaced: (value: number) => boolean;
  readonly smoothing: number | undefined;
}

function drawSeries(plot: PlotLibrary, series: LineSeries, { style, isPlaced, smoothing }: Look): Mark[] {
  const points: Points = { x: series.x, y: series.y };
  const stroke = style?.hue ?? 'currentColor';
  const className = style === undefined ? inkClass : `line-${style.color}`;
  const faint = style === undefined ? 0.35 : 1;
  const line = { x: 'x', y: 'y', stroke, className, strokeDasharray: style?.dash };
  const rows = toRows(thin(points, MAX_POINTS), isPlaced);
  const marks: Mark[] = [];
  const dots = {
    x: 'x',
    y: 'y',
    fill: stroke,
    stroke: lightPaper,
    className: style === undefined ? inkClass : `dot-${style.color}`,
  };
  if (kindOf(series) === 'exact') {
    marks.push(plot.lineY(rows, { ...line, strokeWidth: 1.75, strokeOpacity: faint }));
    const r = rows.length > MAX_EXACT ? 2.5 : 4;
    if (rows.length <= MAX_SIGNS && style !== undefined)
      marks.push(plot.dot(rows, { ...dots, r, symbol: style.symbol }));
  } else {
    const halfWidth = smoothing ?? (points.x.length < MIN_SMOOTHED ? 0 : Math.max(1, Math.round(points.x.length / 60)));
    if (halfWidth > 0) {
      const smoothed = { x: points.x, y: smooth(points.y, halfWidth) };
      marks.push(
        plot.lineY(rows, { ...line, strokeWidth: 1, strokeOpacity: 0.28 * faint, strokeDasharray: undefined }),
      );
      marks.push(
        plot.lineY(toRows(thin(smoothed, MAX_POINTS), isPlaced), { ...line, strokeWidth: 2.25, strokeOpacity: faint }),
      );
    } else marks.push(plot.lineY(rows, { ...line, strokeWidth: 2, strokeOpacity: faint }));
    const alone = rows.filter((row, at) => isPlaced(row.y) && !isNumber(rows[at - 1]?.y) && !isNumber(rows[at + 1]?.y));
    if (alone.length > 0) marks.push(plot.dot(alone, { ...dots, r: 3.5 }));
  }
  const cross = { x: 'x', symbol: 'times', r: 5, stroke, strokeWidth: 2, className };
  const isBroken = (row: PointRow): boolean => !Number.isFinite(row.value);
  const top = rows.filter(isBroken);
  const foot = rows.filter((row) => !isBroken(row) && !isPlaced(row.value));
  if (top.length > 0) marks.push(plot.dot(top, { ...cross, frameAnchor: 'top' }));
  if (foot.length > 0) marks.push(plot.dot(foot, { ...cross, frameAnchor: 'bottom' }));
  return marks;
}

const isNumber = (value: number | undefined): boolean => value !== undefined && !Number.isNaN(value);

type PointRow = Row & { readonly x: number; readonly y: number; readonly value: number };

/** Rows for Plot, in which every value without a place is NaN: an infinite one would stretch the axis. */
function toRows({ x, y }: Points, isPlaced: (value: number) => boolean): PointRow[] {
  return x.map((at, index) => {
    const value = y[index]!;
    return { x: at, y: isPlaced(value) ? value : Number.NaN, value };
  });
}

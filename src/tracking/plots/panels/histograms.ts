import { formatNumber } from '../../number-format.ts';
import { axisName, type Drawing, leftMargin, MARGIN, noValues, type Room, TICK_FONT_SIZE } from '../drawing.ts';
import { type Cell, heatMarkup } from '../heat.ts';
import { quantile, respread } from '../histogram-bins.ts';
import { gathered, readableRange } from '../histogram-range.ts';
import { formatTick, labelsWidth, type NumberAxis, numberAxis } from '../number-axis.ts';
import { lightColor, lightPaper } from '../palette.ts';
import type { Mark, PlotLibrary, Scales } from '../plot-library.ts';
import { textWidth } from '../text-fit.ts';
import type { Bins } from './histogram.ts';

/** Histograms, `histograms[i]` of the moment `x[i]`. The axis of the values holds the middle 99.8 % of each; where a few moments, or a few values of each, would take
 *  more than half of it, it is cut to what most moments need: values outside are counted at its ends, and the picture says so. */
export interface HistogramsPanel {
  readonly kind: 'histograms';
  readonly title?: string;
  /** `heat` (the default): a column a moment, darker where more values are, with a line for the median and two for the 5th and 95th per cent. `ridges`: up
   *  to 16 outlines, the latest in front. */
  readonly style?: 'heat' | 'ridges';
  /** Rising. */
  readonly x: readonly number[];
  readonly histograms: readonly Bins[];
  /** Default `step`. */
  readonly xLabel?: string;
  /** What the values are. Default `value`. */
  readonly yLabel?: string;
}

const MAX_COLUMNS = 110;
const MAX_RIDGES = 16;
const NUM_BINS = 56;

interface Column {
  readonly x: number;
  readonly bins: Bins;
}

export function layOutHistograms(panel: HistogramsPanel, { width, height }: Room): Drawing {
  const { style = 'heat', xLabel = 'step', yLabel = 'value' } = panel;
  const all = panel.x.map((x, index): Column => ({ x, bins: panel.histograms[index]! }));
  const columns = all.filter(({ bins }) => bins.counts.some((count) => count > 0));
  const numBroken = all.filter(({ bins }) => (bins.numNonFinite ?? 0) > 0).length;
  const { low, high, isCut, reach } = readableRange(columns.map(({ bins }) => bins));
  const axis = numberAxis([low, high], { isNice: true });
  const [lowest, highest] = reach.map((end) => formatTick(end, 2));
  const notes = [
    ...(isCut
      ? [`the axis is cut: values go from ${lowest} to ${highest}, those outside are counted at its ends`]
      : []),
    ...(numBroken > 0 ? [`values that are not finite at ${numBroken} of ${all.length} moments`] : []),
  ];
  const subtitle = notes.length > 0 ? notes.join('; ') : undefined;
  const words = { subtitle, xLabel: axisName(xLabel, width), yLabel: axisName(yLabel, width) };
  const held = isCut ? columns.map(({ x, bins }) => ({ x, bins: gathered(bins, axis.domain) })) : columns;
  if (style === 'ridges') return ridges(held, axis, words, height);
  return heat(held, axis, words);
}

interface Words {
  readonly subtitle: string | undefined;
  readonly xLabel: string;
  readonly yLabel: string;
}

function heat(all: readonly Column[], y: NumberAxis, { subtitle, xLabel, yLabel }: Words): Drawing {
  const columns = thinned(all, MAX_COLUMNS);
  const borders = bordersOf(columns.map(({ x }) => x));
  const x = { ...numberAxis(all.map((column) => column.x)), domain: [borders[0] ?? 0, borders.at(-1) ?? 1] };
  const { left, labelOffset } = leftMargin(labelsWidth(y, TICK_FONT_SIZE));
  const rows = columns.map((column) => {
    const [low, middle, high] = [0.05, 0.5, 0.95].map((share) => quantile(column.bins, share));
    return { x: column.x, low, middle, high };
  });
  const line = { x: 'x', stroke: lightColor(1), className: 'line-1' };
  return {
    subtitle,
    legend: [
      { label: 'no values to most of a moment', shape: 'ramp', color: 0 },
      { label: 'median', shape: 'line', color: 1 },
      { label: '5 %, 95 %', shape: 'line', color: 1, dash: '3 3' },
    ],
    margins: { left },
    draw: (plot) => ({
      x: { ...x, label: xLabel },
      y: { ...y, label: yLabel, labelOffset },
      marks: [
        ...(columns.length === 0
          ? [noValues(plot)]
          : [plot.markup((scales) => heatMarkup(cellsOf(columns, borders, y, scales)))]),
        ...(columns.length === 1
          ? [
              plot.dot(rows, {
                x: 'x',
                y: 'middle',
                r: 3.5,
                fill: lightColor(1),
                stroke: lightPaper,
                className: 'dot-1',
              }),
            ]
          : [
              plot.lineY(rows, { ...line, y: 'middle', strokeWidth: 2 }),
              ...['low', 'high'].map((end) =>
                plot.lineY(rows, { ...line, y: end, strokeWidth: 1.25, strokeDasharray: '3 3' }),
              ),
            ]),
      ],
    }),
  };
}

function* cellsOf(
  columns: readonly Column[],
  borders: readonly number[],
  { domain }: NumberAxis,
  { x, y }: Scales,
): Generator<Cell> {
  const [low, high] = domain;
  for (const [index, { bins }] of columns.entries()) {
    const counts = respread(bins, low, high, NUM_BINS);
    const most = Math.max(...counts);
    const [left, right] = [x(borders[index]!), x(borders[index + 1]!)];
    for (const [bin, count] of counts.entries()) {
      const [foot, top] = [bin, bin + 1].map((edge) => y(low + ((high - low) * edge) / NUM_BINS));
      yield { x: left, y: top!, width: right - left, height: foot! - top!, level: most > 0 ? count / most : 0 };
    }
  }
}

function ridges(
  all: readonly Column[],
  values: NumberAxis,
  { subtitle, xLabel, yLabel }: Words,
  height: number,
): Drawing {
  const columns = thinned(all, MAX_RIDGES);
  const names = columns.map(({ x }) => formatNumber(x));
  const left = Math.max(52, ...names.map((name) => textWidth(name, TICK_FONT_SIZE) + 20));
  const tall = Math.max(height, 86 + columns.length * 20);
  return {
    subtitle,
    legend: [],
    height: tall,
    margins: { left, top: 56 },
    draw: (plot) => ({
      x: { ...values, label: yLabel },
      y: {
        type: 'point',
        domain: columns.map((_, index) => index),
        padding: 0.4,
        tickFormat: (index: number) => names[index],
        label: xLabel,
        labelArrow: 'none',
        tickSize: 0,
        labelAnchor: 'top',
        labelOffset: left - MARGIN,
      },
      marks: columns.length === 0 ? [noValues(plot)] : [ridgeMark(plot, columns, values)],
    }),
  };
}

/** Outlines from the top down, so that the latest stands in front of those behind it. */
function ridgeMark(plot: PlotLibrary, columns: readonly Column[], { domain: [low, high] }: NumberAxis): Mark {
  return plot.markup(({ x, y }) => {
    const gap = columns.length > 1 ? y(1) - y(0) : 40;
    const reach = columns.length > 1 ? gap * 2.2 : 120;
    const outlines = columns.map(({ bins }, index) => {
      const counts = respread(bins, low, high, NUM_BINS);
      const most = Math.max(...counts, 1e-300);
      const base = y(index);
      const points = counts.map((count, bin) => {
        const place = x(low + ((high - low) * (bin + 0.5)) / NUM_BINS);
        return `${place.toFixed(1)},${(base - (count / most) * reach).toFixed(1)}`;
      });
      const path = `M${x(low).toFixed(1)},${base.toFixed(1)}L${points.join('L')}L${x(high).toFixed(1)},${base.toFixed(1)}`;
      return (
        `<path class="paper" fill="${lightPaper}" d="${path}z"/><path class="fill-0" fill="${lightColor(0)}" fill-opacity="0.25" d="${path}z"/>` +
        `<path class="line-0" fill="none" stroke="${lightColor(0)}" stroke-width="1.5" d="${path}"/>`
      );
    });
    return `<g aria-label="ridges">${outlines.join('')}</g>`;
  });
}

/** Evenly chosen, the first and the last among them. */
function thinned(columns: readonly Column[], limit: number): readonly Column[] {
  if (columns.length <= limit) return columns;
  return Array.from(
    { length: limit },
    (_, index) => columns[Math.round((index * (columns.length - 1)) / (limit - 1))]!,
  );
}

/** Half-way between neighbours, and as far beyond the first and the last. */
function bordersOf(x: readonly number[]): number[] {
  if (x.length === 0) return [];
  if (x.length === 1) return [x[0]! - 0.5, x[0]! + 0.5];
  const between = x.slice(1).map((place, index) => (place + x[index]!) / 2);
  return [2 * x[0]! - between[0]!, ...between, 2 * x.at(-1)! - between.at(-1)!];
}

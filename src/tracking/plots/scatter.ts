// Draws a metric against one parameter, a point for each run; words stand beside each other, numbers on an axis.
import { replaceUnrepresentable } from '../markup.ts';
import { drawFigure, formatLogTick, formatTick, LABEL_OFFSET } from './figure.ts';
import { lightColor, lightPaper } from './palette.ts';

export interface ScatterChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Where any x is a word, all are. */
  readonly points: readonly { readonly x: number | string; readonly y: number }[];
}

/** Numbers that span so much stand on a logarithmic axis. */
const LOG_SPAN = 30;

/** Draws points as standalone SVG text. */
export async function drawScatter({ title, xLabel, yLabel, points }: ScatterChart): Promise<string> {
  const isWords = points.some(({ x }) => typeof x === 'string');
  const rows = points.map(({ x, y }) => ({ x: isWords ? replaceUnrepresentable(String(x)) : x, y }));
  const numbers = isWords ? [] : points.map(({ x }) => Number(x));
  const isLog =
    numbers.length > 0 && Math.min(...numbers) > 0 && Math.max(...numbers) / Math.min(...numbers) >= LOG_SPAN;
  const x = isWords
    ? { type: 'point' }
    : isLog
      ? { type: 'log', tickFormat: formatLogTick, nice: true }
      : { tickFormat: formatTick, ticks: 6, nice: true };
  return drawFigure({
    title,
    legend: [],
    draw: (plot) => ({
      x: { label: replaceUnrepresentable(xLabel), ...x },
      y: {
        ...{ label: replaceUnrepresentable(yLabel), grid: true, labelOffset: LABEL_OFFSET, nice: true, ticks: 6 },
        tickFormat: formatTick,
      },
      marks: [plot.dot(rows, { x: 'x', y: 'y', r: 4, fill: lightColor(0), stroke: lightPaper, className: 'dot-0' })],
    }),
  });
}

// One value against another, a point for each run or sample; words stand beside each other, numbers on an axis.
import { replaceUnrepresentable } from '../../markup.ts';
import { axisName, type Drawing, leftMargin, noValues, TICK_FONT_SIZE } from '../drawing.ts';
import type { LegendEntry } from '../legend.ts';
import { labelsWidth, numberAxis } from '../number-axis.ts';
import { lightPaper } from '../palette.ts';
import { seriesStyle } from '../series-style.ts';
import { fitText } from '../text-fit.ts';

/** One point. Points of one group share colour and sign. */
export interface ScatterPoint {
  readonly x: number | string;
  readonly y: number;
  readonly group?: string;
}

/** Points. Where any x is a word, all are. At most 24 groups. */
export interface ScatterPanel {
  readonly kind: 'scatter';
  readonly title?: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Default: logarithmic where all numbers are above 0 and the greatest is thirty times the least. */
  readonly xScale?: 'linear' | 'log';
  readonly yScale?: 'linear' | 'log';
  readonly points: readonly ScatterPoint[];
}

/** Numbers that span so much stand on a logarithmic axis. */
const LOG_SPAN = 30;
const MAX_WORD_WIDTH = 90;

export function layOutScatter(
  { xLabel, yLabel, xScale, yScale = 'linear', points }: ScatterPanel,
  width: number,
): Drawing {
  const groups = [...new Set(points.map(({ group = '' }) => group))];
  const legend = groups.map((group, index): LegendEntry => {
    const { color } = seriesStyle(index);
    return { label: group || 'others', shape: 'points', color };
  });
  const y = numberAxis(
    points.map((point) => point.y),
    { scale: yScale, isNice: true },
  );
  const { left, labelOffset } = leftMargin(labelsWidth(y, TICK_FONT_SIZE));
  const isWords = points.some(({ x }) => typeof x === 'string');
  const words = [...new Set(points.map(({ x }) => replaceUnrepresentable(String(x))))];
  const room = (width - left - 20) / Math.max(1, words.length);
  const isTilted = isWords && words.some((word) => fitText(word, room - 6, TICK_FONT_SIZE) !== word);
  const x = isWords
    ? {
        type: 'point',
        domain: words,
        padding: 0.5,
        ...(isTilted ? { tickRotate: -30 } : {}),
        tickFormat: (word: string) => fitText(word, MAX_WORD_WIDTH, TICK_FONT_SIZE, 'ends'),
      }
    : numberAxis(
        points.map((point) => Number(point.x)),
        { scale: xScale ?? scaleOf(points), isNice: true },
      );
  const isPlaced = (value: number | string, scale: string): boolean =>
    typeof value === 'string' || (Number.isFinite(value) && (scale === 'linear' || value > 0));
  const shown = points.filter((point) => (isWords || isPlaced(point.x, x.type)) && isPlaced(point.y, yScale));
  const numLeftOut = points.length - shown.length;
  return {
    subtitle: numLeftOut > 0 ? `${numLeftOut} of ${points.length} points have no place on these axes` : undefined,
    legend: groups.length > 1 ? legend : [],
    margins: { left, ...(isTilted ? { bottom: 84 } : {}) },
    draw: (plot) => ({
      x: { label: axisName(xLabel, width), ...x },
      y: { ...y, label: axisName(yLabel, width), grid: true, labelOffset },
      marks: [
        ...(shown.length === 0 ? [noValues(plot)] : []),
        ...groups.map((name, index) => {
          const { color, hue, symbol } = seriesStyle(index);
          const rows = shown.filter(({ group = '' }) => group === name);
          const placed = rows.map((row) => ({ x: isWords ? replaceUnrepresentable(String(row.x)) : row.x, y: row.y }));
          return plot.dot(placed, {
            x: 'x',
            y: 'y',
            r: 4,
            symbol,
            fill: hue,
            stroke: lightPaper,
            className: `dot-${color}`,
          });
        }),
      ],
    }),
  };
}

function scaleOf(points: readonly ScatterPoint[]): 'linear' | 'log' {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const { x } of points) [least, most] = [Math.min(least, Number(x)), Math.max(most, Number(x))];
  return least > 0 && Number.isFinite(least) && most / least >= LOG_SPAN ? 'log' : 'linear';
}

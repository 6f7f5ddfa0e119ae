import { axisName, type Drawing, leftMargin, noValues, TICK_FONT_SIZE } from '../drawing.ts';
import type { LegendEntry } from '../legend.ts';
import { labelsWidth, numberAxis } from '../number-axis.ts';
import { lightColor, seriesColors } from '../palette.ts';
import type { Row } from '../plot-library.ts';

/** One part: `y[i]` at `x[i]`. */
export interface ShareSeries {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Parts stacked: bars at up to 40 places, areas beyond. Of more than 8 parts the smallest are summed up as others. */
export interface SharesPanel {
  readonly kind: 'shares';
  readonly title?: string;
  /** What is stacked, with its unit: `share of batches`, `ms a step`. */
  readonly yLabel: string;
  /** Default `epoch`. */
  readonly xLabel?: string;
  readonly yFormat?: 'number' | 'percent';
  /** Not negative; a value that is missing or not finite counts as 0. */
  readonly series: readonly ShareSeries[];
}

const MAX_BARS = 40;

interface Layer {
  readonly label: string;
  readonly at: ReadonlyMap<number, number>;
}

export function layOutShares(
  { series, yLabel, xLabel = 'epoch', yFormat = 'number' }: SharesPanel,
  width: number,
): Drawing {
  const places = [...new Set(series.flatMap(({ x }) => x))].filter(Number.isFinite).sort((a, b) => a - b);
  const layers = summedUp(series.map(toLayer), places);
  const tops = places.map(() => 0);
  const stacked = layers.map(({ at }) =>
    places.map((place, index): Row & { readonly y2: number } => {
      const y1 = tops[index]!;
      tops[index] = y1 + (at.get(place) ?? 0);
      return { x: place, y1, y2: tops[index]! };
    }),
  );
  const y = numberAxis(yFormat === 'percent' && tops.every((top) => top <= 1.0001) ? [1] : tops, {
    isNice: true,
    hasZero: true,
    format: yFormat,
    numTicks: 5,
  });
  const isBars = places.length <= MAX_BARS;
  const half = isBars ? halfWidth(places) : 0;
  const [low, high] = [places[0] ?? 0, places.at(-1) ?? 1];
  const x = { ...numberAxis(places), domain: isBars ? [low - half * 1.25, high + half * 1.25] : [low, high] };
  const { left, labelOffset } = leftMargin(labelsWidth(y, TICK_FONT_SIZE));
  return {
    legend: layers.map(({ label }, color): LegendEntry => ({ label, shape: 'bar', color })),
    margins: { left },
    draw: (plot) => ({
      x: { ...x, label: axisName(xLabel, width) },
      y: { ...y, label: axisName(yLabel, width), grid: true, labelOffset },
      marks: [
        ...(tops.some((top) => top > 0) ? [] : [noValues(plot)]),
        ...stacked.map((rows, index) => {
          const look = { y1: 'y1', y2: 'y2', fill: lightColor(index), className: `fill-${index}` };
          if (!isBars) return plot.areaY(rows, { x: 'x', ...look });
          const bars = rows.map((row) => ({ ...row, x1: Number(row.x) - half, x2: Number(row.x) + half }));
          return plot.rect(bars, { x1: 'x1', x2: 'x2', ...look });
        }),
        plot.ruleY([0]),
      ],
    }),
  };
}

function toLayer({ label, x, y }: ShareSeries): Layer {
  const at = new Map(x.map((place, index) => [place, Number.isFinite(y[index]) ? Math.max(0, y[index]!) : 0]));
  return { label, at };
}

/** As many layers as there are colours, those with the least summed up in the last one. */
function summedUp(layers: readonly Layer[], places: readonly number[]): Layer[] {
  if (layers.length <= seriesColors.length) return [...layers];
  const total = ({ at }: Layer): number => [...at.values()].reduce((sum, value) => sum + value, 0);
  const kept = new Set([...layers].sort((a, b) => total(b) - total(a)).slice(0, seriesColors.length - 1));
  const rest = layers.filter((layer) => !kept.has(layer));
  const sums = places.map((place): [number, number] => [
    place,
    rest.reduce((sum, { at }) => sum + (at.get(place) ?? 0), 0),
  ]);
  return [...layers.filter((layer) => kept.has(layer)), { label: `${rest.length} others`, at: new Map(sums) }];
}

/** Of a bar, so that neighbours do not touch. */
function halfWidth(places: readonly number[]): number {
  let gap = Number.POSITIVE_INFINITY;
  for (let index = 1; index < places.length; index += 1) gap = Math.min(gap, places[index]! - places[index - 1]!);
  return 0.4 * (Number.isFinite(gap) ? gap : 1);
}

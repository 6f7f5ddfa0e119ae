import { axisName, type Drawing, leftMargin, noValues, rightMargin, TICK_FONT_SIZE } from '../drawing.ts';
import type { LegendEntry } from '../legend.ts';
import { formatTick, labelsWidth, numberAxis } from '../number-axis.ts';
import { inkClass } from '../palette.ts';
import type { Row } from '../plot-library.ts';
import { MAX_STYLES, seriesStyle } from '../series-style.ts';
import { thin } from '../smoothing.ts';

/** One scheduled value: `y[i]` was in force from `x[i]` on. */
export interface ScheduleSeries {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Scheduled values, each held until the next one. */
export interface SchedulePanel {
  readonly kind: 'schedule';
  readonly title?: string;
  /** Default `learning rate`. */
  readonly yLabel?: string;
  /** Default `step`. */
  readonly xLabel?: string;
  readonly yScale?: 'linear' | 'log';
  /** One for each parameter group, or optimizer, or run. */
  readonly series: readonly ScheduleSeries[];
}

export function layOutSchedule(
  { series, yLabel = 'learning rate', xLabel = 'step', yScale = 'linear' }: SchedulePanel,
  width: number,
): Drawing {
  const y = numberAxis(
    series.flatMap((entry) => entry.y),
    { scale: yScale, isNice: true, hasZero: yScale === 'linear', numTicks: 5 },
  );
  const x = numberAxis(series.flatMap((entry) => entry.x));
  const { left, labelOffset } = leftMargin(labelsWidth(y, TICK_FONT_SIZE));
  const [first] = series;
  const legend = series.slice(0, MAX_STYLES).map(({ label }, index): LegendEntry => {
    const { color, dash } = seriesStyle(index);
    return { label, shape: 'line', color, dash };
  });
  if (series.length > MAX_STYLES)
    legend.push({ label: `${series.length - MAX_STYLES} more`, shape: 'line', opacity: 0.35 });
  return {
    subtitle: series.length === 1 && first !== undefined ? describe(first, xLabel) : undefined,
    legend: series.length === 1 ? [] : legend,
    margins: { left, right: rightMargin(x) },
    draw: (plot) => ({
      x: { ...x, label: axisName(xLabel, width) },
      y: { ...y, label: axisName(yLabel, width), grid: true, labelOffset },
      marks: [
        ...(series.some((entry) => entry.y.some(Number.isFinite)) ? [] : [noValues(plot)]),
        ...series.flatMap((entry, index) => {
          const points = thin(entry, 2000);
          const isPlaced = (value: number): boolean => Number.isFinite(value) && (yScale === 'linear' || value > 0);
          const rows = points.x.map((at, i): Row => ({ x: at, y: isPlaced(points.y[i]!) ? points.y[i] : Number.NaN }));
          const style = index < MAX_STYLES ? seriesStyle(index) : undefined;
          const stroke = style?.hue ?? 'currentColor';
          const className = style === undefined ? inkClass : `line-${style.color}`;
          const look = { stroke, className, strokeOpacity: style === undefined ? 0.35 : 1 };
          const line = {
            x: 'x',
            y: 'y',
            strokeWidth: 2.25,
            strokeDasharray: style?.dash,
            curve: 'step-after',
            ...look,
          };
          return rows.length === 1 ? [plot.dot(rows, { x: 'x', y: 'y', r: 3.5, ...look })] : [plot.lineY(rows, line)];
        }),
      ],
    }),
  };
}

function describe({ x, y }: ScheduleSeries, xLabel: string): string | undefined {
  if (y.length === 0) return undefined;
  const peak = y.reduce((best, value, index) => (value > y[best]! ? index : best), 0);
  return `peak ${formatTick(y[peak]!)} at ${xLabel} ${x[peak]!.toLocaleString('en-US')}, last ${formatTick(y.at(-1)!)}`;
}

// Draws a learning rate (or any other scheduled value) over steps, with its peak and its last value in words.
import { replaceUnrepresentable } from '../markup.ts';
import { drawFigure, formatTick, LABEL_OFFSET, type LegendEntry } from './figure.ts';
import { lightColor } from './palette.ts';
import type { Row } from './plot-library.ts';
import { thin } from './smoothing.ts';

/** One scheduled value: `values[i]` was in force from `steps[i]` on. */
export interface ScheduleSeries {
  readonly label: string;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

export interface ScheduleChart {
  readonly title: string;
  /** Default `learning rate`. */
  readonly yLabel?: string;
  /** One for each parameter group, or optimizer. */
  readonly series: readonly ScheduleSeries[];
}

/** Draws scheduled values over steps as standalone SVG text, each held until the next one. @throws {RangeError} if there are more series than colours. */
export async function drawSchedule({ title, yLabel = 'learning rate', series }: ScheduleChart): Promise<string> {
  const legend = series.map(({ label }, color): LegendEntry => ({ label, shape: 'line', color }));
  const first = series[0];
  return drawFigure({
    title,
    subtitle: series.length === 1 && first !== undefined ? describe(first) : undefined,
    legend: series.length === 1 ? [] : legend,
    draw: (plot) => ({
      x: { label: 'step', tickFormat: formatTick, ticks: 6 },
      y: {
        label: replaceUnrepresentable(yLabel),
        grid: true,
        labelOffset: LABEL_OFFSET,
        nice: true,
        zero: true,
        ticks: 5,
        tickFormat: formatTick,
      },
      marks: series.map(({ steps, values }, index) => {
        const points = thin({ x: steps, y: values }, 2000);
        const rows = points.x.map((x, at): Row => ({ x, y: points.y[at] }));
        const stroke = lightColor(index);
        return plot.lineY(rows, {
          x: 'x',
          y: 'y',
          stroke,
          strokeWidth: 2.25,
          curve: 'step-after',
          className: `line-${index}`,
        });
      }),
    }),
  });
}

function describe({ steps, values }: ScheduleSeries): string | undefined {
  if (values.length === 0) return undefined;
  const peak = values.reduce((best, value, index) => (value > values[best]! ? index : best), 0);
  const last = values.length - 1;
  const at = steps[peak]!.toLocaleString('en-US');
  return `peak ${formatTick(values[peak]!)} at step ${at}, last ${formatTick(values[last]!)}`;
}

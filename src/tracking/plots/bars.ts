// Draws values side by side as bars, each against a reference where there is one: recall against chance, for example.

import { replaceUnrepresentable } from '../markup.ts';
import { formatNumber } from '../number-format.ts';
import { drawFigure, formatPercentTick, formatTick, LABEL_OFFSET, type LegendEntry } from './figure.ts';
import { lightColor } from './palette.ts';
import type { Row } from './plot-library.ts';

/** One bar. Bars of one `label` stand together; those of one `group` share a colour. */
export interface Bar {
  readonly label: string;
  readonly group: string;
  readonly value: number;
  /** What the value is to be compared with; drawn as a line across the bar. */
  readonly reference?: number;
}

export interface BarChart {
  readonly title: string;
  readonly subtitle?: string;
  /** With its unit, as in `recall (share of queries)`. */
  readonly yLabel: string;
  readonly yFormat?: 'number' | 'percent';
  /** What the references are, as in `chance`. */
  readonly referenceLabel?: string;
  readonly bars: readonly Bar[];
}

/** Draws bars as standalone SVG text; bars and groups stand in the order of their first appearance.
 *  @throws {RangeError} if there are more groups than colours. */
export async function drawBars(chart: BarChart): Promise<string> {
  const { title, subtitle, yLabel, yFormat = 'number', referenceLabel = 'reference', bars } = chart;
  const groups = [...new Set(bars.map(({ group }) => group))];
  const references = bars.filter(({ reference }) => reference !== undefined);
  const legend = groups.map((group, color): LegendEntry => ({ label: group, shape: 'bar', color }));
  if (references.length > 0) legend.push({ label: referenceLabel, shape: 'reference', color: 0 });
  const labels = [...new Set(bars.map(({ label }) => label))];
  const formatValue = yFormat === 'percent' ? (value: number) => `${(value * 100).toFixed(1)}%` : formatNumber;
  return drawFigure({
    title,
    subtitle,
    legend,
    draw: (plot) => ({
      fx: { label: null, domain: labels.map(replaceUnrepresentable), padding: 0.15 },
      x: { axis: null, domain: groups, padding: 0.1 },
      y: {
        label: replaceUnrepresentable(yLabel),
        grid: true,
        labelOffset: LABEL_OFFSET,
        nice: true,
        zero: true,
        ticks: 5,
        tickFormat: yFormat === 'percent' ? formatPercentTick : formatTick,
      },
      marks: [
        plot.axisFx({ anchor: 'bottom', label: null }),
        ...groups.map((group, index) => {
          const rows = toRows(bars.filter((bar) => bar.group === group));
          const position = { fx: 'label', x: 'group', y: 'value' };
          return plot.barY(rows, { ...position, fill: lightColor(index), rx: 2, className: `fill-${index}` });
        }),
        plot.ruleY([0]),
        plot.tickY(toRows(references), {
          fx: 'label',
          x: 'group',
          y: 'reference',
          strokeWidth: 2.5,
          stroke: 'currentColor',
        }),
        plot.text(
          bars.map((bar) => ({ ...row(bar), text: formatValue(bar.value) })),
          { fx: 'label', x: 'group', y: 'value', text: 'text', dy: -8, fill: 'currentColor', fontSize: 11.5 },
        ),
      ],
    }),
  });
}

const toRows = (bars: readonly Bar[]): Row[] => bars.map(row);

function row({ label, group, value, reference }: Bar): Row {
  return { label: replaceUnrepresentable(label), group, value, reference };
}

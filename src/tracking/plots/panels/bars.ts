// Values side by side as bars, each against a reference where there is one: recall against chance, for example.
import { replaceUnrepresentable } from '../../markup.ts';
import { formatNumber } from '../../number-format.ts';
import { axisName, type Drawing, leftMargin, noValues, TICK_FONT_SIZE } from '../drawing.ts';
import type { LegendEntry } from '../legend.ts';
import { labelsWidth, numberAxis } from '../number-axis.ts';
import { lightColor } from '../palette.ts';
import type { Row } from '../plot-library.ts';
import { fitText, textWidth } from '../text-fit.ts';

/** One bar. Bars of one `label` stand together; those of one `group` share a colour. */
export interface Bar {
  readonly label: string;
  /** Default: one group for all. */
  readonly group?: string;
  /** What is not finite has no bar, and its name in words. */
  readonly value: number;
  /** What the value is to be compared with; drawn as a line across the bar. */
  readonly reference?: number;
}

/** Bars; labels and groups stand in the order of their first appearance. They lie down where their labels do not fit beside each other. At most 8 groups. */
export interface BarsPanel {
  readonly kind: 'bars';
  readonly title?: string;
  /** What the values are, with its unit, as in `recall (share of queries)`. */
  readonly yLabel: string;
  readonly yFormat?: 'number' | 'percent';
  /** What the references are, as in `chance`. */
  readonly referenceLabel?: string;
  readonly bars: readonly Bar[];
}

const LABEL_FONT_SIZE = 11.5;
const BAR_HEIGHT = 20;
const MAX_LABEL_WIDTH = 150;

export function layOutBars(panel: BarsPanel, width: number): Drawing {
  const { yLabel, yFormat = 'number', referenceLabel = 'reference', bars } = panel;
  const groups = [...new Set(bars.map(groupOf))];
  const labels = [...new Set(bars.map(({ label }) => replaceUnrepresentable(label)))];
  const format =
    yFormat === 'percent'
      ? (value: number) => (Number.isFinite(value) ? `${(value * 100).toFixed(1)}%` : formatNumber(value))
      : formatNumber;
  const references = bars.filter(({ reference }) => reference !== undefined && Number.isFinite(reference));
  const values = [...bars.map(({ value }) => value), ...references.map(({ reference }) => reference!)];
  const axis = numberAxis(values, { isNice: true, hasZero: true, format: yFormat, numTicks: 5 });
  const legend = groups.length > 1 ? groups.map((label, color): LegendEntry => ({ label, shape: 'bar', color })) : [];
  if (references.length > 0) legend.push({ label: referenceLabel, shape: 'reference' });
  const room = (width - 72) / Math.max(1, labels.length);
  const widest = Math.max(...bars.map((bar) => textWidth(format(bar.value), LABEL_FONT_SIZE)), 0);
  const isLying =
    labels.some((label) => textWidth(label, TICK_FONT_SIZE) > room * 0.97) || widest * groups.length > room * 0.9;
  const rows = bars.map((bar) => toRow(bar, format));
  const shared = { bars: rows, groups, labels, axis, label: axisName(yLabel, width) };
  if (bars.length === 0)
    return { legend, draw: (plot) => ({ x: { axis: null }, y: { axis: null }, marks: [noValues(plot)] }) };
  return isLying ? lying(shared, legend, widest) : standing(shared, legend);
}

const groupOf = ({ group = '' }: Bar): string => group;

interface BarRow extends Row {
  readonly group: string;
  readonly value: number;
}

interface Bars {
  readonly bars: readonly BarRow[];
  readonly groups: readonly string[];
  readonly labels: readonly string[];
  readonly axis: ReturnType<typeof numberAxis>;
  readonly label: string;
}

const words = { text: 'text', fill: 'currentColor', fontSize: LABEL_FONT_SIZE };
const across = { strokeWidth: 2.5, stroke: 'currentColor' };

function standing({ bars, groups, labels, axis, label }: Bars, legend: LegendEntry[]): Drawing {
  const { left, labelOffset } = leftMargin(labelsWidth(axis, TICK_FONT_SIZE));
  return {
    legend,
    margins: { left },
    draw: (plot) => ({
      fx: { label: null, domain: labels, padding: 0.15 },
      x: { axis: null, domain: groups, padding: 0.1 },
      y: { ...axis, label, grid: true, labelOffset },
      marks: [
        ...(bars.length === 0 ? [] : [plot.axisFx({ anchor: 'bottom', label: null })]),
        ...groups.map((group, index) => {
          const position = { fx: 'label', x: 'group', y: 'value', rx: 2 };
          return plot.barY(ofGroup(bars, group), { ...position, fill: lightColor(index), className: `fill-${index}` });
        }),
        plot.ruleY([0]),
        plot.tickY(bars.filter(hasReference), { fx: 'label', x: 'group', y: 'reference', ...across }),
        plot.text(bars, { fx: 'label', x: 'group', y: 'end', dy: -8, ...words }),
      ],
    }),
  };
}

function lying({ bars, groups, labels, axis, label }: Bars, legend: LegendEntry[], widest: number): Drawing {
  const labelWidth = Math.min(MAX_LABEL_WIDTH, Math.max(...labels.map((text) => textWidth(text, TICK_FONT_SIZE))));
  return {
    legend,
    height: 60 + labels.length * (groups.length * BAR_HEIGHT + 8),
    margins: { left: labelWidth + 24, top: 12, bottom: 48, right: widest + 18 },
    draw: (plot) => ({
      fy: { label: null, domain: labels, padding: 0.15, axis: null },
      y: { axis: null, domain: groups, padding: 0.1 },
      x: { ...axis, label, grid: true },
      marks: [
        plot.axisFy({
          anchor: 'left',
          label: null,
          tickFormat: (text: string) => fitText(text, MAX_LABEL_WIDTH, TICK_FONT_SIZE, 'ends'),
        }),
        ...groups.map((group, index) => {
          const position = { fy: 'label', y: 'group', x: 'value', rx: 2 };
          return plot.barX(ofGroup(bars, group), { ...position, fill: lightColor(index), className: `fill-${index}` });
        }),
        plot.ruleX([0]),
        plot.tickX(bars.filter(hasReference), { fy: 'label', y: 'group', x: 'reference', ...across }),
        plot.text(bars, { fy: 'label', y: 'group', x: 'end', dx: 6, textAnchor: 'start', ...words }),
      ],
    }),
  };
}

const hasReference = ({ reference }: Row): boolean => reference !== undefined;
const ofGroup = (bars: readonly BarRow[], name: string): BarRow[] =>
  bars.filter(({ group, value }) => group === name && Number.isFinite(value));

function toRow(bar: Bar, format: (value: number) => string): BarRow {
  const { label, value, reference } = bar;
  const placed = reference !== undefined && Number.isFinite(reference) ? { reference } : {};
  const end = Number.isFinite(value) ? Math.max(0, value) : 0;
  return { label: replaceUnrepresentable(label), group: groupOf(bar), value, end, text: format(value), ...placed };
}

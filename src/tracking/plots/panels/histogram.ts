import { formatNumber } from '../../number-format.ts';
import { axisName, type Drawing, leftMargin, noValues, TICK_FONT_SIZE } from '../drawing.ts';
import { quantile } from '../histogram-bins.ts';
import { labelsWidth, numberAxis } from '../number-axis.ts';
import { lightColor } from '../palette.ts';

/** Values between edges: bin i holds edges[i] up to edges[i + 1]. `Histogram`, as it is logged, is one. */
export interface Bins {
  /** Rising; one more than counts. */
  readonly edges: readonly number[];
  /** Not negative. */
  readonly counts: readonly number[];
  /** Values that are in no bin, because they are NaN or infinite. */
  readonly numNonFinite?: number;
}

/** One histogram. Bins of different widths are drawn by density, so that the area says how many values there are. */
export interface HistogramPanel {
  readonly kind: 'histogram';
  readonly title?: string;
  /** What the values are. Default `value`. */
  readonly xLabel?: string;
  readonly histogram: Bins;
}

export function layOutHistogram({ histogram, xLabel = 'value' }: HistogramPanel, width: number): Drawing {
  const { edges, counts, numNonFinite = 0 } = histogram;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const binWidth = edges.length > 1 ? (edges.at(-1)! - edges[0]!) / counts.length : 1;
  const isEven = counts.every((_, bin) => Math.abs(edges[bin + 1]! - edges[bin]! - binWidth) <= binWidth * 1e-3);
  const used = counts.flatMap((count, bin) => (count > 0 ? [bin] : []));
  const [first, last] = [used[0] ?? 0, used.at(-1) ?? counts.length - 1];
  const bins = counts.slice(first, last + 1).map((count, index) => {
    const [x1, x2] = [edges[first + index]!, edges[first + index + 1]!];
    return { x1, x2, y: isEven ? count : count / (x2 - x1) };
  });
  const y = numberAxis(
    bins.map((bin) => bin.y),
    { isNice: true, hasZero: true, numTicks: 5 },
  );
  const x = numberAxis(bins.length === 0 ? [] : [bins[0]!.x1, bins.at(-1)!.x2]);
  const { left, labelOffset } = leftMargin(labelsWidth(y, TICK_FONT_SIZE));
  return {
    subtitle: describe(histogram, total, numNonFinite),
    legend: [],
    margins: { left },
    draw: (plot) => ({
      x: { ...x, label: axisName(xLabel, width) },
      y: { ...y, label: isEven ? 'count' : 'count a unit', grid: true, labelOffset },
      marks: [
        ...(total > 0 ? [] : [noValues(plot)]),
        plot.rect(bins, {
          x1: 'x1',
          x2: 'x2',
          y1: 0,
          y2: 'y',
          fill: lightColor(0),
          className: 'fill-0',
          insetLeft: 0.5,
          insetRight: 0.5,
        }),
        plot.ruleY([0]),
      ],
    }),
  };
}

function describe(bins: Bins, total: number, numNonFinite: number): string {
  const parts = [`${formatNumber(total)} values`];
  if (total > 0) {
    const [low, middle, high] = [0.05, 0.5, 0.95].map((share) => formatNumber(quantile(bins, share)));
    parts.push(`half below ${middle}, nine tenths from ${low} to ${high}`);
  }
  if (numNonFinite > 0) parts.push(`${formatNumber(numNonFinite)} not finite`);
  return parts.join('; ');
}

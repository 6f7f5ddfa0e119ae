// Spans of time on lanes, and parts laid end to end: what happened when, and where the time of a step went.
import { escapeMarkup, replaceUnrepresentable } from '../../markup.ts';
import { formatNumber } from '../../number-format.ts';
import { axisName, type Drawing, noValues, TICK_FONT_SIZE } from '../drawing.ts';
import type { LegendEntry } from '../legend.ts';
import { numberAxis } from '../number-axis.ts';
import { lightColor, paperInkClass, seriesColors } from '../palette.ts';
import type { Scales } from '../plot-library.ts';
import { fitText, textWidth } from '../text-fit.ts';

/** From `start` to `end`; spans of one label share a colour. */
export interface Span {
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** Lanes of spans, the first on top. */
export interface TimelinePanel {
  readonly kind: 'timeline';
  readonly title?: string;
  /** With its unit. Default `ms`. */
  readonly xLabel?: string;
  readonly lanes: readonly { readonly label: string; readonly spans: readonly Span[] }[];
}

/** Rows of parts laid end to end, as `{ label: 'train a', parts: { data: 3, forward: 12, backward: 20 } }`. */
export interface PartsPanel {
  readonly kind: 'parts';
  readonly title?: string;
  /** With its unit. Default `ms`. */
  readonly xLabel?: string;
  readonly rows: readonly { readonly label: string; readonly parts: Readonly<Record<string, number>> }[];
}

const LANE_HEIGHT = 30;
const BAR_HEIGHT = 20;
const MAX_NAME_WIDTH = 130;
/** Spans with words; so many small ones would only be noise. */
const MAX_WORDS = 200;

export function layOutParts({ rows, xLabel = 'ms' }: PartsPanel, width: number): Drawing {
  const lanes = rows.map(({ label, parts }) => {
    let end = 0;
    const spans = Object.entries(parts).flatMap(([name, length]): Span[] => {
      if (!Number.isFinite(length) || length < 0) return [];
      const start = end;
      end += length;
      return [{ label: name, start, end }];
    });
    return { label, spans };
  });
  return layOutTimeline({ kind: 'timeline', xLabel, lanes }, width);
}

export function layOutTimeline({ lanes, xLabel = 'ms' }: TimelinePanel, width: number): Drawing {
  const names = [...new Set(lanes.flatMap(({ spans }) => spans.map(({ label }) => label)))];
  const spans = lanes.flatMap((lane) => lane.spans).filter(isPlaced);
  const x = numberAxis(
    spans.flatMap(({ start, end }) => [start, end]),
    { hasZero: spans.every(({ start }) => start >= 0 && start < 1e6) },
  );
  const left =
    24 + Math.min(MAX_NAME_WIDTH, Math.max(20, ...lanes.map(({ label }) => textWidth(label, TICK_FONT_SIZE))));
  return {
    legend: names.map((label, index): LegendEntry => ({ label, shape: 'bar', ...lookOf(index) })),
    height: 58 + LANE_HEIGHT * Math.max(1, lanes.length),
    margins: { left, top: 8 },
    draw: (plot) => ({
      x: { ...x, label: axisName(xLabel, width), grid: true },
      y: { domain: [Math.max(1, lanes.length), 0], axis: null },
      marks: [
        ...(spans.length === 0 ? [noValues(plot)] : []),
        plot.markup((scales) => laneMarkup(lanes, names, scales, left)),
      ],
    }),
  };
}

const isPlaced = ({ start, end }: Span): boolean => Number.isFinite(start) && Number.isFinite(end) && end >= start;

const lookOf = (index: number): { color: number; opacity?: number } => {
  const color = index % seriesColors.length;
  return index < seriesColors.length ? { color } : { color, opacity: 0.5 };
};

function laneMarkup(lanes: TimelinePanel['lanes'], names: readonly string[], { x, y }: Scales, left: number): string {
  const hasWords = lanes.reduce((sum, { spans }) => sum + spans.length, 0) <= MAX_WORDS;
  const parts = lanes.map(({ label, spans }, lane) => {
    const middle = y(lane + 0.5);
    const name = escapeMarkup(fitText(replaceUnrepresentable(label), MAX_NAME_WIDTH, TICK_FONT_SIZE, 'ends'));
    const bars = spans
      .filter(isPlaced)
      .map((span) => spanMarkup(span, names.indexOf(span.label), { x, middle, hasWords }));
    return `<g class="lane"><text text-anchor="end" x="${(left - 8).toFixed(1)}" y="${(middle + 4).toFixed(1)}" font-size="${TICK_FONT_SIZE}">${name}</text>${bars.join('')}</g>`;
  });
  return `<g aria-label="lanes">${parts.join('')}</g>`;
}

function spanMarkup(
  { label, start, end }: Span,
  index: number,
  { x, middle, hasWords }: { readonly x: Scales['x']; readonly middle: number; readonly hasWords: boolean },
): string {
  const [from, to] = [x(start), x(end)];
  const { color, opacity = 1 } = lookOf(index);
  const length = formatNumber(end - start);
  const fits = hasWords && textWidth(length, 11) < to - from - 4;
  const words = fits
    ? `<text class="${paperInkClass}" fill="#ffffff" text-anchor="middle" font-size="11" x="${((from + to) / 2).toFixed(1)}" y="${(middle + 4).toFixed(1)}">${length}</text>`
    : '';
  return (
    `<rect class="fill-${color}" fill="${lightColor(color)}" fill-opacity="${opacity}" x="${from.toFixed(1)}" y="${(middle - BAR_HEIGHT / 2).toFixed(1)}" ` +
    `width="${Math.max(0.5, to - from).toFixed(1)}" height="${BAR_HEIGHT}"><title>${escapeMarkup(`${label}: ${length}`)}</title></rect>${words}`
  );
}

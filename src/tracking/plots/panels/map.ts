// Points on a plane whose places mean nothing but nearness, as projected embeddings: colours by group, signs by kind, pictures in place of points.
import { dataAddress, mediaTypeOf } from '../../images/media-type.ts';
import { escapeMarkup } from '../../markup.ts';
import { axisName, type Drawing, noValues, type Room } from '../drawing.ts';
import type { LegendEntry } from '../legend.ts';
import { lightColor, lightPaper, seriesColors } from '../palette.ts';
import type { Scales } from '../plot-library.ts';
import { MAP_SIGNS, signsOf } from './map-signs.ts';

/** One point. */
export interface MapPoint {
  readonly x: number;
  readonly y: number;
  /** Points of one group share a colour. At most 16 groups; those beyond the eighth are outlines. */
  readonly group?: string;
  /** What the point is: points of one kind share a sign. At most 4. */
  readonly sign?: string;
  /** Shown where the mouse rests on it. */
  readonly label?: string;
  /** The bytes of a PNG, JPEG, WebP, GIF or SVG file, drawn in place of the sign, framed in the group's colour. */
  readonly picture?: Uint8Array;
  /** Points of one link are joined by a line. */
  readonly link?: string;
}

/** A map. Both axes have the same unit, and no numbers. */
export interface MapPanel {
  readonly kind: 'map';
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Edge of a picture in units of the figure. Default 18. */
  readonly pictureSize?: number;
  readonly points: readonly MapPoint[];
}

/** A name in the middle, and no ticks. */
const AXIS = { ticks: [], labelAnchor: 'center', labelArrow: 'none' };
const MARGINS = { left: 28, right: 14, top: 10, bottom: 34 };

export function layOutMap({ xLabel, yLabel, pictureSize = 18, points }: MapPanel, { width, height }: Room): Drawing {
  const shown = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const [groups, signs] = [[...new Set(points.map(({ group = '' }) => group))], signsOf(points)];
  const numLeftOut = points.length - shown.length;
  const inner = { width: width - MARGINS.left - MARGINS.right, height: height - MARGINS.top - MARGINS.bottom };
  const domains = domainsOf(shown, inner, pictureSize);
  return {
    subtitle: numLeftOut > 0 ? `${numLeftOut} of ${points.length} points have no place on a map` : undefined,
    legend: legendOf(shown, groups, signs),
    margins: MARGINS,
    draw: (plot) => ({
      x: { domain: domains.x, ticks: [], label: null },
      y: { domain: domains.y, ticks: [], label: null },
      marks: [
        plot.frame({ stroke: 'currentColor', strokeOpacity: 0.25 }),
        ...(shown.length === 0 ? [noValues(plot)] : []),
        ...(xLabel === undefined ? [] : [plot.axisX({ ...AXIS, label: axisName(xLabel, width), labelOffset: 24 })]),
        ...(yLabel === undefined ? [] : [plot.axisY({ ...AXIS, label: axisName(yLabel, height), labelOffset: 18 })]),
        plot.markup((scales) => `<g class="map">${linksMarkup(shown, scales)}${pointsMarkup(shown, { groups, signs, pictureSize, scales })}</g>`), // biome-ignore format: one mark
      ],
    }),
  };
}

/** Ranges of both axes with the same unit, wide enough for whole pictures at the edge. */
function domainsOf(
  points: readonly MapPoint[],
  inner: Room,
  pictureSize: number,
): { x: readonly [number, number]; y: readonly [number, number] } {
  if (points.length === 0) return { x: [0, 1], y: [0, 1] };
  const rangeOf = (values: readonly number[]): [middle: number, span: number] => {
    const [low, high] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ] as const);
    return [low / 2 + high / 2, high - low];
  };
  const [xMiddle, xSpan] = rangeOf(points.map(({ x }) => x));
  const [yMiddle, ySpan] = rangeOf(points.map(({ y }) => y));
  const room = { width: inner.width - pictureSize - 8, height: inner.height - pictureSize - 8 };
  const unit = Math.max(xSpan / room.width, ySpan / room.height) || 1; // one point stands in the middle
  const around = (middle: number, size: number): [number, number] => [
    middle - (unit * size) / 2,
    middle + (unit * size) / 2,
  ];
  return { x: around(xMiddle, inner.width), y: around(yMiddle, inner.height) };
}

function legendOf(points: readonly MapPoint[], groups: readonly string[], signs: readonly string[]): LegendEntry[] {
  const drawn = new Set(points.filter(({ picture }) => picture === undefined).map(({ sign = '' }) => sign));
  const ofSigns = signs.flatMap((label, i): LegendEntry[] =>
    drawn.has(label) ? [{ label: label || 'others', shape: 'sign', path: MAP_SIGNS[i] }] : [],
  );
  const ofGroups = groups.map((label, i): LegendEntry => {
    const { color, isOutline } = lookOf(i);
    return { label: label || 'others', shape: isOutline ? 'line' : 'bar', color };
  });
  return [...(groups.length > 1 ? ofGroups : []), ...(signs.length > 1 ? ofSigns : [])];
}

const lookOf = (group: number): { color: number; isOutline: boolean } => ({
  color: group % seriesColors.length,
  isOutline: group >= seriesColors.length,
});

function linksMarkup(points: readonly MapPoint[], { x, y }: Scales): string {
  const byLink = new Map<string, MapPoint[]>();
  for (const point of points)
    if (point.link !== undefined) byLink.set(point.link, [...(byLink.get(point.link) ?? []), point]);
  const lines = [...byLink.values()].map((linked) =>
    linked.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(x(point.x))},${at(y(point.y))}`).join(''),
  );
  if (lines.length === 0) return '';
  return `<path class="links" d="${lines.join('')}" fill="none" stroke="currentColor" stroke-opacity="0.22"/>`;
}

/** Pictures first, so that signs beside them are not hidden. */
function pointsMarkup(
  points: readonly MapPoint[],
  look: { groups: readonly string[]; signs: readonly string[]; pictureSize: number; scales: Scales },
): string {
  const draw = (point: MapPoint): string => {
    const { color, isOutline } = lookOf(look.groups.indexOf(point.group ?? ''));
    const place = `transform="translate(${at(look.scales.x(point.x))},${at(look.scales.y(point.y))})"`;
    const title = point.label === undefined ? '' : `<title>${escapeMarkup(point.label)}</title>`;
    if (point.picture !== undefined)
      return `<g ${place}>${title}${pictureMarkup(point.picture, look.pictureSize, color, isOutline)}</g>`;
    const d = MAP_SIGNS[look.signs.indexOf(point.sign ?? '')];
    const ink = isOutline
      ? `class="line-${color}" fill="none" stroke="${lightColor(color)}" stroke-width="1.6"`
      : `class="dot-${color}" fill="${lightColor(color)}" stroke="${lightPaper}" stroke-width="0.8"`;
    return `<path ${place} d="${d}" ${ink}>${title}</path>`;
  };
  const [pictures, signs] = [points.filter(({ picture }) => picture), points.filter(({ picture }) => !picture)];
  return [...pictures, ...signs].map(draw).join('');
}

/** On white, as the pictures of data sets are, in a frame of the group's colour. */
function pictureMarkup(bytes: Uint8Array, size: number, color: number, isOutline: boolean): string {
  const [half, inner] = [size / 2, size - 4];
  const address = dataAddress(bytes, mediaTypeOf(bytes) ?? 'image/png'); // the description was checked
  const frame = isOutline ? ' stroke-dasharray="3 2"' : '';
  return (
    `<rect x="${-half}" y="${-half}" width="${size}" height="${size}" rx="3" fill="#fff"/>` +
    `<image x="${-inner / 2}" y="${-inner / 2}" width="${inner}" height="${inner}" href="${address}"/>` +
    `<rect class="line-${color}" x="${-half}" y="${-half}" width="${size}" height="${size}" rx="3" fill="none" stroke="${lightColor(color)}" stroke-width="1.5"${frame}/>`
  );
}

const at = (value: number): string => value.toFixed(1);

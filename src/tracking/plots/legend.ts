// The legend of a picture: a swatch and a name for each series, in rows.
import { escapeMarkup } from '../markup.ts';
import { inkClass, lightColor, lightPaper } from './palette.ts';
import { fitText, textWidth } from './text-fit.ts';

/** One entry of a legend: how the series is drawn, and its name. */
export interface LegendEntry {
  readonly label: string;
  readonly shape: 'line' | 'points' | 'bar' | 'reference' | 'cross' | 'ramp' | 'sign';
  /** Index into the palette; undefined for the ink's colour. */
  readonly color?: number | undefined;
  /** SVG's stroke-dasharray. */
  readonly dash?: string | undefined;
  /** Share of the colour, from 0 to 1. */
  readonly opacity?: number | undefined;
  /** Of shape 'sign': its outline around the origin, as SVG's path has it. */
  readonly path?: string | undefined;
}

/** A legend, and how much room it takes below its first line's middle. */
export interface Legend {
  readonly svg: string;
  readonly height: number;
}

const ROW_HEIGHT = 20;
const SWATCH_WIDTH = 24;
const RAMP_WIDTH = 72;
const FONT_SIZE = 12;

/** Sets the entries in rows of this width. Long names lose their middle. */
export function layOutLegend(entries: readonly LegendEntry[], left: number, right: number): Legend {
  let x = left;
  let row = 0;
  const parts: string[] = [];
  for (const entry of entries) {
    const swatchWidth = entry.shape === 'ramp' ? RAMP_WIDTH : SWATCH_WIDTH;
    const label = fitText(entry.label, right - left - swatchWidth - 6, FONT_SIZE, 'ends');
    const width = swatchWidth + 6 + textWidth(label, FONT_SIZE);
    if (x > left && x + width > right) {
      x = left;
      row += 1;
    }
    const whole = label === entry.label ? '' : `<title>${escapeMarkup(entry.label)}</title>`;
    const text = `<text x="${swatchWidth + 6}" y="4">${escapeMarkup(label)}${whole}</text>`;
    parts.push(`<g transform="translate(${x.toFixed(1)},${row * ROW_HEIGHT})">${swatch(entry)}${text}</g>`);
    x += width + 14;
  }
  if (parts.length === 0) return { svg: '', height: 0 };
  return {
    svg: `<g class="legend" font-size="${FONT_SIZE}">${parts.join('')}</g>`,
    height: (row + 1) * ROW_HEIGHT,
  };
}

function swatch({ shape, color, dash, opacity, path }: LegendEntry): string {
  if (shape === 'reference') return '<path d="M4,0H20" stroke="currentColor" stroke-width="2.5"/>';
  const hue = color === undefined ? 'currentColor' : lightColor(color);
  const classOf = (kind: string): string => (color === undefined ? inkClass : `${kind}-${color}`);
  const faint = opacity === undefined ? '' : ` opacity="${opacity}"`;
  if (shape === 'cross')
    return `<path class="${classOf('line')}" d="M7,-5L17,5M7,5L17,-5" stroke="${hue}" stroke-width="2"/>`;
  if (shape === 'bar')
    return `<rect class="${classOf('fill')}" x="8" y="-6" width="12" height="12" rx="2" fill="${hue}"${faint}/>`;
  if (shape === 'ramp') return ramp(color ?? 0);
  if (shape === 'sign')
    return `<path class="${classOf('fill')}" transform="translate(14,0)" d="${path}" fill="${hue}"/>`;
  const dashes = dash === undefined ? '' : ` stroke-dasharray="${dash}"`;
  const line = `<path class="${classOf('line')}" d="M2,0H22" stroke="${hue}" stroke-width="2"${dashes}${faint}/>`;
  if (shape === 'line') return line;
  return `${line}<circle class="${classOf('dot')}" cx="12" r="4" fill="${hue}" stroke="${lightPaper}" stroke-width="1.5"/>`;
}

/** From nothing to the whole colour, as heat maps have it. */
function ramp(color: number): string {
  const steps = Array.from({ length: 9 }, (_, index) => {
    const opacity = (index / 8).toFixed(3);
    return `<rect x="${index * 8}" y="-6" width="8" height="12" fill-opacity="${opacity}"/>`;
  });
  return `<g class="fill-${color}" fill="${lightColor(color)}">${steps.join('')}</g><rect x="0" y="-6" width="${RAMP_WIDTH}" height="12" fill="none" stroke="currentColor" stroke-opacity="0.4"/>`;
}

// Sets a drawing into a picture of its own: paper, title, legend and style around what Observable Plot draws, as one standalone SVG.
import { escapeMarkup } from '../markup.ts';
import { figureStyle, lightColor, lightPaper } from './palette.ts';
import { type PlotLibrary, type PlotOptions, plotToSvg } from './plot-library.ts';

/** One entry of a legend: how the series is drawn, and its name. */
export interface LegendEntry {
  readonly label: string;
  readonly shape: 'line' | 'points' | 'bar' | 'reference' | 'cross';
  /** Index into the palette; a reference and a cross have the ink's colour. */
  readonly color: number;
}

/** A picture: its words, and a function that draws what stands between its axes. */
export interface Figure {
  readonly title: string;
  readonly subtitle?: string | undefined;
  readonly legend: readonly LegendEntry[];
  readonly draw: (plot: PlotLibrary) => PlotOptions;
}

/** Pictures are drawn this wide and scale without loss; text stays readable where two stand beside each other, and on a phone. */
const WIDTH = 440;
const PLOT_HEIGHT = 240;
const FONT_FAMILY = "system-ui, -apple-system, 'Segoe UI', sans-serif";
const MARGIN = 16;
const MARGIN_LEFT = 52;
const LEGEND_ROW_HEIGHT = 20;
const SWATCH_WIDTH = 24;

/** Brings the label of a vertical axis below the title's first letter. */
export const LABEL_OFFSET = MARGIN_LEFT - MARGIN;

/** Draws a picture as standalone SVG text, light or dark as the viewer prefers. */
export async function drawFigure(figure: Figure): Promise<string> {
  const legend = layOutLegend(figure.legend);
  let top = 28;
  const words = [
    `<text class="title" x="${MARGIN}" y="${top}" font-size="15" font-weight="600">${escapeMarkup(figure.title)}</text>`,
  ];
  if (figure.subtitle !== undefined) {
    top += 19;
    words.push(`<text x="${MARGIN}" y="${top}" font-size="12" opacity="0.7">${escapeMarkup(figure.subtitle)}</text>`);
  }
  const legendTop = top + 20;
  const plotTop = top + 14 + legend.numRows * LEGEND_ROW_HEIGHT;
  const height = plotTop + PLOT_HEIGHT;
  const drawing = await plotToSvg((plot) => ({
    className: 'sconce-plot',
    width: WIDTH,
    height: PLOT_HEIGHT,
    marginLeft: MARGIN_LEFT,
    marginRight: 20,
    marginTop: 26,
    marginBottom: 42,
    style: { fontFamily: FONT_FAMILY, fontSize: '12px', background: 'none' },
    ...figure.draw(plot),
  }));
  const placed = drawing.replace('<svg ', `<svg y="${plotTop}" `);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="sconce-figure" role="img" aria-label="${escapeMarkup(figure.title)}" ` +
    `viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" color="#1f2733" fill="currentColor" ` +
    `font-family="${FONT_FAMILY}"><style>${figureStyle()}</style>` +
    `<rect class="paper" width="${WIDTH}" height="${height}" fill="${lightPaper}"/>` +
    `${words.join('')}<g class="legend" font-size="12" transform="translate(0,${legendTop})">${legend.svg}</g>${placed}</svg>\n`
  );
}

/** A tick's number, short: `0.05`, `250`, `12k`, `2e-5`. */
export function formatTick(value: number): string {
  const magnitude = Math.abs(value);
  const short = Number(value.toPrecision(4));
  if (magnitude >= 1e9 || (magnitude > 0 && magnitude < 1e-4)) return short.toExponential().replace('e+', 'e');
  if (magnitude >= 1e6) return `${short / 1e6}M`;
  return magnitude >= 1e4 ? `${short / 1e3}k` : String(short);
}

/** A tick on a logarithmic axis: 1, 2 and 5 of each power of ten; the ticks between stay without a number. */
export function formatLogTick(value: number): string {
  const leading = Number(value.toExponential()[0]);
  return leading === 1 || leading === 2 || leading === 5 ? formatTick(value) : '';
}

/** A tick's number as a share of one: `12.5%`. */
export function formatPercentTick(value: number): string {
  return `${Number((value * 100).toPrecision(4))}%`;
}

function layOutLegend(entries: readonly LegendEntry[]): { svg: string; numRows: number } {
  let x = MARGIN;
  let row = 0;
  const parts: string[] = [];
  for (const entry of entries) {
    const label = shorten(entry.label, 48);
    const width = SWATCH_WIDTH + 6 + label.length * 6.8 + 18; // 6.8: a wide sans-serif's mean advance at 12 px
    if (x > MARGIN && x + width > WIDTH) {
      x = MARGIN;
      row += 1;
    }
    const y = row * LEGEND_ROW_HEIGHT;
    const text = `<text x="${SWATCH_WIDTH + 6}" y="4">${escapeMarkup(label)}</text>`;
    parts.push(`<g transform="translate(${x.toFixed(1)},${y})">${swatch(entry)}${text}</g>`);
    x += width;
  }
  return { svg: parts.join(''), numRows: entries.length === 0 ? 0 : row + 1 };
}

function swatch({ shape, color }: LegendEntry): string {
  if (shape === 'reference') return '<path d="M4,0H20" stroke="currentColor" stroke-width="2.5"/>';
  if (shape === 'cross') return '<path d="M7,-5L17,5M7,5L17,-5" stroke="currentColor" stroke-width="2"/>';
  const hue = lightColor(color);
  if (shape === 'bar') return `<rect class="fill-${color}" x="8" y="-6" width="12" height="12" rx="2" fill="${hue}"/>`;
  const line = `<path class="line-${color}" d="M2,0H22" stroke="${hue}" stroke-width="2" stroke-linecap="round"/>`;
  if (shape === 'line') return line;
  return `${line}<circle class="dot-${color}" cx="12" r="4" fill="${hue}" stroke="${lightPaper}" stroke-width="1.5"/>`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

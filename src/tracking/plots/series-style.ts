// What tells the series of a picture apart: eight colours, then the same ones dashed and dotted, and signs for single values.
import { lightColor, seriesColors } from './palette.ts';

/** How a series looks. */
export interface SeriesStyle {
  /** Index into the palette. */
  readonly color: number;
  readonly hue: string;
  /** SVG's stroke-dasharray; undefined for a whole line. */
  readonly dash: string | undefined;
  /** A sign of Observable Plot, told apart without colour. */
  readonly symbol: string;
}

const DASHES = [undefined, '7 3', '2 3'];
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond2', 'wye', 'star', 'times', 'plus'];

/** Series beyond these look alike: they are drawn grey, and counted in the legend. */
export const MAX_STYLES = seriesColors.length * DASHES.length;

/** The look of series `index`, from 0. */
export function seriesStyle(index: number): SeriesStyle {
  const color = index % seriesColors.length;
  const round = Math.floor(index / seriesColors.length);
  return { color, hue: lightColor(color), dash: DASHES[round], symbol: SYMBOLS[(index + round) % SYMBOLS.length]! };
}

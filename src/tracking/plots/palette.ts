// The colours of our pictures, on light and on dark paper, told apart by colour-blind readers, and the style that chooses between them.

/** A series' colour on a light and on a dark ground. */
export interface SeriesColor {
  readonly light: string;
  readonly dark: string;
}

/** Blue, vermilion, green, violet, brown or gold, ink, pink, grey. The first three are Okabe and Ito's ("Color universal design", 2008); the
 *  others were chosen to differ in lightness too. `palette.test.ts` measures how far apart they are for colour-blind readers. */
export const seriesColors: readonly SeriesColor[] = [
  { light: '#0072b2', dark: '#4aa8e8' },
  { light: '#d55e00', dark: '#f58b4c' },
  { light: '#009e73', dark: '#35c79b' },
  { light: '#9333ea', dark: '#8f6fff' },
  { light: '#5a1e00', dark: '#ffd23f' },
  { light: '#3c2d4b', dark: '#d6d6f2' },
  { light: '#e0559b', dark: '#e14b6a' },
  { light: '#8f8fa8', dark: '#8a8298' },
];

const lightInk = '#1f2733';
const darkInk = '#dbe2ea';
export const lightPaper = '#ffffff';
export const darkPaper = '#12161c';
/** Of marks in the ink's colour, which need no rule of their own. */
export const inkClass = 'ink';
/** Of words that stand on a dark cell or bar. */
export const paperInkClass = 'paper-ink';

/** The style element's text of a picture. Every mark also carries its light colour as an attribute, for viewers without style sheets.
 *  Scoped by class, so that a page may hold many pictures. */
export function figureStyle(): string {
  const dark = seriesColors.map(
    (color, index) =>
      `.sconce-figure .line-${index}{stroke:${color.dark}}.sconce-figure .fill-${index}{fill:${color.dark}}` +
      `.sconce-figure .dot-${index}{fill:${color.dark};stroke:${darkPaper}}`,
  );
  return (
    `.sconce-figure{color:${lightInk}}.sconce-figure .paper,.sconce-figure .${paperInkClass}{fill:${lightPaper}}` +
    `${DARK_ONLY}{.sconce-figure{color:${darkInk}}.sconce-figure .paper,.sconce-figure .${paperInkClass}{fill:${darkPaper}}${dark.join('')}}`
  );
}

const DARK_ONLY = '@media (prefers-color-scheme:dark)';

/** A picture that is light, or dark, whatever its viewer prefers. Text that is no picture of ours stays as it is. */
export function withTheme(svg: string, theme: 'light' | 'dark'): string {
  return svg.replace(
    /(<style>\.sconce-figure\{[^<]*?)@media \(prefers-color-scheme:dark\)\{([^<]*)\}<\/style>/g,
    (_, light: string, dark: string) => `${light}${theme === 'dark' ? dark : ''}</style>`,
  );
}

/** The light colour of series `index`; a picture holds as many series as there are colours. */
export function lightColor(index: number): string {
  const color = seriesColors[index];
  if (color === undefined) {
    throw new RangeError(`Cannot draw a picture: expected at most ${seriesColors.length} series, got ${index + 1}`);
  }
  return color.light;
}

// The colours of our pictures, on white and on black: told apart by colour-blind readers (after Okabe and Ito 2008, "Color universal design").

/** A series' colour on a light and on a dark ground. */
export interface SeriesColor {
  readonly light: string;
  readonly dark: string;
}

/** Blue, vermilion, green, purple, amber, sky, brown, grey. */
export const seriesColors: readonly SeriesColor[] = [
  { light: '#0072b2', dark: '#4aa8e8' },
  { light: '#d55e00', dark: '#f58b4c' },
  { light: '#009e73', dark: '#35c79b' },
  { light: '#b0568f', dark: '#e39bc4' },
  { light: '#c98a00', dark: '#f0b429' },
  { light: '#3f97cf', dark: '#a5d8ff' },
  { light: '#7a5230', dark: '#c9a27e' },
  { light: '#6b7280', dark: '#a3abb8' },
];

const lightInk = '#1f2733';
const darkInk = '#dbe2ea';
export const lightPaper = '#ffffff';
export const darkPaper = '#12161c';

/** The style element's text of a picture. Every mark also carries its light colour as an attribute, for viewers without style sheets.
 *  Scoped by class, so that a page may hold many pictures. */
export function figureStyle(): string {
  const dark = seriesColors.map(
    (color, index) =>
      `.sconce-figure .line-${index}{stroke:${color.dark}}.sconce-figure .fill-${index}{fill:${color.dark}}` +
      `.sconce-figure .dot-${index}{fill:${color.dark};stroke:${darkPaper}}`,
  );
  return (
    `.sconce-figure{color:${lightInk}}.sconce-figure .paper{fill:${lightPaper}}` +
    `@media (prefers-color-scheme:dark){.sconce-figure{color:${darkInk}}.sconce-figure .paper{fill:${darkPaper}}${dark.join('')}}`
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

// Loads Observable Plot and a document for it to draw into, on first use, and types the part of Plot that our pictures need.
//
// The types of both packages need the browser's, which would put `window`, `name` and `event` in scope of the whole library. Their names
// are therefore kept from the compiler, and what is used of them is described here.

/** What a mark is given: a picture's rows. */
export type Row = Readonly<Record<string, unknown>>;

/** A mark's channels and constants, as Observable Plot documents them. */
export type MarkOptions = Readonly<Record<string, unknown>>;

/** A layer of a picture, opaque to us. */
export interface Mark {
  readonly className: string | null;
}

/** A picture's scales, margins and marks, as Observable Plot documents them. */
export interface PlotOptions {
  readonly marks: readonly Mark[];
  readonly x?: Row;
  readonly y?: Row;
  readonly fx?: Row;
  readonly marginLeft?: number;
  readonly marginRight?: number;
  readonly marginTop?: number;
  readonly marginBottom?: number;
}

/** The functions of Observable Plot that our pictures use. */
export interface PlotLibrary {
  plot(options: PlotOptions & Row): { readonly outerHTML: string };
  axisFx(options: MarkOptions): Mark;
  barY(rows: readonly Row[], options: MarkOptions): Mark;
  dot(rows: readonly Row[], options: MarkOptions): Mark;
  lineY(rows: readonly Row[], options: MarkOptions): Mark;
  ruleY(values: readonly number[], options?: MarkOptions): Mark;
  text(rows: readonly Row[], options: MarkOptions): Mark;
  tickY(rows: readonly Row[], options: MarkOptions): Mark;
}

interface DomLibrary {
  readonly DOMParser: new () => { parseFromString(text: string, mediaType: string): object };
}

const packageNames = { plot: '@observablehq/plot', dom: 'linkedom' };

/** Draws `options` as an SVG element's XML text. */
export async function plotToSvg(draw: (plot: PlotLibrary) => PlotOptions & Row): Promise<string> {
  const library: PlotLibrary = await import(packageNames.plot);
  const { DOMParser }: DomLibrary = await import(packageNames.dom);
  // An XML document, because an HTML one leaves `<` in attributes as it is.
  const document = new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml');
  return library.plot({ ...draw(library), document }).outerHTML;
}

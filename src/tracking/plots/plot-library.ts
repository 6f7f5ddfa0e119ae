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
  readonly fy?: Row;
}

/** How values become places, where the picture has such an axis. */
export interface Scales {
  readonly x: (value: number | string) => number;
  readonly y: (value: number | string) => number;
  /** The width of a band of a scale of words; 0 for numbers. */
  readonly xBand: number;
  readonly yBand: number;
}

/** The functions of Observable Plot that our pictures use. */
export interface PlotLibrary {
  areaY(rows: readonly Row[], options: MarkOptions): Mark;
  axisFx(options: MarkOptions): Mark;
  axisFy(options: MarkOptions): Mark;
  axisX(options: MarkOptions): Mark;
  axisY(options: MarkOptions): Mark;
  barX(rows: readonly Row[], options: MarkOptions): Mark;
  barY(rows: readonly Row[], options: MarkOptions): Mark;
  dot(rows: readonly Row[], options: MarkOptions): Mark;
  frame(options?: MarkOptions): Mark;
  lineY(rows: readonly Row[], options: MarkOptions): Mark;
  rect(rows: readonly Row[], options: MarkOptions): Mark;
  ruleX(values: readonly number[], options?: MarkOptions): Mark;
  ruleY(values: readonly number[], options?: MarkOptions): Mark;
  text(rows: readonly Row[], options: MarkOptions): Mark;
  tickX(rows: readonly Row[], options: MarkOptions): Mark;
  tickY(rows: readonly Row[], options: MarkOptions): Mark;
  /** Ours: SVG markup made from the picture's scales. */
  markup(draw: (scales: Scales) => string): Mark;
}

interface PlotPackage extends Omit<PlotLibrary, 'markup'> {
  plot(options: PlotOptions & Row): { readonly outerHTML: string };
}

interface Scale {
  (value: unknown): number;
  bandwidth?(): number;
}

interface Context {
  readonly document: {
    createElementNS(space: string, name: string): { setAttribute(name: string, value: string): void };
  };
}

interface DomLibrary {
  readonly DOMParser: new () => { parseFromString(text: string, mediaType: string): object };
}

const packageNames = { plot: '@observablehq/plot', dom: 'linkedom' };
const SVG = 'http://www.w3.org/2000/svg';

/** Draws `options` as an SVG element's XML text. */
export async function plotToSvg(draw: (plot: PlotLibrary) => PlotOptions & Row): Promise<string> {
  const library: PlotPackage = await import(packageNames.plot);
  const { DOMParser }: DomLibrary = await import(packageNames.dom);
  // An XML document, because an HTML one leaves `<` in attributes as it is.
  const document = new DOMParser().parseFromString(`<svg xmlns="${SVG}"/>`, 'image/svg+xml');
  const pieces: string[] = [];
  const markup = (make: (scales: Scales) => string): Mark => {
    // A function is a mark to Plot; an empty group keeps its place until the picture is text.
    const render = (
      _index: unknown,
      scales: Record<string, Scale>,
      _values: unknown,
      _size: unknown,
      context: Context,
    ) => {
      const place = context.document.createElementNS(SVG, 'g');
      place.setAttribute('data-piece', String(pieces.length));
      pieces.push(
        make({ x: scales.x!, y: scales.y!, xBand: scales.x?.bandwidth?.() ?? 0, yBand: scales.y?.bandwidth?.() ?? 0 }),
      );
      return place;
    };
    return render as unknown as Mark;
  };
  const { outerHTML } = library.plot({ ...draw({ ...library, markup }), document });
  // Plot's own style is about a picture that is a page's element; one inside ours needs none.
  const bare = outerHTML.replace(/<style>[^<]*<\/style>/, '');
  return bare.replace(/<g data-piece="(\d+)"\s*(?:\/>|><\/g>)/g, (_, index: string) => pieces[Number(index)]!);
}

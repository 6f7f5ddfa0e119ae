// The sections of a report, as plain data: whoever writes a report says what is in it, never how it looks.

/** A picture with the name of its file in `plots/`, without the ending. */
export interface Picture {
  readonly name: string;
  /** Standalone SVG, as the functions of `plots/` draw it. It goes into the page as it is. */
  readonly svg: string;
}

/** Pictures beside each other. */
export interface PlotSection {
  readonly kind: 'plot';
  readonly title: string;
  readonly caption?: string;
  readonly pictures: readonly Picture[];
}

/** Pictures as files beside each other, a line below each. */
export interface MediaSection {
  readonly kind: 'media';
  readonly title: string;
  readonly caption?: string;
  /** The bytes of a PNG, JPEG, WebP, GIF or SVG file; what runs in an SVG elsewhere does not run here. */
  readonly pictures: readonly { readonly bytes: Uint8Array; readonly caption: string }[];
}

/** A picture, a text, or both. */
export interface GalleryItem {
  /** The bytes of a PNG, JPEG, WebP or GIF file. */
  readonly picture?: Uint8Array;
  readonly text?: string;
  /** Whether a result is what was looked for; undefined where nobody knows. */
  readonly isRight?: boolean;
  /** How well a result fits, as the model sees it. */
  readonly score?: number;
}

/** Queries, each with its results from the best to the worst. */
export interface GallerySection {
  readonly kind: 'gallery';
  readonly title: string;
  readonly caption?: string;
  readonly rows: readonly { readonly query: GalleryItem; readonly results: readonly GalleryItem[] }[];
}

/** A cell: text, a number, or a share of one, drawn as a bar with its per cent. */
export type TableCell = string | number | { readonly share: number };

export interface TableSection {
  readonly kind: 'table';
  readonly title: string;
  readonly caption?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** A nested value, such as a configuration: anything that JSON can hold. */
export interface TreeSection {
  readonly kind: 'tree';
  readonly title: string;
  readonly caption?: string;
  readonly value: unknown;
}

/** Paragraphs, parted by empty lines. */
export interface TextSection {
  readonly kind: 'text';
  readonly title: string;
  readonly text: string;
}

export type ReportSection = PlotSection | MediaSection | GallerySection | TableSection | TreeSection | TextSection;

/** A figure at the head of a report, as in `0.50`, `val/recall`, `best, at step 1,200`. */
export interface HeadlineFigure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

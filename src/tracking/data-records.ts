// What a run logs beside numbers and events: histograms, matrices, pictures and texts, and their records in `metrics.jsonl`.
import {
  anyNumberField,
  asNumber,
  asObject,
  asText,
  excerpt,
  type Fields,
  listField,
  numberField,
  textField,
} from './decode-fields.ts';
import type { Clocks } from './run-format.ts';

/** How many values fall between which edges. `edges` has one entry more than `counts`; bin i holds edges[i] <= x < edges[i + 1], the last one its upper edge too. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Of the finite values; NaN where there is none. */
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Finite values, which the counts add up to. */
  readonly count: number;
  /** Values that are NaN or infinite, which are in no bin. */
  readonly numNonFinite: number;
}

/** A table of numbers with names, as a confusion matrix: `values[row][column]`. */
export interface Matrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: readonly (readonly number[])[];
  /** What rows are, as in `true class`. */
  readonly rowLabel: string;
  readonly columnLabel: string;
}

/** A picture as a file's bytes. */
export interface LoggedImage {
  readonly bytes: Uint8Array;
  readonly format: 'png' | 'jpeg';
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly caption?: string;
}

interface Keyed extends Clocks {
  readonly key: string;
  readonly time: number;
}

export interface HistogramRecord extends Keyed {
  readonly kind: 'histogram';
  readonly histogram: Histogram;
}

export interface MatrixRecord extends Keyed {
  readonly kind: 'matrix';
  readonly matrix: Matrix;
}

/** A picture's file; the path is relative to the run's folder. */
export interface ImageRecord extends Keyed {
  readonly kind: 'image';
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly caption?: string;
}

export interface FigureRecord extends Keyed {
  readonly kind: 'figure';
  readonly path: string;
}

export interface TextRecord extends Keyed {
  readonly kind: 'text';
  readonly text: string;
}

export type DataRecord = HistogramRecord | MatrixRecord | ImageRecord | FigureRecord | TextRecord;

const encodeNumber = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** The record with numbers that JSON can hold. */
export function encodableData(record: DataRecord): object {
  if (record.kind === 'histogram') {
    const { min, max, sum, sumOfSquares } = record.histogram;
    const moments = { min, max, sum, sumOfSquares };
    const encoded = Object.fromEntries(Object.entries(moments).map(([name, value]) => [name, encodeNumber(value)]));
    return { ...record, histogram: { ...record.histogram, ...encoded } };
  }
  if (record.kind !== 'matrix') return record;
  const values = record.matrix.values.map((row) => row.map(encodeNumber));
  return { ...record, matrix: { ...record.matrix, values } };
}

/** @throws {SyntaxError} if the fields are no such record. */
export function decodeData(fields: Fields, at: Clocks & { readonly time: number }): DataRecord {
  const keyed = (): Keyed => ({ key: textField(fields, 'key'), ...at });
  switch (fields.kind) {
    case 'histogram':
      return { kind: 'histogram', ...keyed(), histogram: decodeHistogram(asObject(fields.histogram)) };
    case 'matrix':
      return { kind: 'matrix', ...keyed(), matrix: decodeMatrix(asObject(fields.matrix)) };
    case 'image': {
      const caption = fields.caption === undefined ? {} : { caption: textField(fields, 'caption') };
      const size = { width: numberField(fields, 'width'), height: numberField(fields, 'height') };
      return { kind: 'image', ...keyed(), path: textField(fields, 'path'), ...size, ...caption };
    }
    case 'figure':
      return { kind: 'figure', ...keyed(), path: textField(fields, 'path') };
    case 'text':
      return { kind: 'text', ...keyed(), text: textField(fields, 'text') };
    default:
      throw new SyntaxError(
        `expected kind "metrics", "event", "histogram", "matrix", "image", "figure" or "text", got ${excerpt(fields.kind)}`,
      );
  }
}

function decodeHistogram(fields: Fields): Histogram {
  return {
    edges: listField(fields, 'edges', asNumber),
    counts: listField(fields, 'counts', asNumber),
    min: anyNumberField(fields, 'min'),
    max: anyNumberField(fields, 'max'),
    sum: anyNumberField(fields, 'sum'),
    sumOfSquares: anyNumberField(fields, 'sumOfSquares'),
    count: numberField(fields, 'count'),
    numNonFinite: numberField(fields, 'numNonFinite'),
  };
}

function decodeMatrix(fields: Fields): Matrix {
  return {
    rows: listField(fields, 'rows', asText),
    columns: listField(fields, 'columns', asText),
    values: listField(fields, 'values', (row) =>
      listField({ row }, 'row', (value) => anyNumberField({ value }, 'value')),
    ),
    rowLabel: textField(fields, 'rowLabel'),
    columnLabel: textField(fields, 'columnLabel'),
  };
}

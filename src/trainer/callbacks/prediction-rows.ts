// Predictions as rows of text: tensors of a batch, a line for each sample.

import type { Tensor } from '../../tensor/tensor.ts';

/** Named tensors whose first dimension counts samples. */
export type PredictionColumns = Readonly<Record<string, Tensor>>;

/** Where a row's sample comes from. */
export interface RowPlace {
  readonly loader: string;
  /** Its number in the loader. */
  readonly sample: number;
}

type Cell = number | bigint | boolean;

/** A column as its numbers, row by row. */
interface Numbers {
  readonly name: string;
  readonly values: ArrayLike<Cell>;
  /** Of one row. */
  readonly shape: readonly number[];
  readonly size: number;
}

/** Reads the columns of a batch, which waits for the device. */
export function readColumns(columns: PredictionColumns): Numbers[] {
  return Object.entries(columns).map(([name, tensor]) => {
    if (tensor.dtype.startsWith('complex'))
      throw new TypeError(
        `Cannot write predictions: expected real numbers in rows of text, got "${name}" of ${tensor.dtype}; select its parts, or write .npy`,
      );
    const isBool = tensor.dtype === 'bool';
    const values = tensor.detach().toTypedArray() as ArrayLike<Cell>; // not complex: no pairs
    const shape = tensor.shape.slice(1);
    const size = shape.reduce((product, length) => product * length, 1);
    return { name, values: isBool ? Array.from(values, Boolean) : values, shape, size };
  });
}

/** A row as JSON: `{"loader":"dl0","sample":0,"prediction":[0.5,1.5]}`. */
export function jsonLine(columns: readonly Numbers[], row: number, { loader, sample }: RowPlace): string {
  const fields = columns.map(({ name, values, shape, size }) => {
    let at = row * size;
    const nested = (dim: number): string => {
      if (dim === shape.length) return jsonText(values[at++]!); // there are as many as the shape says
      return `[${Array.from({ length: shape[dim]! }, () => nested(dim + 1)).join(',')}]`;
    };
    return `,${JSON.stringify(name)}:${nested(0)}`;
  });
  return `{"loader":${JSON.stringify(loader)},"sample":${sample}${fields.join('')}}\n`;
}

/** JSON has no non-finite numbers: they are texts, as in a run's log. */
function jsonText(cell: Cell): string {
  return typeof cell === 'number' && !Number.isFinite(cell) ? `"${cell}"` : String(cell);
}

/** The first line of a CSV file: a column for each element of a row, as `prediction_0`, `prediction_1`. */
export function csvHeader(columns: readonly Numbers[]): string {
  const names = columns.flatMap(({ name, shape }) => elementNames(name, shape));
  return `${['loader', 'sample', ...names].map(csvText).join(',')}\n`;
}

export function csvLine(columns: readonly Numbers[], row: number, { loader, sample }: RowPlace): string {
  const cells = columns.flatMap(({ values, size }) =>
    Array.from({ length: size }, (_, i) => String(values[row * size + i])),
  );
  return `${[csvText(loader), sample, ...cells].join(',')}\n`;
}

function elementNames(name: string, shape: readonly number[]): string[] {
  const [length, ...rest] = shape;
  if (length === undefined) return [name];
  return Array.from({ length }, (_, i) => elementNames(`${name}_${i}`, rest)).flat();
}

/** A text in quotation marks where it needs them. */
const csvText = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// Columns of equal length by name, as they come out of CSV, Parquet and Arrow files: a dataset whose batches are one gather a column.
import { DTypeError, ShapeError } from '../../errors.ts';
import { type DType, scope, Tensor, tensor } from '../../tensor/index.ts';
import { stack } from '../../tensor/ops.generated.ts';
import type { Collated } from '../collate/collate.ts';
import type { Dataset } from '../datasets/dataset.ts';

/** Numbers, booleans and codes of words are tensors of shape [rows, …]; text is an array. */
export type TableColumn = Tensor | readonly string[];

/** One row: views of the columns' elements, and text. */
export type TableRow = Record<string, Tensor | string>;

/** What a {@link Table} is made of. */
export interface TableParts {
  /** What messages call it, as in `"wine.csv"`. */
  readonly name: string;
  readonly columns: Readonly<Record<string, TableColumn>>;
  readonly vocabularies?: Readonly<Record<string, readonly string[]>>;
  readonly numSkipped?: number;
}

/**
 * Columns in memory, and a dataset of their rows. A batch is one native gather a tensor; text is picked row by row.
 * The tensors live as long as the table or anything else refers to them; who disposes of one ends the table.
 * @example
 * import { Table } from 'sconce/data';
 * const table = new Table({ name: 'points', columns: { x: tensor([1, 2, 3]), y: tensor([4, 5, 6]), kind: ['a', 'b', 'a'] } });
 * table.matrix(['x', 'y']); // tensor([[1., 4.], [2., 5.], [3., 6.]])
 * table.getBatch(Int32Array.of(2, 0)).kind; // ['a', 'a']
 */
export class Table implements Dataset<TableRow> {
  readonly name: string;
  /** Number of rows. */
  readonly length: number;
  readonly columns: Readonly<Record<string, TableColumn>>;
  /** By column of words: the word that each code stands for. */
  readonly vocabularies: Readonly<Record<string, readonly string[]>>;
  /** Rows of the files that were left out because they could not be used. */
  readonly numSkipped: number;

  /** @throws {ShapeError} where columns differ in length, or there are none. */
  constructor({ name, columns, vocabularies = {}, numSkipped = 0 }: TableParts) {
    const lengths = Object.values(columns).map((column) =>
      column instanceof Tensor ? column.shape[0] : column.length,
    );
    const [length] = lengths;
    if (length === undefined || lengths.some((other) => other !== length)) {
      const got = lengths.map((other) => (other === undefined ? 'a scalar' : other)).join(', ');
      throw new ShapeError(`Cannot make a Table: expected columns of equal length, got ${got || 'none'}`);
    }
    this.name = name;
    this.length = length;
    this.columns = columns;
    this.vocabularies = vocabularies;
    this.numSkipped = numSkipped;
  }

  /** The tensor of a column. @throws {RangeError} for a name that there is not. @throws {DTypeError} for text. */
  column(name: string): Tensor {
    const column = this.#find(name);
    if (column instanceof Tensor) return column;
    throw new DTypeError(
      `Cannot give column ${JSON.stringify(name)} of ${this.name} as a tensor: expected numbers, got text; read it as a category`,
    );
  }

  /** The text of a column. @throws {RangeError} for a name that there is not. @throws {DTypeError} for what is no text. */
  text(name: string): readonly string[] {
    const column = this.#find(name);
    if (!(column instanceof Tensor)) return column;
    throw new DTypeError(
      `Cannot give column ${JSON.stringify(name)} of ${this.name} as text: expected strings, got ${column.dtype}`,
    );
  }

  /** Columns side by side, as a model takes features. Shape: [rows, names] of columns [rows]; default dtype 'float32'. The tensor is new and the caller's. */
  matrix(names: readonly string[], options: { readonly dtype?: DType | undefined } = {}): Tensor {
    const { dtype = 'float32' } = options;
    return scope(() =>
      stack(
        names.map((name) => this.column(name).to(dtype)),
        { dim: 1 },
      ),
    );
  }

  /** Row `index`: views of its numbers, which see later changes, and its text. */
  get(index: number): TableRow {
    return this.#map(
      (column) => column.select(0, index),
      (column) => column[index]!,
    );
  }

  getBatch(indices: Int32Array): Collated<TableRow> {
    return scope(() => {
      const rows = tensor(indices);
      return this.#map(
        (column) => column.indexSelect(0, rows.to(column.device)), // [length, ...] -> [indices, ...]
        (column) => Array.from(indices, (index) => column[index]!),
      );
    });
  }

  #map<N, T>(numbers: (column: Tensor) => N, text: (column: readonly string[]) => T): Record<string, N | T> {
    return Object.fromEntries(
      Object.entries(this.columns).map(([name, column]) => [
        name,
        column instanceof Tensor ? numbers(column) : text(column),
      ]),
    );
  }

  #find(name: string): TableColumn {
    const column = Object.hasOwn(this.columns, name) ? this.columns[name] : undefined;
    if (column !== undefined) return column;
    const names = Object.keys(this.columns).map((other) => JSON.stringify(other));
    throw new RangeError(
      `Cannot give column ${JSON.stringify(name)} of ${this.name}: expected one of ${names.join(', ')}`,
    );
  }
}

// Rows of Parquet files in sequence.
import { Tensor } from '../../../tensor/index.ts';
import type { IterableDataset, SampleStream, StreamState } from '../../datasets/iterable.ts';
import { OptionProblems } from '../../option-problems.ts';
import type { CsvRow } from '../csv/csv-stream.ts';
import { checkStreamState } from '../reading/stream-state.ts';
import type { TableColumn } from '../table.ts';
import { closeAll, openAll, readGroupTable, requireWords, tableName } from './files.ts';
import { ParquetFile } from './parquet-file.ts';
import { checkTableOptions, type TableFileOptions } from './parquet-options.ts';

/**
 * The rows of Parquet files in their order, with one row group in memory; shuffle them with a `ShuffleBuffer`. Rows are plain values: numbers for floats
 * (the default collate makes float32 of them), bigints for integers and codes (int64), booleans and strings. The position is exact: resume goes on at the next row, and reads its row group again.
 * Made by `ParquetStream.open`.
 */
export class ParquetStream implements IterableDataset<CsvRow> {
  readonly name: string;
  readonly length: number;
  readonly #paths: readonly string[];
  readonly #options: TableFileOptions;

  private constructor(files: readonly ParquetFile[], options: TableFileOptions) {
    this.#paths = files.map(({ path }) => path);
    this.#options = options;
    this.name = `ParquetStream of ${tableName(this.#paths)}`;
    this.length = files.reduce((sum, { numRows }) => sum + numRows, 0);
  }

  /** Looks at the files, whose columns must be the same. Categories need their `vocabularies`.
   *  @throws {ConfigError} naming every option that is wrong. @throws {DataFileError} naming the file. */
  static async open(paths: string | readonly string[], options: TableFileOptions = {}): Promise<ParquetStream> {
    const action = 'open a ParquetStream';
    checkTableOptions(options, action);
    requireWords(options, action);
    const problems = new OptionProblems();
    for (const [column, type] of Object.entries(options.types ?? {})) {
      problems.expect(type !== 'float64', `types.${column}`, {
        wanted: 'another type: numbers are collated into float32; read float64 with readParquet',
        got: type,
      });
    }
    problems.throwIfAny(action);
    const files = await openAll(paths, options);
    try {
      return new ParquetStream(files, options);
    } finally {
      await closeAll(files);
    }
  }

  open(_epoch: number, state?: StreamState): SampleStream<CsvRow> {
    return new RowStream(this.#paths, this.#options, checkStreamState(state, start, this.name));
  }
}

/** Where a stream stands: so many rows of a file lie behind it. */
type RowState = { readonly file: number; readonly row: number };

const start: RowState = { file: 0, row: 0 };

/** A row group whose rows are being given. */
interface Rows {
  readonly columns: readonly (readonly [name: string, values: ArrayLike<unknown>, isBool: boolean])[];
  readonly firstRow: number;
  readonly numRows: number;
}

class RowStream implements SampleStream<CsvRow> {
  readonly #paths: readonly string[];
  readonly #options: TableFileOptions;
  #file: ParquetFile | undefined;
  #rows: Rows | undefined;
  #state: RowState;

  constructor(paths: readonly string[], options: TableFileOptions, state: RowState) {
    this.#paths = paths;
    this.#options = options;
    this.#state = state;
  }

  next(): CsvRow | undefined | Promise<CsvRow | undefined> {
    const row = this.#state.row - (this.#rows?.firstRow ?? 0);
    if (!this.#rows || row >= this.#rows.numRows) return this.#readOn();
    const sample: CsvRow = {};
    for (const [name, values, isBool] of this.#rows.columns) {
      const value = values[row];
      sample[name] = isBool ? value !== 0 : (value as CsvRow[string]); // what plainValues has made
    }
    this.#state = { ...this.#state, row: this.#state.row + 1 };
    return sample;
  }

  state(): StreamState {
    return this.#state;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#rows = undefined;
    await file?.close();
  }

  /** Reads the row group of the next row, of the next file where one ends. */
  async #readOn(): Promise<CsvRow | undefined> {
    for (;;) {
      const path = this.#paths[this.#state.file];
      if (path === undefined) return undefined;
      this.#file ??= await ParquetFile.open(path);
      const { row } = this.#state;
      const group = this.#file.groups.findIndex(({ firstRow, numRows }) => row < firstRow + numRows);
      if (group >= 0) {
        const { firstRow, numRows } = this.#file.groups[group]!;
        const plans = this.#file.plan(this.#options);
        const table = await readGroupTable(this.#file, group, plans).catch((error: unknown) => {
          this.#state = { ...this.#state, row: firstRow + numRows }; // who goes on behind the error goes on with the next row group
          throw error;
        });
        this.#rows = { columns: Object.entries(table.columns).map(plainValues), firstRow, numRows };
        return this.next();
      }
      await this.close();
      this.#state = { file: this.#state.file + 1, row: 0 };
    }
  }
}

/** A column as plain values: bigints for all integers. */
function plainValues([name, column]: [string, TableColumn]): readonly [string, ArrayLike<unknown>, boolean] {
  if (!(column instanceof Tensor)) return [name, column, false];
  const { dtype } = column;
  const wide = /^u?int/.test(dtype) ? column.to('int64') : column;
  const values = wide.toTypedArray();
  if (wide !== column) wide.dispose();
  column.dispose();
  return [name, values, dtype === 'bool'];
}

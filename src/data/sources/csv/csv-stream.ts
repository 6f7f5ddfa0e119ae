// CSV files that are larger than memory: their rows in sequence.

import type { IterableDataset, SampleStream, StreamState } from '../../datasets/iterable.ts';
import { OptionProblems } from '../../option-problems.ts';
import { checkStreamState } from '../reading/stream-state.ts';
import type { CsvColumnType } from '../table-types.ts';
import { readRows } from './block.ts';
import type { ColumnReader } from './column-reader.ts';
import type { Values } from './column-values.ts';
import { list, wantedColumns } from './csv-columns.ts';
import { CsvFile, type CsvPlace } from './csv-file.ts';
import { type CsvOptions, type CsvSettings, readCsvOptions } from './csv-options.ts';
import type { Fields, RaggedRow } from './tokenizer.ts';

const action = 'read CSV';

/** A row by column: numbers for float32, bigints for int64 and for the codes of a category, so that the default collate makes float32 and int64 of them. */
export type CsvRow = Record<string, number | bigint | boolean | string>;

/** What {@link CsvStream} needs to know of its files. */
interface CsvPlan {
  readonly paths: readonly string[];
  readonly settings: CsvSettings;
  /** Names of all columns of each file. */
  readonly names: readonly string[];
}

/**
 * The rows of CSV files in their order, with a few MiB of memory however large the files are; shuffle them with a `ShuffleBuffer`. Made by `CsvStream.open`.
 * Types that are not given follow from the beginning of the first file (256 KiB), and hold for all that comes: a value of another type is an error that
 * names file and line, which a loader can skip. The position is exact: resume goes on at the next row; in a file compressed by gzip it has to be
 * decompressed up to there, which takes a second for 200 MB or so.
 * Files that fit into memory are faster and in any order by `readCsv`.
 * @example
 * import { CsvStream } from 'sconce/data';
 * import { writeFileSync } from 'node:fs';
 * writeFileSync('/tmp/sconce-rows.csv', 'x,label\n0.5,1\n1.5,0\n2.5,1\n');
 * const dataset = await CsvStream.open('/tmp/sconce-rows.csv');
 * dataset.types; // { x: 'float32', label: 'int64' }
 * const stream = dataset.open(0);
 * (await stream.next())?.x; // 0.5
 * await stream.close();
 */
export class CsvStream implements IterableDataset<CsvRow> {
  readonly name: string;
  /** The type of each column that rows have. */
  readonly types: Readonly<Record<string, CsvColumnType>>;
  readonly #plan: CsvPlan;

  private constructor(plan: CsvPlan, types: Readonly<Record<string, CsvColumnType>>) {
    const [first, ...others] = plan.paths;
    this.name = `CsvStream of "${first}"${others.length > 0 ? ` and ${others.length} more` : ''}`;
    this.types = types;
    this.#plan = { ...plan, settings: { ...plan.settings, types } };
  }

  /**
   * Reads the beginning of the first file. A category needs its `vocabularies`, since its words are not all known before the end.
   * @throws {ConfigError} naming every option that is wrong. @throws {DataFileError} naming the file and the line.
   */
  static async open(
    paths: string | readonly string[],
    options: Omit<CsvOptions, 'onRowError'> = {},
  ): Promise<CsvStream> {
    checkStreamOptions(options);
    const settings = readCsvOptions(options, action);
    const files = typeof paths === 'string' ? [paths] : [...paths];
    if (files.length === 0) throw new RangeError('Cannot read CSV: expected at least one file, got none');
    const file = new CsvFile(files[0]!, { action, settings });
    try {
      const { names } = await file.header();
      const columns = wantedColumns(file, names, settings);
      const block = await file.next(names.length);
      if (block) readRows(block, columns, settings);
      const types = columns.map(({ name, type }): [string, CsvColumnType] => [name, type ?? 'float32']);
      return new CsvStream({ paths: files, settings, names }, Object.fromEntries(types));
    } finally {
      await file.close();
    }
  }

  open(_epoch: number, state?: StreamState): SampleStream<CsvRow> {
    return new RowStream(this.#plan, checkStreamState(state, start, this.name));
  }
}

/** Where a stream stands: so many bytes and lines of a file lie behind it. At 0 comes the header. */
type RowState = { readonly file: number } & Pick<CsvPlace, 'offset' | 'lines'>;

const start: RowState = { file: 0, offset: 0, lines: 0 };

/** Rows that were read and not all given. */
interface Rows {
  readonly fields: Fields;
  readonly values: readonly Values[];
  readonly bad: readonly RaggedRow[];
  readonly offset: number;
}

class RowStream implements SampleStream<CsvRow> {
  readonly #plan: CsvPlan;
  readonly #types: readonly [name: string, type: CsvColumnType][];
  #file: CsvFile | undefined;
  #columns: readonly ColumnReader[] | undefined;
  #rows: Rows | undefined;
  /** How many of them have been given, and how many of the bad ones. */
  #row = 0;
  #bad = 0;
  #state: RowState;

  constructor(plan: CsvPlan, state: RowState) {
    this.#plan = plan;
    this.#types = Object.entries(plan.settings.types!);
    this.#state = state;
  }

  next(): CsvRow | undefined | Promise<CsvRow | undefined> {
    if (!this.#rows) return this.#readOn();
    const { fields, values, bad, offset } = this.#rows;
    const row = this.#row;
    const { file } = this.#state;
    const problem = bad[this.#bad];
    const isRow = row < fields.numRows;
    if (problem && !(isRow && fields.lines[row]! < problem.line)) {
      this.#bad++;
      this.#state = { file, offset: offset + problem.end, lines: problem.nextLine - 1 };
      throw this.#file!.fail(problem.problem, problem.line);
    }
    if (!isRow) return this.#readOn();
    this.#row++;
    this.#state = { file, offset: offset + fields.rowEnds[row]!, lines: fields.nextLines[row]! - 1 };
    const sample: CsvRow = {};
    for (let i = 0; i < this.#types.length; i++) {
      const [name, type] = this.#types[i]!;
      const value = values[i]![row]!;
      sample[name] = type === 'bool' ? value !== 0 : value;
    }
    return sample;
  }

  state(): StreamState {
    return { ...this.#state };
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  /** Reads rows, of the next file where one ends, and gives the first. */
  async #readOn(): Promise<CsvRow | undefined> {
    this.#rows = undefined;
    const { paths, settings, names } = this.#plan;
    for (;;) {
      const path = paths[this.#state.file];
      if (path === undefined) return undefined;
      this.#file ??= await this.#openFile(path);
      const block = await this.#file.next(names.length);
      if (block) {
        this.#columns ??= wantedColumns(this.#file, names, settings);
        const columns = this.#columns;
        const { bad } = readRows(block, columns, settings);
        this.#rows = { ...block, values: columns.map((column) => column.takeBlock()), bad };
        this.#row = 0;
        this.#bad = 0;
        return this.next();
      }
      await this.close();
      this.#state = { file: this.#state.file + 1, offset: 0, lines: 0 };
    }
  }

  async #openFile(path: string): Promise<CsvFile> {
    const { settings, names, paths } = this.#plan;
    const isMiddle = this.#state.offset > 0;
    const file = new CsvFile(path, { action, settings, ...(isMiddle ? { place: this.#state } : {}) });
    if (isMiddle) return file;
    try {
      const header = await file.header();
      if (header.names.join() === names.join()) return file;
      throw file.fail(`expected the columns ${list(names)} of "${paths[0]}", got ${list(header.names)}`, 1);
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}

/** What a stream of rows cannot honour. */
function checkStreamOptions({ types = {}, vocabularies = {}, ...options }: CsvOptions): void {
  const problems = new OptionProblems();
  problems.expect(!('onRowError' in options), 'onRowError', {
    wanted: 'none: the loader says what becomes of a bad row, by onSampleError',
    got: options.onRowError,
  });
  for (const [column, type] of Object.entries(types)) {
    problems.expect(type !== 'float64', `types.${column}`, {
      wanted: 'another type: numbers are collated into float32; read float64 with readCsv',
      got: type,
    });
    problems.expect(type !== 'category' || Object.hasOwn(vocabularies, column), `vocabularies.${column}`, {
      wanted: 'the words of a category, which are not known before the end of a stream',
      got: undefined,
    });
  }
  problems.throwIfAny('open a CsvStream');
}

// An open Parquet file: its columns, and its row groups read column by column.
import { open } from 'node:fs/promises';
import type { FileMetaData } from 'hyparquet';
import { DataFileError } from '../../../errors.ts';
import type { OpenFile } from '../../../serial/open-file.ts';
import { fileFeed } from '../reading/byte-feed.ts';
import { reasonOf } from '../reading/byte-source.ts';
import { type ColumnPlan, type ColumnTarget, own, planColumn } from './column-plan.ts';
import { decodeChunk, type Hyparquet } from './decode-chunk.ts';
import { loadDecompressors } from './decompress.ts';
import { ParquetProblem } from './hybrid.ts';
import type { TableFileOptions } from './parquet-options.ts';
import { canRead, columnsOf, defaultType, type ParquetColumn } from './schema.ts';

const action = 'read Parquet file';

type Library = Hyparquet & Pick<typeof import('hyparquet'), 'parquetMetadataAsync'>;
let loading: Promise<Library> | undefined;

/** Loads hyparquet at first use. */
function loadLibrary(): Promise<Library> {
  loading ??= Promise.all([
    import('hyparquet'),
    import('hyparquet/src/column.js'),
    import('hyparquet/src/delta.js'),
    import('hyparquet/src/encoding.js'),
    loadDecompressors(),
  ]).then(([{ parquetMetadataAsync }, { parquetHeader }, delta, encoding, decompressors]) => {
    return { parquetMetadataAsync, parquetHeader, delta, encoding, decompressors };
  });
  return loading;
}

/** Rows that lie together. */
export interface RowGroup {
  readonly numRows: number;
  /** Rows of the file before it. */
  readonly firstRow: number;
}

export class ParquetFile {
  readonly path: string;
  readonly groups: readonly RowGroup[];
  readonly numRows: number;
  readonly #columns: ReadonlyMap<string, ParquetColumn>;
  readonly #file: OpenFile;
  readonly #size: number;
  readonly #metadata: FileMetaData;
  readonly #library: Library;

  private constructor(path: string, parts: { file: OpenFile; size: number; metadata: FileMetaData; library: Library }) {
    this.path = path;
    this.#file = parts.file;
    this.#size = parts.size;
    this.#metadata = parts.metadata;
    this.#library = parts.library;
    this.#columns = new Map(columnsOf(parts.metadata).map((column) => [column.name, column]));
    let firstRow = 0;
    this.groups = parts.metadata.row_groups.map(({ num_rows }) => {
      const group = { numRows: Number(num_rows), firstRow };
      if (!(group.numRows >= 0 && group.numRows < 2 ** 31))
        throw new ParquetProblem(`expected row groups of 0 to 2^31 - 1 rows, got ${num_rows}`);
      firstRow += group.numRows;
      return group;
    });
    this.numRows = firstRow;
  }

  /** Opens a file and reads its footer. @throws {DataFileError} naming the file. */
  static async open(path: string): Promise<ParquetFile> {
    const library = await loadLibrary();
    let file: Awaited<ReturnType<typeof open>> | undefined;
    try {
      file = await open(path, 'r');
      const { size } = await file.stat();
      if (size < 12) throw new ParquetProblem(`expected a Parquet file, got one of ${size} bytes`);
      const handle = file;
      const slice = async (start: number, end = size): Promise<ArrayBuffer> =>
        (await readBytes(handle, start, end)).buffer as ArrayBuffer;
      const metadata = await library.parquetMetadataAsync({ byteLength: size, slice }, { geoparquet: false });
      return new ParquetFile(path, { file, size, metadata, library });
    } catch (error) {
      await file?.close();
      throw inFile(path, error);
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** The columns at the root, in the file's order. */
  get columns(): readonly ParquetColumn[] {
    return [...this.#columns.values()];
  }

  /** Text that was saved beside the columns. */
  get keyValues(): ReadonlyMap<string, string> {
    const pairs = this.#metadata.key_value_metadata ?? [];
    return new Map(pairs.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value] as const])));
  }

  /** The wanted columns with their types.
   *  @throws {DataFileError} for one that the file has not, that is of another type, or of one that cannot be read. */
  plan(options: TableFileOptions): ColumnPlan[] {
    const { columns = [...this.#columns.keys()], types = {} } = options;
    const shown = [...this.#columns.keys()].map((name) => JSON.stringify(name)).join(', ');
    for (const name of [...columns, ...Object.keys(types)])
      if (!this.#columns.has(name))
        throw this.fail(`expected a column ${JSON.stringify(name)}, got ${shown || 'none'}`);
    return columns.map((name) => {
      const column = this.#columns.get(name)!;
      const wanted = own(types, name);
      const type = wanted ?? defaultType(column);
      if (type === undefined || !canRead(column, type)) {
        const expected = wanted === undefined ? 'numbers, booleans or text' : `type ${wanted}`;
        const way = wanted === undefined ? '; leave it out with the option columns' : '';
        throw this.fail(`expected ${expected} in column ${JSON.stringify(name)}, got ${column.found}${way}`);
      }
      return planColumn(name, type, options, (problem) => this.fail(problem));
    });
  }

  /** Requires that the file has these columns as another one has them. @param first - the other's path. */
  requireSame(plans: readonly ColumnPlan[], options: TableFileOptions, first: string): void {
    for (const { name, type } of plans) {
      const column = this.#columns.get(name);
      const found = column && (own(options.types, name) ? (canRead(column, type) ? type : column.found) : column.found);
      const wanted = type === 'category' && found === 'string' ? 'string' : type;
      if (found === undefined) throw this.fail(`expected a column ${JSON.stringify(name)} as in "${first}", got none`);
      if (found !== wanted)
        throw this.fail(`expected type ${type} in column ${JSON.stringify(name)} as in "${first}", got ${found}`);
    }
  }

  /** Reads a row group into the targets, one a column. @throws {DataFileError} naming the file, the column and the row group. */
  async readGroup(group: number, targets: readonly ColumnTarget[]): Promise<void> {
    const first = targets[0];
    let pending = first && this.#chunkBytes(group, first.plan.name);
    for (let i = 0; i < targets.length; i++) {
      const target = targets[i]!;
      const bytes = await pending!;
      const next = targets[i + 1];
      pending = next && this.#chunkBytes(group, next.plan.name); // is read while this one is decoded
      pending?.catch(() => undefined); // who waits for it sees the error
      this.#decode(group, target, bytes);
    }
  }

  #decode(group: number, target: ColumnTarget, bytes: Uint8Array): void {
    const { name, vocabulary } = target.plan;
    const { numRows } = this.groups[group]!;
    const { physical, isOptional } = this.#columns.get(name)!;
    const { codec, num_values } = this.#chunk(group, name);
    const where = `row group ${group}`;
    try {
      if (Number(num_values) !== numRows) throw new ParquetProblem(`expected ${numRows} values, got ${num_values}`);
      const plan = { type: physical!, codec, numValues: numRows, isOptional, vocabulary };
      const chunk = decodeChunk(bytes, plan, this.#library);
      target.add(chunk, (problem) => this.fail(problem, where));
    } catch (error) {
      if (error instanceof DataFileError) throw error;
      throw inFile(this.path, error, `${where}, column ${JSON.stringify(name)}`);
    }
  }

  #chunk(group: number, name: string) {
    const chunk = this.#metadata.row_groups[group]!.columns.find(({ meta_data }) => {
      const path = meta_data?.path_in_schema;
      return path?.length === 1 && path[0] === name;
    })?.meta_data;
    if (chunk === undefined)
      throw this.fail(`expected a column ${JSON.stringify(name)} in every row group, got none`, `row group ${group}`);
    return chunk;
  }

  async #chunkBytes(group: number, name: string): Promise<Uint8Array> {
    const { dictionary_page_offset: dictionary, data_page_offset, total_compressed_size } = this.#chunk(group, name);
    const data = Number(data_page_offset);
    const start = dictionary === undefined || dictionary === 0n ? data : Math.min(Number(dictionary), data);
    const end = start + Number(total_compressed_size);
    const where = `row group ${group}, column ${JSON.stringify(name)}`;
    try {
      if (!(start >= 0 && start <= end && end <= this.#size))
        throw new ParquetProblem(
          `expected bytes ${start} to ${end}, got a file of ${this.#size}: it is cut short or damaged`,
        );
      return await readBytes(this.#file, start, end);
    } catch (error) {
      throw inFile(this.path, error, where);
    }
  }

  /** An error that names the file. */
  fail(problem: string, where?: string): DataFileError {
    return inFile(this.path, new ParquetProblem(problem), where);
  }
}

async function readBytes(file: OpenFile, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  const filled = await fileFeed(file, start, end).fill(bytes);
  if (filled < bytes.length) throw new ParquetProblem(`expected ${bytes.length} bytes at ${start}, got ${filled}`);
  return bytes;
}

/** What is wrong with a file, whoever found it out. */
function inFile(path: string, error: unknown, where?: string): DataFileError {
  const reason = reasonOf(error);
  const problem = error instanceof ParquetProblem ? reason : `expected a whole Parquet file, got "${reason}"`;
  const place = where === undefined ? '' : `, ${where}`;
  return new DataFileError(`Cannot ${action} "${path}"${place}: ${problem}`, { path, cause: error });
}

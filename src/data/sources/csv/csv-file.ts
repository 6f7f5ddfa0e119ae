// A CSV file as blocks of rows: its names first, then as many rows at a time as are there whole.
import { DataFileError } from '../../../errors.ts';
import { type ChunkSource, openChunks } from '../reading/chunk-source.ts';
import type { CsvSettings } from './csv-options.ts';
import { type Fields, type RaggedRow, Tokenizer } from './tokenizer.ts';

/** Bytes of a block: they stay in the processor's cache while they are cut and read. */
const blockBytes = 1 << 18;
/** A row that is longer lacks a quote somewhere. */
const maxRowBytes = 1 << 26;

/** Some rows of a file. */
export interface CsvBlock {
  readonly fields: Fields;
  readonly ragged: readonly RaggedRow[];
  /** Where in the file its bytes begin. */
  readonly offset: number;
}

/** Where rows begin: behind so many bytes, which hold so many lines. */
export interface CsvPlace {
  readonly offset: number;
  readonly lines: number;
}

/** What the beginning of a file says. */
export interface CsvHeader {
  /** Names of the columns. */
  readonly names: readonly string[];
  /** Where the first row of data begins. */
  readonly start: CsvPlace;
}

export class CsvFile {
  readonly path: string;
  readonly #action: string;
  readonly #settings: CsvSettings;
  readonly #chunks: ChunkSource;
  /** What is left of the last chunk. */
  #chunk: Uint8Array = new Uint8Array();
  readonly #tokenizer: Tokenizer;
  #bytes = Buffer.allocUnsafeSlow(blockBytes);
  /** How many of them are filled, and how many of those used up. */
  #filled = 0;
  #used = 0;
  /** Where in the file the bytes begin. */
  #offset: number;
  #isAtEnd = false;

  /** Opens a file at its beginning, or behind so much of it, when rows are first asked for. */
  constructor(
    path: string,
    options: { readonly action: string; readonly settings: CsvSettings; readonly place?: CsvPlace },
  ) {
    const { place = { offset: 0, lines: 0 }, action, settings } = options;
    this.path = path;
    this.#action = action;
    this.#settings = settings;
    this.#chunks = openChunks(path, place.offset);
    this.#offset = place.offset;
    this.#tokenizer = new Tokenizer({ ...settings, capacity: blockBytes });
    this.#tokenizer.line = place.lines + 1;
  }

  close(): Promise<void> {
    return this.#chunks.close();
  }

  /** Reads the names of the columns, to be called first where the file was opened at its beginning.
   *  @throws {DataFileError} for a file without rows, and names that come twice. */
  async header(): Promise<CsvHeader> {
    await this.#passMark();
    const { header } = this.#settings;
    const start = { offset: this.#offset + this.#used, lines: 0 };
    const first = await this.#firstRow();
    if (first === undefined) {
      if (typeof header !== 'boolean') return { names: header, start };
      throw this.fail('expected rows, got an empty file');
    }
    if (first.problem !== undefined) throw this.fail(first.problem, 1);
    if (first.fields.includes('__proto__')) throw this.fail('expected names for columns, got "__proto__"', 1);
    if (header === true) {
      const doubled = first.fields.find((name, i) => first.fields.indexOf(name) < i);
      if (doubled !== undefined)
        throw this.fail(
          `expected each name in the header once, got ${JSON.stringify(doubled)} twice; give names with the option header`,
          1,
        );
      this.#used += first.end;
      return { names: first.fields, start: { offset: this.#offset + this.#used, lines: this.#tokenizer.line - 1 } };
    }
    this.#tokenizer.line = 1;
    return { names: header === false ? first.fields.map((_, i) => String(i)) : header, start };
  }

  /** The next rows of `numColumns` fields; undefined at the end. What it gives holds until the next call. */
  async next(numColumns: number): Promise<CsvBlock | undefined> {
    for (;;) {
      await this.#fill();
      const numBytes = this.#filled;
      const { fields, ragged, used } = this.#tokenizer.cut(this.#bytes, {
        numBytes,
        numColumns,
        isFinal: this.#isAtEnd,
      });
      this.#used = used;
      if (fields.numRows > 0 || ragged.length > 0) return { fields, ragged, offset: this.#offset };
      if (this.#isAtEnd) return undefined;
    }
  }

  /** An error that names the file, and the line where there is one. */
  fail(problem: string, line?: number): DataFileError {
    const place = line === undefined ? '' : `, line ${line}`;
    return new DataFileError(`Cannot ${this.#action} "${this.path}"${place}: ${problem}`, { path: this.path, line });
  }

  /** Passes over the mark that some programs put before UTF-8. */
  async #passMark(): Promise<void> {
    await this.#fill();
    const [first, second, third] = this.#bytes.subarray(0, this.#filled);
    if (first === 0xef && second === 0xbb && third === 0xbf) this.#used = 3;
    const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
    if (isWide) throw this.fail('expected UTF-8, got UTF-16; convert it with iconv -f UTF-16 -t UTF-8');
  }

  async #firstRow(): ReturnType<Tokenizer['firstRow']> extends infer Row ? Promise<Row> : never {
    for (;;) {
      const row = this.#tokenizer.firstRow(this.#bytes.subarray(this.#used, this.#filled), this.#isAtEnd);
      if (row !== undefined || this.#isAtEnd) return row;
      await this.#fill();
    }
  }

  /** Moves what is not used up to the front, and reads on behind it. */
  async #fill(): Promise<void> {
    const left = this.#filled - this.#used;
    if (left === this.#bytes.length) {
      if (left >= maxRowBytes)
        throw this.fail(
          `expected rows of at most ${maxRowBytes} bytes, got a longer one: a quote is not closed, or hasQuotes should be false`,
          this.#tokenizer.line,
        );
      this.#bytes = Buffer.concat([this.#bytes], 2 * this.#bytes.length);
    } else if (this.#used > 0) this.#bytes.copyWithin(0, this.#used, this.#filled);
    this.#offset += this.#used;
    this.#used = 0;
    this.#filled = left;
    while (this.#filled < this.#bytes.length && !this.#isAtEnd) {
      if (this.#chunk.length === 0) this.#chunk = await this.#nextChunk();
      const part = this.#chunk.subarray(0, this.#bytes.length - this.#filled);
      this.#bytes.set(part, this.#filled);
      this.#filled += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
  }

  async #nextChunk(): Promise<Uint8Array> {
    const chunk = await this.#chunks.next();
    this.#isAtEnd = chunk === undefined;
    return chunk ?? new Uint8Array();
  }
}

// Cuts bytes of a CSV file into rows and fields, as RFC 4180 has them; what is in the fields is for others.

/** Rows of equal width, cut into fields: field `column` of row `row` is number `row * numColumns + column`. */
export interface Fields {
  readonly bytes: Buffer;
  /** Where each field begins, quotes left out; its complement (`~start`) where quotes are doubled inside. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly numColumns: number;
  numRows: number;
  /** The line of each row, from 1. */
  readonly lines: Float64Array;
  /** The line behind each row. */
  readonly nextLines: Float64Array;
  /** Behind each row, from the beginning of the bytes. */
  readonly rowEnds: Int32Array;
}

/** A row that is not as wide as the others, or is no row. */
export interface RaggedRow {
  readonly line: number;
  /** As in "expected 3 fields, got 2". */
  readonly problem: string;
  /** The line behind it. */
  readonly nextLine: number;
  /** Behind it, from the beginning of the bytes. */
  readonly end: number;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** What {@link Tokenizer} says of a row that ends behind the bytes. */
const INCOMPLETE = -1;
/** Text behind a closing quote. */
const MALFORMED = -2;
/** A quote that nothing closes. */
const UNCLOSED = -3;

export class Tokenizer {
  /** Of bytes: 0 for those that are part of a field, else a delimiter or the end of a row. */
  readonly #classes = new Uint8Array(256);
  readonly #delimiter: string;
  readonly #quote: number;
  starts: Int32Array;
  ends: Int32Array;
  /** The line that comes next, from 1. */
  line = 1;
  #lines: Float64Array;
  #nextLines: Float64Array;
  #rowEnds: Int32Array;
  /** Behind the row that was scanned last. */
  #next = 0;
  /** Line ends inside its quotes. */
  #innerLines = 0;

  constructor(options: { readonly delimiter: string; readonly hasQuotes: boolean; readonly capacity: number }) {
    this.#delimiter = options.delimiter;
    this.#quote = options.hasQuotes ? QUOTE : -1;
    this.#classes[options.delimiter.charCodeAt(0)] = 1;
    this.#classes[LF] = 1;
    this.#classes[CR] = 1;
    this.starts = new Int32Array(options.capacity);
    this.ends = new Int32Array(options.capacity);
    this.#lines = new Float64Array(options.capacity);
    this.#nextLines = new Float64Array(options.capacity);
    this.#rowEnds = new Int32Array(options.capacity);
  }

  /** The fields of the first row that is not empty, and where the next one begins; undefined where the bytes end before.
   *  @param isFinal - whether the file ends with these bytes. */
  firstRow(bytes: Buffer, isFinal: boolean): { fields: string[]; end: number; problem?: string } | undefined {
    this.#reserve(bytes.length);
    for (let at = 0; ; ) {
      at = this.#skipEmpty(bytes, at, bytes.length, isFinal);
      if (at >= bytes.length || bytes[at] === CR) return undefined;
      const numFields = this.#scanRow({ bytes, from: at, to: bytes.length, first: 0, isFinal });
      if (numFields === INCOMPLETE) return undefined;
      const line = this.line;
      this.line += 1 + this.#innerLines;
      if (numFields < 0) return { fields: [], end: this.#next, problem: `${this.#problem(numFields)} in line ${line}` };
      const fields = Array.from({ length: numFields }, (_, i) => fieldText(bytes, this.starts[i]!, this.ends[i]!));
      return { fields, end: this.#next };
    }
  }

  /**
   * Cuts the bytes into rows of `numColumns` fields, until they end or a row does not end in them. Empty lines are passed over.
   * The arrays of the result are used again by the next call.
   * @returns the rows, those that are no such rows, and how many bytes are used up.
   */
  cut(
    bytes: Buffer,
    options: { readonly numBytes: number; readonly numColumns: number; readonly isFinal: boolean },
  ): { fields: Fields; ragged: RaggedRow[]; used: number } {
    const { numBytes: to, numColumns, isFinal } = options;
    this.#reserve(to);
    const ragged: RaggedRow[] = [];
    let numRows = 0;
    let used = 0;
    for (;;) {
      used = this.#skipEmpty(bytes, used, to, isFinal);
      if (used >= to || bytes[used] === CR) break;
      const numFields = this.#scanRow({ bytes, from: used, to, first: numRows * numColumns, isFinal });
      if (numFields === INCOMPLETE) break;
      used = this.#next;
      const { line } = this;
      this.line += 1 + this.#innerLines;
      if (numFields === numColumns) {
        this.#lines[numRows] = line;
        this.#nextLines[numRows] = this.line;
        this.#rowEnds[numRows] = used;
        numRows++;
      } else {
        const problem = numFields < 0 ? this.#problem(numFields) : `expected ${numColumns} fields, got ${numFields}`;
        ragged.push({ line, problem, nextLine: this.line, end: used });
      }
    }
    const { starts, ends } = this;
    const lines = { lines: this.#lines, nextLines: this.#nextLines, rowEnds: this.#rowEnds };
    return { fields: { bytes, starts, ends, numColumns, numRows, ...lines }, ragged, used };
  }

  #problem(numFields: number): string {
    return numFields === UNCLOSED
      ? 'expected a quote that closes the field, got the end of the file'
      : `expected ${JSON.stringify(this.#delimiter)} or the end of the row behind a closing quote, got something else`;
  }

  #reserve(numBytes: number): void {
    if (this.starts.length > numBytes) return;
    for (const name of ['starts', 'ends'] as const) this[name] = new Int32Array(numBytes + 1);
    this.#lines = new Float64Array(numBytes + 1);
    this.#nextLines = new Float64Array(numBytes + 1);
    this.#rowEnds = new Int32Array(numBytes + 1);
  }

  /** Where the next line begins that is not empty; at the last byte, where that may be the first half of a line end. */
  #skipEmpty(bytes: Buffer, from: number, to: number, isFinal: boolean): number {
    let at = from;
    for (; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === LF) this.line++;
      else if (byte !== CR) return at;
      else if (at + 1 >= to && !isFinal) return at;
      else if (at + 1 >= to || bytes[at + 1] !== LF) this.line++;
    }
    return at;
  }

  /** Cuts one row, whose fields are numbered from `first` on. @returns how many it has, or why not. */
  #scanRow(options: { bytes: Buffer; from: number; to: number; first: number; isFinal: boolean }): number {
    const { bytes, to, first, isFinal } = options;
    const { starts, ends } = this;
    const classes = this.#classes;
    const quote = this.#quote;
    this.#innerLines = 0;
    let at = options.from;
    for (let field = first; ; field++) {
      if (at < to && bytes[at] === quote) {
        at = this.#scanQuoted({ bytes, from: at, to, field });
        if (at > to) return this.#unclosed(to, isFinal);
      } else {
        const start = at;
        while (at < to && classes[bytes[at]!] === 0) at++;
        starts[field] = start;
        ends[field] = at;
      }
      if (at >= to) {
        this.#next = to;
        return isFinal ? field + 1 - first : INCOMPLETE;
      }
      const byte = bytes[at]!;
      if (byte === CR) {
        if (at + 1 >= to && !isFinal) return INCOMPLETE;
        this.#next = bytes[at + 1] === LF && at + 1 < to ? at + 2 : at + 1;
        return field + 1 - first;
      }
      at++;
      if (byte === LF) {
        this.#next = at;
        return field + 1 - first;
      }
      if (classes[byte] === 0) return this.#malformed(bytes, at, to, isFinal);
    }
  }

  /** Scans a field in quotes. @returns where it ends, behind its closing quote; past `to` where that is missing. */
  #scanQuoted(options: { bytes: Buffer; from: number; to: number; field: number }): number {
    const { bytes, to, field } = options;
    const start = options.from + 1;
    let isDoubled = false;
    for (let at = start; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) this.#innerLines++;
      if (byte !== QUOTE) continue;
      if (at + 1 < to && bytes[at + 1] === QUOTE) {
        isDoubled = true;
        at++;
        continue;
      }
      this.starts[field] = isDoubled ? ~start : start;
      this.ends[field] = at;
      return at + 1;
    }
    return to + 1;
  }

  #unclosed(to: number, isFinal: boolean): number {
    this.#next = to;
    return isFinal ? UNCLOSED : INCOMPLETE;
  }

  /** Passes over the rest of a line that is no row. */
  #malformed(bytes: Buffer, from: number, to: number, isFinal: boolean): number {
    let at = from;
    while (at < to && bytes[at] !== LF && bytes[at] !== CR) at++;
    if (at + 1 >= to && !isFinal) return INCOMPLETE;
    this.#next = Math.min(to, bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1);
    return MALFORMED;
  }
}

/** A field as text, its doubled quotes made single. */
export function fieldText(bytes: Buffer, start: number, end: number): string {
  if (start >= 0) return bytes.toString('utf8', start, end);
  return bytes.toString('utf8', ~start, end).replaceAll('""', '"');
}

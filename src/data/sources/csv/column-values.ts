// One column of a block of rows into values of a type. A field that has none is reported, and its row is left out.
import type { CsvColumnType, TableFill } from '../table-types.ts';
import { parseFloatBytes, parseIntegerBytes, parseLongInteger, writeInt64 } from './numbers.ts';
import { type Fields, fieldText } from './tokenizer.ts';
import { NO_WORD, type Vocabulary } from './vocabulary.ts';

/** The values of one column in a block of rows; a category's are codes. */
export type Values = Float32Array | Float64Array | BigInt64Array | Uint8Array | string[];

/** A column as it is to be read. */
export interface ColumnRules {
  readonly type: CsvColumnType;
  readonly missing: MissingWords;
  readonly fill: TableFill | undefined;
  /** Of category and string columns. */
  readonly vocabulary: Vocabulary | undefined;
}

/** Reports a row whose field has no value: `wanted` reads "an integer of 64 bits". */
export type Fail = (row: number, wanted: string) => void;

/** Words that say that a value is missing. */
export class MissingWords {
  readonly #words: ReadonlySet<string>;
  readonly #maxBytes: number;
  readonly #hasEmpty: boolean;
  /** By first byte, so that most fields need no string. */
  readonly #mayBegin = new Uint8Array(256);
  /** Whether a number may be such a word: then every field has to be looked at before it is read. */
  readonly hasNumbers: boolean;

  constructor(words: readonly string[]) {
    this.#words = new Set(words);
    this.#maxBytes = Math.max(0, ...words.map((word) => Buffer.byteLength(word)));
    this.#hasEmpty = this.#words.has('');
    for (const word of words) if (word !== '') this.#mayBegin[Buffer.from(word)[0]!] = 1;
    this.hasNumbers = words.some((word) => word.trim() !== '' && !Number.isNaN(Number(word)));
  }

  has(bytes: Buffer, start: number, end: number): boolean {
    if (start < 0) return this.#words.has(fieldText(bytes, start, end));
    if (start === end) return this.#hasEmpty;
    if (end - start > this.#maxBytes || this.#mayBegin[bytes[start]!] === 0) return false;
    return this.#words.has(bytes.toString('utf8', start, end));
  }
}

/** The values of field `column` of every row. */
export function readValues(fields: Fields, column: number, rules: ColumnRules, fail: Fail): Values {
  switch (rules.type) {
    case 'float32':
      return readFloats(new Float32Array(fields.numRows), fields, column, { rules, fail });
    case 'float64':
      return readFloats(new Float64Array(fields.numRows), fields, column, { rules, fail });
    case 'int64':
      return readIntegers(fields, column, rules, fail);
    case 'bool':
      return readBooleans(fields, column, rules, fail);
    case 'string':
      return readStrings(fields, column, rules);
    case 'category':
      return readCategories(fields, column, rules, fail);
  }
}

interface Reading {
  readonly rules: ColumnRules;
  readonly fail: Fail;
}

function readFloats<A extends Float32Array | Float64Array>(
  out: A,
  fields: Fields,
  column: number,
  { rules: { missing, fill = Number.NaN }, fail }: Reading,
): A {
  const { bytes, starts, ends, numColumns, numRows } = fields;
  const { hasNumbers } = missing;
  for (let row = 0, field = column; row < numRows; row++, field += numColumns) {
    const start = starts[field]!;
    const end = ends[field]!;
    const value = start < 0 ? Number.NaN : parseFloatBytes(bytes, start, end);
    out[row] = value;
    if (!Number.isNaN(value) && !hasNumbers) continue;
    if (missing.has(bytes, start, end)) out[row] = Number(fill);
    else if (Number.isNaN(value) && !/^\s*nan\s*$/i.test(fieldText(bytes, start, end))) fail(row, 'a number');
  }
  return out;
}

function readIntegers(fields: Fields, column: number, { missing, fill }: ColumnRules, fail: Fail): BigInt64Array {
  const { bytes, starts, ends, numColumns, numRows } = fields;
  const out = new BigInt64Array(numRows);
  const pairs = new Int32Array(out.buffer);
  for (let row = 0, field = column; row < numRows; row++, field += numColumns) {
    const start = starts[field]!;
    const end = ends[field]!;
    const value = start < 0 ? Number.NaN : parseIntegerBytes(bytes, start, end);
    const isMissing = (Number.isNaN(value) || missing.hasNumbers) && missing.has(bytes, start, end);
    if (isMissing && fill !== undefined) out[row] = BigInt(fill);
    else if (isMissing) fail(row, 'an integer of 64 bits');
    else if (!Number.isNaN(value)) writeInt64(pairs, row, value);
    else {
      const long = start < 0 ? undefined : parseLongInteger(bytes, start, end);
      if (long === undefined) fail(row, 'an integer of 64 bits');
      else out[row] = long;
    }
  }
  return out;
}

const booleans: ReadonlyMap<string, boolean> = new Map(
  ['true', 'True', 'TRUE', '1']
    .map((word): [string, boolean] => [word, true])
    .concat(['false', 'False', 'FALSE', '0'].map((word): [string, boolean] => [word, false])),
);

/** The boolean in a field; undefined where it is none. */
export function booleanOf(bytes: Buffer, start: number, end: number): boolean | undefined {
  return start < 0 || end - start > 5 ? undefined : booleans.get(bytes.toString('latin1', start, end));
}

function readBooleans(fields: Fields, column: number, { missing, fill }: ColumnRules, fail: Fail): Uint8Array {
  const { bytes, starts, ends, numColumns, numRows } = fields;
  const out = new Uint8Array(numRows);
  for (let row = 0, field = column; row < numRows; row++, field += numColumns) {
    const start = starts[field]!;
    const end = ends[field]!;
    const isMissing = missing.has(bytes, start, end);
    const value = isMissing ? fill : booleanOf(bytes, start, end);
    if (value === undefined) fail(row, 'true or false');
    else out[row] = Number(value);
  }
  return out;
}

function readStrings(fields: Fields, column: number, { missing, fill = '', vocabulary }: ColumnRules): string[] {
  const { bytes, starts, ends, numColumns, numRows } = fields;
  const out = new Array<string>(numRows);
  for (let row = 0, field = column; row < numRows; row++, field += numColumns) {
    const start = starts[field]!;
    const end = ends[field]!;
    if (missing.has(bytes, start, end)) {
      out[row] = String(fill);
      continue;
    }
    const code = vocabulary?.codeOf(bytes, start, end) ?? NO_WORD;
    out[row] = code === NO_WORD ? fieldText(bytes, start, end) : vocabulary!.words[code]!;
  }
  return out;
}

function readCategories(fields: Fields, column: number, rules: ColumnRules, fail: Fail): BigInt64Array {
  const { bytes, starts, ends, numColumns, numRows } = fields;
  const { missing, fill, vocabulary } = rules;
  const out = new BigInt64Array(numRows);
  const pairs = new Int32Array(out.buffer);
  const fillBytes = fill === undefined ? undefined : Buffer.from(String(fill));
  for (let row = 0, field = column; row < numRows; row++, field += numColumns) {
    const start = starts[field]!;
    const end = ends[field]!;
    const isMissing = missing.has(bytes, start, end);
    const code =
      isMissing && fillBytes !== undefined
        ? vocabulary!.codeOf(fillBytes, 0, fillBytes.length)
        : isMissing
          ? NO_WORD
          : vocabulary!.codeOf(bytes, start, end);
    if (code === NO_WORD && !isMissing) fail(row, 'a word of the vocabulary');
    writeInt64(pairs, row, code);
  }
  return out;
}

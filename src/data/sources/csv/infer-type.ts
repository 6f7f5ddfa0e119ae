// What type a column has where nobody said: the narrowest that holds every value.
import type { CsvColumnType } from '../table-types.ts';
import { booleanOf, type MissingWords } from './column-values.ts';
import { parseFloatBytes, parseIntegerBytes, parseLongInteger } from './numbers.ts';
import type { Fields } from './tokenizer.ts';

/**
 * The narrowest type for the values of a column in a block and those before it: int64, float32 or string; bool for `true` and `false`. Numbers with
 * missing ones among them are float32. Undefined where all are missing.
 * @param before - the type of those before, and whether there are any.
 */
export function inferType(
  fields: Fields,
  column: number,
  missing: MissingWords,
  before: { readonly type: CsvColumnType | undefined; readonly isFirst: boolean },
): CsvColumnType | undefined {
  const { bytes, starts, ends, numColumns, numRows } = fields;
  let { type } = before;
  let hasMissing = type === undefined && !before.isFirst;
  for (let row = 0, field = column; row < numRows && type !== 'string'; row++, field += numColumns) {
    const start = starts[field]!;
    const end = ends[field]!;
    if (missing.has(bytes, start, end)) hasMissing = true;
    else if (start < 0) type = 'string';
    else type = widen(type, bytes, start, end);
  }
  if (hasMissing && type === 'int64') return 'float32';
  return hasMissing && type === 'bool' ? 'string' : type;
}

/** The narrowest type for a value and those of `type`. */
function widen(type: CsvColumnType | undefined, bytes: Buffer, start: number, end: number): CsvColumnType {
  if (type === undefined && isWordOfTruth(bytes, start, end)) return 'bool';
  if (type === 'bool') return booleanOf(bytes, start, end) === undefined ? 'string' : 'bool';
  const isInteger =
    type !== 'float32' &&
    (!Number.isNaN(parseIntegerBytes(bytes, start, end)) || parseLongInteger(bytes, start, end) !== undefined);
  if (isInteger) return 'int64';
  return Number.isNaN(parseFloatBytes(bytes, start, end)) ? 'string' : 'float32';
}

/** 0 and 1 are numbers, unless other values are words. */
function isWordOfTruth(bytes: Buffer, start: number, end: number): boolean {
  return end - start > 1 && booleanOf(bytes, start, end) !== undefined;
}

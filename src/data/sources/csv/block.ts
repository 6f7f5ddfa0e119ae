// A block of rows into the values of its columns; rows that have none in some column are taken out of it.
import { isUtf8 } from 'node:buffer';
import type { ColumnReader } from './column-reader.ts';
import type { CsvBlock } from './csv-file.ts';
import type { CsvSettings } from './csv-options.ts';
import { type Fields, fieldText, type RaggedRow } from './tokenizer.ts';

export interface BlockRules {
  readonly columns: readonly ColumnReader[];
  /** Whether a row with a missing value is a bad one. */
  readonly isMissingBad: boolean;
}

/**
 * Lets every column take its values of a block, and takes bad rows out of `fields`.
 * @returns the bad rows in order, and a column that turned out to be text where it had been numbers: then nothing that was read counts.
 */
export function readBlock(fields: Fields, rules: BlockRules): { bad: RaggedRow[]; text?: string } {
  const bad = new Map<number, string>();
  const gone: RaggedRow[] = [];
  const strict = rules.columns.filter((column) => column.isStrict);
  const failIn =
    (column: ColumnReader) =>
    (row: number, wanted: string): void => {
      if (!bad.has(row)) bad.set(row, problemOf(fields, row, column, wanted));
    };
  for (const column of rules.columns) checkRows(fields, column, { ...rules, fail: failIn(column) });
  takeOut(fields, bad, gone);
  for (const column of strict) column.read(fields, failIn(column));
  if (bad.size > 0) {
    takeOut(fields, bad, gone);
    for (const column of strict) column.dropBlock();
    for (const column of strict) column.read(fields, failIn(column));
  }
  for (const column of rules.columns) {
    if (!column.isStrict && !column.read(fields, failIn(column))) return { bad: [], text: column.name };
  }
  return { bad: gone.sort((a, b) => a.line - b.line) };
}

/** Looks for what is bad whatever the type. */
function checkRows(
  fields: Fields,
  column: ColumnReader,
  { isMissingBad, fail }: { isMissingBad: boolean; fail: (row: number, wanted: string) => void },
): void {
  const { bytes, starts, ends, numColumns, numRows, rowEnds } = fields;
  const isText = numRows === 0 || isUtf8(bytes.subarray(0, rowEnds[numRows - 1]));
  if (isText && !isMissingBad) return;
  for (let row = 0, field = column.index; row < numRows; row++, field += numColumns) {
    const start = starts[field]!;
    const end = ends[field]!;
    if (isMissingBad && column.missing.has(bytes, start, end)) fail(row, 'a value');
    else if (!isText && !isUtf8(bytes.subarray(start < 0 ? ~start : start, end))) fail(row, 'UTF-8');
  }
}

function problemOf(fields: Fields, row: number, column: ColumnReader, wanted: string): string {
  const field = row * fields.numColumns + column.index;
  const text = fieldText(fields.bytes, fields.starts[field]!, fields.ends[field]!);
  const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  return `expected ${wanted} in column ${JSON.stringify(column.name)}, got ${shown}`;
}

/** Moves the rows behind bad ones into their places. */
function takeOut(fields: Fields, bad: Map<number, string>, gone: RaggedRow[]): void {
  if (bad.size === 0) return;
  const { starts, ends, lines, nextLines, rowEnds, numColumns } = fields;
  let kept = 0;
  for (let row = 0; row < fields.numRows; row++) {
    const problem = bad.get(row);
    if (problem !== undefined) {
      gone.push({ line: lines[row]!, nextLine: nextLines[row]!, problem, end: rowEnds[row]! });
      continue;
    }
    if (kept < row) {
      const from = row * numColumns;
      starts.copyWithin(kept * numColumns, from, from + numColumns);
      ends.copyWithin(kept * numColumns, from, from + numColumns);
      lines[kept] = lines[row]!;
      nextLines[kept] = nextLines[row]!;
      rowEnds[kept] = rowEnds[row]!;
    }
    kept++;
  }
  fields.numRows = kept;
  bad.clear();
}

/** As `readBlock`, with the ragged rows among the bad ones. */
export function readRows(
  { fields, ragged }: CsvBlock,
  columns: readonly ColumnReader[],
  settings: CsvSettings,
): { bad: readonly RaggedRow[]; text?: string } {
  const read = readBlock(fields, { columns, isMissingBad: settings.missing.isError });
  if (ragged.length === 0) return read;
  return { ...read, bad: [...ragged, ...read.bad].sort((a, b) => a.line - b.line) };
}

// Arrow IPC files and streams into columns.
import { readFile } from 'node:fs/promises';
import type { Table as ArrowTable } from 'apache-arrow';
import { DataFileError } from '../../../errors.ts';
import { type ColumnPlan, ColumnTarget, own, planColumn } from '../parquet/column-plan.ts';
import { finishTable, tableName } from '../parquet/files.ts';
import { checkTableOptions, type TableFileOptions } from '../parquet/parquet-options.ts';
import { isReadableAs } from '../parquet/schema.ts';
import { reasonOf } from '../reading/byte-source.ts';
import type { Table } from '../table.ts';
import type { TableColumnType } from '../table-types.ts';
import { chunkOf, foundType } from './arrow-column.ts';
import { ArrowProblem } from './problem.ts';
import { verifyStream } from './verify-stream.ts';

type Arrow = typeof import('apache-arrow');

/**
 * Reads an Arrow IPC file or stream (Feather version 2), or several with the same columns one after the other, into a table: numbers, booleans and categories
 * as tensors, text as arrays. Columns may be integers, floats, booleans, text, and dictionaries of text, which are categories; dates and times are the
 * integers that the file has. Buffers must not be compressed. Memory: the files, and the columns; each value is copied once.
 * Source: pyarrow.ipc.
 * @throws {ConfigError} naming every option that is wrong. @throws {DataFileError} naming the file and the column: a column that is not there or of another
 * type, a value that is missing where none may be, a file that is damaged or cut short.
 */
export async function readArrow(paths: string | readonly string[], options: TableFileOptions = {}): Promise<Table> {
  checkTableOptions(options, 'read Arrow');
  const all = typeof paths === 'string' ? [paths] : paths;
  if (all.length === 0) throw new RangeError('Cannot read Arrow: expected at least one file, got none');
  const arrow = await import('apache-arrow'); // at first use: a program that reads none does not load it
  const files: { path: string; table: ArrowTable }[] = [];
  for (const path of all) files.push({ path, table: await openTable(arrow, path) });
  const first = files[0]!;
  const plans = planColumns(arrow, first.path, first.table, options);
  for (const { path, table } of files.slice(1)) requireSame(arrow, { path, table, first: first.path }, plans, options);
  const numRows = files.reduce((sum, { table }) => sum + table.numRows, 0);
  const targets = plans.map((plan) => new ColumnTarget(plan, numRows));
  for (const { path, table } of files) for (const target of targets) addColumn(arrow, path, table, target);
  return finishTable(tableName(all), targets);
}

const magic = 'ARROW1';
/** Where in a file its stream begins, behind the magic word. */
const fileStart = 8;

/** A file is a stream with a table of contents behind it, which is not needed where all is read. */
async function openTable({ tableFromIPC }: Arrow, path: string): Promise<ArrowTable> {
  try {
    const bytes = await readFile(path);
    const isFile = bytes.toString('latin1', 0, magic.length) === magic;
    if (isFile && bytes.toString('latin1', bytes.length - magic.length) !== magic)
      throw new ArrowProblem('expected its footer at the end, got none: it is cut short');
    const stream = isFile ? bytes.subarray(fileStart) : bytes;
    verifyStream(stream);
    return tableFromIPC(stream);
  } catch (error) {
    throw inFile(path, error);
  }
}

function typesOf(arrow: Arrow, table: ArrowTable): Map<string, string> {
  return new Map(table.schema.fields.map((field) => [field.name, foundType(arrow, field)]));
}

/** Whether a column can be read as a type. A category is text too. */
function canRead(found: string, wanted: TableColumnType): boolean {
  return isReadableAs(found === 'category' ? 'string' : found, wanted);
}

function planColumns(arrow: Arrow, path: string, table: ArrowTable, options: TableFileOptions): ColumnPlan[] {
  const found = typesOf(arrow, table);
  const { columns = [...found.keys()], types = {} } = options;
  const fail = (problem: string): DataFileError => inFile(path, new ArrowProblem(problem));
  for (const name of [...columns, ...Object.keys(types)]) {
    if (found.has(name)) continue;
    const shown = [...found.keys()].map((each) => JSON.stringify(each)).join(', ');
    throw fail(`expected a column ${JSON.stringify(name)}, got ${shown || 'none'}`);
  }
  return columns.map((name) => {
    const got = found.get(name)!;
    const wanted = own(types, name);
    const type = wanted ?? (got as TableColumnType); // where it is none, the next line says so
    if (canRead(got, type)) return planColumn(name, type, options, fail);
    const expected = wanted === undefined ? 'numbers, booleans or text' : `type ${wanted}`;
    const way = wanted === undefined ? '; leave it out with the option columns' : '';
    throw fail(`expected ${expected} in column ${JSON.stringify(name)}, got ${got}${way}`);
  });
}

function requireSame(
  arrow: Arrow,
  { path, table, first }: { path: string; table: ArrowTable; first: string },
  plans: readonly ColumnPlan[],
  options: TableFileOptions,
): void {
  const found = typesOf(arrow, table);
  for (const { name, type } of plans) {
    const got = found.get(name) ?? 'none';
    const isSame = own(options.types, name) === undefined ? got === type : canRead(got, type);
    if (isSame) continue;
    const problem = `expected type ${type} in column ${JSON.stringify(name)} as in "${first}", got ${got}`;
    throw inFile(path, new ArrowProblem(problem));
  }
}

function addColumn(arrow: Arrow, path: string, table: ArrowTable, target: ColumnTarget): void {
  const { name, vocabulary } = target.plan;
  const index = table.schema.fields.findIndex((field) => field.name === name);
  let batch = 0;
  try {
    for (const data of table.getChildAt(index)!.data) {
      const where = `batch ${batch++}`;
      target.add(chunkOf(arrow, data, vocabulary), (problem) => inFile(path, new ArrowProblem(problem), where));
    }
  } catch (error) {
    if (error instanceof DataFileError) throw error;
    throw inFile(path, error, `column ${JSON.stringify(name)}`);
  }
}

/** What is wrong with a file, whoever found it out. */
function inFile(path: string, error: unknown, where?: string): DataFileError {
  const reason = reasonOf(error);
  const problem = error instanceof ArrowProblem ? reason : `expected a whole Arrow file, got "${reason}"`;
  const place = where === undefined ? '' : `, ${where}`;
  return new DataFileError(`Cannot read Arrow file "${path}"${place}: ${problem}`, { path, cause: error });
}

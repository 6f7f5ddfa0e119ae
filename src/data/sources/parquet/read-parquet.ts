// Parquet files whole into columns.
import { Table, type TableColumn } from '../table.ts';
import { type ColumnPlan, ColumnTarget } from './column-plan.ts';
import { ParquetFile } from './parquet-file.ts';
import { checkTableOptions, type TableFileOptions } from './parquet-options.ts';

/**
 * Reads a Parquet file, or several with the same columns one after the other, into a table: numbers, booleans and categories as tensors, text as arrays.
 * Columns may be flat ones of every integer, floating, boolean and text type, in every encoding and compression; dates and times are the integers that the
 * file has. Lists, structures, decimals and binary ones have to be left out. Memory: the columns, and a row group's of one column.
 * Larger files than that: `ParquetStream`, `ParquetDataset`. Source: pandas.read_parquet.
 * @throws {ConfigError} naming every option that is wrong. @throws {DataFileError} naming the file and the column: a column that is not there or of another
 * type, a value that is missing where none may be, a file that is damaged.
 */
export async function readParquet(paths: string | readonly string[], options: TableFileOptions = {}): Promise<Table> {
  checkTableOptions(options, 'read Parquet');
  const files = await openAll(paths, options);
  try {
    const numRows = files.reduce((sum, file) => sum + file.numRows, 0);
    const targets = files[0]!.plan(options).map((plan) => new ColumnTarget(plan, numRows));
    for (const file of files)
      for (let group = 0; group < file.groups.length; group++) await file.readGroup(group, targets);
    return finishTable(tableName(files.map(({ path }) => path)), targets);
  } finally {
    await closeAll(files);
  }
}

/** Opens files, and requires that all have the columns of the first.
 *  @throws {RangeError} for none. @throws {DataFileError} naming the file. */
export async function openAll(paths: string | readonly string[], options: TableFileOptions): Promise<ParquetFile[]> {
  const all = typeof paths === 'string' ? [paths] : paths;
  if (all.length === 0) throw new RangeError('Cannot read Parquet: expected at least one file, got none');
  const files: ParquetFile[] = [];
  try {
    for (const path of all) files.push(await ParquetFile.open(path));
    const [first, ...others] = files;
    const plans = first!.plan(options);
    for (const file of others) file.requireSame(plans, options, first!.path);
    return files;
  } catch (error) {
    await closeAll(files);
    throw error;
  }
}

export async function closeAll(files: readonly ParquetFile[]): Promise<void> {
  for (const file of files) await file.close();
}

/** What messages call a table of files. */
export function tableName(paths: readonly string[]): string {
  return paths.length === 1 ? `"${paths[0]}"` : `"${paths[0]}" and ${paths.length - 1} more`;
}

/** A table of what the targets have collected. */
export function finishTable(name: string, targets: readonly ColumnTarget[]): Table {
  const columns: [string, TableColumn][] = [];
  const vocabularies: [string, readonly string[]][] = [];
  for (const target of targets) {
    const { column, words } = target.finish();
    columns.push([target.plan.name, column]);
    if (words !== undefined) vocabularies.push([target.plan.name, words]);
  }
  return new Table({ name, columns: Object.fromEntries(columns), vocabularies: Object.fromEntries(vocabularies) });
}

/** A row group as a table. */
export async function readGroupTable(file: ParquetFile, group: number, plans: readonly ColumnPlan[]): Promise<Table> {
  const targets = plans.map((plan) => new ColumnTarget(plan, file.groups[group]!.numRows));
  await file.readGroup(group, targets);
  return finishTable(`row group ${group} of "${file.path}"`, targets);
}

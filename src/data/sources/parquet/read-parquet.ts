// Parquet files whole into columns.
import type { Table } from '../table.ts';
import { ColumnTarget } from './column-plan.ts';
import { closeAll, finishTable, openAll, tableName } from './files.ts';
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

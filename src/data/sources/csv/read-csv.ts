// CSV files whole into columns.
import type { TableColumn } from '../table.ts';
import { Table } from '../table.ts';
import type { CsvColumnType } from '../table-types.ts';
import { readRows } from './block.ts';
import type { ColumnReader } from './column-reader.ts';
import { list, wantedColumns } from './csv-columns.ts';
import { CsvFile } from './csv-file.ts';
import { type CsvOptions, type CsvSettings, readCsvOptions } from './csv-options.ts';

const action = 'read CSV';

/**
 * Reads a CSV file, or several with the same columns one after the other, into a table: numbers, booleans and categories as tensors, text as arrays.
 * Files are UTF-8, with or without a mark, plain or compressed by gzip; lines end in LF, CRLF or CR. Numbers are as exact as JavaScript's own.
 * Memory: the columns (4 bytes a float32, 8 an int64), a column more while they are put together, and a few MiB; strings that repeat are kept once.
 * Larger files than that: `CsvStream`. Source: pandas.read_csv; what differs is in docs/data.md.
 * @throws {ConfigError} naming every option that is wrong. @throws {DataFileError} naming the file and the line.
 * @example
 * import { readCsv } from 'sconce/data';
 * import { writeFileSync } from 'node:fs';
 * writeFileSync('/tmp/sconce-doc.csv', 'height,kind\n1.5,oak\n0.5,ash\n');
 * const table = await readCsv('/tmp/sconce-doc.csv', { types: { kind: 'category' } });
 * table.column('height'); // tensor([1.5000, 0.5000])
 * table.column('kind'); // tensor([1, 0])
 * table.vocabularies.kind; // ['ash', 'oak']
 */
export async function readCsv(paths: string | readonly string[], options: CsvOptions = {}): Promise<Table> {
  const settings = readCsvOptions(options, action);
  const files = typeof paths === 'string' ? [paths] : paths;
  if (files.length === 0) throw new RangeError('Cannot read CSV: expected at least one file, got none');
  const text = new Set<string>();
  for (;;) {
    // A column may turn out to be text far down, when its beginning is no more than numbers: then it is read again from there.
    const found = await readFiles(files, settings, text);
    if (typeof found !== 'string') return found;
    text.add(found);
  }
}

/** The table, or the name of a column that is text. */
async function readFiles(
  paths: readonly string[],
  settings: CsvSettings,
  text: ReadonlySet<string>,
): Promise<Table | string> {
  let columns: ColumnReader[] | undefined;
  let names: readonly string[] = [];
  let numSkipped = 0;
  for (const path of paths) {
    const file = new CsvFile(path, { action, settings });
    try {
      const header = await file.header();
      columns ??= wantedColumns(file, header.names, { ...settings, types: withText(settings.types, text) });
      if (names.length > 0 && names.join() !== header.names.join())
        throw file.fail(`expected the columns ${list(names)} of "${paths[0]}", got ${list(header.names)}`, 1);
      names = header.names;
      for (let block = await file.next(names.length); block; block = await file.next(names.length)) {
        const { bad, text: found } = readRows(block, columns, settings);
        if (found !== undefined) return found;
        if (bad.length > 0 && !settings.isSkipping)
          throw file.fail(`${bad[0]!.problem}; leave such rows out with onRowError: 'skip'`, bad[0]!.line);
        numSkipped += bad.length;
      }
    } finally {
      await file.close();
    }
  }
  return finish(columns!, paths, numSkipped);
}

function withText(types: CsvOptions['types'], text: ReadonlySet<string>): Record<string, CsvColumnType> {
  return { ...types, ...Object.fromEntries([...text].map((name) => [name, 'string' as const])) };
}

function finish(readers: readonly ColumnReader[], paths: readonly string[], numSkipped: number): Table {
  const columns: [string, TableColumn][] = [];
  const vocabularies: [string, readonly string[]][] = [];
  for (const reader of readers) {
    const { column, words } = reader.finish();
    columns.push([reader.name, column]);
    if (words !== undefined) vocabularies.push([reader.name, words]);
  }
  return new Table({
    name: paths.length === 1 ? `"${paths[0]}"` : `"${paths[0]}" and ${paths.length - 1} more`,
    columns: Object.fromEntries(columns),
    vocabularies: Object.fromEntries(vocabularies),
    numSkipped,
  });
}

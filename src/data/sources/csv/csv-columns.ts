// Which columns of a file are wanted, found by their names.

import { ColumnReader } from './column-reader.ts';
import { type ColumnRules, MissingWords } from './column-values.ts';
import type { CsvFile } from './csv-file.ts';
import type { CsvSettings } from './csv-options.ts';

/** A reader for each wanted column.
 *  @throws {DataFileError} for a name that the file has not. */
export function wantedColumns(
  file: CsvFile,
  names: readonly string[],
  settings: CsvSettings & { readonly types?: Readonly<Record<string, ColumnRules['type']>> | undefined },
): ColumnReader[] {
  const { columns = names, types = {}, vocabularies = {} } = settings;
  const { words, fill } = settings.missing;
  const missing = new MissingWords(words);
  const mentioned = [...columns, ...Object.keys(types)];
  const unknown = mentioned.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw file.fail(`expected columns ${list(unknown)}, got ${list(names)}`);
  return columns.map(
    (name) =>
      new ColumnReader({
        name,
        index: names.indexOf(name),
        type: own(types, name),
        words: own(vocabularies, name),
        missing,
        fill: own(fill, name),
      }),
  );
}

/** Names for a message. */
export function list(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name));
  return names.length > 20 ? `${shown.join(', ')} and ${names.length - 20} more` : shown.join(', ');
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

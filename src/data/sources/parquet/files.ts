// Several Parquet files as one: opened, checked against each other, and their row groups as tables.
import { OptionProblems } from '../../option-problems.ts';
import { Table, type TableColumn } from '../table.ts';
import { type ColumnPlan, ColumnTarget } from './column-plan.ts';
import { ParquetFile } from './parquet-file.ts';
import type { TableFileOptions } from './parquet-options.ts';

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

/** Requires words for every category. @throws {ConfigError} */
export function requireWords({ types = {}, vocabularies = {} }: TableFileOptions, action: string): void {
  const problems = new OptionProblems();
  for (const [column, type] of Object.entries(types)) {
    problems.expect(type !== 'category' || Object.hasOwn(vocabularies, column), `vocabularies.${column}`, {
      wanted: 'the words of a category, which are not known before all row groups are',
      got: undefined,
    });
  }
  problems.throwIfAny(action);
}

// What is wanted of Parquet and Arrow files.
import { OptionProblems } from '../../option-problems.ts';
import type { TableColumnType, TableFill } from '../table-types.ts';

/** Options of `readParquet`, `ParquetDataset`, `ParquetStream` and `readArrow`. */
export interface TableFileOptions {
  /** The columns that are wanted, by name; the bytes of the others are not read. Default: all, in the file's order. */
  readonly columns?: readonly string[] | undefined;
  /** What columns must be, or be read as: integers as wider ones and as floats, floats as each other, text as categories. Default: as the file has them. */
  readonly types?: Readonly<Record<string, TableColumnType>> | undefined;
  /** The words of category columns in the order of their codes; any other is then an error. Default: those that there are, in alphabetical order. */
  readonly vocabularies?: Readonly<Record<string, readonly string[]>> | undefined;
  /** By column: what to put in the place of values that are missing. Default: NaN, '', or the code -1 of a category; integers and booleans have nothing
   *  for it, so that one missing is an error. */
  readonly fill?: Readonly<Record<string, TableFill>> | undefined;
}

const names = ['columns', 'types', 'vocabularies', 'fill'] as const satisfies readonly (keyof TableFileOptions)[];
const types: readonly TableColumnType[] = [
  'float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'bool', 'string', 'category',
]; // biome-ignore format: a list

/** @throws {ConfigError} naming every option that is wrong. */
export function checkTableOptions(options: TableFileOptions, action: string, others: readonly string[] = []): void {
  const problems = new OptionProblems();
  problems.expectKnown(options, [...names, ...others]);
  const { columns } = options;
  const isNames =
    Array.isArray(columns) &&
    new Set(columns).size === columns.length &&
    columns.every((name) => typeof name === 'string');
  problems.expect(columns === undefined || isNames, 'columns', { wanted: 'names, each once', got: columns });
  for (const [column, type] of Object.entries(options.types ?? {}))
    problems.expect(types.includes(type), `types.${column}`, { wanted: types.join(', '), got: type });
  for (const column of Object.keys(options.vocabularies ?? {})) {
    const type = options.types?.[column];
    problems.expect(type === 'category', `vocabularies.${column}`, { wanted: 'a column of type category', got: type });
  }
  problems.throwIfAny(action);
}

/** Whether a value can stand in a column of a type. */
export function isFill(fill: TableFill, type: TableColumnType): boolean {
  if (type === 'string' || type === 'category') return typeof fill === 'string';
  if (type === 'bool') return typeof fill === 'boolean';
  return type.startsWith('float') ? typeof fill === 'number' : typeof fill === 'bigint' || Number.isSafeInteger(fill);
}

// How a CSV file is written and what is wanted of it.
import { OptionProblems } from '../../option-problems.ts';
import type { CsvColumnType, TableFill } from '../table-types.ts';

/** What stands for a value that is not there, and what becomes of it. */
export interface MissingOptions {
  /** Default: '' and the words that pandas takes for missing ones, such as NA, NaN, null and None. */
  readonly words?: readonly string[] | undefined;
  /** By column, whose type must be given: what to put in the place of missing values. Default: NaN, '', or the code -1 of a category; integers and
   *  booleans have nothing for it, so that the row is a bad one. */
  readonly fill?: Readonly<Record<string, TableFill>> | undefined;
  /** Whether a row without one of its values is a bad one. Default false. */
  readonly isError?: boolean | undefined;
}

/** Options of `readCsv` and `CsvStream`. */
export interface CsvOptions {
  /** The columns that are wanted, by name. Default: all, in the file's order. */
  readonly columns?: readonly string[] | undefined;
  /** By column. Default: int64 where all are integers, float32 where they are numbers (give float64 where that is not enough), bool where they are
   *  `true` and `false`, else string. */
  readonly types?: Readonly<Record<string, CsvColumnType>> | undefined;
  /** The words of category columns in the order of their codes, as another file's `Table.vocabularies` has them; any other is then an error.
   *  Default: those that the files have, in alphabetical order (of code units), as pandas does it. */
  readonly vocabularies?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Whether the first row has the names of the columns; or the names, where the first row is data. Columns without names are called '0', '1', …
   *  Default true. */
  readonly header?: boolean | readonly string[] | undefined;
  /** One ASCII character. Default ','. */
  readonly delimiter?: string | undefined;
  /** Whether `"` at the beginning of a field encloses it, with `""` for one of its own. Default true. */
  readonly hasQuotes?: boolean | undefined;
  readonly missing?: MissingOptions | undefined;
  /** What becomes of rows with more or fewer fields than columns, and of those with a value that is not of its column's type: an error, or they are
   *  left out and counted. Default 'throw'. */
  readonly onRowError?: 'throw' | 'skip' | undefined;
}

const names = [
  'columns',
  'types',
  'vocabularies',
  'header',
  'delimiter',
  'hasQuotes',
  'missing',
  'onRowError',
] as const satisfies readonly (keyof CsvOptions)[];
const missingNames = ['words', 'fill', 'isError'] as const satisfies readonly (keyof MissingOptions)[];
const types: readonly CsvColumnType[] = ['float32', 'float64', 'int64', 'bool', 'string', 'category'];

/** As in pandas.read_csv(na_values=None). */
const missingWords =
  ' |#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'
    .trim()
    .split('|');

/** The options with their defaults.
 *  @throws {ConfigError} naming every one that is wrong. */
export function readCsvOptions(options: CsvOptions, action: string) {
  const problems = new OptionProblems();
  problems.expectKnown(options, names);
  const { missing = {}, delimiter = ',', onRowError = 'throw', header = true, hasQuotes = true } = options;
  problems.expectKnown(missing, missingNames);
  const isCharacter = delimiter.length === 1 && delimiter < '\u0080' && !['"', '\n', '\r'].includes(delimiter);
  problems.expect(isCharacter, 'delimiter', {
    wanted: 'one ASCII character that is neither a quote nor the end of a line',
    got: JSON.stringify(delimiter),
  });
  problems.expect(['throw', 'skip'].includes(onRowError), 'onRowError', {
    wanted: "'throw' or 'skip'",
    got: onRowError,
  });
  problems.expect(typeof header === 'boolean' || isNames(header), 'header', {
    wanted: 'true, false or names',
    got: header,
  });
  problems.expect(options.columns === undefined || isNames(options.columns), 'columns', {
    wanted: 'names, each once',
    got: options.columns,
  });
  for (const [column, type] of Object.entries(options.types ?? {})) {
    problems.expect(types.includes(type), `types.${column}`, { wanted: types.join(', '), got: type });
  }
  for (const column of Object.keys(options.vocabularies ?? {})) {
    const type = options.types?.[column];
    problems.expect(type === 'category', `vocabularies.${column}`, { wanted: 'a column of type category', got: type });
  }
  for (const [column, fill] of Object.entries(missing.fill ?? {})) {
    const type = options.types?.[column];
    problems.expect(type !== undefined && isFill(fill, type), `missing.fill.${column}`, {
      wanted: type === undefined ? 'a column whose type is given' : `a value of type ${type}`,
      got: fill,
    });
  }
  problems.throwIfAny(action);
  return {
    ...options,
    header,
    delimiter,
    hasQuotes,
    isSkipping: onRowError === 'skip',
    missing: { words: missing.words ?? missingWords, fill: missing.fill ?? {}, isError: missing.isError ?? false },
  };
}

/** The options with their defaults. */
export type CsvSettings = ReturnType<typeof readCsvOptions>;

function isNames(value: unknown): boolean {
  return (
    Array.isArray(value) && new Set(value).size === value.length && value.every((name) => typeof name === 'string')
  );
}

function isFill(fill: TableFill, type: CsvColumnType): boolean {
  if (type === 'int64') return typeof fill === 'bigint' || Number.isSafeInteger(fill);
  if (type === 'bool') return typeof fill === 'boolean';
  return typeof fill === (type === 'string' || type === 'category' ? 'string' : 'number');
}

// A CSV file as samples with classes: numbers brought to one scale, words as ones and zeros, or one column of text.

import { readCsv } from '../../data/sources/csv/read-csv.ts';
import type { Table } from '../../data/sources/table.ts';
import { ConfigError } from '../../errors.ts';
import { scope, type Tensor, tensor } from '../../tensor/index.ts';
import { cat, stack } from '../../tensor/ops.generated.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import { hashedWords } from './word-features.ts';

export interface TableOptions {
  readonly path: string;
  /** The column with the classes. */
  readonly target: string;
  /** The column with the text, in place of all others. */
  readonly text?: string | undefined;
  /** Columns that are looked at. Default: all but the classes. */
  readonly inputs?: readonly string[] | undefined;
  /** Numbers of a row made of text. */
  readonly width: number;
}

/** A table, taken apart. */
export interface TableSamples {
  /** Makes [rows, width] float32. @param trained - the rows that numbers are brought to one scale by. */
  inputs(trained: Tensor): Tensor;
  /** [rows] int64, places in `classes`. */
  readonly targets: Tensor;
  readonly classes: readonly (string | number)[];
  readonly width: number;
}

/** More words than this in a column are text, and no kinds of things. */
const MAX_WORDS = 100;

/** Reads a file. Numbers get mean 0 and standard deviation 1 over the rows that are trained on; a column of words has a place for each word.
 *  @throws {ConfigError} that lists columns that are not there, have gaps, or too many words. */
export async function readTableSamples(options: TableOptions): Promise<TableSamples> {
  const { path, target, text, width } = options;
  const table = await readCsv(path);
  const names = Object.keys(table.columns);
  const inputs = text === undefined ? (options.inputs ?? names.filter((name) => name !== target)) : [text];
  const problems = [target, ...inputs]
    .filter((name) => !names.includes(name))
    .map(
      (name) =>
        `${name === target ? 'target' : name === text ? 'text' : 'inputs'}: expected one of the columns ${names.join(', ')}, got ${describeValue(name)}`,
    );
  if (problems.length === 0 && inputs.length === 0)
    problems.push(`inputs: expected a column beside ${target}, got none`);
  const parts = problems.length > 0 || text !== undefined ? [] : inputs.map((name) => columnOf(table, name, problems));
  if (problems.length > 0) throw new ConfigError(`read the samples of "${path}"`, problems);
  const { targets, classes } = classesOf(table, target);
  if (text !== undefined) {
    const texts = textOf(table, text);
    return { inputs: () => hashedWords(texts, width), targets, classes, width };
  }
  return {
    inputs: (trained) =>
      scope(() =>
        cat(
          parts.map((part) => part.make(trained)),
          { dim: 1 },
        ),
      ),
    targets,
    classes,
    width: parts.reduce((sum, part) => sum + part.width, 0),
  };
}

interface Part {
  readonly width: number;
  /** [rows, width]. */
  make(trained: Tensor): Tensor;
}

function columnOf(table: Table, name: string, problems: string[]): Part {
  const column = table.columns[name]!; // its name was looked for
  if (!Array.isArray(column)) return numbersOf(column as Tensor, name, problems);
  const words = [...new Set(column)].sort();
  if (words.length > MAX_WORDS)
    problems.push(
      `inputs: expected at most ${MAX_WORDS} different words in column "${name}", got ${words.length}; leave it out of inputs, or name it as text`,
    );
  const make = (): Tensor =>
    stack(
      words.map((word) => tensor(Float32Array.from(column, (each) => Number(each === word)))),
      { dim: 1 },
    );
  return { width: words.length, make };
}

function numbersOf(column: Tensor, name: string, problems: string[]): Part {
  const gaps = scope(() => Number(column.to('float64').isfinite().logicalNot().sum().item()));
  if (gaps > 0)
    problems.push(
      `inputs: expected numbers in every row of column "${name}", got ${gaps} without; fill them, or leave the column out of inputs`,
    );
  const make = (trained: Tensor): Tensor => {
    const values = column.to('float64');
    const seen = values.indexSelect(0, trained);
    const spread = Number(seen.std({ correction: 0 }).item());
    const scaled = values.sub(seen.mean()).div(spread > 0 ? spread : 1); // a column of one value is zeros
    return scaled.to('float32').unsqueeze(1);
  };
  return { width: 1, make };
}

/** Classes in their order: numbers by size, words by their letters. */
function classesOf(table: Table, name: string): { targets: Tensor; classes: (string | number)[] } {
  const column = table.columns[name]!; // its name was looked for
  const values = Array.isArray(column)
    ? (column as string[])
    : ((column as Tensor).to('float64').toArray() as number[]);
  const classes = [...new Set<string | number>(values)].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(classes.map((each, i) => [each, i]));
  return {
    targets: tensor(
      values.map((value) => places.get(value)!),
      { dtype: 'int64' },
    ),
    classes,
  };
}

function textOf(table: Table, name: string): readonly string[] {
  const column = table.columns[name]!; // its name was looked for
  return Array.isArray(column) ? column : ((column as Tensor).to('float64').toArray() as number[]).map(String);
}

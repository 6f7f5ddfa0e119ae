// A grid as a file describes it: values alone, no functions.

import { ConfigError } from '../errors.ts';
import { describeUnknown, describeValue } from '../trainer/config/problems.ts';
import { camelCase } from '../trainer/optimization/option-names.ts';
import type { Distribution } from './distributions.ts';
import type { Parameters } from './dot-paths.ts';
import type { ParameterGrid } from './parameter-grid.ts';

/** What a grid has in YAML or JSON. Keys may be written in snake_case. */
export interface GridDescription {
  readonly name?: string;
  readonly description?: string;
  /** Base parameters, nested or by dot path: lists of values, or one value. */
  readonly parameters?: Parameters;
  /** Groups of lists of one length that go together. */
  readonly linked?:
    | Readonly<Record<string, readonly unknown[]>>
    | readonly Readonly<Record<string, readonly unknown[]>>[];
  /** Whole combinations. */
  readonly sets?: readonly Parameters[];
  /** By dot path. */
  readonly distributions?: Readonly<Record<string, Distribution>>;
  readonly conditional?: readonly {
    readonly key: string;
    readonly values: readonly unknown[];
    readonly when: Parameters;
  }[];
  readonly exclude?: readonly Parameters[];
}

/** What a description may have. */
export const GRID_KEYS = [
  'name',
  'description',
  'parameters',
  'linked',
  'sets',
  'distributions',
  'conditional',
  'exclude',
];

/** @throws {ConfigError} that lists everything wrong. */
export function gridFromDescription(
  given: GridDescription,
  name: string,
  make: (name: string) => ParameterGrid,
): ParameterGrid {
  const problems: string[] = [];
  const fields = byCamelCase(given, '', problems);
  const unknown = Object.keys(fields).filter((key) => !GRID_KEYS.includes(key));
  problems.push(...unknown.map((key) => `${key}: ${describeUnknown(key, GRID_KEYS)}`));
  const grid = make(typeof fields.name === 'string' && fields.name !== '' ? fields.name : name);
  /** Runs what adds, and notes what it refuses under the field's name. */
  const add = (path: string, run: () => void): void => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems.map((problem) => `${path}: ${problem}`));
    }
  };
  const each = (field: string, what: string, run: (entry: never) => void): void => {
    const list = fields[field];
    if (list === undefined || list === null) return;
    const entries = field === 'linked' && isObject(list) ? [list] : list;
    if (!Array.isArray(entries)) problems.push(`${field}: expected a list of ${what}, got ${describeValue(list)}`);
    else
      for (const [i, entry] of entries.entries())
        if (isObject(entry)) add(`${field}.${i}`, () => run(entry as never));
        else problems.push(`${field}.${i}: expected ${what}, got ${describeValue(entry)}`);
  };
  const object = (field: string, run: (entries: Readonly<Record<string, unknown>>) => void): void => {
    const value = fields[field];
    if (isObject(value)) run(value);
    else if (value !== undefined && value !== null)
      problems.push(`${field}: expected an object, got ${describeValue(value)}`);
  };
  object('parameters', (parameters) => add('parameters', () => grid.addParameters(parameters)));
  each('linked', 'groups of lists', (group) => grid.addLinkedParameters(group));
  each('sets', 'parameter sets', (set) => grid.addParameterSets([set]));
  object('distributions', (distributions) => {
    for (const [key, value] of Object.entries(distributions)) {
      const path = `distributions.${key}`;
      if (isObject(value))
        add('distributions', () => grid.addDistribution(key, byCamelCase(value, path, problems) as never));
      else problems.push(`${path}: expected { type, … }, got ${describeValue(value)}`);
    }
  });
  each('conditional', '{ key, values, when }', ({ key, values, when, ...rest }: Conditional) => {
    const stray = Object.keys(rest);
    if (stray.length > 0)
      throw new ConfigError('read', [`expected { key, values, when }, got ${stray.join(', ')} as well`]);
    grid.addConditional(key, values, when);
  });
  each('exclude', 'parameters', (what) => grid.exclude(what));
  if (problems.length > 0) throw new ConfigError(`read grid "${grid.name}"`, problems);
  return grid;
}

type Conditional = NonNullable<GridDescription['conditional']>[number];

/** Whether a value is an object of entries. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Entries by their camelCase names. */
export function byCamelCase(given: unknown, path: string, problems: string[]): Record<string, unknown> {
  if (!isObject(given)) {
    problems.push(`${path || 'grid'}: expected an object, got ${describeValue(given)}`);
    return {};
  }
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [camelCase(key), value]));
}

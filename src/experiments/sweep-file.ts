// A sweep as a YAML or JSON file: the experiment, what all its runs have in common, and grids of parameters.

import { basename, extname } from 'node:path';
import { readDocument } from '../config/index.ts';
import { ConfigError } from '../errors.ts';
import type { BestMode } from '../tracking/summary.ts';
import { describeUnknown, describeValue } from '../trainer/config/problems.ts';
import { camelCase } from '../trainer/optimization/option-names.ts';
import type { Parameters } from './dot-paths.ts';
import { byCamelCase, GRID_KEYS, type GridDescription, isObject } from './grid-description.ts';
import { ParameterGridSearch } from './grid-search.ts';
import type { NamingStrategy } from './naming.ts';
import { ParameterGrid } from './parameter-grid.ts';
import type { RunGridSearchOptions } from './run-grid-search.ts';

/** What a sweep's file has; keys may be written in snake_case. The fields of one grid may stand beside these, in place of `grids`. */
export interface SweepDescription extends Omit<GridDescription, 'name' | 'description'> {
  /** Default: the file's name without its ending. */
  readonly name?: string;
  readonly description?: string;
  /** What `sconce train` runs, as seen from where the command runs. */
  readonly experiment: string;
  /** Options of all runs. */
  readonly set?: Parameters;
  readonly naming?: NamingStrategy;
  readonly metric?: string;
  readonly mode?: BestMode;
  readonly parallel?: number;
  readonly threads?: number;
  readonly stopOnFailure?: boolean;
  readonly grids?: readonly GridDescription[];
}

/** A sweep as it was read: a search, and how it is run. */
export interface Sweep {
  readonly search: ParameterGridSearch;
  readonly options: RunGridSearchOptions;
}

const RUN_KEYS = ['experiment', 'metric', 'mode', 'threads', 'stopOnFailure'];
const KEYS = ['name', 'description', 'set', 'naming', 'parallel', 'grids', ...RUN_KEYS];
const STRATEGIES = ['hash', 'parameter', 'timestamp', 'hash_based', 'parameter_based', 'timestamp_based'];

/** Reads a sweep's file, as configurations are read: with `extends` and variables of the environment.
 *  @throws {ConfigError} that lists everything wrong, with lines and columns. */
export async function readSweep(path: string): Promise<Sweep> {
  const document = await readDocument(path);
  const { value } = document;
  try {
    return sweepFrom(value, basename(path, extname(path)));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw document.error(
      error.problems.map((problem) => {
        const [, dotted = '', text = problem] = /^([\w.]+): (.*)$/s.exec(problem) ?? [];
        return { path: asWritten(value, dotted.split('.')), text };
      }),
    );
  }
}

/** Keys by which a file has what a path in camelCase names. */
function asWritten(value: unknown, [key, ...rest]: readonly string[]): string[] {
  if (key === undefined) return [];
  const written = Object.keys(Object(value)).find((each) => each === key || camelCase(each) === key) ?? key;
  return [written, ...asWritten(Object(value)[written], rest)];
}

/** A sweep of what a file holds. */
export function sweepFrom(given: unknown, name: string, action = 'read a sweep'): Sweep {
  const problems: string[] = [];
  const fields = byCamelCase(given, 'sweep', problems);
  const known = [...KEYS, ...GRID_KEYS.filter((key) => !KEYS.includes(key))];
  problems.push(
    ...Object.keys(fields)
      .filter((key) => !known.includes(key))
      .map((key) => `${key}: ${describeUnknown(key, known)}`),
  );
  const expect = (isFine: boolean, key: string, wanted: string): void => {
    if (!isFine) problems.push(`${key}: expected ${wanted}, got ${describeValue(fields[key])}`);
  };
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
  const has = (key: string): boolean => fields[key] !== undefined && fields[key] !== null;
  expect(isText(fields.experiment), 'experiment', 'the path of an experiment');
  for (const key of ['name', 'description', 'metric']) if (has(key)) expect(isText(fields[key]), key, 'a text');
  for (const key of ['parallel', 'threads']) if (has(key)) expect(isCount(fields[key]), key, 'an integer above 0');
  if (has('mode')) expect(['min', 'max'].includes(fields.mode as string), 'mode', 'one of min, max');
  if (has('naming'))
    expect(STRATEGIES.includes(fields.naming as string), 'naming', 'one of hash, parameter, timestamp');
  if (has('stopOnFailure')) expect(typeof fields.stopOnFailure === 'boolean', 'stopOnFailure', 'true or false');
  if (has('set')) expect(isObject(fields.set), 'set', 'an object');
  const grids = readGrids(fields, problems);
  if (problems.length > 0) throw new ConfigError(action, problems);
  const { description, naming, parallel } = fields;
  const search = new ParameterGridSearch((fields.set ?? {}) as Parameters, {
    name: (fields.name ?? name) as string,
    ...(has('description') ? { description: description as string } : {}),
    ...(has('naming') ? { naming: naming as NamingStrategy } : {}),
  });
  for (const grid of grids) search.addGrid(grid);
  const options = Object.fromEntries(RUN_KEYS.filter(has).map((key) => [key, fields[key]]));
  return {
    search,
    options: { ...options, ...(has('parallel') ? { maxParallel: parallel } : {}) } as unknown as RunGridSearchOptions,
  };
}

function readGrids(fields: Readonly<Record<string, unknown>>, problems: string[]): ParameterGrid[] {
  const own = Object.entries(fields).filter(([key]) => GRID_KEYS.includes(key) && !KEYS.includes(key));
  const grids: ParameterGrid[] = [];
  const add = (given: unknown, name: string, path: string): void => {
    if (!isObject(given)) {
      problems.push(`${path}: expected a grid, got ${describeValue(given)}`);
      return;
    }
    try {
      grids.push(ParameterGrid.from(given as GridDescription, name));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems.map((problem) => (path === '' ? problem : `${path}.${problem}`)));
    }
  };
  if (own.length > 0) add(Object.fromEntries(own), 'grid', '');
  const { grids: list } = fields;
  if (list === undefined || list === null) {
    if (own.length === 0) problems.push('parameters: expected a grid of parameters, got none');
  } else if (own.length > 0)
    problems.push(`grids: expected none beside ${own.map(([key]) => key).join(', ')}, got a list`);
  else if (!Array.isArray(list) || list.length === 0)
    problems.push(`grids: expected a list of grids, got ${describeValue(list)}`);
  else for (const [i, grid] of list.entries()) add(grid, `grid ${i}`, `grids.${i}`);
  const twice = grids.find(({ name }, i) => grids.findIndex((each) => each.name === name) !== i);
  if (twice !== undefined) problems.push(`grids: expected names that differ, got "${twice.name}" twice`);
  return grids;
}

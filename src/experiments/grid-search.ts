// `ParameterGridSearch`: experiments out of a base configuration and several grids, with a name for each.

import { readFile, writeFile } from 'node:fs/promises';
import { ConfigError } from '../errors.ts';
import { describeValue } from '../trainer/config/problems.ts';
import { type Parameters, withParameters } from './dot-paths.ts';
import { type GridDescription, isObject } from './grid-description.ts';
import { experimentNames, type NamingStrategy, sortedJson } from './naming.ts';
import { MAX_COMBINATIONS, ParameterGrid } from './parameter-grid.ts';

/** One experiment of a search. */
export interface GeneratedExperiment {
  readonly name: string;
  /** The grid that it comes from. */
  readonly grid: string;
  /** What the grid sets, by dot path. */
  readonly parameters: Parameters;
  /** The base configuration with them, its `experiment_name` the name. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface GridSearchOptions {
  /** What all experiments are called by. Default: the base configuration's experiment name, or 'experiment'. */
  readonly name?: string;
  readonly description?: string;
  /** Default 'parameter'. */
  readonly naming?: NamingStrategy;
}

/** A search as a file has it. */
export interface GridSearchDescription {
  readonly name: string;
  readonly description?: string;
  readonly naming: NamingStrategy;
  readonly baseConfig: Parameters;
  readonly grids: readonly GridDescription[];
}

/** Several grids over one base configuration. Experiments with the same parameters come once.
 *  Source: model-training-framework's ParameterGridSearch.
 *  @example
 *  import { ParameterGrid, ParameterGridSearch } from 'sconce/experiments';
 *  const search = new ParameterGridSearch({ optimizer: { type: 'adam', lr: 0.1 } }, { name: 'mnist' })
 *    .addGrid(new ParameterGrid('rates').addParameter('optimizer.lr', [0.1, 0.01]));
 *  search.generateExperiments().map(({ name }) => name); // ['mnist_[optim_{lr.0.1}]', 'mnist_[optim_{lr.0.01}]']
 *  search.generateExperiments()[1]!.config.optimizer; // { type: 'adam', lr: 0.01 } */
export class ParameterGridSearch {
  readonly name: string;
  readonly description: string;
  readonly naming: NamingStrategy;
  readonly baseConfig: Parameters;
  readonly grids: ParameterGrid[] = [];

  constructor(baseConfig: Parameters = {}, options: GridSearchOptions = {}) {
    if (!isObject(baseConfig))
      throw new ConfigError('make a search', [`baseConfig: expected an object, got ${describeValue(baseConfig)}`]);
    const own = baseConfig.experimentName ?? baseConfig.experiment_name;
    this.baseConfig = structuredClone(baseConfig);
    this.name = options.name ?? (typeof own === 'string' ? own : 'experiment');
    this.description = options.description ?? '';
    this.naming = options.naming ?? 'parameter';
  }

  /** @throws {ConfigError} for a grid whose name another one has. */
  addGrid(grid: ParameterGrid): this {
    if (this.grids.some(({ name }) => name === grid.name))
      throw new ConfigError('add a grid', [`name: expected names that differ, got "${grid.name}" twice`]);
    this.grids.push(grid);
    return this;
  }

  /** A new grid of the search. */
  createGrid(name: string, description = ''): ParameterGrid {
    const grid = new ParameterGrid(name, description);
    this.addGrid(grid);
    return grid;
  }

  /** Parameters that several grids set, and grids of which one sets a value where another sets what lies below. Both can be meant: grids are run one after the
   *  other, not combined. */
  keyConflicts(): string[] {
    const conflicts: string[] = [];
    for (const [i, grid] of this.grids.entries())
      for (const other of this.grids.slice(i + 1))
        for (const key of grid.keys)
          for (const each of other.keys) {
            if (key === each) conflicts.push(`${key}: set by grids "${grid.name}" and "${other.name}"`);
            else if (key.startsWith(`${each}.`) || each.startsWith(`${key}.`))
              conflicts.push(
                `${key} of grid "${grid.name}" and ${each} of grid "${other.name}": one lies in the other`,
              );
          }
    return conflicts;
  }

  /** All experiments, grid by grid.
   *  @throws {ConfigError} for parameters that do not fit the base configuration.  @throws {RangeError} for more than 10,000. */
  generateExperiments(): GeneratedExperiment[] {
    const seen = new Set<string>();
    const found = this.grids.flatMap((grid) =>
      grid.generate().flatMap((parameters) => {
        const key = sortedJson(parameters);
        if (seen.has(key)) return [];
        seen.add(key);
        return [{ grid: grid.name, parameters }];
      }),
    );
    if (found.length > MAX_COMBINATIONS)
      throw new RangeError(
        `Cannot generate experiments: expected at most ${MAX_COMBINATIONS}, got ${found.length} of ${this.grids.length} grids`,
      );
    const names = experimentNames(
      this.name,
      found.map(({ parameters }) => parameters),
      { strategy: this.naming },
    );
    const nameKey = Object.hasOwn(this.baseConfig, 'experimentName') ? 'experimentName' : 'experiment_name';
    return found.map((each, i) => {
      const config = withParameters(this.baseConfig, each.parameters, 'generate experiments');
      return { name: names[i]!, ...each, config: { ...config, [nameKey]: names[i]! } };
    });
  }

  toJSON(): GridSearchDescription {
    return {
      name: this.name,
      ...(this.description === '' ? {} : { description: this.description }),
      naming: this.naming,
      baseConfig: this.baseConfig,
      grids: this.grids.map((grid) => grid.toJSON()),
    };
  }

  /** Writes the search as JSON. @throws {ConfigError} for grids with functions. */
  async save(path: string): Promise<void> {
    await writeFile(path, `${JSON.stringify(this, null, 2)}\n`);
  }

  /** Reads what `save` wrote. @throws {ConfigError} for anything else. */
  static async load(path: string): Promise<ParameterGridSearch> {
    let given: unknown;
    try {
      given = JSON.parse(await readFile(path, 'utf8'));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ConfigError(`read "${path}"`, [`expected a search as JSON, got ${reason}`], { cause });
    }
    return ParameterGridSearch.from(given as GridSearchDescription, path);
  }

  /** A search as a file describes it. */
  static from(given: GridSearchDescription, source = 'a search'): ParameterGridSearch {
    const isSearch = isObject(given) && isObject(given.baseConfig) && Array.isArray(given.grids);
    if (!isSearch)
      throw new ConfigError(`read "${source}"`, ['expected { name, naming, baseConfig, grids }, got something else']);
    const { name, description, naming, baseConfig, grids } = given;
    const search = new ParameterGridSearch(baseConfig, { name, naming, ...(description ? { description } : {}) });
    for (const [i, grid] of grids.entries()) search.addGrid(ParameterGrid.from(grid, `grid ${i}`));
    return search;
  }
}

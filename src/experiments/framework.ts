// The functions of model-training-framework's facade, where they mean something here: thin, over configuration files, grids and sweeps.

import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { type DocumentOptions, type ReadExperiment, readExperiment } from '../config/index.ts';
import { ConfigError } from '../errors.ts';
import type { Parameters } from './dot-paths.ts';
import { ParameterGridSearch } from './grid-search.ts';
import type { GridSearchResult, SearchedRun } from './grid-search-result.ts';
import { experimentName } from './naming.ts';
import { ParameterGrid } from './parameter-grid.ts';
import { type RunGridSearchOptions, runExperiments, runGridSearch } from './run-grid-search.ts';

/** A grid of that name. */
export function createParameterGrid(name: string, description?: string): ParameterGrid {
  return new ParameterGrid(name, description);
}

/** Reads a configuration file with all that it extends; looked for in the working directory, the project's root and its `configs`.
 *  @throws {ConfigError} that lists every problem with its file, line and column. */
export function loadExperimentConfig(name: string, options?: DocumentOptions): Promise<ReadExperiment> {
  return readExperiment(name, options);
}

/** Reads a configuration file with parameters by dot path over it.
 *  @throws {ConfigError} as `loadExperimentConfig` does. */
export function createExperiment(
  name: string,
  parameters: Readonly<Record<string, unknown>> = {},
  options: Omit<DocumentOptions, 'parameters'> = {},
): Promise<ReadExperiment> {
  return readExperiment(name, { ...options, parameters });
}

/** What is wrong with a configuration file, one line a problem with its place; and what in it changes nothing. */
export async function validateExperimentConfig(
  name: string,
  options?: DocumentOptions,
): Promise<{ readonly isValid: boolean; readonly problems: readonly string[]; readonly warnings: readonly string[] }> {
  try {
    const { warnings } = await readExperiment(name, options);
    return { isValid: true, problems: [], warnings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { isValid: false, problems: error.problems, warnings: [] };
  }
}

/** Paths of the YAML and JSON files in a folder and those below, sorted. @param folder - default `configs`. */
export async function listConfigurations(folder = 'configs'): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, encoding: 'utf8' });
  return entries
    .filter((entry) => ['.yaml', '.yml', '.json'].includes(extname(entry)))
    .map((entry) => join(folder, entry))
    .sort();
}

/** Options of `runSingleExperiment`. */
export interface RunSingleOptions extends Omit<RunGridSearchOptions, 'experiment' | 'maxParallel' | 'stopOnFailure'> {
  /** By dot path. */
  readonly parameters?: Parameters;
  /** Default: the experiment's file without its ending. */
  readonly name?: string;
}

/** Runs one experiment in a process of its own, or goes on with it; its run is named by its parameters.
 *  @param experiment - the file that `sconce train` runs.
 *  @throws {ConfigError} for options and parameters that cannot be. An experiment that fails has the status 'failed'. */
export async function runSingleExperiment(experiment: string, options: RunSingleOptions = {}): Promise<SearchedRun> {
  const { parameters = {}, name = nameOf(experiment), ...rest } = options;
  const single = { name: experimentName(name, parameters), parameters };
  const { runs } = await runExperiments(name, {}, [single], { ...rest, experiment });
  return runs[0]!;
}

/** Runs an experiment with these parameters. */
export function quickExperiment(experiment: string, parameters: Parameters = {}): Promise<SearchedRun> {
  return runSingleExperiment(experiment, { parameters });
}

/** Runs the product of lists of values. */
export function quickGridSearch(
  experiment: string,
  parameters: Parameters,
  options: Omit<RunGridSearchOptions, 'experiment'> & { readonly name?: string } = {},
): Promise<GridSearchResult> {
  const { name = nameOf(experiment), ...rest } = options;
  const search = new ParameterGridSearch({}, { name }).addGrid(new ParameterGrid('grid').addParameters(parameters));
  return runGridSearch(search, { ...rest, experiment });
}

const nameOf = (experiment: string): string => basename(experiment, extname(experiment));

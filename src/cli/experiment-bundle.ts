// A user's experiment as one file in a run's folder, from where it is imported: the program of a run stays what it was.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../binding/sources.ts';
import { bundleProgram, linkPackage } from '../data/workers/bundle.ts';
import { runPaths } from '../tracking/run-format.ts';
import type { Experiment } from '../trainer/run/experiment.ts';

const CODE = 'experiment.mjs';

/** Bundles the program that starts at `entry` into the run's folder; packages stay outside, and are linked where the bundle finds them.
 *  @throws {SyntaxError} with the place of every error in the program. */
export function bundleExperiment(entry: string, folder: string): Promise<void> {
  return bundleProgram(entry, codePath(folder), 'run');
}

/** Imports the experiment that was bundled into a run's folder.
 *  @param source - what the user calls it, for messages.
 *  @throws {TypeError} where its default export is no experiment. */
export async function importExperiment(folder: string, source: string): Promise<Experiment> {
  // Stacks name the lines that the user wrote.
  process.setSourceMapsEnabled(true);
  await linkPackage(runPaths(folder).code, 'sconce', packageFolder());
  const module = (await import(pathToFileURL(codePath(folder)).href)) as { default?: Partial<Experiment> };
  const experiment = module.default;
  if (typeof experiment?.run !== 'function' || typeof experiment.name !== 'string') {
    throw new TypeError(
      `Cannot run "${source}": expected an experiment as its default export, got ${experiment === undefined ? 'none' : 'something else'}; export default defineExperiment({ name, options, run })`,
    );
  }
  if (!/^[^./\\\0][^/\\\0]*$/.test(experiment.name)) {
    throw new TypeError(
      `Cannot run "${source}": expected a name that a folder can have, got ${JSON.stringify(experiment.name)}`,
    );
  }
  return { options: {}, ...experiment } as Experiment; // run and name were checked
}

/** Where the bundle of a run lies. */
export function codePath(folder: string): string {
  return join(runPaths(folder).code, CODE);
}

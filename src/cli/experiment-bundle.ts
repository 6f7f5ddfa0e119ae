// A user's experiment as one file in a run's folder, from where it is imported: the program of a run stays what it was.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageFolder } from '../binding/sources.ts';
import { bundleProgram, linkPackage } from '../data/workers/bundle.ts';
import { runPaths } from '../tracking/run-format.ts';
import type { NamedModule } from '../trainer/parts/loaders.ts';
import type { Experiment } from '../trainer/run/experiment.ts';

const CODE = 'experiment.mjs';

/** Bundles the program that starts at `entry` into the run's folder; packages stay outside, and are linked where the bundle finds them.
 *  @throws {SyntaxError} with the place of every error in the program. */
export function bundleExperiment(entry: string, folder: string): Promise<void> {
  return bundleProgram(entry, codePath(folder), 'run');
}

/** A module of parts that a configuration names. */
export interface ModuleFile {
  /** Absolute. */
  readonly path: string;
  /** As the configuration writes it. */
  readonly source: string;
}

/** What the program of a run exports that a configuration file describes: its modules, and for worker threads the making of data. */
export interface PartsProgram {
  readonly modules: readonly NamedModule[];
}

/** Bundles the modules that a configuration names into one program in the run's folder.
 *  @param packagesFrom - the configuration's folder.
 *  @throws {SyntaxError} with the place of every error in them. */
export async function bundleParts(files: readonly ModuleFile[], folder: string, packagesFrom: string): Promise<void> {
  const lines = [
    "import { datasetOf } from 'sconce/trainer';",
    ...files.map(({ path }, i) => `import parts${i} from ${JSON.stringify(path)};`),
    `export const modules = [${files.map(({ source }, i) => `[parts${i}, ${JSON.stringify(source)}]`).join(', ')}];`,
    // Those who make data in threads may need the library's parts that the trainer does not know.
    "const library = async () => [(await import('sconce/adaptive')).adaptiveParts, 'sconce/adaptive'];",
    'export const dataset = async (options) => datasetOf([await library(), ...modules], options);',
  ];
  const entry = join(runPaths(folder).code, '.parts.mjs');
  await writeFile(entry, `${lines.join('\n')}\n`);
  try {
    await bundleProgram(entry, codePath(folder), 'use the modules of', packagesFrom);
  } finally {
    await rm(entry, { force: true });
  }
}

/** Imports the program that `bundleParts` has made. */
export async function importParts(folder: string): Promise<PartsProgram> {
  process.setSourceMapsEnabled(true);
  await linkPackage(runPaths(folder).code, 'sconce', packageFolder());
  return (await import(pathToFileURL(codePath(folder)).href)) as PartsProgram; // its exports are those written above
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

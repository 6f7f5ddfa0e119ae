// Bundles a user's experiment into a run's folder and runs it from there: `sconce train` makes the folder, `sconce resume` finds it.

import { readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import { InterruptedError } from '../errors.ts';
import { runPaths } from '../tracking/run-format.ts';
import { applyOptions, type Experiment, type ExperimentOptions } from '../trainer/experiment.ts';
import { exitCodeOf, type StopSignal } from '../trainer/preemption.ts';
import { TrainingRun } from '../trainer/run.ts';

const CODE = 'experiment.mjs';

/** In a bundle every file has the bundle's URL; programs look for files beside their own source. */
const keepSourceUrls: Plugin = {
  name: 'keep-source-urls',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!source.includes('import.meta.url')) return undefined;
      const contents = source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
      return { contents, loader: path.endsWith('ts') ? 'ts' : 'js' };
    });
  },
};

async function bundle(entry: string, folder: string): Promise<string> {
  const { build } = await import('esbuild');
  const target = join(runPaths(folder).code, CODE);
  await build({
    entryPoints: [entry],
    outfile: target,
    bundle: true,
    packages: 'external',
    // Named too, since a tsconfig's paths may lead elsewhere: the program must share the command's own modules.
    external: ['sconce', 'sconce/*'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'silent',
    plugins: [keepSourceUrls],
  });
  return target;
}

async function importExperiment(path: string): Promise<Experiment> {
  const module = (await import(pathToFileURL(path).href)) as { default?: Partial<Experiment> };
  const experiment = module.default;
  if (typeof experiment?.run !== 'function' || typeof experiment.name !== 'string') {
    throw new TypeError(
      `Cannot run "${path}": expected an experiment as its default export; export default defineExperiment({ name, options, run })`,
    );
  }
  return { options: {}, ...experiment } as Experiment;
}

/** `emoji-clip-20261122-101500`, with a number behind where a second has two. */
function runName(name: string, date: Date): string {
  const stamp = date.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${name}-${stamp}`;
}

async function play(experiment: Experiment, run: TrainingRun, options: ExperimentOptions): Promise<void> {
  const shown = relative(process.cwd(), run.folder) || '.';
  try {
    const report = await experiment.run(run, options);
    const path = await run.finish({ status: 'finished', exitCode: 0, ...(report ? { report } : {}) });
    console.error(path === undefined ? `Finished ${shown}` : `Finished. Report: ${relative(process.cwd(), path)}`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof InterruptedError) {
      process.exitCode = exitCodeOf(error.signal as StopSignal);
      await run.finish({ status: 'interrupted', exitCode: process.exitCode, message: error.signal });
      console.error(`\n${message}\nGo on with: npx sconce resume ${shown}`);
      return;
    }
    await run.finish({ status: 'failed', exitCode: 1, message });
    throw error;
  }
}

/** Trains a new run.
 *  @param settings - `name=value` texts.  @param runsFolder - where the run's folder is made. */
export async function trainExperiment(entry: string, settings: readonly string[], runsFolder: string): Promise<void> {
  const started = new Date();
  const file = resolve(entry);
  const name = basename(resolve(file, '..'));
  // Named by the file's folder until the experiment says its own name: it is imported from the run's folder.
  const folder = resolve(runsFolder, runName(name, started));
  const experiment = await importExperiment(await bundle(file, folder));
  const options = applyOptions(experiment.options, settings);
  const run = new TrainingRun(folder, { isResumed: false });
  await run.create({ experiment: experiment.name, entry: relative(process.cwd(), file), options });
  console.error(`Run: ${relative(process.cwd(), folder)}`);
  await play(experiment, run, options);
}

/** Goes on with a run from its newest checkpoint, with the code that it was started with. */
export async function resumeExperiment(runFolder: string): Promise<void> {
  const folder = resolve(runFolder);
  const paths = runPaths(folder);
  let config: { options?: ExperimentOptions };
  try {
    config = JSON.parse(await readFile(paths.config, 'utf8')) as typeof config;
  } catch (cause) {
    throw new Error(
      `Cannot resume "${runFolder}": expected a run's folder with config.json, got none that can be read`,
      { cause },
    );
  }
  const experiment = await importExperiment(join(paths.code, CODE));
  await play(experiment, new TrainingRun(folder, { isResumed: true }), { ...experiment.options, ...config.options });
}

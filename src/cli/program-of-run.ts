// What a run runs: an experiment written in TypeScript, or one that a configuration file describes; new, or from the folder of a run.

import { extname, relative, resolve } from 'node:path';
import { applyOptions, type ExperimentOptions } from '../trainer/run/experiment.ts';
import type { RunReport, TrainingRun } from '../trainer/run/run.ts';
import { bundleExperiment, codePath, importExperiment } from './experiment-bundle.ts';

/** A program that can train into a run's folder. */
export interface RunProgram {
  readonly name: string;
  /** What a run's `config.json` keeps of it. */
  readonly asked: Readonly<Record<string, unknown>>;
  /** What is right and changes nothing. */
  readonly warnings: readonly string[];
  run(run: TrainingRun): Promise<RunReport | undefined>;
}

const CONFIGURED = ['.yaml', '.yml', '.json'];

/** Makes a program ready in the folder of a run that begins. Nothing of the user's is written.
 *  @param settings - `name=value` texts.
 *  @throws {Error} for what cannot be run, with all problems at once. */
export async function prepareProgram(entry: string, settings: readonly string[], folder: string): Promise<RunProgram> {
  if (CONFIGURED.includes(extname(entry)))
    return (await import('./configured-program.ts')).prepareConfigured(entry, settings, folder);
  const file = resolve(entry);
  await bundleExperiment(file, folder);
  const experiment = await importExperiment(folder, entry);
  const options = applyOptions(experiment.options, settings);
  return {
    name: experiment.name,
    asked: { experiment: experiment.name, entry: relative(process.cwd(), file), options },
    warnings: [],
    run: (run) => experiment.run(run, options),
  };
}

/** The program that lies in a run's folder, with what the run was asked to do. */
export async function reopenProgram(folder: string, asked: Readonly<Record<string, unknown>>): Promise<RunProgram> {
  if (asked.workflow !== undefined) return (await import('./adaptive/program.ts')).reopenWorkflow(folder, asked);
  if (asked.configuration !== undefined)
    return (await import('./configured-program.ts')).reopenConfigured(folder, asked);
  if (asked.multidataset !== undefined) return (await import('./multidataset/program.ts')).reopenMultidataset(asked);
  const experiment = await importExperiment(folder, codePath(folder));
  const options = { ...experiment.options, ...(asked.options as ExperimentOptions | undefined) };
  return { name: experiment.name, asked, warnings: [], run: (run) => experiment.run(run, options) };
}

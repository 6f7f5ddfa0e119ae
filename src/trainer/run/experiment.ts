// `defineExperiment`: what `sconce train` runs. A name, options with defaults, and a function that trains into a run's folder.

import { ConfigError } from '../../errors.ts';
import type { RunReport, TrainingRun } from './run.ts';

/** What `--set` can change: by name, with the type of its default. */
export type ExperimentOptions = Readonly<Record<string, number | string | boolean>>;

export interface Experiment<O extends ExperimentOptions = ExperimentOptions> {
  /** Runs are called by it, as in `runs/emoji-clip-20261122-101500`. */
  readonly name: string;
  /** Defaults. */
  readonly options: O;
  /** Trains. What it returns goes into the run's report and summary. */
  run(run: TrainingRun, options: O): Promise<RunReport | undefined>;
}

/** Types an experiment; a module exports it as its default. */
export function defineExperiment<O extends ExperimentOptions>(experiment: Experiment<O>): Experiment<O> {
  return experiment;
}

/** The defaults with `name=value` texts applied.
 *  @throws {ConfigError} that lists every name that is unknown and every value of another type than its default. */
export function applyOptions<O extends ExperimentOptions>(defaults: O, settings: readonly string[]): O {
  const problems: string[] = [];
  const changes: Record<string, number | string | boolean> = {};
  for (const setting of settings) {
    const at = setting.indexOf('=');
    const name = at < 0 ? setting : setting.slice(0, at);
    const text = at < 0 ? '' : setting.slice(at + 1);
    const standard = Object.hasOwn(defaults, name) ? defaults[name] : undefined;
    if (at < 0) problems.push(`"${setting}": expected name=value`);
    else if (standard === undefined) problems.push(`${name}: expected one of ${Object.keys(defaults).join(', ')}`);
    else if (typeof standard === 'string') changes[name] = text;
    else if (typeof standard === 'boolean') {
      if (text === 'true' || text === 'false') changes[name] = text === 'true';
      else problems.push(`${name}: expected true or false, got "${text}"`);
    } else if (text.trim() !== '' && Number.isFinite(Number(text))) changes[name] = Number(text);
    else problems.push(`${name}: expected a number, got "${text}"`);
  }
  if (problems.length > 0) throw new ConfigError('set options', problems);
  return { ...defaults, ...changes };
}

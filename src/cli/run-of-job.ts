// The run that a SLURM job or a launch has begun: where it is started again it goes on with it.

import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { readLaunchEnvironment } from '../distributed/environment/launch-environment.ts';
import { runPaths } from '../tracking/run-format.ts';
import { readSummary } from '../tracking/summary.ts';
import { ownSlurmJob, type SlurmJob } from '../trainer/preemption/slurm.ts';

/** Looks for the run that a job began before SLURM started it again: one that is not finished, if there is any, as a job may train several times.
 *  @param asked - what `sconce train` was asked to do, as a run's `config.json` has it.
 *  @returns its folder, or undefined for a job that is started for the first time or had not come so far. */
export async function runOfJob(runsFolder: string, job: SlurmJob, asked: object): Promise<string | undefined> {
  if (job.restarts === 0) return undefined;
  return newestOf(runsFolder, asked, (config) => config.slurmJob === job.id);
}

/** What a run's `config.json` keeps of who has started it. */
export function startedBy(): { readonly slurmJob?: string; readonly launch?: string } {
  const [job, launch] = [ownSlurmJob(), readLaunchEnvironment()];
  return { ...(job ? { slurmJob: job.id } : {}), ...(launch ? { launch: launch.runId } : {}) };
}

/** The run that was begun before what started this process has started it again, and who that is, as the beginning of a sentence.
 *  @param asked - as for `runOfJob`. */
export async function runBegunBefore(
  runsFolder: string,
  asked: object,
): Promise<{ readonly folder: string; readonly by: string } | undefined> {
  const launch = readLaunchEnvironment();
  const launched =
    launch && launch.restartCount > 0
      ? await newestOf(runsFolder, asked, (config) => config.launch === launch.runId)
      : undefined;
  if (launched !== undefined) return { folder: launched, by: 'The launcher has started all ranks' };
  const job = ownSlurmJob();
  const begun = job && (await runOfJob(runsFolder, job, asked));
  return begun === undefined ? undefined : { folder: begun, by: `SLURM has started job ${job!.id}` };
}

async function newestOf(
  runsFolder: string,
  asked: object,
  isWanted: (config: Record<string, unknown>) => boolean,
): Promise<string | undefined> {
  let finished: string | undefined;
  for (const name of (await namesIn(runsFolder)).sort().reverse()) {
    const folder = resolve(runsFolder, name);
    const config = await readConfig(folder);
    if (config === undefined || !isWanted(config)) continue;
    const { slurmJob: _job, launch: _launch, ...rest } = config;
    if (!isDeepStrictEqual(rest, asked)) continue;
    if ((await readSummary(folder))?.status !== 'finished') return folder;
    finished ??= folder;
  }
  return finished;
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}

/** What a run was asked to do; undefined for a folder that is none. */
async function readConfig(folder: string): Promise<Record<string, unknown> | undefined> {
  try {
    return JSON.parse(await readFile(runPaths(folder).config, 'utf8')) as Record<string, unknown>;
  } catch {
    return undefined; // other folders may lie there, and runs that were killed before they had written it
  }
}

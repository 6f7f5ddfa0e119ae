// The run that a SLURM job has begun: a job that SLURM starts again goes on with it.

import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runPaths } from '../tracking/run-format.ts';
import { readSummary } from '../tracking/summary.ts';
import type { SlurmJob } from '../trainer/preemption/slurm.ts';

/** Looks for the run that a job began before SLURM started it again: one that is not finished, if there is any, as a job may train several times.
 *  @param asked - what `sconce train` was asked to do, as a run's `config.json` has it.
 *  @returns its folder, or undefined for a job that is started for the first time or had not come so far. */
export async function runOfJob(runsFolder: string, job: SlurmJob, asked: object): Promise<string | undefined> {
  if (job.restarts === 0) return undefined;
  let finished: string | undefined;
  for (const name of (await namesIn(runsFolder)).sort().reverse()) {
    const folder = resolve(runsFolder, name);
    const config = await readConfig(folder);
    if (config?.slurmJob !== job.id) continue;
    const { slurmJob: _, ...rest } = config;
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

// Which process works on a folder: runs that go on are told from killed ones, and what a killed start has left behind is tidied up.

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { isFinal, type JobState, readJobStates } from '../experiments/slurm/job-states.ts';
import { runPaths } from '../tracking/run-format.ts';
import { ownSlurmJob } from '../trainer/preemption/slurm.ts';

const FILE = 'process.json';
const STARTING = /^\.starting-(\d+)-([0-9a-f]+)-(.*)$/;
/** Another machine's start on a shared disk, which nobody can ask, is over after this. */
const STALE_MS = 24 * 3600 * 1000;

interface RunningProcess {
  readonly pid: number;
  readonly host: string;
  /** Since when the process runs, as the system counts it: a number may be given to another process later. */
  readonly since: string;
  /** The job of SLURM that it belongs to, and how often that had been started again. */
  readonly slurmJob?: { readonly id: string; readonly restarts: number };
}

/** Notes in a run's folder that this process works on it.
 *  @returns what takes the note back. */
export async function noteProcess(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, FILE);
  const job = ownSlurmJob();
  const own: RunningProcess = {
    ...{ pid: process.pid, host: hostname(), since: await sinceOf(process.pid) },
    ...(job && { slurmJob: { id: job.id, restarts: job.restarts } }),
  };
  await writeFile(path, `${JSON.stringify(own)}\n`);
  return () => rm(path, { force: true });
}

/** The process that works on a run, if one does; undefined too where it runs on another machine and left no sign of its end for a day, or was of this job before SLURM started it again. */
export async function processOf(
  folder: string,
): Promise<Pick<RunningProcess, 'pid' | 'host' | 'slurmJob'> | undefined> {
  const path = join(folder, FILE);
  let noted: Partial<RunningProcess>;
  try {
    noted = JSON.parse(await readFile(path, 'utf8')) as Partial<RunningProcess>;
  } catch {
    return undefined; // none is noted, or one that was killed while it noted itself
  }
  const { pid, host, since, slurmJob } = noted;
  if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
  const lives =
    host === hostname()
      ? await isAlive(pid, since)
      : !isOfOwnJobBefore(slurmJob) && Date.now() - (await stat(path)).mtimeMs < STALE_MS;
  return lives ? { pid, host, ...(slurmJob && { slurmJob }) } : undefined;
}

/** A machine that failed left the note of its process: SLURM starts a job again once it has ended everywhere. */
function isOfOwnJobBefore(noted: RunningProcess['slurmJob']): boolean {
  const own = ownSlurmJob();
  return own !== undefined && noted !== undefined && own.id === noted.id && own.restarts > noted.restarts;
}

/** Whether the last process that worked on a run, and no longer does, left no summary of its end: one that is older is of a process before it. */
export async function wasKilled(folder: string): Promise<boolean> {
  const changedAt = async (path: string): Promise<number | undefined> =>
    (await stat(path).catch(() => undefined))?.mtimeMs;
  const noted = await changedAt(join(folder, FILE));
  return noted !== undefined && ((await changedAt(runPaths(folder).summary)) ?? 0) < noted;
}

/** @throws {Error} where a process works on the run. */
export async function requireNotRunning(folder: string): Promise<void> {
  const found = await processOf(folder);
  if (found === undefined) return;
  const cannot = `Cannot resume "${relative(process.cwd(), folder)}": expected a run that nobody works on, got one that`;
  if (found.host === hostname() || found.slurmJob === undefined) {
    const where = found.host === hostname() ? '' : ` on ${found.host}`;
    throw new Error(
      `${cannot} process ${found.pid}${where} trains; wait for its end, or stop it with kill ${found.pid}`,
    );
  }
  const { id } = found.slurmJob;
  // Its end on a machine that failed, or by force, left no sign.
  const states = await readJobStates([id]).catch((): JobState[] => []);
  if (states.length > 0 && states.every(isFinal)) return;
  throw new Error(
    `${cannot} job ${id} trains on ${found.host}; wait for its end, or stop it with sconce slurm cancel ${id}`,
  );
}

/** A new folder in which a run begins before it has a name. Those of starts that were killed are deleted. */
export async function startingFolder(runsFolder: string): Promise<string> {
  const parent = resolve(runsFolder);
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    const [, pid, since, host] = STARTING.exec(name) ?? [];
    const isOwn = host === hostname();
    if (!name.startsWith('.starting-') || (isOwn && (await isAlive(Number(pid), since)))) continue;
    if (isOwn || (await isStale(join(parent, name)))) await rm(join(parent, name), { recursive: true, force: true });
  }
  const since = (await sinceOf(process.pid)) || '0';
  // Two starts of one process have the same beginning.
  return join(parent, `.starting-${process.pid}-${since}${randomBytes(4).toString('hex')}-${hostname()}`);
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > STALE_MS;
  } catch {
    return false; // its start has just ended
  }
}

async function isAlive(pid: number, since: string | undefined): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // it is somebody else's
  }
  const now = await sinceOf(pid);
  return now === '' || since === undefined || since.startsWith(now);
}

/** When a process began, in the kernel's ticks; empty where the system does not say it. */
async function sinceOf(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

// What was submitted: one line a job in `slurm/history.jsonl`, beside the folders of the jobs.
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SlurmError } from '../../errors.ts';
import type { JobState } from './job-states.ts';

/** A job that was submitted. */
export interface SubmittedJob {
  /** SLURM's number, of an array that of all its tasks. */
  readonly id: string;
  readonly name: string;
  /** The file that is trained. */
  readonly experiment: string;
  /** Where its script, configuration, output and runs are. */
  readonly folder: string;
  /** When, in ISO 8601. */
  readonly submittedAt: string;
  /** Experiments of an array, task by task. */
  readonly tasks?: readonly string[];
  /** Where the runs of an array lie, each in a folder of its experiment's name. */
  readonly sweep?: string;
  /** What the job's own checkout is of. */
  readonly commit?: string;
}

/** The folder of all jobs, where nothing else is said. */
export const JOBS_FOLDER = 'slurm';

const pathIn = (jobsFolder: string): string => join(jobsFolder, 'history.jsonl');

export function addToHistory(jobsFolder: string, job: SubmittedJob): Promise<void> {
  return append(pathIn(jobsFolder), [job]);
}

async function append(path: string, values: readonly object[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // A process that was killed may have begun a line.
  const before = await readFile(path, 'utf8').catch(() => '');
  const isCut = before !== '' && !before.endsWith('\n');
  await appendFile(path, `${isCut ? '\n' : ''}${values.map((value) => `${JSON.stringify(value)}\n`).join('')}`);
}

const endsIn = (jobsFolder: string): string => join(jobsFolder, 'ends.jsonl');

/** How jobs and tasks ended, as they were last seen: SLURM forgets them. */
export async function readEnds(jobsFolder: string): Promise<Map<string, JobState>> {
  const text = await readFile(endsIn(jobsFolder), 'utf8').catch(() => ''); // nothing has ended yet
  const ends = new Map<string, JobState>();
  for (const line of text.split('\n')) {
    try {
      const end = JSON.parse(line) as JobState;
      if (typeof end.id === 'string' && typeof end.state === 'string') ends.set(end.id, end);
    } catch {
      // a line that a killed process began, or the empty one at the end
    }
  }
  return ends;
}

/** Keeps ends that are not known yet. */
export async function noteEnds(
  jobsFolder: string,
  states: readonly JobState[],
  known: ReadonlyMap<string, JobState>,
): Promise<void> {
  const fresh = states.filter((each) => {
    const before = known.get(each.id);
    return before?.state !== each.state || before.elapsed !== each.elapsed;
  });
  if (fresh.length > 0) await append(endsIn(jobsFolder), fresh);
}

/** Jobs in the order of their submission; none where nothing was submitted from here.
 *  @throws {SlurmError} for a file with lines that are none of ours. */
export async function readHistory(jobsFolder = JOBS_FOLDER): Promise<SubmittedJob[]> {
  const path = pathIn(jobsFolder);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text.split('\n').flatMap((line, i) => {
    if (line === '') return [];
    try {
      const job = JSON.parse(line) as SubmittedJob;
      if (typeof job.id === 'string' && typeof job.folder === 'string') return [job];
    } catch {
      return []; // a line that a killed process began
    }
    throw new SlurmError(`Cannot read "${path}": expected a job in line ${i + 1}, got ${line.slice(0, 80)}`);
  });
}

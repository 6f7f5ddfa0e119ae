// How jobs stand that were submitted from a folder: what SLURM says, what was seen of their end before it forgot them, and how far the files of their runs say they are.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MeasuredValue, readSummary, runPaths } from '../../tracking/index.ts';
import { findRun, lastValues } from '../sweep-runs.ts';
import { JOBS_FOLDER, noteEnds, readEnds, readHistory, type SubmittedJob } from './history.ts';
import { isFinal, type JobState, readJobStates, unknown } from './job-states.ts';

/** How far a job's newest run is. */
export interface JobRun {
  readonly folder: string;
  /** How it ended; undefined of one that trains, or was killed. */
  readonly status: 'finished' | 'interrupted' | 'failed' | undefined;
  /** Why it failed or was interrupted. */
  readonly message: string | undefined;
  readonly step: number | undefined;
  /** From 0. */
  readonly epoch: number | undefined;
  /** How many epochs a configuration asks for. */
  readonly maxEpochs: number | undefined;
  /** The newest values of its metrics. */
  readonly values: Readonly<Record<string, MeasuredValue>>;
}

/** How a job, or a task of an array, stands. */
export interface JobReport extends JobState {
  /** The experiment's name; empty of a job that was submitted elsewhere. */
  readonly name: string;
  /** What was submitted; undefined of a job that was submitted elsewhere. */
  readonly job: SubmittedJob | undefined;
  /** Undefined before it has begun. */
  readonly run: JobRun | undefined;
}

/** How jobs stand, arrays task by task. What is seen of ends is kept beside the history.
 *  @param ids - numbers; those of jobs that were submitted elsewhere too.  @throws {SlurmError} where SLURM's queue does not answer. */
export async function readJobReports(ids: readonly string[], jobsFolder = JOBS_FOLDER): Promise<JobReport[]> {
  const [history, ends, states] = await Promise.all([
    readHistory(jobsFolder),
    readEnds(jobsFolder),
    readJobStates(ids),
  ]);
  const jobs = new Map(history.map((job) => [job.id, job]));
  const known = ids.flatMap((id) => completed(id, jobs.get(id), states)).map((each) => ends.get(each.id) ?? each);
  const reports = states.filter(isKnown);
  const seen = new Set(reports.map(({ id }) => id));
  const all = [...reports, ...known.filter(({ id }) => !seen.has(id))];
  const order = (state: JobState): number => ids.findIndex((id) => id === state.id || id === jobOf(state));
  const sorted = all.toSorted((a, b) => order(a) - order(b) || taskOf(a) - taskOf(b));
  await noteEnds(
    jobsFolder,
    reports.filter((each) => isFinal(each) && jobs.has(jobOf(each))),
    ends,
  );
  return Promise.all(sorted.map((state) => reportOf(state, jobs.get(jobOf(state)))));
}

const isKnown = ({ state }: JobState): boolean => state !== 'UNKNOWN' && state !== 'NO_ANSWER';
const jobOf = ({ id }: JobState): string => id.split('_')[0]!;
const taskOf = ({ id }: JobState): number => Number(id.split('_')[1] ?? 0);

/** Of an array all its tasks, of which SLURM may know some. */
function completed(id: string, job: SubmittedJob | undefined, states: readonly JobState[]): JobState[] {
  const blank = states.find((each) => each.id === id && !isKnown(each));
  if (job?.tasks === undefined) return blank === undefined ? [] : [blank];
  return job.tasks.map((_, task) => ({ ...(blank ?? unknown(id)), id: `${id}_${task}` }));
}

async function reportOf(state: JobState, job: SubmittedJob | undefined): Promise<JobReport> {
  const task = job?.tasks?.[taskOf(state)];
  const place =
    job === undefined
      ? undefined
      : task === undefined
        ? join(job.folder, 'runs')
        : job.sweep === undefined
          ? undefined
          : join(job.sweep, task);
  const run = place === undefined ? undefined : await findRun(place);
  return { ...state, name: task ?? job?.name ?? '', job, run: run === undefined ? undefined : await lookAtRun(run) };
}

async function lookAtRun(folder: string): Promise<JobRun> {
  const [summary, last, asked] = await Promise.all([
    readSummary(folder).catch(() => undefined), // it is being written
    lastValues(folder).catch((): Awaited<ReturnType<typeof lastValues>> => ({})),
    readFile(runPaths(folder).config, 'utf8').catch(() => '{}'),
  ]);
  const { status, message } = summary ?? { status: undefined, message: undefined };
  return {
    ...{ folder, status, message, maxEpochs: maxEpochsOf(asked) },
    ...{ step: last.step ?? summary?.clocks.step, epoch: last.epoch ?? summary?.clocks.epoch },
    values: last.final ?? summary?.final ?? {},
  };
}

/** What a configuration asks for, as a run keeps it. */
function maxEpochsOf(asked: string): number | undefined {
  try {
    const { configuration } = JSON.parse(asked) as { configuration?: { training?: Record<string, unknown> } };
    const value = configuration?.training?.maxEpochs ?? configuration?.training?.max_epochs;
    return typeof value === 'number' ? value : undefined;
  } catch {
    return undefined; // cut off by a kill
  }
}

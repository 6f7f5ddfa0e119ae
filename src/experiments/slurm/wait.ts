// Waits for jobs, and cancels them.
import { SlurmError } from '../../errors.ts';
import { slurmCommand } from './commands.ts';
import { JOBS_FOLDER } from './history.ts';
import { type JobReport, readJobReports } from './job-reports.ts';
import { isFinal } from './job-states.ts';

/** How jobs are waited for. */
export interface WaitOptions {
  /** Between two looks, in milliseconds. Default 5,000. */
  readonly everyMs?: number;
  /** Longest wait, in milliseconds. Default: none. */
  readonly timeoutMs?: number;
  /** Where the history of jobs is, which says what tasks and runs they have. Default 'slurm'. */
  readonly jobsFolder?: string;
  /** Told how all stand, after each look that found something new. */
  readonly onChange?: (reports: readonly JobReport[]) => void;
  /** Told how all stand, after each look. */
  readonly onLook?: (reports: readonly JobReport[]) => void;
}

/** Waits until all jobs have ended, arrays with all their tasks. A job that is requeued has not.
 *  @returns how they stand then; at the end of `timeoutMs` how they stood last. @throws {SlurmError} where SLURM's queue, or the accounting of a job that it has forgotten, does not answer five times in a row. */
export async function waitForJobs(ids: readonly string[], options: WaitOptions = {}): Promise<JobReport[]> {
  const { everyMs = 5000, timeoutMs = Number.POSITIVE_INFINITY, jobsFolder = JOBS_FOLDER, onChange, onLook } = options;
  const end = performance.now() + timeoutMs;
  const seen = new Map<string, JobReport>();
  let before = '';
  let reports: JobReport[] = [];
  let numFailures = 0;
  for (;;) {
    try {
      reports = remembered(await readJobReports(ids, jobsFolder), seen);
      const silent = reports.find(({ state }) => state === 'NO_ANSWER');
      if (silent !== undefined)
        throw new SlurmError(
          `Cannot wait for job ${silent.id}: expected to learn how it ended, but ${silent.reason}; ask again later with sconce slurm status ${silent.id}`,
        );
      numFailures = 0;
    } catch (error) {
      if (++numFailures === MOST_FAILURES) throw error; // what is started anew comes back
    }
    const now = reports.map(({ id, state }) => `${id} ${state}`).join();
    if (now !== before) onChange?.(reports);
    before = now;
    onLook?.(reports);
    if (numFailures === 0 && reports.every(isFinal)) return reports;
    if (performance.now() + everyMs > end) return reports;
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

const MOST_FAILURES = 5;

/** SLURM forgets jobs that ended minutes ago while others run: they have ended as was seen. */
function remembered(reports: readonly JobReport[], seen: Map<string, JobReport>): JobReport[] {
  const now = reports.map((report) => {
    const before = seen.get(report.id);
    const isForgotten = report.state === 'UNKNOWN' || report.state === 'NO_ANSWER';
    return isForgotten && before !== undefined && isFinal(before) ? before : report;
  });
  for (const report of now) seen.set(report.id, report);
  // Tasks of arrays that nobody has a list of.
  const there = new Set(now.map(({ id }) => id));
  const gone = Array.from(seen.values()).filter(({ id }) => !there.has(id) && !hasTasks(id, there));
  return [...now, ...gone];
}

/** A number that stood for an array before its tasks were known. */
const hasTasks = (id: string, ids: ReadonlySet<string>): boolean =>
  !id.includes('_') && Array.from(ids).some((each) => each.startsWith(`${id}_`));

/** Cancels jobs, or single tasks of arrays as `12_3`. Runs save before they end, and are not requeued. @throws {SlurmError} for ids that SLURM does not know. */
export async function cancelJobs(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await slurmCommand('scancel', [...ids]);
}

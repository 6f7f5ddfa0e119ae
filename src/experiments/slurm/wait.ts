// Waits for jobs, and cancels them.
import { slurmCommand } from './commands.ts';
import { isFinal, type JobState, readJobStates } from './job-states.ts';

/** How jobs are waited for. */
export interface WaitOptions {
  /** Between two looks, in milliseconds. Default 5,000. */
  readonly everyMs?: number;
  /** Longest wait, in milliseconds. Default: none. */
  readonly timeoutMs?: number;
  /** Told how all stand, after each look that found something new. */
  readonly onChange?: (states: readonly JobState[]) => void;
}

/** Waits until all jobs have ended, arrays with all their tasks. A job that is requeued has not.
 *  @returns how they stand then; at the end of `timeoutMs` how they stood last. @throws {SlurmError} where SLURM does not answer five times in a row. */
export async function waitForJobs(ids: readonly string[], options: WaitOptions = {}): Promise<JobState[]> {
  const { everyMs = 5000, timeoutMs = Number.POSITIVE_INFINITY, onChange } = options;
  const end = performance.now() + timeoutMs;
  let before = '';
  let states: JobState[] = [];
  let numFailures = 0;
  for (;;) {
    try {
      states = await readJobStates(ids);
      numFailures = 0;
    } catch (error) {
      if (++numFailures === MOST_FAILURES) throw error; // a controller that is started anew comes back
    }
    const now = states.map(({ id, state }) => `${id} ${state}`).join();
    if (now !== before) onChange?.(states);
    before = now;
    if (numFailures === 0 && states.every(isFinal)) return states;
    if (performance.now() + everyMs > end) return states;
    await new Promise((done) => setTimeout(done, everyMs));
  }
}

const MOST_FAILURES = 5;

/** Cancels jobs, or single tasks of arrays as `12_3`. Runs save before they end, and are not requeued. @throws {SlurmError} for ids that SLURM does not know. */
export async function cancelJobs(ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await slurmCommand('scancel', [...ids]);
}

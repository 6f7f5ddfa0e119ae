// How jobs stand: as the queue says, and of those that it has forgotten the accounting, where there is one.
import { slurmCommand } from './commands.ts';

/** One job, or one task of an array. */
export interface JobState {
  /** `12`, or `12_3` for task 3 of an array. */
  readonly id: string;
  /** SLURM's word, as PENDING, RUNNING, COMPLETED, FAILED, TIMEOUT; UNKNOWN where nobody knows the job any more, NO_ANSWER where the queue has forgotten it and the accounting does not answer. */
  readonly state: string;
  /** Why it waits, or ended as it did; empty where that is not said. */
  readonly reason: string;
  /** How long it has run, as `1-02:03:04`. */
  readonly elapsed: string;
  readonly nodes: string;
}

/** States behind which nothing comes. */
const FINAL = new Set([
  ...[
    'BOOT_FAIL',
    'CANCELLED',
    'COMPLETED',
    'DEADLINE',
    'FAILED',
    'NODE_FAIL',
    'OUT_OF_MEMORY',
    'PREEMPTED',
    'REVOKED',
  ],
  ...['TIMEOUT', 'UNKNOWN'],
]);

export const isFinal = ({ state }: Pick<JobState, 'state'>): boolean => FINAL.has(state);

/** How jobs stand, arrays task by task, in the order of `ids`. @throws {SlurmError} where SLURM's queue does not answer. */
export async function readJobStates(ids: readonly string[]): Promise<JobState[]> {
  if (ids.length === 0) return [];
  const format = '%i|%T|%r|%M|%N';
  const queued = queueOf(
    await slurmCommand('squeue', ['--noheader', '--me', '--states=all', '--array', `--format=${format}`]),
  );
  // Of an array the queue forgets tasks that have ended while others run.
  const incomplete = ids.filter((id) => {
    const found = ofJob(queued, id);
    return found.length === 0 || found.some((each) => each.id !== id);
  });
  const accounts = await readAccounts(incomplete);
  return ids.flatMap((id) => {
    const inQueue = ofJob(queued, id);
    const isInQueue = new Set(inQueue.map((each) => each.id));
    const found = [...inQueue, ...ofJob(accounts.states, id).filter((each) => !isInQueue.has(each.id))];
    return found.length > 0 ? found.toSorted((a, b) => taskOf(a) - taskOf(b)) : [unknown(id, accounts.problem)];
  });
}

const ofJob = (all: readonly JobState[], id: string): JobState[] =>
  all.filter((each) => each.id === id || each.id.split('_')[0] === id);

/** How a job stands that the queue has forgotten. @param problem - why the accounting does not answer, where it does not. */
export const unknown = (id: string, problem?: string): JobState => ({
  ...{ id, state: problem === undefined ? 'UNKNOWN' : 'NO_ANSWER', reason: problem ?? '', elapsed: '', nodes: '' },
});

const taskOf = ({ id }: JobState): number => Number(id.split('_')[1] ?? 0);

/** What squeue prints in the format that is asked for above. */
export function queueOf(output: string): JobState[] {
  return output.split('\n').flatMap((line) => {
    const [id, state, reason, elapsed, nodes] = line.split('|');
    if (id === undefined || state === undefined) return [];
    const said = reason === undefined || reason === 'None' ? '' : reason;
    return [{ id, state: state.split(' ')[0]!, reason: said, elapsed: elapsed ?? '', nodes: nodes ?? '' }];
  });
}

/** What the accounting knows; of a cluster that keeps none nothing. Where it does not answer, twice, it says why. */
async function readAccounts(
  ids: readonly string[],
): Promise<{ readonly states: readonly JobState[]; readonly problem?: string }> {
  if (ids.length === 0) return { states: [] };
  const fields = 'JobID,State,ExitCode,Elapsed,NodeList';
  const args = ['--parsable2', '--noheader', '--allocations', `--format=${fields}`, `--jobs=${ids.join(',')}`];
  for (let attempt = 1; ; attempt++) {
    try {
      return { states: accountsOf(await slurmCommand('sacct', args)) };
    } catch (error) {
      const said = (error as Error).message;
      if (/accounting storage is disabled|expected SLURM's commands on PATH/i.test(said)) return { states: [] };
      if (attempt === 2)
        return {
          states: [],
          problem: `the queue has forgotten it, and the accounting gives no answer: ${lastOf(said)}`,
        };
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
  }
}

const AGAIN_MS = 1000;

/** What SLURM's commands say comes line by line, and what it comes to last. */
const lastOf = (said: string): string =>
  said
    .trim()
    .split('\n')
    .at(-1)!
    .replace(/^sacct: error: /, '');

/** What sacct prints with the fields that are asked for above. */
export function accountsOf(output: string): JobState[] {
  return queueOf(output).flatMap((each) => {
    if (each.id.includes('[')) return []; // tasks that wait: the queue has them one by one
    // Its own reason is that of the wait before the start.
    const [code, signal] = each.reason.split(':');
    const reason =
      signal !== undefined && signal !== '0' ? `signal ${signal}` : code === '0' ? '' : `exit code ${code}`;
    return [{ ...each, reason, nodes: each.nodes === 'None assigned' ? '' : each.nodes }];
  });
}

// How jobs stand: as the queue says, and of those that it has forgotten the accounting, where there is one.
import { slurmCommand } from './commands.ts';

/** One job, or one task of an array. */
export interface JobState {
  /** `12`, or `12_3` for task 3 of an array. */
  readonly id: string;
  /** SLURM's word, as PENDING, RUNNING, COMPLETED, FAILED, TIMEOUT; UNKNOWN where nobody knows the job any more. */
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

/** How jobs stand, arrays task by task, in the order of `ids`. @throws {SlurmError} where SLURM does not answer. */
export async function readJobStates(ids: readonly string[]): Promise<JobState[]> {
  if (ids.length === 0) return [];
  const format = '%i|%T|%r|%M|%N';
  const queued = queueOf(
    await slurmCommand('squeue', ['--noheader', '--me', '--states=all', '--array', `--format=${format}`]),
  );
  const ofJob = (all: readonly JobState[], id: string): JobState[] =>
    all.filter((each) => each.id === id || each.id.split('_')[0] === id);
  const forgotten = ids.filter((id) => ofJob(queued, id).length === 0);
  const accounted = forgotten.length > 0 ? await readAccounting(forgotten) : [];
  const unknown = (id: string): JobState => ({ id, state: 'UNKNOWN', reason: '', elapsed: '', nodes: '' });
  return ids.flatMap((id) => {
    const found = [...ofJob(queued, id), ...ofJob(accounted, id)];
    return found.length > 0 ? found.toSorted((a, b) => taskOf(a) - taskOf(b)) : [unknown(id)];
  });
}

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

/** Empty where the cluster keeps no accounts. */
async function readAccounting(ids: readonly string[]): Promise<JobState[]> {
  const fields = 'JobID,State,Reason,Elapsed,NodeList';
  const args = ['--parsable2', '--noheader', '--allocations', `--format=${fields}`, `--jobs=${ids.join(',')}`];
  try {
    return queueOf(await slurmCommand('sacct', args));
  } catch {
    return [];
  }
}

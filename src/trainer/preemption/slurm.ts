// SLURM: which job this process belongs to, and putting the job back into the queue, where it goes on from its checkpoint later.

import { execFile } from 'node:child_process';
import type { StopSignal } from '../../errors.ts';

/** How long SLURM's controller has to answer; a run has less than that left in most cases. */
const TIMEOUT_MS = 30_000;

/** A job of SLURM. */
export interface SlurmJob {
  /** What scontrol calls it: `12`, or `12_3` for task 3 of an array, whose other tasks are left alone. */
  readonly id: string;
  /** How often SLURM has started it again. */
  readonly restarts: number;
  /** Whether this is the one process of the job that speaks for it. */
  readonly isPrimary: boolean;
}

/** The job of a process by its environment, or undefined where there is none. A process with a terminal is no job's: somebody works in a shell that SLURM
 *  gave them, and putting that back into the queue would take it away. */
export function slurmJobOf(
  environment: Readonly<Record<string, string | undefined>>,
  { hasTerminal }: { hasTerminal: boolean },
): SlurmJob | undefined {
  const { SLURM_JOB_ID: id, SLURM_ARRAY_JOB_ID: array, SLURM_ARRAY_TASK_ID: task } = environment;
  if (!id || hasTerminal || environment.SLURM_PTY_PORT !== undefined) return undefined;
  return {
    id: array && task ? `${array}_${task}` : id,
    restarts: Number(environment.SLURM_RESTART_COUNT ?? 0),
    isPrimary: (environment.SLURM_PROCID ?? '0') === '0',
  };
}

/** The job that this process belongs to. */
export function ownSlurmJob(): SlurmJob | undefined {
  return slurmJobOf(process.env, { hasTerminal: process.stdin.isTTY === true });
}

/** Puts the job of this process back into the queue after a signal, by `scontrol requeue`. SLURM then ends the job: what has to be written is written before.
 *  Nothing is done in other processes than the job's first, after SIGINT, and where the job is to end: one that is being cancelled or requeued already, and
 *  one that is no batch job.
 *  @returns what to tell of it, also where it failed, or undefined where nothing was done. */
export async function requeueJob(signal: StopSignal, job = ownSlurmJob()): Promise<string | undefined> {
  if (!job?.isPrimary || signal === 'SIGINT') return undefined;
  const failed = `SLURM job ${job.id} was not requeued`;
  const shown = await scontrol(['show', 'job', job.id, '--oneliner']);
  if (shown.problem !== undefined) return `${failed}: ${shown.problem}`;
  const fact = (name: string): string | undefined => new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(shown.output)?.[1];
  if (fact('BatchFlag') === '0') return undefined;
  // A job that is cancelled gets the same SIGTERM as one whose time is up.
  if (fact('JobState') !== 'RUNNING' && fact('Reason') !== 'TimeLimit') return undefined;
  const { problem } = await scontrol(['requeue', job.id]);
  return problem === undefined ? `Requeued SLURM job ${job.id}` : `${failed}: ${problem}`;
}

function scontrol(args: readonly string[]): Promise<{ output: string; problem?: string }> {
  return new Promise((resolve) => {
    execFile('scontrol', args, { timeout: TIMEOUT_MS, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (!error) return resolve({ output: stdout });
      const { code, killed } = error;
      const how =
        code === 'ENOENT'
          ? 'is not on PATH'
          : killed
            ? `gave no answer within ${TIMEOUT_MS / 1000} s`
            : `ended with ${code ?? error.signal}`;
      const said = `${stdout}${stderr}`.trim();
      resolve({ output: stdout, problem: `scontrol ${args.join(' ')} ${how}${said === '' ? '' : `: ${said}`}` });
    });
  });
}

// The table of jobs that `sconce slurm status`, `history` and `monitor` print.
import type { JobReport, JobRun } from '../../experiments/slurm/job-reports.ts';
import { isFinal } from '../../experiments/slurm/job-states.ts';
import { alignColumns } from '../../tracking/align-columns.ts';
import { formatNumber } from '../../tracking/number-format.ts';

/** A row a job, or a task of an array. */
export function jobTable(reports: readonly JobReport[]): string {
  const rows = reports.map((report) => [
    report.id,
    report.name,
    report.state,
    report.elapsed,
    progressOf(report.run),
    reasonOf(report),
    report.nodes,
    report.run?.folder ?? report.job?.folder ?? '',
  ]);
  return alignColumns([['JOB', 'NAME', 'STATE', 'TIME', 'PROGRESS', 'REASON', 'NODES', 'RUN'], ...rows]);
}

const LOSSES = ['val/loss', 'val_loss', 'train/loss', 'train_loss'];

/** As in `epoch 3/20, step 120, val/loss 0.2314`. Epochs are counted from 1 here, as in the progress of a training. */
export function progressOf(run: JobRun | undefined): string {
  if (run?.step === undefined) return '';
  const { step, epoch, maxEpochs, values } = run;
  const ofAll = maxEpochs === undefined ? '' : `/${maxEpochs}`;
  const at = Math.min((epoch ?? 0) + 1, maxEpochs ?? Number.POSITIVE_INFINITY);
  const key = LOSSES.find((each) => values[each] !== undefined);
  const loss = key === undefined ? [] : [`${key} ${formatNumber(values[key]!.value)}`];
  return [`epoch ${at}${ofAll}`, `step ${step}`, ...loss].join(', ');
}

/** Why it waits or ended as it did: what SLURM says, and of one that has ended what its run says too. */
export function reasonOf(report: JobReport): string {
  const { state, reason, run } = report;
  if (!isFinal(report) || state === 'COMPLETED' || run === undefined) return reason;
  const [first = ''] = (run.message ?? '').split('\n');
  const said =
    run.status === 'failed'
      ? first
      : `its run: ${run.status ?? 'not ended'}${first === '' || run.status === 'finished' ? '' : ` by ${first}`}`;
  return [reason, said].filter((each) => each !== '').join(': ');
}

/** Whether a job has done what it was to do: as SLURM says, or its run, where SLURM has forgotten the job and keeps no accounts. */
export const hasSucceeded = ({ state, run }: JobReport): boolean =>
  state === 'COMPLETED' || (state === 'UNKNOWN' && run?.status === 'finished');

/** As in `3 COMPLETED, 1 RUNNING`. */
export function countStates(reports: readonly JobReport[]): string {
  const counts = new Map<string, number>();
  for (const { state } of reports) counts.set(state, (counts.get(state) ?? 0) + 1);
  return Array.from(counts, ([state, number]) => `${number} ${state}`).join(', ');
}

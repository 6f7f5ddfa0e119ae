// `sconce slurm status|history|monitor|wait|cancel`: what looks after jobs that were submitted.
import { Command, InvalidArgumentError } from 'commander';
import { JOBS_FOLDER, readHistory } from '../../experiments/slurm/history.ts';
import type { JobReport } from '../../experiments/slurm/job-reports.ts';
import { isFinal } from '../../experiments/slurm/job-states.ts';
import { countStates, hasSucceeded, jobTable } from './job-table.ts';
import { JobMonitor } from './monitor.ts';

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number of seconds above 0.');
}

interface LookFlags {
  readonly jobs: string;
  readonly json?: boolean;
}

const NEWEST = 20;

function print(reports: readonly JobReport[], { jobs, json }: LookFlags): void {
  if (json) console.log(JSON.stringify(reports, undefined, 2));
  else if (reports.length === 0) console.log(`No jobs were submitted from here (${jobs}/history.jsonl)`);
  else console.log(jobTable(reports));
}

const library = () => import('../../experiments/slurm/wait.ts');
const reportsOf = async (ids: readonly string[], jobsFolder: string): Promise<JobReport[]> =>
  (await import('../../experiments/slurm/job-reports.ts')).readJobReports(ids, jobsFolder);

const allIds = async (jobsFolder: string): Promise<string[]> => (await readHistory(jobsFolder)).map(({ id }) => id);

const withJobs = (command: Command): Command =>
  command.option('--jobs <folder>', 'where the history of jobs is', JOBS_FOLDER);

export function statusCommand(): Command {
  return withJobs(new Command('status'))
    .description('how jobs stand, and how far their runs are')
    .argument('[job...]', `numbers (default: the last ${NEWEST} that were submitted from here)`)
    .option('--json', 'print JSON')
    .action(async (ids: string[], flags: LookFlags) => {
      const wanted = ids.length > 0 ? ids : (await allIds(flags.jobs)).slice(-NEWEST);
      print(await reportsOf(wanted, flags.jobs), flags);
    });
}

export function historyCommand(): Command {
  return withJobs(new Command('history'))
    .description('all jobs that were submitted from here, as status shows them')
    .option('--state <states>', 'only these, as in FAILED,TIMEOUT')
    .option('--json', 'print JSON')
    .action(async ({ state, ...flags }: LookFlags & { readonly state?: string }) => {
      const reports = await reportsOf(await allIds(flags.jobs), flags.jobs);
      const states = state?.toUpperCase().split(',');
      const chosen = states === undefined ? reports : reports.filter((each) => states.includes(each.state));
      if (chosen.length === 0 && reports.length > 0 && !flags.json) console.log(`None of ${countStates(reports)}`);
      else print(chosen, flags);
    });
}

interface WaitFlags {
  readonly timeout?: number;
  readonly every?: number;
  readonly jobs: string;
}

const withWait = (command: Command): Command =>
  withJobs(command)
    .option('--timeout <seconds>', 'wait no longer', seconds)
    .option('--every <seconds>', 'between two looks (default: 5)', seconds);

export function waitCommand(): Command {
  return withWait(new Command('wait'))
    .description('wait until jobs have ended; exit code 1 unless all are COMPLETED')
    .argument('<job...>', 'numbers')
    .action(waitFor);
}

/** Waits, and says how all have ended. */
export async function waitFor(ids: string[], flags: WaitFlags): Promise<void> {
  const { waitForJobs } = await library();
  const reports = await waitForJobs(ids, {
    ...waitOptions(flags),
    onChange: (now) => console.error(countStates(now)),
  });
  for (const report of reports) {
    const reason = report.state === 'UNKNOWN' && report.run?.status ? `its run: ${report.run.status}` : report.reason;
    console.log(`${report.id} ${report.state}${reason === '' ? '' : ` ${reason}`}`);
  }
  conclude(reports, flags);
}

const waitOptions = ({ timeout, every, jobs }: WaitFlags) => ({
  jobsFolder: jobs,
  ...(timeout === undefined ? {} : { timeoutMs: 1000 * timeout }),
  ...(every === undefined ? {} : { everyMs: 1000 * every }),
});

function conclude(reports: readonly JobReport[], { timeout }: WaitFlags): void {
  if (!reports.every(isFinal)) console.error(`Still under way after ${timeout} s`);
  if (!reports.every(hasSucceeded)) process.exitCode = 1;
}

export function monitorCommand(): Command {
  return withWait(new Command('monitor'))
    .description('show how jobs and their runs go on until all have ended; exit code 1 unless all are COMPLETED')
    .argument('[job...]', 'numbers (default: all that were submitted from here and have not ended)')
    .action(async (ids: string[], flags: WaitFlags) => {
      const wanted = ids.length > 0 ? ids : await openJobs(flags.jobs);
      if (wanted.length === 0) {
        console.log('No job that was submitted from here is under way');
        return;
      }
      const monitor = new JobMonitor(process.stdout);
      const { waitForJobs } = await library();
      const reports = await waitForJobs(wanted, { ...waitOptions(flags), onLook: (now) => monitor.update(now) });
      if (!process.stdout.isTTY) console.log(countStates(reports));
      conclude(reports, flags);
    });
}

/** Numbers of jobs that have not ended. */
async function openJobs(jobsFolder: string): Promise<string[]> {
  const reports = await reportsOf(await allIds(jobsFolder), jobsFolder);
  return [...new Set(reports.filter((report) => !isFinal(report)).map(({ id }) => id.split('_')[0]!))];
}

export function cancelCommand(): Command {
  return withJobs(new Command('cancel'))
    .description('cancel jobs; runs save before they end')
    .argument('[job...]', 'numbers, of single tasks as 12_3')
    .option('--all', 'all that were submitted from here and have not ended')
    .action(async (ids: string[], { all = false, jobs }: { all?: boolean; jobs: string }) => {
      if (ids.length === 0 && !all) throw new Error('Cannot cancel jobs: expected numbers or --all, got neither');
      const wanted = [...new Set([...ids, ...(all ? await openJobs(jobs) : [])])];
      await (await library()).cancelJobs(wanted);
      console.log(wanted.length === 0 ? 'There was nothing to cancel' : `Cancelled ${wanted.join(', ')}`);
    });
}

// `sconce slurm`: experiments and sweeps as jobs of SLURM.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { SlurmConfig } from '../../config/index.ts';
import { readDocument } from '../../config/index.ts';
import { JOBS_FOLDER, readHistory, type SubmittedJob } from '../../experiments/slurm/history.ts';
import { isFinal, type JobState, readJobStates } from '../../experiments/slurm/job-states.ts';
import { submitExperiment, submitSweep } from '../../experiments/slurm/submit.ts';
import { cancelJobs, waitForJobs } from '../../experiments/slurm/wait.ts';
import { readSweep } from '../../experiments/sweep-file.ts';
import { lookAt } from '../../experiments/sweep-runs.ts';
import { alignColumns } from '../../tracking/align-columns.ts';
import { resumeExperiment, trainExperiment } from '../run-experiment.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected an integer above 0.');
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number of seconds above 0.');
}

export function slurmCommand(): Command {
  return new Command('slurm')
    .description('submit experiments and sweeps to SLURM, and look after the jobs')
    .addCommand(submitCommand())
    .addCommand(statusCommand())
    .addCommand(waitCommand())
    .addCommand(cancelCommand())
    .addCommand(taskCommand(), { hidden: true });
}

type SubmitFlags = Partial<SlurmConfig> & {
  readonly set: string[];
  readonly jobs: string;
  readonly folder?: string;
  readonly check: boolean;
  readonly dryRun?: boolean;
  readonly wait?: boolean;
};

function submitCommand(): Command {
  return new Command('submit')
    .description('submit an experiment, or a sweep as one array')
    .argument('<file>', 'what sconce train or sconce sweep runs')
    .option('--set <path=value>', 'change a value of the configuration; may be repeated', collect, [])
    .option('--account <name>', 'whom it is charged to')
    .option('--partition <name>', "default: the cluster's")
    .option('--nodes <n>', 'machines', count)
    .option('--ntasks-per-node <n>', 'ranks on each machine', count)
    .option('--cpus-per-task <n>', 'cores of each rank', count)
    .option('--gpus-per-node <n>', 'GPUs on each machine', count)
    .option('--mem <size>', "memory on each machine, as in '64G'")
    .option('--time <limit>', "as in '1-00:00:00'")
    .option('--signal-sec <n>', 'seconds before the limit at which ranks save and the job is requeued', count)
    .option('--constraint <features>', "features of machines, as in 'a40|a100'")
    .option('--job-name <name>', "default: the experiment's")
    .option('--template <file>', 'a script with names in {{…}}')
    .option('--max-concurrent <n>', 'tasks of a sweep at the same time', count)
    .option('--isolated', 'run in a checkout of the commit of its own')
    .option('--folder <folder>', 'where the runs of a sweep lie (default: sweeps/<name>)')
    .option('--jobs <folder>', 'where folders of jobs and their history are', JOBS_FOLDER)
    .option('--no-check', 'do not ask the cluster whether the job fits')
    .option('--dry-run', 'print the script, and submit nothing')
    .option('--wait', 'wait until the job has ended')
    .action(submit)
    .addHelpText(
      'after',
      `
Examples:
  sconce slurm submit experiment.yaml --time 04:00:00
  sconce slurm submit experiment.yaml --nodes 2 --ntasks-per-node 4 --set training.max_epochs=50
  sconce slurm submit sweep.yaml --max-concurrent 4

What the flags say may stand in the experiment's file, in its section slurm. Before its time limit, and where a machine fails, a job is put back into the queue and goes on with its run.`,
    );
}

async function submit(file: string, flags: SubmitFlags): Promise<void> {
  const { set: settings, jobs: jobsFolder, folder, check, dryRun: isDryRun = false, wait, ...slurm } = flags;
  const options = { settings, jobsFolder, checksResources: check, isDryRun, slurm: slurm as object };
  const sweep = (await isSweep(file)) ? await readSweep(file) : undefined;
  const ofSweeps = { '--folder': folder, '--max-concurrent': slurm.maxConcurrent };
  const wrong = Object.entries(ofSweeps).flatMap(([flag, value]) => (value === undefined || sweep ? [] : [flag]));
  if (wrong.length > 0)
    throw new Error(`Cannot submit "${file}": expected ${wrong.join(' and ')} with a sweep alone, got an experiment`);
  const { job, script } = sweep
    ? await submitSweep(
        { search: sweep.search, experiment: sweep.options.experiment, ...(folder === undefined ? {} : { folder }) },
        options,
      )
    : await submitExperiment(file, options);
  if (job === undefined) {
    process.stdout.write(script);
    return;
  }
  const tasks = job.tasks ? ` with ${job.tasks.length} tasks` : '';
  console.log(`Submitted job ${job.id}${tasks}: ${job.folder}`);
  if (wait) await waitFor([job.id], {});
}

/** Both are YAML or JSON; a sweep says which experiment it varies. */
async function isSweep(file: string): Promise<boolean> {
  if (!/\.(ya?ml|json)$/.test(file)) return false;
  const { value } = await readDocument(file);
  return typeof value === 'object' && value !== null && 'experiment' in value;
}

function statusCommand(): Command {
  return new Command('status')
    .description('how the jobs stand that were submitted from here')
    .argument('[job...]', 'numbers (default: the last twenty)')
    .option('--jobs <folder>', 'where the history of jobs is', JOBS_FOLDER)
    .option('--json', 'print JSON')
    .action(async (ids: string[], { jobs: folder, json }: { jobs: string; json?: boolean }) => {
      const history = await readHistory(folder);
      const wanted = ids.length > 0 ? ids : history.slice(-20).map(({ id }) => id);
      const states = await readJobStates(wanted);
      if (json) {
        const entries = states.map((state) => ({ ...state, job: history.find(({ id }) => id === numberOf(state)) }));
        console.log(JSON.stringify(entries, undefined, 2));
      } else if (states.length === 0) console.log(`No jobs were submitted from here (${folder}/history.jsonl)`);
      else console.log(table(await withRuns(states, history), history));
    });
}

/** Of jobs that SLURM has forgotten, what their run says. */
async function withRuns(states: readonly JobState[], history: readonly SubmittedJob[]): Promise<JobState[]> {
  return Promise.all(
    states.map(async (state) => {
      const job = history.find(({ id }) => id === state.id);
      if (state.state !== 'UNKNOWN' || job === undefined || job.tasks) return state;
      const { status } = await lookAt(join(job.folder, 'runs'), { name: job.name, parameters: {} });
      return { ...state, reason: `its run: ${status}` };
    }),
  );
}

const numberOf = ({ id }: JobState): string => id.split('_')[0]!;

function table(states: readonly JobState[], history: readonly SubmittedJob[]): string {
  const rows = states.map((state) => {
    const job = history.find(({ id }) => id === numberOf(state));
    const task = job?.tasks?.[Number(state.id.split('_')[1])];
    return [
      state.id,
      task ?? job?.name ?? '',
      state.state,
      state.elapsed,
      state.reason,
      state.nodes,
      job?.folder ?? '',
    ];
  });
  return alignColumns([['JOB', 'NAME', 'STATE', 'TIME', 'REASON', 'NODES', 'FOLDER'], ...rows]);
}

interface WaitFlags {
  readonly timeout?: number;
  readonly every?: number;
}

function waitCommand(): Command {
  return new Command('wait')
    .description('wait until jobs have ended; exit code 1 unless all are COMPLETED')
    .argument('<job...>', 'numbers')
    .option('--timeout <seconds>', 'wait no longer', seconds)
    .option('--every <seconds>', 'between two looks (default: 5)', seconds)
    .action(waitFor);
}

async function waitFor(ids: string[], { timeout, every }: WaitFlags): Promise<void> {
  const states = await waitForJobs(ids, {
    ...(timeout === undefined ? {} : { timeoutMs: 1000 * timeout }),
    ...(every === undefined ? {} : { everyMs: 1000 * every }),
    onChange: (now) => console.error(summaryOf(now)),
  });
  for (const { id, state, reason } of states) console.log(`${id} ${state}${reason === '' ? '' : ` ${reason}`}`);
  if (!states.every(isFinal)) console.error(`Still under way after ${timeout} s`);
  if (!states.every(({ state }) => state === 'COMPLETED')) process.exitCode = 1;
}

/** As in `3 COMPLETED, 1 RUNNING`. */
function summaryOf(states: readonly JobState[]): string {
  const counts = new Map<string, number>();
  for (const { state } of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return Array.from(counts, ([state, number]) => `${number} ${state}`).join(', ');
}

function cancelCommand(): Command {
  return new Command('cancel')
    .description('cancel jobs; runs save before they end')
    .argument('[job...]', 'numbers, of single tasks as 12_3')
    .option('--all', 'all that were submitted from here and have not ended')
    .option('--jobs <folder>', 'where the history of jobs is', JOBS_FOLDER)
    .action(async (ids: string[], { all = false, jobs }: { all?: boolean; jobs: string }) => {
      if (ids.length === 0 && !all) throw new Error('Cannot cancel jobs: expected numbers or --all, got neither');
      const history = all ? (await readHistory(jobs)).map(({ id }) => id) : [];
      const open = new Set((await readJobStates(history)).filter((state) => !isFinal(state)).map(numberOf));
      const wanted = [...new Set([...ids, ...open])];
      await cancelJobs(wanted);
      console.log(wanted.length === 0 ? 'There was nothing to cancel' : `Cancelled ${wanted.join(', ')}`);
    });
}

/** What a task of an array runs. */
function taskCommand(): Command {
  return new Command('task')
    .description('run the task of an array that this process is; what sconce slurm submit writes into a script')
    .argument('<tasks.json>', "the tasks, in the job's folder")
    .action(async (path: string) => {
      const { experiment, tasks } = JSON.parse(await readFile(path, 'utf8')) as {
        experiment: string;
        tasks: { folder: string; settings: string[] }[];
      };
      const number = process.env.SLURM_ARRAY_TASK_ID;
      const task = number !== undefined && /^\d+$/.test(number) ? tasks[Number(number)] : undefined;
      if (task === undefined) {
        const got = number === undefined ? 'none' : `"${number}"`;
        throw new Error(`Cannot run a task: expected SLURM_ARRAY_TASK_ID from 0 to ${tasks.length - 1}, got ${got}`);
      }
      // What another submission, or sconce sweep, has left unfinished. Ranks that look at different moments would see different things.
      const isAlone = (process.env.SLURM_STEP_NUM_TASKS ?? '1') === '1';
      const before = isAlone ? await lookAt(task.folder, { name: '', parameters: {} }) : undefined;
      if (before?.status === 'interrupted' && before.folder !== undefined) await resumeExperiment(before.folder);
      else await trainExperiment(experiment, task.settings, task.folder);
    });
}

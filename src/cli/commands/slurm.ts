// `sconce slurm`: experiments and sweeps as jobs of SLURM.

import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { SlurmConfig } from '../../config/index.ts';
import { JOBS_FOLDER } from '../../experiments/slurm/history.ts';
import {
  cancelCommand,
  historyCommand,
  monitorCommand,
  statusCommand,
  waitCommand,
  waitFor,
} from '../slurm/job-commands.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected an integer above 0.');
}

export function slurmCommand(): Command {
  return new Command('slurm')
    .description('submit experiments and sweeps to SLURM, and look after the jobs')
    .addCommand(submitCommand())
    .addCommand(statusCommand())
    .addCommand(historyCommand())
    .addCommand(monitorCommand())
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
  readonly maxTasks?: number;
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
    .option('--max-tasks <n>', 'of a sweep so many experiments, the rest in another submission', count)
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
  const { set: settings, jobs: jobsFolder, folder, check, dryRun: isDryRun = false, wait, maxTasks, ...slurm } = flags;
  const options = {
    ...{ settings, jobsFolder, checksResources: check, isDryRun, slurm: slurm as object },
    ...(maxTasks === undefined ? {} : { maxTasks }),
  };
  const { readSweep } = await import('../../experiments/sweep-file.ts');
  const { submitExperiment, submitSweep } = await import('../../experiments/slurm/submit.ts');
  const sweep = (await isSweep(file)) ? await readSweep(file) : undefined;
  const ofSweeps = { '--folder': folder, '--max-concurrent': slurm.maxConcurrent, '--max-tasks': maxTasks };
  const wrong = Object.entries(ofSweeps).flatMap(([flag, value]) => (value === undefined || sweep ? [] : [flag]));
  if (wrong.length > 0)
    throw new Error(`Cannot submit "${file}": expected ${wrong.join(' and ')} with a sweep alone, got an experiment`);
  const { job, script, numLeft } = sweep
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
  if (numLeft > 0) console.log(`${numLeft} experiments are left: submit the sweep again when this job has ended`);
  if (wait) await waitFor([job.id], { jobs: jobsFolder });
}

/** Both are YAML or JSON; a sweep says which experiment it varies. */
async function isSweep(file: string): Promise<boolean> {
  if (!/\.(ya?ml|json)$/.test(file)) return false;
  const { readDocument } = await import('../../config/index.ts');
  const { value } = await readDocument(file);
  return typeof value === 'object' && value !== null && 'experiment' in value;
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
      const { lookAt } = await import('../../experiments/sweep-runs.ts');
      const { resumeExperiment, trainExperiment } = await import('../run-experiment.ts');
      // What another submission, or sconce sweep, has left unfinished. Ranks that look at different moments would see different things.
      const isAlone = (process.env.SLURM_STEP_NUM_TASKS ?? '1') === '1';
      const before = isAlone ? await lookAt(task.folder, { name: '', parameters: {} }) : undefined;
      if (before?.status === 'finished') console.error(`Finished already: ${before.folder}`);
      else if (before?.status === 'interrupted' && before.folder !== undefined) await resumeExperiment(before.folder);
      else await trainExperiment(experiment, task.settings, task.folder);
    });
}

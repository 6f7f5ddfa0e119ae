// Submits an experiment, or all of a sweep as one array, to SLURM.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, extname, join, relative, resolve } from 'node:path';
import { packageFolder } from '../../binding/sources.ts';
import { readExperiment, type SlurmSettings, slurmDefaults } from '../../config/index.ts';
import { ConfigError } from '../../errors.ts';
import { unflatten } from '../dot-paths.ts';
import type { ParameterGridSearch } from '../grid-search.ts';
import { sanitizeName } from '../naming.ts';
import { sweepSettings } from '../sweep-process.ts';
import { lookAt, openSweep } from '../sweep-runs.ts';
import { type Checkout, makeCheckout } from './checkout.ts';
import { type Cluster, readCluster, resourceProblems } from './cluster.ts';
import { slurmCommand } from './commands.ts';
import { addToHistory, JOBS_FOLDER, readHistory, type SubmittedJob } from './history.ts';
import { directivesOf, fillTemplate, shellQuoted } from './job-script.ts';
import { isFinal, readJobStates } from './job-states.ts';

/** How something is submitted. */
export interface SubmitOptions {
  /** Over what the experiment's file says under `slurm`. */
  readonly slurm?: Partial<SlurmSettings>;
  /** Changes of the configuration, as `optimizer.lr=0.1`. */
  readonly settings?: readonly string[];
  /** Where folders of jobs and the history are. Default 'slurm'. */
  readonly jobsFolder?: string;
  /** Whether the cluster is asked whether the job fits. Default true. */
  readonly checksResources?: boolean;
  /** Makes the script and submits nothing. Default false. */
  readonly isDryRun?: boolean;
  /** Of a sweep so many experiments at most; the others are left for another submission. Default: all. */
  readonly maxTasks?: number;
}

/** A submission, or what would be one. */
export interface Submission {
  /** Undefined of a dry run. */
  readonly job: SubmittedJob | undefined;
  /** The script that SLURM runs. */
  readonly script: string;
  /** How many experiments `maxTasks` leaves for another submission. */
  readonly numLeft: number;
}

/** What is to be run, in one job or in the tasks of an array. */
interface Work {
  readonly name: string;
  readonly experiment: string;
  readonly settings: SlurmSettings;
  /** Behind `sconce`. */
  readonly words: (jobFolder: string) => readonly string[];
  readonly tasks?: readonly string[];
  /** Where the runs of the tasks lie. */
  readonly sweep?: string;
  readonly numLeft?: number;
  /** Written into the job's folder before it is submitted. */
  readonly files: Readonly<Record<string, string>>;
}

/** Submits an experiment: the file that `sconce train` runs. Its run goes into `runs` of the job's folder, and goes on there where SLURM starts the job again.
 *  @throws {ConfigError} for a configuration that is wrong, and for a job that does not fit the cluster. @throws {SlurmError} */
export async function submitExperiment(experiment: string, options: SubmitOptions = {}): Promise<Submission> {
  const { settings = [] } = options;
  const read = await readFacts(experiment, settings);
  return submit(
    {
      name: read.name,
      experiment,
      settings: { ...read.slurm, ...options.slurm },
      words: (folder) => [
        'train',
        experiment,
        '--runs',
        join(folder, 'runs'),
        ...settings.flatMap((each) => ['--set', each]),
      ],
      files: { 'config.json': `${JSON.stringify({ experiment, settings }, undefined, 2)}\n` },
    },
    options,
  );
}

/** A search whose experiments are to be run. */
export interface SubmittedSweep {
  readonly search: ParameterGridSearch;
  readonly experiment: string;
  /** Where its runs lie. Default `sweeps/{name}`; `sconce sweep` compares them there. */
  readonly folder?: string;
}

/** Submits what is not finished of a sweep as one array, of which `maxConcurrent` tasks run at a time.
 *  @throws {ConfigError} for what is wrong with it, where all is finished, and while experiments of it wait or run in another job. @throws {SlurmError} */
export async function submitSweep(sweep: SubmittedSweep, options: SubmitOptions = {}): Promise<Submission> {
  const { search, experiment } = sweep;
  const generated = search.generateExperiments().map(({ name, parameters }) => ({ name, parameters }));
  if (generated.length === 0)
    throw new ConfigError('submit a sweep', ['grids: expected at least one combination, got none']);
  const read = await readFacts(experiment, options.settings ?? []);
  const folder = resolve(sweep.folder ?? join('sweeps', sanitizeName(search.name)));
  const { experimentName: _, experiment_name: __, ...base } = unflatten(search.baseConfig, 'submit a sweep');
  const named = options.isDryRun ? generated : await openSweep(folder, { experiment, base, experiments: generated });
  const looked = await Promise.all(named.map((each) => lookAt(join(folder, each.name), each)));
  const open = looked.filter(({ status }) => status !== 'finished');
  if (open.length === 0)
    throw new ConfigError('submit a sweep', [
      `sweep: expected experiments to run, got ${looked.length} that are finished`,
    ]);
  if (!options.isDryRun) await requireNotUnderWay(folder, open, options.jobsFolder);
  const chosen = open.slice(0, options.maxTasks);
  const tasks = chosen.map(({ name, parameters }) => ({
    folder: join(folder, name),
    settings: [...(options.settings ?? []), ...sweepSettings(base, parameters)],
  }));
  return submit(
    {
      name: search.name,
      experiment,
      settings: { ...read.slurm, ...options.slurm },
      words: (jobFolder) => ['slurm', 'task', join(jobFolder, 'tasks.json')],
      tasks: chosen.map(({ name }) => name),
      ...{ sweep: relative(process.cwd(), folder), numLeft: open.length - chosen.length },
      files: { 'tasks.json': `${JSON.stringify({ experiment, tasks }, undefined, 2)}\n` },
    },
    options,
  );
}

/** Two jobs would train the same. @throws {ConfigError} */
async function requireNotUnderWay(
  folder: string,
  open: readonly { readonly name: string }[],
  jobsFolder = JOBS_FOLDER,
): Promise<void> {
  const jobs = (await readHistory(jobsFolder)).filter(
    ({ sweep, tasks }) => tasks !== undefined && sweep !== undefined && resolve(sweep) === folder,
  );
  const wanted = new Set(open.map(({ name }) => name));
  const states = await readJobStates(jobs.map(({ id }) => id));
  const problems = jobs.flatMap(({ id, tasks }) => {
    const own = states.filter((state) => state.id.startsWith(`${id}_`) && !isFinal(state));
    const numOpen = own.filter((state) => wanted.has(tasks![Number(state.id.split('_')[1])]!)).length;
    if (numOpen === 0) return [];
    const words = [...new Set(own.map(({ state }) => state))].join(', ');
    return [
      `sweep: expected experiments that no job trains, got ${numOpen} that wait or run in job ${id} (${words}); wait for it with sconce slurm wait ${id}, or end it with sconce slurm cancel ${id}`,
    ];
  });
  if (problems.length > 0) throw new ConfigError('submit a sweep', problems);
}

/** Of a program there is no more to know than its name. */
async function readFacts(
  experiment: string,
  settings: readonly string[],
): Promise<{ name: string; slurm: SlurmSettings }> {
  if (!existsSync(experiment))
    throw new ConfigError('submit a job', [
      `experiment: expected a file that sconce train runs, got none at "${experiment}"`,
    ]);
  const name = basename(experiment, extname(experiment));
  if (!['.yaml', '.yml', '.json'].includes(extname(experiment))) return { name, slurm: slurmDefaults() };
  const { config, slurm } = await readExperiment(experiment, { overrides: settings });
  return { name: config.experimentName ?? name, slurm };
}

async function submit(work: Work, options: SubmitOptions): Promise<Submission> {
  const { jobsFolder = JOBS_FOLDER, checksResources = true, isDryRun = false } = options;
  const { settings, name } = work;
  if (checksResources && !isDryRun) {
    const cluster = await readCluster();
    const problems = [...resourceProblems(settings, cluster), ...arrayProblems(work, cluster)];
    if (problems.length > 0)
      throw new ConfigError(
        'submit a job',
        problems.map((problem) => (problem.startsWith('sweep: ') ? problem : `slurm.${problem}`)),
      );
  }
  const template = await readTemplate(settings.template);
  const folder = isDryRun ? resolve(jobsFolder, sanitizeName(name)) : await newFolder(jobsFolder, name);
  const checkout =
    settings.isolated && !isDryRun
      ? await makeCheckout(process.cwd(), join(folder, 'checkout'), jobsFolder)
      : undefined;
  const script = scriptOf(work, { folder, template, checkout });
  const { numLeft = 0 } = work;
  if (isDryRun) return { job: undefined, script, numLeft };
  const path = join(folder, `${sanitizeName(name)}.sbatch`);
  await Promise.all(Object.entries(work.files).map(([file, text]) => writeFile(join(folder, file), text)));
  await writeFile(path, script, { mode: 0o755 });
  const printed = await slurmCommand('sbatch', ['--parsable', path]);
  const id = /^(\d+)/m.exec(printed)?.[1];
  if (id === undefined)
    throw new ConfigError('submit a job', [`sbatch: expected the number of a job, got ${JSON.stringify(printed)}`]);
  const job: SubmittedJob = {
    ...{ id, name, experiment: work.experiment, folder: relative(process.cwd(), folder) || '.' },
    submittedAt: new Date().toISOString(),
    ...(work.tasks && { tasks: work.tasks }),
    ...(work.sweep !== undefined && { sweep: work.sweep }),
    ...(checkout && { commit: checkout.commit }),
  };
  await addToHistory(jobsFolder, job);
  return { job, script, numLeft };
}

/** A cluster refuses arrays above a size, whatever may run of them at a time. */
function arrayProblems({ tasks = [] }: Work, { maxArraySize }: Cluster): string[] {
  if (tasks.length <= maxArraySize) return [];
  return [
    `sweep: expected at most ${maxArraySize} experiments in one array, the cluster's MaxArraySize, got ${tasks.length}; submit some of them (--max-tasks ${maxArraySize}), and the rest when they have ended, or vary fewer values`,
  ];
}

async function newFolder(jobsFolder: string, name: string): Promise<string> {
  const [date, time] = new Date().toISOString().replaceAll(/[-:]/g, '').split(/[T.]/);
  await mkdir(jobsFolder, { recursive: true });
  for (let i = 1; ; i++) {
    const folder = resolve(jobsFolder, `${sanitizeName(name)}-${date}-${time}${i === 1 ? '' : `-${i}`}`);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

async function readTemplate(path: string | undefined): Promise<{ readonly text: string; readonly path: string }> {
  const own = path ?? join(packageFolder(), 'templates', 'slurm', 'job.sbatch');
  try {
    return { text: await readFile(own, 'utf8'), path: path ?? 'job.sbatch' };
  } catch (cause) {
    throw new ConfigError('submit a job', [`slurm.template: expected a script, got none at "${own}"`], { cause });
  }
}

interface ScriptPlace {
  readonly folder: string;
  readonly template: { readonly text: string; readonly path: string };
  readonly checkout: Checkout | undefined;
}

function scriptOf(work: Work, { folder, template, checkout }: ScriptPlace): string {
  const { settings, tasks, name } = work;
  const { jobName = name, cpusPerTask, maxConcurrent, gpusPerNode, extraArgs, signalSec, requeue } = settings;
  const output = settings.output ?? join(folder, tasks ? 'output-%A_%a.log' : 'output-%j.log');
  const array = tasks && `0-${tasks.length - 1}${maxConcurrent === undefined ? '' : `%${maxConcurrent}`}`;
  const own = {
    'job-name': sanitizeName(jobName),
    ...{ account: settings.account, partition: settings.partition, nodes: settings.nodes },
    'ntasks-per-node': settings.ntasksPerNode,
    'gpus-per-node': gpusPerNode === 0 ? undefined : gpusPerNode,
    'cpus-per-task': cpusPerTask,
    ...{ mem: settings.mem, time: settings.time, constraint: settings.constraint, array },
    ...{ output, error: settings.error, 'open-mode': 'append' },
    'mail-type': settings.mailType,
    'mail-user': settings.mailUser,
    [requeue ? 'requeue' : 'no-requeue']: true,
    signal: `USR1@${signalSec}`,
  };
  const directives = directivesOf({ ...own, ...extraArgs });
  const main = join(packageFolder(), 'dist', 'cli', 'main.js');
  // Ranks end one after another once all is saved: the first must not take the others with it.
  const srun = [
    'srun',
    '--kill-on-bad-exit=0',
    ...(cpusPerTask === undefined ? [] : [`--cpus-per-task=${cpusPerTask}`]),
  ];
  const command = [...srun, process.execPath, main, ...work.words(folder)].map(shellQuoted).join(' ');
  const threads = cpusPerTask === undefined ? [] : [`export OMP_NUM_THREADS=${cpusPerTask}`];
  return fillTemplate(
    template.text,
    {
      DIRECTIVES: directives,
      FOLDER: shellQuoted(checkout?.folder ?? process.cwd()),
      SETUP: [...threads, ...settings.setup].join('\n'),
      COMMAND: `exec ${command}`,
      EXPERIMENT_NAME: shellQuoted(name),
      CONFIG_FILE: shellQuoted(work.experiment),
      JOB_NAME: sanitizeName(jobName),
      ACCOUNT: settings.account ?? '',
      PARTITION: settings.partition ?? '',
      NODES: String(settings.nodes),
      NTASKS_PER_NODE: String(settings.ntasksPerNode),
      GPUS_PER_NODE: String(gpusPerNode),
      CPUS_PER_TASK: String(cpusPerTask ?? 1),
      MEM: settings.mem ?? '',
      TIME: settings.time ?? '',
      CONSTRAINT: settings.constraint ?? '',
      OUTPUT: output,
      ERROR: settings.error ?? output,
      MAIL_TYPE: settings.mailType ?? '',
      MAIL_USER: settings.mailUser ?? '',
      ARRAY: array ?? '',
    },
    template.path,
  );
}

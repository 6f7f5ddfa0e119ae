// A run that SLURM stops puts its job back into the queue: once, and only where the job is to go on.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runOfJob } from '../../src/cli/run-of-job.ts';
import type { StopSignal } from '../../src/errors.ts';
import { readRun } from '../../src/tracking/index.ts';
import type { GenericTrainerConfig } from '../../src/trainer/index.ts';
import { requeueJob, type SlurmJob, slurmJobOf } from '../../src/trainer/preemption/slurm.ts';
import { TrainingRun } from '../../src/trainer/run/run.ts';
import { tinyLoader, tinyTrainer } from '../../src/trainer/testing/tiny.ts';
import { runsFolder, trainNew } from './runs.ts';
import { makeScontrol, RUNNING } from './scontrol.ts';

const folder = runsFolder();

const batch = { SLURM_JOB_ID: '12', SLURM_PROCID: '0' };
const inBatch = { hasTerminal: false };

describe('slurmJobOf()', () => {
  test('is the job of the environment, or the task of an array', () => {
    const job = { id: '12', restarts: 0, isPrimary: true };
    expect(slurmJobOf({}, inBatch)).toBeUndefined();
    expect(slurmJobOf({ SLURM_JOB_ID: '' }, inBatch)).toBeUndefined();
    expect(slurmJobOf(batch, inBatch)).toEqual(job);
    expect(slurmJobOf({ SLURM_JOB_ID: '12' }, inBatch)).toEqual(job);
    expect(slurmJobOf({ ...batch, SLURM_PROCID: '3' }, inBatch)).toEqual({ ...job, isPrimary: false });
    expect(slurmJobOf({ ...batch, SLURM_RESTART_COUNT: '2' }, inBatch)).toEqual({ ...job, restarts: 2 });
    const array = { ...batch, SLURM_ARRAY_JOB_ID: '10', SLURM_ARRAY_TASK_ID: '3' };
    expect(slurmJobOf(array, inBatch)).toEqual({ ...job, id: '10_3' });
  });

  test('is none in a shell that SLURM gave somebody', () => {
    expect(slurmJobOf(batch, { hasTerminal: true })).toBeUndefined();
    expect(slurmJobOf({ ...batch, SLURM_PTY_PORT: '37703' }, inBatch)).toBeUndefined();
  });
});

describe('requeueJob()', () => {
  const job: SlurmJob = { id: '12', restarts: 0, isPrimary: true };

  /** What is told and what scontrol is called with. */
  async function requeued(
    options: { shown?: string; requeue?: string },
    signal: StopSignal = 'SIGTERM',
    given: SlurmJob | undefined = job,
  ): Promise<{ told: string | undefined; calls: string[] }> {
    const folder = mkdtempSync(join(tmpdir(), 'sconce-slurm-'));
    const { PATH } = process.env;
    onTestFinished(() => {
      process.env.PATH = PATH;
      rmSync(folder, { recursive: true });
    });
    const { calls } = makeScontrol(folder, options);
    process.env.PATH = `${folder}:${PATH}`;
    return { told: await requeueJob(signal, given), calls: calls() };
  }

  const [show, requeue] = ['show job 12 --oneliner', 'requeue 12'];

  test('puts a running job and one whose time is up back into the queue', async () => {
    const told = 'Requeued SLURM job 12';
    for (const signal of ['SIGTERM', 'SIGUSR1', 'SIGUSR2'] as const)
      expect(await requeued({}, signal)).toEqual({ told, calls: [show, requeue] });
    const shown = RUNNING.replace('RUNNING', 'COMPLETING').replace('None', 'TimeLimit');
    expect(await requeued({ shown })).toEqual({ told, calls: [show, requeue] });
  });

  test('leaves alone what is cancelled or requeued already, what is no batch job, and what Ctrl-C ends', async () => {
    const asked = { told: undefined, calls: [show] };
    expect(await requeued({ shown: RUNNING.replace('RUNNING', 'COMPLETING') })).toEqual(asked);
    expect(await requeued({ shown: RUNNING.replace('BatchFlag=1', 'BatchFlag=0') })).toEqual(asked);
    expect(await requeued({}, 'SIGINT')).toEqual({ told: undefined, calls: [] });
    expect(await requeued({}, 'SIGTERM', { ...job, isPrimary: false })).toEqual({ told: undefined, calls: [] });
  });

  test('tells what scontrol says where it fails', async () => {
    const message = 'Requested operation is presently disabled for job 12';
    expect(await requeued({ requeue: `echo "${message}" >&2; exit 1` })).toEqual({
      told: `SLURM job 12 was not requeued: scontrol requeue 12 ended with 1: ${message}`,
      calls: [show, requeue],
    });
    const { PATH } = process.env;
    onTestFinished(() => {
      process.env.PATH = PATH;
    });
    process.env.PATH = '/nowhere';
    expect(await requeueJob('SIGUSR1', job)).toBe(`SLURM job 12 was not requeued: scontrol ${show} is not on PATH`);
  });
});

test('sconce train requeues its job when everything is written, and goes on with its run when SLURM starts the job again', {
  timeout: 60_000,
}, async () => {
  const { calls, folder: bin } = makeScontrol(mkdtempSync(join(folder.path, 'bin-')));
  const environment = { ...batch, PATH: `${bin}:${process.env.PATH}` };
  const runs = join(folder.path, 'runs');
  const settings = { signal: 'SIGUSR1', at: 11 };
  const first = await trainNew(folder.path, settings, { runs, environment });
  expect(first.outcome).toMatchObject({ code: 138, stderr: expect.stringMatching(/\nRequeued SLURM job 12\n$/) });
  expect(calls()).toEqual(['show job 12 --oneliner', 'requeue 12']);
  expect((await readRun(first.folder)).summary).toMatchObject({ status: 'interrupted' });
  const again = { ...environment, SLURM_RESTART_COUNT: '1' };
  const second = await trainNew(folder.path, settings, { runs, environment: again });
  expect(second.outcome).toMatchObject({ code: 0, stderr: expect.stringContaining('SLURM has started job 12 again') });
  expect(readdirSync(runs)).toEqual([basename(first.folder)]);
  const { events, summary } = await readRun(first.folder);
  expect(events.some(({ event }) => event === 'resumed')).toBe(true);
  expect(summary).toMatchObject({ status: 'finished' });
  expect(calls().length).toBe(2);
});

test("fit() in a program of the user's own requeues its job when it has saved, and says so in its error", async () => {
  const { calls, folder: bin } = makeScontrol(mkdtempSync(join(folder.path, 'bin-')));
  const before = process.env;
  onTestFinished(() => {
    process.env = before;
  });
  process.env = { ...before, ...batch, PATH: `${bin}:${before.PATH}` };
  const stop = (signal: string, config: GenericTrainerConfig) => {
    const { trainer } = tinyTrainer({
      config,
      callbacks: [{ name: 'signaller', batchEnd: () => void process.kill(process.pid, signal) }],
    });
    return trainer.fit({ trainLoaders: [tinyLoader(4)] });
  };
  const rootDir = join(folder.path, 'own');
  await expect(stop('SIGUSR1', { checkpoint: { rootDir } })).rejects.toThrow(
    /^Interrupted by SIGUSR1; saved ".*own\/experiment\/epoch_000_step_000001.ckpt"; Requeued SLURM job 12$/,
  );
  expect(calls()).toEqual(['show job 12 --oneliner', 'requeue 12']);
  await expect(stop('SIGUSR2', { preemption: { signal: 'SIGUSR2', requeueJob: false } })).rejects.toThrow(
    /^Interrupted by SIGUSR2$/,
  );
  expect(calls().length).toBe(2);
});

test('runOfJob() is the unfinished run of a job that does the same, or else the finished one', async () => {
  const runs = mkdtempSync(join(folder.path, 'jobs-'));
  const job: SlurmJob = { id: '12', restarts: 1, isPrimary: true };
  const asked = { experiment: 'a', entry: 'a.ts', options: { epochs: 3 } };
  const add = (name: string, config: object): string => {
    const run = join(runs, name);
    mkdirSync(run);
    writeFileSync(join(run, 'config.json'), JSON.stringify(config));
    return run;
  };
  mkdirSync(join(runs, 'no-run'));
  add('of-no-job', asked);
  add('of-another', { ...asked, slurmJob: '13' });
  add('of-others', { ...asked, slurmJob: '12', options: { epochs: 4 } });
  expect(await runOfJob(runs, job, asked)).toBeUndefined();
  const own = add('own', { ...asked, slurmJob: '12' });
  expect(await runOfJob(runs, job, asked)).toBe(own);
  expect(await runOfJob(runs, { ...job, restarts: 0 }, asked)).toBeUndefined();
  const later = add('own-later', { ...asked, slurmJob: '12' });
  await new TrainingRun(later, { isResumed: false }).finish({ status: 'finished', exitCode: 0 });
  expect(await runOfJob(runs, job, asked)).toBe(own);
  rmSync(own, { recursive: true });
  expect(await runOfJob(runs, job, asked)).toBe(later);
});

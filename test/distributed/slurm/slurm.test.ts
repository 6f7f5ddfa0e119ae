// `sconce slurm` with a SLURM that answers, as cluster.sh beside this starts one: jobs over its machines, arrays, time limits, machines that fail.
// Without one, what is said to SLURM is tested in src/experiments/slurm.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { load } from '../../../src/index.ts';
import { differences } from '../../resume/differences.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const restarts = join(root, 'test/distributed/restarts-experiment.ts');

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', timeout: 20_000, stdio: 'pipe' });

const numMachines = ((): number => {
  try {
    return Number(run('sinfo', '--noheader', '--format=%D').split('\n')[0]);
  } catch (error) {
    if (process.env.SLURM_CONF !== undefined) throw error; // one was said to be there
    return 0;
  }
})();

/** What a command prints, also where it ends with an error. */
function execAnyway(call: () => string): string {
  try {
    return call();
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

/** No cluster of tests has had so many jobs. */
const FORGOTTEN = '999999';

interface Job {
  readonly id: string;
  /** Its folder. */
  readonly place: string;
}

/** Looks until there is something. */
async function until<T>(what: string, look: () => T | null | undefined, seconds = 90): Promise<T> {
  for (const end = performance.now() + 1000 * seconds; ; ) {
    const found = look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`Waited ${seconds} s in vain for ${what}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

describe.skipIf(numMachines < 2)('with a SLURM of two machines', () => {
  let folder: string;
  let variables: Record<string, string>;
  const sconce = (...args: string[]): string =>
    execFileSync(process.execPath, [main, ...args], {
      cwd: folder,
      env: { ...process.env, MASTER_ADDR: '127.0.0.1', OMP_NUM_THREADS: '1', ...variables }, // jobs get it; machines here may be names of one
      encoding: 'utf8',
      stdio: 'pipe',
    });
  const submit = (...args: string[]): Job => {
    const [, id, place] = /Submitted job (\d+)[^:]*: (\S+)/.exec(sconce('slurm', 'submit', ...args))!;
    return { id: id!, place: join(folder, place!) };
  };
  const wait = (id: string): string => sconce('slurm', 'wait', id, '--every', '0.5');
  const checkpointsOf = (place: string): string => {
    const runs = readdirSync(join(place, 'runs')).filter((name) => !name.startsWith('.'));
    expect(runs).toHaveLength(1);
    return join(place, 'runs', runs[0]!, 'checkpoints');
  };
  const outputOf = ({ id, place }: Job): string => readFileSync(join(place, `output-${id}.log`), 'utf8');

  beforeEach(() => {
    variables = {};
    folder = mkdtempSync(join(tmpdir(), 'sconce-slurm-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(join(root, 'templates/project'), folder, { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/sconce'));
    const slurm = "slurm: { time: '00:05:00' }\n";
    writeFileSync(join(folder, 'experiment.yaml'), readFileSync(join(folder, 'experiment.yaml'), 'utf8') + slurm);
  });

  test('a job over both has one run, and is shown on its way and when SLURM has forgotten it', () => {
    const job = submit('experiment.yaml', '--nodes', '2', '--set', 'training.max_epochs=2');
    const shown = sconce('slurm', 'monitor', '--every', '0.2').trim().split('\n');
    expect(shown.at(-2)).toMatch(new RegExp(`^${job.id}  spirals  COMPLETED  epoch 2/2, step 20, val/loss 0\\.\\d+$`));
    expect(shown.at(-1)).toBe('1 COMPLETED');
    expect(readdirSync(checkpointsOf(job.place))).toContain('latest.ckpt');
    expect(outputOf(job)).toContain('2/2');
    const row = (id: string, state: string, rest: string): RegExp =>
      new RegExp(`\n${id} +spirals +${state} +${rest} +slurm/spirals-[-\\d]+/runs/spirals-[-\\d]+$`, 'm');
    const whole = row(job.id, 'COMPLETED', '0:\\d\\d +epoch 2/2, step 20, val/loss \\S+ +\\S+');
    expect(sconce('slurm', 'status')).toMatch(whole);
    expect(sconce('slurm', 'history')).toMatch(whole);
    expect(sconce('slurm', 'history', '--state', 'failed')).toBe('None of 1 COMPLETED\n');
    expect(sconce('slurm', 'monitor')).toBe('No job that was submitted from here is under way\n');

    // A number that SLURM does not have, as after days.
    const rename = (file: string): void => {
      const path = join(folder, 'slurm', file);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll(`"${job.id}"`, `"${FORGOTTEN}"`));
    };
    rename('history.jsonl');
    expect(sconce('slurm', 'status')).toMatch(
      row(FORGOTTEN, 'UNKNOWN', 'epoch 2/2, step 20, val/loss \\S+ +its run: finished'),
    );
    expect(wait(FORGOTTEN)).toBe(`${FORGOTTEN} UNKNOWN its run: finished\n`);
    rename('ends.jsonl');
    expect(sconce('slurm', 'history')).toMatch(
      row(FORGOTTEN, 'COMPLETED', '0:\\d\\d +epoch 2/2, step 20, val/loss \\S+ +\\S+'),
    );
  }, 120_000);

  test('an accounting that does not answer leaves open how a job ended that the queue has forgotten', () => {
    expect(execAnyway(() => wait(FORGOTTEN))).toBe(`${FORGOTTEN} UNKNOWN\n`);
    const conf = readFileSync(process.env.SLURM_CONF!, 'utf8');
    const none = 'AccountingStorageType=accounting_storage/none';
    expect(conf).toContain(none);
    const daemon =
      'AccountingStorageType=accounting_storage/slurmdbd\nAccountingStorageHost=localhost\nAccountingStoragePort=1';
    variables = { SLURM_CONF: join(folder, 'slurm.conf') };
    writeFileSync(variables.SLURM_CONF!, conf.replace(none, daemon));
    expect(sconce('slurm', 'status', FORGOTTEN)).toMatch(
      /NO_ANSWER .*the accounting gives no answer: Problem talking to the database/,
    );
    expect(() => sconce('slurm', 'wait', FORGOTTEN, '--every', '0.1')).toThrow(
      `Cannot wait for job ${FORGOTTEN}: expected to learn how it ended, but the queue has forgotten it`,
    );
  }, 120_000);

  test('what does not fit now is refused, and waits where it is submitted all the same', async () => {
    run('scontrol', 'update', 'nodename=two', 'state=drain', 'reason=fan is loud');
    onTestFinished(() => void run('scontrol', 'update', 'nodename=two', 'state=resume'));
    expect(() => submit('experiment.yaml', '--nodes', '2')).toThrow('since 1 is not up: two IDLE+DRAIN (fan is loud)');
    const { id } = submit('experiment.yaml', '--nodes', '2', '--no-check');
    expect(sconce('slurm', 'status')).toMatch(new RegExp(`\n${id} +spirals +PENDING `));
    expect(sconce('slurm', 'cancel', '--all')).toBe(`Cancelled ${id}\n`);
    expect(execAnyway(() => wait(id))).toMatch(new RegExp(`^${id} CANCELLED`));
  }, 60_000);

  test('a sweep that is larger than an array may be, or under way, is refused', () => {
    const rates = Array.from({ length: 21 }, (_, i) => (i + 1) / 1000);
    writeFileSync(
      join(folder, 'rates.yaml'),
      `experiment: experiment.yaml\nset: { training.max_epochs: 200 }\nparameters: { optimizer.lr: [${rates}] }\n`,
    );
    expect(() => submit('rates.yaml')).toThrow(
      "expected at most 20 experiments in one array, the cluster's MaxArraySize, got 21; submit some of them (--max-tasks 20)",
    );
    const printed = sconce('slurm', 'submit', 'rates.yaml', '--max-tasks', '2', '--max-concurrent', '1');
    expect(printed).toContain('19 experiments are left: submit the sweep again when this job has ended\n');
    const [, id] = /Submitted job (\d+) with 2 tasks/.exec(printed)!;
    expect(() => submit('rates.yaml', '--max-tasks', '3')).toThrow(
      new RegExp(`got 2 that wait or run in job ${id} \\(.*\\); wait for it with sconce slurm wait ${id}`),
    );
    sconce('slurm', 'cancel', id!);
    execAnyway(() => wait(id!));
    const again = submit('rates.yaml', '--max-tasks', '3');
    sconce('slurm', 'cancel', again.id);
    execAnyway(() => wait(again.id));
  }, 120_000);

  test('an array runs all of a sweep, so many at a time', () => {
    const sweep =
      'experiment: experiment.yaml\nset: { training.max_epochs: 1 }\nparameters: { optimizer.lr: [0.1, 0.01, 0.001] }\n';
    writeFileSync(join(folder, 'rates.yaml'), sweep);
    const { id, place } = submit('rates.yaml', '--max-concurrent', '1');
    expect(run('scontrol', 'show', 'job', id)).toContain('ArrayTaskThrottle=1');
    expect(wait(id)).toBe([0, 1, 2].map((task) => `${id}_${task} COMPLETED\n`).join(''));
    expect(sconce('sweep', 'rates.yaml')).toContain('finished');
    expect(() => sconce('slurm', 'submit', 'rates.yaml')).toThrow('got 3 that are finished');
    // A task that starts when somebody else has trained its experiment leaves it as it is.
    variables = { SLURM_ARRAY_TASK_ID: '0', SLURM_STEP_NUM_TASKS: '1' };
    sconce('slurm', 'task', join(place, 'tasks.json'));
    const { tasks } = JSON.parse(readFileSync(join(place, 'tasks.json'), 'utf8')) as { tasks: { folder: string }[] };
    expect(readdirSync(tasks[0]!.folder).filter((name) => !name.startsWith('.'))).toHaveLength(1);
  }, 120_000);

  describe('a job that is requeued ends as one that was not stopped, in every bit', () => {
    // SLURM looks at times every 30 s, and signals at the last look before signal-sec: 10 to 40 s after the start. Ranks agree on their stop within a few steps.
    const flags = [
      '--nodes',
      '2',
      '--time',
      '1',
      '--signal-sec',
      '20',
      '--set',
      'accumulation=1',
      '--set',
      'epochs=16',
    ];
    /** A training over both machines, of 128 steps. `pauseMs` is how long each takes in the first start alone. */
    const train = (pauseMs: number): Job => submit(restarts, ...flags, '--set', `pauseMs=${pauseMs}`);
    let whole: Promise<unknown> | undefined;
    const requireSame = async (job: Job): Promise<void> => {
      whole ??= (async () => {
        const undisturbed = train(0);
        expect(wait(undisturbed.id)).toBe(`${undisturbed.id} COMPLETED\n`);
        return load(join(checkpointsOf(undisturbed.place), 'latest.ckpt'));
      })();
      const expected = await whole;
      const ended = execAnyway(() => wait(job.id));
      expect(ended, outputOf(job)).toBe(`${job.id} COMPLETED\n`);
      expect(outputOf(job)).toContain(`SLURM has started job ${job.id} again: going on with `);
      const found = differences(await load(join(checkpointsOf(job.place), 'latest.ckpt')), expected);
      expect(found.filter((path) => !/^(clocks\.\w+Seconds|environment\.(saved_at|run_id))$/.test(path))).toEqual([]);
    };

    test('where a machine fails', async () => {
      const job = train(200);
      await until('a checkpoint', () => {
        const runs = join(job.place, 'runs');
        const isBegun = existsSync(runs) && readdirSync(runs).some((name) => !name.startsWith('.'));
        return (isBegun && existsSync(join(checkpointsOf(job.place), 'latest.ckpt'))) || undefined;
      });
      run('scontrol', 'update', 'nodename=two', 'state=down', 'reason=test');
      onTestFinished(() => {
        if (run('sinfo', '--noheader', '--nodes=two', '--format=%T').startsWith('down')) resume();
      });
      const resume = (): string => run('scontrol', 'update', 'nodename=two', 'state=resume');
      await until('the queue', () => run('squeue', '--noheader', '--format=%T', `--jobs=${job.id}`).match(/PENDING/));
      // Both machines are this one: what another leaves behind when its power goes.
      const noted = { pid: 7, host: 'elsewhere', since: '1', slurmJob: { id: job.id, restarts: 0 } };
      writeFileSync(join(checkpointsOf(job.place), '../process.json'), JSON.stringify(noted));
      resume();
      await requireSame(job);
    }, 120_000);

    test('before its time limit', async () => {
      const job = train(600);
      await requireSame(job);
      expect(outputOf(job)).toContain(`Requeued SLURM job ${job.id}`);
    }, 180_000);
  });
});

// `sconce launch` as a process: programs, signals, a killed launcher, a machine that is lost.
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load } from '../../src/index.ts';
import { isRunning } from '../child.ts';
import { freePort } from '../distributed/ranks.ts';
import { lastingDifferences } from '../resume/runs.ts';
import { requireCompiled, sconce, startSconce } from './sconce.ts';

let folder: string;
beforeAll(async () => {
  await requireCompiled();
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sconce-launch-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), lines.join('\n'));
  return name;
}

/** A rank that notes its pid, and saves and stops when it is asked to. */
const saving = (name: string, saveMs: number): string =>
  write(name, [
    "import { writeFileSync } from 'node:fs';",
    'const rank = process.env.RANK;',
    "for (const [signal, code] of [['SIGTERM', 143], ['SIGUSR1', 138]] as const)",
    `  process.on(signal, () => setTimeout(() => { console.log('saved by', signal); process.exit(code); }, ${saveMs}));`,
    `writeFileSync(\`${name}.\${rank}.pid\`, String(process.pid));`,
    'setInterval(() => {}, 1000);',
  ]);

/** The pids that the ranks have noted. */
async function pidsOf(name: string, ranks = [0, 1]): Promise<number[]> {
  const read = (rank: number): number => Number(readFileSync(join(folder, `${name}.${rank}.pid`), 'utf8'));
  for (;;) {
    try {
      const pids = ranks.map(read);
      if (pids.every((pid) => pid > 0)) return pids;
    } catch {
      // not yet
    }
    await wait(20);
  }
}

test('sconce launch runs a program of TypeScript, and shows the lines of it where a rank fails', async () => {
  const program = write('failing.ts', [
    "import { initProcessGroup } from 'sconce/distributed';",
    'interface Options { readonly steps: number }',
    'const [name, steps] = process.argv.slice(2);',
    'const options: Options = { steps: Number(steps) };',
    'const { rank, size } = await initProcessGroup();',
    "console.log(name, options.steps, 'of', size);",
    "if (rank === 1) throw new RangeError('too many steps');",
    'setInterval(() => {}, 1000);',
  ]);
  const { code, stdout, stderr } = await sconce(['launch', '--nproc', '2', program, '--steps', '3'], folder);
  expect([code, stdout.trimEnd().split('\n').sort()]).toEqual([
    1,
    ['[rank 0] --steps 3 of 2', '[rank 1] --steps 3 of 2'],
  ]);
  const [, shown = ''] = stderr.split('[launch] Rank 1 failed first, with exit code 1:\n');
  expect(shown).toContain(`RangeError: too many steps\n    at <anonymous> (${join(folder, 'failing.ts')}:7:`);
});

test('sconce launch refuses what it cannot run', async () => {
  write('experiment.ts', [
    "import { defineExperiment } from 'sconce/trainer';",
    'export default defineExperiment({});',
  ]);
  const refused = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await sconce(['launch', ...args], folder);
    expect(code).toBe(1);
    return stderr;
  };
  const said = await Promise.all([
    refused('--nproc', '2', 'plot'),
    refused('--nproc', '2', 'experiment.ts'),
    refused('--nproc', '2', '--nnodes', '2', 'experiment.ts'),
  ]);
  expect(said).toEqual([
    expect.stringContaining('Cannot launch "plot": expected one of the commands train, resume'),
    expect.stringContaining('got an experiment; write sconce launch … -- train experiment.ts'),
    expect.stringContaining('Cannot launch on 2 machines: expected --node-rank and --master-addr, got none'),
  ]);
});

test('sconce launch passes a signal on once, and waits for ranks that save', async () => {
  const program = saving('saving.ts', 300);
  const launcher = startSconce(['launch', '--nproc', '2', '--max-restarts', '1', program], folder);
  await pidsOf(program);
  launcher.process.kill('SIGUSR1');
  const { code, stdout, stderr } = await launcher.ended;
  expect(code).toBe(138);
  expect(stdout.trimEnd().split('\n').sort()).toEqual(['[rank 0] saved by SIGUSR1', '[rank 1] saved by SIGUSR1']);
  expect(stderr).toContain('[launch] All 2 ranks stopped by SIGUSR1 in');
});

test('a second signal to sconce launch kills the ranks', async () => {
  const program = saving('slow.ts', 60_000);
  const launcher = startSconce(['launch', '--nproc', '2', program], folder);
  const pids = await pidsOf(program);
  launcher.process.kill('SIGTERM');
  await wait(100);
  launcher.process.kill('SIGINT');
  expect(await launcher.ended).toMatchObject({ code: 143, stdout: '' });
  expect(pids.filter(isRunning)).toEqual([]);
});

test('sconce launch names a machine that is lost, whose ranks end though its launcher is killed and they will not', async () => {
  const program = saving('lost.ts', 60_000);
  const port = `${await freePort()}`;
  const start = (node: number) => {
    const nodes = ['--nnodes', '2', '--node-rank', `${node}`, '--master-addr', '127.0.0.1', '--master-port', port];
    return startSconce(['launch', '--nproc', '1', ...nodes, '--lost-after', '1', '--grace', '1', program], folder);
  };
  const [first, second] = [start(0), start(1)];
  const pids = await pidsOf(program);
  second.process.kill('SIGKILL');
  const { code, stderr } = await first.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /Cannot go on with the launch: expected all 2 machines to be there, got none of machine 1 \(".+", rank 1\): no sign of it for 1000 ms/,
  );
  await second.ended;
  const until = performance.now() + 6000;
  while (pids.some(isRunning) && performance.now() < until) await wait(50);
  expect(pids.filter(isRunning)).toEqual([]);
});

const experiment = fileURLToPath(new URL('../distributed/restarts-experiment.ts', import.meta.url));

test('sconce launch starts nothing again for a command line or a configuration that is wrong', async () => {
  const launch = (...words: string[]) =>
    sconce(['launch', '--nproc', '1', '--max-restarts', '2', ...words], folder, { OMP_NUM_THREADS: '1' });
  const unknown = await launch('--', 'train', '--nonsense');
  expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining("error: unknown option '--nonsense'")]);
  const wrong = await launch('--', 'train', experiment, '--set', 'epoch=3');
  for (const { stderr } of [unknown, wrong])
    expect(stderr).toMatch(/Not starting the ranks again: it would end with the same error\n.*Failed in/);
  expect(wrong.code).toBe(1);
});

test('a signal that ranks get twice, from their launcher and from elsewhere, stops them once, with a checkpoint', async () => {
  const launcher = startSconce(
    ['launch', '--nproc', '2', '--', 'train', experiment, '--runs', 'twice', '--set', 'epochs=1000'],
    folder,
    { OMP_NUM_THREADS: '1', SLURM_JOB_ID: '' },
  );
  let text = '';
  await new Promise<void>((done) =>
    launcher.process.stderr!.on('data', (more: string) => {
      text += more;
      if (/^\[rank 0\] trains/m.test(text) && /^\[rank 1\] trains/m.test(text)) done();
    }),
  );
  const pids = [...text.matchAll(/^\[rank \d\] pid (\d+)/gm)].map(([, pid]) => Number(pid));
  for (const pid of pids) process.kill(pid, 'SIGTERM'); // as SLURM does where it signals all that a job has started
  launcher.process.kill('SIGTERM');
  const { code, stderr } = await launcher.ended;
  expect([code, pids.length]).toEqual([143, 2]);
  expect(stderr).toMatch(/\[rank 0\] Go on with: npx sconce resume twice\/restarts-/);
  expect(stderr).toContain('[launch] All 2 ranks stopped by SIGTERM in');
}, 60_000);

test('a training whose rank is killed goes on from its checkpoint, and ends with the bits of one that was not', async () => {
  const train = (name: string, ...settings: string[]) =>
    sconce(
      [
        ...['launch', '--nproc', '2', '--max-restarts', '1', '--', 'train', experiment, '--runs', name],
        ...settings.flatMap((setting) => ['--set', setting]),
      ],
      folder,
      { OMP_NUM_THREADS: '1', SLURM_JOB_ID: '' },
    );
  const whole = await train('whole');
  expect([whole.code, whole.stderr]).toEqual([0, expect.stringContaining('[launch] All 2 ranks finished')]);
  const killed = await train('killed', 'killRank=1', 'killAt=13');
  expect([killed.code, killed.stderr]).toEqual([
    0,
    expect.stringMatching(/All 2 ranks finished in .*, after 1 restart/),
  ]);
  expect(killed.stderr).toContain('[launch] Rank 1 failed first, with SIGKILL');
  expect(killed.stderr).toMatch(/The launcher has started all ranks again: going on with killed\/restarts-/);
  const stateOf = async (name: string): Promise<unknown> => {
    const [run = '', ...others] = readdirSync(join(folder, name));
    expect(others).toEqual([]);
    return load(join(folder, name, run, 'checkpoints', 'latest.ckpt'));
  };
  const [left, right] = [await stateOf('whole'), await stateOf('killed')];
  expect(lastingDifferences(left, right)).toEqual([]);
}, 60_000);

// `sconce slurm` with a SLURM that answers: jobs over its machines, and an array of a sweep. Without one, what is said to SLURM is tested in src/experiments/slurm.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'dist/cli/main.js');

const numMachines = ((): number => {
  try {
    return Number(
      execFileSync('sinfo', ['--noheader', '--format=%D'], { encoding: 'utf8', timeout: 5000, stdio: 'pipe' }).split(
        '\n',
      )[0],
    );
  } catch {
    return 0;
  }
})();

describe.skipIf(numMachines < 2)('with a SLURM of two machines', () => {
  let folder: string;
  const sconce = (...args: string[]): string =>
    execFileSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sconce-slurm-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync(join(root, 'templates/project'), folder, { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/sconce'));
    const slurm = "slurm: { time: '00:05:00', setup: ['export MASTER_ADDR=127.0.0.1'] }\n"; // machines here may be names of one
    writeFileSync(join(folder, 'experiment.yaml'), readFileSync(join(folder, 'experiment.yaml'), 'utf8') + slurm);
  });

  test('a job over both has one run', () => {
    const submitted = sconce('slurm', 'submit', 'experiment.yaml', '--nodes', '2', '--set', 'training.max_epochs=2');
    const [, id, place] = /Submitted job (\d+): (\S+)/.exec(submitted)!;
    expect(sconce('slurm', 'wait', id!, '--every', '1')).toBe(`${id} COMPLETED\n`);
    const runs = readdirSync(join(folder, place!, 'runs'));
    expect(runs).toHaveLength(1);
    expect(readFileSync(join(folder, place!, `output-${id}.log`), 'utf8')).toContain('2/2');
    expect(sconce('slurm', 'status')).toMatch(new RegExp(`\\n${id} +spirals +COMPLETED `));
  }, 120_000);

  test('an array runs all of a sweep, so many at a time', () => {
    const sweep =
      'experiment: experiment.yaml\nset: { training.max_epochs: 1 }\nparameters: { optimizer.lr: [0.1, 0.01, 0.001] }\n';
    writeFileSync(join(folder, 'rates.yaml'), sweep);
    const submitted = sconce('slurm', 'submit', 'rates.yaml', '--max-concurrent', '1');
    const [, id] = /Submitted job (\d+) with 3 tasks/.exec(submitted)!;
    expect(execFileSync('scontrol', ['show', 'job', id!], { encoding: 'utf8' })).toContain('ArrayTaskThrottle=1');
    expect(sconce('slurm', 'wait', id!, '--every', '1')).toBe(
      [0, 1, 2].map((task) => `${id}_${task} COMPLETED\n`).join(''),
    );
    expect(sconce('sweep', 'rates.yaml')).toContain('finished');
    expect(() => sconce('slurm', 'submit', 'rates.yaml')).toThrow('got 3 that are finished');
  }, 120_000);
});

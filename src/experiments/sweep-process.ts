// One run of a sweep as a process: `sconce train` or `sconce resume`, with its output in a file.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFolder } from '../binding/sources.ts';
import { flatten, type Parameters } from './dot-paths.ts';

/** What a process is started for. */
export interface SweepTask {
  /** The experiment's folder in the sweep. */
  readonly folder: string;
  /** The run to go on with; without it a new one begins. */
  readonly resumes?: string | undefined;
  /** The experiment's file. */
  readonly experiment: string;
  /** `name=value` texts. */
  readonly settings: readonly string[];
  readonly threads: number;
}

/** How a process ended. */
export interface SweepExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines that it wrote. */
  readonly output: string;
}

/** A run's process. It has a process group of its own: a signal from the terminal reaches it once, through the sweep. */
export class SweepProcess {
  readonly ended: Promise<SweepExit>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ended: Promise<SweepExit>) {
    this.#child = child;
    this.ended = ended;
  }

  static async start({ folder, resumes, experiment, settings, threads }: SweepTask): Promise<SweepProcess> {
    await mkdir(folder, { recursive: true });
    const main = join(packageFolder(), 'dist', 'cli', 'main.js');
    const args =
      resumes === undefined
        ? ['train', experiment, '--runs', folder, ...settings.flatMap((setting) => ['--set', setting])]
        : ['resume', resumes];
    const log = join(folder, 'output.log');
    const output = openSync(log, 'a');
    // The job is the sweep's: a run must not put it back into SLURM's queue, or take another run of it for its own.
    const { SLURM_JOB_ID: _, ...environment } = process.env;
    const child = spawn(process.execPath, [main, ...args], {
      ...{ stdio: ['ignore', output, output], detached: true },
      env: { ...environment, OMP_NUM_THREADS: String(threads) },
    });
    closeSync(output);
    const note = join(folder, 'process.json');
    if (child.pid !== undefined) writeFileSync(note, JSON.stringify({ pid: child.pid }));
    const ended = new Promise<SweepExit>((resolve) => {
      child.on('error', (error) => resolve({ code: null, signal: null, output: error.message }));
      child.on('exit', (code, signal) => {
        rmSync(note, { force: true });
        resolve({ code, signal, output: lastLines(log) });
      });
    });
    return new SweepProcess(child, ended);
  }

  /** Asks it to save and to end; a second time ends it at once. */
  stop(): void {
    this.#child.kill('SIGTERM');
  }
}

/** What one experiment of a sweep changes, as `path=value` texts. @param base - what all have in common. */
export function sweepSettings(base: Parameters, parameters: Parameters): string[] {
  return Object.entries({ ...flatten(base), ...parameters }).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
}

const MAX_OUTPUT = 2000;

function lastLines(path: string): string {
  return readFileSync(path, 'utf8').slice(-MAX_OUTPUT).trim().split('\n').slice(-8).join('\n');
}

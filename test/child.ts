// Runs a TypeScript file of the tests in a process of its own, where memory, exits and crashes can be looked at.

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
// Two levels below the package folder, as `src/binding` is: the bundled loader finds the package from there.
const folder = join(root, 'node_modules', '.sconce-test');

export interface ChildResult {
  /** The exit code, or undefined where a signal ended the process. */
  readonly status: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A bundle of an entry with the sources in it, that Node runs. Remove it when done. */
export function bundle(entry: URL): { readonly path: string; remove(): void } {
  const path = join(
    folder,
    `${basename(entry.pathname, '.ts')}-${process.pid}-${Math.random().toString(36).slice(2)}.mjs`,
  );
  mkdirSync(folder, { recursive: true });
  buildSync({
    entryPoints: [fileURLToPath(entry)],
    outfile: path,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
  });
  return { path, remove: () => rmSync(path, { force: true }) };
}

export interface ChildOptions {
  readonly args?: readonly string[];
  /** As in `['--expose-gc']`. */
  readonly nodeOptions?: readonly string[];
  /** Variables beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** For one that may not end: after so long it is killed, and has a signal. */
  readonly timeoutMs?: number;
}

/** Runs an entry to its end. */
export function runChild(entry: URL, options: ChildOptions = {}): ChildResult {
  const { args = [], nodeOptions = [], environment = {}, timeoutMs } = options;
  const script = bundle(entry);
  try {
    const command = ['--enable-source-maps', ...nodeOptions, script.path, ...args];
    const env = { ...process.env, ...environment };
    const run = spawnSync(process.execPath, command, {
      encoding: 'utf8',
      cwd: root,
      env,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    return { status: run.status ?? undefined, signal: run.signal ?? undefined, stdout: run.stdout, stderr: run.stderr };
  } finally {
    script.remove();
  }
}

/** Runs an entry that prints one JSON value. @throws {Error} with what it printed, where it fails. */
export function readChild(entry: URL, options: ChildOptions = {}): unknown {
  const { status, signal, stdout, stderr } = runChild(entry, options);
  if (status !== 0)
    throw new Error(`Cannot run ${basename(entry.pathname)}: ${signal ?? `exit code ${status}`}\n${stderr}`);
  return JSON.parse(stdout);
}

/** Whether a process runs. What nobody waits for may stay in the table when it has ended. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

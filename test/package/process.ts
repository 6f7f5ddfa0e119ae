// Runs other programs for the package tests, and says what cannot be tested here.
import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly folder: string;
  /** Beside this process's variables; undefined takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Starts a program, and says how it ends. */
export function start(
  command: readonly string[],
  { folder, environment = {} }: RunOptions,
): { readonly process: ChildProcess; readonly ended: Promise<Outcome> } {
  const [program = '', ...args] = command;
  // Programs that a test starts by name (npm, npx, `#!/usr/bin/env node`) run on the Node of the test.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, ...environment };
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { process: child, ended };
}

/** Runs a program to its end. */
export function run(command: readonly string[], options: RunOptions): Promise<Outcome> {
  return start(command, options).ended;
}

/** What a program prints. @throws {Error} where it fails, with all that it printed. */
export async function output(command: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, stderr } = await run(command, options);
  if (code === 0) return stdout;
  throw new Error(`Cannot run ${command.join(' ')}: expected exit code 0, got ${code}\n${stdout}\n${stderr}`);
}

/** Ends a test that this machine cannot run, with the reason. In CI, where nothing may be left out, it fails. */
export function unavailable(context: TestContext, reason: string): never {
  if (process.env.CI) throw new Error(`Cannot leave a test out in CI: expected what it needs, got ${reason}`);
  console.warn(`skipped "${context.task.name}": ${reason}`);
  context.skip(reason);
  throw new Error('internal: a skipped test went on');
}

const noNetwork = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|E50\d)\b/;

/** Runs a command that needs the npm registry; the test ends where that cannot be reached. */
export async function withRegistry(
  context: TestContext,
  command: readonly string[],
  options: RunOptions,
): Promise<string> {
  const { code, stdout, stderr } = await run(command, options);
  if (code === 0) return stdout;
  const reason = noNetwork.exec(stdout + stderr)?.[0];
  if (reason !== undefined) unavailable(context, `no npm registry (${reason})`);
  throw new Error(`Cannot run ${command.join(' ')}: expected exit code 0, got ${code}\n${stdout}\n${stderr}`);
}

/** Brings the packages of a folder beside this file, once. Gives its node_modules. */
export async function tools(context: TestContext, name: 'pnpm' | 'typescript'): Promise<string> {
  const { arePackagesCurrent } = (await import(join(root, 'scripts/prepare.mjs'))) as {
    arePackagesCurrent(folder: string): boolean;
  };
  const folder = join(root, 'test/package', name);
  if (!arePackagesCurrent(folder)) {
    await withRegistry(context, ['npm', 'ci', '--no-audit', '--no-fund'], { folder });
  }
  return join(folder, 'node_modules');
}

const withoutRoot = ['setpriv', '--bounding-set=-dac_override,-dac_read_search,-fowner'];

/** What to put before a command so that it must obey file permissions: nothing for an ordinary user, `setpriv` for root. */
export async function obeyingPermissions(context: TestContext): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const { code } = await run([...withoutRoot, 'true'], { folder: root }).catch(() => ({ code: null }));
  if (code !== 0) unavailable(context, 'root, to whom every file is writable, and no setpriv that takes that away');
  return withoutRoot;
}

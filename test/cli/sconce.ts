// Runs the `sconce` command of this checkout in processes of their own.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const prepare = new URL('../../scripts/prepare.mjs', import.meta.url).href;

/** How a process ended. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @throws {Error} where dist/ is older than src/: the command would be another program than the one that is tested. */
export async function requireCompiled(): Promise<void> {
  const { isCompiled } = (await import(prepare)) as { isCompiled(): boolean };
  if (!isCompiled())
    throw new Error('Cannot run the command: expected dist/ as src/ compiles to, got an older one; run npm run build');
}

/** Starts the command. @param folder - where it runs.  @param environment - variables beside those of this process. */
export function startSconce(
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv = {},
): { process: ChildProcess; ended: Promise<Outcome> } {
  return startNode([main, ...args], folder, environment);
}

function startNode(
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): { process: ChildProcess; ended: Promise<Outcome> } {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { process: child, ended };
}

/** Runs the command to its end. */
export function sconce(args: readonly string[], folder: string, environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return startSconce(args, folder, environment).ended;
}

/** Runs a JavaScript file of a test to its end. */
export function runScript(file: string, args: readonly string[], folder: string): Promise<Outcome> {
  return startNode([file, ...args], folder, {}).ended;
}

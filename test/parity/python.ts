// Finds a Python with torch, which parity tests compare with: SCONCE_PYTHON, else python3. Where there is none they are skipped, and say so.
import { spawnSync } from 'node:child_process';

export interface PythonTorch {
  readonly command: string;
  readonly torchVersion: string;
}

/** The Python to compare with, or the reason why there is none.
 *  @param options.oldest - the first major version of torch that will do. */
export function findPythonTorch(options: { oldest?: number } = {}): PythonTorch | { readonly missing: string } {
  const command = process.env.SCONCE_PYTHON ?? 'python3';
  // Importing torch takes seconds, and every suite asks.
  const ask = 'from importlib.metadata import version; print(version("torch"))';
  const probe = spawnSync(command, ['-c', ask], { encoding: 'utf8' });
  if (probe.error !== undefined) return { missing: `${command} cannot be run: ${probe.error.message}` };
  if (probe.status !== 0) return { missing: `${command} has no torch: ${probe.stderr.trim().split('\n').at(-1)}` };
  const torchVersion = probe.stdout.trim();
  const { oldest = 0 } = options;
  return Number.parseInt(torchVersion, 10) < oldest
    ? { missing: `expected torch ${oldest}.0 or newer, got ${torchVersion}` }
    : { command, torchVersion };
}

/** Runs a script to its end. @throws {Error} with what it printed, if it fails. */
export function runPython(python: PythonTorch, args: readonly string[]): string {
  const run = spawnSync(python.command, [...args], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (run.status !== 0)
    throw new Error(`Cannot run ${python.command} ${args.join(' ')}: ${run.error?.message ?? run.stderr}`);
  return run.stdout;
}

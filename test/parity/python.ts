// Finds a Python with torch, which parity tests compare with: SCONCE_PYTHON, else python3. Where there is none they are skipped, and say so.
import { spawnSync } from 'node:child_process';

export interface PythonTorch {
  readonly command: string;
  readonly torchVersion: string;
}

/** The Python to compare with, or the reason why there is none. */
export function findPythonTorch(): PythonTorch | { readonly missing: string } {
  const command = process.env.SCONCE_PYTHON ?? 'python3';
  const probe = spawnSync(command, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
  if (probe.error !== undefined) return { missing: `${command} cannot be run: ${probe.error.message}` };
  if (probe.status !== 0) return { missing: `${command} has no torch: ${probe.stderr.trim().split('\n').at(-1)}` };
  return { command, torchVersion: probe.stdout.trim() };
}

/** Runs a script to its end. @throws {Error} with what it printed, if it fails. */
export function runPython(python: PythonTorch, args: readonly string[]): string {
  const run = spawnSync(python.command, [...args], { encoding: 'utf8' });
  if (run.status !== 0)
    throw new Error(`Cannot run ${python.command} ${args.join(' ')}: ${run.error?.message ?? run.stderr}`);
  return run.stdout;
}

// Runs a program in a memory cgroup of its own, where the machine lets one be made.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Version 1 of cgroups, then 2. */
const PLACES = [
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', limit: 'memory.max' },
];

export interface MemoryCgroup {
  /** Runs Node on a script in the group, to its end. */
  run(
    script: string,
    args: readonly string[],
  ): { readonly status: number | null; readonly stdout: string; readonly stderr: string };
  remove(): void;
}

/** @returns the group, or the reason why there can be none. */
export function makeMemoryCgroup(limitBytes: number): MemoryCgroup | { readonly missing: string } {
  let missing = 'expected a memory controller under /sys/fs/cgroup, got none';
  for (const { root, limit } of PLACES) {
    const folder = join(root, `sconce-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch (error) {
      missing = String(error);
      continue;
    }
    if (existsSync(join(folder, limit))) {
      writeFileSync(join(folder, limit), String(limitBytes));
      return { run: (script, args) => runInside(folder, script, args), remove: () => rmdirSync(folder) };
    }
    rmdirSync(folder);
  }
  return { missing };
}

function runInside(folder: string, script: string, args: readonly string[]) {
  const line = 'echo 0 > "$0/cgroup.procs" && exec "$@"';
  return spawnSync('sh', ['-c', line, folder, process.execPath, script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
    timeout: 120_000,
  });
}

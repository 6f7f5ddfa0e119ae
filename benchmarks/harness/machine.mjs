// The machine that is measured on, and how a process is bound to some of its cores.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

/** The cores that this process may use. */
function allowedCores() {
  try {
    const [, list] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return list.split(',').flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
  } catch {
    return cpus().map((_, i) => i);
  }
}

const cores = allowedCores();
const canPin = spawnSync('taskset', ['--version']).status === 0;

/** What was measured on, for the table and the file. */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: loadavg()[0],
    node: process.versions.node,
    isPinned: canPin,
  };
}

/** A command that runs on `numThreads` cores and no others, the last ones, which the system leaves alone most. */
export function pinned(command, numThreads) {
  return canPin ? ['taskset', '-c', cores.slice(-numThreads).join(','), ...command] : command;
}

/** A command that runs on one core: ranks of a job lie on the cores in turn. */
export function onCore(command, index) {
  return canPin ? ['taskset', '-c', String(cores[index % cores.length]), ...command] : command;
}

/** Variables that bound every thread pool of both languages. */
export const threadVariables = (numThreads) => ({
  OMP_NUM_THREADS: String(numThreads),
  MKL_NUM_THREADS: String(numThreads),
});

export const hasCores = (numThreads) => cores.length >= numThreads;

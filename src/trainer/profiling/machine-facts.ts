// What a run has of its machine: cores that it may use, threads that it uses, and what else the machine does.

import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { numThreads } from '../../tensor/process.ts';
import type { MachineFacts } from '../../tracking/profile/run-profile.ts';

/** The processor time that the control group allows, in cores, from the text of its file; undefined where there is no limit.
 *  @param text - of `cpu.max`: two numbers, microseconds in a period; the first is `max` or -1 without a limit. */
export function quotaOf(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not Linux, or the other version of control groups
  }
}

/** Cores that this process may use: those that the system lets it run on, or the share of them that its control group allows. */
export function usableCores(): number {
  const v2 = read('/sys/fs/cgroup/cpu.max');
  const v1 = read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us');
  const text = v2 ?? (v1 && `${v1.trim()} ${read('/sys/fs/cgroup/cpu/cpu.cfs_period_us') ?? ''}`);
  const quota = text === undefined ? undefined : quotaOf(text);
  return Math.min(
    availableParallelism(),
    quota === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(quota)),
  );
}

/** Measures from its making on. */
export class MachineWatch {
  readonly #startedMs = performance.now();
  readonly #startedCpu = process.cpuUsage();

  facts(): MachineFacts {
    const { user, system } = process.cpuUsage(this.#startedCpu);
    const wallMs = performance.now() - this.#startedMs;
    return {
      threads: numThreads(),
      cores: usableCores(),
      busyCores: wallMs > 0 ? (user + system) / 1000 / wallMs : 0,
      load: loadavg()[0]!,
    };
  }
}

// Which cores of this machine each of its ranks has for itself.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { getNative } from '../../tensor/call.ts';

/** Deals cores out in runs of neighbours, so that threads of one core and cores of one socket stay together. Where there are fewer cores than ranks, ranks share one.
 *  @param cores - in the order in which they lie.  @returns the cores of each rank. @internal */
export function shareCores(cores: readonly number[], numRanks: number): number[][] {
  const perRank = Math.floor(cores.length / numRanks);
  if (perRank === 0) return Array.from({ length: numRanks }, (_, i) => [cores[i % cores.length]!]);
  const rest = cores.length % numRanks; // the first ranks have one more
  const beginning = (rank: number): number => rank * perRank + Math.min(rank, rest);
  return Array.from({ length: numRanks }, (_, i) => cores.slice(beginning(i), beginning(i + 1)));
}

/** The cores that this process may use, neighbours beside one another. Empty where the system does not tell. @internal */
export function coresInOrder(): number[] {
  const places = getNative()
    .threadCores()
    .map((core) => ({ core, socket: topologyOf(core, 'physical_package_id'), unit: topologyOf(core, 'core_id') }));
  places.sort((a, b) => a.socket - b.socket || a.unit - b.unit || a.core - b.core);
  return places.map(({ core }) => core);
}

function topologyOf(core: number, fact: string): number {
  try {
    return Number(readFileSync(`/sys/devices/system/cpu/cpu${core}/topology/${fact}`, 'utf8'));
  } catch {
    return 0; // not told: in the order of their numbers
  }
}

/** Threads of each rank where the user does not say. @internal */
export function threadsPerRank(numRanks: number): number {
  const numCores = getNative().threadCores().length || availableParallelism();
  return Math.max(1, Math.floor(numCores / numRanks));
}

/** Does something while this thread, and what it starts, runs on some cores. @internal */
export function onCores<Result>(cores: readonly number[] | undefined, start: () => Result): Result {
  if (cores === undefined) return start();
  const native = getNative();
  const before = native.threadCores();
  native.setThreadCores(cores);
  try {
    return start();
  } finally {
    native.setThreadCores(before);
  }
}

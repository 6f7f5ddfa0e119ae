// `DeviceStatsMonitor`: what a run takes of the machine, as its log shows it.

import { loadavg } from 'node:os';
import { loadNative } from '../../binding/load.ts';
import { gpuMemoryStats } from '../../tensor/memory.ts';
import { OptionChecks } from '../callbacks/option-checks.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';

export interface DeviceStatsMonitorOptions {
  /** Seconds that lie between two looks at least; 0 looks at every log point. Default 1. */
  readonly everySeconds?: number;
  /** Its name among the callbacks. Default 'DeviceStatsMonitor'. */
  readonly name?: string;
}

const MIB = 2 ** 20;

/** Logs at log points that lie a second apart, memory in MiB:
 *  - `system/resident_mb`, what the process has of the machine, and `system/left_mb`, what it may still take;
 *  - `system/cpu_percent`, processor time of all threads since the last look, 100 for one core; `system/load_1m`, processes that want to run, of the whole machine;
 *  - `system/heap_used_mb`, `heap_total_mb` and `external_mb` of JavaScript;
 *  - `system/tensor_mb`, host memory of all tensors and graphs, `tensor_peak_mb`, its most, `tensor_cached_mb`, kept for the next ones, and `system/live_tensors`;
 *  - for each GPU that is used `system/gpu_0/allocated_mb`, `peak_mb`, `reserved_mb` and `left_mb`.
 *  Nothing waits for a device. What the system does not tell is left out.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: Lightning, DeviceStatsMonitor; model-training-framework, `log_system_metrics`.
 *  @example
 *  import { DeviceStatsMonitor } from 'sconce/trainer';
 *  new DeviceStatsMonitor().name; // 'DeviceStatsMonitor' */
export class DeviceStatsMonitor implements Callback {
  readonly name: string;
  readonly #everyMs: number;
  /** When it has looked last. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  #last: { readonly cpu: NodeJS.CpuUsage; readonly ms: number } | undefined;
  #latest: Readonly<Record<string, number>> = {};

  constructor(options: DeviceStatsMonitorOptions = {}) {
    const { everySeconds = 1 } = options;
    new OptionChecks(options, ['everySeconds', 'name'])
      .expect('everySeconds', typeof everySeconds === 'number' && everySeconds >= 0, 'a number from 0 on')
      .text('name')
      .throwIfAny('DeviceStatsMonitor');
    this.#everyMs = everySeconds * 1000;
    this.name = options.name ?? 'DeviceStatsMonitor';
  }

  /** What was logged last. */
  get latest(): Readonly<Record<string, number>> {
    return this.#latest;
  }

  fitStart(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.#last = { cpu: process.cpuUsage(), ms: performance.now() };
  }

  logged({ logger, clocks }: LoopContext): void {
    const now = performance.now();
    if (logger.isEmpty || now - this.#lookedAt < this.#everyMs) return;
    this.#lookedAt = now;
    const values = { ...this.#processor(), ...memory(), ...gpus() };
    this.#latest = values;
    logger.logMetrics(values, clocks);
  }

  #processor(): Record<string, number> {
    const before = this.#last!; // fitStart comes first
    const now = { cpu: process.cpuUsage(), ms: performance.now() };
    this.#last = now;
    const usedMs = (now.cpu.user - before.cpu.user + now.cpu.system - before.cpu.system) / 1000;
    const load = loadavg()[0]!;
    return {
      'system/cpu_percent': (100 * usedMs) / Math.max(now.ms - before.ms, 1e-3),
      ...(load > 0 ? { 'system/load_1m': load } : {}),
    };
  }
}

function memory(): Record<string, number> {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const native = loadNative();
  const [inUse, peak, cached, , , left] = native.memoryCounters();
  return {
    'system/resident_mb': rss / MIB,
    ...(left < 2 ** 60 ? { 'system/left_mb': left / MIB } : {}),
    'system/heap_used_mb': heapUsed / MIB,
    'system/heap_total_mb': heapTotal / MIB,
    'system/external_mb': external / MIB,
    'system/tensor_mb': inUse / MIB,
    'system/tensor_peak_mb': peak / MIB,
    'system/tensor_cached_mb': cached / MIB,
    'system/live_tensors': native.liveTensors(),
  };
}

function gpus(): Record<string, number> {
  const values: Record<string, number> = {};
  for (let index = 0; index < loadNative().numCudaDevices(); index++) {
    const stats = gpuMemoryStats(index);
    if (!stats || stats.reservedBytes === 0) continue;
    values[`system/gpu_${index}/allocated_mb`] = stats.allocatedBytes / MIB;
    values[`system/gpu_${index}/peak_mb`] = stats.peakBytes / MIB;
    values[`system/gpu_${index}/reserved_mb`] = stats.reservedBytes / MIB;
    values[`system/gpu_${index}/left_mb`] = stats.leftBytes / MIB;
  }
  return values;
}

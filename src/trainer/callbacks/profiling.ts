// `ProfilingCallback`: lists of how long epochs, batches and their parts took, and of memory, under the names of adaptiveneuralnetwork.

import { allocatorBytes, gpuMemoryStats } from '../../tensor/memory.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { printProfile } from '../../tracking/profile/profile-table.ts';
import type { ProgressStream } from '../../tracking/progress.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { RecentValues } from '../profiling/recent-values.ts';
import { OptionChecks } from './option-checks.ts';

export interface ProfilingCallbackOptions {
  /** Whether memory is measured. Default true. */
  readonly profileMemory?: boolean;
  /** Whether a model on a GPU is waited for where a part of a batch ends, so that times are the device's own. Slows such a run down. Default true. */
  readonly profileCuda?: boolean;
  /** Values that each list keeps at most: the last ones. Default 100,000. */
  readonly maxValues?: number;
  /** Where the summary goes. Default: the process's standard output. */
  readonly stream?: ProgressStream;
}

/** Lists of a run. Times in seconds, memory in MB of 2^20 bytes; one value an epoch, a batch, or an update. */
export interface ProfilingMetrics {
  readonly epoch_times: readonly number[];
  readonly batch_times: readonly number[];
  readonly forward_times: readonly number[];
  readonly backward_times: readonly number[];
  readonly optimizer_times: readonly number[];
  /** Memory that tensors use after each batch, of the model's GPU, or of the host where it is not on one. */
  readonly memory_allocated?: readonly number[];
  /** The same with what is kept for the next tensors. */
  readonly memory_reserved?: readonly number[];
  /** Memory of the whole process, after each epoch. */
  readonly memory_resident?: readonly number[];
}

type ListName = keyof ProfilingMetrics;

const TIMES: readonly ListName[] = ['epoch_times', 'batch_times', 'forward_times', 'backward_times', 'optimizer_times'];
const MEMORY: readonly ListName[] = ['memory_allocated', 'memory_reserved', 'memory_resident'];
const WIDTH = 60;
const MB = 2 ** 20;

/** Measures epochs, batches, forward and backward passes, updates and memory, and writes a summary at the end of a fit:
 *
 *  ```text
 *  Profiling Summary
 *  Epoch Times: mean=1.52s, std=0.03s, min=1.48s, max=1.57s
 *  Batch Times: mean=3.02ms, std=0.20ms
 *  CPU Memory Allocated: mean=12.40MB, max=13.10MB
 *  CPU Memory Resident: mean=310.20MB, max=312.00MB
 *  ```
 *
 *  Behind it stands the table of `printProfile`, with advice, unless `profileTraining` is off. A batch lasts from its arrival to its last event, an epoch with its validation;
 *  what other callbacks do inside a part is in its time. Lists begin anew with each fit. `memory_allocated` and `memory_reserved` are those of the model's GPU ("GPU Memory Allocated"), of the host
 *  without one, and under libtorch before 2.10; those of a GPU were not tested on one.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: adaptiveneuralnetwork, training/callbacks.py.
 *  @example
 *  import { ProfilingCallback } from 'sconce/trainer';
 *  const profiling = new ProfilingCallback({ profileMemory: false });
 *  profiling.getMetrics().batch_times; // [] */
export class ProfilingCallback implements Callback {
  readonly name = 'ProfilingCallback';
  readonly isPrimaryOnly = true;
  readonly #lists: ReadonlyMap<ListName, RecentValues>;
  readonly #waitsForDevice: boolean;
  readonly #stream: ProgressStream;
  /** Index of the GPU that the model is on; undefined without one, and where libtorch does not tell of its memory. */
  #gpu: number | undefined;
  #epochStart: number | undefined;
  #batchStart = 0;
  /** When the part of the batch that goes on began. */
  #partStart = 0;
  #updateStart = 0;

  constructor(options: ProfilingCallbackOptions = {}) {
    new OptionChecks(options, ['profileMemory', 'profileCuda', 'maxValues', 'stream'])
      .flag('profileMemory', 'profileCuda')
      .count('maxValues')
      .stream('stream')
      .throwIfAny('ProfilingCallback');
    const { profileMemory = true, profileCuda = true, maxValues = 100_000, stream = process.stdout } = options;
    const names = [...TIMES, ...(profileMemory ? MEMORY : [])];
    this.#lists = new Map(names.map((name) => [name, new RecentValues(maxValues)]));
    this.#waitsForDevice = profileCuda;
    this.#stream = stream;
  }

  fitStart({ clocks, model }: LoopContext): void {
    const gpu = gpuOf(model.parameters()[0]?.device ?? 'cpu');
    this.#gpu = gpu !== undefined && gpuMemoryStats(gpu) ? gpu : undefined;
    for (const list of this.#lists.values()) list.clear();
    // Of an epoch that is resumed inside, the rest.
    this.#epochStart = clocks.batchInEpoch > 0 ? performance.now() : undefined;
  }

  epochStart(): void {
    this.#epochStart = performance.now();
  }

  batchStart(): void {
    this.#batchStart = performance.now();
    this.#partStart = this.#batchStart;
  }

  forwardEnd(context: LoopContext): void {
    this.#settle(context.loss);
    this.#endPart('forward_times');
  }

  backwardEnd(context: LoopContext): void {
    this.#settle(context.model.parameters().find(({ grad }) => grad)?.grad);
    this.#endPart('backward_times');
  }

  optimizerStepStart(): void {
    this.#updateStart = performance.now();
  }

  optimizerStepEnd(context: LoopContext): void {
    this.#settle(context.model.parameters()[0]);
    this.#push('optimizer_times', (performance.now() - this.#updateStart) / 1000);
  }

  batchEnd(): void {
    this.#push('batch_times', (performance.now() - this.#batchStart) / 1000);
    if (!this.#lists.has('memory_allocated')) return;
    const { allocatedBytes, reservedBytes } = this.#memory();
    this.#push('memory_allocated', allocatedBytes / MB);
    this.#push('memory_reserved', reservedBytes / MB);
  }

  epochEnd(): void {
    if (this.#epochStart !== undefined) this.#push('epoch_times', (performance.now() - this.#epochStart) / 1000);
    this.#epochStart = undefined;
    if (this.#lists.has('memory_resident')) this.#push('memory_resident', process.memoryUsage.rss() / MB);
  }

  fitEnd({ profiler }: LoopContext): void {
    const profile = profiler?.profile();
    const rule = '='.repeat(WIDTH);
    const lines = [
      '',
      rule,
      'Profiling Summary',
      rule,
      ...this.#summary(),
      rule,
      ...(profile ? [printProfile(profile)] : []),
    ];
    this.#stream.write(`${lines.join('\n')}\n`);
  }

  #memory(): { readonly allocatedBytes: number; readonly reservedBytes: number } {
    // Nothing is waited for: what the allocator has given out is known to the host.
    const stats = this.#gpu === undefined ? undefined : gpuMemoryStats(this.#gpu);
    if (stats) return stats;
    const { inUseBytes, cachedBytes } = allocatorBytes();
    return { allocatedBytes: inUseBytes, reservedBytes: inUseBytes + cachedBytes };
  }

  /** Copies of all lists. */
  getMetrics(): ProfilingMetrics {
    return Object.fromEntries(
      [...this.#lists].map(([name, list]) => [name, list.toArray()]),
    ) as unknown as ProfilingMetrics;
  }

  #summary(): string[] {
    const { epoch_times, batch_times, memory_allocated = [], memory_resident = [] } = this.getMetrics();
    const device = this.#gpu === undefined ? 'CPU' : 'GPU';
    const lines: string[] = [];
    if (epoch_times.length > 0) {
      const { mean, std, min, max } = statisticsOf(epoch_times);
      lines.push(`Epoch Times: mean=${fixed(mean)}s, std=${fixed(std)}s, min=${fixed(min)}s, max=${fixed(max)}s`);
    }
    if (batch_times.length > 0) {
      const { mean, std } = statisticsOf(batch_times);
      lines.push(`Batch Times: mean=${fixed(mean * 1000)}ms, std=${fixed(std * 1000)}ms`);
    }
    for (const [label, list] of [
      [`${device} Memory Allocated`, memory_allocated],
      ['CPU Memory Resident', memory_resident],
    ] as const) {
      if (list.length === 0) continue;
      const { mean, max } = statisticsOf(list);
      lines.push(`${label}: mean=${fixed(mean)}MB, max=${fixed(max)}MB`);
    }
    return lines;
  }

  #endPart(name: ListName): void {
    const now = performance.now();
    this.#push(name, (now - this.#partStart) / 1000);
    this.#partStart = now;
  }

  /** Waits until a device has come to this tensor. */
  #settle(tensor: Tensor | undefined): void {
    if (!this.#waitsForDevice || tensor === undefined || tensor.device === 'cpu' || tensor.numel === 0) return;
    tensor.detach().reshape([-1]).narrow(0, 0, 1).item();
  }

  #push(name: ListName, value: number): void {
    this.#lists.get(name)?.push(value);
  }
}

/** The index in `cuda:1`; 0 of `cuda`. */
function gpuOf(device: string): number | undefined {
  const match = /^cuda(?::(\d+))?$/.exec(device);
  return match ? Number(match[1] ?? 0) : undefined;
}

const fixed = (value: number): string => value.toFixed(2);

/** The standard deviation is the population's, as NumPy has it. */
function statisticsOf(values: readonly number[]): { mean: number; std: number; min: number; max: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const [min, max] = [Math.min, Math.max].map((pick) => values.reduce((a, b) => pick(a, b)));
  return { mean, std: Math.sqrt(variance), min: min!, max: max! };
}

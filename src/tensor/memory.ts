// What memory is used for: numbers for programs, and a summary for people.

import { loadNative } from '../binding/load.ts';
import { formatBytes } from './format-bytes.ts';
import { type TensorRow, tensorRows } from './memory-tracking.ts';

/** A part of the live tensors. */
export interface MemoryShare {
  readonly numTensors: number;
  /** Memory that several of them share counts once. */
  readonly bytes: number;
}

export interface MemoryStats {
  /** The live tensors of this thread. */
  readonly tensors: MemoryShare & {
    /** By the scope that will free them, as in 'the scope "step"'. Memory that a tensor outside of scopes shares is not in here. */
    readonly inScopes: Readonly<Record<string, MemoryShare>>;
    /** Alive until `dispose()`, or until nothing refers to them. */
    readonly outsideScopes: MemoryShare;
    /** What the live tensors have as `grad`. */
    readonly gradients: MemoryShare;
    readonly byDtype: Readonly<Record<string, MemoryShare>>;
    readonly byDevice: Readonly<Record<string, MemoryShare>>;
  };
  /** The host memory of all tensors of the process, with what graphs hold for backward; rounded up to what blocks hold. */
  readonly allocator: {
    readonly inUseBytes: number;
    /** The most that was in use since the start or `resetPeakMemoryStats()`. */
    readonly peakBytes: number;
    /** Freed by tensors and kept for the next ones; `releaseMemory()` gives it to the system. */
    readonly cachedBytes: number;
    readonly numAllocations: number;
    /** Those of them for which the system had to be asked. */
    readonly numSystemAllocations: number;
  };
  /** What the process has of the machine, code and JavaScript's heap included. */
  readonly residentBytes: number;
  /** What the process may still take, from the machine or its cgroup; infinite where the system does not say. */
  readonly availableBytes: number;
}

/** More than any machine has: the addon's way to say that the system told nothing. */
const UNKNOWN = 2 ** 60;

/** Counts tensors, and memory once. */
class Share {
  numTensors = 0;
  bytes = 0;
  readonly #seen = new Set<number>();

  add(memory: number, bytes: number): void {
    this.numTensors += 1;
    if (memory === 0 || this.#seen.has(memory)) return;
    this.#seen.add(memory);
    this.bytes += bytes;
  }

  get plain(): MemoryShare {
    return { numTensors: this.numTensors, bytes: this.bytes };
  }
}

function sharesBy(rows: readonly TensorRow[], keyOf: (row: TensorRow) => string): Record<string, MemoryShare> {
  const shares = new Map<string, Share>();
  for (const row of rows) {
    const key = keyOf(row);
    const share = shares.get(key) ?? new Share();
    shares.set(key, share);
    share.add(row.memory, row.memoryBytes);
  }
  return Object.fromEntries(Array.from(shares, ([key, share]) => [key, share.plain]));
}

function shareOf(rows: readonly TensorRow[]): MemoryShare {
  return sharesBy(rows, () => 'all').all ?? { numTensors: 0, bytes: 0 };
}

function statsOf(rows: readonly TensorRow[]): MemoryStats {
  const outside = rows.filter(({ scope }) => scope === undefined);
  const heldOutside = new Set(outside.map(({ memory }) => memory));
  const inside = rows.filter(({ scope }) => scope !== undefined);
  const own = inside.map((row) => (heldOutside.has(row.memory) ? { ...row, memory: 0 } : row));
  const gradients = new Share();
  for (const { gradient, gradientBytes } of rows) if (gradient !== 0) gradients.add(gradient, gradientBytes);
  const [inUseBytes, peakBytes, cachedBytes, numAllocations, numSystemAllocations, left] =
    loadNative().memoryCounters();
  return {
    tensors: {
      ...shareOf(rows),
      inScopes: sharesBy(own, ({ scope }) => scope!),
      outsideScopes: shareOf(outside),
      gradients: gradients.plain,
      byDtype: sharesBy(rows, ({ dtype }) => dtype),
      byDevice: sharesBy(rows, ({ device }) => device),
    },
    allocator: { inUseBytes, peakBytes, cachedBytes, numAllocations, numSystemAllocations },
    residentBytes: process.memoryUsage.rss(),
    availableBytes: left < UNKNOWN ? left : Number.POSITIVE_INFINITY,
  };
}

/** Memory in numbers: this thread's live tensors, the process's allocator, and the machine. Source: torch.cuda.memory_stats, for the host. */
export function memoryStats(): MemoryStats {
  return statsOf(tensorRows());
}

/** What libtorch has of a GPU's memory. */
export interface GpuMemoryStats {
  /** In tensors. */
  readonly allocatedBytes: number;
  /** The most that was in tensors. */
  readonly peakBytes: number;
  /** Taken from the GPU: in tensors, or kept for the next ones. */
  readonly reservedBytes: number;
  /** What the GPU has left, beside this and other processes. */
  readonly leftBytes: number;
  readonly totalBytes: number;
}

/** Memory of a GPU, by its number. Undefined where this libtorch has used none, and under libtorch before 2.10, which does not tell.
 *  Source: torch.cuda.memory_stats and mem_get_info. */
export function gpuMemoryStats(index = 0): GpuMemoryStats | undefined {
  const numbers = loadNative().deviceMemory(index);
  if (!numbers) return undefined;
  const [allocatedBytes, peakBytes, reservedBytes, leftBytes, totalBytes] = numbers;
  return { allocatedBytes, peakBytes, reservedBytes, leftBytes, totalBytes };
}

/** Of the process's allocator: bytes that tensors use, and those kept for the next ones. Costs less than a microsecond. @internal */
export function allocatorBytes(): { readonly inUseBytes: number; readonly cachedBytes: number } {
  const [inUseBytes, , cachedBytes] = loadNative().memoryCounters();
  return { inUseBytes, cachedBytes };
}

/** The peak is counted anew from here. Source: torch.cuda.reset_peak_memory_stats, for the host. */
export function resetPeakMemoryStats(): void {
  loadNative().resetPeakMemory();
}

/** Gives memory that tensors have freed, and that is kept for the next ones, to the system. Source: torch.cuda.empty_cache, for the host. */
export function releaseMemory(): void {
  loadNative().emptyCache();
}

const describeShare = ({ numTensors, bytes }: MemoryShare): string =>
  `${numTensors.toLocaleString('en-US')} of ${formatBytes(bytes)}`;

function describeLargest(rows: readonly TensorRow[], count: number): string[] {
  const perMemory = new Map<number, TensorRow>();
  for (const row of rows) {
    // Of all views the first that somebody can name.
    if (row.memory !== 0 && perMemory.get(row.memory)?.madeAt === undefined) perMemory.set(row.memory, row);
  }
  const largest = [...perMemory.values()].sort((a, b) => b.memoryBytes - a.memoryBytes).slice(0, count);
  return largest.map(({ memoryBytes, dtype, shape, scope, madeAt }) => {
    const place = madeAt === undefined ? '' : `, made at ${madeAt}`;
    return `${formatBytes(memoryBytes)}: ${dtype} [${shape.join(', ')}]${scope === undefined ? '' : ` in ${scope}`}${place}`;
  });
}

/** Memory in words, as a table of a dozen lines: print it where a run has grown too large. Source: torch.cuda.memory_summary, for the host.
 *  @param options.numLargest - how many tensors are named. Default 5; with the lines that made them inside `trackTensors`. */
export function memorySummary(options: { numLargest?: number } = {}): string {
  const rows = tensorRows();
  const { tensors, allocator, residentBytes, availableBytes } = statsOf(rows);
  const largest = describeLargest(rows, options.numLargest ?? 5);
  const entries = (shares: Readonly<Record<string, MemoryShare>>): string[] =>
    Object.entries(shares).map(([name, share]) => `${name}: ${describeShare(share)}`);
  const known = tensors.byDevice.cpu?.bytes ?? 0;
  const sections: [title: string, lines: string[]][] = [
    ['live tensors', [describeShare(tensors), `outside of scopes: ${describeShare(tensors.outsideScopes)}`]],
    ['in scopes', entries(tensors.inScopes)],
    ['gradients', tensors.gradients.numTensors === 0 ? [] : [describeShare(tensors.gradients)]],
    ['by dtype', entries(tensors.byDtype)],
    ['by device', Object.keys(tensors.byDevice).every((device) => device === 'cpu') ? [] : entries(tensors.byDevice)],
    ['largest', largest],
    [
      'allocator',
      [
        `in use: ${formatBytes(allocator.inUseBytes)}, at most ${formatBytes(allocator.peakBytes)}`,
        `not in this thread's tensors: ${formatBytes(Math.max(0, allocator.inUseBytes - known))} (gradients, graphs, other threads)`,
        `kept for the next tensors: ${formatBytes(allocator.cachedBytes)}`,
        `blocks handed out: ${allocator.numAllocations.toLocaleString('en-US')}, from the system ${allocator.numSystemAllocations.toLocaleString('en-US')}`,
      ],
    ],
    ['process', [`resident: ${formatBytes(residentBytes)}`]],
    ['machine', [`left: ${Number.isFinite(availableBytes) ? formatBytes(availableBytes) : 'unknown'}`]],
  ];
  const width = Math.max(...sections.map(([title]) => title.length));
  const written = sections.flatMap(([title, lines]) =>
    lines.map((line, i) => `${(i === 0 ? title : '').padEnd(width)}  ${line}`),
  );
  return written.join('\n');
}

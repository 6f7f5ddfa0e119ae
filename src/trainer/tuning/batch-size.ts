// The batch-size finder: the greatest batches that a training has the memory for.

import { hostname } from 'node:os';
import type { BatchLoader } from '../../data/index.ts';
import { ConfigError, DistributedError, NativeError, OutOfMemoryError } from '../../errors.ts';
import { type MemoryStats, memoryStats, releaseMemory, resetPeakMemoryStats } from '../../tensor/memory.ts';
import { formatBytes } from '../../tracking/index.ts';
import { describeValue, unknownKeys } from '../config/problems.ts';
import type { Callback } from '../loop/events.ts';
import { keepState } from './keep-state.ts';
import { type MeasuredSize, predictNeed } from './memory-need.ts';
import type { TunedTrainer } from './trial.ts';

export interface BatchSizeOptions {
  /** Makes the training loaders with batches of a size. Where samples differ in length, let them begin with the longest ones: those need the most memory. */
  readonly makeLoaders: (batchSize: number) => readonly BatchLoader<unknown>[];
  /** 'power': the greatest that fits of the first size times a power of 2. 'binary': between that and its double too, to about 3 %. Default 'power'. */
  readonly mode?: 'power' | 'binary';
  /** The size that is tried first. Default 2. */
  readonly initialSize?: number;
  /** No greater size is tried. Default: none is too great. */
  readonly maxSize?: number;
  /** Optimizer steps of a trial; the second is the first with the optimizer's state in place. Default 2. */
  readonly stepsPerTrial?: number;
  /** Memory that is to stay free, for what no tensor takes. Default: 5 % of what is free at the start, at least 64 MiB. */
  readonly marginBytes?: number;
}

/** A size that was tried. */
export interface BatchSizeTrial {
  readonly batchSize: number;
  readonly isFitting: boolean;
  /** What its steps took beside what was there before; undefined where they were not run or not ended. */
  readonly needBytes: number | undefined;
  /** Why it does not fit: 'predicted' where it was not run, 'no batches' where there are not so many samples. */
  readonly reason?: 'predicted' | 'out of memory' | 'no batches';
}

export interface FoundBatchSize {
  readonly batchSize: number;
  /** In the order of the search. */
  readonly trials: readonly BatchSizeTrial[];
}

/** Trains for a few steps at growing sizes, putting everything back behind each.
 *
 *  An allocation that is refused is an error that the search survives. But where memory runs out between two allocations, Linux ends the process, so a size is run only where
 *  the sizes before say that it will fit with a margin.
 *  @throws {ConfigError} that lists every option that is wrong.  @throws {OutOfMemoryError} where the first size does not fit. */
export async function findBatchSize(trainer: TunedTrainer, options: BatchSizeOptions): Promise<FoundBatchSize> {
  const problems = problemsOf(options);
  if (problems.length > 0) throw new ConfigError('find a batch size', problems);
  const { mode = 'power', initialSize = 2, maxSize = Number.MAX_SAFE_INTEGER } = options;
  const search = new Search(trainer, options, await numRanksHere(trainer));
  let fits = 0;
  let fails = maxSize + 1;
  for (const size of doubled(initialSize, maxSize)) {
    if (size >= fails || search.isAllData) break;
    if (await search.try(size)) fits = size;
    else fails = size;
  }
  if (fits === 0) {
    throw new OutOfMemoryError(
      `Cannot find a batch size: expected ${initialSize} to fit into the memory that is left, ${formatBytes(memoryStats().availableBytes)}, got more; use a smaller model, or fp16 or bf16 precision`,
    );
  }
  while (mode === 'binary' && !search.isAllData && fails - fits > Math.max(1, fits >> 5)) {
    const size = Math.floor((fits + fails) / 2);
    if (await search.try(size)) fits = size;
    else fails = size;
  }
  return { batchSize: search.isAllData ? Math.min(fits, search.largestSeen) : fits, trials: search.trials };
}

/** A size, its double and so on, and at last the greatest one. */
function* doubled(first: number, greatest: number): Generator<number> {
  for (let size = first; size < greatest; size *= 2) yield size;
  yield greatest;
}

class Search {
  readonly trials: BatchSizeTrial[] = [];
  /** The most samples that a batch had. */
  largestSeen = 0;
  /** Whether the data has no batches of the size that was asked for last. */
  isAllData = false;
  readonly #trainer: TunedTrainer;
  readonly #options: BatchSizeOptions;
  readonly #marginBytes: number;
  /** What there was before the first trial. */
  readonly #start: MemoryStats;
  /** Processes that share this machine's memory. */
  readonly #numHere: number;
  /** The most samples that a batch of the last trial had here. */
  #seen = 0;

  constructor(trainer: TunedTrainer, options: BatchSizeOptions, numHere: number) {
    this.#numHere = numHere;
    this.#trainer = trainer;
    this.#options = options;
    releaseMemory();
    this.#start = memoryStats();
    const { availableBytes } = this.#start;
    const share = Number.isFinite(availableBytes) ? 0.05 * availableBytes : 0;
    this.#marginBytes = options.marginBytes ?? Math.max(64 * 2 ** 20, share);
  }

  /** What is left for each process here, with what the C library has kept of earlier trials and will give to the next one. */
  get #leftBytes(): number {
    const { availableBytes, residentBytes } = memoryStats();
    const left = Math.min(
      this.#start.availableBytes,
      availableBytes + this.#numHere * Math.max(0, residentBytes - this.#start.residentBytes),
    );
    return left / this.#numHere;
  }

  /** @returns whether it fits. */
  async try(batchSize: number): Promise<boolean> {
    releaseMemory();
    const measured = this.trials.filter(
      (trial): trial is MeasuredSize & BatchSizeTrial => trial.needBytes !== undefined,
    );
    const need = predictNeed(
      measured.sort((a, b) => a.batchSize - b.batchSize),
      batchSize,
    );
    const ranks = await this.#trainer.join();
    if (ranks.anyTrue(need !== undefined && need > this.#leftBytes - this.#marginBytes / this.#numHere)) {
      this.trials.push({ batchSize, isFitting: false, needBytes: undefined, reason: 'predicted' });
      return false;
    }
    const trainLoaders = this.#options.makeLoaders(batchSize);
    if (trainLoaders.some(({ length }) => length === 0)) {
      this.trials.push({ batchSize, isFitting: false, needBytes: undefined, reason: 'no batches' });
      return false;
    }
    const needBytes = await this.#run(trainLoaders);
    await this.#agreeOnData(batchSize);
    const isFitting = needBytes !== undefined;
    this.trials.push({ batchSize, isFitting, needBytes, ...(isFitting ? {} : { reason: 'out of memory' as const }) });
    return isFitting;
  }

  /** Whether this was all the data: processes may have parts of different sizes. */
  async #agreeOnData(batchSize: number): Promise<void> {
    const ranks = await this.#trainer.join();
    const seen = Math.max(...ranks.gather(this.#seen));
    this.largestSeen = Math.max(this.largestSeen, seen);
    this.isAllData = seen > 0 && seen < batchSize;
  }

  /** @returns the bytes that the steps took, or undefined where there were not enough. */
  async #run(trainLoaders: readonly BatchLoader<unknown>[]): Promise<number | undefined> {
    const { model, modules, optimizers } = this.#trainer;
    const restore = keepState({ model, modules, optimizers, loaders: [] });
    resetPeakMemoryStats();
    const before = memoryStats();
    const watch = new MemoryWatch();
    try {
      await this.#trainer.trial({ trainLoaders, maxSteps: this.#options.stepsPerTrial ?? 2, callback: watch });
      const inTensors = memoryStats().allocator.peakBytes - before.allocator.inUseBytes;
      const ofMachine = (this.#start.availableBytes - watch.leastAvailable) / this.#numHere;
      return Math.max(inTensors, Number.isFinite(ofMachine) ? ofMachine : 0);
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      return undefined;
    } finally {
      restore();
      releaseMemory();
      this.#seen = watch.largestBatch;
    }
  }
}

/** Looks at what the machine has left where it has the least: when all activations are there, and behind the update. */
class MemoryWatch implements Callback {
  readonly name = 'MemoryWatch';
  leastAvailable = Number.POSITIVE_INFINITY;
  largestBatch = 0;

  forwardEnd({ batchSize }: { readonly batchSize: number }): void {
    this.largestBatch = Math.max(this.largestBatch, batchSize);
    this.#look();
  }

  backwardEnd(): void {
    this.#look();
  }

  optimizerStepEnd(): void {
    this.#look();
  }

  #look(): void {
    this.leastAvailable = Math.min(this.leastAvailable, memoryStats().availableBytes);
  }

  warning(): void {} // a trial's are nobody's business
}

/** How many of the processes that search run on this machine. */
async function numRanksHere(trainer: TunedTrainer): Promise<number> {
  const hosts = (await trainer.join()).gather(hostname());
  return hosts.filter((host) => host === hostname()).length;
}

/** The engine's own refusal, or that of a GPU's allocator; here or in another process, after which all have ended the trial. */
function isOutOfMemory(error: unknown): boolean {
  if (error instanceof DistributedError && error.cause instanceof Error)
    return error.cause.name === 'OutOfMemoryError' || /out of memory/i.test(error.cause.message);
  return error instanceof OutOfMemoryError || (error instanceof NativeError && /out of memory/i.test(error.message));
}

function problemsOf(options: BatchSizeOptions): string[] {
  const known = ['makeLoaders', 'mode', 'initialSize', 'maxSize', 'stepsPerTrial', 'marginBytes'];
  const problems = unknownKeys(options, known);
  const { makeLoaders, mode = 'power', initialSize = 2, marginBytes = 0 } = options;
  const expect = (isMet: boolean, name: string, wanted: string, got: unknown): void => {
    if (!isMet) problems.push(`${name}: expected ${wanted}, got ${describeValue(got)}`);
  };
  expect(typeof makeLoaders === 'function', 'makeLoaders', 'a function from a size to loaders', makeLoaders);
  expect(mode === 'power' || mode === 'binary', 'mode', 'power or binary', mode);
  for (const name of ['initialSize', 'maxSize', 'stepsPerTrial'] as const) {
    const count = options[name] ?? 2;
    expect(Number.isSafeInteger(count) && count > 0, name, 'an integer above 0', count);
  }
  const { maxSize } = options;
  expect(!(maxSize! < initialSize), 'maxSize', `at least initialSize, ${initialSize}`, maxSize);
  expect(marginBytes >= 0, 'marginBytes', 'bytes from 0 on', marginBytes);
  return problems;
}

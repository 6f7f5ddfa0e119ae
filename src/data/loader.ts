// `DataLoader`: plays the batches of a dataset, epoch by epoch, fetched ahead and resumable at every batch.
import type { Collate, Collated } from './collate.ts';
import { type Cursor, checkState, EpochCursor } from './cursor.ts';
import { type Dataset, datasetName } from './dataset.ts';
import { isPositiveInteger, OptionProblems } from './option-problems.ts';
import { OrderSource } from './order-source.ts';
import { type BatchIterator, type BatchRecipe, PrefetchIterator } from './prefetch.ts';
import { datasetRecipe } from './recipe.ts';
import { BatchSampler } from './samplers/batch-sampler.ts';
import { RandomSampler } from './samplers/random-sampler.ts';
import type { Sampler } from './samplers/sampler.ts';
import { SequentialSampler } from './samplers/sequential-sampler.ts';
import { expectWorkers, LoaderWorkers } from './workers/loader-workers.ts';
import { moduleCollate } from './workers/origin.ts';

/** What plays batches epoch by epoch: a `DataLoader`, several under one schedule, or a class of your own. A trainer asks for no more than this. */
export interface BatchLoader<B> extends AsyncIterable<B> {
  /** Batches in an epoch; `Infinity` for one that never ends. */
  readonly length: number;
  /** The next iterator plays `epoch` from its beginning; where `loadState` has put the loader in that very epoch, from there. */
  setEpoch(epoch: number): void;
  /** Where the loader stands: after the last batch that was handed out, whatever has been fetched beyond it. Plain numbers and strings. */
  state(): Cursor;
  /** The next iterator goes on from `state`, without replaying what came before. */
  loadState(state: Cursor): void;
  /** Starts to play; without `setEpoch` or `loadState` before, the next epoch after a complete one, else the same epoch from its beginning. */
  [Symbol.asyncIterator](): BatchIterator<B>;
}

/** Options of {@link DataLoader}. */
export interface DataLoaderOptions<S, B> {
  readonly dataset: Dataset<S>;
  /** Samples in a batch. Default 1. */
  readonly batchSize?: number;
  /** Play samples in an order drawn anew for each epoch. Default false: in the dataset's order. */
  readonly shuffle?: boolean;
  /** The order of the samples, instead of `shuffle`. */
  readonly sampler?: Sampler | undefined;
  /** Makes a batch of samples. Default: by type (`defaultCollate`), or the dataset's own `getBatch` where it has one. */
  readonly collate?: Collate<S, B> | undefined;
  /** Leave out a last batch that would be shorter. Default false. */
  readonly dropLast?: boolean;
  /** Together with epoch and position fixes every order and every seed. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
  /** Calls of the dataset under way at a time, in each worker where there are some. Default 8: what keeps libuv's four threads busy while results are handed over. */
  readonly concurrency?: number;
  /** Batches fetched ahead of the one in use, where fetching takes time; for each worker, where there are some. Default 2. */
  readonly prefetchFactor?: number;
  /** Threads that make batches beside this one. Default 0: batches are made in this thread. Others need a dataset by `datasetModule`. */
  readonly numWorkers?: number;
  /** Seconds that a worker may take for a batch, or to make its dataset; 0 for any time. Default 0. */
  readonly timeout?: number;
}

/** What {@link DataLoader.state} gives. */
export interface DataLoaderState extends Cursor {
  readonly seed: number;
  readonly numBatches: number;
}

const OPTIONS = [
  'dataset',
  'batchSize',
  'shuffle',
  'sampler',
  'collate',
  'dropLast',
  'seed',
  'concurrency',
  'prefetchFactor',
  'numWorkers',
  'timeout',
];

/**
 * Plays a dataset in batches. The order is a pure function of (seed, epoch, position): the same under any concurrency, and found again on resume without
 * replaying. One iterator at a time: a new one, `setEpoch` and `loadState` end the one before.
 *
 * Ownership: a batch that was handed out is its taker's (the trainer's step adopts it; who iterates by hand disposes of it or leaves it to collection);
 * batches fetched and not handed out are the loader's, which frees them when the iterator is closed. Call from outside any `scope`.
 * @example
 * import { DataLoader, TensorDataset } from 'sconce/data';
 * const dataset = new TensorDataset({ image: rand([10, 8, 8]), label: arange(10) });
 * const loader = new DataLoader({ dataset, batchSize: 4, shuffle: true, seed: 1 });
 * const shapes: unknown[] = [];
 * for await (const { image, label } of loader) shapes.push(image.shape, label.shape);
 * shapes; // [[4, 8, 8], [4], [4, 8, 8], [4], [2, 8, 8], [2]]
 */
export class DataLoader<S, B = Collated<S>> implements BatchLoader<B> {
  /** Batches in an epoch. */
  readonly length: number;
  readonly seed: number;
  readonly #options: DataLoaderOptions<S, B>;
  readonly #batches: Sampler<Int32Array>;
  readonly #cursor = new EpochCursor();
  readonly #workers: LoaderWorkers | undefined;
  #open: { close(reason: Error): void } | undefined;

  /** @throws {ConfigError} naming every option that is wrong. */
  constructor(options: DataLoaderOptions<S, B>) {
    checkOptions(options);
    const { dataset, batchSize = 1, shuffle = false, dropLast = false, seed = 0 } = options;
    const sampler =
      options.sampler ??
      (shuffle ? new RandomSampler(dataset.length, { seed }) : new SequentialSampler(dataset.length));
    this.#batches = new BatchSampler(sampler, { batchSize, dropLast });
    this.#options = options;
    const { numWorkers = 0, concurrency = 8, timeout = 0 } = options;
    if (numWorkers > 0) this.#workers = new LoaderWorkers(dataset, { numWorkers, concurrency, timeout });
    this.length = this.#batches.length;
    this.seed = seed;
  }

  setEpoch(epoch: number): void {
    this.#endOpen();
    this.#cursor.setEpoch(epoch);
  }

  state(): DataLoaderState {
    return { ...this.#cursor.place, seed: this.seed, numBatches: this.length };
  }

  /** @throws {CheckpointError} where the state is another loader's: of another seed, or of epochs of another length. */
  loadState(state: DataLoaderState): void {
    checkState(state, this.state(), `a DataLoader of ${datasetName(this.#options.dataset)}`);
    this.#endOpen();
    this.#cursor.load(state);
  }

  [Symbol.asyncIterator](): BatchIterator<B> & AsyncIterable<B> {
    this.#endOpen();
    const { epoch, position } = this.#cursor.begin(this.length);
    const { concurrency = 8, prefetchFactor = 2, numWorkers = 0 } = this.#options;
    const iterator = new PrefetchIterator({
      source: new OrderSource({ order: this.#batches.order(epoch), seed: this.seed, epoch, position }),
      recipe: this.#workers?.recipe<B>() ?? this.#recipe(),
      concurrency: this.#workers ? Number.POSITIVE_INFINITY : concurrency, // a worker has a queue of its own
      prefetchFactor: prefetchFactor * Math.max(1, numWorkers),
      onBatch: () => this.#cursor.advance(),
      onEnd: () => undefined,
    });
    this.#open = iterator;
    return iterator;
  }

  /** Ends the loader's worker threads, where it has some. They hold no process open while they have nothing to do; a later iteration starts others. */
  async close(): Promise<void> {
    this.#endOpen();
    await this.#workers?.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #recipe(): BatchRecipe<Int32Array, unknown, B> {
    const { dataset, collate } = this.#options;
    return datasetRecipe(dataset, collate ?? (moduleCollate(dataset) as Collate<S, B> | undefined)); // the module's is for the dataset's samples
  }

  /** The iterator that was open, if any, gives nothing more: two would disagree about where the loader stands. */
  #endOpen(): void {
    this.#open?.close(
      new Error(
        'Cannot read the next batch: expected the only iterator of a DataLoader, got one that a later iteration, setEpoch or loadState has ended; give each loop a DataLoader of its own',
      ),
    );
    this.#open = undefined;
  }
}

function checkOptions<S, B>(options: DataLoaderOptions<S, B>): void {
  const { dataset, batchSize = 1, shuffle, sampler, seed = 0, concurrency = 8, prefetchFactor = 2 } = options;
  const { collate, numWorkers = 0, timeout = 0 } = options;
  const problems = new OptionProblems();
  problems.expectKnown(options, OPTIONS);
  const isDataset = typeof dataset?.get === 'function' && typeof dataset.length === 'number';
  problems.expect(isDataset, 'dataset', { wanted: 'an object with length and get', got: typeof dataset });
  problems.expect(isPositiveInteger(batchSize), 'batchSize', { wanted: 'an integer above 0', got: batchSize });
  problems.expect(!(shuffle && sampler), 'shuffle', {
    wanted: 'none beside a sampler, which fixes the order',
    got: shuffle,
  });
  problems.expect(Number.isSafeInteger(seed) && seed >= 0, 'seed', {
    wanted: 'an integer from 0 to 2^53 - 1',
    got: seed,
  });
  problems.expect(isPositiveInteger(concurrency), 'concurrency', { wanted: 'an integer above 0', got: concurrency });
  const isCount = prefetchFactor === 0 || isPositiveInteger(prefetchFactor);
  problems.expect(isCount, 'prefetchFactor', { wanted: 'an integer from 0 on', got: prefetchFactor });
  const isNumber = numWorkers === 0 || isPositiveInteger(numWorkers);
  problems.expect(isNumber, 'numWorkers', { wanted: 'an integer from 0 on', got: numWorkers });
  problems.expect(Number.isFinite(timeout) && timeout >= 0, 'timeout', { wanted: 'seconds from 0 on', got: timeout });
  if (isDataset) expectWorkers(problems, { dataset, collate, numWorkers });
  problems.throwIfAny('make a DataLoader');
}

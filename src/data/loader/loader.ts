// `DataLoader`: plays the batches of a dataset, epoch by epoch, fetched ahead and resumable at every batch.
import { CheckpointError } from '../../errors.ts';
import type { Collate, Collated } from '../collate/collate.ts';
import { type Dataset, datasetName } from '../datasets/dataset.ts';
import { type IterableDataset, isIterableDataset, type StreamState } from '../datasets/iterable.ts';
import { BatchSampler } from '../samplers/batch-sampler.ts';
import type { RankOptions } from '../samplers/option-checks.ts';
import { OrderRest } from '../samplers/order-rest.ts';
import { RandomSampler } from '../samplers/random-sampler.ts';
import { RankShare } from '../samplers/rank-share.ts';
import { INPUT_DELAY, type Order, type Sampler, type SamplerInput } from '../samplers/sampler.ts';
import { SequentialSampler } from '../samplers/sequential-sampler.ts';
import { LoaderWorkers } from '../workers/loader-workers.ts';
import { moduleCollate } from '../workers/origin.ts';
import type { BatchLoader } from './batch-loader.ts';
import { type Cursor, checkState, EpochCursor } from './cursor.ts';
import { canPin, finishedRecipe } from './finishing.ts';
import { InputLog } from './input-log.ts';
import { checkLoaderOptions, type DataLoaderOptions } from './loader-options.ts';
import { OrderSource } from './order-source.ts';
import { type BatchIterator, type BatchPlan, type BatchRecipe, type PlanSource, PrefetchIterator } from './prefetch.ts';
import { datasetRecipe } from './recipe.ts';
import { type Cut, doneOf, perStep } from './resized.ts';
import { type StreamPlan, StreamSource } from './stream-source.ts';

export type { BatchLoader, DataLoaderOptions };

/** What {@link DataLoader.state} gives: plain data. */
export interface DataLoaderState extends Cursor {
  readonly seed: number;
  /** Samples of a dataset with indices. */
  readonly numSamples?: number;
  /** Unless a `batchSampler` decides. */
  readonly batchSize?: number;
  /** Where it is known and finite, and the epoch is not shared. */
  readonly numBatches?: number;
  /** Processes that share the epoch: the states of all are equal between two batches. */
  readonly numReplicas?: number;
  /** In an epoch that was begun in batches of another size, or by another number of processes: from where on it is cut as this state says. */
  readonly cut?: Cut;
  /** Samples left out so far, where failures are skipped. */
  readonly numSkipped?: number;
  /** Where the stream of an iterable dataset stands. */
  readonly stream?: StreamState;
  /** What a dynamic sampler said for the next `INPUT_DELAY` batches. */
  readonly inputs?: readonly SamplerInput[];
  /** What a dynamic sampler says now. */
  readonly input?: SamplerInput;
}

/** A plan of either kind of dataset. */
type LoaderPlan = BatchPlan<ArrayLike<unknown>> & Partial<Pick<StreamPlan<unknown>, 'stream' | 'numUnreadable'>>;

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
export class DataLoader<S, C = Collated<S>, B = C> implements BatchLoader<B> {
  /** Batches in an epoch; `Infinity` for an iterable dataset that does not say how many samples it has. */
  readonly length: number;
  /** Whether epochs never end: where the dataset, or the sampler, says so by a length of `Infinity`. */
  readonly isEndless: boolean;
  readonly seed: number;
  readonly dataset: DataLoaderOptions<S, C, B>['dataset'];
  /** The order of the samples; of a dataset with indices, unless a `batchSampler` was given. A curriculum finds here what it moves. */
  readonly sampler: Sampler | undefined;
  /** The samples of every batch; of a dataset with indices. */
  readonly batchSampler: Sampler<Int32Array> | undefined;
  readonly #options: DataLoaderOptions<S, C, B>;
  readonly #cursor = new EpochCursor();
  readonly #workers: LoaderWorkers | undefined;
  /** Where the stream stands, in the middle of an epoch of an iterable dataset. */
  #stream: StreamState | undefined;
  /** What a dynamic sampler has said, as a state had it or as an iterator goes on with it. */
  #inputs: InputLog | readonly SamplerInput[] | undefined;
  /** Where the epoch was begun in batches of another size, or by another number of processes. */
  #rest: Rest | undefined;
  #numSkipped = 0;
  #open: { close(reason: Error): Promise<void> } | undefined;

  /** @throws {ConfigError} naming every option that is wrong. */
  constructor(options: DataLoaderOptions<S, C, B> & { readonly dataset: Dataset<S> });
  constructor(
    options: DataLoaderOptions<S, C, B> & { readonly dataset: IterableDataset<S> & { readonly decode?: undefined } },
  );
  constructor(options: DataLoaderOptions<S, C, B>);
  constructor(options: DataLoaderOptions<S, C, B>) {
    checkLoaderOptions(options);
    const { dataset, shuffle = false, seed = 0 } = options;
    this.#options = options;
    this.dataset = dataset;
    this.seed = seed;
    const { numWorkers = 0, concurrency = 8, timeout = 0, onSampleError = 'throw', pinMemory = false } = options;
    if (numWorkers > 0) {
      this.#workers = new LoaderWorkers(dataset, { numWorkers, concurrency, timeout, onSampleError });
    }
    if (pinMemory && !canPin()) {
      process.emitWarning(
        'Cannot pin memory: expected a CUDA device, got none; batches are handed out in ordinary memory',
        'SconceWarning',
      );
    }
    if (isIterableDataset(dataset)) {
      this.length = this.#lengthOfStream(0);
      this.isEndless = dataset.length === Number.POSITIVE_INFINITY;
      return;
    }
    if (!options.batchSampler) {
      this.sampler =
        options.sampler ??
        (shuffle ? new RandomSampler(dataset.length, { seed }) : new SequentialSampler(dataset.length));
    }
    this.batchSampler = this.#batchesFrom(0);
    this.length = this.batchSampler.length;
    this.isEndless = this.length === Number.POSITIVE_INFINITY;
  }

  /** Batches in the epoch where the loader stands: `length`, but for one that was begun in batches of another size, or by another number of processes. */
  get epochLength(): number {
    return this.#rest ? this.#rest.cut.position + this.#rest.length : this.length;
  }

  /** Threads that make batches; 0 where this one does. */
  get numWorkers(): number {
    return this.#options.numWorkers ?? 0;
  }

  /** Samples left out so far because they failed, of all batches handed out since the loader was made, and before it was resumed. */
  get numSkipped(): number {
    return this.#numSkipped;
  }

  /** How many processes share an epoch, where this loader plays the part of one of them; else 1. */
  get numReplicas(): number {
    const { numReplicas = 1, sampler, batchSampler } = this.#options;
    const { numReplicas: ofDataset = 1 } = this.dataset as { readonly numReplicas?: number };
    return Math.max(numReplicas, ofDataset, sampler?.numReplicas ?? 1, batchSampler?.numReplicas ?? 1);
  }

  /** Whether processes that share an epoch take turns batch by batch: with a `batchSampler`. */
  get dealsBatches(): boolean {
    return this.#options.batchSampler !== undefined;
  }

  /** So many batches at the beginning of the epoch are as large in this process as in the others, and there. Each process knows it without asking. */
  get numEvenBatches(): number {
    const { dataset } = this;
    const { batchSize = 1, numReplicas = 1, batchSampler, onSampleError = 'throw' } = this.#options;
    if (numReplicas === 1 || batchSampler || onSampleError === 'skip' || isIterableDataset(dataset)) return 0;
    const { position, done } = this.#rest?.cut ?? { position: 0, done: 0 };
    return position + Math.floor((this.sampler!.length - done) / numReplicas / batchSize);
  }

  /** A loader of the same options that plays the part of one of `numReplicas` processes.
   *  @throws {ConfigError} where this one already plays the part of one. */
  forRank(ranks: Required<RankOptions>): DataLoader<S, C, B> {
    return new DataLoader<S, C, B>({ ...this.#options, ...ranks });
  }

  setEpoch(epoch: number): void {
    this.#endOpen();
    if (this.#cursor.setEpoch(epoch)) this.#forgetPlace();
  }

  state(): DataLoaderState {
    const inputs = this.#inputs instanceof InputLog ? this.#inputs.state() : this.#inputs;
    return {
      ...this.#cursor.place,
      seed: this.seed,
      ...(!isIterableDataset(this.dataset) && { numSamples: this.dataset.length }),
      ...(!this.#options.batchSampler && { batchSize: this.#options.batchSize ?? 1 }),
      ...(this.numReplicas > 1
        ? { numReplicas: this.numReplicas }
        : Number.isFinite(this.length) && { numBatches: this.length }),
      ...(this.#rest && { cut: this.#rest.cut }),
      ...(this.#options.onSampleError === 'skip' && { numSkipped: this.#numSkipped }),
      ...(this.#stream !== undefined && { stream: this.#stream }),
      ...(inputs && { inputs }),
      ...(this.batchSampler?.input && { input: this.batchSampler.input() }),
    };
  }

  /** Goes on behind the samples that are done. Where they came in batches of another size, or to another number of processes, the rest of the epoch's order is cut as this loader's
   *  options say, and a `batchSampler` goes on behind the batches that are done, whoever had them.
   *  @throws {CheckpointError} where the state is another loader's: of another seed, of another number of samples, or without what this one needs; and where batches are not of one size any
   *  more, and a sampler or a dataset that is the part of one process has its own way to share. */
  loadState(state: DataLoaderState): void {
    const loader = `a DataLoader of ${datasetName(this.dataset)}`;
    const { numSkipped: _, stream: __, input: ___, ...own } = this.state();
    const isResized = this.#isResized(state);
    checkState(state, commonPart(own, state, isResized), loader);
    const rest = this.#restOf(state, isResized, loader);
    const { position, stream, inputs, input, numSkipped = 0 } = state;
    const expectPart = (isExpected: boolean, isThere: boolean, part: string): void => {
      if (isExpected === isThere || (!isThere && position === 0)) return;
      const [wanted, got] = isExpected ? [part, 'none'] : [`no ${part}`, 'one'];
      throw new CheckpointError(
        `Cannot resume ${loader}: expected ${wanted} in the state, got ${got}; make the loader as it was, or start it afresh`,
      );
    };
    expectPart(isIterableDataset(this.dataset), stream !== undefined, 'place of a stream');
    expectPart(
      this.batchSampler?.input !== undefined,
      Array.isArray(inputs) && inputs.length === INPUT_DELAY,
      `inputs of a dynamic sampler for ${INPUT_DELAY} batches`,
    );
    expectPart(this.batchSampler?.input !== undefined, input !== undefined, 'input of a dynamic sampler');
    this.#endOpen();
    this.#cursor.load(state);
    this.#rest = rest;
    this.#stream = stream;
    this.#inputs = inputs;
    if (input !== undefined) this.batchSampler?.setInput?.(input);
    this.#numSkipped = numSkipped;
  }

  [Symbol.asyncIterator](): BatchIterator<B> & AsyncIterable<B> {
    this.#endOpen();
    const { epochLength } = this;
    if (!this.#cursor.isPlaced) this.#forgetPlace();
    const { epoch, position } = this.#cursor.begin(epochLength);
    const { concurrency = 8, prefetchFactor = 2, numWorkers = 0 } = this.#options;
    const source = this.#source(epoch, position);
    const ahead = prefetchFactor * Math.max(1, numWorkers);
    const iterator = new PrefetchIterator<LoaderPlan, unknown, B>({
      source,
      recipe: this.#recipe(),
      concurrency: this.#workers ? Number.POSITIVE_INFINITY : concurrency, // a worker has a queue of its own
      prefetchFactor: this.#inputs ? Math.min(ahead, INPUT_DELAY - 1) : ahead,
      onBatch: ({ stream, numUnreadable = 0 }, { numSkipped }) => {
        this.#cursor.advance();
        this.#stream = stream;
        if (this.#inputs instanceof InputLog) this.#inputs.advance();
        this.#numSkipped += numSkipped + numUnreadable;
      },
      onEnd: () => {
        this.#cursor.complete();
        if (source instanceof StreamSource) this.#numSkipped += source.numUnreadable;
      },
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

  #recipe(): BatchRecipe<ArrayLike<unknown>, unknown, B> {
    const { dataset, collate, concurrency = 8, onSampleError = 'throw', timeout = 0 } = this.#options;
    const making =
      this.#workers?.recipe<C>() ??
      datasetRecipe(
        dataset,
        collate ?? (moduleCollate(dataset) as Collate<S, C> | undefined), // the module's is for the dataset's samples
        { concurrency, onSampleError, timeout },
      );
    return finishedRecipe(making, this.#options);
  }

  #source(epoch: number, position: number): PlanSource<LoaderPlan> {
    const { dataset, batchSize = 1, dropLast = false, onSampleError = 'throw', timeout = 0 } = this.#options;
    const { numReplicas = 1, rank = 0, batchSampler } = this.#options;
    const { seed } = this;
    const dealt = batchSampler ? 'batches' : 'samples';
    const rest = this.#rest;
    const isShared = numReplicas > 1 || (rest !== undefined && batchSampler !== undefined);
    const share = isShared ? ({ numReplicas, rank, dealt, cut: rest?.cut } as const) : undefined;
    if (isIterableDataset(dataset)) {
      const state = this.#stream;
      const policy = { batchSize, dropLast, onSampleError, timeout };
      return new StreamSource({ dataset, seed, epoch, position, state, numReplicas, rank, cut: rest?.cut, ...policy });
    }
    const batches = this.batchSampler!;
    const order = rest ? orderOfRest(rest, epoch) : batches.order(epoch);
    if (!batches.input) return new OrderSource({ order, seed, epoch, position, share });
    const log = new InputLog(batches, position, this.#inputs as readonly SamplerInput[] | undefined); // a log of an ended iterator is forgotten
    this.#inputs = log;
    return new OrderSource({ order, seed, epoch, position, share, inputAt: (at) => log.at(at) });
  }

  /** This process's batches of an epoch, behind `done` places of its order. */
  #batchesFrom(done: number): Sampler<Int32Array> {
    const { batchSize = 1, dropLast = false, numReplicas = 1, rank = 0, batchSampler } = this.#options;
    const ranks = { numReplicas, rank };
    if (batchSampler) {
      const left = done > 0 ? new OrderRest(batchSampler, done) : batchSampler;
      return numReplicas > 1 ? new RankShare(left, { ...ranks, dropLast: false }) : left;
    }
    const left = done > 0 ? new OrderRest(this.sampler!, done) : this.sampler!;
    const own = numReplicas > 1 ? new RankShare(left, { ...ranks, dropLast }) : left;
    return new BatchSampler(own, { batchSize, dropLast });
  }

  #lengthOfStream(done: number): number {
    const { batchSize = 1, dropLast = false, numReplicas = 1, rank = 0 } = this.#options;
    const numLeft = Math.max(0, (this.dataset.length ?? Number.POSITIVE_INFINITY) - done);
    const numBatches = partOf(numLeft, { numReplicas, rank, dropLast }) / batchSize;
    return dropLast ? Math.floor(numBatches) : Math.ceil(numBatches);
  }

  /** Whether a state's epoch is cut otherwise than this loader's: a step of all processes takes more of its order, or less. */
  #isResized(state: DataLoaderState): boolean {
    if (typeof state !== 'object' || state === null) return false;
    const { batchSampler, batchSize = 1 } = this.#options;
    if (batchSampler ? state.batchSize !== undefined : state.batchSize === undefined) return false; // another way to make batches
    return (
      perStep(state) !== perStep({ ...state, batchSize: batchSampler ? 1 : batchSize, numReplicas: this.numReplicas })
    );
  }

  /** What a state leaves of its epoch, where it was not cut from its beginning as this loader cuts. */
  #restOf(state: DataLoaderState, isResized: boolean, loader: string): Rest | undefined {
    const { dataset } = this;
    if (state.position === 0 || (!isResized && state.cut === undefined)) return undefined;
    const length = isIterableDataset(dataset)
      ? (dataset.length ?? Number.POSITIVE_INFINITY)
      : (this.#options.batchSampler ?? this.sampler)!.length;
    const done = doneOf(state, length, loader);
    const cut = isResized ? { position: state.position, done } : state.cut!;
    const { numReplicas = 1 } = this.#options;
    if (isResized && this.numReplicas !== numReplicas)
      throw new CheckpointError(
        `Cannot resume ${loader}: expected steps of ${perStep({ ...this.#cursor.place, ...this.state() })} samples in the state, got ${perStep(state)}, and a sampler or a dataset that is the part of one of ${this.numReplicas} processes: it cannot begin behind the samples that are done; give the loader numReplicas and rank instead (a trainer does it by itself), resume with the batches of before, or from the end of an epoch`,
      );
    const batches = isIterableDataset(dataset) ? undefined : this.#batchesFrom(cut.done);
    return { cut, batches, length: batches?.length ?? this.#lengthOfStream(cut.done) };
  }

  /** The next iterator begins an epoch: nothing that was kept for going on inside another counts. */
  #forgetPlace(): void {
    this.#stream = undefined;
    this.#inputs = undefined;
    this.#rest = undefined;
  }

  /** The iterator that was open, if any, gives nothing more: two would disagree about where the loader stands. */
  #endOpen(): void {
    const reason = new Error(
      'Cannot read the next batch: expected the only iterator of a DataLoader, got one that a later iteration, setEpoch or loadState has ended; give each loop a DataLoader of its own',
    );
    // Nobody waits for the end of what is closed here.
    this.#open?.close(reason).catch((error: Error) => process.emitWarning(error));
    this.#open = undefined;
  }
}

/** Samples of one process in an epoch of so many. */
function partOf(count: number, { numReplicas, rank, dropLast }: Required<RankOptions> & { dropLast: boolean }): number {
  return dropLast ? Math.floor(count / numReplicas) : Math.ceil(Math.max(0, count - rank) / numReplicas);
}

/** What is left of an epoch behind a cut. */
interface Rest {
  readonly cut: Cut;
  /** Of a dataset with indices. */
  readonly batches: Sampler<Int32Array> | undefined;
  readonly length: number;
}

/** The order of an epoch, of which only what lies behind the cut is asked for. */
function orderOfRest({ cut, batches, length }: Rest, epoch: number): Order<Int32Array> {
  const left = batches!.order(epoch);
  return { length: cut.position + length, at: (position, input) => left.at(position - cut.position, input) };
}

/** What of `own` a state has to agree with: how many processes share an epoch, and its batches, may differ. */
function commonPart(own: DataLoaderState, state: DataLoaderState, isResized: boolean): DataLoaderState {
  const { batchSize: _, numReplicas: __, numBatches: ___, ...rest } = own;
  if (isResized || ofOtherRanks(state, own)) return rest;
  if (state?.cut === undefined) return own;
  const { numBatches: ____, ...ofSameRanks } = own; // such an epoch may have more
  return ofSameRanks;
}

/** Whether a state was saved by another number of processes whose batches together are as large: it is of the same place then. */
function ofOtherRanks(state: DataLoaderState, own: DataLoaderState): boolean {
  const all = ({ batchSize = Number.NaN, numReplicas = 1 }: DataLoaderState): number => batchSize * numReplicas;
  return (state?.numReplicas ?? 1) !== (own.numReplicas ?? 1) && all(state) === all(own);
}

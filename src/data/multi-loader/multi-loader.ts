// `MultiDataLoader`: plays several loaders as one, in the order of a schedule, resumable at every batch.

import type { BatchLoader } from '../loader/batch-loader.ts';
import { EpochCursor } from '../loader/cursor.ts';
import type { BatchIterator } from '../loader/prefetch.ts';
import { isPositiveInteger, OptionProblems } from '../option-problems.ts';
import { type LoaderBatch, MultiIterator, type Progress } from './multi-iterator.ts';
import { checkMultiState, describeSchedule, type MultiDataLoaderState } from './multi-state.ts';
import { type LoaderCollection, type NamedLoader, nameLoaders } from './name-loaders.ts';
import { LoaderProportions } from './proportions.ts';
import { checkSchedule, SCHEDULE_OPTIONS, type ScheduleConfig } from './schedule-config.ts';
import { TurnPlan } from './turn-plan.ts';
import type { Turns } from './turns.ts';

/** Options of {@link MultiDataLoader}: so many because model-training-framework's configuration is flat. */
export interface MultiDataLoaderOptions<B> extends ScheduleConfig {
  /** Loaders by name, or a list of loaders, named dl0, dl1, … where an entry has no name. Their lengths are read once. */
  readonly loaders: LoaderCollection<B>;
  /** A loader whose turn comes after its last batch plays again, in a new order if it shuffles. Otherwise its turns fall to the next in the schedule, and an epoch
   *  ends when no loader has a batch left. Default true. */
  readonly cycleShortLoaders?: boolean;
  /** An epoch ends after so many batches at most. Default: no limit. */
  readonly maxBatchesPerEpoch?: number | undefined;
  /** The name that model-training-framework has for `maxBatchesPerEpoch`; it never was about fetching ahead. */
  readonly prefetchCapTotalBatches?: number | undefined;
}

const OPTIONS = ['loaders', 'cycleShortLoaders', 'maxBatchesPerEpoch', 'prefetchCapTotalBatches', ...SCHEDULE_OPTIONS];

/**
 * Plays several loaders under one schedule. Every epoch plays every loader from its beginning, also one that the epoch before did not finish. A loader that
 * plays more than once in an epoch counts its own epochs on, so that no order occurs twice: with at most p plays an epoch, play c of epoch e is its epoch
 * e * p + c; p is 1024 for a loader of unknown length.
 *
 * A loader whose `length` is Infinity needs an epoch length that does not depend on it (`fixed_num_steps`, or `max_of_lengths` under `weighted`). It may end all
 * the same, as any loader may end before its `length`. Where one ends, it plays again with its next epoch; without `cycleShortLoaders` its turns fall to the next
 * in the schedule.
 *
 * Resume: `state()` after any batch, `loadState` in a loader of the same options, and what follows is as if nothing had stopped; prefetching, concurrency and
 * workers of the loaders may change. With `lossMix`, what `reportLosses` changes acts on batch p + INPUT_DELAY, where p is the batch asked for next.
 *
 * Cost: for a schedule that is the same in every epoch, 4 bytes and 10 to 60 ns a batch, once; for shares that change, constant memory. A turn takes about 0.1 us by a schedule and 0.5 us by shares that change.
 * @example
 * import { DataLoader, MultiDataLoader, TensorDataset } from 'sconce/data';
 * const google = new DataLoader({ dataset: new TensorDataset({ image: ones([3, 8, 8]) }), batchSize: 1 });
 * const twitter = new DataLoader({ dataset: new TensorDataset({ image: ones([1, 8, 8]) }), batchSize: 1 });
 * const loader = new MultiDataLoader({ loaders: { google, twitter }, strategy: 'weighted', weights: [3, 1] });
 * const played: string[] = [];
 * for await (const { loaderName } of loader) played.push(loaderName);
 * played; // ['google', 'google', 'twitter', 'google']
 */
export class MultiDataLoader<B> implements BatchLoader<LoaderBatch<B>> {
  /** Batches in an epoch; fewer where loaders end before their length and do not play again. */
  readonly length: number;
  /** The loaders' names, in their order. */
  readonly names: readonly string[];
  /** The loaders with their names, in their order. */
  readonly loaders: readonly NamedLoader<B>[];
  readonly #loaders: readonly BatchLoader<B>[];
  readonly #lengths: readonly number[];
  readonly #doesCycle: boolean;
  readonly #description: MultiDataLoaderState['schedule'];
  readonly #plan: TurnPlan;
  readonly #cursor = new EpochCursor();
  #turns: Turns;
  #progress: Progress[] = [];
  /** Each loader's summed shares of this epoch's batches. */
  #wanted: Float64Array;
  /** Batches and summed shares since the loader began. */
  #total: { readonly batches: Float64Array; readonly wanted: Float64Array };
  #open: MultiIterator<B> | undefined;

  /** @throws {ConfigError} naming every option that is wrong. @throws {RangeError} where an epoch would not end. */
  constructor(options: MultiDataLoaderOptions<B>) {
    const problems = new OptionProblems();
    problems.expectKnown(options, OPTIONS);
    const entries = nameLoaders(options.loaders, problems);
    checkSchedule(options, entries.length, problems);
    const maxBatchesPerEpoch = limitOf(options, problems);
    problems.throwIfAny('make a MultiDataLoader');

    const { cycleShortLoaders = true } = options;
    this.loaders = entries;
    this.names = entries.map(({ name }) => name);
    this.#loaders = entries.map(({ loader }) => loader);
    this.#lengths = this.#loaders.map(({ length }) => length);
    this.#doesCycle = cycleShortLoaders;
    const rest = { lengths: this.#lengths, cycleShortLoaders, maxBatchesPerEpoch };
    this.#description = describeSchedule(options, rest);
    this.#plan = new TurnPlan(options, { ...rest, names: this.names });
    this.length = this.#plan.length;
    this.#turns = this.#plan.turns(0);
    const zeros = (): Float64Array => new Float64Array(this.names.length);
    this.#wanted = zeros();
    this.#total = { batches: zeros(), wanted: zeros() };
    this.#placeAtBeginning(0);
  }

  /** Whether `reportLosses` changes what is played: true with `lossMix`. */
  get takesLosses(): boolean {
    return this.#plan.mix !== undefined;
  }

  setEpoch(epoch: number): void {
    void this.#endOpen();
    if (this.#cursor.setEpoch(epoch)) this.#placeAtBeginning(epoch);
  }

  /**
   * Takes losses by loader name, all or some, as a validation gives them: loaders whose loss falls slower than that of others get more turns (`lossMix`). It acts
   * on batch p + INPUT_DELAY, where p is the batch asked for next; between epochs on the next epoch from its first batch. A trainer calls it after every validation.
   * @throws {TypeError} without `lossMix`, or for a name that no loader has. @throws {RangeError} for a loss that is negative or not finite.
   */
  reportLosses(losses: Readonly<Record<string, number>>): void {
    const { mix } = this.#plan;
    if (!mix) {
      throw new TypeError(
        'Cannot take losses: expected a MultiDataLoader with lossMix, got one whose turns no loss changes; make it with lossMix: {}',
      );
    }
    mix.input.set(mix.rule.report(losses));
  }

  /** How often each loader played beside how often it should have, in this epoch and since the loader began; `String(…)` makes a table of it. */
  proportions(): LoaderProportions {
    const batches = this.#progress.map(({ turns }) => turns);
    return new LoaderProportions(this.names, { epoch: { batches, wanted: this.#wanted }, run: this.#total });
  }

  state(): MultiDataLoaderState {
    const { mix } = this.#plan;
    const byName = <T>(value: (i: number) => T): Record<string, T> =>
      Object.fromEntries(this.names.map((name, i) => [name, value(i)]));
    return {
      ...this.#cursor.place,
      numBatches: this.length,
      schedule: this.#description,
      turns: this.#turns.state(),
      played: byName((i) => ({
        ...this.#progress[i]!,
        wanted: this.#wanted[i]!,
        total: this.#total.batches[i]!,
        totalWanted: this.#total.wanted[i]!,
      })),
      ...(mix && { mix: { losses: mix.rule.state(), input: mix.input.state() } }),
      loaders: byName((i) => this.#loaders[i]!.state()),
    };
  }

  /** @throws {CheckpointError} where the state is that of other loaders, or of another schedule over them. */
  loadState(state: MultiDataLoaderState): void {
    const { names } = this;
    checkMultiState(state, {
      own: this.state(),
      names,
      firstEpochs: (epoch) => this.#plan.plays.map((plays) => epoch * plays),
      turnsBefore: (turn) => this.#plan.turnsBefore(turn),
    });
    void this.#endOpen();
    for (const [i, name] of names.entries()) this.#loaders[i]!.loadState(state.loaders[name]!);
    this.#cursor.load(state);
    const played = names.map((name) => state.played[name]!);
    this.#progress = played.map(({ play, batches, turns, isEnded }) => ({ play, batches, turns, isEnded }));
    this.#wanted = Float64Array.from(played, ({ wanted }) => wanted);
    this.#total = {
      batches: Float64Array.from(played, ({ total }) => total),
      wanted: Float64Array.from(played, ({ totalWanted }) => totalWanted),
    };
    this.#turns = this.#plan.turns(state.epoch, state.turns);
    if (state.mix) {
      this.#plan.mix!.rule.loadState(state.mix.losses);
      this.#plan.mix!.input.loadState(state.mix.input, state.position);
    }
  }

  [Symbol.asyncIterator](): BatchIterator<LoaderBatch<B>> & AsyncIterable<LoaderBatch<B>> {
    void this.#endOpen();
    const isPlaced = this.#cursor.isPlaced;
    const { epoch, position } = this.#cursor.begin(this.length);
    if (!isPlaced) this.#placeAtBeginning(epoch);
    const input = this.#plan.mix?.input;
    input?.begin(position);
    this.#open = new MultiIterator({
      loaders: this.#loaders.map((loader, i) => ({
        loader,
        name: this.names[i]!,
        length: this.#lengths[i]!,
        firstEpoch: epoch * this.#plan.plays[i]!,
        progress: this.#progress[i]!,
      })),
      turns: this.#turns,
      position,
      limit: this.length,
      doesCycle: this.#doesCycle,
      onRequest: () => input?.request(),
      onBatch: (loader) => this.#count(loader),
      onEnd: () => this.#cursor.complete(),
    });
    return this.#open;
  }

  /** Ends the iteration, and closes the loaders that can be closed: those with worker threads end them. */
  async close(): Promise<void> {
    await this.#endOpen();
    const closed = await Promise.allSettled(this.#loaders.map((loader) => (loader as { close?(): unknown }).close?.()));
    const failed = closed.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A batch of a loader is handed out; its turn is not taken yet. */
  #count(loader: number): void {
    this.#turns.addShares(this.#wanted);
    this.#turns.addShares(this.#total.wanted);
    this.#total.batches[loader]!++;
    this.#cursor.advance();
    this.#plan.mix?.input.advance(this.#cursor.place.position);
  }

  /** Moves everything to where `epoch` begins, so that no loader that waits for its first turn still stands elsewhere. */
  #placeAtBeginning(epoch: number): void {
    this.#progress = this.#loaders.map(() => ({ play: 0, batches: 0, turns: 0, isEnded: false }));
    this.#wanted.fill(0);
    this.#plan.mix?.input.reset();
    this.#turns = this.#plan.turns(epoch);
    for (const [i, loader] of this.#loaders.entries()) loader.setEpoch(epoch * this.#plan.plays[i]!);
  }

  /** Ends the iterator that is open, if any: two would disagree about where the loaders stand. */
  #endOpen(): Promise<void> {
    const reason = new Error(
      'Cannot read the next batch: expected the only iterator of a MultiDataLoader, got one that a later iteration, setEpoch or loadState has ended; give each loop a MultiDataLoader of its own',
    );
    const open = this.#open;
    this.#open = undefined;
    return open?.close(reason).catch((error: Error) => process.emitWarning(error)) ?? Promise.resolve();
  }
}

/** The limit on an epoch's batches, under either of its names. */
function limitOf(
  {
    maxBatchesPerEpoch,
    prefetchCapTotalBatches,
  }: Pick<MultiDataLoaderOptions<unknown>, 'maxBatchesPerEpoch' | 'prefetchCapTotalBatches'>,
  problems: OptionProblems,
): number | undefined {
  for (const [option, got] of Object.entries({ maxBatchesPerEpoch, prefetchCapTotalBatches }))
    problems.expect(got === undefined || isPositiveInteger(got), option, { wanted: 'an integer above 0', got });
  const isOnce = maxBatchesPerEpoch === undefined || prefetchCapTotalBatches === undefined;
  problems.expect(isOnce, 'prefetchCapTotalBatches', {
    wanted: 'none beside maxBatchesPerEpoch, which is the same',
    got: prefetchCapTotalBatches,
  });
  return maxBatchesPerEpoch ?? prefetchCapTotalBatches;
}

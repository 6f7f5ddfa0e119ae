// `MultiDataLoader`: plays several loaders as one, in the order of a schedule, resumable at every batch.

import { CheckpointError } from '../../errors.ts';
import type { BatchLoader } from '../loader/batch-loader.ts';
import { EpochCursor } from '../loader/cursor.ts';
import type { BatchIterator } from '../loader/prefetch.ts';
import { isPositiveInteger, OptionProblems } from '../option-problems.ts';
import { type LoaderBatch, MultiIterator, type Progress } from './multi-iterator.ts';
import { checkMultiState, describeSchedule, type MultiDataLoaderState, type RestState } from './multi-state.ts';
import { type LoaderCollection, type NamedLoader, nameLoaders } from './name-loaders.ts';
import { LoaderProportions } from './proportions.ts';
import { restQuotas } from './rest-quotas.ts';
import { checkSchedule, SCHEDULE_OPTIONS, type ScheduleConfig } from './schedule-config.ts';
import { TurnPlan, type TurnPlanOptions } from './turn-plan.ts';
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
  /** The plan of the same schedule over loaders of these lengths. */
  readonly #planOver: (lengths: readonly number[]) => TurnPlan;
  /** Epochs of its own that each loader has for one of the schedule. */
  #plays: readonly number[];
  /** In an epoch that was begun in batches of other sizes. */
  #rest: RestState | undefined;
  readonly #cursor = new EpochCursor();
  #turns: Turns;
  /** The loaders' own epochs with which this one began. */
  #firstEpochs: readonly number[] = [];
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
    const planned: Omit<TurnPlanOptions, 'lengths'> = { cycleShortLoaders, maxBatchesPerEpoch, names: this.names };
    this.#planOver = (lengths) => new TurnPlan(options, { ...planned, lengths });
    this.#plan = this.#planOver(this.#lengths);
    this.#plays = this.#plan.plays;
    this.length = this.#plan.length;
    this.#turns = this.#plan.turns(0);
    const zeros = (): Float64Array => new Float64Array(this.names.length);
    this.#wanted = zeros();
    this.#total = { batches: zeros(), wanted: zeros() };
    this.#placeAtBeginning(0);
  }

  /** Batches in the epoch where the loader stands: `length`, but for one that was begun in batches of other sizes, or by another number of processes. */
  get epochLength(): number {
    const { length } = this;
    return this.#rest ? this.#rest.position + this.#rest.turns.reduce((sum, turns) => sum + turns, 0) : length;
  }

  /** Batches in an epoch: `epochLength` in that where the loader stands, else `length`. */
  lengthOf(epoch: number): number {
    return this.#rest && epoch === this.#cursor.place.epoch ? this.epochLength : this.length;
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
      ...(this.#rest && { rest: this.#rest }),
      ...(this.#plays !== this.#plan.plays && { plays: this.#plays }),
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

  /** Goes on behind what is done. Where it was done in batches of other sizes, or by another number of processes, each loader has so many turns in the rest of the epoch as hold what the
   *  schedule left it.
   *  @throws {CheckpointError} where the state is that of other loaders, or of another schedule over them; and where loaders have other lengths and turns follow changing shares, which count
   *  batches, or a loader cannot begin behind what others have done. */
  loadState(state: MultiDataLoaderState): void {
    const { names } = this;
    const before = lengthsIn(state, names.length);
    const isResized = before?.some((length, i) => length !== this.#lengths[i]) ?? false;
    if (isResized) this.#requireResizable(before!);
    const plays = state?.plays ?? this.#plan.plays;
    checkMultiState(state, {
      own: this.state(),
      names,
      isResized,
      firstEpochs: (epoch) => plays.map((count) => epoch * count),
      turnsBefore: (turn) => this.#plan.turnsBefore(turn),
    });
    const old = isResized ? this.#planOver(before!) : this.#plan;
    if (isResized && state.position > 0 && this.#plan.isMoving && !this.#plan.hasTurnsOf(old))
      throw new CheckpointError(
        `Cannot resume a MultiDataLoader: expected epochs of ${this.length} batches in the state, got ${old.length}, and shares that change, which count batches; resume with the batches of before, with epochLength "fixed_num_steps", or from the end of an epoch`,
      );
    void this.#endOpen();
    for (const [i, name] of names.entries()) this.#loaders[i]!.loadState(state.loaders[name]!);
    this.#cursor.load(state);
    const played = names.map((name) => state.played[name]!);
    this.#firstEpochs = played.map(({ play }, i) => state.loaders[names[i]!]!.epoch - play);
    this.#progress = played.map(({ play, batches, turns, isEnded }) => ({ play, batches, turns, isEnded }));
    this.#wanted = Float64Array.from(played, ({ wanted }) => wanted);
    this.#total = {
      batches: Float64Array.from(played, ({ total }) => total),
      wanted: Float64Array.from(played, ({ totalWanted }) => totalWanted),
    };
    if (isResized) {
      const most = old.plays.map((count, i) => Math.max(state.plays?.[i] ?? count, this.#plan.plays[i]!));
      this.#plays = most.every((count, i) => count === this.#plan.plays[i]) ? this.#plan.plays : most;
      this.#rest = this.#restOf(state, before!, old);
    } else {
      this.#plays = state.plays ?? this.#plan.plays;
      this.#rest = state.rest;
    }
    if (this.#rest)
      this.#turns = this.#plan.restTurns(this.#rest.turns, this.#rest === state.rest ? state.turns : { turn: 0 });
    else this.#turns = this.#plan.turns(state.epoch, state.turns);
    if (state.mix) {
      this.#plan.mix!.rule.loadState(state.mix.losses);
      this.#plan.mix!.input.loadState(state.mix.input, state.position);
    }
  }

  [Symbol.asyncIterator](): BatchIterator<LoaderBatch<B>> & AsyncIterable<LoaderBatch<B>> {
    void this.#endOpen();
    const isPlaced = this.#cursor.isPlaced;
    const { epoch, position } = this.#cursor.begin(this.epochLength);
    if (!isPlaced) this.#placeAtBeginning(epoch);
    const input = this.#plan.mix?.input;
    input?.begin(position);
    this.#open = new MultiIterator({
      loaders: this.#loaders.map((loader, i) => ({
        loader,
        name: this.names[i]!,
        length: this.#lengths[i]!,
        firstEpoch: this.#firstEpochs[i]!,
        progress: this.#progress[i]!,
      })),
      turns: this.#turns,
      position,
      limit: this.epochLength,
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

  #requireResizable(before: readonly number[]): void {
    const stuck = this.#loaders.findIndex(
      (loader, i) => loader.epochLength === undefined && before[i] !== this.#lengths[i],
    );
    if (stuck < 0) return;
    throw new CheckpointError(
      `Cannot resume a MultiDataLoader: expected lengths [${this.#lengths.join(', ')}] in the state, got [${before.join(', ')}], and "${this.names[stuck]}" cannot go on in an epoch of another length (it has no epochLength); make the loaders as they were, or start them afresh`,
    );
  }

  /** How the epoch of a state goes on with loaders of other lengths. They have been placed. */
  #restOf(state: MultiDataLoaderState, before: readonly number[], old: TurnPlan): RestState | undefined {
    if (state.position === 0 || (!state.rest && this.#plan.hasTurnsOf(old))) return undefined;
    const progress = this.#progress;
    const turns = state.rest ? old.restTurns(state.rest.turns, state.turns) : old.turns(state.epoch, state.turns);
    const left = new Array<number>(before.length).fill(0);
    const isLeft = (loader: number): boolean => !progress[loader]!.isEnded;
    for (const loader of turns.ahead(Number.POSITIVE_INFINITY, isLeft)) left[loader]!++;
    const quotas = restQuotas(
      left.map((turnsLeft, i) => {
        const { play, batches } = progress[i]!;
        const playBefore = state.rest?.plays[i] === play ? state.rest.lengths[i]! : before[i]!;
        const playNow = this.#loaders[i]!.epochLength ?? this.#lengths[i]!;
        return {
          turnsLeft,
          before: { inPlay: playBefore - batches, play: before[i]! },
          now: { inPlay: playNow - batches, play: this.#lengths[i]! },
          doesCycle: this.#doesCycle,
        };
      }),
    );
    const lengths = this.#loaders.map((loader, i) => loader.epochLength ?? this.#lengths[i]!);
    return { position: state.position, turns: quotas, plays: progress.map(({ play }) => play), lengths };
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
    this.#rest = undefined;
    this.#turns = this.#plan.turns(epoch);
    this.#firstEpochs = this.#plays.map((plays) => epoch * plays);
    for (const [i, loader] of this.#loaders.entries()) loader.setEpoch(this.#firstEpochs[i]!);
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

/** The loaders' lengths as a state has them; undefined where it has none that could be. */
function lengthsIn(state: MultiDataLoaderState, numLoaders: number): number[] | undefined {
  const lengths: unknown = state?.schedule?.lengths;
  if (!Array.isArray(lengths) || lengths.length !== numLoaders) return undefined;
  const numbers = lengths.map((each) => (each === 'Infinity' ? Number.POSITIVE_INFINITY : each));
  return numbers.every((each) => typeof each === 'number' && each >= 0) ? numbers : undefined;
}

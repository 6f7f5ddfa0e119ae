// `MultiDataLoader`: plays several loaders as one, in the order of a schedule, resumable at every batch.
import { CheckpointError } from '../../errors.ts';
import { type Cursor, checkState, EpochCursor } from '../cursor.ts';
import type { BatchLoader } from '../loader.ts';
import { isPositiveInteger, OptionProblems } from '../option-problems.ts';
import type { BatchIterator } from '../prefetch.ts';
import { type LoaderBatch, MultiIterator } from './multi-iterator.ts';
import { buildSchedule, checkSchedule, playableSchedule, type ScheduleConfig } from './policy.ts';

/** A loader with a name. */
export interface NamedLoader<B> {
  readonly name: string;
  readonly loader: BatchLoader<B>;
}

/** Options of {@link MultiDataLoader}. */
export interface MultiDataLoaderOptions<B> extends ScheduleConfig {
  /** Loaders by name, or a list of loaders, named dl0, dl1, … where an entry has no name. Their lengths are read once. */
  readonly loaders: Readonly<Record<string, BatchLoader<B>>> | readonly (BatchLoader<B> | NamedLoader<B>)[];
  /** A loader whose turn comes after its last batch plays again, in a new order if it shuffles. Otherwise its turns fall to the next in the schedule. Default true. */
  readonly cycleShortLoaders?: boolean;
  /** An epoch ends after so many batches at most. Default: no limit. */
  readonly maxBatchesPerEpoch?: number | undefined;
}

/** What {@link MultiDataLoader.state} gives. */
export interface MultiDataLoaderState extends Cursor {
  readonly numBatches: number;
  /** The states of the loaders by name. */
  readonly loaders: Readonly<Record<string, Cursor>>;
}

const SCHEDULE_OPTIONS = ['strategy', 'epochLength', 'stepsPerEpoch', 'weights', 'pattern', 'burstSize'];
const OPTIONS = ['loaders', 'cycleShortLoaders', 'maxBatchesPerEpoch', ...SCHEDULE_OPTIONS];

/**
 * Plays several loaders under one schedule, the same for every epoch. Every epoch plays every loader from its beginning, also one that the epoch before
 * did not finish. A loader that plays more than once in an epoch counts its own epochs on, so that no order occurs twice: with p plays an epoch, play c of
 * epoch e is its epoch e * p + c.
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
  /** Batches in an epoch. */
  readonly length: number;
  /** The loaders' names, in their order. */
  readonly names: readonly string[];
  /** The loader of every batch of an epoch, by number. */
  readonly #schedule: Int32Array;
  readonly #loaders: readonly BatchLoader<B>[];
  readonly #lengths: readonly number[];
  /** How often each loader is played in a complete epoch, at least 1. */
  readonly #plays: readonly number[];
  readonly #cursor = new EpochCursor();
  #open: MultiIterator<B> | undefined;

  /** @throws {ConfigError} naming every option that is wrong. @throws {RangeError} where an epoch would not end. */
  constructor(options: MultiDataLoaderOptions<B>) {
    const problems = new OptionProblems();
    problems.expectKnown(options, OPTIONS);
    const { cycleShortLoaders = true, maxBatchesPerEpoch } = options;
    const entries = nameLoaders(options.loaders, problems);
    checkSchedule(options, entries.length, problems);
    const isLimit = maxBatchesPerEpoch === undefined || isPositiveInteger(maxBatchesPerEpoch);
    problems.expect(isLimit, 'maxBatchesPerEpoch', { wanted: 'an integer above 0', got: maxBatchesPerEpoch });
    problems.throwIfAny('make a MultiDataLoader');

    this.names = entries.map(({ name }) => name);
    this.#loaders = entries.map(({ loader }) => loader);
    this.#lengths = this.#loaders.map(({ length }) => length);
    this.#schedule = playableSchedule(buildSchedule(options, this.#lengths), this.#lengths, {
      cycleShortLoaders,
      maxBatches: maxBatchesPerEpoch,
    });
    this.length = this.#schedule.length;
    const turns = this.#turnsBefore(this.length);
    this.#plays = turns.map((count, i) => (count === 0 ? 1 : Math.max(1, Math.ceil(count / this.#lengths[i]!))));
    const empty = this.#lengths.findIndex((length, loader) => length === 0 && this.#schedule.includes(loader));
    if (empty >= 0) {
      throw new RangeError(
        `Cannot make a MultiDataLoader: expected batches in every loader that has a turn, got none in "${this.names[empty]}"`,
      );
    }
    this.#placeAtBeginning(0);
  }

  setEpoch(epoch: number): void {
    this.#endOpen();
    if (this.#cursor.setEpoch(epoch)) this.#placeAtBeginning(epoch);
  }

  state(): MultiDataLoaderState {
    const loaders = Object.fromEntries(this.names.map((name, i) => [name, this.#loaders[i]!.state()]));
    return { ...this.#cursor.place, numBatches: this.length, loaders };
  }

  /** @throws {CheckpointError} where the state is that of other loaders, or of another schedule over them. */
  loadState(state: MultiDataLoaderState): void {
    checkState(state, this.state(), 'a MultiDataLoader');
    const saved = Object.keys(state.loaders ?? {});
    if (saved.length !== this.names.length || !this.names.every((name) => Object.hasOwn(state.loaders, name))) {
      throw new CheckpointError(
        `Cannot resume a MultiDataLoader: expected states of ${this.names.join(', ')}, got ${saved.join(', ') || 'none'}`,
      );
    }
    const turns = this.#turnsBefore(state.position);
    for (const [i, name] of this.names.entries()) {
      const due = this.#placeAfter(i, { epoch: state.epoch, turns: turns[i]! });
      const { epoch, position } = state.loaders[name]!;
      if (epoch === due.epoch && position === due.position) continue;
      // A loader that fetches ahead of another play stands at its beginning already.
      if (due.position === this.#lengths[i] && epoch === due.epoch + 1 && position === 0) continue;
      throw new CheckpointError(
        `Cannot resume a MultiDataLoader: expected "${name}" after ${due.position} batches of its epoch ${due.epoch} by the schedule, got ${position} of epoch ${epoch}; make the loaders and the schedule as they were`,
      );
    }
    this.#endOpen();
    for (const [i, name] of this.names.entries()) this.#loaders[i]!.loadState(state.loaders[name]!);
    this.#cursor.load(state);
  }

  [Symbol.asyncIterator](): BatchIterator<LoaderBatch<B>> & AsyncIterable<LoaderBatch<B>> {
    this.#endOpen();
    const { epoch, position } = this.#cursor.begin(this.length);
    if (position === 0) this.#placeAtBeginning(epoch);
    this.#open = new MultiIterator({
      schedule: this.#schedule,
      position,
      turns: this.#turnsBefore(position),
      loaders: this.#loaders.map((loader, i) => ({
        loader,
        name: this.names[i]!,
        length: this.#lengths[i]!,
        firstEpoch: epoch * this.#plays[i]!,
      })),
      onBatch: () => this.#cursor.advance(),
    });
    return this.#open;
  }

  /** How many turns each loader has before `position` of the schedule. */
  #turnsBefore(position: number): number[] {
    const turns = new Array<number>(this.#loaders.length).fill(0);
    for (const loader of this.#schedule.subarray(0, position)) turns[loader]!++;
    return turns;
  }

  /** Where a loader stands after `turns` turns in `epoch`: after its last batch rather than before the first of another play. */
  #placeAfter(loader: number, { epoch, turns }: { readonly epoch: number; readonly turns: number }): Cursor {
    const play = turns === 0 ? 0 : Math.max(0, Math.ceil(turns / this.#lengths[loader]!) - 1);
    const position = play === 0 ? turns : turns - play * this.#lengths[loader]!; // a loader without an end has one play
    return { epoch: epoch * this.#plays[loader]! + play, position };
  }

  /** Moves every loader to where `epoch` begins, so that no loader that waits for its first turn still stands elsewhere. */
  #placeAtBeginning(epoch: number): void {
    for (const [i, loader] of this.#loaders.entries()) loader.setEpoch(epoch * this.#plays[i]!);
  }

  #endOpen(): void {
    this.#open?.close(
      new Error(
        'Cannot read the next batch: expected the only iterator of a MultiDataLoader, got one that a later iteration, setEpoch or loadState has ended; give each loop a MultiDataLoader of its own',
      ),
    );
    this.#open = undefined;
  }
}

/** Gives every loader its name, and notes what is wrong with names and loaders. */
function nameLoaders<B>(loaders: MultiDataLoaderOptions<B>['loaders'], problems: OptionProblems): NamedLoader<B>[] {
  const isList = (value: typeof loaders): value is readonly (BatchLoader<B> | NamedLoader<B>)[] => Array.isArray(value);
  const isNamed = (entry: BatchLoader<B> | NamedLoader<B>): entry is NamedLoader<B> =>
    typeof entry === 'object' && 'loader' in entry;
  const entries = isList(loaders)
    ? loaders.map((entry, i) => (isNamed(entry) ? entry : { name: `dl${i}`, loader: entry }))
    : Object.entries(loaders ?? {}).map(([name, loader]) => ({ name, loader }));
  problems.expect(entries.length > 0, 'loaders', { wanted: 'at least one loader', got: 'none' });
  entries.forEach(({ name, loader }, i) => {
    const isLoader = typeof loader?.[Symbol.asyncIterator] === 'function' && typeof loader.setEpoch === 'function';
    problems.expect(isLoader, `loaders.${name}`, {
      wanted: 'a DataLoader, or what else plays batches by epoch',
      got: typeof loader,
    });
    const twin = entries.findIndex((other) => other.name === name);
    problems.expect(twin === i, `loaders.${name}`, { wanted: 'a name of its own', got: `that of loader ${twin}` });
    const same = entries.findIndex((other) => other.loader === loader);
    problems.expect(same === i, `loaders.${name}`, {
      wanted: 'a loader of its own',
      got: `that of "${entries[same]!.name}"`,
    });
    // JavaScript puts keys like "10" before all others: the order of the loaders would not be the written one.
    const isOrdered = isList(loaders) || !/^(0|[1-9]\d*)$/.test(name);
    problems.expect(isOrdered, `loaders.${name}`, {
      wanted: 'a name that is no number, or a list of { name, loader }',
      got: name,
    });
  });
  return entries;
}

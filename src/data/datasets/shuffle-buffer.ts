// `ShuffleBuffer`: an iterable dataset in a random order, with as much memory as is given to it.
import { CheckpointError } from '../../errors.ts';
import type { SampleContext } from '../context.ts';
import { isPositiveInteger, OptionProblems } from '../option-problems.ts';
import { deriveSeed, Purpose } from '../philox.ts';
import { noteWrapper } from '../workers/origin.ts';
import { datasetName } from './dataset.ts';
import { type IterableDataset, isIterableDataset, type SampleStream, type StreamState } from './iterable.ts';
import { type PlacedSample, reread } from './reread.ts';

/** Options of {@link ShuffleBuffer}. */
export interface ShuffleBufferOptions {
  /** Samples that are held, and drawn from. With as many as there are in an epoch every order is equally likely. */
  readonly size: number;
  /** Together with the epoch fixes the order. An integer from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number;
}

/**
 * Shuffles an iterable dataset: holds `size` samples, gives one of them at random, and reads the next in its place. Itself an iterable dataset.
 * What is held is what the stream gives (`decode` comes after), so that bytes wait here and not pictures.
 *
 * Its state has the place of every sample that it holds: a resumed stream reads those again, in the order in which they came, and no others but the few
 * between two that lie near each other.
 * Source: PyTorch's `ShufflerIterDataPipe`, webdataset's `shuffle`; neither goes on from where it stood.
 * @example
 * import { DataLoader, GeneratorDataset, ShuffleBuffer } from 'sconce/data';
 * const numbers = new GeneratorDataset(() => [1, 2, 3, 4, 5, 6]);
 * const loader = new DataLoader({ dataset: new ShuffleBuffer(numbers, { size: 4, seed: 1 }), batchSize: 6 });
 * const batches: unknown[] = [];
 * for await (const batch of loader) batches.push(batch);
 * batches; // [tensor([3., 5., 4., 1., 6., 2.])]
 */
export class ShuffleBuffer<R, S = R> implements IterableDataset<R, S> {
  readonly name: string;
  readonly length: number | undefined;
  readonly numReplicas: number | undefined;
  readonly decode?: (raw: R, context: SampleContext) => S | Promise<S>;
  readonly #dataset: IterableDataset<R, S>;
  readonly #options: Required<ShuffleBufferOptions>;

  /** @throws {ConfigError} naming every option that is wrong. */
  constructor(dataset: IterableDataset<R, S>, options: ShuffleBufferOptions) {
    const problems = new OptionProblems();
    problems.expectKnown(options, ['size', 'seed']);
    const { size, seed = 0 } = options;
    problems.expect(isPositiveInteger(size), 'size', { wanted: 'an integer above 0', got: size });
    problems.expect(Number.isSafeInteger(seed) && seed >= 0, 'seed', {
      wanted: 'an integer from 0 to 2^53 - 1',
      got: seed,
    });
    const isFit = isIterableDataset(dataset) && !(dataset instanceof ShuffleBuffer);
    problems.expect(isFit, 'dataset', {
      wanted: 'an iterable dataset that is not shuffled yet',
      got: isIterableDataset(dataset) ? 'a ShuffleBuffer' : typeof dataset,
    });
    problems.throwIfAny('make a ShuffleBuffer');
    this.name = `ShuffleBuffer of ${datasetName(dataset)}`;
    this.length = dataset.length;
    this.numReplicas = dataset.numReplicas;
    this.#dataset = dataset;
    this.#options = { size, seed };
    if (dataset.decode) this.decode = (raw, context) => dataset.decode!(raw, context);
    noteWrapper(this, 'ShuffleBuffer', { inner: [dataset], rest: this.#options });
  }

  open(epoch: number, state?: StreamState): SampleStream<R> {
    const saved = state === undefined ? undefined : checkState(state, this.name, this.#options.size);
    return new ShuffledStream(this.#dataset, epoch, { ...this.#options, saved });
  }
}

/** The state of a shuffled stream. A type and no interface: so it counts as plain data. */
type ShuffleState = {
  /** Samples given. */
  readonly numGiven: number;
  /** Samples read from the source. */
  readonly numRead: number;
  /** Where the source's stream stands; absent where it has not been opened. */
  readonly source?: StreamState;
  /** The numbers of the samples that are held, in the order in which they are held; samples are numbered as they are read. */
  readonly numbers: readonly number[];
  /** Where the source's stream stood before each of them. */
  readonly places: readonly StreamState[];
};

interface ShuffledStreamOptions extends Required<ShuffleBufferOptions> {
  readonly saved: ShuffleState | undefined;
}

class ShuffledStream<R> implements SampleStream<R> {
  readonly #dataset: IterableDataset<R, unknown>;
  readonly #epoch: number;
  readonly #options: ShuffledStreamOptions;
  readonly #held: (PlacedSample & { readonly raw: R })[] = [];
  #source: SampleStream<R> | undefined;
  #numGiven: number;
  #numRead: number;
  #isEnded = false;
  #isClosed = false;

  constructor(dataset: IterableDataset<R, unknown>, epoch: number, options: ShuffledStreamOptions) {
    this.#dataset = dataset;
    this.#epoch = epoch;
    this.#options = options;
    this.#numGiven = options.saved?.numGiven ?? 0;
    this.#numRead = options.saved?.numRead ?? 0;
  }

  /** Gives at once what a source gives at once. */
  next(): R | undefined | Promise<R | undefined> {
    const { saved } = this.#options;
    if (!this.#source) {
      if (saved && saved.numbers.length > 0) return this.#restore(saved);
      this.#source = this.#dataset.open(this.#epoch, saved?.source);
    }
    while (this.#wantsMore) {
      const place = this.#source.state();
      const raw = this.#source.next();
      if (raw instanceof Promise) return this.#fill(place, raw);
      this.#hold(place, raw);
    }
    return this.#draw();
  }

  state(): StreamState {
    const { saved } = this.#options;
    if (!this.#source && saved) return saved;
    const state: ShuffleState = {
      numGiven: this.#numGiven,
      numRead: this.#numRead,
      ...(this.#source && { source: this.#source.state() }),
      numbers: this.#held.map(({ number }) => number),
      places: this.#held.map(({ place }) => place),
    };
    return state;
  }

  close(): void | Promise<void> {
    this.#isClosed = true;
    this.#held.length = 0;
    return this.#source?.close();
  }

  get #wantsMore(): boolean {
    return !this.#isEnded && this.#held.length < this.#options.size;
  }

  async #fill(firstPlace: StreamState, first: Promise<R | undefined>): Promise<R | undefined> {
    this.#hold(firstPlace, await first);
    while (this.#wantsMore && !this.#isClosed) {
      const place = this.#source!.state();
      const raw = this.#source!.next();
      this.#hold(place, raw instanceof Promise ? await raw : raw);
    }
    return this.#draw();
  }

  #hold(place: StreamState, raw: R | undefined): void {
    if (raw === undefined) this.#isEnded = true;
    else this.#held.push({ place, number: this.#numRead++, raw });
  }

  #draw(): R | undefined {
    if (this.#held.length === 0) return undefined;
    const key = { seed: this.#options.seed, epoch: this.#epoch, purpose: Purpose.shuffleBuffer };
    const chosen = Math.floor((deriveSeed(key, this.#numGiven++) / 2 ** 53) * this.#held.length);
    const { raw } = this.#held[chosen]!;
    const last = this.#held.pop()!;
    if (chosen < this.#held.length) this.#held[chosen] = last;
    return raw;
  }

  /** Reads again what was held, and goes on. */
  async #restore({ numbers, places, source }: ShuffleState): Promise<R | undefined> {
    const wanted = numbers.map((number, i): PlacedSample => ({ number, place: places[i]! }));
    const raws = await reread(this.#dataset, this.#epoch, wanted);
    if (this.#isClosed) return undefined;
    this.#held.push(...wanted.map((placed, i) => ({ ...placed, raw: raws[i]! })));
    this.#source = this.#dataset.open(this.#epoch, source);
    return this.next();
  }
}

/** @throws {CheckpointError} where a state is not that of a shuffled stream of this size. */
function checkState(state: StreamState, name: string, size: number): ShuffleState {
  const { numGiven, numRead, source, numbers, places } = (state ?? {}) as Partial<ShuffleState>;
  const areCounts = [numGiven, numRead].every((count) => Number.isSafeInteger(count) && count! >= 0);
  const areLists = Array.isArray(numbers) && Array.isArray(places) && numbers.length === places.length;
  const isPlaced = source !== undefined || numbers?.length === 0;
  if (!areCounts || !areLists || !isPlaced || !numbers.every(Number.isSafeInteger)) {
    throw new CheckpointError(
      `Cannot resume ${name}: expected the state of a shuffled stream, got ${JSON.stringify(state)?.slice(0, 60)}; open what was open when the state was saved, or start afresh`,
    );
  }
  if (numbers.length > size) {
    throw new CheckpointError(
      `Cannot resume ${name}: expected at most ${size} samples in the state, got ${numbers.length}; give the ShuffleBuffer the size that it had`,
    );
  }
  return state as ShuffleState;
}

// The plans of an epoch's batches from an iterable dataset, read in sequence.
import { datasetName } from '../datasets/dataset.ts';
import type { IterableDataset, SampleStream, StreamState } from '../datasets/iterable.ts';
import { batchContext, placeIn } from './order-source.ts';
import type { BatchPlan, PlanSource } from './prefetch.ts';
import { type FailurePolicy, lateSample, sampleError, streamedSample } from './recipe.ts';
import type { Cut } from './resized.ts';
import { limitTime } from './time-limit.ts';

/** A batch of a stream, and where the stream stands behind it. */
export interface StreamPlan<R> extends BatchPlan<readonly R[]> {
  readonly stream: StreamState;
  /** Samples that the stream could not give, before or among those of this batch. */
  readonly numUnreadable: number;
}

export interface StreamSourceOptions<R> extends FailurePolicy {
  readonly dataset: IterableDataset<R, unknown>;
  readonly seed: number;
  readonly epoch: number;
  /** The batch to begin with. */
  readonly position: number;
  /** Where the stream stands before that batch; undefined at the beginning of the epoch. */
  readonly state: StreamState | undefined;
  readonly batchSize: number;
  readonly dropLast: boolean;
  /** Processes that share the stream, each of which keeps every `numReplicas`-th sample from `rank` on. */
  readonly numReplicas: number;
  readonly rank: number;
  /** From where on the stream is cut so. Default: the epoch's beginning. */
  readonly cut?: Cut | undefined;
}

/** After so many failures in a row nothing good is to be expected of a stream, and a loop over them would never end. */
const MOST_FAILURES = 1000;

/** What took the place of a sample that could not be read. */
class Unreadable {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** Reads batch after batch of a stream, which it opens when the first is asked for. */
export class StreamSource<R> implements PlanSource<StreamPlan<R>> {
  readonly #options: StreamSourceOptions<R>;
  #stream: SampleStream<R> | undefined;
  #position: number;
  #raws: R[] = [];
  readonly #cut: Cut;
  /** Samples that the stream gave behind the cut, those of other processes included. */
  #numRead: number;
  /** Samples that could not be read since the last plan. */
  #numUnreadable = 0;
  /** Failures since the last sample. */
  #numFailures = 0;
  /** Where the stream stood after the last of them. */
  #failedAt: string | undefined;
  #isEnded = false;

  constructor(options: StreamSourceOptions<R>) {
    this.#options = options;
    this.#position = options.position;
    this.#cut = options.cut ?? { position: 0, done: 0 };
    this.#numRead = (options.position - this.#cut.position) * options.batchSize * options.numReplicas;
  }

  /** Samples that could not be read behind the last batch. */
  get numUnreadable(): number {
    return this.#numUnreadable;
  }

  /** A stream that gives samples at once gives a plan at once. */
  next(): StreamPlan<R> | undefined | Promise<StreamPlan<R> | undefined> {
    const { dataset, epoch, state } = this.#options;
    this.#stream ??= dataset.open(epoch, state);
    while (this.#wantsMore) {
      const raw = this.#read();
      if (raw instanceof Promise) return this.#readOn(raw);
      this.#take(raw);
    }
    return this.#plan();
  }

  close(): void | Promise<void> {
    return this.#stream?.close();
  }

  async #readOn(first: Promise<R | Unreadable | undefined>): Promise<StreamPlan<R> | undefined> {
    this.#take(await first);
    while (this.#wantsMore) {
      const raw = this.#read();
      this.#take(raw instanceof Promise ? await raw : raw);
    }
    return this.#plan();
  }

  get #wantsMore(): boolean {
    const { batchSize, numReplicas } = this.#options;
    // The samples of the other processes too: all stand at one place of the stream between two batches.
    return !this.#isEnded && (this.#raws.length < batchSize || this.#numRead % numReplicas !== 0);
  }

  #read(): R | undefined | Unreadable | Promise<R | Unreadable | undefined> {
    const { timeout } = this.#options;
    const fail = (error: unknown): Unreadable => new Unreadable(error);
    try {
      const raw = this.#stream!.next();
      if (!(raw instanceof Promise)) return raw;
      const settled = raw.catch(fail);
      if (timeout === 0) return settled;
      const late = (): Error => lateSample(this.#describe(), this.#index, timeout);
      return limitTime(settled, { seconds: timeout, late });
    } catch (error) {
      return fail(error);
    }
  }

  #take(raw: R | Unreadable | undefined): void {
    const { dataset, numReplicas, rank } = this.#options;
    if (raw === undefined) {
      this.#isEnded = true;
    } else if (raw instanceof Unreadable) {
      this.#skip(raw);
    } else if (dataset.length !== undefined && this.#cut.done + this.#numRead >= dataset.length) {
      throw new RangeError(
        `Cannot read ${datasetName(dataset)}: expected ${dataset.length} samples in an epoch as its length says, got more`,
      );
    } else {
      if (this.#numRead % numReplicas === rank) this.#raws.push(raw);
      this.#numRead++;
      this.#numFailures = 0;
    }
  }

  /** Leaves out what cannot be read, where that is wanted and the stream has gone on behind it. */
  #skip({ error }: Unreadable): void {
    const place = this.#options.onSampleError === 'skip' ? JSON.stringify(this.#stream!.state()) : undefined;
    const isStuck = place === undefined || (this.#numFailures > 0 && place === this.#failedAt);
    if (isStuck || ++this.#numFailures > MOST_FAILURES) throw sampleError(this.#describe(), this.#index, error);
    this.#failedAt = place;
    this.#numUnreadable++;
  }

  #plan(): StreamPlan<R> | undefined {
    const { seed, epoch, batchSize, dropLast, numReplicas, rank } = this.#options;
    const work = this.#raws;
    const isWhole = work.length === batchSize && this.#numRead % numReplicas === 0;
    if (work.length === 0 || (dropLast && !isWhole)) return undefined;
    const position = this.#position;
    const first = this.#index - work.length;
    const indices = Int32Array.from(work, (_, i) => (this.#cut.done + (first + i) * numReplicas + rank) % 2 ** 31);
    const share = { numReplicas, rank, dealt: 'samples' } as const;
    const place = numReplicas > 1 ? placeIn(share, position, work.length) : { position };
    const plan: StreamPlan<R> = {
      context: batchContext({ seed, epoch, indices, ...place }),
      work,
      stream: this.#stream!.state(),
      numUnreadable: this.#numUnreadable,
    };
    this.#position++;
    this.#raws = [];
    this.#numUnreadable = 0;
    return plan;
  }

  /** The number among this process's samples behind the cut of the one that comes next. */
  get #index(): number {
    return (this.#position - this.#cut.position) * this.#options.batchSize + this.#raws.length;
  }

  #describe(): string {
    return streamedSample(this.#options.dataset, this.#options.epoch, this.#cut.done + this.#numRead);
  }
}

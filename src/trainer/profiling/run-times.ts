// Where the time of a fit goes: every moment belongs to one part, so that the parts add up. Nothing waits for a device: on one that works beside the host these are the
// times of the host. One look at the clock where a part begins, and a few additions.

import { profilingNames } from '../../data/index.ts';

/** The parts of a fit's time. `turns` are those of the event loop between batches, in which samples are made that no worker makes; `rest` is what nobody claims: batches on
 *  their way to the device, memory let go of. */
export const RUN_PARTS = [
  'data',
  'forward',
  'backward',
  'optimizer',
  'callbacks',
  'rest',
  'turns',
  'logging',
  'validation',
  'checkpoint',
] as const;

export type RunPart = (typeof RUN_PARTS)[number];

/** Places in `RUN_PARTS`. */
export const PART = Object.fromEntries(RUN_PARTS.map((part, place) => [part, place])) as Readonly<
  Record<RunPart, number>
>;

const NUM_PARTS = RUN_PARTS.length;
/** Those that a batch has; the others belong to no loader. */
const BATCH_PARTS = RUN_PARTS.slice(0, PART.turns);
/** How many forward passes are remembered. */
const NUM_RECENT = 64;
/** Of so many batches one has its callbacks measured one by one. */
const DETAILED_EVERY = 16;

/** Hears of each stretch of time while a trace is written; times as `performance.now()` has them. */
export interface TimeListener {
  /** @param loader - undefined outside of batches. */
  part(part: RunPart, loader: string | undefined, started: number, ended: number): void;
  batch(loader: string, started: number, ended: number): void;
  callback(name: string, event: string, started: number, ended: number): void;
}

/** Time of one part so far. */
export interface PartTime {
  readonly ms: number;
  /** How often it began. */
  readonly count: number;
}

/** Sums of time by part and loader, for the log since the last log point and for the whole fit. */
export class RunTimes {
  readonly loaderNames: readonly string[];
  readonly #keys: readonly string[];
  /** In the order of loaders, and of parts inside them; the last loader is none. */
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  readonly #logged: Float64Array;
  readonly #loggedCounts: Uint32Array;
  /** From the end of a loader's batch to the beginning of its next: it overlaps with the others. */
  readonly #waits: Float64Array;
  readonly #numWaits: Uint32Array;
  readonly #ends: Float64Array;
  /** The longest single wait for data of each loader: where its workers start, for example. */
  readonly longestWaits: Float64Array;
  readonly #recentForward = new Float64Array(NUM_RECENT);
  #numForward = 0;
  readonly #callbackMs = new Map<string, number>();
  #part = PART.rest;
  #loader: number;
  #last = performance.now();
  #isStopped = false;
  #batchStarted = 0;
  #numBatches = 0;
  /** Whether callbacks are to be measured one by one just now. */
  isDetailed = false;
  #listener: TimeListener | undefined;

  constructor(loaderNames: readonly string[]) {
    this.loaderNames = loaderNames;
    this.#keys = profilingNames(loaderNames).map((name) => `profile/train/dl_${name}/time_`);
    this.#loader = loaderNames.length;
    const size = (loaderNames.length + 1) * NUM_PARTS;
    this.#sums = new Float64Array(size);
    this.#counts = new Uint32Array(size);
    this.#logged = new Float64Array(size);
    this.#loggedCounts = new Uint32Array(size);
    this.#waits = new Float64Array(loaderNames.length);
    this.#numWaits = new Uint32Array(loaderNames.length);
    this.#ends = new Float64Array(loaderNames.length);
    this.longestWaits = new Float64Array(loaderNames.length);
  }

  /** Hears of every stretch of time until it is set to undefined. */
  set listener(listener: TimeListener | undefined) {
    this.enter(this.#part); // what was before is not its business
    this.#listener = listener;
    this.#batchStarted = -1; // nor the batch that goes on, of which it has not heard the beginning
  }

  get numBatches(): number {
    return this.#numBatches;
  }

  /** The fit begins: what was before belongs to none. */
  start(): void {
    this.#last = performance.now();
  }

  /** The fit ends: what comes belongs to none. */
  stop(): void {
    this.enter(PART.rest);
    this.#isStopped = true;
  }

  /** From now on time belongs to this part. @returns the part before, to go back to. */
  enter(part: number, now = performance.now()): number {
    const before = this.#part;
    this.#sums[this.#loader * NUM_PARTS + before]! += now - this.#last;
    if (this.#listener !== undefined && now > this.#last)
      this.#listener.part(RUN_PARTS[before]!, this.loaderNames[this.#loader], this.#last, now);
    this.#last = now;
    this.#part = part;
    return before;
  }

  /** The same where a part begins that is counted. */
  begin(part: number): number {
    const before = this.enter(part);
    this.#counts[this.#loader * NUM_PARTS + part]! += 1;
    return before;
  }

  /** A batch has come: the wait for it was its loader's. */
  batchArrived(loader: number, now: number): void {
    this.#loader = loader;
    const waited = now - this.#last;
    if (waited > this.longestWaits[loader]!) this.longestWaits[loader] = waited;
    this.#counts[loader * NUM_PARTS + PART.data]! += 1;
    this.enter(PART.rest, now);
    const end = this.#ends[loader]!;
    if (end > 0) {
      this.#waits[loader]! += now - end;
      this.#numWaits[loader]! += 1;
    }
    this.#batchStarted = now;
    this.isDetailed = this.#numBatches % DETAILED_EVERY === 0 || this.#listener !== undefined;
    this.#numBatches += 1;
  }

  /** The batch is done with. */
  batchEnded(): void {
    const loader = this.#loader;
    this.enter(PART.rest);
    this.#ends[loader] = this.#last;
    if (this.#batchStarted >= 0) this.#listener?.batch(this.loaderNames[loader]!, this.#batchStarted, this.#last);
    this.#loader = this.loaderNames.length;
    this.isDetailed = true; // events between batches are few
  }

  /** The forward pass ends, of which the time since `begin` is remembered by itself. */
  forwardEnded(): void {
    const began = this.#last;
    this.enter(PART.rest);
    this.#recentForward[this.#numForward % NUM_RECENT] = this.#last - began;
    this.#numForward += 1;
  }

  noteCallback(name: string, event: string, started: number, ended: number): void {
    const weight = this.#loader < this.loaderNames.length ? DETAILED_EVERY : 1;
    this.#callbackMs.set(name, (this.#callbackMs.get(name) ?? 0) + (ended - started) * weight);
    this.#listener?.callback(name, event, started, ended);
  }

  /** Means since the last call, `profile/train/dl_{name}/time_forward_ms`: of data, forward, backward and optimizer over how often they were, of callbacks and rest over
   *  batches; and the sums of what is done beside batches, `profile/train/time_logging_ms`. Source: model-training-framework. */
  take(): Record<string, number> {
    const means: Record<string, number> = {};
    const since = (loader: number, part: number): [ms: number, count: number] => {
      const at = loader * NUM_PARTS + part;
      return [this.#sums[at]! - this.#logged[at]!, this.#counts[at]! - this.#loggedCounts[at]!];
    };
    for (const [loader, key] of this.#keys.entries()) {
      const [, numBatches] = since(loader, PART.data);
      for (const part of BATCH_PARTS) {
        const [ms, count] = since(loader, PART[part]);
        const over = part === 'callbacks' || part === 'rest' ? numBatches : count;
        if (over > 0 && (ms > 0 || count > 0)) means[`${key}${part}_ms`] = ms / over;
      }
      if (this.#numWaits[loader]! > 0) means[`${key}batch_wait_ms`] = this.#waits[loader]! / this.#numWaits[loader]!;
    }
    for (const part of RUN_PARTS.slice(PART.turns)) {
      const [ms, count] = since(this.#keys.length, PART[part]);
      if (count > 0) means[`profile/train/time_${part}_ms`] = ms;
    }
    this.#logged.set(this.#sums);
    this.#loggedCounts.set(this.#counts);
    this.#waits.fill(0);
    this.#numWaits.fill(0);
    return means;
  }

  /** All time since `start`, by part.
   *  @param loader - its place; default: all of them, and what belongs to none. */
  totals(loader?: number): Readonly<Record<RunPart, PartTime>> {
    if (!this.#isStopped) this.enter(this.#part);
    const loaders = loader === undefined ? [...this.loaderNames.keys(), this.loaderNames.length] : [loader];
    const sum = (values: Float64Array | Uint32Array, part: number): number =>
      loaders.reduce((whole, each) => whole + values[each * NUM_PARTS + part]!, 0);
    return Object.fromEntries(
      RUN_PARTS.map((part) => [part, { ms: sum(this.#sums, PART[part]), count: sum(this.#counts, PART[part]) }]),
    ) as Record<RunPart, PartTime>;
  }

  /** Estimates of each callback's time, the greatest first. */
  callbackTimes(): readonly (readonly [name: string, ms: number])[] {
    return [...this.#callbackMs].sort((a, b) => b[1] - a[1]);
  }

  /** A forward pass of the last 64 than which nine in ten were slower; undefined before the first. Others that use the machine hardly show in it. */
  quickForwardMs(): number | undefined {
    const recent = this.#recentForward.slice(0, Math.min(NUM_RECENT, this.#numForward)).sort();
    return recent[Math.floor(recent.length / 10)];
  }
}

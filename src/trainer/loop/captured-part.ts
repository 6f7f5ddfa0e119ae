// One part of a step that is captured: replayed from C++ where that can be, and where it is to pay only as long as it does.

import {
  type CapturedStep,
  type CaptureStatus,
  ChangedStepError,
  capture,
} from '../../tensor/capture/captured-step.ts';
import type { CaptureExplanation } from '../../tensor/capture/explanation.ts';

/** - `true`: steps are captured wherever that is possible, and a warning says where not.
 *  - `'auto'`: those that Sconce knows, and as long as it pays.
 *  - `false`: every step runs as it is written. */
export type CaptureMode = boolean | 'auto';

/** How a part of the steps fares. */
export interface CapturedPartStatus extends CaptureStatus {
  /** As in 'the forward and backward pass of loader "train"'. */
  readonly name: string;
}

/** What became of a part of the steps. */
export interface ExplainedPart {
  readonly name: string;
  readonly status: CaptureStatus;
  /** Undefined for one that is not captured. */
  readonly explanation?: CaptureExplanation;
}

/** Runs of each kind that are timed, and those before that are not. */
const NUM_TIMED = 10;
const NUM_WARMING = 3;
/** A part that cannot be captured says so within its first runs, or when its shapes change. */
const ASKED_OFTEN = 64;

/** Replays that are faster than the step as it is written by no more are not worth their memory. */
const LEAST_SAVED = 0.05;
/** Of steps that take longer a recording would keep much memory, and save little. */
const LONGEST_MS = 100;
/** Where nobody asked for it. One for each shape of batch, and each state of gradients that accumulate. */
const MOST_RACED = 4;

/** Of two kinds of runs, which is faster. */
class Race {
  readonly #eager: number[] = [];
  readonly #replayed: number[] = [];
  #numWarming = 0;

  get isWritten(): boolean {
    return this.#eager.length < NUM_TIMED;
  }

  addEager(ms: number): void {
    this.#numWarming += 1;
    if (this.#numWarming > NUM_WARMING) this.#eager.push(ms);
  }

  addReplayed(ms: number): void {
    this.#replayed.push(ms);
  }

  /** Whether a step as it is written takes so long that there is no race; asked when enough have been timed. */
  get isLong(): boolean {
    return median(this.#eager) > LONGEST_MS;
  }

  /** Whether replays are faster; undefined while that is not known. */
  get isWon(): boolean | undefined {
    if (this.#replayed.length < NUM_TIMED) return undefined;
    return median(this.#replayed) < (1 - LEAST_SAVED) * median(this.#eager);
  }
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

/** Runs it, and looks how that goes. */
export class CapturedPart<Args extends readonly unknown[], Result> {
  readonly #name: string;
  readonly #written: (...args: Args) => Result;
  readonly #captured: CapturedStep<Args, Result>;
  readonly #warn: ((message: string) => void) | undefined;
  #race: Race | undefined;
  #numWritten = 0;
  #numRuns = 0;
  #last: CapturedPartStatus | undefined;

  /** @param options.warn - hears why it is not captured, once. @param options.isRaced - whether it is captured only where that is faster. */
  constructor(
    name: string,
    step: (...args: Args) => Result,
    options: { readonly warn: ((message: string) => void) | undefined; readonly isRaced: boolean },
  ) {
    this.#name = name;
    this.#written = step;
    this.#captured = capture(step, options.isRaced ? { maxRecordings: MOST_RACED } : {});
    this.#warn = options.warn;
    this.#race = options.isRaced ? new Race() : undefined;
  }

  get status(): CapturedPartStatus {
    if (this.#last) return { ...this.#last, numEager: this.#last.numEager + this.#numWritten };
    const status = this.#captured.status;
    return { name: this.#name, ...status, numEager: status.numEager + this.#numWritten };
  }

  /** @throws {ChangedStepError} where the step does something else than was recorded. */
  run(...args: Args): Result {
    if (this.#last) return this.#runWritten(args);
    const result = this.#race ? this.#runRaced(args, this.#race) : this.#runCaptured(args);
    this.#numRuns += 1;
    if (this.#numRuns < ASKED_OFTEN || this.#numRuns % ASKED_OFTEN === 0) this.#lookForRefusal();
    return result;
  }

  #runWritten(args: Args): Result {
    this.#numWritten += 1;
    return this.#written(...args);
  }

  #runCaptured(args: Args): Result {
    try {
      return this.#captured(...args);
    } catch (error) {
      if (!(error instanceof ChangedStepError)) throw error;
      throw new ChangedStepError(
        `Cannot go on training: expected ${this.#name} to do the same in every step, as captureSteps asks for, got one that changed (${error.message}); go on from the last checkpoint with captureSteps false`,
        { cause: error },
      );
    }
  }

  #runRaced(args: Args, race: Race): Result {
    const began = performance.now();
    if (race.isWritten) {
      const result = this.#runWritten(args);
      race.addEager(performance.now() - began);
      if (!race.isWritten && race.isLong) this.end('its steps take so long that little is saved');
      return result;
    }
    const before = this.#captured.status.numReplayed;
    const result = this.#runCaptured(args);
    if (this.#captured.status.numReplayed > before) race.addReplayed(performance.now() - began);
    if (race.isWon === undefined) return result;
    this.#race = undefined;
    if (!race.isWon) this.end('it is not faster');
    return result;
  }

  #lookForRefusal(): void {
    const { refusal } = this.#captured.status;
    if (refusal === undefined || this.#last) return;
    this.#warn?.(`captureSteps: ${this.#name} runs as it is written, because ${refusal}`);
    this.end(refusal);
  }

  /** What became of it, with the times of its replays since `time` was called. */
  explain(): ExplainedPart {
    const { name, ...status } = this.status;
    const explanation = this.#last ? undefined : this.#captured.explain();
    return { name, status, ...(explanation ? { explanation } : {}) };
  }

  /** Its replays are timed from now on. */
  time(): void {
    this.#captured.time(true);
  }

  /** Frees what was recorded; it runs as it is written from then on. @param reason - for the status. */
  end(reason?: string): void {
    if (this.#last) return;
    const { numEager, numReplayed, numRecordings, refusal } = this.#captured.status;
    this.#last = { name: this.#name, numEager, numReplayed, numRecordings, refusal: refusal ?? reason };
    this.#captured.dispose();
  }
}

// What a training step asks of libtorch: operators called, and elements read out of tensors, for which a device is waited for.

import { callCounts, OPERATORS, onNextRead, READS } from '../../tensor/profiler/call-counts.ts';

/** Counts around the user's step. */
export class StepCounts {
  readonly #counts = callCounts();
  #operatorsBefore = 0;
  #readsBefore = 0;
  numSteps = 0;
  operators = 0;
  reads = 0;
  /** The line that reads first, as in 'step (/home/me/train.ts:12:5)'. Looked for in the step behind the first that reads. */
  readPlace: string | undefined;

  begin(): void {
    if (this.reads > 0 && this.readPlace === undefined) {
      const stop = onNextRead((place) => {
        this.readPlace = place;
      });
      this.#stopLooking = stop;
    }
    this.#operatorsBefore = this.#counts[OPERATORS]!;
    this.#readsBefore = this.#counts[READS]!;
  }

  #stopLooking: (() => void) | undefined;

  end(): void {
    this.numSteps += 1;
    this.operators += this.#counts[OPERATORS]! - this.#operatorsBefore;
    this.reads += this.#counts[READS]! - this.#readsBefore;
    if (this.#stopLooking === undefined) return;
    this.#stopLooking();
    this.#stopLooking = undefined;
  }
}

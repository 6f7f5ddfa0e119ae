// A turn of the event loop between steps, so that timers, signals and servers work while training runs.

/** So long may timers and sockets wait for their turn, where steps are short. A turn after each of them costs a tenth of a small model's step: what
 *  the loop does beside it (collection, pending callbacks) drives the step's memory out of the processor's cache. */
const LONGEST_HOLD_MS = 1;

/** Gives the event loop a turn after every step that ends a millisecond or more after the last turn. */
export class Breath {
  #lastTurn = performance.now();

  /** Whether a turn is due. */
  get isDue(): boolean {
    return performance.now() - this.#lastTurn >= LONGEST_HOLD_MS;
  }

  /** Lets the event loop turn once. */
  async take(): Promise<void> {
    await new Promise(setImmediate);
    this.#lastTurn = performance.now();
  }
}

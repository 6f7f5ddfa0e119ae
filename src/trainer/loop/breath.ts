// A turn of the event loop between steps, so that timers, signals and servers work while training runs.

/** So long may timers and sockets wait for their turn, where steps are short: nobody sees it, and a turn after each step would be a tenth of a small
 *  model's, since what else a turn does drives the step's memory out of the processor's cache. */
const LONGEST_HOLD_MS = 4;

/** Gives the event loop a turn after every step that ends so long after the last turn. */
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

// When what a logger has gathered is written: so often that a crash costs half a second, and so seldom that nobody waits for it.

/** Calls `write` after something began to wait: on the next turn of the event loop where nothing was written for a while, so that what a slow step logs is
 *  written before the next one; else when that while is over. Also when the process ends. The timer keeps no process alive. */
export class WriteTimer {
  readonly #write: () => void;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #waitingSince: number | undefined;
  #lastWrite = Number.NEGATIVE_INFINITY;
  readonly #atExit: () => void;

  constructor(write: () => void, { everyMs = 500, atExit = write }: { everyMs?: number; atExit?: () => void } = {}) {
    this.#write = write;
    this.#everyMs = everyMs;
    this.#atExit = atExit;
    process.once('exit', this.#atExit);
  }

  /** Something waits to be written. A loop that never gives the event loop a turn is written for from here. */
  expect(): void {
    const now = performance.now();
    if (this.#waitingSince === undefined) {
      this.#waitingSince = now;
      const restMs = this.#everyMs - (now - this.#lastWrite);
      if (restMs <= 0) this.#immediate = setImmediate(() => this.run());
      else this.#timer = setTimeout(() => this.run(), restMs).unref();
    } else if (now - this.#waitingSince > this.#everyMs) {
      this.run();
    }
  }

  /** Writes now. */
  run(): void {
    this.#clear();
    this.#lastWrite = performance.now();
    this.#write();
  }

  /** Writes again soon: the last time, there was something left to do. */
  again(afterMs: number): void {
    this.#clear();
    this.#waitingSince = performance.now();
    this.#timer = setTimeout(() => this.run(), afterMs).unref();
  }

  stop(): void {
    this.#clear();
    process.removeListener('exit', this.#atExit);
  }

  #clear(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    this.#waitingSince = undefined;
  }
}

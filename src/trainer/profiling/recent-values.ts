// The last values of a series, in bounded memory.

/** Keeps the last `limit` numbers that were pushed. */
export class RecentValues {
  readonly #values: number[] = [];
  readonly #limit: number;
  /** The place of the oldest, once there is no room left. */
  #oldest = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(value: number): void {
    if (this.#values.length < this.#limit) {
      this.#values.push(value);
      return;
    }
    this.#values[this.#oldest] = value;
    this.#oldest = (this.#oldest + 1) % this.#limit;
  }

  clear(): void {
    this.#values.length = 0;
    this.#oldest = 0;
  }

  /** A copy, the oldest first. */
  toArray(): number[] {
    return [...this.#values.slice(this.#oldest), ...this.#values.slice(0, this.#oldest)];
  }
}

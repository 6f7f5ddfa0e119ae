// A value that acts on batches a fixed number of places behind the one asked for when it was given: so that fetching ahead never shows in the order.

/** What a state keeps of a delayed input. */
export interface DelayedInputState<T> {
  /** An iterator was opened for the epoch: what comes now no longer reaches its first batches. */
  readonly isBegun: boolean;
  readonly current: T;
  /** Values on their way, by rising `from`: each holds from batch `from` of the epoch on. */
  readonly pending: readonly { readonly from: number; readonly value: T }[];
}

/**
 * Holds what acts now and what is on its way. A value that is set while `requested` batches of the epoch have been asked for acts from batch
 * `requested + delay` on; what is set before an epoch begins, or would act behind its end, acts on the next epoch from its first batch.
 */
export class DelayedInput<T> {
  readonly #delay: number;
  readonly #epochLength: number;
  #isBegun = false;
  #requested = 0;
  #current: T;
  #pending: { readonly from: number; readonly value: T }[] = [];

  constructor(initial: T, { delay, epochLength }: { readonly delay: number; readonly epochLength: number }) {
    this.#current = initial;
    this.#delay = delay;
    this.#epochLength = epochLength;
  }

  set(value: T): void {
    const last = this.#pending.at(-1)?.from ?? 0; // may lie behind, in a state that was saved while a batch was being fetched
    const from = Math.max(last, this.#isBegun ? Math.min(this.#requested + this.#delay, this.#epochLength) : 0);
    if (this.#pending.at(-1)?.from === from) this.#pending.pop();
    this.#pending.push({ from, value });
  }

  /** What acts on batch `position` of the epoch. Batches are asked about by rising position, at most `delay` ahead of the last `advance`. */
  at(position: number): T {
    let value = this.#current;
    for (const one of this.#pending) if (one.from <= position) value = one.value;
    return value;
  }

  /** One more batch was asked for. */
  request(): void {
    this.#requested++;
  }

  /** Batches before `position` were handed out. */
  advance(position: number): void {
    while (this.#pending.length > 0 && this.#pending[0]!.from < position) this.#current = this.#pending.shift()!.value;
  }

  /** An iterator goes on from `position`. */
  begin(position: number): void {
    this.#isBegun = true;
    this.#requested = position;
  }

  /** Stands before an epoch, which takes all that is on its way. */
  reset(): void {
    this.#current = this.#pending.at(-1)?.value ?? this.#current;
    this.#pending = [];
    this.#isBegun = false;
    this.#requested = 0;
  }

  state(): DelayedInputState<T> {
    return { isBegun: this.#isBegun, current: this.#current, pending: this.#pending.map((one) => ({ ...one })) };
  }

  /** Takes a state of a loader that had handed out `position` batches. */
  loadState({ isBegun, current, pending }: DelayedInputState<T>, position: number): void {
    this.#isBegun = isBegun;
    this.#requested = position;
    this.#current = current;
    this.#pending = pending.map((one) => ({ ...one }));
  }
}

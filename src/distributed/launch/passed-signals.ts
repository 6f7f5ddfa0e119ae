// Signals that this process gets while a launch runs.
import type { LaunchSignal } from './launch-options.ts';

/** The first signal asks the ranks to stop, a second one kills them. @internal */
export class PassedSignals {
  /** The first that came. */
  first: LaunchSignal | undefined;
  /** Whether a second one came. */
  isKilled = false;
  onFirst: (signal: LaunchSignal) => void = () => {};
  onSecond: () => void = () => {};
  readonly #signals: readonly LaunchSignal[];
  readonly #listener = (signal: NodeJS.Signals): void => {
    if (this.first !== undefined) {
      this.isKilled = true;
      this.onSecond();
      return;
    }
    this.first = signal as LaunchSignal; // it listens to no others
    this.onFirst(this.first);
  };

  constructor(signals: readonly LaunchSignal[]) {
    this.#signals = signals;
    for (const signal of signals) process.on(signal, this.#listener);
  }

  close(): void {
    for (const signal of this.#signals) process.off(signal, this.#listener);
  }
}

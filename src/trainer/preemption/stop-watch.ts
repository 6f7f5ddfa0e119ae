// Stop signals: the first sets a flag that the loop reads at step boundaries, the second ends the process within the operator in progress.

import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { loadNative } from '../../binding/load.ts';
import { STOP_SIGNALS, type StopSignal } from '../../errors.ts';

/** What a run watches unless its configuration says otherwise. */
export const DEFAULT_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGUSR1'];

/** Watches stop signals while open. The counting is done natively, so that a second signal need not wait for JavaScript. The signals belong to the process:
 *  several watches that are open at once all see the first one. */
export class StopWatch {
  readonly #signals: readonly StopSignal[];
  #counter: Int32Array | undefined;

  constructor(signals: readonly StopSignal[] = DEFAULT_SIGNALS) {
    this.#signals = signals;
  }

  open(): void {
    // A worker gets no signals.
    if (!isMainThread || this.#counter) return;
    this.#counter = loadNative().watchSignals(numbersOf(this.#signals));
  }

  /** True from the first signal on. Costs a read of memory. */
  get isRequested(): boolean {
    return this.#counter !== undefined && this.#counter[0]! > 0;
  }

  /** The signal that came, as in 'SIGINT'. */
  get signal(): StopSignal | undefined {
    if (!this.isRequested) return undefined;
    return STOP_SIGNALS.find((signal) => constants.signals[signal] === this.#counter![1]);
  }

  /** Puts the handlers back that were there before. */
  close(): void {
    if (!this.#counter) return;
    this.#counter = undefined;
    loadNative().unwatchSignals(numbersOf(this.#signals));
  }
}

const numbersOf = (signals: readonly StopSignal[]): number[] => signals.map((signal) => constants.signals[signal]);

/** What a shell expects of a process that a signal ended: 128 + its number, 143 for SIGTERM. */
export function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

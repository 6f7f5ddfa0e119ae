// Stop signals: the first sets a flag that the loop reads at step boundaries, the second ends the process within the operator in progress.

import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { loadNative } from '../../binding/load.ts';
import type { StopSignal } from '../../errors.ts';

export const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGUSR1'];

/** Watches stop signals while open. The counting is done natively, so that a second signal need not wait for JavaScript. */
export class StopWatch {
  #counter: Int32Array | undefined;

  open(signals: readonly StopSignal[] = STOP_SIGNALS): void {
    // A worker gets no signals.
    if (!isMainThread || this.#counter) return;
    this.#counter = loadNative().watchSignals(signals.map((signal) => constants.signals[signal]));
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
    loadNative().unwatchSignals();
  }
}

/** What a shell expects of a process that a signal ended: 128 + its number, 143 for SIGTERM. */
export function exitCodeOf(signal: StopSignal): number {
  return 128 + constants.signals[signal];
}

// The save that is being written beside the loop: at most one, whose errors and whose wait are told at the next boundary.

import { spanStart, tellSpan } from '../../data/span-channel.ts';
import type { CommittedCheckpoint } from './checkpoint-manager.ts';

/** What a save has come to. */
export interface FinishedSave extends CommittedCheckpoint {
  readonly warnings: readonly string[];
}

const NONE: readonly never[] = [];

/** Waits that nobody would notice are not worth a warning. */
const WORTH_TELLING_MS = 1000;

/** One save under way at most, and what has come of those before. */
export class SavesUnderWay {
  waitMs = 0;
  #current: Promise<void> | undefined;
  #committed: CommittedCheckpoint[] = [];
  #warnings: string[] = [];
  #failures: unknown[] = [];
  #hasWarned = false;

  /** Waits for the save before, and measures it.
   *  @param limitMs - how long at most. Default: as long as it takes.
   *  @returns whether there is room.  @throws what that one failed with. */
  async makeRoom(limitMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    if (this.#current !== undefined) {
      const started = performance.now();
      await within(this.#current, limitMs);
      this.waitMs += performance.now() - started;
      if (this.#current !== undefined) {
        this.#warnings.push(
          `A checkpoint was left out: the one before it was not written within ${limitMs / 1000} s (preemption.maxCheckpointSec)`,
        );
        return false;
      }
      if (!this.#hasWarned && this.waitMs >= WORTH_TELLING_MS) {
        this.#hasWarned = true;
        this.#warnings.push(
          `Checkpoints are due faster than they are written: the loop has waited ${(this.waitMs / 1000).toFixed(1)} s for the one before; save less often, or keep less in them`,
        );
      }
    }
    this.#throwFailure();
    return true;
  }

  begin(save: Promise<FinishedSave>): void {
    const started = spanStart();
    this.#current = save
      .finally(() => tellSpan('checkpoints', 'write', started))
      .then(
        ({ warnings, ...committed }) => {
          this.#committed.push(committed);
          this.#warnings.push(...warnings);
        },
        (error: unknown) => void this.#failures.push(error),
      )
      .then(() => {
        this.#current = undefined;
      });
  }

  /** Waits for the save under way, not counting that as a wait of the loop.
   *  @throws what it failed with. */
  async settle(): Promise<void> {
    await this.#current;
    this.#throwFailure();
  }

  get hasNews(): boolean {
    return this.#committed.length > 0 || this.#warnings.length > 0 || this.#failures.length > 0;
  }

  takeCommitted(): readonly CommittedCheckpoint[] {
    this.#throwFailure();
    if (this.#committed.length === 0) return NONE;
    return this.#committed.splice(0);
  }

  takeWarnings(): readonly string[] {
    if (this.#warnings.length === 0) return NONE;
    return this.#warnings.splice(0);
  }

  #throwFailure(): void {
    if (this.#failures.length > 0) throw this.#failures.shift();
  }
}

/** Waits for a promise, at most so long. */
async function within(promise: Promise<void>, limitMs: number): Promise<void> {
  if (limitMs === Number.POSITIVE_INFINITY) return promise;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([promise, limit]);
  clearTimeout(timer);
}

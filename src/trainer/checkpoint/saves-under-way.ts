// The save that is being written beside the loop: at most one, whose errors and whose wait are told at the next boundary.

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
   *  @throws what that one failed with. */
  async makeRoom(): Promise<void> {
    if (this.#current !== undefined) {
      const started = performance.now();
      await this.#current;
      this.waitMs += performance.now() - started;
      if (!this.#hasWarned && this.waitMs >= WORTH_TELLING_MS) {
        this.#hasWarned = true;
        this.#warnings.push(
          `Checkpoints are due faster than they are written: the loop has waited ${(this.waitMs / 1000).toFixed(1)} s for the one before; save less often, or keep less in them`,
        );
      }
    }
    this.#throwFailure();
  }

  begin(save: Promise<FinishedSave>): void {
    this.#current = save
      .then(
        ({ path, step, warnings }) => {
          this.#committed.push({ path, step });
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

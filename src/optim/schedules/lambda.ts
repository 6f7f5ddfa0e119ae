// `LambdaLR`: a pure function of the step as a factor on each group's learning rate, with PyTorch's class around it.

import { CheckpointError } from '../../errors.ts';
import type { Optimizer } from '../optimizer.ts';

/** The state of a schedule, in PyTorch's keys. */
export interface SchedulerStateDict {
  readonly base_lrs: readonly number[];
  readonly last_epoch: number;
  readonly _step_count: number;
  readonly _last_lr: readonly number[];
  /** A factor that is a plain function has no state; PyTorch's class asks for the entries all the same. */
  readonly lr_lambdas: readonly null[];
}

/** Sets each group's learning rate to its initial one times `factor(step)`. Called after the optimizer's step.
 *  Source: torch.optim.lr_scheduler.LambdaLR. */
export class LambdaLR<H extends { lr: number }> {
  readonly optimizer: Optimizer<H>;
  readonly #factor: (step: number) => number;
  #baseLrs: readonly number[];
  #lastEpoch = 0;

  constructor(optimizer: Optimizer<H>, factor: (step: number) => number) {
    this.optimizer = optimizer;
    this.#factor = factor;
    this.#baseLrs = optimizer.paramGroups.map((group) => group.lr);
    this.#apply();
  }

  #apply(): void {
    const factor = this.#factor(this.#lastEpoch);
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.#baseLrs[i]! * factor;
    });
  }

  step(): void {
    this.#lastEpoch += 1;
    this.#apply();
  }

  /** The learning rate of each group, as the next update uses it. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  stateDict(): SchedulerStateDict {
    return {
      base_lrs: this.#baseLrs,
      last_epoch: this.#lastEpoch,
      _step_count: this.#lastEpoch + 1,
      _last_lr: this.getLastLr(),
      lr_lambdas: this.#baseLrs.map(() => null),
    };
  }

  /** @throws {CheckpointError} where the number of groups differs. */
  loadStateDict(state: SchedulerStateDict): void {
    if (state.base_lrs.length !== this.#baseLrs.length) {
      throw new CheckpointError(
        `Cannot load a schedule: expected ${this.#baseLrs.length} learning rates, got ${state.base_lrs.length}`,
      );
    }
    this.#baseLrs = [...state.base_lrs];
    this.#lastEpoch = state.last_epoch;
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = state._last_lr[i]!;
    });
  }
}

// The learning rates under which SWA averages: from those of the run to one for all groups.

import type { AnyOptimizer } from '../../optim/optimizer.ts';
import { type SwaAnnealOptions, swaAnneal } from '../../optim/schedules/swa-anneal.ts';
import { PyFloat } from '../../serial/values.ts';
import { storedList, storedNumber } from '../checkpoint/format.ts';

export interface SwaRateOptions extends SwaAnnealOptions {
  /** The rate at the end of the way, for all groups. The way, `annealEpochs`, is counted in steps where the average goes by steps. */
  readonly swaLr: number;
}

/** Sets learning rates from the first moment of an average on. */
export class SwaRates {
  readonly #options: SwaRateOptions;
  /** The rates of all groups of all optimizers at that moment. */
  #base: readonly number[] | undefined;

  /** @throws {RangeError} for options outside their range. */
  constructor(options: SwaRateOptions) {
    swaAnneal(options); // its checks
    this.#options = options;
  }

  /** Forgets where the rates started. */
  reset(): void {
    this.#base = undefined;
  }

  /** Sets the rates of a moment.
   *  @param step - moments since the first one; below 0 nothing is done. */
  set(optimizers: readonly AnyOptimizer[], step: number): void {
    if (step < 0) return;
    const groups = optimizers.flatMap((optimizer) => optimizer.paramGroups);
    this.#base ??= groups.map(({ lr }) => lr);
    for (const [i, group] of groups.entries())
      group.lr = swaAnneal({ ...this.#options, baseLr: this.#base[i] ?? group.lr })(step);
  }

  state(): unknown {
    return this.#base?.map((rate) => new PyFloat(rate)) ?? null;
  }

  loadState(state: unknown): void {
    this.#base =
      state === null
        ? undefined
        : storedList(state, 'ema.base_rates').map((rate) => storedNumber(rate, 'ema.base_rates'));
  }
}

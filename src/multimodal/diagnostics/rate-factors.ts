// Factors of the learning rates of an optimizer's groups, in effect while it steps and at no other time: schedules, logs and checkpoints see the rates that they know.

import type { AnyOptimizer, Optimizer } from '../../optim/optimizer.ts';

/** An optimizer that says when it steps, as every one of Sconce's does. */
export type HookedOptimizer = AnyOptimizer & Pick<Optimizer, 'registerStepPreHook' | 'registerStepPostHook'>;

/** What one balancer has done to the groups of an optimizer, by their numbers. */
export type GroupFactors = Map<number, number>;

const known = new WeakMap<AnyOptimizer, RateFactors>();

/** All factors of one optimizer; those of several balancers are multiplied. */
export class RateFactors {
  readonly #optimizer: HookedOptimizer;
  readonly #added = new Set<GroupFactors>();
  /** The rates as they are outside of the step that runs. */
  #rates: readonly number[] | undefined;

  private constructor(optimizer: HookedOptimizer) {
    this.#optimizer = optimizer;
    optimizer.registerStepPreHook(() => {
      this.#apply();
      return undefined;
    });
    optimizer.registerStepPostHook(() => this.#restore());
  }

  /** Those of an optimizer: however many balance it, its rates are multiplied and put back once. */
  static of(optimizer: HookedOptimizer): RateFactors {
    let factors = known.get(optimizer);
    if (!factors) {
      factors = new RateFactors(optimizer);
      known.set(optimizer, factors);
    }
    return factors;
  }

  /** From now on these count, with whatever they become. */
  add(factors: GroupFactors): void {
    this.#added.add(factors);
  }

  remove(factors: GroupFactors): void {
    this.#added.delete(factors);
  }

  #apply(): void {
    this.#restore(); // a step that failed left them
    if (this.#added.size === 0) return;
    const groups = this.#optimizer.paramGroups;
    this.#rates = groups.map(({ lr }) => lr);
    for (const [i, group] of groups.entries()) for (const factors of this.#added) group.lr *= factors.get(i) ?? 1;
  }

  #restore(): void {
    const rates = this.#rates;
    this.#rates = undefined;
    for (const [i, rate] of rates?.entries() ?? []) this.#optimizer.paramGroups[i]!.lr = rate;
  }
}

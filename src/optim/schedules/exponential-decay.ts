// `ExponentialLR`: the learning rate falls by a factor at every step.

import { pow } from '../../tensor/float-math.ts';
import { checkNames, checkNumbers } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface ExponentialDecayOptions {
  /** Factor of each step. */
  readonly gamma: number;
}

/** Rule: baseLr * gamma ^ step. `ExponentialLR` multiplies again and again instead, which may differ in the last bits.
 *  @param options.baseLr - default 1, which gives a factor.
 *  @throws {RangeError} for options that are not finite.  Source: torch.optim.lr_scheduler.ExponentialLR, its closed form. */
export function exponentialDecay(options: ExponentialDecayOptions & { readonly baseLr?: number }): Schedule {
  checkNames('exponentialDecay()', options, ['gamma', 'baseLr']);
  const { gamma, baseLr = 1 } = options;
  checkNumbers('exponentialDecay()', { gamma, baseLr }, { gamma: {}, baseLr: {} });
  return (step) => baseLr * pow(gamma, step);
}

/** Multiplies the learning rate by `gamma` at every step. Goes on from what the groups have, so that it can be chained.
 *  @throws {RangeError} for a `gamma` that is not finite.  Source: torch.optim.lr_scheduler.ExponentialLR. */
export class ExponentialLR extends LRScheduler<{ readonly gamma: number }> {
  constructor(optimizer: ScheduledOptimizer, options: ExponentialDecayOptions & SchedulerOptions) {
    checkNames('ExponentialLR', options, ['gamma', 'lastEpoch']);
    const { gamma } = options;
    checkNumbers('ExponentialLR', { gamma }, { gamma: {} });
    super(optimizer, { gamma }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => (this.isInitial ? lr : lr * this.entries.gamma));
  }

  protected override getClosedFormLr(): number[] {
    return this.baseLrs.map((baseLr) => exponentialDecay({ baseLr, gamma: this.entries.gamma })(this.lastEpoch));
  }
}

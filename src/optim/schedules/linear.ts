// `LinearLR`: the learning rate's factor moves along a straight line, up for a warm-up or down.

import { checkNames, checkNumber, checkNumbers } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface LinearOptions {
  /** At step 0; above 0, at most 1. Default 1 / 3. */
  readonly startFactor?: number;
  /** From step `totalIters` on; from 0 to 1. Default 1. */
  readonly endFactor?: number;
  /** Default 5. */
  readonly totalIters?: number;
}

const NAMES = ['startFactor', 'endFactor', 'totalIters'];

function checked(maker: string, options: LinearOptions): Required<LinearOptions> {
  const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = options;
  const given = { startFactor, endFactor, totalIters };
  checkNumbers(maker, given, {
    startFactor: { above: 0, max: 1 },
    endFactor: { min: 0, max: 1 },
    totalIters: { min: 0, isInteger: true },
  });
  return given;
}

/** Rule: baseLr * (startFactor + (endFactor - startFactor) * min(totalIters, step) / totalIters). `LinearLR` multiplies the last rate instead, which may
 *  differ in the last bits.
 *  @param options.baseLr - default 1, which gives a factor.
 *  @throws {RangeError} for options outside their range, `totalIters` 0 too.  Source: torch.optim.lr_scheduler.LinearLR, its closed form. */
export function linear(options: LinearOptions & { readonly baseLr?: number } = {}): Schedule {
  checkNames('linear()', options, [...NAMES, 'baseLr']);
  const { startFactor, endFactor, totalIters } = checked('linear()', options);
  checkNumber('linear()', 'totalIters', totalIters, { min: 1, isInteger: true });
  const { baseLr = 1 } = options;
  checkNumber('linear()', 'baseLr', baseLr);
  return (step) => baseLr * (startFactor + ((endFactor - startFactor) * Math.min(totalIters, step)) / totalIters);
}

/** Multiplies the learning rate by `startFactor` at first, and at each step by what brings it to `endFactor` at step `totalIters`. Goes on from what the groups
 *  have, so that it can be chained.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.LinearLR. */
export class LinearLR extends LRScheduler<{
  readonly start_factor: number;
  readonly end_factor: number;
  readonly total_iters: number;
}> {
  constructor(optimizer: ScheduledOptimizer, options: LinearOptions & SchedulerOptions = {}) {
    checkNames('LinearLR', options, [...NAMES, 'lastEpoch']);
    const { startFactor, endFactor, totalIters } = checked('LinearLR', options);
    super(optimizer, { start_factor: startFactor, end_factor: endFactor, total_iters: totalIters }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { start_factor: start, end_factor: end, total_iters: total } = this.entries;
    const { paramGroups } = this.optimizer;
    if (this.lastEpoch === 0) return paramGroups.map(({ lr }) => lr * start);
    if (this.isInitial || this.lastEpoch > total) return paramGroups.map(({ lr }) => lr);
    return paramGroups.map(
      ({ lr }) => lr * (1 + (end - start) / (total * start + (this.lastEpoch - 1) * (end - start))),
    );
  }

  protected override getClosedFormLr(): number[] {
    const { start_factor: startFactor, end_factor: endFactor, total_iters: totalIters } = this.entries;
    return this.baseLrs.map((baseLr) => linear({ baseLr, startFactor, endFactor, totalIters })(this.lastEpoch));
  }
}

// `ConstantLR`: a smaller learning rate for the first steps.

import { checkNames, checkNumbers } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface ConstantOptions {
  /** On the learning rate of the first steps; above 0, at most 1. Default 1 / 3. */
  readonly factor?: number;
  /** How many they are. Default 5. */
  readonly totalIters?: number;
}

const NAMES = ['factor', 'totalIters'];

function checked(maker: string, { factor = 1 / 3, totalIters = 5 }: ConstantOptions): Required<ConstantOptions> {
  // The way back divides by the factor.
  checkNumbers(
    maker,
    { factor, totalIters },
    { factor: { above: 0, max: 1 }, totalIters: { min: 0, isInteger: true } },
  );
  return { factor, totalIters };
}

/** Rule: baseLr * factor before step `totalIters`, baseLr from there. `ConstantLR` multiplies by 1 / factor there, which may differ in the last bits.
 *  @param options.baseLr - default 1, which gives a factor.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.ConstantLR, its closed form. */
export function constant(options: ConstantOptions & { readonly baseLr?: number } = {}): Schedule {
  checkNames('constant()', options, [...NAMES, 'baseLr']);
  const { factor, totalIters } = checked('constant()', options);
  const { baseLr = 1 } = options;
  checkNumbers('constant()', { baseLr }, { baseLr: {} });
  return (step) => baseLr * (factor + (step >= totalIters ? 1 : 0) * (1 - factor));
}

/** Multiplies the learning rate by `factor` at the start and by 1 / factor at step `totalIters`. Goes on from what the groups have, so that it can be chained.
 *  With `totalIters` 0 the way back never comes, as by PyTorch.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.ConstantLR. */
export class ConstantLR extends LRScheduler<{ readonly factor: number; readonly total_iters: number }> {
  constructor(optimizer: ScheduledOptimizer, options: ConstantOptions & SchedulerOptions = {}) {
    checkNames('ConstantLR', options, [...NAMES, 'lastEpoch']);
    const { factor, totalIters } = checked('ConstantLR', options);
    super(optimizer, { factor, total_iters: totalIters }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { factor, total_iters } = this.entries;
    const { paramGroups } = this.optimizer;
    if (this.lastEpoch === 0) return paramGroups.map(({ lr }) => lr * factor);
    return paramGroups.map(({ lr }) => (this.lastEpoch === total_iters ? lr * (1 / factor) : lr));
  }

  protected override getClosedFormLr(): number[] {
    const { factor, total_iters: totalIters } = this.entries;
    return this.baseLrs.map((baseLr) => constant({ baseLr, factor, totalIters })(this.lastEpoch));
  }
}

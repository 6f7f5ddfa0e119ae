// `PolynomialLR`: the learning rate falls to 0 as a power of what is left.

import { pow } from '../../tensor/float-math.ts';
import { checkNames, checkNumber, checkNumbers } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface PolynomialDecayOptions {
  /** The step at which the learning rate is 0. Default 5. */
  readonly totalIters?: number;
  /** At least 0. Default 1: a straight line. */
  readonly power?: number;
}

const NAMES = ['totalIters', 'power'];

function checked(
  maker: string,
  { totalIters = 5, power = 1 }: PolynomialDecayOptions,
): Required<PolynomialDecayOptions> {
  // A negative power would divide by 0 at the end.
  checkNumbers(maker, { totalIters, power }, { totalIters: { min: 0, isInteger: true }, power: { min: 0 } });
  return { totalIters, power };
}

/** Rule: baseLr * (1 - min(totalIters, step) / totalIters) ^ power. `PolynomialLR` multiplies the last rate instead, which may differ in the last bits.
 *  @param options.baseLr - default 1, which gives a factor.
 *  @throws {RangeError} for options outside their range, `totalIters` 0 too.  Source: torch.optim.lr_scheduler.PolynomialLR, its closed form. */
export function polynomialDecay(options: PolynomialDecayOptions & { readonly baseLr?: number } = {}): Schedule {
  checkNames('polynomialDecay()', options, [...NAMES, 'baseLr']);
  const { totalIters, power } = checked('polynomialDecay()', options);
  checkNumber('polynomialDecay()', 'totalIters', totalIters, { min: 1, isInteger: true });
  const { baseLr = 1 } = options;
  checkNumber('polynomialDecay()', 'baseLr', baseLr);
  return (step) => baseLr * pow(1 - Math.min(totalIters, step) / totalIters, power);
}

/** Brings the learning rate to 0 at step `totalIters`. Goes on from what the groups have, so that it can be chained.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.PolynomialLR. */
export class PolynomialLR extends LRScheduler<{ readonly total_iters: number; readonly power: number }> {
  constructor(optimizer: ScheduledOptimizer, options: PolynomialDecayOptions & SchedulerOptions = {}) {
    checkNames('PolynomialLR', options, [...NAMES, 'lastEpoch']);
    const { totalIters, power } = checked('PolynomialLR', options);
    super(optimizer, { total_iters: totalIters, power }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { total_iters: total, power } = this.entries;
    const { paramGroups } = this.optimizer;
    if (this.isInitial || this.lastEpoch > total) return paramGroups.map(({ lr }) => lr);
    const factor = pow((1 - this.lastEpoch / total) / (1 - (this.lastEpoch - 1) / total), power);
    return paramGroups.map(({ lr }) => lr * factor);
  }

  protected override getClosedFormLr(): number[] {
    const { total_iters: totalIters, power } = this.entries;
    return this.baseLrs.map((baseLr) => polynomialDecay({ baseLr, totalIters, power })(this.lastEpoch));
  }
}

// `CosineAnnealingLR`: the learning rate follows half a cosine down, and up again beyond it.

import { cos } from '../../tensor/float-math.ts';
import { checkNames, checkNumbers } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface CosineOptions {
  /** Steps from the base rate to the least one, at least 1; PyTorch's `T_max`. */
  readonly tMax: number;
  /** Least learning rate. Default 0. */
  readonly etaMin?: number;
}

const NAMES = ['tMax', 'etaMin'];

function checked(maker: string, { tMax, etaMin = 0 }: CosineOptions): Required<CosineOptions> {
  checkNumbers(maker, { tMax, etaMin }, { tMax: { min: 1, isInteger: true }, etaMin: {} });
  return { tMax, etaMin };
}

/** Rule: etaMin + (baseLr - etaMin) * (1 + cos(pi * step / tMax)) / 2. Not clamped: beyond `tMax` the rate rises again. `CosineAnnealingLR` goes on from the
 *  last rate instead, which may differ in the last bits.
 *  @param options.baseLr - default 1, which gives a factor; `etaMin` is in its unit.
 *  @throws {RangeError} for options outside their range.
 *  Source: Loshchilov and Hutter 2017, arXiv:1608.03983; torch.optim.lr_scheduler.CosineAnnealingLR, its closed form. */
export function cosine(options: CosineOptions & { readonly baseLr?: number }): Schedule {
  checkNames('cosine()', options, [...NAMES, 'baseLr']);
  const { tMax, etaMin } = checked('cosine()', options);
  const { baseLr = 1 } = options;
  checkNumbers('cosine()', { baseLr }, { baseLr: {} });
  return (step) => etaMin + ((baseLr - etaMin) * (1 + cos((Math.PI * step) / tMax))) / 2;
}

/** Half a cosine from the base rate to `etaMin` over `tMax` steps. Goes on from what the groups have, so that it can be chained.
 *  @throws {RangeError} for options outside their range.
 *  Source: Loshchilov and Hutter 2017, arXiv:1608.03983; torch.optim.lr_scheduler.CosineAnnealingLR. */
export class CosineAnnealingLR extends LRScheduler<{ readonly T_max: number; readonly eta_min: number }> {
  constructor(optimizer: ScheduledOptimizer, options: CosineOptions & SchedulerOptions) {
    checkNames('CosineAnnealingLR', options, [...NAMES, 'lastEpoch']);
    const { tMax, etaMin } = checked('CosineAnnealingLR', options);
    super(optimizer, { T_max: tMax, eta_min: etaMin }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { T_max: tMax, eta_min: etaMin } = this.entries;
    const { paramGroups } = this.optimizer;
    if (this.isInitial) return paramGroups.map(({ lr }) => lr);
    if (this.stepCount === 1 && this.lastEpoch > 0) return this.getClosedFormLr();
    // The cosine before was -1: there is no ratio to it.
    if ((this.lastEpoch - 1 - tMax) % (2 * tMax) === 0)
      return paramGroups.map(({ lr }, i) => lr + ((this.baseLrs[i]! - etaMin) * (1 - cos(Math.PI / tMax))) / 2);
    const ratio = (1 + cos((Math.PI * this.lastEpoch) / tMax)) / (1 + cos((Math.PI * (this.lastEpoch - 1)) / tMax));
    return paramGroups.map(({ lr }) => ratio * (lr - etaMin) + etaMin);
  }

  protected override getClosedFormLr(): number[] {
    const { T_max: tMax, eta_min: etaMin } = this.entries;
    return this.baseLrs.map((baseLr) => cosine({ baseLr, tMax, etaMin })(this.lastEpoch));
  }
}

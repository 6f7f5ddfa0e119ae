// `CosineAnnealingWarmRestarts`: half cosines one after the other, each starting at the base rate.

import { cos, log, pow } from '../../tensor/float-math.ts';
import { checkNames, checkNumbers } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface CosineRestartsOptions {
  /** Steps of the first half cosine, at least 1; PyTorch's `T_0`. */
  readonly t0: number;
  /** Each is so many times as long as the one before; an integer from 1 on. Default 1. */
  readonly tMult?: number;
  /** Least learning rate. Default 0. */
  readonly etaMin?: number;
}

interface Place {
  /** Steps since the last restart, and until the next one in all. */
  readonly current: number;
  readonly length: number;
}

const NAMES = ['t0', 'tMult', 'etaMin'];

function checked(maker: string, { t0, tMult = 1, etaMin = 0 }: CosineRestartsOptions): Required<CosineRestartsOptions> {
  const given = { t0, tMult, etaMin };
  checkNumbers(maker, given, { t0: { min: 1, isInteger: true }, tMult: { min: 1, isInteger: true }, etaMin: {} });
  return given;
}

/** Where a step lies, fractions included; by PyTorch's logarithm, which gives the same bits. */
function placeOf(step: number, t0: number, tMult: number): Place {
  if (step < t0) return { current: step, length: t0 };
  if (tMult === 1) return { current: step % t0, length: t0 };
  const numRestarts = Math.trunc(log((step / t0) * (tMult - 1) + 1) / log(tMult));
  const growth = pow(tMult, numRestarts);
  return { current: step - (t0 * (growth - 1)) / (tMult - 1), length: t0 * growth };
}

const valueAt = ({ current, length }: Place, baseLr: number, etaMin: number): number =>
  etaMin + ((baseLr - etaMin) * (1 + cos((Math.PI * current) / length))) / 2;

/** Rule: etaMin + (baseLr - etaMin) * (1 + cos(pi * current / length)) / 2, where `current` steps lie since the last restart and `length` between it and the
 *  next one: t0, t0 * tMult, t0 * tMult ^ 2, … Fractions of a step are allowed.
 *  @param options.baseLr - default 1, which gives a factor; `etaMin` is in its unit.
 *  @throws {RangeError} for options outside their range.
 *  Source: Loshchilov and Hutter 2017, arXiv:1608.03983; torch.optim.lr_scheduler.CosineAnnealingWarmRestarts. */
export function cosineRestarts(options: CosineRestartsOptions & { readonly baseLr?: number }): Schedule {
  checkNames('cosineRestarts()', options, [...NAMES, 'baseLr']);
  const { t0, tMult, etaMin } = checked('cosineRestarts()', options);
  const { baseLr = 1 } = options;
  checkNumbers('cosineRestarts()', { baseLr }, { baseLr: {} });
  return (step) => valueAt(placeOf(step, t0, tMult), baseLr, etaMin);
}

/** Half cosines from the base rate to `etaMin`, one after the other. `step(epoch)` with a fraction sets the rate between two epochs.
 *  Refers to the base rates alone: it overwrites what other schedules set.
 *  @throws {RangeError} for options outside their range.
 *  Source: Loshchilov and Hutter 2017, arXiv:1608.03983; torch.optim.lr_scheduler.CosineAnnealingWarmRestarts. */
export class CosineAnnealingWarmRestarts extends LRScheduler<{
  readonly T_0: number;
  T_i: number;
  readonly T_mult: number;
  readonly eta_min: number;
  T_cur: number;
}> {
  constructor(optimizer: ScheduledOptimizer, options: CosineRestartsOptions & SchedulerOptions) {
    checkNames('CosineAnnealingWarmRestarts', options, [...NAMES, 'lastEpoch']);
    const { t0, tMult, etaMin } = checked('CosineAnnealingWarmRestarts', options);
    const entries = { T_0: t0, T_i: t0, T_mult: tMult, eta_min: etaMin, T_cur: options.lastEpoch ?? -1 };
    super(optimizer, entries, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { T_cur: current, T_i: length, eta_min: etaMin } = this.entries;
    return this.baseLrs.map((baseLr) => valueAt({ current, length }, baseLr, etaMin));
  }

  protected override advance(epoch: number | undefined): void {
    const { entries } = this;
    const target = epoch ?? (this.lastEpoch < 0 ? 0 : undefined);
    if (target !== undefined) {
      const { current, length } = placeOf(target, entries.T_0, entries.T_mult);
      entries.T_cur = current;
      entries.T_i = length;
      this.lastEpoch = Math.floor(target);
      return;
    }
    entries.T_cur += 1;
    if (entries.T_cur >= entries.T_i) {
      entries.T_cur %= entries.T_i;
      entries.T_i *= entries.T_mult;
    }
    this.lastEpoch = Math.floor(this.lastEpoch + 1);
  }
}

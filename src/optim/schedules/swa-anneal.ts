// `SWALR`: from the learning rate of the training to the one under which weights are averaged.

import { cos } from '../../tensor/float-math.ts';
import { checkChoice, checkNames, checkNumbers } from './options.ts';
import {
  checkOptimizer,
  LRScheduler,
  perGroup,
  type Schedule,
  type ScheduledGroup,
  type ScheduledOptimizer,
  type SchedulerOptions,
} from './scheduler.ts';

const STRATEGIES = ['cos', 'linear'] as const;

export interface SwaAnnealOptions {
  /** Steps on the way; 0: at once. Default 10. */
  readonly annealEpochs?: number;
  /** Along half a cosine or a straight line. Default `cos`. */
  readonly annealStrategy?: (typeof STRATEGIES)[number];
}

export interface SWALROptions extends SwaAnnealOptions, SchedulerOptions {
  /** The learning rate at the end: one for all groups, or a list. */
  readonly swaLr: number | readonly number[];
}

const NAMES = ['annealEpochs', 'annealStrategy'];

function checked(maker: string, options: SwaAnnealOptions): { annealEpochs: number; annealStrategy: string } {
  const { annealEpochs = 10, annealStrategy = 'cos' } = options;
  checkNumbers(maker, { annealEpochs }, { annealEpochs: { min: 0, isInteger: true } });
  checkChoice(maker, 'annealStrategy', annealStrategy, STRATEGIES);
  return { annealEpochs, annealStrategy };
}

/** How much of the way is done at a step, from 0 to 1. */
function shareAt(step: number, annealEpochs: number, strategy: string): number {
  const t = Math.max(0, Math.min(1, step / Math.max(1, annealEpochs)));
  return strategy === 'cos' ? (1 - cos(Math.PI * t)) / 2 : t;
}

/** Rule: swaLr * share + baseLr * (1 - share), share going from 0 to 1 in `annealEpochs` steps. `SWALR` finds the base rate again from the last rate, which may
 *  differ in the last bits.
 *  @param options.swaLr - in the unit of baseLr.  @param options.baseLr - default 1, which gives a factor.
 *  @throws {RangeError} for options outside their range.  Source: Izmailov et al. 2018, arXiv:1803.05407; torch.optim.swa_utils.SWALR. */
export function swaAnneal(options: SwaAnnealOptions & { readonly swaLr: number; readonly baseLr?: number }): Schedule {
  checkNames('swaAnneal()', options, [...NAMES, 'swaLr', 'baseLr']);
  const { annealEpochs, annealStrategy } = checked('swaAnneal()', options);
  const { swaLr, baseLr = 1 } = options;
  checkNumbers('swaAnneal()', { swaLr, baseLr }, { swaLr: {}, baseLr: {} });
  return (step) => {
    const share = annealEpochs === 0 ? 1 : shareAt(step, annealEpochs, annealStrategy);
    return swaLr * share + baseLr * (1 - share);
  };
}

/** Brings the learning rate from what it is to `swaLr`, and holds it there while `AveragedModel` averages. Goes on from what the groups have.
 *  @throws {RangeError} for options outside their range.
 *  Source: Izmailov et al. 2018, arXiv:1803.05407; torch.optim.swa_utils.SWALR. */
export class SWALR extends LRScheduler<{ readonly anneal_epochs: number; readonly _anneal_strategy: string }> {
  constructor(optimizer: ScheduledOptimizer, options: SWALROptions) {
    checkNames('SWALR', options, [...NAMES, 'swaLr', 'lastEpoch']);
    checkOptimizer('SWALR', optimizer);
    const swaLrs = perGroup('SWALR', 'swaLr', options.swaLr, optimizer);
    const { annealEpochs, annealStrategy } = checked('SWALR', options);
    for (const [i, group] of optimizer.paramGroups.entries()) group.swaLr = swaLrs[i]!;
    super(optimizer, { anneal_epochs: annealEpochs, _anneal_strategy: annealStrategy }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { anneal_epochs: length, _anneal_strategy: strategy } = this.entries;
    const step = length === 0 ? Math.max(1, this.stepCount - 1) : this.stepCount - 1;
    const before = shareAt(step - 1, length, strategy);
    const share = shareAt(step, length, strategy);
    return this.optimizer.paramGroups.map((group, i) => {
      const swaLr = swaLrOf(group, i);
      const baseLr = before === 1 ? swaLr : (group.lr - before * swaLr) / (1 - before);
      return swaLr * share + baseLr * (1 - share);
    });
  }
}

function swaLrOf({ swaLr }: ScheduledGroup, index: number): number {
  if (swaLr !== undefined) return swaLr;
  throw new RangeError(
    `Cannot step SWALR: expected "swa_lr" in parameter group ${index}, got none; load the state of the optimizer that was saved with the schedule's`,
  );
}

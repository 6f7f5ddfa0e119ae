// `MultiStepLR`: the learning rate falls by a factor at given steps.

import { pow } from '../../tensor/float-math.ts';
import { checkNames, checkNumber, describe } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface MultiStepDecayOptions {
  /** Steps at which the learning rate falls; one that is there twice counts twice. */
  readonly milestones: Iterable<number>;
  /** Factor of each. Default 0.1. */
  readonly gamma?: number;
}

const NAMES = ['milestones', 'gamma'];

function checked(
  maker: string,
  { milestones, gamma = 0.1 }: MultiStepDecayOptions,
): { steps: number[]; gamma: number } {
  if (typeof (milestones as Partial<Iterable<number>> | undefined)?.[Symbol.iterator] !== 'function')
    throw new TypeError(`Cannot make ${maker}: expected milestones to be a list of steps, got ${describe(milestones)}`);
  const steps = [...milestones].sort((a, b) => a - b);
  for (const step of steps) checkNumber(maker, 'milestones', step, { min: 0, isInteger: true });
  checkNumber(maker, 'gamma', gamma);
  return { steps, gamma };
}

/** Rule: baseLr * gamma ^ (number of milestones up to the step). `MultiStepLR` multiplies at each instead, which may differ in the last bits.
 *  @param options.baseLr - default 1, which gives a factor.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.MultiStepLR, its closed form. */
export function multiStepDecay(options: MultiStepDecayOptions & { readonly baseLr?: number }): Schedule {
  checkNames('multiStepDecay()', options, [...NAMES, 'baseLr']);
  const { steps, gamma } = checked('multiStepDecay()', options);
  const { baseLr = 1 } = options;
  checkNumber('multiStepDecay()', 'baseLr', baseLr);
  return (step) => baseLr * pow(gamma, steps.filter((milestone) => milestone <= step).length);
}

/** Multiplies the learning rate by `gamma` at each milestone. Goes on from what the groups have, so that it can be chained.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.MultiStepLR. */
export class MultiStepLR extends LRScheduler<{ readonly milestones: Map<number, number>; readonly gamma: number }> {
  constructor(optimizer: ScheduledOptimizer, options: MultiStepDecayOptions & SchedulerOptions) {
    checkNames('MultiStepLR', options, [...NAMES, 'lastEpoch']);
    const { steps, gamma } = checked('MultiStepLR', options);
    const milestones = new Map<number, number>();
    for (const step of steps) milestones.set(step, (milestones.get(step) ?? 0) + 1);
    super(optimizer, { milestones, gamma }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const count = this.entries.milestones.get(this.lastEpoch);
    const factor = count === undefined ? 1 : pow(this.entries.gamma, count);
    return this.optimizer.paramGroups.map(({ lr }) => lr * factor);
  }

  protected override getClosedFormLr(): number[] {
    const { milestones, gamma } = this.entries;
    const steps = [...milestones].flatMap(([step, count]) => new Array<number>(count).fill(step));
    return this.baseLrs.map((baseLr) => multiStepDecay({ baseLr, milestones: steps, gamma })(this.lastEpoch));
  }
}

// `StepLR`: the learning rate falls by a factor every so many steps.

import { pow } from '../../tensor/float-math.ts';
import { checkNames, checkNumbers } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface StepDecayOptions {
  /** Steps between two falls, at least 1. */
  readonly stepSize: number;
  /** Factor of each. Default 0.1. */
  readonly gamma?: number;
}

const NAMES = ['stepSize', 'gamma'];

function checked(maker: string, { stepSize, gamma = 0.1 }: StepDecayOptions): Required<StepDecayOptions> {
  checkNumbers(maker, { stepSize, gamma }, { stepSize: { min: 1, isInteger: true }, gamma: {} });
  return { stepSize, gamma };
}

/** Rule: baseLr * gamma ^ floor(step / stepSize). `StepLR` multiplies again and again instead, which may differ in the last bits.
 *  @param options.baseLr - default 1, which gives a factor.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.StepLR, its closed form. */
export function stepDecay(options: StepDecayOptions & { readonly baseLr?: number }): Schedule {
  checkNames('stepDecay()', options, [...NAMES, 'baseLr']);
  const { stepSize, gamma } = checked('stepDecay()', options);
  const { baseLr = 1 } = options;
  checkNumbers('stepDecay()', { baseLr }, { baseLr: {} });
  return (step) => baseLr * pow(gamma, Math.floor(step / stepSize));
}

/** Multiplies the learning rate by `gamma` every `stepSize` steps. Goes on from what the groups have, so that it can be chained.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.StepLR.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.1 });
 *  const scheduler = new optim.StepLR(optimizer, { stepSize: 30, gamma: 0.1 });
 *  for (let epoch = 0; epoch < 60; epoch++) {
 *    optimizer.step();
 *    scheduler.step();
 *  }
 *  scheduler.getLastLr()[0]!.toFixed(4); // '0.0010' */
export class StepLR extends LRScheduler<{ readonly step_size: number; readonly gamma: number }> {
  constructor(optimizer: ScheduledOptimizer, options: StepDecayOptions & SchedulerOptions) {
    checkNames('StepLR', options, [...NAMES, 'lastEpoch']);
    const { stepSize, gamma } = checked('StepLR', options);
    super(optimizer, { step_size: stepSize, gamma }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const isFall = this.lastEpoch !== 0 && this.lastEpoch % this.entries.step_size === 0;
    return this.optimizer.paramGroups.map(({ lr }) => (isFall ? lr * this.entries.gamma : lr));
  }

  protected override getClosedFormLr(): number[] {
    const { step_size: stepSize, gamma } = this.entries;
    return this.baseLrs.map((baseLr) => stepDecay({ baseLr, stepSize, gamma })(this.lastEpoch));
  }
}

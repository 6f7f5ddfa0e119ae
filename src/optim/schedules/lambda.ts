// Schedules by a function of the step: `LambdaLR` multiplies the initial learning rate, `MultiplicativeLR` the last one.

import { checkFunction, checkNames, checkNumber } from './options.ts';
import {
  checkOptimizer,
  LRScheduler,
  type Schedule,
  type ScheduledOptimizer,
  type SchedulerOptions,
} from './scheduler.ts';

interface LambdaEntries {
  /** Plain functions have no state; PyTorch's classes ask for the entries all the same. */
  readonly lr_lambdas: null[];
}

abstract class ScheduleByFunctions extends LRScheduler<LambdaEntries> {
  protected readonly lrLambdas: readonly Schedule[];

  /** @throws {RangeError} for a list of another length than the groups'.  @throws {TypeError} for what is no function. */
  constructor(
    optimizer: ScheduledOptimizer,
    lrLambda: Schedule | readonly Schedule[],
    options: SchedulerOptions | undefined,
  ) {
    const maker = new.target.name;
    checkNames(maker, options ?? {}, ['lastEpoch']);
    checkOptimizer(maker, optimizer);
    super(optimizer, { lr_lambdas: optimizer.paramGroups.map(() => null) }, options);
    const lambdas = Array.isArray(lrLambda) ? [...lrLambda] : optimizer.paramGroups.map(() => lrLambda as Schedule);
    if (lambdas.length !== optimizer.paramGroups.length)
      throw new RangeError(
        `Cannot make ${maker}: expected functions for ${optimizer.paramGroups.length} parameter groups, got ${lambdas.length}`,
      );
    for (const lambda of lambdas) checkFunction(maker, 'lrLambda', lambda);
    this.lrLambdas = lambdas;
  }
}

/** Sets each group's learning rate to its initial one times `lrLambda(step)`: the class around any pure schedule.
 *  @param lrLambda - one for all groups, or a list with one for each.
 *  Source: torch.optim.lr_scheduler.LambdaLR.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.AdamW(new nn.Linear(2, 1).parameters(), { lr: 1e-3 });
 *  const { warmupStableDecay } = optim.schedules;
 *  const scheduler = new optim.LambdaLR(optimizer, warmupStableDecay({ warmupSteps: 100, stableSteps: 800, decaySteps: 100 }));
 *  optimizer.step();
 *  scheduler.step();
 *  scheduler.getLastLr(); // [0.00002] */
export class LambdaLR extends ScheduleByFunctions {
  constructor(optimizer: ScheduledOptimizer, lrLambda: Schedule | readonly Schedule[], options?: SchedulerOptions) {
    super(optimizer, lrLambda, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    return this.baseLrs.map((baseLr, i) => baseLr * this.lrLambdas[i]!(this.lastEpoch));
  }
}

/** Multiplies each group's learning rate by `lrLambda(step)` at every step but the first.
 *  @param lrLambda - one for all groups, or a list with one for each.
 *  Source: torch.optim.lr_scheduler.MultiplicativeLR. */
export class MultiplicativeLR extends ScheduleByFunctions {
  constructor(optimizer: ScheduledOptimizer, lrLambda: Schedule | readonly Schedule[], options?: SchedulerOptions) {
    super(optimizer, lrLambda, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { paramGroups } = this.optimizer;
    if (this.isInitial) return paramGroups.map(({ lr }) => lr);
    return this.lrLambdas.map((lambda, i) => paramGroups[i]!.lr * lambda(this.lastEpoch));
  }
}

/** Rule: baseLr * lrLambda(1) * … * lrLambda(step), to the last bit as `MultiplicativeLR`. Costs a call of `lrLambda` for each step before.
 *  @param options.baseLr - default 1, which gives a factor.  Source: torch.optim.lr_scheduler.MultiplicativeLR. */
export function multiplicative(lrLambda: Schedule, options: { readonly baseLr?: number } = {}): Schedule {
  checkNames('multiplicative()', options, ['baseLr']);
  checkFunction('multiplicative()', 'lrLambda', lrLambda);
  const { baseLr = 1 } = options;
  checkNumber('multiplicative()', 'baseLr', baseLr);
  return (step) => {
    let value = baseLr;
    for (let past = 1; past <= step; past++) value *= lrLambda(past);
    return value;
  };
}

// A straight line up to the groups' rates, and then: as it is, half a cosine down, or another straight line down.

import { cos } from '../../tensor/float-math.ts';
import { checkNames, checkNumbers } from './options.ts';
import { LRScheduler, perGroup, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface LinearWarmupOptions extends SchedulerOptions {
  /** Steps of the line, W. */
  readonly warmupSteps: number;
  /** Learning rate of step 0. Default 0: the first update moves nothing. */
  readonly startLr?: number;
  /** Learning rate from step W on, of all groups. Default: each group's own. */
  readonly targetLr?: number;
}

interface LinearWarmupEntries {
  readonly warmup_steps: number;
  readonly start_lr: number;
  readonly target_lr: number | null;
}

/** Linear warm-up to a rate that stays. Rule: s + (target - s) * step / W for step < W, then target, s being `startLr`.
 *  Refers to the base rates alone: it overwrites what other schedules set.
 *  @throws {RangeError} for options outside their range.
 *  Source: multimodal_insight_engine's LinearWarmupLR, whose target_lr changes nothing there.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.4 });
 *  const scheduler = new optim.LinearWarmupLR(optimizer, { warmupSteps: 4, startLr: 0.2 });
 *  scheduler.step();
 *  scheduler.getLastLr(); // [0.25] */
export class LinearWarmupLR extends LRScheduler<LinearWarmupEntries> {
  constructor(optimizer: ScheduledOptimizer, options: LinearWarmupOptions) {
    const maker = 'LinearWarmupLR';
    checkNames(maker, options, ['warmupSteps', 'startLr', 'targetLr', 'lastEpoch']);
    const { warmupSteps: warmup_steps, startLr: start_lr = 0, targetLr } = options;
    checkNumbers(maker, { warmupSteps: warmup_steps, startLr: start_lr, targetLr: targetLr ?? 0 }, STEPS_AND_RATES);
    super(optimizer, { warmup_steps, start_lr, target_lr: targetLr ?? null }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { warmup_steps: warmup, start_lr: start, target_lr } = this.entries;
    return this.baseLrs.map((baseLr) => {
      const target = target_lr ?? baseLr;
      return this.lastEpoch < warmup ? start + (target - start) * (this.lastEpoch / warmup) : target;
    });
  }
}

const STEPS_AND_RATES = {
  warmupSteps: { min: 0, isInteger: true },
  startLr: { min: 0 },
  targetLr: { min: 0 },
} as const;

export interface WarmupCosineSchedulerOptions extends SchedulerOptions {
  /** Steps of the line, W. */
  readonly warmupSteps: number;
  /** The step from which on the rate is `minLr`, T, at least W. */
  readonly totalSteps: number;
  /** The lowest rate, one for all groups or a list. Default 0. */
  readonly minLr?: number | readonly number[];
  /** Share of the rate at which the line begins, f. Default 0.1. */
  readonly warmupStartFactor?: number;
}

interface WarmupCosineEntries {
  readonly warmup_steps: number;
  readonly total_steps: number;
  readonly min_lr: number | number[];
  readonly warmup_start_factor: number;
}

/** Linear warm-up from a share of the rate, then half a cosine. The first update has the rate of step 1, so that with n = step + 1:
 *  baseLr * (f + (1 - f) * n / W) for n < W, else min + (baseLr - min) * (1 + cos(pi * min(1, (n - W) / (T - W)))) / 2.
 *  Give groups of different rates a `minLr` each: one that lies above a group's rate would let it rise.
 *  @throws {RangeError} for options outside their range, and for a `minLr` above a group's rate.
 *  Source: multimodal_insight_engine's WarmupCosineScheduler, whose rate rises again beyond T; Loshchilov and Hutter 2017, arXiv:1608.03983.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.4 });
 *  const scheduler = new optim.WarmupCosineScheduler(optimizer, { warmupSteps: 2, totalSteps: 4 });
 *  scheduler.step();
 *  scheduler.getLastLr(); // [0.4] */
export class WarmupCosineScheduler extends LRScheduler<WarmupCosineEntries> {
  constructor(optimizer: ScheduledOptimizer, options: WarmupCosineSchedulerOptions) {
    const maker = 'WarmupCosineScheduler';
    checkNames(maker, options, ['warmupSteps', 'totalSteps', 'minLr', 'warmupStartFactor', 'lastEpoch']);
    const { warmupSteps, totalSteps, minLr = 0, warmupStartFactor = 0.1 } = options;
    const numbers = { warmupSteps, totalSteps, warmupStartFactor };
    checkNumbers(maker, numbers, { ...SPAN, warmupStartFactor: { min: 0, max: 1 } });
    checkSpan(maker, ['warmupSteps', warmupSteps], ['totalSteps', totalSteps]);
    const entries = {
      ...{ warmup_steps: warmupSteps, total_steps: totalSteps, warmup_start_factor: warmupStartFactor },
      min_lr: Array.isArray(minLr) ? [...minLr] : (minLr as number),
    };
    const lowest = perGroup(maker, 'minLr', minLr, optimizer);
    super(optimizer, entries, options);
    const wrong = this.baseLrs.findIndex((baseLr, i) => !(lowest[i]! >= 0 && lowest[i]! <= baseLr));
    if (wrong >= 0)
      throw new RangeError(
        `Cannot make ${maker}: expected minLr from 0 to the rate of group ${wrong}, ${this.baseLrs[wrong]}, got ${lowest[wrong]}; give a list with one for each group`,
      );
    this.initialStep();
  }

  protected getLr(): number[] {
    const { warmup_steps: warmup, total_steps: total, min_lr, warmup_start_factor: factor } = this.entries;
    const step = this.lastEpoch + 1;
    return this.baseLrs.map((baseLr, i) => {
      if (step < warmup) return baseLr * (factor + (1 - factor) * (step / warmup));
      const lowest = Array.isArray(min_lr) ? min_lr[i]! : min_lr;
      const share = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
      return lowest + (baseLr - lowest) * (0.5 * (1 + cos(Math.PI * share)));
    });
  }
}

const SPAN = { warmupSteps: { min: 0, isInteger: true }, totalSteps: { min: 1, isInteger: true } } as const;

function checkSpan(maker: string, [name, warmup]: [string, number], [totalName, total]: [string, number]): void {
  if (warmup > total)
    throw new RangeError(`Cannot make ${maker}: expected ${name} of at most ${totalName}, ${total}, got ${warmup}`);
}

export interface LinearWarmupSchedulerOptions extends SchedulerOptions {
  /** Steps of the line up, W; named for what is mostly counted. */
  readonly warmupEpochs: number;
  /** The step from which on the rate is `finalLr`, T, at least W. */
  readonly totalEpochs: number;
  /** Learning rate at which the line up begins. Default 0. */
  readonly initLr?: number;
  /** Learning rate at which the line down ends. Default 0. */
  readonly finalLr?: number;
}

interface LinearWarmupSchedulerEntries {
  readonly warmup_epochs: number;
  readonly total_epochs: number;
  readonly init_lr: number;
  readonly final_lr: number;
}

/** A line up, a line down. With n = step + 1: init + (baseLr - init) * n / W for n < W, else baseLr + (final - baseLr) * min(1, (n - W) / (T - W)).
 *  @throws {RangeError} for options outside their range.
 *  Source: multimodal_insight_engine's LinearWarmupScheduler, whose rate falls below final_lr beyond T.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.4 });
 *  const scheduler = new optim.LinearWarmupScheduler(optimizer, { warmupEpochs: 2, totalEpochs: 6 });
 *  const rates = [scheduler.getLastLr()[0]];
 *  for (let epoch = 0; epoch < 5; epoch++) {
 *    scheduler.step();
 *    rates.push(scheduler.getLastLr()[0]);
 *  }
 *  rates.map((lr) => lr?.toFixed(1)); // ['0.2', '0.4', '0.3', '0.2', '0.1', '0.0'] */
export class LinearWarmupScheduler extends LRScheduler<LinearWarmupSchedulerEntries> {
  constructor(optimizer: ScheduledOptimizer, options: LinearWarmupSchedulerOptions) {
    const maker = 'LinearWarmupScheduler';
    checkNames(maker, options, ['warmupEpochs', 'totalEpochs', 'initLr', 'finalLr', 'lastEpoch']);
    const { warmupEpochs, totalEpochs, initLr = 0, finalLr = 0 } = options;
    checkNumbers(
      maker,
      { warmupEpochs, totalEpochs, initLr, finalLr },
      {
        ...{ warmupEpochs: SPAN.warmupSteps, totalEpochs: SPAN.totalSteps, initLr: { min: 0 }, finalLr: { min: 0 } },
      },
    );
    checkSpan(maker, ['warmupEpochs', warmupEpochs], ['totalEpochs', totalEpochs]);
    const rates = { init_lr: initLr, final_lr: finalLr };
    super(optimizer, { warmup_epochs: warmupEpochs, total_epochs: totalEpochs, ...rates }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { warmup_epochs: warmup, total_epochs: total, init_lr: init, final_lr: final } = this.entries;
    const step = this.lastEpoch + 1;
    return this.baseLrs.map((baseLr) => {
      if (step < warmup) return init + (baseLr - init) * (step / warmup);
      const share = Math.min(1, (step - warmup) / Math.max(1, total - warmup));
      return baseLr + (final - baseLr) * share;
    });
  }
}

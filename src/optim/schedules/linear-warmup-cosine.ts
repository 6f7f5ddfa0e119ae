// `LinearWarmupCosineAnnealingLR`: a straight line up, then half a cosine down; and the same with restarts.

import { cos } from '../../tensor/float-math.ts';
import { checkBoolean, checkNames, checkNumbers } from './options.ts';
import { LRScheduler, type Schedule, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface LinearWarmupCosineOptions {
  /** Steps of the line, W. */
  readonly warmupEpochs: number;
  /** The step at which the half cosine ends, M, above W. */
  readonly maxEpochs: number;
  /** Learning rate of step 0. Default 0: the first updates move nothing. */
  readonly warmupStartLr?: number;
  /** Learning rate of step M. Default 0. */
  readonly etaMin?: number;
  /** From step M on the rate stays at `etaMin`. Default false, as published: it rises again, along the cosine. */
  readonly isClamped?: boolean;
}

export interface LinearWarmupCosineRestartsOptions extends Omit<LinearWarmupCosineOptions, 'isClamped'> {
  /** Steps from one restart to the next, P. Default floor((M - W) / 2), at least 1. */
  readonly restartPeriod?: number;
}

interface Curve {
  readonly warmup_epochs: number;
  readonly max_epochs: number;
  readonly warmup_start_lr: number;
  readonly eta_min: number;
}

const NAMES = ['warmupEpochs', 'maxEpochs', 'warmupStartLr', 'etaMin'];

function readCurve(maker: string, options: Omit<LinearWarmupCosineOptions, 'isClamped'>): Curve {
  const { warmupEpochs, maxEpochs, warmupStartLr = 0, etaMin = 0 } = options;
  checkNumbers(
    maker,
    { warmupEpochs, maxEpochs, warmupStartLr, etaMin },
    {
      warmupEpochs: { min: 0 },
      maxEpochs: { min: 0 },
      warmupStartLr: {},
      etaMin: {},
    },
  );
  if (maxEpochs <= warmupEpochs)
    throw new RangeError(
      `Cannot make ${maker}: expected maxEpochs above warmupEpochs, got ${maxEpochs} and ${warmupEpochs}; the cosine divides by what lies between`,
    );
  return { warmup_epochs: warmupEpochs, max_epochs: maxEpochs, warmup_start_lr: warmupStartLr, eta_min: etaMin };
}

/** @throws {RangeError} unless it is above W: see `readCurve`. */
function moveEnd(maker: string, curve: Curve, maxEpochs: number): void {
  const { warmup_epochs: warmupEpochs, warmup_start_lr: warmupStartLr, eta_min: etaMin } = curve;
  Object.assign(curve, readCurve(maker, { warmupEpochs, maxEpochs, warmupStartLr, etaMin }));
}

/** @param place - share of the half cosine at a step. */
function valueAt(curve: Curve, baseLr: number, step: number, place: (step: number) => number): number {
  const { warmup_epochs: warmup, warmup_start_lr: start, eta_min: etaMin } = curve;
  if (step < warmup) return start + ((baseLr - start) * step) / warmup;
  return etaMin + ((baseLr - etaMin) * (1 + cos(Math.PI * place(step - warmup)))) / 2;
}

function placeOnce({ warmup_epochs, max_epochs }: Curve, isClamped: boolean): (step: number) => number {
  return (step) => {
    const share = step / (max_epochs - warmup_epochs);
    return isClamped ? Math.min(1, share) : share;
  };
}

function readPeriod(maker: string, { warmup_epochs, max_epochs }: Curve, given: number | undefined): number {
  const restartPeriod = given ?? Math.max(1, Math.floor((max_epochs - warmup_epochs) / 2));
  checkNumbers(maker, { restartPeriod }, { restartPeriod: { above: 0 } });
  return restartPeriod;
}

/** Rule, s being `warmupStartLr` and eta `etaMin`: for step < W s + (baseLr - s) * step / W, else
 *  eta + (baseLr - eta) * (1 + cos(pi * (step - W) / (M - W))) / 2. The same bits as `LinearWarmupCosineAnnealingLR`.
 *  @param options.baseLr - default 1, which gives a factor; `warmupStartLr` and `etaMin` are in its unit.
 *  @throws {RangeError} unless 0 <= warmupEpochs < maxEpochs.  Source: VisionCore; Loshchilov and Hutter 2017, arXiv:1608.03983. */
export function linearWarmupCosine(options: LinearWarmupCosineOptions & { readonly baseLr?: number }): Schedule {
  const maker = 'linearWarmupCosine()';
  checkNames(maker, options, [...NAMES, 'isClamped', 'baseLr']);
  const curve = readCurve(maker, options);
  const { baseLr = 1, isClamped = false } = options;
  checkNumbers(maker, { baseLr }, { baseLr: {} });
  checkBoolean(maker, 'isClamped', isClamped);
  const place = placeOnce(curve, isClamped);
  return (step) => valueAt(curve, baseLr, step, place);
}

/** As `linearWarmupCosine`, with the half cosine starting anew every `restartPeriod` steps: (step - W) mod P in place of step - W, and P of M - W.
 *  @param options.baseLr - default 1, which gives a factor; `warmupStartLr` and `etaMin` are in its unit.
 *  @throws {RangeError} unless 0 <= warmupEpochs < maxEpochs.  Source: VisionCore; Loshchilov and Hutter 2017, arXiv:1608.03983. */
export function linearWarmupCosineRestarts(
  options: LinearWarmupCosineRestartsOptions & { readonly baseLr?: number },
): Schedule {
  const maker = 'linearWarmupCosineRestarts()';
  checkNames(maker, options, [...NAMES, 'restartPeriod', 'baseLr']);
  const curve = readCurve(maker, options);
  const { baseLr = 1 } = options;
  checkNumbers(maker, { baseLr }, { baseLr: {} });
  const period = readPeriod(maker, curve, options.restartPeriod);
  return (step) => valueAt(curve, baseLr, step, (since) => (since % period) / period);
}

/** Linear warm-up, then half a cosine. Refers to the base rates alone: it overwrites what other schedules set.
 *  @throws {RangeError} unless 0 <= warmupEpochs < maxEpochs.  Source: VisionCore; formula as `linearWarmupCosine`.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.AdamW(new nn.Linear(2, 1).parameters(), { lr: 1e-3 });
 *  const scheduler = new optim.LinearWarmupCosineAnnealingLR(optimizer, { warmupEpochs: 5, maxEpochs: 100, isClamped: true });
 *  for (let epoch = 0; epoch < 5; epoch++) scheduler.step();
 *  scheduler.getLastLr(); // [0.001] */
export class LinearWarmupCosineAnnealingLR extends LRScheduler<Curve & { readonly is_clamped: boolean }> {
  protected override readonly optionalEntries = ['is_clamped'];

  constructor(optimizer: ScheduledOptimizer, options: LinearWarmupCosineOptions & SchedulerOptions) {
    const maker = 'LinearWarmupCosineAnnealingLR';
    checkNames(maker, options, [...NAMES, 'isClamped', 'lastEpoch']);
    const { isClamped: is_clamped = false } = options;
    checkBoolean(maker, 'isClamped', is_clamped);
    super(optimizer, { ...readCurve(maker, options), is_clamped }, options);
    this.initialStep();
  }

  /** The end M of the half cosine: what is set holds from the next step on, and is in the state. @throws {RangeError} unless it is above W. */
  get maxEpochs(): number {
    return this.entries.max_epochs;
  }

  set maxEpochs(maxEpochs: number) {
    moveEnd('LinearWarmupCosineAnnealingLR', this.entries, maxEpochs);
  }

  get warmupEpochs(): number {
    return this.entries.warmup_epochs;
  }

  protected getLr(): number[] {
    const place = placeOnce(this.entries, this.entries.is_clamped);
    return this.baseLrs.map((baseLr) => valueAt(this.entries, baseLr, this.lastEpoch, place));
  }
}

/** Linear warm-up, then half cosines one after the other. Refers to the base rates alone: it overwrites what other schedules set.
 *  @throws {RangeError} unless 0 <= warmupEpochs < maxEpochs.  Source: VisionCore; formula as `linearWarmupCosineRestarts`. */
export class LinearWarmupCosineAnnealingWarmRestartsLR extends LRScheduler<
  Curve & { readonly restart_period: number }
> {
  constructor(optimizer: ScheduledOptimizer, options: LinearWarmupCosineRestartsOptions & SchedulerOptions) {
    const maker = 'LinearWarmupCosineAnnealingWarmRestartsLR';
    checkNames(maker, options, [...NAMES, 'restartPeriod', 'lastEpoch']);
    const curve = readCurve(maker, options);
    super(optimizer, { ...curve, restart_period: readPeriod(maker, curve, options.restartPeriod) }, options);
    this.initialStep();
  }

  /** The length M, from which the period was taken where none was given; setting it leaves the period. @throws {RangeError} unless it is above W. */
  get maxEpochs(): number {
    return this.entries.max_epochs;
  }

  set maxEpochs(maxEpochs: number) {
    moveEnd('LinearWarmupCosineAnnealingWarmRestartsLR', this.entries, maxEpochs);
  }

  get warmupEpochs(): number {
    return this.entries.warmup_epochs;
  }

  protected getLr(): number[] {
    const { restart_period: period } = this.entries;
    const place = (since: number): number => (since % period) / period;
    return this.baseLrs.map((baseLr) => valueAt(this.entries, baseLr, this.lastEpoch, place));
  }
}

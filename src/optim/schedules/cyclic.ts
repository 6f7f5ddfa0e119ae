// `CyclicLR`: the learning rate goes up and down between two bounds, the momentum down and up.

import { pow } from '../../tensor/float-math.ts';
import { MOMENTUM_NAMES, type MomentumOptions, readMomentum, setMomentums, startMomentum } from './momentum.ts';
import { checkChoice, checkFunction, checkNames, checkNumbers } from './options.ts';
import {
  checkOptimizer,
  LRScheduler,
  perGroup,
  type Schedule,
  type ScheduledOptimizer,
  type SchedulerOptions,
} from './scheduler.ts';

const MODES = ['triangular', 'triangular2', 'exp_range'] as const;
const SCALE_MODES = ['cycle', 'iterations'] as const;

/** The course of a cycle, whatever it goes between. */
export interface CycleOptions {
  /** Steps of the way up, above 0. Default 2000. */
  readonly stepSizeUp?: number;
  /** Steps of the way down. Default as many. */
  readonly stepSizeDown?: number;
  /** `triangular`: all cycles alike; `triangular2`: each half as high as the one before; `exp_range`: height times gamma ^ step. Default `triangular`. */
  readonly mode?: (typeof MODES)[number];
  /** For `exp_range`. Default 1. */
  readonly gamma?: number;
  /** Height of a cycle, 1 being all of it, in place of `mode`: of the cycle's number from 1, or of the step. */
  readonly scaleFn?: (x: number) => number;
  /** What `scaleFn` gets; the modes choose for themselves. Default `cycle`. */
  readonly scaleMode?: (typeof SCALE_MODES)[number];
}

export interface CyclicLROptions extends CycleOptions, MomentumOptions, SchedulerOptions {
  /** Lower bound: one for all groups, or a list. */
  readonly baseLr: number | readonly number[];
  /** Upper bound: one for all groups, or a list. */
  readonly maxLr: number | readonly number[];
}

const CYCLE_NAMES = ['stepSizeUp', 'stepSizeDown', 'mode', 'gamma', 'scaleFn', 'scaleMode'];

/** What a state holds of a cycle. */
interface Cycle {
  readonly total_size: number;
  readonly step_ratio: number;
  readonly mode: string;
  readonly gamma: number;
  readonly scale_mode: string;
}

function readCycle(maker: string, options: CycleOptions): Cycle {
  const { stepSizeUp = 2000, stepSizeDown = stepSizeUp, mode = 'triangular', gamma = 1, scaleFn } = options;
  checkNumbers(
    maker,
    { stepSizeUp, stepSizeDown, gamma },
    { stepSizeUp: { above: 0 }, stepSizeDown: { min: 0 }, gamma: {} },
  );
  checkChoice(maker, 'mode', mode, MODES);
  if (scaleFn !== undefined) checkFunction(maker, 'scaleFn', scaleFn);
  const { scaleMode = scaleFn === undefined && mode === 'exp_range' ? 'iterations' : 'cycle' } = options;
  checkChoice(maker, 'scaleMode', scaleMode, SCALE_MODES);
  const isChosen = scaleFn === undefined && scaleMode !== (mode === 'exp_range' ? 'iterations' : 'cycle');
  if (isChosen)
    throw new RangeError(
      `Cannot make ${maker}: expected no scaleMode beside mode "${mode}", got "${scaleMode}"; it is for scaleFn`,
    );
  const total_size = stepSizeUp + stepSizeDown;
  return { total_size, step_ratio: stepSizeUp / total_size, mode, gamma, scale_mode: scaleMode };
}

/** How far up the way a step is, from 0 to 1, and the height of its cycle. */
function placeOf(
  cycle: Cycle,
  step: number,
  scaleFn: ((x: number) => number) | undefined,
): [share: number, height: number] {
  const number = Math.floor(1 + step / cycle.total_size);
  const x = 1 + step / cycle.total_size - number;
  const share = x <= cycle.step_ratio ? x / cycle.step_ratio : (x - 1) / (cycle.step_ratio - 1);
  const argument = cycle.scale_mode === 'cycle' ? number : step;
  if (scaleFn) return [share, scaleFn(argument)];
  if (cycle.mode === 'triangular') return [share, 1];
  return [share, cycle.mode === 'triangular2' ? 1 / pow(2, argument - 1) : pow(cycle.gamma, argument)];
}

/** Rule: baseLr + (maxLr - baseLr) * share * height; share goes from 0 to 1 in `stepSizeUp` steps and back in `stepSizeDown`; height is 1, 1 / 2 ^ (cycle - 1)
 *  with cycles from 1, gamma ^ step, or what `scaleFn` says. The same bits as `CyclicLR`.
 *  @param options.baseLr - default 0.  @param options.maxLr - default 1.
 *  @throws {RangeError} for options outside their range.  Source: Smith 2017, arXiv:1506.01186; torch.optim.lr_scheduler.CyclicLR. */
export function cyclic(options: CycleOptions & { readonly baseLr?: number; readonly maxLr?: number } = {}): Schedule {
  checkNames('cyclic()', options, [...CYCLE_NAMES, 'baseLr', 'maxLr']);
  const cycle = readCycle('cyclic()', options);
  const { baseLr = 0, maxLr = 1, scaleFn } = options;
  checkNumbers('cyclic()', { baseLr, maxLr }, { baseLr: {}, maxLr: {} });
  return (step) => {
    const [share, height] = placeOf(cycle, step, scaleFn);
    return baseLr + (maxLr - baseLr) * share * height;
  };
}

interface CyclicEntries extends Cycle {
  readonly max_lrs: number[];
  readonly cycle_momentum: boolean;
  readonly use_beta1?: boolean;
  readonly base_momentums?: number[];
  readonly max_momentums?: number[];
  readonly _scale_fn_custom: null;
}

/** Goes up and down between two learning rates, and with the momentum (the first of `betas`) the other way. For steps rather than epochs.
 *  Refers to the bounds alone: it overwrites what other schedules set.
 *  @throws {RangeError} for options outside their range.  @throws {TypeError} for an optimizer without momentum, unless `cycleMomentum` is false.
 *  Source: Smith 2017, arXiv:1506.01186; torch.optim.lr_scheduler.CyclicLR. */
export class CyclicLR extends LRScheduler<CyclicEntries> {
  readonly #scaleFn: ((x: number) => number) | undefined;

  constructor(optimizer: ScheduledOptimizer, options: CyclicLROptions) {
    checkNames('CyclicLR', options, [...CYCLE_NAMES, ...MOMENTUM_NAMES, 'baseLr', 'maxLr', 'lastEpoch']);
    checkOptimizer('CyclicLR', optimizer);
    const baseLrs = perGroup('CyclicLR', 'baseLr', options.baseLr, optimizer);
    const max_lrs = perGroup('CyclicLR', 'maxLr', options.maxLr, optimizer);
    const cycle = readCycle('CyclicLR', options);
    const momentum = readMomentum('CyclicLR', optimizer, options, [0.8, 0.9]);
    const cycled = momentum
      ? { use_beta1: momentum.isBeta, base_momentums: momentum.bases, max_momentums: momentum.maxima }
      : {};
    const isNew = (options.lastEpoch ?? -1) === -1;
    if (isNew) for (const [i, group] of optimizer.paramGroups.entries()) group.lr = baseLrs[i]!;
    if (isNew && momentum) startMomentum(optimizer, momentum);
    const cycle_momentum = momentum !== undefined;
    super(optimizer, { max_lrs, ...cycle, cycle_momentum, ...cycled, _scale_fn_custom: null }, options);
    this.#scaleFn = options.scaleFn;
    this.initialStep();
    this.baseLrs = baseLrs;
  }

  protected getLr(): number[] {
    const { entries, optimizer } = this;
    const [share, height] = placeOf(entries, this.lastEpoch, this.#scaleFn);
    const { base_momentums: bases, max_momentums: maxima } = entries;
    if (bases && maxima) {
      const momentums = bases.map((base, i) => maxima[i]! - (maxima[i]! - base) * share * height);
      setMomentums(optimizer, entries.use_beta1!, momentums);
    }
    return this.baseLrs.map((base, i) => base + (entries.max_lrs[i]! - base) * share * height);
  }
}

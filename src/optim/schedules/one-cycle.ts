// `OneCycleLR`: one way up to a high learning rate and one down to next to nothing, with the momentum the other way.

import { CheckpointError } from '../../errors.ts';
import { cos } from '../../tensor/float-math.ts';
import type { ScheduleEntries } from '../param-groups.ts';
import { MOMENTUM_NAMES, type MomentumOptions, readMomentum, setMomentums, startMomentum } from './momentum.ts';
import { checkBoolean, checkChoice, checkNames, checkNumbers } from './options.ts';
import {
  checkOptimizer,
  LRScheduler,
  perGroup,
  type Schedule,
  type ScheduledOptimizer,
  type SchedulerOptions,
} from './scheduler.ts';

const STRATEGIES = ['cos', 'linear'] as const;

/** The course of the cycle, whatever it goes between. */
export interface OneCycleOptions {
  /** Steps of the cycle; in place of it `epochs` and `stepsPerEpoch`. */
  readonly totalSteps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  /** Share of the steps that go up, from 0 to 1. Default 0.3. */
  readonly pctStart?: number;
  /** Along half a cosine or a straight line. Default `cos`. */
  readonly annealStrategy?: (typeof STRATEGIES)[number];
  /** The cycle starts at maxLr / divFactor. Default 25. */
  readonly divFactor?: number;
  /** It ends at the start's rate divided by this. Default 1e4. */
  readonly finalDivFactor?: number;
  /** The way down takes as long as the way up, and what is left goes from the start's rate to the end's. Default false: two ways. */
  readonly threePhase?: boolean;
}

export interface OneCycleLROptions extends OneCycleOptions, MomentumOptions, SchedulerOptions {
  /** The highest learning rate: one for all groups, or a list. */
  readonly maxLr: number | readonly number[];
}

const CYCLE_NAMES = [
  ...[
    'totalSteps',
    'epochs',
    'stepsPerEpoch',
    'pctStart',
    'annealStrategy',
    'divFactor',
    'finalDivFactor',
    'threePhase',
  ],
];

/** One way of the cycle: from where to where, by the names of a group's entries in files. */
interface Phase {
  readonly end_step: number;
  readonly start_lr: string;
  readonly end_lr: string;
  readonly start_momentum: string;
  readonly end_momentum: string;
}

interface Cycle {
  readonly total_steps: number;
  readonly _schedule_phases: Phase[];
  readonly _anneal_func_type: string;
}

function readCycle(maker: string, options: OneCycleOptions): Cycle & { divFactor: number; finalDivFactor: number } {
  const { pctStart = 0.3, annealStrategy = 'cos', divFactor = 25, finalDivFactor = 1e4, threePhase = false } = options;
  const numbers = { pctStart, divFactor, finalDivFactor };
  checkNumbers(maker, numbers, { pctStart: { min: 0, max: 1 }, divFactor: { above: 0 }, finalDivFactor: { above: 0 } });
  checkChoice(maker, 'annealStrategy', annealStrategy, STRATEGIES);
  checkBoolean(maker, 'threePhase', threePhase);
  const total_steps = totalStepsOf(maker, options);
  const phases = phasesOf(total_steps, pctStart, threePhase);
  return { total_steps, _schedule_phases: phases, _anneal_func_type: annealStrategy, divFactor, finalDivFactor };
}

function totalStepsOf(maker: string, { totalSteps, epochs, stepsPerEpoch }: OneCycleOptions): number {
  const range = { min: 1, isInteger: true };
  if (totalSteps !== undefined) {
    checkNumbers(maker, { totalSteps }, { totalSteps: range });
    return totalSteps;
  }
  if (epochs === undefined || stepsPerEpoch === undefined)
    throw new TypeError(`Cannot make ${maker}: expected totalSteps, or epochs and stepsPerEpoch, got neither`);
  checkNumbers(maker, { epochs, stepsPerEpoch }, { epochs: range, stepsPerEpoch: range });
  return epochs * stepsPerEpoch;
}

function phasesOf(total: number, pctStart: number, isThreePhase: boolean): Phase[] {
  const way = (end_step: number, [start_lr, end_lr]: readonly string[], [start, end]: readonly string[]): Phase => ({
    end_step,
    start_lr: start_lr!,
    end_lr: end_lr!,
    start_momentum: start!,
    end_momentum: end!,
  });
  const up = way(pctStart * total - 1, ['initial_lr', 'max_lr'], ['max_momentum', 'base_momentum']);
  if (!isThreePhase) return [up, way(total - 1, ['max_lr', 'min_lr'], ['base_momentum', 'max_momentum'])];
  return [
    up,
    way(2 * pctStart * total - 2, ['max_lr', 'initial_lr'], ['base_momentum', 'max_momentum']),
    way(total - 1, ['initial_lr', 'min_lr'], ['max_momentum', 'max_momentum']),
  ];
}

/** The way that a step lies on, and which share of it is done. */
function placeOf({ _schedule_phases: phases }: Cycle, step: number): [phase: Phase, share: number] {
  let start = 0;
  const last = phases.length - 1;
  for (const phase of phases.slice(0, last)) {
    if (step <= phase.end_step) return [phase, shareOf(step, start, phase.end_step)];
    start = phase.end_step;
  }
  return [phases[last]!, shareOf(step, start, phases[last]!.end_step)];
}

function shareOf(step: number, start: number, end: number): number {
  if (end === start)
    throw new RangeError(
      `Cannot follow one cycle at step ${step}: expected a phase that takes time, got one that ends where it starts; change pctStart`,
    );
  return (step - start) / (end - start);
}

function anneal(strategy: string, start: number, end: number, share: number): number {
  if (strategy === 'linear') return (end - start) * share + start;
  return end + ((start - end) / 2) * (cos(Math.PI * share) + 1);
}

/** Rule: from maxLr / divFactor to maxLr over pctStart * totalSteps - 1 steps, then to maxLr / divFactor / finalDivFactor at step totalSteps - 1, each way
 *  along half a cosine or a line; beyond it the last way goes on. The same bits as `OneCycleLR`.
 *  @param options.maxLr - default 1.
 *  @throws {RangeError} for options outside their range.
 *  Source: Smith and Topin 2018, arXiv:1708.07120; torch.optim.lr_scheduler.OneCycleLR. */
export function oneCycle(options: OneCycleOptions & { readonly maxLr?: number }): Schedule {
  checkNames('oneCycle()', options, [...CYCLE_NAMES, 'maxLr']);
  const cycle = readCycle('oneCycle()', options);
  const { maxLr: max_lr = 1 } = options;
  checkNumbers('oneCycle()', { maxLr: max_lr }, { maxLr: {} });
  const initial_lr = max_lr / cycle.divFactor;
  const rates: Record<string, number> = { initial_lr, max_lr, min_lr: initial_lr / cycle.finalDivFactor };
  return (step) => {
    const [{ start_lr, end_lr }, share] = placeOf(cycle, step);
    return anneal(cycle._anneal_func_type, rates[start_lr]!, rates[end_lr]!, share);
  };
}

/** One cycle of the learning rate over the whole run, and of the momentum (the first of `betas`) the other way. For steps rather than epochs.
 *  Refers to `maxLr` alone: it overwrites what other schedules set. Its bounds are kept in the groups and so in the optimizer's state.
 *  @throws {RangeError} for options outside their range, and for a step beyond the total.
 *  @throws {TypeError} for an optimizer without momentum, unless `cycleMomentum` is false.
 *  Source: Smith and Topin 2018, arXiv:1708.07120; torch.optim.lr_scheduler.OneCycleLR. */
export class OneCycleLR extends LRScheduler<
  Cycle & { readonly cycle_momentum: boolean; readonly use_beta1?: boolean }
> {
  constructor(optimizer: ScheduledOptimizer, options: OneCycleLROptions) {
    checkNames('OneCycleLR', options, [...CYCLE_NAMES, ...MOMENTUM_NAMES, 'maxLr', 'lastEpoch']);
    checkOptimizer('OneCycleLR', optimizer);
    const { divFactor, finalDivFactor, ...cycle } = readCycle('OneCycleLR', options);
    const maxLrs = perGroup('OneCycleLR', 'maxLr', options.maxLr, optimizer);
    const momentum = readMomentum('OneCycleLR', optimizer, options, [0.85, 0.95]);
    if ((options.lastEpoch ?? -1) === -1) {
      for (const [i, group] of optimizer.paramGroups.entries()) {
        group.initialLr = maxLrs[i]! / divFactor;
        group.maxLr = maxLrs[i]!;
        group.minLr = group.initialLr / finalDivFactor;
      }
      if (momentum) startMomentum(optimizer, momentum);
    }
    const cycled = momentum ? { cycle_momentum: true, use_beta1: momentum.isBeta } : { cycle_momentum: false };
    super(optimizer, { ...cycle, ...cycled }, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { entries, optimizer, lastEpoch } = this;
    if (lastEpoch > entries.total_steps)
      throw new RangeError(`Cannot step OneCycleLR: expected at most ${entries.total_steps} steps, got ${lastEpoch}`);
    const [phase, share] = placeOf(entries, lastEpoch);
    const between = (start: string, end: string): number[] =>
      optimizer.paramGroups.map((group, i) =>
        anneal(entries._anneal_func_type, boundOf(group, i, start), boundOf(group, i, end), share),
      );
    const rates = between(phase.start_lr, phase.end_lr);
    if (entries.cycle_momentum)
      setMomentums(optimizer, entries.use_beta1!, between(phase.start_momentum, phase.end_momentum));
    return rates;
  }
}

const BOUNDS: Readonly<Record<string, keyof ScheduleEntries>> = {
  initial_lr: 'initialLr',
  max_lr: 'maxLr',
  min_lr: 'minLr',
  max_momentum: 'maxMomentum',
  base_momentum: 'baseMomentum',
};

function boundOf(group: ScheduleEntries, index: number, key: string): number {
  const bound = Object.hasOwn(BOUNDS, key) ? group[BOUNDS[key]!] : undefined;
  if (bound !== undefined) return bound;
  throw new CheckpointError(
    `Cannot step OneCycleLR: expected "${key}" in parameter group ${index}, got none; load the state of the optimizer that was saved with the schedule's`,
  );
}

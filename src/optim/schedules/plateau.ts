// `ReduceLROnPlateau`: the learning rate falls when a metric has not got better for a while.

import { refuseCapture } from '../../tensor/capture/notes.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { checkChoice, checkNames, checkNumbers, describe } from './options.ts';
import { checkOptimizer, perGroup, type ScheduledOptimizer, type Scheduler } from './scheduler.ts';
import { copyEntries, readEntries } from './state.ts';

const MODES = ['min', 'max'] as const;
const THRESHOLD_MODES = ['rel', 'abs'] as const;

export interface PlateauOptions {
  /** Whether less or more is better. Default `min`. */
  readonly mode?: (typeof MODES)[number];
  /** On the learning rate at each fall; below 1. Default 0.1. */
  readonly factor?: number;
  /** Steps without anything better that are borne; the one after them lets the rate fall. Default 10. */
  readonly patience?: number;
  /** By how much better it has to be to count. Default 1e-4. */
  readonly threshold?: number;
  /** The threshold is a share of the best value, or a difference to it. Default `rel`. */
  readonly thresholdMode?: (typeof THRESHOLD_MODES)[number];
  /** Steps after a fall in which bad ones do not count. Default 0. */
  readonly cooldown?: number;
  /** Least learning rate: one for all groups, or a list. Default 0. */
  readonly minLr?: number | readonly number[];
  /** A fall by less than this is left out. Default 1e-8. */
  readonly eps?: number;
}

const NAMES = ['mode', 'factor', 'patience', 'threshold', 'thresholdMode', 'cooldown', 'minLr', 'eps'];

/** What waits for something better. */
interface Watch {
  readonly patience: number;
  readonly cooldown: number;
  mode_worse: number;
  readonly mode: string;
  readonly threshold: number;
  readonly threshold_mode: string;
  best: number;
  cooldown_counter: number;
  num_bad_epochs: number;
}

interface PlateauEntries extends Watch {
  readonly factor: number;
  readonly default_min_lr: number | null;
  min_lrs: number[];
  readonly eps: number;
  last_epoch: number;
  _last_lr: number[];
}

function readWatch(maker: string, options: PlateauOptions): Watch & { factor: number; eps: number } {
  const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = 'rel' } = options;
  const { cooldown = 0, eps = 1e-8 } = options;
  checkChoice(maker, 'mode', mode, MODES);
  checkChoice(maker, 'thresholdMode', thresholdMode, THRESHOLD_MODES);
  checkNumbers(
    maker,
    { factor, patience, threshold, cooldown, eps },
    {
      factor: {},
      patience: { min: 0, isInteger: true },
      threshold: {},
      cooldown: { min: 0, isInteger: true },
      eps: {},
    },
  );
  if (factor >= 1) throw new RangeError(`Cannot make ${maker}: expected factor below 1, got ${factor}`);
  const worst = mode === 'min' ? Infinity : -Infinity;
  return {
    ...{ factor, patience, cooldown, eps, mode_worse: worst, mode, threshold, threshold_mode: thresholdMode },
    ...{ best: worst, cooldown_counter: 0, num_bad_epochs: 0 },
  };
}

function isBetter({ mode, threshold, threshold_mode, best }: Watch, value: number): boolean {
  if (threshold_mode === 'rel') return mode === 'min' ? value < best * (1 - threshold) : value > best * (threshold + 1);
  return mode === 'min' ? value < best - threshold : value > best + threshold;
}

/** Takes in a metric. @returns whether the learning rate falls. */
function watch(state: Watch, value: number): boolean {
  if (isBetter(state, value)) {
    state.best = value;
    state.num_bad_epochs = 0;
  } else state.num_bad_epochs += 1;
  if (state.cooldown_counter > 0) {
    state.cooldown_counter -= 1;
    state.num_bad_epochs = 0;
  }
  if (state.num_bad_epochs <= state.patience) return false;
  state.cooldown_counter = state.cooldown;
  state.num_bad_epochs = 0;
  return true;
}

function fallen(lr: number, { factor, eps }: { factor: number; eps: number }, minLr: number): number {
  const next = Math.max(lr * factor, minLr);
  return lr - next > eps ? next : lr;
}

/** The learning rate after a history of metrics, a pure function of it; the same bits as `ReduceLROnPlateau`.
 *  @param options.baseLr - default 1, which gives a factor; `minLr` and `eps` are in its unit.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.ReduceLROnPlateau. */
export function plateau(
  options: Omit<PlateauOptions, 'minLr'> & { readonly minLr?: number; readonly baseLr?: number } = {},
): (metrics: readonly number[]) => number {
  checkNames('plateau()', options, [...NAMES, 'baseLr']);
  const { baseLr = 1, minLr = 0 } = options;
  checkNumbers('plateau()', { baseLr, minLr }, { baseLr: {}, minLr: {} });
  const start = readWatch('plateau()', options);
  return (metrics) => {
    const state = { ...start };
    return metrics.reduce((lr, metric) => (watch(state, metric) ? fallen(lr, state, minLr) : lr), baseLr);
  };
}

/** Multiplies the learning rates by `factor` when a metric has not got better for more than `patience` steps. A metric that is nan counts as no better.
 *  Goes on from what the groups have.
 *  @throws {RangeError} for options outside their range.  Source: torch.optim.lr_scheduler.ReduceLROnPlateau.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.1 });
 *  const scheduler = new optim.ReduceLROnPlateau(optimizer, { patience: 1 });
 *  for (const loss of [3, 3, 3]) scheduler.step(loss);
 *  scheduler.getLastLr()[0]!.toFixed(3); // '0.010' */
export class ReduceLROnPlateau implements Scheduler {
  readonly optimizer: ScheduledOptimizer;
  /** What the schedule was made with and what it counts by, under PyTorch's names: its state. */
  readonly entries: PlateauEntries;

  constructor(optimizer: ScheduledOptimizer, options: PlateauOptions = {}) {
    checkNames('ReduceLROnPlateau', options, NAMES);
    this.optimizer = checkOptimizer('ReduceLROnPlateau', optimizer);
    const { minLr = 0 } = options;
    const min_lrs = perGroup('ReduceLROnPlateau', 'minLr', minLr, optimizer);
    this.entries = {
      ...readWatch('ReduceLROnPlateau', options),
      ...{ default_min_lr: typeof minLr === 'number' ? minLr : null, min_lrs, last_epoch: 0, _last_lr: this.#rates() },
    };
  }

  #rates(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Steps made; named as by PyTorch, whatever a step is. */
  get lastEpoch(): number {
    return this.entries.last_epoch;
  }

  /** Takes in a metric, and lets the learning rates fall if it is time.
   *  @param metric - a number, or a tensor of one element: the device is waited for.
   *  @throws {TypeError} for anything else, nothing included. */
  step(metric: number | Tensor): void {
    refuseCapture('a schedule goes on in it; call its step() outside of the step');
    const { entries, optimizer } = this;
    const value = metric instanceof Tensor ? metric.item() : metric;
    if (typeof value !== 'number')
      throw new TypeError(`Cannot step ReduceLROnPlateau: expected a metric, got ${describe(value)}`);
    entries.last_epoch += 1;
    if (watch(entries, value)) {
      for (const [i, group] of optimizer.paramGroups.entries()) group.lr = fallen(group.lr, entries, this.#least(i));
    }
    entries._last_lr = this.#rates();
  }

  /** The least rate of a group: groups that came later have the one for all. */
  #least(index: number): number {
    const { min_lrs, default_min_lr } = this.entries;
    const count = this.optimizer.paramGroups.length;
    if (min_lrs.length === count) return min_lrs[index]!;
    if (default_min_lr !== null) {
      this.entries.min_lrs = this.optimizer.paramGroups.map(() => default_min_lr);
      return default_min_lr;
    }
    throw new RangeError(
      `Cannot step ReduceLROnPlateau: expected ${min_lrs.length} parameter groups, one for each of minLr, got ${count}`,
    );
  }

  /** The learning rate of each group after the last step. */
  getLastLr(): number[] {
    return [...this.entries._last_lr];
  }

  /** What `load_state_dict` of PyTorch's class takes. The groups' learning rates are in the optimizer's state. */
  stateDict(): PlateauEntries {
    return copyEntries(this.entries);
  }

  /** Takes over a state of this class or of PyTorch's, what the schedule was made with included. Learning rates of the groups do not change: they come
   *  with the optimizer's state.
   *  @throws {CheckpointError} where entries are missing, unknown or of another kind, or the number of groups differs; nothing is taken then. */
  loadStateDict(state: object): void {
    const optional = ['default_min_lr'];
    const read = readEntries('ReduceLROnPlateau', this.entries, state, { optional, ignored: ['verbose'] });
    // The worst value belongs to the mode.
    read.mode_worse = read.mode === 'min' ? Infinity : -Infinity;
    Object.assign(this.entries, read);
  }
}

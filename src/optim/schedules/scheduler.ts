// `LRScheduler`: what all schedules of learning rates share: base rates, the count of steps, and a state in PyTorch's form.

import { CheckpointError } from '../../errors.ts';
import { refuseCapture } from '../../tensor/capture/notes.ts';
import type { AnyOptimizer } from '../optimizer.ts';
import { checkNumber, describe } from './options.ts';
import { copyEntries, readEntries } from './state.ts';

/** A pure schedule: what holds at a step, counted from 0. The same step always gives the same value. */
export type Schedule = (step: number) => number;

/** The part of an optimizer that a schedule reads and sets. */
export type ScheduledOptimizer = Pick<AnyOptimizer, 'paramGroups'>;

/** One of its groups. */
export type ScheduledGroup = ScheduledOptimizer['paramGroups'][number];

/** What every schedule of an optimizer offers, `ReduceLROnPlateau` too. */
export interface Scheduler {
  readonly optimizer: ScheduledOptimizer;
  getLastLr(): number[];
  stateDict(): object;
  loadStateDict(state: object): void;
}

/** A schedule that another one can start, take back and start over. @internal */
export interface ChainableScheduler extends Scheduler {
  step(): void;
  /** The step that a schedule makes when it is made. */
  initialStep(): void;
  /** Takes the initial step's count back; learning rates stay. */
  undo(): void;
  /** Goes to step 0 by the closed form, where there is one. */
  restart?(): void;
}

export interface SchedulerOptions {
  /** Steps made before, as PyTorch counts them: -1, the default, starts anew; otherwise groups need their `initialLr`. */
  readonly lastEpoch?: number;
}

/** The entries of a state that all shapes share. */
export interface SchedulerCounts {
  readonly base_lrs: number[];
  readonly last_epoch: number;
  readonly _step_count: number;
  readonly _is_initial: boolean;
  readonly _get_lr_called_within_step: boolean;
  readonly _last_lr: number[];
}

/** The state of a schedule, in PyTorch's keys. */
export type SchedulerStateDict<S extends object = object> = S & SchedulerCounts;

/** Base of the schedules that set learning rates as a function of the step.
 *  A class of your own passes its entries to `super`, ends its constructor with `this.initialStep()`, and says in `getLr()` what the groups get at `lastEpoch`.
 *  Call `step()` after the optimizer's. Making a schedule sets the learning rates of step 0: when a run is resumed, make it before the optimizer's state is loaded.
 *  Source: torch.optim.lr_scheduler.LRScheduler.
 *  @typeParam S - the entries of the state that are the shape's own.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  class InverseLR extends optim.LRScheduler {
 *    constructor(optimizer: optim.SGD) {
 *      super(optimizer, {});
 *      this.initialStep();
 *    }
 *    protected getLr(): number[] {
 *      return this.baseLrs.map((baseLr) => baseLr / (1 + this.lastEpoch));
 *    }
 *  }
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.6 });
 *  const scheduler = new InverseLR(optimizer);
 *  optimizer.step();
 *  scheduler.step();
 *  scheduler.getLastLr(); // [0.3] */
export abstract class LRScheduler<S extends object = object> implements ChainableScheduler {
  readonly optimizer: ScheduledOptimizer;
  /** What the schedule was made with and what it counts by, under PyTorch's names: its own part of the state. */
  readonly entries: S;
  /** The learning rate of each group that factors refer to. */
  baseLrs: readonly number[];
  /** Steps made since the start; named as by PyTorch, whatever a step is. */
  lastEpoch: number;
  /** Calls of `step()`, the first one by the constructor. */
  protected stepCount = 0;
  /** The constructor is making its step. */
  protected isInitial = false;
  #lastLr: readonly number[] | undefined;

  /** @throws {RangeError} for a `lastEpoch` that is no integer from -1 on, or groups without `initialLr` where it is not -1. */
  constructor(optimizer: ScheduledOptimizer, entries: S, { lastEpoch = -1 }: SchedulerOptions = {}) {
    const maker = new.target.name;
    this.optimizer = checkOptimizer(maker, optimizer);
    this.entries = entries;
    checkNumber(maker, 'lastEpoch', lastEpoch, { min: -1, isInteger: true });
    this.lastEpoch = lastEpoch;
    this.baseLrs = optimizer.paramGroups.map((group, i) => {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      if (group.initialLr === undefined)
        throw new RangeError(
          `Cannot make ${maker}: expected initialLr in parameter group ${i} with lastEpoch ${lastEpoch}, got none; load the optimizer's state first`,
        );
      return group.initialLr;
    });
  }

  /** The learning rates of the groups at `lastEpoch`; may refer to what they have now. */
  protected abstract getLr(): number[];
  /** The same without reference to what the groups have now. */
  protected getClosedFormLr?(): number[];
  /** How the count moves, where it does not simply by 1. */
  protected advance?(epoch: number | undefined): void;

  /** Sets the learning rates of the next update.
   *  @param epoch - jumps there, by the closed form where the shape has one; PyTorch advises against it, but for `CosineAnnealingWarmRestarts`.
   *  @throws {RangeError} for a learning rate that is not finite. */
  step(epoch?: number): void {
    refuseCapture('a schedule goes on in it; call its step() outside of the step');
    if (this.#lastLr === undefined && !this.isInitial)
      throw new Error(
        `Cannot step ${this.constructor.name}: expected a constructor that ends with this.initialStep(), got one that does not`,
      );
    if (epoch !== undefined) checkStep(this.constructor.name, epoch);
    if (this.advance) {
      this.advance(epoch);
      this.#set(this.getLr());
      return;
    }
    this.stepCount += 1;
    this.#move(epoch);
  }

  #move(epoch: number | undefined): void {
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    this.#set(epoch === undefined || !this.getClosedFormLr ? this.getLr() : this.getClosedFormLr());
  }

  #set(values: readonly number[]): void {
    const groups = this.optimizer.paramGroups;
    const name = this.constructor.name;
    if (values.length !== groups.length)
      throw new RangeError(
        `Cannot step ${name}: expected ${values.length} parameter groups, as when it was made, got ${groups.length}`,
      );
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new RangeError(
        `Cannot step ${name}: expected a finite learning rate for parameter group ${wrong} at step ${this.lastEpoch}, got ${describe(values[wrong])}`,
      );
    for (const [i, group] of groups.entries()) group.lr = values[i]!;
    this.#lastLr = groups.map(({ lr }) => lr);
  }

  /** The last line of a shape's constructor: sets the learning rates of the first update. */
  initialStep(): void {
    this.stepCount = 0;
    this.isInitial = true;
    try {
      this.step();
    } finally {
      this.isInitial = false;
    }
  }

  /** @internal */
  undo(): void {
    this.lastEpoch -= 1;
  }

  /** @internal */
  restart(): void {
    this.#move(0);
  }

  /** The learning rate of each group that the last step set. */
  getLastLr(): number[] {
    return [...(this.#lastLr ?? [])];
  }

  /** What `load_state_dict` of PyTorch's class takes. The groups' learning rates are in the optimizer's state. */
  stateDict(): SchedulerStateDict<S> {
    return { ...copyEntries(this.entries), ...this.#counts() };
  }

  #counts(): SchedulerCounts {
    return {
      base_lrs: [...this.baseLrs],
      last_epoch: this.lastEpoch,
      _step_count: this.stepCount,
      _is_initial: false,
      _get_lr_called_within_step: false,
      _last_lr: this.getLastLr(),
    };
  }

  /** Takes over a state of this class or of PyTorch's, what the schedule was made with included. Learning rates of the groups do not change: they come
   *  with the optimizer's state, and most shapes go on from them.
   *  @throws {CheckpointError} where entries are missing, unknown or of another kind, or the number of groups differs; nothing is taken then. */
  loadStateDict(state: object): void {
    const counts = this.#counts();
    const { base_lrs, last_epoch, _step_count, _is_initial, _get_lr_called_within_step, _last_lr, ...own } =
      readEntries(this.constructor.name, { ...this.entries, ...counts } as SchedulerStateDict<S>, state, {
        optional: [...OPTIONAL_ENTRIES, ...this.optionalEntries],
        ignored: ['verbose'],
      });
    if (!Number.isInteger(last_epoch))
      throw new CheckpointError(
        `Cannot load a state into ${this.constructor.name}: expected an integer for "last_epoch", got ${last_epoch}`,
      );
    Object.assign(this.entries, own);
    this.baseLrs = base_lrs;
    this.lastEpoch = last_epoch;
    this.stepCount = _step_count;
    this.#lastLr = _last_lr;
  }

  /** Entries that PyTorch's class does not write. */
  protected readonly optionalEntries: readonly string[] = [];
}

const OPTIONAL_ENTRIES = ['_is_initial', '_get_lr_called_within_step'];

/** @throws {TypeError} for what is no optimizer.  @internal */
export function checkOptimizer(maker: string, optimizer: ScheduledOptimizer): ScheduledOptimizer {
  if (!Array.isArray((optimizer as Partial<ScheduledOptimizer> | undefined)?.paramGroups))
    throw new TypeError(`Cannot make ${maker}: expected an optimizer, got ${describe(optimizer)}`);
  return optimizer;
}

/** One value for each group, of one value or a list.
 *  @throws {RangeError} for a list of another length, or values that are not finite.  @internal */
export function perGroup(
  maker: string,
  name: string,
  value: number | readonly number[],
  { paramGroups }: ScheduledOptimizer,
): number[] {
  const values = Array.isArray(value) ? [...value] : paramGroups.map(() => value as number);
  if (values.length !== paramGroups.length)
    throw new RangeError(
      `Cannot make ${maker}: expected ${name} for ${paramGroups.length} parameter groups, got ${values.length}`,
    );
  for (const each of values) checkNumber(maker, name, each);
  return values;
}

function checkStep(name: string, epoch: unknown): void {
  if (typeof epoch !== 'number' || !Number.isFinite(epoch) || epoch < 0)
    throw new RangeError(`Cannot step ${name}: expected an epoch of at least 0, got ${describe(epoch)}`);
}

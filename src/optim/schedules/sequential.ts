// `SequentialLR`: schedules one after the other, changing at milestones.

import { CheckpointError } from '../../errors.ts';
import { checkNames, checkNumber, describe } from './options.ts';
import { type ChainableScheduler, checkOptimizer, type ScheduledOptimizer, type Scheduler } from './scheduler.ts';
import { readEntries } from './state.ts';

export interface SequentialLROptions {
  /** In their order, all of this optimizer. */
  readonly schedulers: readonly Scheduler[];
  /** Steps at which the next one takes over: one less than there are schedules, none less than the one before. */
  readonly milestones: readonly number[];
  /** Steps made before, as PyTorch counts them. Default -1. */
  readonly lastEpoch?: number;
}

/** Plays schedules one after the other. At a milestone the next one starts at its step 0, by its closed form where it has one.
 *  A `SequentialLR` or `ChainedScheduler` can only be the first: PyTorch's cannot start over.
 *  @throws {RangeError} for no schedules, another number of milestones, or schedules of another optimizer.
 *  @throws {TypeError} for schedules that need a metric.  Source: torch.optim.lr_scheduler.SequentialLR.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.1 });
 *  const warmUp = new optim.LinearLR(optimizer, { startFactor: 0.1, totalIters: 10 });
 *  const decay = new optim.CosineAnnealingLR(optimizer, { tMax: 90 });
 *  const scheduler = new optim.SequentialLR(optimizer, { schedulers: [warmUp, decay], milestones: [10] });
 *  for (let step = 0; step < 10; step++) scheduler.step();
 *  scheduler.getLastLr(); // [0.1] */
export class SequentialLR implements ChainableScheduler {
  readonly optimizer: ScheduledOptimizer;
  /** Steps made; named as by PyTorch, whatever a step is. */
  lastEpoch: number;
  readonly #schedulers: readonly ChainableScheduler[];
  #milestones: readonly number[];
  #lastLr: readonly number[];
  /** There once another schedule has started this one. */
  #stepCount: number | undefined;

  constructor(optimizer: ScheduledOptimizer, options: SequentialLROptions) {
    checkNames('SequentialLR', options, ['schedulers', 'milestones', 'lastEpoch']);
    const { schedulers, milestones, lastEpoch = -1 } = options;
    this.optimizer = checkOptimizer('SequentialLR', optimizer);
    this.#schedulers = checkSchedulers('SequentialLR', schedulers, optimizer);
    this.#schedulers.forEach((scheduler, i) => {
      if (i > 0 && !scheduler.restart)
        throw new TypeError(
          `Cannot make SequentialLR: expected schedulers that can start over after the first, got ${scheduler.constructor.name} at index ${i}; put its parts here`,
        );
    });
    checkMilestones(milestones, schedulers.length);
    checkNumber('SequentialLR', 'lastEpoch', lastEpoch, { min: -1, isInteger: true });
    this.#milestones = [...milestones];
    this.lastEpoch = lastEpoch + 1;
    // Each of them has set learning rates when it was made: all of that is taken back.
    for (const group of optimizer.paramGroups) group.lr = group.initialLr ?? group.lr;
    for (const scheduler of this.#schedulers) scheduler.undo();
    const first = this.#schedulers[this.#indexAt(0)]!;
    first.initialStep();
    this.#lastLr = first.getLastLr();
  }

  #indexAt(step: number): number {
    return this.#milestones.filter((milestone) => milestone <= step).length;
  }

  /** Sets the learning rates of the next update. */
  step(): void {
    this.lastEpoch += 1;
    const index = this.#indexAt(this.lastEpoch);
    const scheduler = this.#schedulers[index]!;
    if (index > 0 && this.#milestones[index - 1] === this.lastEpoch) scheduler.restart!();
    else scheduler.step();
    this.#lastLr = scheduler.getLastLr();
  }

  /** @internal */
  initialStep(): void {
    this.#stepCount = 0;
    this.step();
  }

  /** @internal */
  undo(): void {
    for (const scheduler of this.#schedulers) scheduler.undo();
  }

  /** The learning rate of each group that the last step set. */
  getLastLr(): number[] {
    return [...this.#lastLr];
  }

  /** What `load_state_dict` of PyTorch's class takes, states of the schedules included. */
  stateDict(): object {
    return { ...this.#entries(), _schedulers: this.#schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  #entries() {
    return {
      _milestones: [...this.#milestones],
      last_epoch: this.lastEpoch,
      _last_lr: this.getLastLr(),
      ...(this.#stepCount === undefined ? {} : { _step_count: this.#stepCount, _is_initial: false }),
    };
  }

  /** Takes over a state of this class or of PyTorch's.
   *  @throws {CheckpointError} where entries are missing, unknown or of another kind, or the number of schedules differs. */
  loadStateDict(state: object): void {
    const read = readEntries('SequentialLR', this.#entries(), state, COMPOSED);
    loadEach('SequentialLR', this.#schedulers, state);
    this.#milestones = read._milestones;
    this.lastEpoch = read.last_epoch;
    this.#lastLr = read._last_lr;
  }
}

/** How states of composed schedules may differ: what is `ignored` is read apart, or there for one version of PyTorch alone. @internal */
export const COMPOSED = {
  optional: ['_step_count', '_is_initial'],
  ignored: ['_schedulers', '_step_count', '_is_initial', 'verbose'],
};

/** @throws {RangeError} for none, or schedules of another optimizer.  @throws {TypeError} for what cannot be stepped without a metric.  @internal */
export function checkSchedulers(
  maker: string,
  schedulers: readonly Scheduler[],
  optimizer: ScheduledOptimizer,
): ChainableScheduler[] {
  if (!Array.isArray(schedulers) || schedulers.length === 0)
    throw new RangeError(`Cannot make ${maker}: expected a list of schedulers, got ${describe(schedulers)}`);
  return schedulers.map((scheduler: Partial<ChainableScheduler>, i) => {
    if (typeof scheduler?.initialStep !== 'function' || typeof scheduler.undo !== 'function')
      throw new TypeError(
        `Cannot make ${maker}: expected schedulers that need no metric, got ${scheduler?.constructor?.name ?? describe(scheduler)} at index ${i}`,
      );
    if (scheduler.optimizer !== optimizer)
      throw new RangeError(`Cannot make ${maker}: expected schedulers of one optimizer, got another's at index ${i}`);
    return scheduler as ChainableScheduler;
  });
}

/** Loads the states of the parts of a composed schedule.
 *  @throws {CheckpointError} where their number differs.  @internal */
export function loadEach(maker: string, schedulers: readonly ChainableScheduler[], state: object): void {
  const states: unknown = state instanceof Map ? state.get('_schedulers') : Reflect.get(state, '_schedulers');
  const count = Array.isArray(states) ? states.length : 0;
  if (count !== schedulers.length)
    throw new CheckpointError(
      `Cannot load a state into ${maker}: expected states of ${schedulers.length} schedulers, got ${count}`,
    );
  schedulers.forEach((scheduler, i) => {
    scheduler.loadStateDict((states as object[])[i]!);
  });
}

function checkMilestones(milestones: readonly number[], numSchedulers: number): void {
  const count = Array.isArray(milestones) ? milestones.length : 0;
  if (count !== numSchedulers - 1 || !Array.isArray(milestones))
    throw new RangeError(
      `Cannot make SequentialLR: expected ${numSchedulers - 1} milestones between ${numSchedulers} schedulers, got ${describe(milestones)}`,
    );
  milestones.forEach((milestone, i) => {
    const min = i === 0 ? 0 : milestones[i - 1]!;
    checkNumber('SequentialLR', `milestones[${i}]`, milestone, { min, isInteger: true });
  });
}

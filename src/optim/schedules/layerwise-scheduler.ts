// `LayerwiseLRScheduler`: a schedule of its own for each named group of an optimizer.

import { CheckpointError } from '../../errors.ts';
import { checkChoice, describe } from './options.ts';
import { checkOptimizer, type ScheduledOptimizer, type Scheduler } from './scheduler.ts';
import {
  LinearWarmupScheduler,
  type LinearWarmupSchedulerOptions,
  WarmupCosineScheduler,
  type WarmupCosineSchedulerOptions,
} from './warmup-decay.ts';

type GroupScheduler = WarmupCosineScheduler | LinearWarmupScheduler;

/** Schedules by the names of groups (`{ params, name: 'vision_model' }`); one without a name is `group_{i}`. A group without a schedule keeps its rate.
 *  Its state holds that of each schedule by its group's name.
 *  Source: multimodal_insight_engine's LayerwiseLRScheduler.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const [encoder, head] = [new nn.Linear(2, 2), new nn.Linear(2, 1)];
 *  const groups = [{ params: encoder.parameters(), lr: 0.01, name: 'encoder' }, { params: head.parameters(), name: 'head' }];
 *  const optimizer = new optim.SGD(groups, { lr: 0.1 });
 *  const scheduler = new optim.LayerwiseLRScheduler(optimizer);
 *  scheduler.addScheduler('encoder', 'linear_warmup', { warmupEpochs: 2, totalEpochs: 4 });
 *  scheduler.getLastLrs(); // { encoder: 0.005, head: 0.1 } */
export class LayerwiseLRScheduler implements Scheduler {
  readonly optimizer: ScheduledOptimizer;
  /** By the name of the group. */
  readonly schedulers = new Map<string, GroupScheduler>();
  readonly #names: readonly string[];

  /** @throws {TypeError} for what is no optimizer.  @throws {RangeError} for groups of one name. */
  constructor(optimizer: ScheduledOptimizer) {
    this.optimizer = checkOptimizer('LayerwiseLRScheduler', optimizer);
    this.#names = optimizer.paramGroups.map(({ name }, i) => name ?? `group_${i}`);
    const twice = this.#names.find((name, i) => this.#names.indexOf(name) !== i);
    if (twice !== undefined)
      throw new RangeError(
        `Cannot make LayerwiseLRScheduler: expected groups of different names, got "${twice}" twice`,
      );
  }

  /** Gives a group its schedule, and the rate that this has at step 0.
   *  @throws {RangeError} for a group that is not there or has one, another type, and options that do not fit. */
  addScheduler(group: string, type: 'warmup_cosine', options: WarmupCosineSchedulerOptions): void;
  addScheduler(group: string, type: 'linear_warmup', options: LinearWarmupSchedulerOptions): void;
  addScheduler(
    group: string,
    type: 'warmup_cosine' | 'linear_warmup',
    options: WarmupCosineSchedulerOptions | LinearWarmupSchedulerOptions,
  ): void {
    const index = this.#names.indexOf(group);
    if (index < 0)
      throw new RangeError(
        `Cannot add a schedule: expected one of the groups ${this.#names.join(', ')}, got ${describe(group)}`,
      );
    if (this.schedulers.has(group))
      throw new RangeError(`Cannot add a schedule: expected a group without one, got "${group}", which has one`);
    checkChoice('a schedule of a group', 'type', type, ['warmup_cosine', 'linear_warmup']);
    const one = { paramGroups: [this.optimizer.paramGroups[index]!] };
    const scheduler =
      type === 'warmup_cosine'
        ? new WarmupCosineScheduler(one, options as WarmupCosineSchedulerOptions)
        : new LinearWarmupScheduler(one, options as LinearWarmupSchedulerOptions);
    this.schedulers.set(group, scheduler);
  }

  /** Moves every schedule by one step. */
  step(): void {
    for (const scheduler of this.schedulers.values()) scheduler.step();
  }

  /** The rates of all groups, in their order. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** The same by the groups' names. */
  getLastLrs(): Record<string, number> {
    return Object.fromEntries(this.#names.map((name, i) => [name, this.optimizer.paramGroups[i]!.lr]));
  }

  stateDict(): Record<string, object> {
    return Object.fromEntries([...this.schedulers].map(([name, scheduler]) => [name, scheduler.stateDict()]));
  }

  /** @throws {CheckpointError} where the groups with a schedule are others; nothing is taken then. */
  loadStateDict(state: Readonly<Record<string, object>>): void {
    const [own, given] = [[...this.schedulers.keys()], Object.keys(state)];
    if (own.length !== given.length || own.some((name) => !given.includes(name)))
      throw new CheckpointError(
        `Cannot load a state into LayerwiseLRScheduler: expected schedules of ${own.join(', ') || 'no group'}, got ${given.join(', ') || 'none'}`,
      );
    for (const [name, scheduler] of this.schedulers) scheduler.loadStateDict(state[name]!);
  }
}

// `ChainedScheduler`: several schedules at once, one on top of the other.

import { checkNames } from './options.ts';
import type { ChainableScheduler, ScheduledOptimizer, Scheduler } from './scheduler.ts';
import { COMPOSED, checkSchedulers, loadEach } from './sequential.ts';
import { readEntries } from './state.ts';

/** Steps all of its schedules, in their order. Those that go on from what the groups have (most do) multiply; one that refers to base rates alone
 *  overwrites what came before it.
 *  @throws {RangeError} for no schedules, or schedules of different optimizers.
 *  @throws {TypeError} for schedules that need a metric.  Source: torch.optim.lr_scheduler.ChainedScheduler.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 1 });
 *  const warmUp = new optim.ConstantLR(optimizer, { factor: 0.1, totalIters: 2 });
 *  const decay = new optim.ExponentialLR(optimizer, { gamma: 0.9 });
 *  const scheduler = new optim.ChainedScheduler([warmUp, decay]);
 *  scheduler.getLastLr(); // [0.1] */
export class ChainedScheduler implements ChainableScheduler {
  readonly optimizer: ScheduledOptimizer;
  readonly #schedulers: readonly ChainableScheduler[];
  #lastLr: readonly number[];
  /** There once another schedule has started this one. */
  #stepCount: number | undefined;

  /** @param options.optimizer - default: the one of the first schedule. */
  constructor(schedulers: readonly Scheduler[], options: { readonly optimizer?: ScheduledOptimizer } = {}) {
    checkNames('ChainedScheduler', options, ['optimizer']);
    const optimizer = options.optimizer ?? schedulers?.[0]?.optimizer;
    this.#schedulers = checkSchedulers('ChainedScheduler', schedulers, optimizer!);
    this.optimizer = optimizer!; // the check has looked at it
    this.#lastLr = this.#rates();
  }

  #rates(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Sets the learning rates of the next update. */
  step(): void {
    for (const scheduler of this.#schedulers) scheduler.step();
    this.#lastLr = this.#rates();
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
    const started = this.#stepCount === undefined ? {} : { _step_count: this.#stepCount, _is_initial: false };
    return { _last_lr: this.getLastLr(), ...started };
  }

  /** Takes over a state of this class or of PyTorch's.
   *  @throws {CheckpointError} where entries are missing, unknown or of another kind, or the number of schedules differs. */
  loadStateDict(state: object): void {
    const read = readEntries('ChainedScheduler', this.#entries(), state, COMPOSED);
    loadEach('ChainedScheduler', this.#schedulers, state);
    this.#lastLr = read._last_lr;
  }
}

// One cycle whose way up is a straight line: multimodal_insight_engine's OneCycleLR, which differs from PyTorch's.

import { cos } from '../../tensor/float-math.ts';
import { checkChoice, checkNames, checkNumbers } from './options.ts';
import { LRScheduler, type ScheduledOptimizer, type SchedulerOptions } from './scheduler.ts';

export interface LinearWarmupOneCycleOptions extends SchedulerOptions {
  /** The highest rate, of all groups. */
  readonly maxLr: number;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Share of the steps that go up. Default 0.3. */
  readonly pctStart?: number;
  /** It begins at maxLr / divFactor. Default 25. */
  readonly divFactor?: number;
  /** It ends at the beginning's rate divided by this. Default 1e4. */
  readonly finalDivFactor?: number;
  /** The way down: half a cosine or a line. Default `cos`. */
  readonly annealStrategy?: 'cos' | 'linear';
}

interface Entries {
  readonly max_lr: number;
  readonly total_steps: number;
  readonly warmup_steps: number;
  readonly base_lr: number;
  readonly final_lr: number;
  readonly anneal_strategy: string;
}

const NAMES = ['maxLr', 'epochs', 'stepsPerEpoch', 'pctStart', 'divFactor', 'finalDivFactor', 'annealStrategy'];

/** Rule, with T = epochs * stepsPerEpoch and W = floor(T * pctStart): from maxLr / divFactor on a line to maxLr at step W, then to maxLr / divFactor / finalDivFactor at step T, where it
 *  stays. `OneCycleLR` is PyTorch's: its way up is half a cosine, its ways end one step earlier, and it moves momentum too.
 *  @throws {RangeError} for options outside their range.
 *  Source: multimodal_insight_engine's OneCycleLR; Smith and Topin 2018, arXiv:1708.07120.
 *  @example
 *  import { nn, optim } from 'sconce';
 *  const optimizer = new optim.SGD(new nn.Linear(2, 1).parameters(), { lr: 0.1 });
 *  const scheduler = new optim.LinearWarmupOneCycleLR(optimizer, { maxLr: 0.5, epochs: 1, stepsPerEpoch: 10 });
 *  for (let step = 0; step < 3; step++) scheduler.step();
 *  scheduler.getLastLr(); // [0.5] */
export class LinearWarmupOneCycleLR extends LRScheduler<Entries> {
  constructor(optimizer: ScheduledOptimizer, options: LinearWarmupOneCycleOptions) {
    const maker = 'LinearWarmupOneCycleLR';
    checkNames(maker, options, [...NAMES, 'lastEpoch']);
    const { maxLr, epochs, stepsPerEpoch, annealStrategy = 'cos' } = options;
    const { pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4 } = options;
    const count = { min: 1, isInteger: true };
    checkNumbers(
      maker,
      { maxLr, epochs, stepsPerEpoch, pctStart, divFactor, finalDivFactor },
      {
        ...{ maxLr: { above: 0 }, epochs: count, stepsPerEpoch: count, pctStart: { min: 0, max: 1 } },
        ...{ divFactor: { above: 0 }, finalDivFactor: { above: 0 } },
      },
    );
    checkChoice(maker, 'annealStrategy', annealStrategy, ['cos', 'linear']);
    const total_steps = epochs * stepsPerEpoch;
    const base_lr = maxLr / divFactor;
    const entries = {
      ...{ max_lr: maxLr, total_steps, warmup_steps: Math.floor(total_steps * pctStart) },
      ...{ base_lr, final_lr: base_lr / finalDivFactor, anneal_strategy: annealStrategy },
    };
    super(optimizer, entries, options);
    this.initialStep();
  }

  protected getLr(): number[] {
    const { max_lr, total_steps, warmup_steps, base_lr, final_lr, anneal_strategy } = this.entries;
    const lr =
      this.lastEpoch < warmup_steps
        ? base_lr + (max_lr - base_lr) * (this.lastEpoch / warmup_steps)
        : down(Math.min(1, (this.lastEpoch - warmup_steps) / Math.max(1, total_steps - warmup_steps)));
    return this.baseLrs.map(() => lr);

    function down(share: number): number {
      if (anneal_strategy === 'linear') return max_lr + (final_lr - max_lr) * share;
      return final_lr + 0.5 * (max_lr - final_lr) * (1 + cos(Math.PI * share));
    }
  }
}

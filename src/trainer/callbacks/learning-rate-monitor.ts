// `LearningRateMonitor`: the learning rates of every group of every optimizer in the log.

import type { AnyOptimizer } from '../../optim/optimizer.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { OptionChecks } from './option-checks.ts';

export interface LearningRateMonitorOptions {
  /** When: at the run's log points, behind the step, or where an epoch begins. Default 'step'. */
  readonly interval?: 'step' | 'epoch';
  /** Optimizer steps between two records of interval 'step'. Default: the run's log points. */
  readonly everyNSteps?: number | undefined;
  /** Whether momentum is logged too, which is `momentum` or the first of `betas`, of optimizers that have one. Default false. */
  readonly logMomentum?: boolean;
  /** Whether weight decay is logged too. Default false. */
  readonly logWeightDecay?: boolean;
}

const OPTIONS = ['interval', 'everyNSteps', 'logMomentum', 'logWeightDecay'] as const;

type Group = AnyOptimizer['paramGroups'][number] & Readonly<Record<string, unknown>>;

/** Logs what the next step goes by, under `lr/group_{j}`, with several optimizers under `lr/optimizer_{i}/group_{j}`. Momentum is
 *  `momentum/…`, weight decay `weight_decay/…`. A run logs `lr`, the rate of the first group of each optimizer, without it.
 *  @throws {ConfigError} that lists every option that is wrong.
 *  Source: Lightning's LearningRateMonitor.
 *  @example
 *  import { LearningRateMonitor } from 'sconce/trainer';
 *  const optimizer = new optim.SGD(new nn.Linear(1, 1).parameters(), { lr: 0.1, momentum: 0.9 });
 *  new LearningRateMonitor({ logMomentum: true }).read([optimizer])['momentum/group_0']; // 0.9 */
export class LearningRateMonitor implements Callback {
  readonly name = 'LearningRateMonitor';
  readonly interval: 'step' | 'epoch';
  readonly #everyNSteps: number | undefined;
  readonly #logMomentum: boolean;
  readonly #logWeightDecay: boolean;

  constructor(options: LearningRateMonitorOptions = {}) {
    const checks = new OptionChecks(options, OPTIONS)
      .oneOf('interval', ['step', 'epoch'])
      .count('everyNSteps')
      .flag('logMomentum', 'logWeightDecay');
    checks.expect('everyNSteps', options.interval !== 'epoch', 'none with interval "epoch"');
    checks.throwIfAny('LearningRateMonitor');
    const { interval = 'step', everyNSteps, logMomentum = false, logWeightDecay = false } = options;
    this.interval = interval;
    this.#everyNSteps = everyNSteps;
    this.#logMomentum = logMomentum;
    this.#logWeightDecay = logWeightDecay;
  }

  /** What is logged of these optimizers now. */
  read(optimizers: readonly AnyOptimizer[]): Record<string, number> {
    const values: Record<string, number> = {};
    for (const [i, optimizer] of optimizers.entries()) {
      const prefix = optimizers.length === 1 ? '' : `optimizer_${i}/`;
      for (const [j, group] of (optimizer.paramGroups as readonly Group[]).entries()) {
        const at = `${prefix}group_${j}`;
        values[`lr/${at}`] = group.lr;
        const momentum = this.#logMomentum ? momentumOf(group) : undefined;
        if (momentum !== undefined) values[`momentum/${at}`] = momentum;
        const decay = this.#logWeightDecay ? group.weightDecay : undefined;
        if (typeof decay === 'number') values[`weight_decay/${at}`] = decay;
      }
    }
    return values;
  }

  epochStart(context: LoopContext): void {
    if (this.interval === 'epoch') this.#log(context);
  }

  logged(context: LoopContext): void {
    if (this.interval === 'step' && this.#everyNSteps === undefined) this.#log(context);
  }

  optimizerStepEnd(context: LoopContext): void {
    if (this.#everyNSteps !== undefined && context.clocks.step % this.#everyNSteps === 0) this.#log(context);
  }

  #log({ logger, optimizers, clocks }: LoopContext): void {
    logger.logMetrics(this.read(optimizers), clocks);
  }
}

/** Of Adam and its like the first of `betas`. */
function momentumOf({ momentum, betas }: Group): number | undefined {
  if (typeof momentum === 'number') return momentum;
  const [first] = Array.isArray(betas) ? (betas as readonly unknown[]) : [];
  return typeof first === 'number' ? first : undefined;
}

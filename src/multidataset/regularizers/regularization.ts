// `Regularization`: the callback that applies proximal steps, once behind each step of an optimizer.

import { ConfigError } from '../../errors.ts';
import type { AnyOptimizer, Optimizer } from '../../optim/index.ts';
import type { OptimizerHookHandle } from '../../optim/optimizer-hooks.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import { Regularizers } from './regularizers.ts';

/** Does what regularisers have to do behind a step, in every step that an optimizer really takes: once for all of its groups, and once for a window of accumulated gradients;
 *  not where a step is left out for an overflow. It comes right behind the step, before a schedule changes the learning rate and before weights are averaged.
 *  Penalties are the training step's: add `regularizers.penalties(epoch)` to its loss.
 *
 *  Nothing of it is in checkpoints: schedules follow the epoch.
 *  Source: VisionCore's optimizer_step, which goes through all regularisers once for each parameter group.
 *  @example
 *  import { nn } from 'sconce';
 *  import { createRegularizers, Regularization } from 'sconce/multidataset';
 *  const model = new nn.Linear(4, 2);
 *  const sparse = { name: 'sparse', type: 'proximal_l1', lambda: 0.01, apply_to: ['weight'] } as const;
 *  const callbacks = [new Regularization(createRegularizers([sparse], model.namedParameters()))];
 *  callbacks[0]?.name; // 'Regularization' */
export class Regularization implements Callback {
  readonly name = 'Regularization';
  readonly regularizers: Regularizers;
  #hooks: readonly OptimizerHookHandle[] = [];

  /** @throws {ConfigError} for what createRegularizers did not make. */
  constructor(regularizers: Regularizers) {
    if (!(regularizers instanceof Regularizers))
      throw new ConfigError('make Regularization', [
        `regularizers: expected what createRegularizers gives, got ${describeValue(regularizers)}`,
      ]);
    this.regularizers = regularizers;
  }

  /** @throws {ConfigError} for an optimizer that tells nobody of its steps, or whose step sizes are not known where they are needed. */
  fitStart(context: LoopContext): void {
    const { optimizers } = context;
    if (!this.regularizers.hasProximal) return;
    const problems = [
      ...this.regularizers.problemsWith(optimizers),
      ...optimizers.flatMap((optimizer, i) =>
        tells(optimizer)
          ? []
          : [`optimizers.${i}: expected one with registerStepPostHook, got ${describeValue(optimizer)}`],
      ),
    ];
    if (problems.length > 0) throw new ConfigError('regularize', problems);
    this.#hooks = optimizers
      .filter(tells)
      .map((optimizer) =>
        optimizer.registerStepPostHook(() => this.regularizers.proximal(optimizer, context.clocks.epoch)),
      );
  }

  close(): void {
    for (const hook of this.#hooks) hook.remove();
    this.#hooks = [];
  }
}

type Telling = AnyOptimizer & Pick<Optimizer, 'registerStepPostHook'>;

const tells = (optimizer: AnyOptimizer): optimizer is Telling =>
  typeof (optimizer as Partial<Telling>).registerStepPostHook === 'function';

// `TrainerHooks`: the nineteen hooks of model-training-framework, with their positions, told by the loop's own events.

import type { Tensor } from '../../tensor/tensor.ts';
import type { GenericTrainer } from '../generic-trainer.ts';
import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { defineNumbers } from './lazy-numbers.ts';

/** Numbers by name. Inside a step they are read from the device when they are looked at. */
export type HookMetrics = Readonly<Record<string, number>>;

/** Hooks to override, for `trainer.hookManager.registerHook()`. One that is not overridden costs nothing. Those between two steps may be async; what a hook throws ends
 *  the fit. `epoch` counts from 0; a batch and its metrics end with the step.
 *
 *  | hook | event |
 *  |---|---|
 *  | `onTrainStart`, `onTrainEnd` | `fitStart`, `close` (also after an error) |
 *  | `onEpochStart`, `onEpochEnd` | `epochStart`, `epochEnd` |
 *  | `onTrainBatchStart`, then `onBeforeForward` | `batchStart` |
 *  | `onAfterForward`, then `onBeforeBackward` | `forwardEnd` |
 *  | `onAfterBackward` | `backwardEnd` |
 *  | `onBeforeOptimizerStep`, `onGradientClip`, `onAfterOptimizerStep` | `optimizerStepStart`, `gradientsClipped`, `optimizerStepEnd` |
 *  | `onTrainBatchEnd` | `batchEnd` |
 *  | `onValidationStart`, `onValidationEnd` | `validationStart`, `validationEnd` of a validation that reached its end |
 *  | `onValidationBatchStart`, `onValidationBatchEnd` | `validationBatchStart`, `validationBatchEnd` |
 *  | `onCheckpointSave`, `onCheckpointLoad` | `checkpointSaved`, `checkpointLoaded` (when everything is restored) |
 *
 *  Source: model-training-framework, trainer/hooks.py.
 *  @example
 *  import { TrainerHooks } from 'sconce/trainer';
 *  class LossPrinter extends TrainerHooks {
 *    override onEpochEnd(_trainer: unknown, epoch: number, metrics: Readonly<Record<string, number>>): void {
 *      console.log(`epoch ${epoch}: ${metrics['train/loss']}`);
 *    }
 *  }
 *  new LossPrinter().name; // 'LossPrinter' */
export class TrainerHooks {
  /** Unique among a trainer's callbacks and hooks. Default: the name of the class. */
  readonly name: string = this.constructor.name;

  onTrainStart(_trainer: GenericTrainer): void | Promise<void> {}
  onTrainEnd(_trainer: GenericTrainer): void | Promise<void> {}
  onEpochStart(_trainer: GenericTrainer, _epoch: number): void | Promise<void> {}
  onEpochEnd(_trainer: GenericTrainer, _epoch: number, _metrics: HookMetrics): void | Promise<void> {}
  onTrainBatchStart(_trainer: GenericTrainer, _batch: unknown, _loaderIdx: number, _loaderName: string): void {}
  /** @param _metrics - what the training step gave. */
  onTrainBatchEnd(
    _trainer: GenericTrainer,
    _batch: unknown,
    _loaderIdx: number,
    _loaderName: string,
    _metrics: HookMetrics,
  ): void {}
  onBeforeForward(_trainer: GenericTrainer): void {}
  /** @param _durationMs - of the training step, on the host's clock. */
  onAfterForward(_trainer: GenericTrainer, _durationMs: number): void {}
  /** @param _loss - before loss weight and accumulation. */
  onBeforeBackward(_trainer: GenericTrainer, _loss: Tensor): void {}
  onAfterBackward(_trainer: GenericTrainer): void {}
  onBeforeOptimizerStep(_trainer: GenericTrainer, _optIdx: number): void {}
  onAfterOptimizerStep(_trainer: GenericTrainer, _optIdx: number): void {}
  /** @param _gradNorm - before clipping. */
  onGradientClip(_trainer: GenericTrainer, _gradNorm: number): void {}
  onValidationStart(_trainer: GenericTrainer, _epoch: number): void | Promise<void> {}
  onValidationEnd(_trainer: GenericTrainer, _epoch: number, _metrics: HookMetrics): void | Promise<void> {}
  onValidationBatchStart(_trainer: GenericTrainer, _batch: unknown, _loaderIdx: number, _loaderName: string): void {}
  /** @param _metrics - what the validation step gave. */
  onValidationBatchEnd(
    _trainer: GenericTrainer,
    _batch: unknown,
    _loaderIdx: number,
    _loaderName: string,
    _metrics: HookMetrics,
  ): void {}
  onCheckpointSave(_trainer: GenericTrainer, _path: string): void | Promise<void> {}
  onCheckpointLoad(_trainer: GenericTrainer, _path: string): void | Promise<void> {}

  /** Of a subclass: what a checkpoint keeps of it, with `loadState`. */
  state?(): Record<string, unknown>;
  loadState?(state: Record<string, unknown>): void;
}

/** The names of the nineteen, in the order of the class. */
export const HOOK_NAMES = [
  'onTrainStart',
  'onTrainEnd',
  'onEpochStart',
  'onEpochEnd',
  'onTrainBatchStart',
  'onTrainBatchEnd',
  'onBeforeForward',
  'onAfterForward',
  'onBeforeBackward',
  'onAfterBackward',
  'onBeforeOptimizerStep',
  'onAfterOptimizerStep',
  'onGradientClip',
  'onValidationStart',
  'onValidationEnd',
  'onValidationBatchStart',
  'onValidationBatchEnd',
  'onCheckpointSave',
  'onCheckpointLoad',
] as const satisfies readonly (keyof TrainerHooks)[];

type HookName = (typeof HOOK_NAMES)[number];

/** What hooks are shown that the loop's context does not have. */
export interface HookHost {
  readonly trainer: GenericTrainer;
  /** What the last training or validation step gave. */
  output(): Readonly<Record<string, unknown>>;
}

/** The callback that tells `hooks` of the loop's events: it hears only those that a hook is overridden for. */
export function callbackOfHooks(hooks: TrainerHooks, host: HookHost): Callback {
  const has = (...names: readonly HookName[]): boolean =>
    names.some((name) => hooks[name] !== TrainerHooks.prototype[name]);
  const { trainer } = host;
  const metrics = (): HookMetrics => {
    const numbers: Record<string, number> = {};
    defineNumbers(numbers, host.output());
    return numbers;
  };
  let hasStarted = false;
  let forwardStart = 0;
  const isValidation = ({ phase }: LoopContext): boolean => phase === 'validate';
  const heard: { readonly [E in keyof Callback]?: readonly [isHeard: boolean, method: NonNullable<Callback[E]>] } = {
    fitStart: [
      has('onTrainStart', 'onTrainEnd'),
      () => {
        hasStarted = true;
        return hooks.onTrainStart(trainer);
      },
    ],
    close: [
      has('onTrainEnd'),
      () => {
        if (!hasStarted) return undefined; // the fit ended before it heard of its start
        hasStarted = false;
        return hooks.onTrainEnd(trainer);
      },
    ],
    checkpointLoaded: [has('onCheckpointLoad'), (_, path) => hooks.onCheckpointLoad(trainer, path)],
    checkpointSaved: [has('onCheckpointSave'), (_, path) => hooks.onCheckpointSave(trainer, path)],
    epochStart: [has('onEpochStart'), ({ clocks }) => hooks.onEpochStart(trainer, clocks.epoch)],
    epochEnd: [has('onEpochEnd'), ({ clocks }, values) => hooks.onEpochEnd(trainer, clocks.epoch - 1, values)],
    batchStart: [
      has('onTrainBatchStart', 'onBeforeForward', 'onAfterForward'),
      ({ batch, loaderIndex, loaderName }) => {
        hooks.onTrainBatchStart(trainer, batch, loaderIndex, loaderName);
        hooks.onBeforeForward(trainer);
        forwardStart = performance.now();
      },
    ],
    forwardEnd: [
      has('onAfterForward', 'onBeforeBackward'),
      ({ loss }) => {
        hooks.onAfterForward(trainer, performance.now() - forwardStart);
        hooks.onBeforeBackward(trainer, loss!); // there is one from here to the step's end
      },
    ],
    backwardEnd: [has('onAfterBackward'), () => hooks.onAfterBackward(trainer)],
    optimizerStepStart: [
      has('onBeforeOptimizerStep'),
      ({ optimizerIndex }) => hooks.onBeforeOptimizerStep(trainer, optimizerIndex),
    ],
    gradientsClipped: [
      has('onGradientClip'),
      ({ gradientNorm }) => hooks.onGradientClip(trainer, gradientNorm!.item() as number), // clipped: there is one
    ],
    optimizerStepEnd: [
      has('onAfterOptimizerStep'),
      ({ optimizerIndex }) => hooks.onAfterOptimizerStep(trainer, optimizerIndex),
    ],
    batchEnd: [
      has('onTrainBatchEnd'),
      ({ batch, loaderIndex, loaderName }) => hooks.onTrainBatchEnd(trainer, batch, loaderIndex, loaderName, metrics()),
    ],
    validationStart: [
      has('onValidationStart'),
      (context) => (isValidation(context) ? hooks.onValidationStart(trainer, context.clocks.epoch) : undefined),
    ],
    validationBatchStart: [
      has('onValidationBatchStart'),
      (context) => {
        if (isValidation(context))
          hooks.onValidationBatchStart(trainer, context.batch, context.loaderIndex, context.loaderName);
      },
    ],
    validationBatchEnd: [
      has('onValidationBatchEnd'),
      (context) => {
        if (isValidation(context))
          hooks.onValidationBatchEnd(trainer, context.batch, context.loaderIndex, context.loaderName, metrics());
      },
    ],
    validationEnd: [
      has('onValidationEnd'),
      (context, result) =>
        result && isValidation(context)
          ? hooks.onValidationEnd(trainer, context.clocks.epoch, result.values)
          : undefined,
    ],
  };
  const methods = Object.entries(heard).flatMap(([event, [isHeard, method]]) => (isHeard ? [[event, method]] : []));
  const { state, loadState } = hooks;
  return {
    name: hooks.name,
    ...Object.fromEntries(methods),
    ...(state ? { state: () => state.call(hooks) } : {}),
    ...(loadState ? { loadState: (stored) => loadState.call(hooks, stored) } : {}),
  };
}

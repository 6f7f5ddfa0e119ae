// The callbacks of adaptiveneuralnetwork: nine events with their positions and their `logs`, told by the loop's own events.

import { type Callback as CoreCallback, eventNames } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import type { Trainer } from '../trainer.ts';

/** What an event tells: numbers by name, in the spelling of `fit`'s records. Those of one batch are one object, whose values are read from the device when they are looked
 *  at; it ends with the batch. */
export type Logs = Readonly<Record<string, number>>;

/** What `onTrainEnd` is told. */
export interface TrainEndLogs {
  /** One record an epoch. */
  readonly metrics_history: readonly Logs[];
}

/** The nine events. Those between two batches may be async; what one throws ends the fit.
 *
 *  | method | event | logs |
 *  |---|---|---|
 *  | `onTrainBegin`, `onTrainEnd` | `fitStart`, `fitEnd` | none; `metrics_history` |
 *  | `onEpochBegin`, `onEpochEnd` | `epochStart`, `epochEnd` | none; the record of the epoch |
 *  | `onBatchBegin`, `onBackwardEnd` | `batchStart`, `backwardEnd` | `batch_idx`, `batch_size` |
 *  | `onBatchEnd` | `batchEnd` | the same and `loss`, for classes `accuracy` over the epoch so far, the trainer's `metrics` |
 *  | `onEvaluateBegin`, `onEvaluateEnd` | `validationStart`, `validationEnd` of an evaluation that reached its end | none; `val_loss`, `val_accuracy`, … |
 */
export interface PositionalEvents {
  onTrainBegin(trainer: Trainer, logs: Logs): void | Promise<void>;
  onTrainEnd(trainer: Trainer, logs: TrainEndLogs): void | Promise<void>;
  onEpochBegin(epoch: number, trainer: Trainer, logs: Logs): void | Promise<void>;
  onEpochEnd(epoch: number, trainer: Trainer, logs: Logs): void | Promise<void>;
  onBatchBegin(batchIdx: number, trainer: Trainer, logs: Logs): void;
  onBatchEnd(batchIdx: number, trainer: Trainer, logs: Logs): void;
  onBackwardEnd(batchIdx: number, trainer: Trainer, logs: Logs): void;
  onEvaluateBegin(trainer: Trainer, logs: Logs): void | Promise<void>;
  onEvaluateEnd(trainer: Trainer, logs: Logs): void | Promise<void>;
}

/** A callback that hears some of the nine events, and of the loop's own those that it has methods for. */
export type PositionalCallback = Partial<PositionalEvents> & Partial<CoreCallback>;

const EVENTS = {
  onTrainBegin: 'fitStart',
  onTrainEnd: 'fitEnd',
  onEpochBegin: 'epochStart',
  onEpochEnd: 'epochEnd',
  onBatchBegin: 'batchStart',
  onBatchEnd: 'batchEnd',
  onBackwardEnd: 'backwardEnd',
  onEvaluateBegin: 'validationStart',
  onEvaluateEnd: 'validationEnd',
} as const satisfies Record<keyof PositionalEvents, keyof CoreCallback>;

/** The names of the nine. */
export const POSITIONAL_EVENTS = Object.keys(EVENTS) as readonly (keyof PositionalEvents)[];

/** The type: a callback of the loop, see `LoopContext`. The class of the same name is what callbacks with the nine events extend. */
export type Callback = CoreCallback;

/** Nine events to override, for the callbacks of a `Trainer`. One that is not overridden costs nothing. Source: adaptiveneuralnetwork, training/callbacks.py.
 *  @example
 *  import { Callback } from 'sconce/trainer';
 *  class EpochPrinter extends Callback {
 *    override onEpochEnd(epoch: number, _trainer: unknown, logs: Readonly<Record<string, number>>): void {
 *      console.log(`epoch ${epoch}: ${logs.train_loss}`);
 *    }
 *  }
 *  new EpochPrinter().name; // 'EpochPrinter' */
class NineEvents implements PositionalEvents {
  /** Names a trainer's callback, and its state in a checkpoint. Default: the name of the class. */
  readonly name: string = this.constructor.name;

  onTrainBegin(_trainer: Trainer, _logs: Logs): void | Promise<void> {}
  onTrainEnd(_trainer: Trainer, _logs: TrainEndLogs): void | Promise<void> {}
  onEpochBegin(_epoch: number, _trainer: Trainer, _logs: Logs): void | Promise<void> {}
  onEpochEnd(_epoch: number, _trainer: Trainer, _logs: Logs): void | Promise<void> {}
  onBatchBegin(_batchIdx: number, _trainer: Trainer, _logs: Logs): void {}
  onBatchEnd(_batchIdx: number, _trainer: Trainer, _logs: Logs): void {}
  /** The gradients of this batch are there; an optimizer's step follows where its window is full. */
  onBackwardEnd(_batchIdx: number, _trainer: Trainer, _logs: Logs): void {}
  onEvaluateBegin(_trainer: Trainer, _logs: Logs): void | Promise<void> {}
  onEvaluateEnd(_trainer: Trainer, _logs: Logs): void | Promise<void> {}
}
export const Callback = NineEvents;

/** What positional callbacks are shown that the loop's context does not have. */
export interface PositionalHost {
  readonly trainer: Trainer;
  /** The logs of the batch in progress, the same for all callbacks. */
  batchLogs(): Logs;
  /** Values of an epoch or an evaluation in the spelling of `fit`'s records. */
  recordOf(values: Readonly<Record<string, number>>): Record<string, number>;
}

/** Whether a callback has one of the nine events as its own. */
export function isPositional(callback: object): callback is PositionalCallback {
  return POSITIONAL_EVENTS.some((event) => overrides(callback, event));
}

function overrides(callback: object, event: keyof PositionalEvents): boolean {
  const method: unknown = Reflect.get(callback, event);
  return typeof method === 'function' && method !== NineEvents.prototype[event];
}

/** The callback that tells a positional one of the loop's events. Those that it hears by itself stay. */
export function callbackOfPositional(callback: PositionalCallback, name: string, host: PositionalHost): CoreCallback {
  const { trainer } = host;
  const batchIdx = ({ batchIndex }: LoopContext): number => batchIndex;
  const isEvaluation = ({ phase }: LoopContext): boolean => phase !== 'sanity';
  const tellings: { readonly [P in keyof PositionalEvents]: NonNullable<CoreCallback[(typeof EVENTS)[P]]> } = {
    onTrainBegin: () => callback.onTrainBegin!(trainer, {}),
    onTrainEnd: () => callback.onTrainEnd!(trainer, { metrics_history: trainer.metricsHistory }),
    onEpochBegin: ({ clocks }) => callback.onEpochBegin!(clocks.epoch, trainer, {}),
    onEpochEnd: ({ clocks }, values) => {
      const epoch = clocks.epoch - 1;
      return callback.onEpochEnd!(epoch, trainer, { epoch, ...host.recordOf(values) });
    },
    onBatchBegin: (context) => callback.onBatchBegin!(batchIdx(context), trainer, host.batchLogs()),
    onBatchEnd: (context) => callback.onBatchEnd!(batchIdx(context), trainer, host.batchLogs()),
    onBackwardEnd: (context) => callback.onBackwardEnd!(batchIdx(context), trainer, host.batchLogs()),
    onEvaluateBegin: (context) => (isEvaluation(context) ? callback.onEvaluateBegin!(trainer, {}) : undefined),
    onEvaluateEnd: (context, result) =>
      result && isEvaluation(context) ? callback.onEvaluateEnd!(trainer, host.recordOf(result.values)) : undefined,
  };
  const methods = new Map<string, Telling>();
  for (const event of [...eventNames, 'state', 'loadState'] as const) {
    const own = callback[event] as Telling | undefined;
    if (own) methods.set(event, (...told) => own.apply(callback, told));
  }
  for (const event of POSITIONAL_EVENTS.filter((event) => overrides(callback, event))) {
    const own = methods.get(EVENTS[event]);
    const telling = tellings[event] as Telling;
    methods.set(EVENTS[event], own ? inTurn(telling, own) : telling);
  }
  const { before, after, stateKey } = callback;
  const order = { ...(before ? { before } : {}), ...(after ? { after } : {}), ...(stateKey ? { stateKey } : {}) };
  return { name, ...order, ...Object.fromEntries(methods) };
}

type Telling = (...told: unknown[]) => unknown;

/** One after the other; what the first promises is awaited. */
function inTurn(first: Telling, second: Telling): Telling {
  return (...told) => {
    const promise = first(...told);
    return promise instanceof Promise ? promise.then(() => second(...told)) : second(...told);
  };
}

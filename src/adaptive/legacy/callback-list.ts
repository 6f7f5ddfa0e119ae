// `CallbackList`: callbacks with the nine events as one of them.

import { ConfigError } from '../../errors.ts';
import { describeValue } from '../../trainer/config/problems.ts';
import {
  Callback,
  isPositional,
  type Logs,
  POSITIONAL_EVENTS,
  type PositionalCallback,
  type PositionalEvents,
  type TrainEndLogs,
} from '../../trainer/faces/positional-callback.ts';
import type { Trainer } from '../../trainer/trainer.ts';

/** Callbacks in their order: each event reaches all of them before the next one comes. A `Trainer` makes its own list of what it is given; this one stands for several callbacks in one
 *  place, or is told of events by hand. What a callback throws is thrown.
 *  @throws {ConfigError} for what has none of the nine events.  Source: adaptiveneuralnetwork, training/callbacks.py.
 *  @example
 *  import { Callback, CallbackList } from 'sconce/adaptive';
 *  class Printing extends Callback {
 *    override onEpochBegin(epoch: number): void {
 *      console.log(`epoch ${epoch}`);
 *    }
 *  }
 *  const list = new CallbackList([new Printing()]);
 *  list.append(new Printing()).callbacks.length; // 2 */
export class CallbackList extends Callback {
  override readonly name = 'CallbackList';
  readonly callbacks: readonly PositionalCallback[];

  constructor(callbacks: readonly PositionalCallback[] = []) {
    super();
    this.callbacks = [];
    for (const callback of callbacks) this.append(callback);
  }

  append(callback: PositionalCallback): this {
    if (typeof callback !== 'object' || callback === null || !isPositional(callback))
      throw new ConfigError('append a callback', [
        `callback: expected one with ${POSITIONAL_EVENTS.join(', ')}, got ${describeValue(callback)}; give others to the trainer`,
      ]);
    (this.callbacks as PositionalCallback[]).push(callback);
    return this;
  }

  override onTrainBegin(trainer: Trainer, logs: Logs = {}): Promise<void> {
    return this.announce('onTrainBegin', trainer, logs);
  }

  override onTrainEnd(trainer: Trainer, logs: TrainEndLogs = { metrics_history: [] }): Promise<void> {
    return this.announce('onTrainEnd', trainer, logs);
  }

  override onEpochBegin(epoch: number, trainer: Trainer, logs: Logs = {}): Promise<void> {
    return this.announce('onEpochBegin', epoch, trainer, logs);
  }

  override onEpochEnd(epoch: number, trainer: Trainer, logs: Logs = {}): Promise<void> {
    return this.announce('onEpochEnd', epoch, trainer, logs);
  }

  override onBatchBegin(batchIdx: number, trainer: Trainer, logs: Logs = {}): void {
    for (const callback of this.callbacks) callback.onBatchBegin?.(batchIdx, trainer, logs);
  }

  override onBatchEnd(batchIdx: number, trainer: Trainer, logs: Logs = {}): void {
    for (const callback of this.callbacks) callback.onBatchEnd?.(batchIdx, trainer, logs);
  }

  override onBackwardEnd(batchIdx: number, trainer: Trainer, logs: Logs = {}): void {
    for (const callback of this.callbacks) callback.onBackwardEnd?.(batchIdx, trainer, logs);
  }

  override onEvaluateBegin(trainer: Trainer, logs: Logs = {}): Promise<void> {
    return this.announce('onEvaluateBegin', trainer, logs);
  }

  override onEvaluateEnd(trainer: Trainer, logs: Logs = {}): Promise<void> {
    return this.announce('onEvaluateEnd', trainer, logs);
  }

  state(): Record<string, unknown> {
    return { callbacks: this.callbacks.map((callback) => callback.state?.() ?? null) };
  }

  loadState({ callbacks }: Record<string, unknown>): void {
    const states = callbacks as readonly (Record<string, unknown> | null)[];
    for (const [i, callback] of this.callbacks.entries()) if (states[i]) callback.loadState?.(states[i]);
  }

  /** An event between two batches: each is awaited. */
  private async announce<E extends keyof PositionalEvents>(event: E, ...told: Parameters<PositionalEvents[E]>) {
    for (const callback of this.callbacks) {
      const method = callback[event] as ((...told: unknown[]) => unknown) | undefined;
      await method?.apply(callback, told);
    }
  }
}

// The `logs` of a batch, one object for all callbacks that are told of it.

import type { Callback } from '../loop/events.ts';
import type { LoopContext } from '../loop/loop-context.ts';
import { MetricsCollector } from '../metrics/metrics-collector.ts';
import { defineLazily, defineNumbers } from './lazy-numbers.ts';
import type { Logs } from './positional-callback.ts';

/** Hears of each batch before those that it makes logs for. */
export class BatchLogs implements Callback {
  readonly name = 'batch logs';
  readonly #outputOf: () => Readonly<Record<string, unknown>>;
  readonly #accuracy = new MetricsCollector('train');
  #logs: Record<string, number> = {};

  /** @param outputOf - what the last training step gave. */
  constructor(outputOf: () => Readonly<Record<string, unknown>>) {
    this.#outputOf = outputOf;
  }

  get current(): Logs {
    return this.#logs;
  }

  epochStart(): void {
    this.#accuracy.reset();
  }

  batchStart({ batchIndex, batchSize }: LoopContext): void {
    this.#logs = { batch_idx: batchIndex, batch_size: batchSize };
  }

  batchEnd({ loaderName, batchSize }: LoopContext): void {
    const { accuracy, ...values } = this.#outputOf();
    defineNumbers(this.#logs, values);
    if (accuracy === undefined) return;
    this.#accuracy.add(loaderName, { accuracy }, batchSize);
    defineLazily(this.#logs, 'accuracy', () => this.#accuracy.means()['train/accuracy']!);
  }

  close(): void {
    this.#accuracy.reset();
  }
}

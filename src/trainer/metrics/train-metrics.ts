// `TrainMetrics`: the metrics that a training step updates, over an epoch.

import { CheckpointError } from '../../errors.ts';
import type { MergeableMetric, MetricState } from '../../metrics/metric.ts';
import { collectTensors } from '../../tensor/scope.ts';
import type { Matrix } from '../../tracking/data-records.ts';
import { overRanks } from '../ranks/merged-metric.ts';
import { Ranks } from '../ranks/ranks.ts';

/** Reads several metrics as one. Their states are part of a checkpoint, so that an epoch that is interrupted has the values of one that is not. */
export class TrainMetrics {
  readonly #metrics: readonly MergeableMetric<never[]>[];
  readonly #ranks: Ranks;

  /** @param ranks - whose states are put together whenever values are read: all of them read at the same places. Default: this one alone. */
  constructor(metrics: readonly MergeableMetric<never[]>[], ranks: Ranks = Ranks.alone) {
    this.#metrics = metrics;
    this.#ranks = ranks;
  }

  get isEmpty(): boolean {
    return this.#metrics.length === 0;
  }

  /** `train/{value}`, over the batches since `reset`. Waits for the device. */
  values(): Record<string, number> {
    return keyed(this.#metrics.map((metric) => overRanks(metric, this.#ranks, () => metric.compute())));
  }

  matrices(): Record<string, Matrix> {
    return keyed(
      this.#metrics.map(
        (metric) => (metric.matrices && overRanks(metric, this.#ranks, () => metric.matrices!())) ?? {},
      ),
    );
  }

  reset(): void {
    for (const metric of this.#metrics) metric.reset();
  }

  state(): MetricState[] {
    return this.#metrics.map((metric) => metric.state());
  }

  /** What the states of several ranks, as `state` gives them, are together. */
  merged(states: readonly (readonly MetricState[])[]): MetricState[] {
    return this.#metrics.map((metric, i) => {
      const own = metric.state();
      metric.reset();
      for (const state of states) metric.merge(state[i]!);
      const merged = metric.state();
      metric.loadState(own);
      for (const tensor of collectTensors(own)) tensor.dispose();
      return merged;
    });
  }

  /** @throws {CheckpointError} for another number of states, or one that is none of its metric. */
  loadState(states: readonly unknown[]): void {
    if (states.length !== this.#metrics.length)
      throw new CheckpointError(
        `Cannot resume: expected ${this.#metrics.length} states under "metrics.train_metrics", one a metric, got ${states.length}`,
      );
    this.#metrics.forEach((metric, i) => {
      metric.loadState(states[i] as MetricState); // which refuses what is none
    });
  }
}

function keyed<T>(parts: readonly Readonly<Record<string, T>>[]): Record<string, T> {
  const entries = parts.flatMap((part) => Object.entries(part));
  return Object.fromEntries(entries.map(([name, value]) => [`train/${name}`, value]));
}

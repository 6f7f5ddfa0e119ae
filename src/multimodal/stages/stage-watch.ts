// The callback of a stage: tells its strategy of epochs, keeps the best weights, and writes what its folder shows.

import { ConfigError } from '../../errors.ts';
import { record } from '../../trainer/checkpoint/format.ts';
import type { Callback } from '../../trainer/loop/events.ts';
import { findMetric, requireMetric } from '../../trainer/loop/find-metric.ts';
import type { LoopContext } from '../../trainer/loop/loop-context.ts';
import type { TrainingStrategy } from './training-strategy.ts';

export interface StageWatchOptions {
  readonly strategy: TrainingStrategy;
  readonly monitor: string;
  readonly mode: 'min' | 'max';
  /** Whether the metric has to be there. */
  readonly isRequired: boolean;
  /** Called at the end of an epoch, which is completed. */
  readonly epochEnded: (epoch: number, isBest: boolean) => Promise<void>;
  readonly resumed: (path: string) => void;
}

/** The name of a metric that the documents write `val_recall_at_5`. */
export const metricName = (name: string): string => name.replace(/_at_(\d+)$/, '@$1');

/** Its state is in the checkpoints of the stage. */
export class StageWatch implements Callback {
  readonly name = 'Stage';
  readonly #options: StageWatchOptions;
  /** The best value of the monitored metric; null before the first. */
  best: number | null = null;
  /** The epoch that had it, from 1. */
  bestEpoch: number | null = null;
  #isBetter = false;

  constructor(options: StageWatchOptions) {
    this.#options = options;
  }

  checkpointLoaded(_context: LoopContext, path: string): void {
    this.#options.resumed(path);
  }

  fitStart({ clocks }: LoopContext): void {
    if (clocks.batchInEpoch > 0) this.#options.strategy.onEpochStart(clocks.epoch);
  }

  epochStart({ clocks }: LoopContext): void {
    this.#options.strategy.onEpochStart(clocks.epoch);
  }

  measured({ clocks, metricNames }: LoopContext, values: Readonly<Record<string, number>>): void {
    const { monitor, mode, isRequired } = this.#options;
    const value = findMetric(values, metricName(monitor));
    if (value === undefined) {
      if (isRequired) requireMetric(metricNames, metricName(monitor), 'monitorMetric', 'train a stage');
      return;
    }
    const isFirst = this.best === null && !Number.isNaN(value);
    if (!isFirst && !(mode === 'min' ? value < this.best! : value > this.best!)) return;
    this.best = value;
    this.bestEpoch = clocks.epoch + 1;
    this.#isBetter = true;
  }

  async epochEnd({ clocks }: LoopContext): Promise<void> {
    const isBest = this.#isBetter;
    this.#isBetter = false;
    this.#options.strategy.onEpochEnd(clocks.epoch - 1);
    await this.#options.epochEnded(clocks.epoch, isBest);
  }

  state(): Record<string, unknown> {
    return { best: this.best, best_epoch: this.bestEpoch, is_better: this.#isBetter };
  }

  loadState(state: Record<string, unknown>): void {
    const { best, best_epoch, is_better } = record(state, 'callbacks.Stage');
    this.best = typeof best === 'number' ? best : null;
    this.bestEpoch = typeof best_epoch === 'number' ? best_epoch : null;
    this.#isBetter = is_better === true;
  }
}

/** The metrics of these names among measured values.
 *  @throws {ConfigError} that lists those that are not there, and what is. */
export function pickMetrics(
  values: Readonly<Record<string, number>>,
  names: readonly string[],
  stage: number,
): Record<string, number> {
  const found = names.map((name) => [name, findMetric(values, metricName(name))] as const);
  const missing = found.filter(([, value]) => value === undefined);
  if (missing.length > 0)
    throw new ConfigError(
      'evaluate a stage',
      missing.map(
        ([name]) =>
          `stages.${stage}.evaluationMetrics: expected one of ${Object.keys(values).join(', ')}, got "${name}"`,
      ),
    );
  return Object.fromEntries(found) as Record<string, number>;
}

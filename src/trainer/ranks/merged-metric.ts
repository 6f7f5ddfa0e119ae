// A metric over the batches of all ranks.

import { ConfigError } from '../../errors.ts';
import { type AnyMetric, isMergeable, type MergeableMetric } from '../../metrics/metric.ts';
import { collectTensors } from '../../tensor/scope.ts';
import type { Ranks } from './ranks.ts';

/** Reads a metric over what all ranks gathered; afterwards it is this rank's own again. All ranks call it at the same places. */
export function overRanks<T>(metric: MergeableMetric<never[]>, ranks: Ranks, read: () => T): T {
  if (ranks.isAlone) return read();
  const own = metric.state();
  try {
    mergeRanks(metric, ranks);
    return read();
  } finally {
    metric.loadState(own);
    for (const tensor of collectTensors(own)) tensor.dispose();
  }
}

/** Puts into a metric what all ranks gathered. */
export function mergeRanks(metric: MergeableMetric<never[]>, ranks: Ranks): void {
  if (ranks.isAlone) return;
  const own = metric.state();
  const states = ranks.gather(own);
  metric.reset();
  for (const state of states) metric.merge(state);
  for (const tensor of collectTensors([own, states])) tensor.dispose();
}

/** @throws {ConfigError} for metrics that cannot be put together, where there are several ranks: each sees a part of the samples.
 *  @param path - where they were given, for messages. */
export function requireMergeable(metrics: readonly AnyMetric[], ranks: Ranks, path: string): void {
  if (ranks.isAlone) return;
  const problems = metrics.flatMap((metric, i) => {
    if (isMergeable(metric)) return [];
    const { name } = metric.constructor;
    return `${path}.${i}: expected a metric with state(), loadState() and merge(), since ${ranks.worldSize} ranks have a part of the samples each, got ${name} without; write them, or measure in one process`;
  });
  if (problems.length > 0) throw new ConfigError('measure over ranks', problems);
}

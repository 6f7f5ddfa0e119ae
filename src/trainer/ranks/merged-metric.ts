// A metric over the batches of all ranks.

import type { MergeableMetric } from '../../metrics/metric.ts';
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

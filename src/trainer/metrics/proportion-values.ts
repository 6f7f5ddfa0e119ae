// What a log says of the part that each loader had in an epoch.

import type { LoaderShare } from '../../data/index.ts';
import type { MetricsCollector } from './metrics-collector.ts';

/** Of each loader: its part of the epoch's batches and of its samples, how far the first is from what was asked for, and both counts. A batch that is left out because its loss is bad
 *  is among the batches; its samples are not, as they are in no mean.
 *  Source: model-training-framework, whose keys these are. */
export function proportionValues(shares: readonly LoaderShare[], metrics: MetricsCollector): Record<string, number> {
  const samples = shares.map(({ name }) => metrics.numSamples(name));
  const total = samples.reduce((sum, count) => sum + count, 0);
  const entries = shares.flatMap(({ name, share, batches, divergence }, i): [string, number][] => [
    [`loader_proportions/${name}_batches`, share],
    [`loader_proportions/${name}_samples`, total === 0 ? 0 : samples[i]! / total],
    [`loader_proportions/${name}_divergence`, divergence],
    [`loader_counts/${name}_batches`, batches],
    [`loader_counts/${name}_samples`, samples[i]!],
  ]);
  return Object.fromEntries(entries);
}

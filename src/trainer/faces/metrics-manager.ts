// `MetricsManager`: what a trainer has measured, epoch by epoch, as model-training-framework shows it.

import type { EpochRecord } from '../loop/loop-options.ts';

/** One epoch of a run. Keys are those of the run's log, as in `train/loss` and `val/dl_main/loss`. */
export interface EpochSummary {
  readonly epoch: number;
  readonly trainMetrics: Readonly<Record<string, number>>;
  readonly valMetrics: Readonly<Record<string, number>>;
}

export interface BestMetricOptions {
  /** The whole key, or its end behind a `/`, as in `loss`. */
  readonly metricName: string;
  /** Default 'min'. */
  readonly mode?: 'min' | 'max';
  /** Default 'val'. */
  readonly phase?: 'train' | 'val';
}

/** Reads the history of a trainer. Source: model-training-framework, trainer/metrics.py. */
export class MetricsManager {
  readonly #history: readonly EpochRecord[];

  constructor(history: readonly EpochRecord[]) {
    this.#history = history;
  }

  /** One for each epoch that is completed, those before a resume included. */
  get epochSummaries(): EpochSummary[] {
    return this.#history.map(({ epoch, ...values }) => {
      const entries = Object.entries(values);
      const of = (phase: string): Record<string, number> =>
        Object.fromEntries(entries.filter(([key]) => key.startsWith(`${phase}/`)));
      return { epoch, trainMetrics: of('train'), valMetrics: of('val') };
    });
  }

  /** The best value of a metric and its epoch. Values that are nan are never best.
   *  @returns undefined where no epoch has it. */
  getBestMetric({
    metricName,
    mode = 'min',
    phase = 'val',
  }: BestMetricOptions): [value: number, epoch: number] | undefined {
    let best: [value: number, epoch: number] | undefined;
    for (const { epoch, trainMetrics, valMetrics } of this.epochSummaries) {
      const metrics = phase === 'val' ? valMetrics : trainMetrics;
      const key = Object.keys(metrics).find((key) => key === metricName || key.endsWith(`/${metricName}`));
      const value = key === undefined ? Number.NaN : metrics[key]!;
      if (Number.isNaN(value)) continue;
      if (best === undefined || (mode === 'min' ? value < best[0] : value > best[0])) best = [value, epoch];
    }
    return best;
  }
}

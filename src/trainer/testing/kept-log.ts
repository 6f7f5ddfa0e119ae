// A logger that keeps what it is told, for tests.

import type { Histogram } from '../../tracking/data-records.ts';
import type { Logger } from '../../tracking/logger.ts';
import type { Clocks, MetricValues, RunEvent } from '../../tracking/run-format.ts';

export class KeptLog implements Logger {
  readonly name = 'kept';
  readonly metrics: { readonly step: number; readonly values: MetricValues }[] = [];
  readonly histograms: { readonly key: string; readonly step: number; readonly histogram: Histogram }[] = [];
  readonly warnings: string[] = [];

  logMetrics(values: MetricValues, { step }: Clocks): void {
    this.metrics.push({ step, values });
  }

  logHistogram(key: string, histogram: Histogram, { step }: Clocks): void {
    this.histograms.push({ key, step, histogram });
  }

  logEvent(event: RunEvent): void {
    if (event.event === 'warning') this.warnings.push(event.message);
  }

  /** Each value of a metric with its step. */
  series(key: string): [step: number, value: number][] {
    return this.metrics.flatMap(({ step, values }) => (key in values ? [[step, values[key]!]] : []));
  }

  close(): void {}
}

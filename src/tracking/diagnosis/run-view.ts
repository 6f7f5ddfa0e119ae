// A history as the rules look at it: values by epochs and by log points, whatever spelling the names have.

import type { HistoryPoints } from '../history/history-series.ts';
import type { AlignmentPoint, MetricsHistory } from '../history/metrics-history.ts';
import type { Finding } from './finding.ts';

/** Looks at a run, and finds something or not. Pure: the same run, the same finding. */
export type Rule = (run: RunView) => Finding | undefined;

/** What rules see of a run. Names are those of the log, as in `train/loss`; a history with `train_loss` has it too. */
export class RunView {
  readonly #history: MetricsHistory;
  readonly #epochs = new Map<string, readonly number[]>();

  constructor(history: MetricsHistory) {
    this.#history = history;
  }

  /** Names of all series. */
  get names(): readonly string[] {
    return this.#history.names;
  }

  get alignment(): readonly AlignmentPoint[] {
    return this.#history.alignment;
  }

  /** A metric's value for each epoch: what the log has of whole epochs, or else the last value of each epoch of a validation and the mean of those of training.
   *  Values without an epoch count as one each. */
  epochs(name: string): readonly number[] {
    let values = this.#epochs.get(name);
    if (!values) {
      const summary = this.#find(`epoch_summary/${name}`);
      values = summary ? summary.values : perEpoch(this.points(name), name.startsWith('val/'));
      this.#epochs.set(name, values);
    }
    return values;
  }

  /** Every point of a metric that the history has. */
  points(name: string): HistoryPoints {
    return this.#find(name) ?? this.#history.getPoints(name);
  }

  #find(name: string): HistoryPoints | undefined {
    for (const spelling of [name, name.replaceAll('/', '_')]) {
      const points = this.#history.getPoints(spelling);
      if (points.values.length > 0) return points;
    }
    return undefined;
  }
}

function perEpoch({ values, epochs }: HistoryPoints, takesLast: boolean): number[] {
  const grouped = new Map<number, number[]>();
  const result: number[][] = [];
  for (const [i, value] of values.entries()) {
    const epoch = epochs[i]!;
    const group = Number.isNaN(epoch) ? undefined : grouped.get(epoch);
    if (group) group.push(value);
    else {
      const first = [value];
      result.push(first);
      if (!Number.isNaN(epoch)) grouped.set(epoch, first);
    }
  }
  return result.map((group) => (takesLast ? group.at(-1)! : mean(group)));
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Population standard deviation. */
export function deviation(values: readonly number[]): number {
  const center = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Pearson's; NaN where one of them does not change. */
export function correlation(left: readonly number[], right: readonly number[]): number {
  const [centerLeft, centerRight] = [mean(left), mean(right)];
  const together = mean(left.map((value, i) => (value - centerLeft) * (right[i]! - centerRight)));
  return together / (deviation(left) * deviation(right));
}

// A run's metrics as series, all read in one pass.
import type { Run } from '../read-run.ts';

/** One metric over a run: `values[i]` was measured at `steps[i]`, in or at the end of `epochs[i]`. */
export interface RunSeries {
  readonly steps: readonly number[];
  readonly epochs: readonly number[];
  readonly values: readonly number[];
}

/** Every metric of a run, by key, in the order of their first appearance. */
export function allSeries({ metrics }: Pick<Run, 'metrics'>): Map<string, RunSeries> {
  const all = new Map<string, { steps: number[]; epochs: number[]; values: number[] }>();
  for (const { step, epoch, values } of metrics) {
    for (const [key, value] of Object.entries(values)) {
      let series = all.get(key);
      if (series === undefined) {
        series = { steps: [], epochs: [], values: [] };
        all.set(key, series);
      }
      series.steps.push(step);
      series.epochs.push(epoch);
      series.values.push(value);
    }
  }
  return all;
}

/** The last value of each epoch, for logs without `epoch_summary`. */
export function valuesAtEpochEnds({ steps, epochs, values }: RunSeries): RunSeries {
  const ends = epochs.flatMap((epoch, index) => (epoch !== epochs[index + 1] ? [index] : []));
  const chosen = (list: readonly number[]): number[] => ends.map((index) => list[index]!);
  return { steps: chosen(steps), epochs: chosen(epochs), values: chosen(values) };
}

// How fast a run is: samples, batches and steps a second are mostly one curve, which is drawn once.
import { formatNumber } from '../number-format.ts';
import { linesByUnit } from './lines-by-unit.ts';
import type { CurveOptions, NamedFigure, RunMetric } from './metric-figures.ts';

const SAMPLES = 'throughput/samples_per_sec';
const FOLLOWERS: readonly string[] = ['throughput/batches_per_sec', 'throughput/steps_per_sec'];
/** How far from proportional a curve may be that still says nothing of its own: the last batch of an epoch is often smaller. */
const TOLERANCE = 0.1;

/** The picture of samples a second of one run, which says what batches and steps a second are of it, and the metrics that it does not stand for. Runs whose batches differ are
 *  compared by each of them. */
export function throughputFigures(
  metrics: readonly RunMetric[],
  options: CurveOptions,
): { figures: NamedFigure[]; others: RunMetric[] } {
  const samples = options.hasManyRuns ? undefined : metrics.find(({ name }) => name === SAMPLES);
  if (samples === undefined) return { figures: [], others: [...metrics] };
  const told: string[] = [];
  const others: RunMetric[] = [];
  for (const metric of metrics) {
    if (metric === samples) continue;
    const ratio = FOLLOWERS.includes(metric.name) ? ratioOf(metric, samples) : undefined;
    if (ratio === undefined) others.push(metric);
    else told.push(`${metric.name.slice(metric.name.indexOf('/') + 1)} is ${formatNumber(ratio)} of it`);
  }
  const figures = linesByUnit([samples], options).map(({ name, options: figure }): NamedFigure => {
    return { name, options: told.length > 0 ? { ...figure, subtitle: told.join(', ') } : figure };
  });
  return { figures, others };
}

/** What a curve is of another in the middle of the run; undefined where that changes. */
function ratioOf({ series }: RunMetric, { series: whole }: RunMetric): number | undefined {
  const wholes = new Map(whole.steps.map((step, index) => [step, whole.values[index]!]));
  const ratios = series.values.map((value, index) => value / (wholes.get(series.steps[index]!) ?? Number.NaN));
  const middle = [...ratios].sort((a, b) => a - b)[Math.floor(ratios.length / 2)]!;
  return ratios.every((ratio) => Math.abs(ratio / middle - 1) <= TOLERANCE) ? middle : undefined;
}

// `DatasetScores`: what a validation says of each data set, of each subject, and of all.

import type { MergeableMetric, MetricState } from '../../metrics/metric.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { statesOf } from './group-metrics.ts';
import { type DatasetGroup, datasetOf, type Objective, type ObjectiveMetric } from './objective.ts';

type Values = Readonly<Record<string, number>>;

/** Gathers groups by data set. Values of `compute`, where the objective's metrics give `loss` and for instance `bps`:
 *  - `loss/{name}`, `bps/{name}` of each data set that had something valid;
 *  - `loss/{subject}`, `bps/{subject}`, the mean over the data sets of one subject, which is what a name has before its first "_", where no data set is called so;
 *  - `loss` and `bps_overall`, the mean over data sets; and `nan_skip/{name}`, groups left out.
 *  A trainer puts `val/` in front, which VisionCore's names have as `val_`. Source: VisionCore. */
export class DatasetScores implements MergeableMetric<[output: Tensor, group: DatasetGroup]> {
  readonly #names: readonly string[];
  readonly #objective: Objective;
  readonly #metrics: readonly ObjectiveMetric[];

  constructor(names: readonly string[], objective: Objective) {
    this.#names = names;
    this.#objective = objective;
    this.#metrics = names.map((_, i) => objective.metric(i));
  }

  update(output: Tensor, group: DatasetGroup): void {
    this.#metrics[datasetOf(group)]!.update(output, group);
  }

  compute(): Record<string, number> {
    const byName = new Map(this.#names.map((name, i) => [name, this.#metrics[i]!.compute()]));
    if ([...byName.values()].every((values) => Object.keys(values).length === 0)) return {};
    const values: Record<string, number> = {};
    const put = (own: Values, name: string): void => {
      for (const [key, value] of Object.entries(own)) values[`${key}/${name}`] = value;
    };
    for (const [name, own] of byName) put(own, name);
    for (const [subject, names] of subjectsOf(this.#names))
      if (!byName.has(subject)) put(meansOf(names.map((name) => byName.get(name)!)), subject);
    const overall = { ...this.#objective.valuesOfNothing, ...meansOf([...byName.values()]) };
    for (const [key, value] of Object.entries(overall)) values[key === 'loss' ? key : `${key}_overall`] = value;
    return values;
  }

  reset(): void {
    for (const metric of this.#metrics) metric.reset();
  }

  state(): MetricState {
    return Object.fromEntries(this.#metrics.map((metric, i) => [String(i), metric.state()]));
  }

  loadState(state: MetricState): void {
    const states = statesOf('DatasetScores', state, this.#metrics.length);
    this.#metrics.forEach((metric, i) => {
      metric.loadState(states[i]!);
    });
  }

  merge(state: MetricState): void {
    const states = statesOf('DatasetScores', state, this.#metrics.length);
    this.#metrics.forEach((metric, i) => {
      metric.merge(states[i]!);
    });
  }
}

/** Names by subject. */
function subjectsOf(names: readonly string[]): Map<string, string[]> {
  const subjects = new Map<string, string[]>();
  for (const name of names) {
    const subject = name.split('_', 1)[0]!;
    const own = subjects.get(subject);
    if (own) own.push(name);
    else subjects.set(subject, [name]);
  }
  return subjects;
}

/** The mean of each value over those that have it. How many groups were left out is no mean. */
function meansOf(all: readonly Values[]): Values {
  const keys = new Set(all.flatMap((values) => Object.keys(values)));
  keys.delete('nan_skip');
  return Object.fromEntries(
    Array.from(keys, (key) => {
      const own = all.flatMap((values) => (values[key] === undefined ? [] : [values[key]]));
      return [key, own.reduce((sum, value) => sum + value, 0) / own.length];
    }),
  );
}

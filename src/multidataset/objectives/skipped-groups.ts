// `SkippedGroups`: how many groups of each data set a training left out because their loss was not finite.

import type { MergeableMetric, MetricState } from '../../metrics/metric.ts';
import { TensorMetric } from '../../metrics/tensor-metric.ts';
import { tensor } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { statesOf } from './group-metrics.ts';

class Counter extends TensorMetric {
  constructor() {
    super('SkippedGroups', { count: { kind: 'sum', shape: [], dtype: 'float64' } });
  }

  /** @param isSkipped - 0-d. */
  update(isSkipped: Tensor): void {
    this.gather(isSkipped.device, () => {
      this.sum('count').add_(isSkipped);
    });
  }

  compute(): Record<string, number> {
    return this.isEmpty ? {} : { nan_skip: this.reading(() => this.read('count').item()) };
  }
}

/** Gives `nan_skip/{name}` of the data sets that had any. */
export class SkippedGroups implements MergeableMetric<[datasetIdx: number, isValid: boolean | Tensor]> {
  readonly #names: readonly string[];
  readonly #counters: readonly Counter[];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#counters = names.map(() => new Counter());
  }

  /** @param isValid - whether the group counted; 0-d where the device alone knows. */
  update(datasetIdx: number, isValid: boolean | Tensor): void {
    if (isValid === true) return;
    this.#counters[datasetIdx]!.update(isValid === false ? tensor(1) : isValid.logicalNot());
  }

  compute(): Record<string, number> {
    const counts = this.#names.map((name, i) => [`nan_skip/${name}`, this.#counters[i]!.compute().nan_skip] as const);
    return Object.fromEntries(counts.flatMap(([name, count]) => (count ? [[name, count] as const] : [])));
  }

  reset(): void {
    for (const counter of this.#counters) counter.reset();
  }

  state(): MetricState {
    return Object.fromEntries(this.#counters.map((counter, i) => [String(i), counter.state()]));
  }

  loadState(state: MetricState): void {
    const states = statesOf('SkippedGroups', state, this.#counters.length);
    this.#counters.forEach((counter, i) => {
      counter.loadState(states[i]!);
    });
  }

  merge(state: MetricState): void {
    const states = statesOf('SkippedGroups', state, this.#counters.length);
    this.#counters.forEach((counter, i) => {
      counter.merge(states[i]!);
    });
  }
}

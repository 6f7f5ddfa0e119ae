// What a metric is: something that takes batches and gives values at the end; and one whose parts can be saved and put together.

import type { Tensor } from '../tensor/tensor.ts';
import type { Matrix } from '../tracking/data-records.ts';

/** Gathers batches and gives values at the end of an epoch or of an evaluation. */
export interface Metric<Inputs extends readonly unknown[] = Tensor[]> {
  /** Takes a batch. Runs inside a step, is synchronous and never waits for the device. */
  update(...inputs: Inputs): void;
  /** Values by name, as in `{ i2t_r1: 0.5 }`; the names are those of the log behind `val/`. Waits for the device. None before the first update. */
  compute(): Record<string, number>;
  /** Tables beside the values, as a confusion matrix. */
  matrices?(): Record<string, Matrix>;
  /** Forgets everything and frees its tensors. */
  reset(): void;
}

/** A metric of any inputs, as lists of metrics hold it. */
export type AnyMetric = Metric<never[]>;

/** What a metric has gathered: plain values and tensors, as a checkpoint takes them. */
export type MetricState = Readonly<Record<string, unknown>>;

/** A metric whose parts can be saved, restored and put together: over loaders, over processes, over an interruption. */
export interface MergeableMetric<Inputs extends readonly unknown[] = Tensor[]> extends Metric<Inputs> {
  /** A copy of what was gathered; the caller's. */
  state(): MetricState;
  /** Goes on from a state. @throws {CheckpointError} for what `state` of such a metric did not give. */
  loadState(state: MetricState): void;
  /** Adds what another one of the same options gathered. @throws {CheckpointError} as `loadState`. */
  merge(state: MetricState): void;
}

/** Whether a metric can be saved and merged. */
export function isMergeable(metric: AnyMetric): metric is MergeableMetric<never[]> {
  return ['state', 'loadState', 'merge'].every((name) => typeof Reflect.get(metric, name) === 'function');
}

// `GroupMetrics`: metrics of `sconce/metrics` as what a validation gathers of a data set.

import { CheckpointError, ConfigError } from '../../errors.ts';
import type { MergeableMetric, MetricState } from '../../metrics/metric.ts';
import { show } from '../../metrics/options.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { DatasetGroup, ObjectiveMetric } from './objective.ts';

/** A metric, and what it takes of an output and its group. */
export type GroupMetric<Inputs extends readonly unknown[] = never[]> = readonly [
  metric: MergeableMetric<Inputs>,
  inputs: (output: Tensor, group: DatasetGroup) => readonly [...Inputs],
];

/** Several metrics as one, each with its own inputs. Their values must have names of their own.
 *  @throws {ConfigError} unless each part is a metric that can be merged and a function.
 *  @example
 *  import { MeanMetric } from 'sconce/metrics';
 *  import { GroupMetrics } from 'sconce/multidataset';
 *  const metrics = new GroupMetrics(
 *    [new MeanMetric({ name: 'loss' }), (output) => [output]],
 *    [new MeanMetric({ name: 'rate' }), (_output, { robs }) => [robs as Tensor]],
 *  );
 *  metrics.update(tensor([1, 3]), { datasetIdx: 0, robs: tensor([5]) });
 *  metrics.compute(); // { loss: 2, rate: 5 } */
export class GroupMetrics<Parts extends readonly (readonly unknown[])[]> implements ObjectiveMetric {
  readonly #parts: readonly GroupMetric<unknown[]>[];

  constructor(...parts: { readonly [K in keyof Parts]: GroupMetric<Parts[K]> }) {
    const problems = parts.flatMap(partProblems);
    if (parts.length === 0) problems.push('parts: expected one or more pairs of a metric and a function, got none');
    if (problems.length > 0) throw new ConfigError('make GroupMetrics', problems);
    this.#parts = parts as unknown as readonly GroupMetric<unknown[]>[]; // each metric takes what its own function gives
  }

  update(output: Tensor, group: DatasetGroup): void {
    for (const [metric, inputs] of this.#parts) metric.update(...inputs(output, group));
  }

  compute(): Record<string, number> {
    return Object.assign({}, ...this.#parts.map(([metric]) => metric.compute())) as Record<string, number>;
  }

  reset(): void {
    for (const [metric] of this.#parts) metric.reset();
  }

  state(): MetricState {
    return Object.fromEntries(this.#parts.map(([metric], i) => [String(i), metric.state()]));
  }

  loadState(state: MetricState): void {
    for (const [metric, own] of this.#pairs(state)) metric.loadState(own);
  }

  merge(state: MetricState): void {
    for (const [metric, own] of this.#pairs(state)) metric.merge(own);
  }

  #pairs(state: MetricState): [metric: MergeableMetric<unknown[]>, own: MetricState][] {
    return statesOf('GroupMetrics', state, this.#parts.length).map((own, i) => [this.#parts[i]![0], own]);
  }
}

const METHODS = ['update', 'compute', 'reset', 'state', 'loadState', 'merge'] as const;

function partProblems(part: unknown, i: number): string[] {
  const [metric, inputs] = (Array.isArray(part) ? part : []) as readonly unknown[];
  const isMetric = METHODS.every(
    (name) => typeof (metric as MergeableMetric | undefined | null)?.[name] === 'function',
  );
  if (isMetric && typeof inputs === 'function') return [];
  return [`part ${i}: expected [metric, (output, group) => its inputs], got ${show(part)}`];
}

/** The states of numbered parts. @throws {CheckpointError} for anything else. */
export function statesOf(label: string, state: unknown, count: number): MetricState[] {
  const entries = typeof state === 'object' && state !== null ? Object.entries(state) : [];
  const isFit = entries.length === count && entries.every(([key, value], i) => key === String(i) && isState(value));
  if (isFit) return entries.map(([, value]) => value as MetricState);
  throw new CheckpointError(
    `Cannot load the state of ${label}: expected ${count} parts by their numbers, got ${entries.map(([key]) => `"${key}"`).join(', ') || 'none'}`,
  );
}

const isState = (value: unknown): boolean => typeof value === 'object' && value !== null;

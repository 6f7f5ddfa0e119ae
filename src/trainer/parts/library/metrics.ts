// The metrics that an experiment can name: those of `sconce/metrics` that take tensors.

import * as classes from '../../../metrics/index.ts';
import type { Metric } from '../../../metrics/metric.ts';
import type { Part, Parts } from '../registry.ts';

type MetricClass = new (options: object) => Metric;

const NAMES = [
  ...['Accuracy', 'Precision', 'Recall', 'F1Score', 'AUROC', 'AveragePrecision', 'ConfusionMatrix', 'CalibrationError'],
  ...['MeanSquaredError', 'MeanAbsoluteError', 'R2Score', 'PearsonCorrelation', 'SpearmanCorrelation', 'Perplexity'],
  ...['RetrievalRecall', 'RetrievalMRR', 'MeanMetric', 'SumMetric'],
] as const satisfies readonly (keyof typeof classes)[];

const byName: Readonly<Record<string, unknown>> = classes;

export const metrics: NonNullable<Parts['metrics']> = Object.fromEntries(
  NAMES.map((name) => [name, partOf(byName[name] as MetricClass)] as const), // each takes options
);

function partOf(Class: MetricClass): Part<object, Metric> {
  const make = (options: object): Metric => new Class(options);
  return { build: make, try: make };
}

// What is wrong with a workflow whose fields are right one by one.

import { describeValue } from '../../trainer/config/problems.ts';
import { datasetProblems } from './data-problems.ts';
import { modelProblems } from './model-problems.ts';
import { describeChoice } from './name-choice.ts';
import { optimizerProblems } from './optimizer-problems.ts';
import type { WorkflowFields } from './workflow-fields.ts';

/** What `evaluation.metrics` may name, and the part of a configuration file that measures it; undefined for what every step measures. */
export const METRIC_PARTS: Readonly<Record<string, string | undefined>> = {
  loss: undefined,
  accuracy: undefined,
  precision: 'precision',
  recall: 'recall',
  f1: 'f1-score',
  auroc: 'auroc',
  average_precision: 'average-precision',
};

/** One line a problem, under the names of fields in camelCase. */
export function workflowProblems(fields: WorkflowFields): string[] {
  return [
    ...datasetProblems(fields.dataset),
    ...modelProblems(fields),
    ...optimizerProblems(fields),
    ...trainingProblems(fields),
    ...evaluationProblems(fields),
  ];
}

function trainingProblems({ dataset, training, evaluation }: WorkflowFields): string[] {
  const { device, earlyStopping, earlyStoppingMetric } = training;
  const problems: string[] = [];
  if (!/^(?:cpu|cuda(?::\d{1,2})?)$/.test(device))
    problems.push(`training.device: expected cpu, cuda or cuda with a number, as cuda:1, got ${describeValue(device)}`);
  if (earlyStopping && dataset.valSplit === 0)
    problems.push(
      'training.earlyStopping: expected false where dataset.valSplit is 0, got true; give a validation its share',
    );
  const measured = [...new Set(['loss', 'accuracy', ...evaluation.metrics])].map((name) => `val_${name}`);
  const isMeasured = measured.includes(earlyStoppingMetric.replace('/', '_'));
  if (!isMeasured) problems.push(`training.earlyStoppingMetric: ${describeChoice(earlyStoppingMetric, measured)}`);
  return problems;
}

function evaluationProblems({ dataset, evaluation }: WorkflowFields): string[] {
  const names = Object.keys(METRIC_PARTS);
  const problems = evaluation.metrics.flatMap((name, i) => {
    if (!names.includes(name)) return [`evaluation.metrics.${i}: ${describeChoice(name, names)}`];
    return evaluation.metrics.indexOf(name) === i
      ? []
      : [`evaluation.metrics.${i}: expected each metric once, got "${name}" again`];
  });
  if (evaluation.savePredictions && dataset.testSplit === 0)
    problems.push(
      'evaluation.savePredictions: expected false where dataset.testSplit is 0, got true; give the test its share',
    );
  return problems;
}

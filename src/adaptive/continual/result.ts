// What a continual-learning benchmark has come to, as plain data, and how it is shown.

import { type Figure, figure, type ReportSection } from '../../tracking/index.ts';
import type { AccuracyMatrix, TransferMeasures } from './transfer.ts';

/** Plain data: it can be written as JSON. */
export interface ContinualResult {
  readonly method: string;
  /** Names of the tasks, in their order. */
  readonly tasks: readonly string[];
  readonly epochsPerTask: number;
  readonly seed: number;
  /** Accuracy on each task before the first one was learnt. */
  readonly baseline: readonly number[];
  /** `accuracies[i][j]`: accuracy on task j after task i was learnt. */
  readonly accuracies: AccuracyMatrix;
  /** After each task the mean accuracy over the tasks learnt by then. */
  readonly averageAccuracies: readonly number[];
  readonly measures: TransferMeasures;
}

/** A picture of the accuracy matrix, in per cent: a row for the time before the first task and after each, a column for each task; behind it the mean over the tasks learnt by then.
 *  @throws {TypeError} for a result that cannot be drawn. */
export function accuracyFigure(result: ContinualResult): Figure {
  const { tasks, baseline, accuracies, averageAccuracies, method, measures } = result;
  const percents = [baseline, ...accuracies].map((row) => row.map((value) => Math.round(1000 * value) / 10));
  return figure({
    title: `Accuracy on each task: ${method}`,
    subtitle: describe(measures),
    panels: [
      {
        kind: 'matrix',
        title: 'accuracy (%)',
        normalize: 'none',
        matrix: {
          rows: ['before', ...tasks.map((_, index) => `task ${index + 1}`)],
          columns: tasks.map((_, index) => `task ${index + 1}`),
          values: percents,
          rowLabel: 'after learning',
          columnLabel: 'evaluated on',
        },
      },
      {
        kind: 'lines',
        title: 'tasks learnt so far',
        xLabel: 'tasks learnt',
        yLabel: 'mean accuracy',
        series: [{ label: method, x: averageAccuracies.map((_, index) => index + 1), y: averageAccuracies }],
      },
    ],
  });
}

/** Results of several methods on the same tasks, beside each other: mean accuracy over the tasks learnt by then, and what is left at the end.
 *  @throws {TypeError} for no results, or such that cannot be drawn. */
export function comparisonFigure(results: readonly ContinualResult[]): Figure {
  return figure({
    title: 'Learning one task after the other',
    panels: [
      {
        kind: 'lines',
        title: 'tasks learnt so far',
        xLabel: 'tasks learnt',
        yLabel: 'mean accuracy',
        series: results.map(({ method, averageAccuracies: y }) => ({
          label: method,
          x: y.map((_, index) => index + 1),
          y,
        })),
      },
      {
        kind: 'bars',
        title: 'all tasks at the end',
        yLabel: 'average accuracy (%)',
        bars: results.map(({ method, measures }) => ({ label: method, value: 100 * measures.average_accuracy })),
      },
    ],
  });
}

/** What a run's report shows of a benchmark: for `sections` of `writeReport`. */
export async function resultSections(result: ContinualResult): Promise<ReportSection[]> {
  const { tasks, measures, method } = result;
  return [
    {
      kind: 'plot',
      title: 'Accuracy on each task',
      caption: tasks.map((name, index) => `task ${index + 1}: ${name}`).join('; '),
      pictures: [{ name: 'accuracy-matrix', svg: await accuracyFigure(result).toSvg() }],
    },
    {
      kind: 'table',
      title: `Transfer: ${method}`,
      columns: ['measure', 'value'],
      rows: Object.entries(measures).map(([name, value]) => [name.replaceAll('_', ' '), percent(value)]),
    },
  ];
}

function describe({
  average_accuracy,
  average_forgetting,
  backward_transfer,
  forward_transfer,
}: TransferMeasures): string {
  const [accuracy, forgetting] = [percent(average_accuracy), percent(average_forgetting)];
  return `at the end ${accuracy} on average; forgetting ${forgetting}, backward transfer ${percent(backward_transfer)}, forward transfer ${percent(forward_transfer)}`;
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

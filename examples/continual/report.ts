// What the report shows: a table of models and methods, curves of the mean accuracy by task, and an accuracy matrix of each.
import { accuracyFigure, type ContinualResult, comparisonFigure, type TransferMeasures } from 'sconce/adaptive';
import type { ReportSection } from 'sconce/tracking';
import type { Outcome } from './train.ts';

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const measureOf = (outcomes: readonly Outcome[], name: keyof TransferMeasures): string =>
  percent(meanOf(outcomes.map(({ result }) => result.measures[name])));

/** Means over seeds, of trainings of one model by one method. */
export function lineOf(outcomes: readonly Outcome[]): string {
  const { model, result } = outcomes[0]!;
  const all = outcomes.map(({ result: { measures } }) => percent(measures.average_accuracy)).join(', ');
  return `${model}, ${result.method}: ${all} on average at the end; forgetting ${measureOf(outcomes, 'average_forgetting')}`;
}

/** The outcomes of one model by one method, in the order in which they came. */
function groupsOf(outcomes: readonly Outcome[]): Outcome[][] {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const name = `${outcome.model}, ${outcome.result.method}`;
    groups.set(name, [...(groups.get(name) ?? []), outcome]);
  }
  return [...groups.values()];
}

export async function sectionsOf(outcomes: readonly Outcome[]): Promise<ReportSection[]> {
  const groups = groupsOf(outcomes);
  const firstOf = (model: Outcome['model']): ContinualResult[] =>
    groups.filter(([first]) => first!.model === model).map(([first]) => first!.result);
  const models = [...new Set(outcomes.map(({ model }) => model))];
  const curves = models.map(async (model) => ({
    name: `methods-${model}`,
    svg: await comparisonFigure(firstOf(model)).toSvg(),
  }));
  const matrices = groups.map(async ([first]) => ({
    name: `matrix-${first!.model}-${first!.result.method}`,
    svg: await accuracyFigure({ ...first!.result, method: `${first!.model}, ${first!.result.method}` }).toSvg(),
  }));
  const names = ['average_accuracy', 'average_forgetting', 'backward_transfer', 'forward_transfer'] as const;
  return [
    {
      kind: 'table',
      title: 'Methods beside each other, means over seeds',
      columns: ['model', 'method', ...names.map((name) => name.replace('_', ' '))],
      rows: groups.map((group) => [
        ...[group[0]!.model, group[0]!.result.method],
        ...names.map((name) => measureOf(group, name)),
      ]),
    },
    {
      kind: 'plot',
      title: 'What is left, task by task',
      caption: models.join(', then '),
      pictures: await Promise.all(curves),
    },
    { kind: 'plot', title: 'Accuracy on each task after each', pictures: await Promise.all(matrices) },
  ];
}

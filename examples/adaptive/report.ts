// What the report shows: accuracies beside each other, and what the nodes did.
import { type Figure, figure, type Picture, type ReportSection, type TableCell } from 'sconce/tracking';
import { KINDS, type Kind } from './models.ts';
import type { Outcome } from './train.ts';

const NAMES: Readonly<Record<Kind, string>> = {
  adaptive: 'adaptive network',
  mlp: 'plain network',
  linear: 'linear model',
};
const PHASES = ['active', 'sleep', 'interactive', 'inspired'];

/** All that is shown. */
export interface Findings {
  readonly outcomes: readonly Outcome[];
  /** Of the first adaptive network, an entry an epoch. */
  readonly nodes: readonly Readonly<Record<string, number>>[];
  readonly sizesOf: Readonly<Record<Kind, number>>;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export async function sectionsOf({ outcomes, nodes, sizesOf }: Findings): Promise<ReportSection[]> {
  const rows = KINDS.map((kind): TableCell[] => {
    const own = outcomes.filter((outcome) => outcome.kind === kind);
    const last = own.map(({ accuracies }) => accuracies.at(-1)!);
    const spread = Math.max(...last) - Math.min(...last);
    return [
      NAMES[kind],
      sizesOf[kind],
      { share: mean(last) },
      `${(100 * spread).toFixed(1)} points`,
      { share: mean(own.map(({ reordered }) => reordered)) },
    ];
  });
  return [
    {
      kind: 'table',
      title: 'Right among the test pictures',
      caption: `After the last epoch; the mean of ${outcomes.length / KINDS.length} trainings from different seeds.`,
      columns: ['model', 'parameters', 'right', 'from worst to best', 'with the batches in another order'],
      rows,
    },
    {
      kind: 'plot',
      title: 'Accuracy by epoch',
      caption: CURVES,
      pictures: [await pictureOf('accuracy', curves(outcomes))],
    },
    {
      kind: 'plot',
      title: 'What the nodes do',
      caption: NODES,
      pictures: [await pictureOf('phases', phases(nodes)), await pictureOf('energies', energies(nodes))],
    },
  ];
}

const CURVES = 'Share of the test pictures that is right: the mean over seeds.';
const NODES =
  'The adaptive network of the first seed at the end of each epoch: how many of its nodes are in each phase, and their mean energy (from 0 to 50) and activity (from 0 to 1).';

async function pictureOf(name: string, { toSvg }: Figure): Promise<Picture> {
  return { name, svg: await toSvg() };
}

function curves(outcomes: readonly Outcome[]): Figure {
  return figure({
    title: 'Accuracy by epoch',
    panels: [
      {
        kind: 'lines',
        yLabel: 'right (share of test pictures)',
        xLabel: 'epoch',
        yFormat: 'percent',
        series: KINDS.map((kind) => {
          const own = outcomes.filter((outcome) => outcome.kind === kind);
          const y = own[0]!.accuracies.map((_, epoch) => mean(own.map(({ accuracies }) => accuracies[epoch]!)));
          return { label: NAMES[kind], x: y.map((_, epoch) => epoch + 1), y };
        }),
      },
    ],
  });
}

function phases(nodes: Findings['nodes']): Figure {
  const x = nodes.map((_, epoch) => epoch + 1);
  return figure({
    title: 'Phases of the nodes',
    panels: [
      {
        kind: 'shares',
        yLabel: 'share of nodes',
        yFormat: 'percent',
        series: PHASES.map((name) => ({ label: name, x, y: nodes.map((entry) => entry[`${name}_ratio`]!) })),
      },
    ],
  });
}

function energies(nodes: Findings['nodes']): Figure {
  const x = nodes.map((_, epoch) => epoch + 1);
  const panel = (name: string, yLabel: string) =>
    ({
      kind: 'lines',
      title: yLabel,
      yLabel,
      xLabel: 'epoch',
      series: [{ label: yLabel, x, y: nodes.map((entry) => entry[name]!) }],
    }) as const;
  return figure({
    title: 'Energy and activity of the nodes',
    panels: [panel('mean_energy', 'mean energy'), panel('mean_activity', 'mean activity')],
  });
}

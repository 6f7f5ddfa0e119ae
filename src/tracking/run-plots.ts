// The pictures that any run has, in chapters, of one run or of several together: descriptions, which are drawn when they are asked for.
import { type Figure, figure } from './plots/figure.ts';
import type { Run } from './read-run.ts';
import { chapterFigures } from './run-plots/chapter-figures.ts';
import { histogramFigures, matrixFigures } from './run-plots/data-figures.ts';
import { type CurveOptions, metricFigures, type NamedFigure, type RunMetric } from './run-plots/metric-figures.ts';
import { CHAPTERS, type Chapter, parseMetricKey } from './run-plots/metric-key.ts';
import { allSeries, valuesAtEpochEnds } from './run-plots/run-series.ts';

/** A picture with the name of its file, without the ending. */
export interface RunFigure {
  readonly name: string;
  readonly figure: Figure;
}

/** Pictures that belong together. */
export interface RunFigureChapter {
  readonly title: string;
  readonly figures: readonly RunFigure[];
}

/** What of a run is drawn; logs of every version have it. */
export type DrawnRun = Pick<Run, 'metrics' | 'histograms' | 'matrices'>;

export interface RunFigureOptions {
  /** Keys, beginnings of keys that end in `/`, or names as in `loss`, which has the keys of every phase and loader. Default: everything. */
  readonly metrics?: readonly string[];
  /** Which curves of metrics: over steps, over epochs, or both. Default both, without epochs where the run has fewer than two. */
  readonly over?: 'steps' | 'epochs' | 'both';
  /** Curves on a logarithmic axis. */
  readonly isLog?: boolean;
  /** How many neighbours on each side noisy curves are averaged over; 0 leaves them as they are. */
  readonly smooth?: number;
}

const TITLES: Readonly<Record<Chapter, string>> = {
  metrics: 'Metrics',
  schedule: 'Learning rate',
  shares: 'Loaders',
  alignment: 'Alignment',
  features: 'Features',
  gradients: 'Gradients and parameters',
  profile: 'Profile',
  system: 'System',
};

/** The pictures of a run, or of several by name, in chapters; those that a run has nothing for are left out.
 *  @throws {RangeError} if `metrics` names something that no run has. */
export function runFigures(
  runs: DrawnRun | Readonly<Record<string, DrawnRun>>,
  options: RunFigureOptions = {},
): RunFigureChapter[] {
  const { isLog = false, smooth, over = 'both', metrics: wanted } = options;
  const named: [string, DrawnRun][] = isRun(runs) ? [['', runs]] : Object.entries(runs);
  const hasManyRuns = named.length > 1;
  const label = (run: string): string => (hasManyRuns ? run : '');
  requireKnown(
    named.map(([, run]) => run),
    wanted,
  );
  const isWanted = (key: string): boolean => wanted === undefined || wanted.some((name) => matches(key, name));
  const all = named.flatMap(([run, log]) =>
    [...allSeries(log)]
      .filter(([key]) => isWanted(key))
      .map(([key, series]): RunMetric => ({ ...parseMetricKey(key), run: label(run), series })),
  );
  const steps =
    wanted === undefined
      ? withoutZeroCounts(all.filter(({ isOfEpoch }) => !isOfEpoch))
      : all.filter(({ isOfEpoch }) => !isOfEpoch);
  const curves: CurveOptions = { isByEpoch: false, isLog, smooth, hasManyRuns };
  const epochs = over === 'steps' ? [] : byEpoch(all, over === 'epochs');
  const chapters = CHAPTERS.map((chapter): [string, NamedFigure[]] => {
    const own = steps.filter((metric) => metric.chapter === chapter);
    if (chapter !== 'metrics') return [TITLES[chapter], over === 'epochs' ? [] : chapterFigures(chapter, own, curves)];
    return [TITLES.metrics, over === 'epochs' ? [] : metricFigures(own, curves)];
  });
  chapters.splice(1, 0, ['Metrics by epoch', metricFigures(epochs, { ...curves, isByEpoch: true })]);
  if (over !== 'epochs') {
    const of = <T extends { readonly key: string }>(list: (run: DrawnRun) => readonly T[]): (T & { run: string })[] =>
      named.flatMap(([run, log]) =>
        list(log)
          .filter(({ key }) => isWanted(key))
          .map((record) => ({ ...record, run: label(run) })),
      );
    chapters.find(([title]) => title === TITLES.gradients)![1].push(...histogramFigures(of((log) => log.histograms)));
    chapters.splice(2, 0, ['Matrices', matrixFigures(of((log) => log.matrices))]);
  }
  return chapters.flatMap(([title, figures]) =>
    figures.length === 0
      ? []
      : [{ title, figures: figures.map(({ name, options: drawn }) => ({ name, figure: figure(drawn) })) }],
  );
}

const isRun = (runs: DrawnRun | Readonly<Record<string, DrawnRun>>): runs is DrawnRun => Array.isArray(runs.metrics);

/** Without counts of gradients, as `gradients/num_nonfinite`, that are 0 in every run all the time. */
function withoutZeroCounts(metrics: readonly RunMetric[]): RunMetric[] {
  const isZero = ({ series }: RunMetric): boolean => series.values.every((value) => value === 0);
  const counted = new Set(metrics.filter((metric) => !isZero(metric)).map(({ key }) => key));
  return metrics.filter(
    ({ key, name, chapter }) => chapter !== 'gradients' || !/(^|\/)num_/.test(name) || counted.has(key),
  );
}

/** Metrics of whole epochs, without those of one epoch unless they were asked for. Of logs without `epoch_summary`, the values at the ends of epochs. */
function byEpoch(all: readonly RunMetric[], isAsked: boolean): RunMetric[] {
  const summaries = all.filter(({ isOfEpoch }) => isOfEpoch);
  const chosen =
    summaries.length > 0 ? summaries : all.map((metric) => ({ ...metric, series: valuesAtEpochEnds(metric.series) }));
  const metrics = chosen.filter(
    ({ chapter, series, phase }) => chapter === 'metrics' && phase !== undefined && series.values.length > 0,
  );
  const hasEpochs = metrics.some(({ series }) => new Set(series.epochs).size > 1);
  return hasEpochs || isAsked ? metrics : [];
}

function matches(key: string, name: string): boolean {
  if (key === name || (name.endsWith('/') && key.startsWith(name))) return true;
  const parsed = parseMetricKey(key);
  return parsed.name === name || parsed.name.split('/').at(-1) === name || key === `epoch_summary/${name}`;
}

function requireKnown(runs: readonly DrawnRun[], wanted: readonly string[] | undefined): void {
  if (wanted === undefined) return;
  const keys = new Set(
    runs.flatMap((run) => [...allSeries(run).keys(), ...[...run.histograms, ...run.matrices].map(({ key }) => key)]),
  );
  const missing = wanted.filter((name) => ![...keys].some((key) => matches(key, name)));
  if (missing.length === 0) return;
  const known =
    keys.size === 0
      ? 'the log has none'
      : `there are ${[...keys].slice(0, 30).join(', ')}${keys.size > 30 ? ` and ${keys.size - 30} more` : ''}`;
  throw new RangeError(
    `Cannot draw ${missing.map((name) => `"${name}"`).join(', ')}: expected a metric of the run; ${known}`,
  );
}

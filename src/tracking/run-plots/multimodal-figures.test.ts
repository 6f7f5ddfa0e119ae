// The pictures of features and of components: which curves they have, and what is left out.
import { expect, test } from 'vitest';
import type { Panel } from '../plots/panels.ts';
import { chapterFigures } from './chapter-figures.ts';
import type { RunMetric } from './metric-figures.ts';
import { parseMetricKey } from './metric-key.ts';

const OPTIONS = { isByEpoch: false, isLog: false, smooth: undefined, hasManyRuns: false };

const metricsOf = (values: Readonly<Record<string, readonly number[]>>, run = ''): RunMetric[] =>
  Object.entries(values).map(([key, list]) => {
    const at = list.map((_, i) => 10 * i);
    return { ...parseMetricKey(key), run, series: { steps: at, epochs: at, values: list } };
  });

const linesOf = (panel: Panel): [title: string | undefined, labels: string[]] =>
  panel.kind === 'lines' ? [panel.title, panel.series.map(({ label }) => label)] : ['', []];

test('features: what is always as it should be has no picture', () => {
  const sound = {
    ...{ 'features/vision_variance': [1, 0.5], 'features/text_variance': [1, 1] },
    ...{ 'features/vision_std': [1, 1], 'features/text_std': [1, 1], 'features/collapsed': [0, 0] },
    ...{ 'features/similarity_mean': [0, 0.1], 'features/similarity_std': [0.1, 0.1] },
    ...{ 'features/vision_norm': [1, 1.009], 'features/text_norm': [1, 1], 'features/vision_dead_share': [0, 0] },
  };
  const panels = (values: Record<string, number[]>) =>
    chapterFigures('features', metricsOf({ ...sound, ...values }), OPTIONS)[0]!.options.panels.map(linesOf);
  expect(panels({})).toEqual([
    ['variance over a batch', ['vision', 'text']],
    ['similarities of both sides', ['mean', 'standard deviation']],
    ['spread of all elements', ['vision', 'text']],
  ]);
  const worse = panels({ 'features/collapsed': [0, 1], 'features/text_norm': [1, Number.NaN] });
  expect(worse.slice(3)).toEqual([
    ['looks that found a collapse', ['collapsed']],
    ['norms', ['vision', 'text']],
  ]);
  expect(metricsOf(sound).every(({ chapter }) => chapter === 'features')).toBe(true);
});

test('components: mean norms in one picture, of a single parameter its norm; how they were balanced in another', () => {
  const metrics = metricsOf({
    'gradients/grad_norm': [3, 3],
    'gradients/vision_model/grad_norm': [2, 2],
    'gradients/vision_model/avg_norm': [1, 0],
    'gradients/temperature/grad_norm': [0.5, 0.5],
    'gradients/imbalance': [2, 2],
    'balancing/ratio': [10, 10],
    'balancing/balanced_ratio': [10, 5],
    'balancing/target': [1, 1],
    'balancing/vision_factor': [1, 1.4],
  });
  const figures = chapterFigures('gradients', metrics, OPTIONS);
  expect(figures.map(({ name }) => name)).toEqual(['gradients components', 'gradients balancing', 'gradients norm']);
  expect(figures[0]!.options.panels.map(linesOf)).toEqual([
    ['mean norm of a parameter', ['vision_model', 'temperature']],
    ['greatest mean by least', ['greatest by least']],
  ]);
  expect(figures[0]!.options.panels[0]).toMatchObject({ yScale: 'log', series: [{ y: [1, 0] }, { y: [0.5, 0.5] }] });
  expect(figures[1]!.options.panels.map(linesOf)).toEqual([
    ['text by vision', ['gradients', 'with the factors', 'wanted']],
    ['factors of learning rates', ['vision']],
  ]);
  expect(figures[2]!.options.panels.map(linesOf)[0]![1]).toEqual(['grad_norm']);
});

test('several runs are compared metric by metric', () => {
  const of = (run: string) =>
    metricsOf({ 'gradients/a/avg_norm': [1], 'gradients/b/avg_norm': [1], 'features/text_std': [1] }, run);
  const many = { ...OPTIONS, hasManyRuns: true };
  const [gradients, features] = (['gradients', 'features'] as const).map((chapter) =>
    chapterFigures(
      chapter,
      [...of('one'), ...of('two')].filter((metric) => metric.chapter === chapter),
      many,
    ).map(({ name }) => name),
  );
  expect(gradients).toEqual(['gradients/a/avg_norm', 'gradients/b/avg_norm']);
  expect(features).toEqual(['features/text_std']);
});

test('alignment: that of all loaders and of each, apart', () => {
  const values = (at: number) => ({
    diag_mean: [at, 1],
    sim_mean: [0, 0],
    alignment_gap: [at, 1],
    alignment_snr: [1, 1],
  });
  const keyed = (before: string, at: number) =>
    Object.fromEntries(Object.entries(values(at)).map(([name, list]) => [`train/${before}${name}`, list]));
  const panels = (metrics: Record<string, number[]>) =>
    chapterFigures('alignment', metricsOf(metrics), OPTIONS)[0]!.options.panels;
  expect(panels({ ...keyed('', 0.5), ...keyed('dl_a/', 0.4), ...keyed('dl_b/', 0.6) })).toMatchObject([
    { title: 'train', diagMean: [0.5, 1] },
    { title: 'train a', diagMean: [0.4, 1] },
    { title: 'train b', diagMean: [0.6, 1] },
  ]);
  expect(panels({ ...keyed('', 0.5), ...keyed('dl_a/', 0.5) })).toHaveLength(1); // there is only one
});

// Pictures of a history, as multimodal_insight_engine's collector names them: one a metric, and one of alignment.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileStems } from '../file-stem.ts';
import { type Figure, figure } from '../plots/figure.ts';
import type { LineSeries } from '../plots/panels/lines.ts';
import type { MetricsHistory } from './metrics-history.ts';

/** Draws every metric of a history into `saveDir`, which is made where there is none: `train_loss` and `val_loss` are two lines of `loss.png`, by what stands before the first `_` or `/` of
 *  their names; a name without either has a picture of its own. Over steps where they are known, else over 1, 2, …, as epochs are. What was said of alignment becomes
 *  `alignment_metrics.png`: similarity of pairs against all, gap and signal to noise.
 *  Source: multimodal_insight_engine, trainers/multimodal/metrics_collector.py, plot_history.
 *  @returns the paths; none for an empty history. */
export async function plotHistory(history: MetricsHistory, saveDir: string): Promise<string[]> {
  await mkdir(saveDir, { recursive: true });
  const nextStem = fileStems({ keepsCase: true });
  const paths: string[] = [];
  for (const [name, picture] of historyFigures(history)) {
    const path = join(saveDir, `${nextStem(name)}.png`);
    await writeFile(path, await picture.toPng());
    paths.push(path);
  }
  return paths;
}

/** The pictures of a history by name, without the ending. */
export function historyFigures(history: MetricsHistory): [name: string, picture: Figure][] {
  const groups = new Map<string, LineSeries[]>();
  const isByStep = history.names.every((name) => history.getPoints(name).steps.every(Number.isFinite));
  for (const name of history.names) {
    const [, prefix = name, metric = name] = /^([^_/]+)[_/](.+)$/.exec(name) ?? [];
    const { values, steps } = history.getPoints(name);
    const x = isByStep ? steps : values.map((_, index) => index + 1);
    const label = prefix === name ? 'value' : prefix;
    groups.set(metric, [...(groups.get(metric) ?? []), { label, x, y: values }]);
  }
  const xLabel = isByStep ? 'step' : 'epoch';
  const pictures = [...groups].map(([metric, series]): [string, Figure] => {
    const panel = { kind: 'lines' as const, xLabel, yLabel: metric, series };
    return [metric, figure({ title: `${metric} over ${xLabel}s`, panels: [panel] })];
  });
  const { alignment } = history;
  if (alignment.length === 0) return pictures;
  const panel = {
    kind: 'alignment' as const,
    x: alignment.map(({ step }) => step),
    diagMean: alignment.map(({ diagMean }) => diagMean),
    simMean: alignment.map(({ simMean }) => simMean),
    gap: alignment.map(({ alignmentGap }) => alignmentGap),
    snr: alignment.map(({ alignmentSnr }) => alignmentSnr),
  };
  return [...pictures, ['alignment_metrics', figure({ title: 'alignment', panels: [panel] })]];
}

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MetricsHistory } from './metrics-history.ts';
import { historyFigures, plotHistory } from './plot-history.ts';

test('plotHistory() writes one picture a metric, and one of alignment, also of a history that has nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sconce-history-'));
  const history = new MetricsHistory();
  expect(await plotHistory(history, folder)).toEqual([]);
  history.updateAlignmentMetrics({ step: 1, diagMean: 0.5, simMean: 0.1, alignmentGap: 0.4, alignmentSnr: 2 });
  expect(await plotHistory(history, folder)).toEqual([join(folder, 'alignment_metrics.png')]);
  for (const loss of [0.5, 0.25]) {
    history.update({ loss, recalls: { top1: 1 - loss } }, 'train');
    history.update({ loss }, 'val');
  }
  await plotHistory(history, folder);
  expect(readdirSync(folder).sort()).toEqual(['alignment_metrics.png', 'loss.png', 'recalls.top1.png']);
  expect(readFileSync(join(folder, 'loss.png')).subarray(1, 4).toString()).toBe('PNG');
  rmSync(folder, { recursive: true });
});

test('historyFigures() draws a line for each prefix, over 1, 2, … or over steps', async () => {
  const history = new MetricsHistory();
  history.update({ loss: 1 }, 'train');
  history.update({ loss: 2 }, 'val');
  const [name, picture] = historyFigures(history)[0]!;
  expect([name, picture.title]).toEqual(['loss', 'loss over epochs']);
  const svg = await picture.toSvg();
  expect(svg).toContain('>train</text>');
  expect(svg).toContain('>val</text>');
  const run = MetricsHistory.fromEpochs([{ epoch: 0, 'train/loss': 1 }]);
  expect(historyFigures(run).map(([, { title }]) => title)).toEqual(['loss over epochs']);
  const stepped = MetricsHistory.fromRun({
    metrics: [{ kind: 'metrics', step: 3, microStep: 3, epoch: 0, time: 0, values: { 'val/loss': 1 } }],
  });
  expect(historyFigures(stepped).map(([, { title }]) => title)).toEqual(['loss over steps']);
});

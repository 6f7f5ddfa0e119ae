// That alignment is measured in a run of any trainer, logged, kept for the epoch, told by the diagnosis, and drawn.
import { expect, test } from 'vitest';
import { runFigures } from '../../tracking/run-plots.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import type { BatchFeatures } from '../batches/features.ts';
import { alignmentMetrics } from '../evaluation/alignment.ts';
import { AlignmentMonitor } from './alignment-monitor.ts';
import { pairsLoader, pairTrainer } from './testing/two-towers.ts';

const KEYS = ['diag_mean', 'sim_mean', 'alignment_gap', 'alignment_snr'] as const;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

async function monitored(change?: (features: BatchFeatures) => BatchFeatures, everyBatches = 2) {
  const log = new KeptLog();
  const made = pairTrainer({
    callbacks: [new AlignmentMonitor({ everyBatches })],
    loggers: [log],
    config: { logEveryNSteps: 3 },
    ...(change ? { change } : {}),
  });
  const history = await made.trainer.fit({ trainLoaders: [pairsLoader(24)] });
  return { log, history };
}

test('logs means of every n-th batch, and an epoch has them too', async () => {
  const seen: Record<string, number>[] = [];
  const { log, history } = await monitored((features) => {
    const values = Object.entries(alignmentMetrics(features.vision.detach(), features.text.detach()));
    seen.push(Object.fromEntries(values.map(([name, value]) => [name, value.item() as number])));
    return features;
  });
  expect(seen).toHaveLength(6);
  for (const key of KEYS) {
    const at = (...batches: number[]): number => mean(batches.map((batch) => seen[batch]![key]!));
    expect(log.series(`train/${key}`).slice(0, 2)).toEqual([
      [3, expect.closeTo(at(0, 2), 5)],
      [6, expect.closeTo(at(4), 5)],
    ]);
    expect(history[0]![`train/${key}`]).toBeCloseTo(at(0, 2, 4), 5);
  }
  const metrics = log.metrics.map(({ step, values }) => ({
    kind: 'metrics' as const,
    microStep: step,
    time: 0,
    step,
    epoch: 0,
    values,
  }));
  const chapters = runFigures({ metrics, histograms: [], matrices: [] }).map(({ title }) => title);
  expect(chapters).toContain('Alignment');
});

test('what is matched by ids counts as belonging together', async () => {
  const matchIds = [1, 1, 1, 1];
  const { log } = await monitored(({ vision, text }) => ({ vision, text, matchIds }), 1);
  const [diag, all] = [log.series('train/diag_mean'), log.series('train/sim_mean')];
  expect(diag.map(([, value]) => value)).toEqual(all.map(([, value]) => expect.closeTo(value, 5)));
});

test('pairs that do not fit are told by the diagnosis while the run trains', async () => {
  const { log } = await monitored(({ vision, text }) => ({ vision, text: text.flip([0]) }));
  expect(log.warnings.filter((text) => text.startsWith('Diagnosis: ')).join()).toContain(
    'Matched pairs do not stand out from the others',
  );
});

test('leaves steps with an alignment of their own to themselves, and says where there are no features', async () => {
  const log = new KeptLog();
  const config = { logEveryNSteps: 1, hooks: { enableDiagnosis: false } };
  const { trainer, model } = pairTrainer({ callbacks: [new AlignmentMonitor()], loggers: [log], config });
  const step = trainer.trainingStepFn!;
  trainer.setTrainingStep((...given) => ({ ...step(...given), diag_mean: 7 }));
  await trainer.fit({ trainLoaders: [pairsLoader(4)] });
  expect([log.series('train/diag_mean')[0], log.series('train/sim_mean')]).toEqual([[1, 7], []]);
  trainer.setTrainingStep((_, batch) => ({ loss: model.forward(batch as never).vision.sum() }));
  await trainer.fit({ trainLoaders: [pairsLoader(4)], maxEpochs: 3 });
  expect(log.warnings).toEqual([
    expect.stringMatching(/^AlignmentMonitor has nothing to look at: expected a training step whose output/),
  ]);
  expect(() => new AlignmentMonitor({ everyBatches: 0, every: 1 } as never)).toThrow(
    'Cannot make AlignmentMonitor: 2 problems',
  );
});

// Which losses are told, with what, how often, and what of it is in the log; on the host and on a device that nobody waits for.
import { describe, expect, test } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { diagnose } from '../../tracking/diagnosis/diagnose.ts';
import { MetricsHistory } from '../../tracking/history/metrics-history.ts';
import type { GenericTrainerOptions } from '../../trainer/generic-trainer.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import { tinyLoader, tinyTrainer } from '../../trainer/testing/tiny.ts';
import { LossAnomalies } from './loss-anomalies.ts';

interface Batch {
  readonly loss: number;
  readonly accuracy?: number;
}

/** A fit whose batches have these losses. `everySteps` is between log points. */
async function fitted(
  batches: readonly Batch[],
  { everySteps = 3, config = {} as GenericTrainerOptions['config'], check = new LossAnomalies() } = {},
) {
  const log = new KeptLog();
  const settings = {
    nonFinite: 'warn' as const,
    logEveryNSteps: everySteps,
    hooks: { enableDiagnosis: false },
    ...config,
  };
  const { trainer, model } = tinyTrainer({ callbacks: [check], loggers: [log], config: settings });
  trainer.setTrainingStep((_trainer, _batch, batchIndex) => {
    const { loss, accuracy } = batches[batchIndex]!;
    const made = model.first.weight.sum().mul(0).add(loss);
    return { loss: made, ...(accuracy === undefined ? {} : { accuracy: tensor(accuracy) }), scale: 0.5, text: 'no' };
  });
  const run = trainer.fit({ trainLoaders: [tinyLoader(2 * batches.length)] });
  const error: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { log, check, error, told: log.warnings.filter((text) => text.startsWith('Loss: ')) };
}

const ODD: readonly Batch[] = [
  ...[{ loss: 8 }, { loss: 8.5, accuracy: 0.5 }, { loss: 9, accuracy: 0.009 }, { loss: 100 }],
  ...[{ loss: 1e-7 }, { loss: 2e-6 }, { loss: 0 }, { loss: Number.NaN }, { loss: Number.POSITIVE_INFINITY }],
];

describe('LossAnomalies', () => {
  test('tells each kind once, with what stands beside the loss, and counts them', async () => {
    const { told, check, log } = await fitted(ODD);
    const where = (batch: number, beside: string): string =>
      `at batch ${batch} of loader "dl0" in step ${batch + 1} (${beside})`;
    expect(told).toEqual([
      `Loss: unusually high, 8.500, ${where(1, 'accuracy 0.5000, scale 0.5000')}`,
      `Loss: NEAR-ZERO ACCURACY DETECTED, the model is likely not learning, ${where(2, 'accuracy 0.009000, scale 0.5000')}`,
      `Loss: unusually low, 1e-7, ${where(4, 'scale 0.5000')}`,
      `Loss: NaN ${where(7, 'scale 0.5000')}`,
      `Loss: infinite ${where(8, 'scale 0.5000')}`,
    ]);
    expect(check.counts).toEqual({ nan: 1, infinite: 1, high: 3, near_zero_accuracy: 1, low: 1 });
    expect(log.series('loss_anomalies/high')).toEqual([
      [3, 2],
      [6, 1],
    ]);
    expect(log.series('loss_anomalies/nan')).toEqual([[9, 1]]);
  });

  test('of a device that works beside the host, tells the same at log points', async () => {
    const [host, beside] = [await fitted(ODD), await fitted(ODD, { check: new LossAnomalies({}, () => true) })];
    const inOrder = (texts: readonly string[]): string[] => texts.map((text) => text.replace(/ \(.*/, ''));
    expect(inOrder(beside.told)).toEqual(inOrder(host.told));
    expect(beside.told[1]).toContain('(scale 0.5000, accuracy 0.009000)');
    expect(beside.log.series('loss_anomalies/high')).toEqual(host.log.series('loss_anomalies/high'));
  });

  test('a run of sound losses has nothing of it in its log', async () => {
    const { told, log } = await fitted([{ loss: 8 }, { loss: 1 }, { loss: 0 }, { loss: -3 }]);
    expect([
      told,
      log.metrics.flatMap(({ values }) => Object.keys(values)).filter((key) => key.startsWith('loss_an')),
    ]).toEqual([[], []]);
  });

  test('where training ends by a loss that is not finite, it is told and counted before', async () => {
    const { told, error, log } = await fitted([{ loss: 1 }, { loss: Number.NaN }], { config: { nonFinite: 'error' } });
    expect(String(error)).toContain('Cannot go on training: expected a finite loss, got NaN');
    expect(told).toEqual([expect.stringMatching(/^Loss: NaN at batch 1 /)]);
    expect(log.series('loss_anomalies/nan')).toEqual([[1, 1]]);
  });

  test('bounds can be others, and options that are wrong are refused', async () => {
    const { check } = await fitted([{ loss: 3, accuracy: 0.2 }, { loss: 0.5 }], {
      check: new LossAnomalies({ highLoss: 2, lowLoss: 1, minAccuracy: 0.3 }),
    });
    expect(check.counts).toMatchObject({ high: 1, near_zero_accuracy: 1, low: 1 });
    expect(() => new LossAnomalies({ highLoss: Number.NaN, minAccuracy: '1', bound: 3 } as never)).toThrow(
      'Cannot make LossAnomalies: 3 problems',
    );
  });

  test('the diagnosis of the log says what there was', async () => {
    const { log } = await fitted(ODD);
    const history = new MetricsHistory();
    for (const { step, values } of log.metrics) history.updateFromRecord(values, { step, epoch: 0 });
    expect(diagnose(history).find(({ rule }) => rule === 'loss-anomalies')).toMatchObject({
      severity: 'critical',
      message:
        'Losses of single batches were conspicuous: 1 NaN, 1 infinite, 3 unusually high, 1 with an accuracy near zero, 1 unusually low',
    });
  });
});

// Statistics of features beside those computed by hand, when they are looked at, and what is said about them.
import { describe, expect, test } from 'vitest';
import { manualSeed, randn, type Tensor, tensor } from '../../tensor/index.ts';
import { diagnose } from '../../tracking/diagnosis/diagnose.ts';
import { featureFindings } from '../../tracking/diagnosis/feature-rules.ts';
import { MetricsHistory } from '../../tracking/history/metrics-history.ts';
import { KeptLog } from '../../trainer/testing/kept-log.ts';
import type { BatchFeatures } from '../batches/features.ts';
import { FeatureCollapseCheck } from './feature-collapse-check.ts';
import { featureStatistics } from './feature-statistics.ts';
import { pairsLoader, pairTrainer } from './testing/two-towers.ts';

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: readonly number[]): number =>
  values.reduce((sum, x) => sum + (x - mean(values)) ** 2, 0) / (values.length - 1);
const rowsOf = (features: Tensor): number[][] => features.toArray() as number[][];
const columnsOf = (rows: number[][]): number[][] => rows[0]!.map((_, j) => rows.map((row) => row[j]!));

describe('featureStatistics()', () => {
  test('are those of the formulas', () => {
    manualSeed(3);
    const [vision, text] = [randn([5, 3]), randn([5, 3]).mul(tensor([1, 1, 1e-4]))];
    const read = Object.fromEntries(Object.entries(featureStatistics({ vision, text })).map(([k, v]) => [k, v.item()]));
    const expected: Record<string, number> = {};
    for (const [side, features] of [
      ['vision', vision],
      ['text', text],
    ] as const) {
      const rows = rowsOf(features);
      const variances = columnsOf(rows).map(variance);
      expected[`${side}_variance`] = mean(variances);
      expected[`${side}_std`] = Math.sqrt(variance(rows.flat()));
      expected[`${side}_dead_share`] = variances.filter((each) => each < 1e-6).length / 3;
      expected[`${side}_norm`] = mean(rows.map((row) => Math.hypot(...row)));
      expected[`${side}_nonfinite_share`] = 0;
    }
    const cosine = (a: number[], b: number[]): number =>
      a.reduce((sum, x, i) => sum + x * b[i]!, 0) / (Math.hypot(...a) * Math.hypot(...b));
    const all = rowsOf(vision).flatMap((a) => rowsOf(text).map((b) => cosine(a, b)));
    expected.similarity_mean = mean(all);
    expected.similarity_std = Math.sqrt(variance(all));
    expect(Object.keys(read).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) expect(read[name], name).toBeCloseTo(value, 5);
    expect(read.text_dead_share).toBeCloseTo(1 / 3, 6);
  });

  test('of half precision are those of float32, and what is not finite is counted', () => {
    const vision = tensor([[1, 2], [Number.NaN, Number.POSITIVE_INFINITY]]); // biome-ignore format: a matrix
    const { vision_nonfinite_share: share, text_variance: small } = featureStatistics({
      vision,
      text: tensor([[1e-3, 0], [0, 1e-3]]).to('bfloat16'), // biome-ignore format: a matrix
    });
    expect(share!.item()).toBe(0.5);
    expect(small!.dtype).toBe('float32');
    expect(small!.item()).toBeCloseTo(5e-7, 8);
  });
});

async function checked(
  check: FeatureCollapseCheck,
  change?: (features: BatchFeatures) => BatchFeatures,
  { numPairs = 48, batchSize = 4, everySteps = 6 } = {},
) {
  const log = new KeptLog();
  const callbacks = [check];
  const config = { logEveryNSteps: everySteps, hooks: { enableDiagnosis: false } };
  const { trainer } = pairTrainer({ callbacks, loggers: [log], config, ...(change ? { change } : {}) });
  await trainer.fit({ trainLoaders: [pairsLoader(numPairs, batchSize)] });
  return log;
}

describe('FeatureCollapseCheck', () => {
  test('logs means over every n-th batch, at log points and at the end', async () => {
    const seen: number[] = [];
    const check = new FeatureCollapseCheck({ everyBatches: 2 });
    const log = await checked(
      check,
      (features) => {
        seen.push(featureStatistics(features).vision_variance!.item());
        return features;
      },
      { numPairs: 4 * 9 },
    );
    const looked = (batches: number[]): number => mean(batches.map((batch) => seen[batch]!));
    const points = log.series('features/vision_variance');
    expect(points.map(([step]) => step)).toEqual([6, 9]);
    expect(points[0]![1]).toBeCloseTo(looked([0, 2, 4]), 6);
    expect(points[1]![1]).toBeCloseTo(looked([6, 8]), 6);
    expect(log.series('features/collapsed').map(([, value]) => value)).toEqual([0, 0]);
    expect(check.latest.vision_norm).toBeCloseTo(1, 5);
    expect([check.findings, log.warnings]).toEqual([[], []]);
  });

  test('tells a collapse once, with variances and similarities, and the log says so too', async () => {
    const check = new FeatureCollapseCheck();
    const log = await checked(check, ({ vision, text }) => ({ vision, text: text.mul(0).add(0.5) }));
    expect(log.warnings).toHaveLength(1);
    expect(log.warnings[0]).toMatch(
      /^Features: FEATURE COLLAPSE DETECTED: the features of a batch hardly differ, their variance is vision 0\.\d+, text 0; similarities are -?0\.\d+ on average, with a standard deviation of 0\.\d+; look at/,
    );
    expect(check.findings.map(({ rule }) => rule)).toEqual(['feature-collapse']);
    const history = new MetricsHistory();
    for (const { step, values } of log.metrics) history.updateFromRecord(values, { step, epoch: 0 });
    expect(diagnose(history)[0]).toMatchObject({ rule: 'feature-collapse', severity: 'critical' });
  });

  test('a collapse in one batch of several is enough', async () => {
    let batch = 0;
    const log = await checked(new FeatureCollapseCheck({ everyBatches: 1 }), ({ vision, text }) => {
      batch += 1;
      return batch === 3 ? { vision: vision.mul(1e-4), text } : { vision, text };
    });
    expect(log.series('features/collapsed').map(([, share]) => share)).toEqual([expect.closeTo(1 / 6, 6), 0]);
    expect(log.warnings.some((text) => text.includes('FEATURE COLLAPSE DETECTED'))).toBe(true);
  });

  test('tells norms that are not 1, unless features are not meant to be normalised', async () => {
    const double = ({ vision, text }: BatchFeatures): BatchFeatures => ({ vision: vision.mul(2), text });
    const log = await checked(new FeatureCollapseCheck(), double);
    expect(log.warnings).toEqual([
      expect.stringMatching(/^Features: Features are not normalised: their mean norm is vision 2(\.000)?;/),
    ]);
    const free = await checked(new FeatureCollapseCheck({ isNormalized: false }), double);
    expect(free.warnings).toEqual([]);
    expect(free.series('features/vision_norm')).toEqual([]);
  });

  test('says so where a step hands over no features, and passes over batches of one', async () => {
    const log = new KeptLog();
    const { trainer, model } = pairTrainer({
      callbacks: [new FeatureCollapseCheck()],
      loggers: [log],
      config: { hooks: { enableDiagnosis: false } },
    });
    trainer.setTrainingStep((_, batch) => ({ loss: model.forward(batch as never).vision.sum() }));
    await trainer.fit({ trainLoaders: [pairsLoader(4)], maxEpochs: 2 });
    expect(log.warnings).toEqual([
      'FeatureCollapseCheck has nothing to look at: expected a training step whose output has { vision, text } under FEATURES, got none in an epoch',
    ]);
    const single = await checked(new FeatureCollapseCheck(), undefined, { numPairs: 3, batchSize: 1 });
    expect([single.series('features/vision_std'), single.warnings]).toEqual([[], []]);
  });

  test('refuses options that are wrong', () => {
    expect(
      () => new FeatureCollapseCheck({ everyBatches: 0, minVariance: -1, isNormalized: 1, other: 2 } as never),
    ).toThrow(
      [
        'Cannot make FeatureCollapseCheck: 4 problems',
        '  - other: expected one of everyBatches, minVariance, isNormalized, warn, name, got an unknown key',
        '  - everyBatches: expected an integer above 0, got 0',
        '  - minVariance: expected a number above 0, got -1',
        '  - isNormalized: expected true or false, got 1',
      ].join('\n'),
    );
  });
});

test('featureFindings() judge dead dimensions, spread and what is not finite', () => {
  const found = (values: Record<string, number>) =>
    featureFindings(values).map(({ rule, severity }) => `${rule} ${severity}`);
  expect(found({ vision_dead_share: 0.1, text_dead_share: 0 })).toEqual(['feature-dead-dimensions note']);
  expect(found({ vision_dead_share: 0.1, text_dead_share: 0.5 })).toEqual(['feature-dead-dimensions warning']);
  expect(found({ vision_std: 1e-4, text_std: 0.99e-4 })).toEqual(['feature-std warning']);
  expect(found({ vision_nonfinite_share: 0.01, collapsed: 0 })).toEqual(['feature-non-finite critical']);
  expect(found({ vision_norm: 1.009, text_norm: 0.989 })).toEqual(['feature-norm warning']);
  expect(found({ collapsed: 1, vision_std: 0, vision_dead_share: 1 })).toEqual(['feature-collapse critical']);
  expect(featureFindings({ vision_nonfinite_share: 0.25, text_nonfinite_share: 0 })[0]!.message).toBe(
    'Features are NaN or infinite: vision 25 % of their elements',
  );
});

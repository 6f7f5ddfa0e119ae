// Each rule with a series that it finds, and one that it just does not; what a whole diagnosis tells and leaves out.
import { describe, expect, test } from 'vitest';
import { MetricsHistory } from '../history/metrics-history.ts';
import { accuracyStuck, diagnoseTrainingIssues, lossExploding, lossPlateau, lossUnstable } from './collector-rules.ts';
import { componentGradients, gradientImbalance } from './component-rules.ts';
import { DIAGNOSIS_RULES, diagnose, diagnoseRun } from './diagnose.ts';
import { featureCollapse, featureDeadDimensions, featureNonFinite, featureNorm, featureStd } from './feature-rules.ts';
import type { Finding } from './finding.ts';
import { accuracyAtChance, bestLongAgo, gradientsExploding, gradientsVanishing, lossFlat } from './further-rules.ts';
import { lossAnomalies, modalityImbalance } from './loss-rules.ts';
import { type Rule, RunView } from './run-view.ts';
import {
  alignmentGap,
  alignmentNoise,
  learningRateTooHigh,
  lossRising,
  noImprovement,
  nonFinite,
  overfitting,
} from './tracker-rules.ts';

type Series = Readonly<Record<string, readonly number[]>>;

/** A history with one value an epoch. */
function epochsOf(series: Series): MetricsHistory {
  const history = new MetricsHistory();
  for (const [name, values] of Object.entries(series))
    for (const [epoch, value] of values.entries()) history.update({ [name]: value }, '', { epoch });
  return history;
}

/** A history of log points of one epoch. */
function stepsOf(series: Series): MetricsHistory {
  const history = new MetricsHistory();
  for (const [name, values] of Object.entries(series))
    for (const [i, value] of values.entries()) history.update({ [name]: value }, '', { step: 10 * i, epoch: 0 });
  return history;
}

const find = (rule: Rule, history: MetricsHistory): Finding | undefined => rule(new RunView(history));
const times = <T>(count: number, value: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => value(i));
const alternating = (mean: number, spread: number): number[] =>
  times(10, (i) => mean + (i % 2 === 0 ? spread : -spread));
const aligned = (alignmentGap: number, alignmentSnr: number, numEpochs: number): MetricsHistory => {
  const history = epochsOf({ 'train/loss': times(numEpochs, (i) => 1 / (i + 1)) });
  history.updateAlignmentMetrics({ step: 1, diagMean: 0.3 + alignmentGap, simMean: 0.3, alignmentGap, alignmentSnr });
  return history;
};
/** 60 log points: the rate goes as `rate`, the loss with it and along `trend`. */
const withRates = (rate: (i: number) => number, loss: (i: number) => number, count = 60): MetricsHistory =>
  stepsOf({ lr: times(count, rate), 'train/loss': times(count, loss) });

const CASES: readonly (readonly [rule: Rule, found: MetricsHistory, not: MetricsHistory, why: string])[] = [
  [lossPlateau, epochsOf({ 'train/loss': [3, 1, 1, 1] }), epochsOf({ 'train/loss': [3, 1, 1, 0.999] }), 'it fell once'],
  [lossPlateau, epochsOf({ train_loss: [1, 1, 2] }), epochsOf({ train_loss: [1, 1] }), 'two values'],
  [lossExploding, epochsOf({ 'train/loss': [100.1] }), epochsOf({ 'train/loss': [100] }), 'at the bound'],
  [lossExploding, epochsOf({ 'train/loss': [1, 2.01] }), epochsOf({ 'train/loss': [1, 2] }), 'twice the first'],
  [
    accuracyStuck,
    epochsOf({ 'train/accuracy': [0, 0.5, 0.509, 0.491, 0.505, 0.5] }),
    epochsOf({ 'train/accuracy': [0, 0.5, 0.509, 0.491, 0.505, 0.511] }),
    'the last one moved',
  ],
  [
    lossUnstable,
    epochsOf({ 'train/loss': alternating(1, 0.51) }),
    epochsOf({ 'train/loss': alternating(1, 0.5) }),
    'half',
  ],
  [
    lossUnstable,
    epochsOf({ 'train/loss': alternating(1, 0.6) }),
    epochsOf({ 'train/loss': alternating(1, 0.6).slice(1) }),
    'nine values',
  ],
  [
    lossRising,
    epochsOf({ 'train/loss': [9, 1, 2, 3] }),
    epochsOf({ 'train/loss': [9, 1, 2, 2] }),
    'the last one stayed',
  ],
  [lossRising, epochsOf({ 'train/loss': [9, 1, 2, 3] }), epochsOf({ 'train/loss': [1, 2, 3] }), 'three epochs'],
  [
    overfitting,
    epochsOf({ 'train/loss': [1, 1], 'val/loss': [1, 2.01] }),
    epochsOf({ 'train/loss': [1, 1], 'val/loss': [1, 2] }),
    'twice',
  ],
  [
    overfitting,
    epochsOf({ 'train/loss': [1, 1], 'val/loss': [3, 3] }),
    epochsOf({ 'train/loss': [1], 'val/loss': [3] }),
    'one epoch',
  ],
  [nonFinite, epochsOf({ 'val/f1': [1, Number.NaN] }), epochsOf({ 'val/f1': [Number.NaN, 1] }), 'it came back'],
  [
    noImprovement,
    epochsOf({ 'val/loss': [2, 1, 1.5, 1.5, 1.5, 1] }),
    epochsOf({ 'val/loss': [2, 1, 1.5, 1.5, 1.5] }),
    'three epochs',
  ],
  [
    learningRateTooHigh,
    withRates(
      (i) => i,
      (i) => 1 + i,
    ),
    withRates(
      (i) => 60 - i,
      (i) => 60 - i,
    ),
    'both fall',
  ],
  [
    learningRateTooHigh,
    withRates(
      (i) => i,
      (i) => 1 + i,
      51,
    ),
    withRates(
      (i) => i,
      (i) => 1 + i,
      50,
    ),
    '50 points',
  ],
  [
    learningRateTooHigh,
    withRates(
      (i) => i,
      (i) => i + 23 * Math.sin(7 * i),
    ),
    withRates(
      (i) => i,
      (i) => i + 27 * Math.sin(7 * i),
    ),
    'too loosely',
  ],
  [alignmentGap, aligned(0.049, 2, 1), aligned(0.05, 2, 1), 'at the bound'],
  [alignmentNoise, aligned(0.2, 0.99, 1), aligned(0.2, 1, 1), 'at the bound'],
  [
    lossFlat,
    epochsOf({ 'train/loss': [1, 1.009, 0.991, 1, 1] }),
    epochsOf({ 'train/loss': [1, 1, 1, 1, 0.98] }),
    'it moved',
  ],
  [lossFlat, stepsOf({ 'train/loss': times(20, () => 1) }), stepsOf({ 'train/loss': times(19, () => 1) }), '19 points'],
  [
    gradientsExploding,
    stepsOf({ 'gradients/grad_norm': [5, 5, 5, 101, 101, 101] }),
    stepsOf({ 'gradients/grad_norm': [5, 5, 5, 101, 5, 5] }),
    'one outlier',
  ],
  [
    gradientsExploding,
    stepsOf({ 'gradients/grad_norm': [5, 5, 5, 101, 101, 101] }),
    stepsOf({ 'gradients/grad_norm': [5.1, 5.1, 5.1, 101, 101, 101] }),
    'less than 20 times',
  ],
  [
    gradientsVanishing,
    stepsOf({ 'gradients/grad_norm': [1, 1, 1, 9e-8, 9e-8, 9e-8], 'train/loss': [2, 2] }),
    stepsOf({ 'gradients/grad_norm': [1, 1, 1, 9e-8, 9e-8, 9e-8], 'train/loss': [2, 0.01] }),
    'the loss has fallen',
  ],
  [
    gradientsVanishing,
    stepsOf({ 'gradients/grad_norm': [1, 1, 1, 9e-5, 9e-5, 9e-5] }),
    stepsOf({ 'gradients/grad_norm': [1, 1, 1, 1.1e-4, 1.1e-4, 1.1e-4] }),
    'not small',
  ],
  [
    accuracyAtChance,
    epochsOf({ 'val/loss': [2.3, 2.31, 2.31], 'val/accuracy': [0.1, 0.1, 0.105] }),
    epochsOf({ 'val/loss': [2.3, 2.31, 2.31], 'val/accuracy': [0.1, 0.1, 0.13] }),
    'better than chance',
  ],
  [
    accuracyAtChance,
    epochsOf({ 'train/loss': [0.7, 0.7, 0.7], 'train/accuracy': [0.5, 0.5, 0.5] }),
    epochsOf({ 'train/loss': [0.7, 0.7, 0.66], 'train/accuracy': [0.5, 0.5, 0.5] }),
    'the loss is below',
  ],
  [
    bestLongAgo,
    epochsOf({ 'val/loss': [2, 1, ...times(8, () => 1.11)] }),
    epochsOf({ 'val/loss': [2, 1, ...times(8, () => 1.09)] }),
    'less than a tenth',
  ],
  [
    bestLongAgo,
    epochsOf({ 'val/accuracy': [0.1, 0.9, ...times(8, () => 0.8)] }),
    epochsOf({ 'val/accuracy': [0.1, 0.5, 0.5, 0.5, 0.5, 0.9, 0.8, 0.8, 0.8, 0.8] }),
    'in the second half',
  ],
  [
    componentGradients,
    stepsOf({ 'gradients/vision_model/grad_norm': [2, 3], 'gradients/vision_model/avg_norm': [1, 9e-6] }),
    stepsOf({ 'gradients/vision_model/grad_norm': [1, 9e-6], 'gradients/vision_model/avg_norm': [1, 1e-5] }),
    'at the bound',
  ],
  [
    componentGradients,
    stepsOf({ 'gradients/first.bias/grad_norm': [1, 0] }),
    stepsOf({ 'gradients/first.bias/grad_norm': [0, 1], 'gradients/grad_norm': [1, 0] }),
    'it was earlier, or of all together',
  ],
  [
    gradientImbalance,
    stepsOf({ 'gradients/imbalance': [1, 101, 101, 1] }),
    stepsOf({ 'gradients/imbalance': [101, 100, 1, 101] }),
    'at most of the last looks it was less',
  ],
  [
    featureCollapse,
    stepsOf({ 'features/collapsed': [0, 0.1], 'features/vision_variance': [1, 1e-5] }),
    stepsOf({ 'features/collapsed': [1, 0], 'features/vision_variance': [1, 1e-5] }),
    'the last looks found none',
  ],
  [
    featureNonFinite,
    stepsOf({ 'features/text_nonfinite_share': [0, 0.001] }),
    stepsOf({ 'features/text_nonfinite_share': [0.5, 0] }),
    'it is over',
  ],
  [
    featureStd,
    stepsOf({ 'features/text_std': [1, 9e-5] }),
    stepsOf({ 'features/text_std': [1, 1e-4] }),
    'at the bound',
  ],
  [
    featureDeadDimensions,
    stepsOf({ 'features/vision_dead_share': [0.01] }),
    stepsOf({ 'features/vision_dead_share': [0] }),
    'none is dead',
  ],
  [
    lossAnomalies,
    stepsOf({ 'loss_anomalies/high': [1, 2], 'loss_anomalies/near_zero_accuracy': [1] }),
    stepsOf({ 'loss_anomalies/high': [0] }),
    'none were counted',
  ],
  [
    modalityImbalance,
    stepsOf({ 'gradients/vision_text_ratio': [1, 1, 0.09, 0.09] }),
    stepsOf({ 'gradients/vision_text_ratio': [0.09], 'balancing/balanced_ratio': [50, 9.9, 9.9] }),
    'it was balanced',
  ],
  [
    modalityImbalance,
    stepsOf({ 'balancing/balanced_ratio': [1, 10.1, 10.1] }),
    stepsOf({ 'balancing/balanced_ratio': [10.1, 9, 9] }),
    'at most of the last looks it was less',
  ],
  [featureNorm, stepsOf({ 'features/text_norm': [1.011] }), stepsOf({ 'features/text_norm': [0.991] }), 'within 0.01'],
];

describe.each(CASES.map(([rule, ...rest]) => [rule.name, rule, ...rest] as const))(
  '%s',
  (name, rule, found, not, why) => {
    test(`finds it, and not where ${why}`, () => {
      const finding = find(rule, found);
      expect(finding?.rule?.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())).toBe(name);
      expect(finding?.advice?.length).toBeGreaterThan(10);
      expect(finding?.message).toMatch(/^[A-Zvt].*[^.]$/);
      expect(find(rule, not)).toBeUndefined();
    });
  },
);

test('every rule has its case, and finds nothing in nothing', () => {
  const tested = new Set(CASES.map(([rule]) => rule));
  expect(DIAGNOSIS_RULES.filter((rule) => !tested.has(rule)).map(({ name }) => name)).toEqual([]);
  expect(diagnose(new MetricsHistory())).toEqual([]);
});

test('gradients of components: what is worst is told first, and says how much it matters', () => {
  const of = (norms: Series) => find(componentGradients, stepsOf(norms))!;
  const [large, zero, nan] = [[6], [0], [Number.NaN]];
  expect(of({ 'gradients/a/avg_norm': large }).severity).toBe('note');
  const all = of({ 'gradients/a/avg_norm': large, 'gradients/b/grad_norm': zero, 'gradients/c/avg_norm': nan });
  expect(all.severity).toBe('critical');
  expect(all.message).toBe('Gradients of components are conspicuous: c (NaN, NaN), b (ZeroGrad, 0), a (VeryLarge, 6)');
  expect(of({ 'gradients/a/avg_norm': large, 'gradients/b/grad_norm': zero }).severity).toBe('warning');
  const severe = find(gradientImbalance, stepsOf({ 'gradients/imbalance/optimizer_1': [1001] }))!;
  expect([severe.severity, severe.message]).toEqual([
    'warning',
    'Gradients are severely imbalanced: those of one component are 1,001 times those of another',
  ]);
});

test('alignment is critical after three epochs only', () => {
  for (const rule of [alignmentGap, alignmentNoise]) {
    expect(find(rule, aligned(0.019, 0.49, 3))?.severity).toBe('critical');
    expect(find(rule, aligned(0.019, 0.49, 2))?.severity).toBe('warning');
    expect(find(rule, aligned(0.02, 0.5, 3))?.severity).toBe('warning');
    expect(find(rule, aligned(0.019, 0.49, 0))).toBeUndefined();
  }
});

describe('diagnoseTrainingIssues()', () => {
  test('has the texts of multimodal_insight_engine, in its order', () => {
    const history = new MetricsHistory();
    expect(diagnoseTrainingIssues(history)).toBe('No training metrics available for diagnostics.');
    history.update({ loss: 1 }, 'train');
    expect(diagnoseTrainingIssues(history)).toBe('No obvious training issues detected from metrics.');
    for (const loss of [1, 1, 1, 1, 1, 1, 90, 95, 200]) history.update({ loss, accuracy: 0.5 }, 'train');
    expect(diagnoseTrainingIssues(history)).toBe(
      [
        'Training issues detected:',
        '  - Loss is not decreasing (plateau detected)',
        '  - Loss may be exploding',
        '  - Accuracy not improving (possible vanishing gradients)',
        '  - Loss is unstable (high variance)',
      ].join('\n'),
    );
  });
});

describe('diagnose()', () => {
  test('finds nothing in a run that goes well', () => {
    const losses = times(20, (i) => 2 * 0.8 ** i + 0.1 + 0.01 * Math.sin(i));
    const history = epochsOf({
      'train/loss': losses,
      'val/loss': losses.map((loss) => loss * 1.1),
      'train/accuracy': losses.map((loss) => 1 - loss / 3),
      lr: losses,
    });
    expect(diagnose(history)).toEqual([]);
  });

  test('tells the worst first, and leaves out what another finding says too', () => {
    const history = epochsOf({ 'train/loss': [1, 2, 3, 4], 'val/loss': [1, 2, 3, 9] });
    expect(diagnose(history).map(({ rule }) => rule)).toEqual(['loss-exploding', 'overfitting']);
    expect(diagnose(history, [lossRising]).map(({ rule }) => rule)).toEqual(['loss-rising']);
  });
});

test('of a log, epochs count and not its points: their summaries, or else the means of training and the last values of validation', () => {
  const at = { kind: 'metrics', microStep: 0, time: 0 } as const;
  const record = (step: number, epoch: number, values: Readonly<Record<string, number>>) => ({
    ...at,
    step,
    epoch,
    values,
  });
  const noisy = times(40, (i) => record(i, Math.floor(i / 10), { 'train/loss': 4 - i / 20 + (i % 10) / 5 }));
  expect(diagnoseRun({ metrics: noisy })).toEqual([]);
  const view = new RunView(
    MetricsHistory.fromRun({ metrics: [record(1, 0, { 'val/loss': 3 }), record(2, 0, { 'val/loss': 1 })] }),
  );
  expect(view.epochs('val/loss')).toEqual([1]);
  const whole = times(4, (i) => record(10 * i, i, { 'train/loss': 0.1, 'epoch_summary/train/loss': [9, 1, 2, 3][i]! }));
  expect(diagnoseRun({ metrics: whole }).map(({ rule }) => rule)).toEqual(['loss-rising']);
});

test('diagnose() is content with an accuracy that stands still at the top', () => {
  const rulesOf = (accuracy: number): string[] => {
    const losses = times(6, (i) => 1 / (i + 2));
    return diagnose(epochsOf({ 'train/loss': losses, 'train/accuracy': times(6, () => accuracy) })).map(
      ({ rule }) => rule,
    );
  };
  expect([rulesOf(0.99), rulesOf(0.7)]).toEqual([[], ['accuracy-stuck']]);
});

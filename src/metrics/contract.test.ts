// One suite for every metric: what it gives without an update, state in the middle, parts put together, and that nothing is left behind. A new metric adds one line.
import { describe, expect, it } from 'vitest';
import { manualSeed, rand, randint, randn, scope, type Tensor } from '../tensor/index.ts';
import { liveTensors } from '../tensor/scope.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import {
  Accuracy,
  AUROC,
  AveragePrecision,
  BatchRetrievalRecall,
  BLEUScore,
  CalibrationError,
  CharErrorRate,
  ConfusionMatrix,
  F1Score,
  isMergeable,
  MeanAbsoluteError,
  MeanMetric,
  MeanSquaredError,
  type MergeableMetric,
  PearsonCorrelation,
  Perplexity,
  Precision,
  R2Score,
  Recall,
  RetrievalMRR,
  RetrievalRecall,
  SpearmanCorrelation,
  SumMetric,
  WordErrorRate,
} from './index.ts';

type AnyMetric = MergeableMetric<never[]>;
interface Entry {
  readonly make: () => AnyMetric;
  readonly batch: () => unknown[];
  /** What it gives without an update. Default: nothing. */
  readonly empty?: Record<string, number>;
}

const many = { task: 'multiclass', numClasses: 4 } as const;
const labels = { task: 'multilabel', numLabels: 3 } as const;
const classes = (shape: number[], high = 4): Tensor => randint(0, high, shape, { dtype: 'int64' });
const scores = (): unknown[] => [randn([7, 4]), classes([7])];
const decisions = (): unknown[] => [rand([7, 3]), classes([7, 3], 2)];
const series = (): unknown[] => [randn([7, 2]), randn([7, 2])];
const texts = (): unknown[] => [[['a', 'b', 'c', 'd', 'e']], [[['a', 'b', 'c', 'd', 'f']]]];

const METRICS: Readonly<Record<string, Entry>> = {
  Accuracy: { make: () => new Accuracy(many), batch: scores },
  'Accuracy of labels': { make: () => new Accuracy(labels), batch: decisions },
  Precision: { make: () => new Precision(many), batch: scores },
  Recall: { make: () => new Recall(many), batch: scores },
  F1Score: { make: () => new F1Score(many), batch: scores },
  AUROC: { make: () => new AUROC(many), batch: scores },
  'AUROC at thresholds': { make: () => new AUROC({ ...many, thresholds: 9 }), batch: scores },
  AveragePrecision: { make: () => new AveragePrecision(labels), batch: decisions },
  ConfusionMatrix: { make: () => new ConfusionMatrix(many), batch: scores },
  CalibrationError: { make: () => new CalibrationError(many), batch: scores },
  MeanSquaredError: { make: () => new MeanSquaredError(), batch: series },
  MeanAbsoluteError: { make: () => new MeanAbsoluteError(), batch: series },
  R2Score: { make: () => new R2Score(), batch: series },
  PearsonCorrelation: { make: () => new PearsonCorrelation(), batch: series },
  SpearmanCorrelation: { make: () => new SpearmanCorrelation(), batch: series },
  Perplexity: {
    make: () => new Perplexity(),
    batch: () => [randn([2, 3, 4]), classes([2, 3])],
    empty: { perplexity: Number.POSITIVE_INFINITY },
  },
  BLEUScore: { make: () => new BLEUScore(), batch: texts },
  CharErrorRate: { make: () => new CharErrorRate(), batch: () => [['a cat'], ['the cat sat']] },
  WordErrorRate: { make: () => new WordErrorRate(), batch: () => [['a cat'], ['the cat sat']] },
  RetrievalRecall: { make: () => new RetrievalRecall(), batch: series },
  RetrievalMRR: { make: () => new RetrievalMRR(), batch: series },
  'RetrievalMRR with labels': { make: () => new RetrievalMRR(), batch: () => [...series(), classes([7])] },
  'RetrievalRecall of two lengths': {
    make: () => new RetrievalRecall(),
    batch: () => [randn([3, 2]), randn([7, 2]), classes([3]), classes([7])],
  },
  BatchRetrievalRecall: { make: () => new BatchRetrievalRecall(), batch: series },
  MeanMetric: { make: () => new MeanMetric(), batch: () => [randn([5]), rand([5])] },
  SumMetric: { make: () => new SumMetric(), batch: () => [randn([5])] },
};

const read = (metric: AnyMetric): unknown => ({ values: metric.compute(), matrices: metric.matrices?.() });

describe.each(Object.entries(METRICS))('%s', (_name, { make, batch, empty = {} }) => {
  /** The same batches every time. */
  function batches(): unknown[][] {
    manualSeed(5);
    return Array.from({ length: 5 }, batch);
  }
  const update = (metric: AnyMetric, parts: unknown[][]): AnyMetric => {
    for (const part of parts) scope(() => metric.update(...(part as never[])));
    return metric;
  };

  it('gives nothing without an update, and after reset()', () => {
    const metric = make();
    expect(metric.compute()).toEqual(empty);
    expect(metric.matrices?.() ?? {}).toEqual({});
    const first = read(update(metric, batches()));
    expect(first).not.toEqual(read(make()));
    metric.reset();
    expect(metric.compute()).toEqual(empty);
    expect(read(update(metric, batches()))).toEqual(first);
    metric.reset();
  });

  it('saved and restored in the middle, and read on the way, gives the same bits', () => {
    const whole = read(update(make(), batches()));
    let parts = make();
    for (const part of batches()) {
      update(parts, [part]);
      read(parts);
      const next = make();
      update(next, [batch()]); // is overwritten
      next.loadState(parts.state());
      parts.reset();
      parts = next;
    }
    expect(read(parts)).toEqual(whole);
  });

  it('put together of two parts gives what one has of all, and takes an empty part', () => {
    const [first, second] = [update(make(), batches().slice(0, 2)), update(make(), batches().slice(2))];
    first.merge(make().state());
    first.merge(second.state());
    const expected = update(make(), batches());
    for (const [name, value] of Object.entries(expected.compute()))
      expect(first.compute()[name]).toBeCloseTo(value, 12);
    expect(first.matrices?.()).toEqual(expected.matrices?.());
    const late = make();
    late.merge(expected.state());
    expect(read(late)).toEqual(read(expected));
  });

  it('keeps its tensors beyond the step, frees them by reset(), and leaves its inputs and its states to their owners', () => {
    const parts = batches();
    const before = settledTensors();
    const metric = update(make(), parts);
    scope(() => metric.loadState(metric.state()));
    read(metric);
    metric.reset();
    expect(liveTensors()).toBe(before);
  });

  it('refuses a state of another kind', () => {
    expect(() => make().loadState({ nonsense: 1 })).toThrow(/^Cannot load the state of \w+: expected /);
    expect(() => make().merge({ nonsense: 1 })).toThrow(/^Cannot load the state of \w+: expected /);
    expect(isMergeable(make())).toBe(true);
  });
});

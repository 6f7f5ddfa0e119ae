// The history of metrics: the spelling of names, statistics over all values, and points that stay.
import { describe, expect, test } from 'vitest';
import { MetricsHistory } from './metrics-history.ts';

describe('MetricsHistory.update()', () => {
  test('spells names as multimodal_insight_engine does, and leaves out what is no number', () => {
    const history = new MetricsHistory();
    history.update(
      { loss: 0.5, recalls: { top1: 0.1, deep: { a: 1 } }, current_phase: 'warmup', list: [1, 2] },
      'train',
    );
    history.update({ loss: 2 });
    expect(history.names).toEqual(['train_loss', 'train_recalls.top1', 'train_recalls.deep.a', 'loss']);
  });

  test('reads a tensor of one element, and leaves out one of several', () => {
    const history = new MetricsHistory();
    const several = {
      numel: 2,
      item(): number {
        throw new Error('several elements');
      },
    };
    history.update({ loss: { numel: 1, item: () => 3 }, logits: several }, 'val');
    expect(history.toDict()).toEqual({ val_loss: [3] });
  });
});

describe('MetricsHistory', () => {
  test('an unknown metric is an empty list and no latest value', () => {
    const history = new MetricsHistory();
    expect(history.getMetric('none')).toEqual([]);
    expect(history.getLatest('none')).toBeUndefined();
    expect(history.getStatistics('none')).toBeUndefined();
    expect(history.getSummary()).toEqual({});
  });

  test('getSummary() takes the least of a loss for the best, the greatest of anything else, unless told', () => {
    const history = new MetricsHistory({ better: { val_error: 'min' } });
    for (const value of [3, 1, 2]) history.update({ loss: value, accuracy: value, error: value }, 'val');
    const { val_loss, val_accuracy, val_error } = history.getSummary();
    expect(val_loss).toEqual({ latest: 2, best: 1, mean: 2, std: Math.sqrt(2 / 3), count: 3 });
    expect(val_accuracy!.best).toBe(3);
    expect(val_error!.best).toBe(1);
  });

  test('getStatistics() says where the best value was, and keeps non-finite values apart', () => {
    const history = new MetricsHistory();
    const values = [Number.NaN, 4, 2, Number.POSITIVE_INFINITY, 2];
    for (const [i, loss] of values.entries()) history.update({ loss }, '', { step: 10 * i, epoch: i });
    expect(history.getStatistics('loss')).toMatchObject({ best: 2, bestStep: 20, bestEpoch: 2, min: 2, max: 4 });
    expect(history.getStatistics('loss')).toMatchObject({ mean: 8 / 3, count: 5, numNonFinite: 2, latest: 2 });
  });

  test('statistics of values none of which is finite are NaN', () => {
    const history = new MetricsHistory();
    history.update({ loss: Number.NaN });
    expect(history.getSummary().loss).toEqual({
      ...{ latest: Number.NaN, best: Number.NaN, mean: Number.NaN, std: Number.NaN },
      count: 1,
    });
  });

  test('maxPerSeries bounds the points: statistics stay exact, the end stays whole, and the rest covers the run evenly', () => {
    const history = new MetricsHistory({ maxPerSeries: 64 });
    const numValues = 10_000;
    const all = Array.from({ length: numValues }, (_, i) => Math.sin(i) + 1e6 / (i + 1));
    let most = 0;
    for (const [step, loss] of all.entries()) {
      history.update({ loss }, '', { step });
      most = Math.max(most, history.getMetric('loss').length);
    }
    expect(most).toBeLessThanOrEqual(64);
    const { values, steps } = history.getPoints('loss');
    expect(values).toEqual(steps.map((step) => all[step]));
    expect(steps.slice(-32)).toEqual(Array.from({ length: 32 }, (_, i) => numValues - 32 + i));
    expect(steps[0]).toBe(0);
    const old = steps.slice(
      0,
      steps.findLastIndex((step, i) => i > 0 && step > steps[i - 1]! + 1),
    );
    const gaps = new Set(old.slice(1).map((step, i) => step - old[i]!));
    expect([...gaps]).toHaveLength(1);
    expect(old.length).toBeGreaterThan(6);
    const mean = all.reduce((sum, value) => sum + value, 0) / numValues;
    const std = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numValues);
    const { best, ...statistics } = history.getStatistics('loss')!;
    expect(best).toBe(Math.min(...all));
    expect(statistics.bestStep).toBe(all.indexOf(best));
    expect(statistics.mean / mean).toBeCloseTo(1, 12);
    expect(statistics.std / std).toBeCloseTo(1, 12);
    expect(statistics.count).toBe(numValues);
  });

  test('the least bound keeps the newest two', () => {
    const history = new MetricsHistory({ maxPerSeries: 4 });
    for (let loss = 0; loss < 100; loss++) {
      history.update({ loss });
      expect(history.getMetric('loss').length).toBeLessThanOrEqual(4);
      expect(history.getMetric('loss').slice(-2)).toEqual([loss - 1, loss].filter((value) => value >= 0));
    }
  });

  test('the history of alignment is apart, bounded, and gone after clear()', () => {
    const history = new MetricsHistory({ maxPerSeries: 10 });
    for (let step = 0; step < 100; step++)
      history.updateAlignmentMetrics({ step, diagMean: 0.5, simMean: 0.1, alignmentGap: 0.4, alignmentSnr: 2 });
    expect(history.alignment.map(({ step }) => step)).toEqual(Array.from({ length: 10 }, (_, i) => 90 + i));
    expect(history.toDict()).toEqual({});
    history.update({ loss: 1 });
    history.clear();
    expect(history.alignment).toEqual([]);
    expect(history.names).toEqual([]);
  });

  test('fromDict() takes what toDict() gave in place of what was there, and refuses what is none', () => {
    const history = new MetricsHistory();
    history.update({ loss: 1, accuracy: 0.5 }, 'train');
    const dict = history.toDict();
    const other = new MetricsHistory();
    other.update({ old: 1 });
    other.fromDict(dict);
    expect(other.toDict()).toEqual(dict);
    const wrong = { good: [1], bad: 'text' } as unknown as Record<string, number[]>;
    expect(() => other.fromDict(wrong)).toThrow(
      'Cannot load a history: expected "bad" to be a list of numbers, got string',
    );
    expect(other.toDict()).toEqual(dict);
  });

  test('fromRun() has the log, with steps and epochs; fromEpochs() what fit returns', () => {
    const at = { kind: 'metrics', microStep: 0, time: 0 } as const;
    const metrics = [
      { ...at, step: 10, epoch: 0, values: { 'train/loss': 1 } },
      { ...at, step: 20, epoch: 1, values: { 'train/loss': 0.5, 'val/loss': 2 } },
    ];
    const history = MetricsHistory.fromRun({ metrics });
    expect(history.getPoints('train/loss')).toEqual({ values: [1, 0.5], steps: [10, 20], epochs: [0, 1] });
    expect(history.getStatistics('val/loss')).toMatchObject({ bestStep: 20, bestEpoch: 1 });
    const alignment = { diag_mean: 0.5, sim_mean: 0.25, alignment_snr: 2 };
    const named = (before: string) =>
      Object.fromEntries(Object.entries(alignment).map(([name, value]) => [before + name, value]));
    const values = { ...named('train/'), ...named('train/dl_a/'), ...named('epoch_summary/train/') };
    expect(MetricsHistory.fromRun({ metrics: [{ ...at, step: 5, epoch: 0, values }] }).alignment).toEqual([
      { step: 5, diagMean: 0.5, simMean: 0.25, alignmentGap: 0.25, alignmentSnr: 2 },
    ]);
    const epochs = MetricsHistory.fromEpochs([{ epoch: 3, 'val/loss': 1 }]);
    expect(epochs.getPoints('val/loss')).toEqual({ values: [1], steps: [Number.NaN], epochs: [3] });
  });

  test('refuses unknown options and bounds that keep nothing', () => {
    expect(() => new MetricsHistory({ max: 3 } as never)).toThrow(
      'Cannot make a MetricsHistory: expected options of { maxPerSeries, better }, got "max"',
    );
    for (const maxPerSeries of [3, -1, 4.5, Number.NaN])
      expect(() => new MetricsHistory({ maxPerSeries })).toThrow(RangeError);
  });
});

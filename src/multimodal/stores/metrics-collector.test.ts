// MetricsCollector: names, lists, lines, alignment, diagnosis, pictures, summaries, tensors and dicts; what multimodal_insight_engine's 26 tests are about, and its defect.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { temporaryFolder } from '../../trainer/testing/tiny.ts';
import { warningsOf } from '../testing/warnings.ts';
import { MetricsCollector } from './metrics-collector.ts';

/** A collector and the lines that it writes. */
function collector() {
  const lines: string[] = [];
  return { metrics: new MetricsCollector({ stream: { write: (text) => void lines.push(text) } }), lines };
}

const losses = (...values: number[]): MetricsCollector => {
  const { metrics } = collector();
  for (const loss of values) metrics.update({ loss }, 'train');
  return metrics;
};

describe('MetricsCollector.update()', () => {
  test('update() refuses what is no object of values', () => {
    for (const wrong of [3, [1], null])
      expect(() => new MetricsCollector().update(wrong as never)).toThrow(
        'Cannot update metrics: expected an object of values, as { loss: 0.5 }, got',
      );
  });

  test('begins with nothing', () => {
    const { metrics } = collector();
    expect(Object.keys(metrics.history)).toEqual([]);
    expect(metrics.alignment).toEqual([]);
    expect(metrics.getMetric('none')).toEqual([]);
    expect(metrics.getLatest('none')).toBeUndefined();
  });

  test('names metrics by their prefix, and what is nested by a dot', () => {
    const { metrics } = collector();
    metrics.update({ loss: 0.5, accuracy: 0.85 }, 'train');
    metrics.update({ loss: 0.4, recalls: { top1: 0.8, top5: 0.95 } }, 'val');
    metrics.update({ temperature: 0.07, recalls: { top1: 1 } });
    expect(metrics.toDict()).toEqual({
      ...{ train_loss: [0.5], train_accuracy: [0.85] },
      ...{ val_loss: [0.4], 'val_recalls.top1': [0.8], 'val_recalls.top5': [0.95] },
      ...{ temperature: [0.07], 'recalls.top1': [1] },
    });
  });

  test('keeps the order in which values came, for each prefix', () => {
    const { metrics } = collector();
    for (const loss of [3, 2, 1]) {
      metrics.update({ loss }, 'train');
      metrics.update({ loss: loss + 0.5 }, 'val');
    }
    expect(metrics.getMetric('train_loss')).toEqual([3, 2, 1]);
    expect(metrics.getMetric('val_loss')).toEqual([3.5, 2.5, 1.5]);
    expect(metrics.getLatest('val_loss')).toBe(1.5);
  });

  test('takes any name of a metric, also one that objects have', () => {
    const { metrics } = collector();
    metrics.update({ constructor: 1, toString: 2 });
    expect(metrics.getMetric('constructor')).toEqual([1]);
    expect(metrics.getMetric('hasOwnProperty')).toEqual([]);
    expect(metrics.getSummary().toString).toMatchObject({ latest: 2 });
  });

  test('reads tensors of one element when they come, and leaves out texts', () => {
    const { metrics } = collector();
    const loss = tensor(0.25);
    metrics.update({ loss, recalls: { top1: tensor([0.5]) }, current_phase: 'vicreg', all: tensor([1, 2]) }, 'train');
    loss.dispose();
    expect(metrics.toDict()).toEqual({ train_loss: [0.25], 'train_recalls.top1': [0.5] });
    expect(metrics.getSummary().train_loss!.mean).toBe(0.25);
  });
});

describe('MetricsCollector.history', () => {
  test('is what the methods see: lists may be added to and replaced', () => {
    const metrics = losses(1, 2, 3);
    metrics.history.train_loss!.push(4);
    expect(metrics.getLatest('train_loss')).toBe(4);
    metrics.history.train_loss = metrics.history.train_loss!.slice(-2);
    expect(metrics.getSummary().train_loss).toMatchObject({ count: 2, mean: 3.5 });
    metrics.history.mine = [7];
    expect(metrics.getMetric('mine')).toEqual([7]);
    metrics.history = { train_loss: [9] };
    metrics.update({ loss: 8 }, 'train');
    expect(metrics.toDict()).toEqual({ train_loss: [9, 8] });
  });

  test('is empty after clear(), for whoever holds it too, and alignment with it', () => {
    const metrics = losses(1);
    const { history } = metrics;
    metrics.updateAlignmentMetrics({ step: 1, diagMean: 0.8, simMean: 0.5, alignmentGap: 0.3, alignmentSnr: 2.5 });
    metrics.clear();
    expect(Object.keys(history)).toEqual([]);
    expect(metrics.history).toBe(history);
    expect(metrics.alignment).toEqual([]);
  });
});

describe('MetricsCollector.logMetrics()', () => {
  test('writes a line with four digits, and adds the values', () => {
    const { metrics, lines } = collector();
    metrics.logMetrics({ loss: 0.5, recalls: { top1: 0.8 } }, 'train');
    metrics.logMetrics({ loss: tensor(0.03125), current_phase: 'transition', bad: Number.NaN }, 'val');
    metrics.logMetrics({ loss: 1 });
    expect(lines).toEqual([
      'Train: loss=0.5000, recalls.top1=0.8000\n',
      'Val: loss=0.0312, current_phase=transition, bad=nan\n', // a half goes to the even digit
      'loss=1.0000\n',
    ]);
    expect(metrics.getMetric('train_recalls.top1')).toEqual([0.8]);
    expect(metrics.getMetric('val_bad')).toEqual([Number.NaN]);
  });

  test('adds by update(), which a subclass may have changed', () => {
    class Limited extends MetricsCollector {
      override update(metrics: Record<string, unknown>, prefix = ''): void {
        super.update(metrics, prefix);
        for (const key in this.history) this.history[key] = this.history[key]!.slice(-2);
      }
    }
    const metrics = new Limited({ stream: { write: () => {} } });
    for (const loss of [1, 2, 3, 4]) metrics.logMetrics({ loss }, 'train');
    expect(metrics.getMetric('train_loss')).toEqual([3, 4]);
  });
});

describe('MetricsCollector.updateAlignmentMetrics()', () => {
  test('adds points, of numbers or tensors', () => {
    const { metrics } = collector();
    const point = { step: 1000, diagMean: 0.8, simMean: 0.5, alignmentGap: 0.3, alignmentSnr: 2.5 };
    metrics.updateAlignmentMetrics(point);
    metrics.updateAlignmentMetrics({ ...point, step: 2000, diagMean: tensor(0.5) });
    expect(metrics.alignment).toEqual([point, { ...point, step: 2000, diagMean: 0.5 }]);
    expect(metrics.toDict()).toEqual({});
  });

  test('says all that is wrong with them', () => {
    const { metrics } = collector();
    expect(() => metrics.updateAlignmentMetrics({ step: 1, diagMean: 'a', gap: 2 } as never)).toThrow(
      /5 problems[\s\S]*diagMean: expected a number, or a tensor of one element, got "a"[\s\S]*gap: [\s\S]*simMean: [\s\S]*got none/,
    );
    expect(metrics.alignment).toEqual([]);
  });
});

describe('MetricsCollector.diagnoseTrainingIssues()', () => {
  const PLATEAU = '  - Loss is not decreasing (plateau detected)';
  const UNSTABLE = '  - Loss is unstable (high variance)';
  test.each([
    ['nothing', [], ['No training metrics available for diagnostics.']],
    ['a loss that falls', [1, 0.8, 0.6], ['No obvious training issues detected from metrics.']],
    ['a plateau', [0.5, 0.5, 0.6], ['Training issues detected:', PLATEAU]],
    ['two values alone', [0.5, 0.5], ['No obvious training issues detected from metrics.']],
    ['an explosion', [1, 0.5, 2.5], ['Training issues detected:', '  - Loss may be exploding']],
    ['one above 100', [150], ['Training issues detected:', '  - Loss may be exploding']],
    ['jumps', [9, 1, 9, 1, 9, 1, 9, 1, 9, 1], ['Training issues detected:', UNSTABLE]],
  ])('of %s', (_, values, lines) => {
    expect(
      losses(...values)
        .diagnoseTrainingIssues()
        .split('\n'),
    ).toEqual(lines);
  });

  test('of an accuracy that stands still', () => {
    const { metrics } = collector();
    for (let i = 0; i < 5; i++) metrics.update({ loss: 1 - 0.1 * i, accuracy: 0.5 + 0.001 * i }, 'train');
    expect(metrics.diagnoseTrainingIssues()).toBe(
      'Training issues detected:\n  - Accuracy not improving (possible vanishing gradients)',
    );
  });
});

describe('MetricsCollector.plotHistory()', () => {
  test('draws a picture for each metric, with its prefixes in one, and one of alignment', async () => {
    const saveDir = join(temporaryFolder(), 'new', 'plots');
    const metrics = losses(1, 0.5);
    metrics.update({ loss: 2, recalls: { top1: 0.5 } }, 'val');
    metrics.updateAlignmentMetrics({ step: 1, diagMean: 0.8, simMean: 0.5, alignmentGap: 0.3, alignmentSnr: 2.5 });
    const paths = await metrics.plotHistory({ saveDir });
    expect(paths).toEqual(['loss.png', 'recalls.top1.png', 'alignment_metrics.png'].map((name) => join(saveDir, name)));
    expect(paths.every(existsSync)).toBe(true);
  });

  test('draws alignment alone, too', async () => {
    const saveDir = temporaryFolder();
    const { metrics } = collector();
    metrics.updateAlignmentMetrics({ step: 1, diagMean: 0.8, simMean: 0.5, alignmentGap: 0.3, alignmentSnr: 2.5 });
    await metrics.plotHistory({ saveDir });
    expect(readdirSync(saveDir)).toEqual(['alignment_metrics.png']);
  });

  test('draws nothing of nothing, with a warning, and nothing without a folder', async () => {
    const { metrics } = collector();
    const saveDir = join(temporaryFolder(), 'plots');
    expect(await warningsOf(() => metrics.plotHistory({ saveDir }))).toEqual(['No metrics to plot']);
    expect(existsSync(saveDir)).toBe(false);
    expect(await losses(1).plotHistory()).toEqual([]);
    await expect(losses(1).plotHistory({ folder: 'x' } as never)).rejects.toThrow('folder: expected one of saveDir');
  });
});

describe('MetricsCollector.getSummary()', () => {
  test('has latest, best, mean, population deviation and count', () => {
    const { metrics } = collector();
    for (const value of [3, 1, 2]) metrics.update({ loss: value, accuracy: value }, 'train');
    const rest = { latest: 2, mean: 2, std: Math.sqrt(2 / 3), count: 3 };
    expect(metrics.getSummary()).toEqual({ train_loss: { ...rest, best: 1 }, train_accuracy: { ...rest, best: 3 } });
  });
});

describe('MetricsCollector.toDict() and fromDict()', () => {
  test('give copies, and take them in place of what is there', () => {
    const metrics = losses(1, 2);
    const dict = metrics.toDict();
    dict.train_loss!.push(3);
    expect(metrics.getMetric('train_loss')).toEqual([1, 2]);
    const other = losses(9);
    other.fromDict({ val_loss: [5] });
    expect(other.toDict()).toEqual({ val_loss: [5] });
    other.fromDict(metrics.toDict());
    expect(other.toDict()).toEqual({ train_loss: [1, 2] });
  });

  test('change nothing where a list is none', () => {
    const metrics = losses(1);
    expect(() => metrics.fromDict({ a: [1], b: 'x', c: ['y'] } as never)).toThrow(/2 problems[\s\S]*b: [\s\S]*c: /);
    expect(metrics.toDict()).toEqual({ train_loss: [1] });
  });

  test('state() has the alignment too, for a checkpoint', () => {
    const metrics = losses(1, 2);
    const point = { step: 1, diagMean: 0.8, simMean: 0.5, alignmentGap: 0.3, alignmentSnr: 2.5 };
    metrics.updateAlignmentMetrics(point);
    const { metrics: other } = collector();
    other.loadState(metrics.state());
    expect(other.toDict()).toEqual({ train_loss: [1, 2] });
    expect(other.alignment).toEqual([point]);
    expect(() => other.loadState({ history: { train_loss: [3] }, alignment: [{}] })).toThrow('expected a state of a');
    expect(other.toDict()).toEqual({ train_loss: [1, 2] });
  });
});

test('new MetricsCollector() refuses unknown options', () => {
  expect(() => new MetricsCollector({ file: 'x' } as never)).toThrow(
    'Cannot make MetricsCollector: file: expected one of stream, got an unknown option',
  );
});

// Metrics of steps and epochs with gaps, when training is to end, what is written, drawn and found.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import { temporaryFolder } from '../../trainer/testing/tiny.ts';
import { MetricsTracker, type MetricsTrackerOptions } from './metrics-tracker.ts';

const trackerOf = (options: Partial<MetricsTrackerOptions> = {}): MetricsTracker =>
  new MetricsTracker({ logDir: join(temporaryFolder(), 'logs'), issueDetection: false, ...options });

/** Epochs with these values each. */
function fill(tracker: MetricsTracker, epochs: readonly Record<string, number>[]): MetricsTracker {
  for (const [epoch, { train, ...val }] of epochs.entries()) {
    tracker.startEpoch(epoch);
    if (train !== undefined) tracker.updateEpochMetrics({ loss: train });
    tracker.updateEpochMetrics(val, 'val');
    tracker.checkEarlyStopping();
  }
  return tracker;
}

describe('MetricsTracker', () => {
  test('keeps values of steps, and those of epochs aligned with gaps', () => {
    const tracker = trackerOf();
    tracker.updateStepMetrics({ loss: tensor(0.5), recalls: { top1: 0.25 }, phase: 'warm-up' });
    tracker.updateStepMetrics({ loss: 0.25 });
    expect(tracker.stepMetrics).toEqual({ train_loss: [0.5, 0.25], 'train_recalls.top1': [0.25] });
    tracker.updateEpochMetrics({ loss: 1 });
    tracker.startEpoch(2);
    tracker.updateEpochMetrics({ loss: 3 });
    tracker.updateEpochMetrics({ loss: 2 });
    tracker.updateEpochMetrics({ loss: tensor([4]) }, 'val');
    expect(tracker.epochMetrics).toEqual({ train_loss: [1, null, 2], val_loss: [null, null, 4] });
    expect(tracker.getLatestMetrics()).toEqual({ train_loss: 2, val_loss: 4 });
    expect([tracker.globalStep, tracker.currentEpoch]).toEqual([2, 2]);
  });

  test('says when training is to end, and counts an epoch once', () => {
    const options = { earlyStopping: true, patience: 2 };
    const losses = [3, 1, 2, 2].map((loss) => ({ loss }));
    const tracker = fill(trackerOf(options), losses.slice(0, 3));
    for (let i = 0; i < 3; i++) expect(tracker.checkEarlyStopping()).toBe(false);
    expect(tracker.getBestMetrics()).toEqual({ epoch: 1, score: 1, val_loss: 1 });
    expect(fill(trackerOf(options), losses).stoppedEarly).toBe(true);
    expect(fill(trackerOf({ patience: 1 }), losses).stoppedEarly).toBe(false);
    const accuracies = [0.1, 0.5, 0.4].map((accuracy) => ({ accuracy }));
    const rising = fill(trackerOf({ ...options, patience: 1, monitor: 'val_accuracy', mode: 'max' }), accuracies);
    expect([rising.bestEpoch, rising.bestScore, rising.stoppedEarly]).toEqual([1, 0.5, true]);
  });

  test('finds what its rules find', () => {
    const issues = (epochs: readonly Record<string, number>[], change?: (tracker: MetricsTracker) => void): string => {
      const tracker = fill(trackerOf(), epochs);
      change?.(tracker);
      return tracker.checkForIssues().join('\n');
    };
    expect(issues([{ train: 1, loss: 1 }])).toBe('');
    expect(
      issues([
        { train: 1, loss: 1 },
        { train: 0.5, loss: 0.9 },
      ]),
    ).toBe('');
    expect(issues([1, 2, 3, 4].map((train) => ({ train })))).toContain('has risen for three epochs');
    expect(
      issues([
        { train: 1, loss: 1 },
        { train: 0.4, loss: 1 },
      ]),
    ).toContain('2.500 times the training loss');
    expect(issues([{ loss: 1 }, { loss: Number.NaN }])).toContain('NaN or infinite');
    expect(issues([1, 2, 2, 2, 2].map((loss) => ({ loss })))).toContain('has not improved for 4 epochs');
    const rates = (tracker: MetricsTracker): void => {
      for (let i = 0; i < 60; i++) tracker.updateStepMetrics({ learning_rate: i, loss: i });
    };
    expect(issues([{ train: 1 }, { train: 1 }], rates)).toContain('rises with the learning rate');
    const aligned = (gap: number, stdSimilarity: number) => (tracker: MetricsTracker) =>
      tracker.updateAlignmentMetrics({ diagSimilarity: 0.3 + gap, meanSimilarity: 0.3, stdSimilarity });
    const two = [{ train: 1 }, { train: 0.5 }];
    expect(issues(two, aligned(0.04, 0.01))).toContain('a gap of 0.0400');
    expect(issues(two, aligned(0.2, 0.3))).toContain('a signal-to-noise ratio of 0.6667');
    expect(issues(two, aligned(0.2, 0.1))).toBe('');
  });

  test('keeps the newest 1000 points of alignment', () => {
    const tracker = trackerOf();
    for (let step = 0; step < 2600; step++)
      tracker.updateAlignmentMetrics({ diagSimilarity: 0.5, meanSimilarity: 0.25, stdSimilarity: 0, step });
    expect(tracker.alignmentHistory).toHaveLength(1000);
    expect(tracker.alignmentHistory.at(-1)).toEqual({
      ...{ step: 2599, diagMean: 0.5, simMean: 0.25, alignmentGap: 0.25, alignmentSnr: expect.closeTo(25_000, 6) },
    });
  });

  test('endEpoch() writes metrics.json and draws, at its frequency', async () => {
    const tracker = trackerOf({ visualizationFrequency: 2 });
    const pictures = join(tracker.logDir, 'visualizations');
    tracker.startEpoch(1);
    tracker.updateEpochMetrics({ loss: Number.POSITIVE_INFINITY });
    await tracker.endEpoch();
    expect(existsSync(pictures)).toBe(false);
    tracker.startEpoch(2);
    tracker.updateEpochMetrics({ loss: 0.5, accuracy: 0.25 });
    tracker.updateEpochMetrics({ loss: 1 }, 'val');
    tracker.updateAlignmentMetrics({ diagSimilarity: 0.5, meanSimilarity: 0.25, stdSimilarity: 0.125, step: 9 });
    expect(await tracker.endEpoch()).toEqual({ train_loss: 0.5, train_accuracy: 0.25, val_loss: 1 });
    expect(readdirSync(pictures).sort()).toEqual(['accuracy.png', 'alignment_metrics.png', 'loss.png']);
    expect(JSON.parse(readFileSync(join(tracker.logDir, 'metrics.json'), 'utf8'))).toEqual({
      step_metrics: {},
      epoch_metrics: {
        train_loss: [null, 'Infinity', 0.5],
        train_accuracy: [null, null, 0.25],
        val_loss: [null, null, 1],
      },
      ...{ best_score: 1, best_epoch: 2, early_stopped: false, current_epoch: 2, global_step: 0 },
      alignment_history: {
        ...{ step: [9], diag_similarity: [0.5], mean_similarity: [0.25], alignment_gap: [0.25], signal_to_noise: [2] },
      },
    });
  });

  test('tells a finding once, unless that is off; what cannot be written is an error', async () => {
    const warnings: string[] = [];
    const listen = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', listen);
    try {
      for (const issueDetection of [true, false]) {
        const tracker = fill(trackerOf({ issueDetection, visualizationFrequency: 99 }), [
          { train: 1, loss: 1 },
          { train: 0.1, loss: 1 },
        ]);
        await tracker.endEpoch();
        await tracker.endEpoch();
      }
      await new Promise(setImmediate);
    } finally {
      process.off('warning', listen);
    }
    expect(warnings).toEqual([
      expect.stringMatching(/^MetricsTracker: The validation loss is 10 times the training loss/),
    ]);
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(trackerOf({ logDir: join(file, 'logs') }).saveMetrics()).rejects.toThrow(
      /^Cannot save metrics: expected to write /,
    );
    expect(() => new MetricsTracker({ mode: 'less', patience: 0 } as never)).toThrow(
      'Cannot make MetricsTracker: 3 problems',
    );
  });
});

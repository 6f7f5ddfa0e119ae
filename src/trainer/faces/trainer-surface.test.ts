// What can be read of a trainer: before the first fit, inside of one, and behind it.
import { describe, expect, test } from 'vitest';
import { EarlyStopping } from '../callbacks/early-stopping.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';

describe('GenericTrainer', () => {
  test('tells where it stands before, inside and behind a fit', async () => {
    const seen: unknown[] = [];
    const stop = new EarlyStopping({ monitor: 'val/loss', patience: 9 });
    const { trainer } = tinyTrainer({
      config: { checkpoint: { rootDir: temporaryFolder() }, validateEveryNEpochs: 2 },
      callbacks: [
        stop,
        {
          name: 'look',
          batchEnd: () =>
            void seen.push([trainer.resumeState.phase, trainer.currentDataloaderIdx, trainer.currentDataloaderName]),
        },
      ],
    });
    expect(trainer.getTrainingState()).toMatchObject({
      currentEpoch: 0,
      globalStep: 0,
      resumeState: { phase: undefined, loaders: undefined, step: 0 },
      performanceSummary: { totalSteps: 0, stepsPerSec: 0 },
    });
    expect([trainer.checkpointManager, trainer.dataloaderManager, trainer.logger, trainer.scaler]).toEqual(
      Array(4).fill(undefined),
    );
    await trainer.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(2)], maxEpochs: 3 });
    expect(seen[0]).toEqual(['train', 0, 'dl0']);
    const state = trainer.getTrainingState();
    expect(state).toMatchObject({ currentEpoch: 3, globalStep: 6, resumeState: { phase: undefined, epoch: 3 } });
    expect(state.resumeState.loaders).toEqual(trainer.dataloaderManager!.train.state());
    const { totalTimeSec, avgStepTimeSec, memoryStats } = trainer.performanceMonitor.getPerformanceSummary();
    expect(avgStepTimeSec).toBeCloseTo(totalTimeSec / 6, 9);
    expect(memoryStats.maxGb).toBeGreaterThanOrEqual(memoryStats.currentGb);
    expect(trainer.stepsSinceValidation).toBe(2); // behind the second epoch
    expect(trainer.earlyStopping).toBe(stop);
    expect(trainer.signalHandler!.isRequested).toBe(false);
    expect(trainer.checkpointManager!.lastPath).toMatch(/epoch_003/);
  });

  test('finds the best value of a metric and its epoch', async () => {
    const { trainer } = tinyTrainer();
    await trainer.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(4)], maxEpochs: 4 });
    const values = trainer.history.map((record) => record['val/loss']!);
    const best = Math.min(...values);
    const { metricsManager } = trainer;
    expect(metricsManager.getBestMetric({ metricName: 'loss' })).toEqual([best, values.indexOf(best)]);
    const worst = Math.max(...trainer.history.map((record) => record['train/loss']!));
    expect(metricsManager.getBestMetric({ metricName: 'train/loss', mode: 'max', phase: 'train' })![0]).toBe(worst);
    expect(metricsManager.getBestMetric({ metricName: 'f1' })).toBeUndefined();
  });
});

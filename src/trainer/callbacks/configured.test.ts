// The callbacks of a configuration, in real fits.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import { temporaryFolder, tinyLoader, tinyTrainer, weightsOf } from '../testing/tiny.ts';
import { Checkpointing } from './checkpointing.ts';
import { EarlyStopping } from './early-stopping.ts';
import { EMA } from './ema.ts';
import { LearningRateMonitor } from './learning-rate-monitor.ts';
import { ProgressCallback } from './progress.ts';
import { SWA } from './swa.ts';

/** But for those that watch every run. */
const namesOf = (config: GenericTrainerConfig): string[] =>
  tinyTrainer({ config })
    .trainer.callbacks.callbacks.map(({ name }) => name)
    .filter((name) => name !== 'DeviceStatsMonitor' && name !== 'DiagnosisCallback');

describe('configuration', () => {
  test('averaging is EMA or SWA', async () => {
    const run = async (config: GenericTrainerConfig, callbacks: (EMA | SWA)[] = []) => {
      const { trainer, model } = tinyTrainer({ config, callbacks });
      await trainer.fit({ trainLoaders: [tinyLoader(8)], maxEpochs: 3 });
      return weightsOf(model);
    };
    const start = { startStep: 2, everyNSteps: 2, applyAtEnd: true };
    expect(await run({ averaging: { kind: 'ema', decay: 0.9, ...start } })).toEqual(
      await run({}, [new EMA({ decay: 0.9, ...start })]),
    );
    expect(await run({ averaging: { kind: 'swa', startEpoch: 1, applyAtEnd: true } })).toEqual(
      await run({}, [new SWA({ startEpoch: 1, applyAtEnd: true })]),
    );
    expect(() => namesOf({ averaging: { kind: 'ema', startStep: 1, startEpoch: 2 } })).toThrow(
      'averaging.startEpoch: expected none beside steps, got 2',
    );
    expect(() => tinyTrainer({ config: { averaging: { kind: 'ema' } }, callbacks: [new SWA()] })).toThrow(
      'callbacks.1: expected one that averages weights, got "SWA" beside "EMA"',
    );
  });

  test('freeze keeps weights as they are', async () => {
    const { trainer, model } = tinyTrainer({ config: { freeze: ['first'] } });
    const [first, second] = [weightsOf(model.first), weightsOf(model.second)];
    await trainer.fit({ trainLoaders: [tinyLoader(4)] });
    expect(weightsOf(model.first)).toEqual(first);
    expect(weightsOf(model.second)).not.toEqual(second);
  });

  test('progress is shown where it is asked for', () => {
    expect(namesOf({ hooks: { enableLoggingHook: true } })).toEqual(['ProgressCallback']);
    expect(namesOf({ hooks: { enableLoggingHook: false } })).toEqual([]);
    const own = new ProgressCallback({ stream: { write: () => {} } });
    expect(() => tinyTrainer({ config: { hooks: { enableLoggingHook: true } }, callbacks: [own] })).not.toThrow();
  });

  test('checkpoints are ranked, and learning rates are logged, where that is asked for', async () => {
    const hooks = { enableModelCheckpointHook: true, enableLearningRateMonitor: true };
    expect(namesOf({ hooks })).toEqual(['Checkpointing', 'LearningRateMonitor']);
    const rootDir = temporaryFolder();
    const { trainer } = tinyTrainer({
      config: {
        checkpoint: { rootDir, maxCheckpoints: 1 },
        hooks: {
          enableModelCheckpointHook: true,
          modelCheckpointConfig: { monitor: 'val_score', mode: 'max', saveTopK: 2 },
        },
      },
    });
    trainer.setValidationStep(() => ({ score: [3, 1, 2, 0][trainer.currentEpoch]! }));
    await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs: 4 });
    const kept = readdirSync(join(rootDir, 'experiment')).flatMap((name) => /^epoch_00(\d)/.exec(name)?.[1] ?? []);
    expect(kept.sort()).toEqual(['1', '3', '4']);
  });

  test('hooks that another field or callback contradicts are refused', () => {
    const hooks = {
      enableModelCheckpointHook: true,
      enableLearningRateMonitor: true,
      learningRateMonitorConfig: { interval: 'epoch', everyNSteps: 2 },
    } as const;
    const wrong = () => tinyTrainer({ config: { hooks, checkpoint: { keepTopK: 1 } } });
    expect(wrong).toThrow(
      'checkpoint.keepTopK: expected none beside hooks.enableModelCheckpointHook, got 1; write hooks.modelCheckpointConfig.saveTopK',
    );
    expect(wrong).toThrow('everyNSteps: expected none with interval "epoch", got 2');
    const config = { hooks: { enableModelCheckpointHook: true, enableLearningRateMonitor: true } };
    expect(() => tinyTrainer({ config, callbacks: [new Checkpointing(), new LearningRateMonitor()] })).toThrow(
      [
        'Cannot make a GenericTrainer: 2 problems',
        'hooks.enableModelCheckpointHook: expected false beside the callback Checkpointing, got true',
        'hooks.enableLearningRateMonitor: expected false beside the callback LearningRateMonitor, got true',
      ].join('\n  - '),
    );
  });

  test('early stopping has the source that is asked for', async () => {
    const both: GenericTrainerConfig = { earlyStoppingPatience: 3, hooks: { enableEarlyStoppingHook: true } };
    expect(namesOf({})).toEqual([]);
    expect(namesOf(both)).toEqual(['earlyStoppingPatience', 'earlyStoppingHook']);
    expect(namesOf({ ...both, validation: { earlyStoppingSource: 'legacy' } })).toEqual(['earlyStoppingPatience']);
    expect(namesOf({ ...both, validation: { earlyStoppingSource: 'hook' } })).toEqual(['earlyStoppingHook']);
  });

  test('early stopping ends the run', async () => {
    const config: GenericTrainerConfig = {
      earlyStoppingPatience: 2,
      earlyStoppingMetric: 'val_score',
      earlyStoppingMode: 'max',
    };
    const { trainer } = tinyTrainer({ config });
    trainer.setValidationStep(() => ({ score: [1, 2, 1, 2, 3][trainer.currentEpoch]! }));
    await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs: 5 });
    expect(trainer.currentEpoch).toBe(4);
    const [callback] = trainer.callbacks.callbacks;
    expect(callback).toBeInstanceOf(EarlyStopping);
  });
});

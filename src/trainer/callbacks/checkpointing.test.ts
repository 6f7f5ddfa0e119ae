// Checkpointing in real fits: which files are there afterwards.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GenericTrainerConfig } from '../config/types.generated.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';
import { Checkpointing, type CheckpointingOptions } from './checkpointing.ts';

const SCORES = [3, 1, 2, 4, 0.5, 6];

async function filesOf(options: (folder: string) => CheckpointingOptions, config: GenericTrainerConfig = {}) {
  const folder = temporaryFolder();
  const checkpointing = new Checkpointing(options(folder));
  const { trainer } = tinyTrainer({ config, callbacks: [checkpointing] });
  trainer.setValidationStep(() => ({ score: SCORES[trainer.currentEpoch]! }));
  await trainer.fit({ trainLoaders: [tinyLoader(2)], valLoaders: [tinyLoader(2)], maxEpochs: 6 });
  return { files: readdirSync(folder).sort(), checkpointing };
}

const file = (epoch: number): string => `model_${epoch}_step_${String(epoch).padStart(6, '0')}.ckpt`;

describe('Checkpointing', () => {
  test('saves the best only, and the last, in a folder of its own', async () => {
    const { files, checkpointing } = await filesOf((folder) => ({
      ...{ filepath: join(folder, 'model_{epoch}.ckpt'), monitor: 'val_score', saveBestOnly: true },
    }));
    // Ranked at the moment of its measurement, an epoch is not counted yet.
    expect(checkpointing.saved.length).toBe(4);
    expect(files).toContain('best.ckpt');
    expect(files).toContain(file(6));
    expect(files.length).toBe(6);
  });

  test('keeps the best few beside the newest', async () => {
    const { files } = await filesOf(
      (folder) => ({ filepath: join(folder, 'model_{epoch}.ckpt'), monitor: 'val/score', saveTopK: 2 }),
      { checkpoint: { maxCheckpoints: 1, saveBest: false } },
    );
    expect(files.filter((name) => name.startsWith('model')).length).toBe(3);
    expect(files).toContain(file(6));
  });

  test('says how often', async () => {
    const { files } = await filesOf((folder) => ({ filepath: join(folder, 'model_{epoch}.ckpt'), everyNEpochs: 3 }));
    expect(files).toEqual(['latest.ckpt', file(3), file(6)]);
  });

  test('writes nothing where there is no folder, and lists every option that is wrong', async () => {
    const checkpointing = new Checkpointing({ everyNEpochs: 1 });
    const { trainer } = tinyTrainer({ callbacks: [checkpointing] });
    await expect(trainer.fit({ trainLoaders: [tinyLoader(2)] })).rejects.toThrow(
      'callbacks.Checkpointing: expected a folder for the checkpoints, got none; give it a filepath, or set checkpoint.rootDir',
    );
    const wrong = { filepath: 'a/model.pt', mode: 'up', saveTopK: -1, everyNSteps: 2, saveBestOnly: true, best: 1 };
    expect(() => new Checkpointing(wrong as never)).toThrow(
      /^Cannot make Checkpointing: 5 problems\n {2}- best: expected one of .*\n {2}- filepath: expected a name that ends in ".ckpt", .*\n {2}- mode: expected min or max, got "up"\n {2}- saveTopK: expected an integer from 0 on, got -1\n {2}- everyNSteps: expected none beside saveBestOnly, got 2$/,
    );
  });
});

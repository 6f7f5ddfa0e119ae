// A trainer whose loaders take turns by losses: it tells them after each validation, and resumes inside epochs and inside changes, bit for bit.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { load } from '../../src/serial/tensors.ts';
import type { FitOptions } from '../../src/trainer/generic-trainer.ts';
import type { Callback } from '../../src/trainer/loop/events.ts';
import { type TinyBatch, temporaryFolder, tinyLoader, tinyLoss, tinyTrainer } from '../../src/trainer/testing/tiny.ts';
import { lastingDifferences } from './runs.ts';

/** Trains on two loaders, of which the loss of the second hardly falls. */
async function train(rootDir: string, fit: Partial<FitOptions> = {}, prefetchFactor = 2): Promise<string> {
  const played: string[] = [];
  const listener: Callback = {
    name: 'listener',
    batchStart: ({ loaderName }) => void played.push(loaderName),
    epochStart: () => void played.push(' '),
  };
  const { trainer, model } = tinyTrainer({
    config: {
      seed: 3,
      trainLoaderConfig: {
        samplingStrategy: 'weighted',
        dataloaderNames: ['a', 'b'],
        epochLengthPolicy: 'fixed_num_steps',
        stepsPerEpoch: 10,
        weightSchedule: {
          points: [
            { batch: 6, weights: [3, 1] },
            { batch: 33, weights: [1, 1] },
          ],
          interpolation: 'cosine',
        },
        lossMix: { temperature: 0.05, smoothing: 0.2 },
      },
      performance: { gradientAccumulationSteps: 2 },
      checkpoint: { rootDir, saveEveryNSteps: 2, maxCheckpoints: 40 },
    },
    callbacks: [listener],
  });
  trainer.setTrainingStep((_trainer, batch: TinyBatch) => ({ loss: tinyLoss(model, batch) }));
  trainer.setValidationStep((_trainer, batch: TinyBatch, _batch, loader) => ({
    loss: tinyLoss(model, batch).add(100 * loader),
  }));
  const loader = (numRows: number, start: number) =>
    tinyLoader(numRows, { start, shuffle: true, seed: start, prefetchFactor });
  await trainer.fit({
    trainLoaders: [loader(12, 0), loader(6, 20)],
    valLoaders: [tinyLoader(4), tinyLoader(4, { start: 20 })],
    maxEpochs: 5,
    ...fit,
  });
  return played.join('');
}

const lastCheckpoint = (rootDir: string): Promise<unknown> =>
  load(join(rootDir, 'experiment', 'latest.ckpt'), { keepFloats: true });

describe('a trainer with a lossMix', () => {
  test('gives the loader whose loss falls slowest more turns, and resumes from every checkpoint bit for bit', async () => {
    const whole = temporaryFolder();
    const epochs = (await train(whole)).trim().split(' ');
    const shareOfB = epochs.map((names) => names.split('b').length - 1);
    expect(shareOfB.slice(0, 2)).toEqual([3, 3]); // of 10; no rate is known before two validations
    expect(shareOfB.at(-1)).toBeGreaterThan(6); // half would be its share without the mix
    const reference = await lastCheckpoint(whole);
    const files = readdirSync(join(whole, 'experiment')).filter((name) => name.startsWith('epoch'));
    const checkpoints = files.sort().slice(0, -1); // behind the last there is nothing to train
    expect(checkpoints.length).toBeGreaterThan(12);
    for (const [i, name] of checkpoints.entries()) {
      if (i % 3 !== 1) continue; // inside and between epochs
      const resumed = temporaryFolder();
      await train(resumed, { resumeFromCheckpoint: join(whole, 'experiment', name) }, i % 4);
      expect(lastingDifferences(await lastCheckpoint(resumed), reference)).toEqual([
        'hyper_parameters.checkpoint.rootDir',
      ]);
    }
  });

  test('needs a validation loader for each training loader, and a loss of each', async () => {
    await expect(train(temporaryFolder(), { valLoaders: [tinyLoader(4)] })).rejects.toThrow(
      'Cannot fit: valLoaders: expected one for each training loader, 2, whose losses trainLoaderConfig.lossMix follows, got 1',
    );
    const config = { trainLoaderConfig: { samplingStrategy: 'weighted', lossMix: {} } } as const;
    const { trainer } = tinyTrainer({ config });
    trainer.setValidationStep(() => ({ accuracy: 1 }));
    await expect(trainer.fit({ trainLoaders: [tinyLoader(4)], valLoaders: [tinyLoader(4)] })).rejects.toThrow(
      'Cannot choose turns by loss: expected the validation step to give a loss for every loader, got none for "val_dl0"',
    );
  });
});

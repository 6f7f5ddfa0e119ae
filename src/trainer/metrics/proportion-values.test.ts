// What an epoch's record says of its loaders: batches and samples that differ, in a run that goes through and in one that is stopped inside an epoch.
import { expect, test } from 'vitest';
import { KeptLog } from '../testing/kept-log.ts';
import { temporaryFolder, tinyLoader, tinyTrainer } from '../testing/tiny.ts';

/** @returns what is logged of the loaders' parts, by epoch. */
async function partsOf(maxSteps: number | undefined, rootDir: string): Promise<Record<string, number>[]> {
  const log = new KeptLog();
  const { trainer } = tinyTrainer({
    config: {
      ...(maxSteps === undefined ? {} : { maxSteps }),
      checkpoint: { rootDir },
      trainLoaderConfig: {
        samplingStrategy: 'weighted',
        dataloaderWeights: [3, 1],
        dataloaderNames: ['a', 'b_batches'],
      },
    },
    loggers: [log],
  });
  // Batches of 3, 3, 3 and 1 rows, and again from the first; of 5.
  const trainLoaders = [tinyLoader(10, { batchSize: 3 }), tinyLoader(10, { batchSize: 5, start: 20 })];
  await trainer.fit({ trainLoaders, maxEpochs: 2 });
  return log.metrics.flatMap(({ values }) => {
    const parts = Object.entries(values).filter(([name]) => /^loader_(counts|proportions)\//.test(name));
    return parts.length === 0 ? [] : [Object.fromEntries(parts)];
  });
}

test('An epoch’s record has each loader’s batches and samples, of the whole epoch where a run goes on inside it', async () => {
  const whole = await partsOf(undefined, temporaryFolder());
  expect(whole.length).toBe(2);
  expect(whole[1]).toEqual({
    'loader_proportions/a_batches': 5 / 6,
    'loader_proportions/a_samples': 13 / 18,
    'loader_proportions/a_divergence': expect.closeTo(5 / 6 - 0.75, 12),
    'loader_counts/a_batches': 5,
    'loader_counts/a_samples': 13,
    'loader_proportions/b_batches_batches': 1 / 6,
    'loader_proportions/b_batches_samples': 5 / 18,
    'loader_proportions/b_batches_divergence': expect.closeTo(5 / 6 - 0.75, 12),
    'loader_counts/b_batches_batches': 1,
    'loader_counts/b_batches_samples': 5,
  });
  const rootDir = temporaryFolder();
  expect(await partsOf(10, rootDir)).toEqual(whole.slice(0, 1)); // the second epoch has 4 of 6 batches
  expect(await partsOf(undefined, rootDir)).toEqual(whole.slice(1));
});

// Pictures that worker threads make.
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { DataLoader, datasetModule, type ImageList } from '../../src/data/index.ts';
import { requireCompiled } from '../cli/sconce.ts';
import { play } from './playing.ts';

beforeAll(requireCompiled); // the threads are those of the compiled package

it('pictures are the same in worker threads, broken ones left out', async () => {
  const folder = fileURLToPath(new URL('../fixtures/images', import.meta.url));
  const paths = ['rgb8.png', 'jpeg420.jpg', 'expected.json', 'turned6.jpg', 'rgb-alpha8.png', 'cmyk.jpg'];
  const url = new URL('modules/pictures.ts', import.meta.url);
  const dataset = await datasetModule<ImageList>(url, { folder, paths });
  const loaders = [0, 2].map(
    (numWorkers) =>
      new DataLoader({ dataset, batchSize: 2, shuffle: true, seed: 4, numWorkers, onSampleError: 'skip' }),
  );
  const [alone, inWorkers] = await Promise.all(loaders.map((loader) => play(loader)));
  expect(alone).toHaveLength(3);
  expect(inWorkers).toEqual(alone);
  expect(loaders.map(({ numSkipped }) => numSkipped)).toEqual([1, 1]);
  for (const loader of loaders) await loader.close();
});

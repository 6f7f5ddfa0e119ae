// Several loaders with worker threads under one schedule: the same batches as without, and a resume with another number of threads.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DataLoader, type Dataset, datasetModule, MultiDataLoader } from '../../src/data/index.ts';
import { requireCompiled } from '../cli/sconce.ts';
import type { TimedOptions, TimedSample } from './modules/timed.ts';
import { plain } from './playing.ts';

const NUM_BATCHES = 14;

let folder: string;
beforeAll(async () => {
  await requireCompiled(); // the threads are those of the compiled package
  folder = mkdtempSync(join(tmpdir(), 'sconce-multi-'));
  vi.stubEnv('TMPDIR', folder); // bundles go into it
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('a MultiDataLoader over loaders with workers', () => {
  it('plays the same as without, and goes on from a state without, also inside a change of its shares', async () => {
    const timed = (length: number): Promise<Dataset<TimedSample>> =>
      datasetModule(new URL('modules/timed.ts', import.meta.url), { length, pause: 3 } satisfies TimedOptions);
    const datasets = { a: await timed(9), b: await timed(5) };
    const make = (numWorkers: number) => {
      const loaderOf = (dataset: Dataset<TimedSample>, seed: number) =>
        new DataLoader({ dataset, batchSize: 2, shuffle: true, seed, numWorkers });
      return new MultiDataLoader({
        loaders: { a: loaderOf(datasets.a, 1), b: loaderOf(datasets.b, 2) },
        strategy: 'weighted',
        lossMix: { smoothing: 0, temperature: 0.1 },
        epochLength: 'fixed_num_steps',
        stepsPerEpoch: NUM_BATCHES,
      });
    };
    type Loader = ReturnType<typeof make>;
    /** Plays what is left, and reports losses after batches 1 and 3. */
    const play = async (loader: Loader, states: ReturnType<Loader['state']>[] = []): Promise<unknown[]> => {
      const batches: unknown[] = [];
      for await (const { batch, loaderName } of loader) {
        batches.push([loaderName, plain({ index: batch.index, seen: batch.seen, noise: batch.noise })]);
        const { position } = loader.state();
        if (position === 1) loader.reportLosses({ a: 1, b: 1 });
        if (position === 3) loader.reportLosses({ a: 0.5, b: 1 });
        states.push(structuredClone(loader.state()));
      }
      return batches;
    };
    const states: ReturnType<Loader['state']>[] = [];
    const expected = await play(make(0), states);
    expect(expected).toHaveLength(NUM_BATCHES);
    const loader = make(2);
    try {
      const others: ReturnType<Loader['state']>[] = [];
      expect(await play(loader, others)).toEqual(expected);
      expect(others).toEqual(states);
      for (const position of [3, 11]) {
        loader.loadState(states[position - 1]!);
        expect(await play(loader)).toEqual(expected.slice(position));
      }
    } finally {
      await loader.close();
    }
  });
});

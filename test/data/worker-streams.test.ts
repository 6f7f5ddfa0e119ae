// Streams that are decoded in worker threads, and samplers whose order depends on the training, under any number of them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  DataLoader,
  type DataLoaderState,
  type Dataset,
  datasetModule,
  type IterableDataset,
  type Sampler,
} from '../../src/data/index.ts';
import { SampleError } from '../../src/errors.ts';
import { useWorkers } from './bundle-folder.ts';
import type { Line, LinesOptions, RawLine } from './modules/lines.ts';
import type { TimedOptions, TimedSample } from './modules/timed.ts';
import { failing, plain, play } from './playing.ts';

useWorkers();

const lines = (options: Partial<LinesOptions> = {}): Promise<IterableDataset<RawLine, Line>> =>
  datasetModule(new URL('modules/lines.ts', import.meta.url), { length: 30, ...options } satisfies LinesOptions);

const loadLines = (dataset: IterableDataset<RawLine, Line>, numWorkers: number): DataLoader<Line> =>
  new DataLoader({ dataset, batchSize: 4, seed: 3, numWorkers, onSampleError: 'skip' });

describe('a stream that workers decode', () => {
  it('gives the batches that it gives without them, from its beginning and from any batch on', async () => {
    const dataset = await lines({ broken: 9 });
    const reference = loadLines(dataset, 0);
    const states: DataLoaderState[] = [reference.state()];
    const expected: unknown[] = [];
    for await (const batch of reference) {
      expected.push(plain(batch));
      states.push(reference.state());
    }
    expect(expected).toHaveLength(8);
    expect(reference.numSkipped).toBe(1);
    const loaders = [1, 2].map((numWorkers) => loadLines(dataset, numWorkers));
    for (const loader of loaders) {
      expect(await play(loader)).toEqual(expected);
      expect(loader.numSkipped).toBe(1);
    }
    for (const [position, state] of states.slice(0, 8).entries()) {
      const loader = loaders[position % 2]!;
      loader.loadState(state);
      expect(await play(loader, 3)).toEqual(expected.slice(position, position + 3));
      expect(loader.state()).toEqual(states[Math.min(position + 3, 8)]);
    }
    for (const loader of loaders) await loader.close();
  });

  it('names the sample that fails', async () => {
    const loader = new DataLoader({ dataset: await lines({ broken: 9 }), batchSize: 4, numWorkers: 1 });
    const { error, numBatches } = await failing(loader);
    expect(error).toBeInstanceOf(SampleError);
    expect(error).toMatchObject({
      message: 'Cannot load sample 9 of epoch 0 of Lines: a line without words',
      cause: new SyntaxError('a line without words'),
    });
    expect(numBatches).toBe(2);
  });

  it('names what it gives that cannot be sent to them', async () => {
    const { error, numBatches } = await failing(
      new DataLoader({ dataset: await lines({ closed: 6 }), batchSize: 4, numWorkers: 1 }),
    );
    expect(error).toMatchObject({
      message:
        'Cannot send samples of Lines to a worker thread: expected tensors on the CPU, typed arrays, numbers, strings, plain objects, arrays, maps and sets, got a function in plan.work[2].close; have the stream give what decode can make it from',
    });
    expect(numBatches).toBe(1);
  });
});

describe('a dynamic sampler', () => {
  let dataset: Dataset<TimedSample>;
  const loaders = new Map<number, { readonly loader: DataLoader<TimedSample>; readonly clock: { step: number } }>();
  beforeAll(async () => {
    const options: TimedOptions = { length: 100, pause: 3 };
    dataset = await datasetModule(new URL('modules/timed.ts', import.meta.url), options);
    for (const numWorkers of [0, 1, 3]) {
      const clock = { step: 0 };
      // Draws from the first `step` samples, as a curriculum does.
      const sampler: Sampler = {
        length: 60,
        input: () => clock.step,
        order: (epoch) => ({ length: 60, at: (position, input) => (position * 7 + epoch) % (1 + (input as number)) }),
      };
      const loader = new DataLoader({ dataset, sampler, batchSize: 3, numWorkers, prefetchFactor: 9 });
      loaders.set(numWorkers, { loader, clock });
    }
  });
  afterAll(async () => {
    for (const { loader } of loaders.values()) await loader.close();
  });

  it('plays what it plays without workers, also after a resume with another number of them', async () => {
    const train = async (numWorkers: number, from?: { step: number; state: DataLoaderState }): Promise<unknown[]> => {
      const { loader, clock } = loaders.get(numWorkers)!;
      clock.step = from?.step ?? 0;
      if (from) loader.loadState(from.state);
      const seen: unknown[] = [];
      for await (const batch of loader) {
        clock.step += 2;
        seen.push({ batch: plain(batch), step: clock.step, state: loader.state() });
      }
      return seen;
    };
    const expected = (await train(0)) as { step: number; state: DataLoaderState }[];
    expect(expected).toHaveLength(20);
    for (const numWorkers of [1, 3]) {
      loaders.get(numWorkers)!.loader.setEpoch(0);
      expect(await train(numWorkers)).toEqual(expected);
      for (const at of [0, 5, 12]) expect(await train(numWorkers, expected[at])).toEqual(expected.slice(at + 1));
    }
  });
});

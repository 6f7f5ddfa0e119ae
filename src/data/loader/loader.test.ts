// Tests of DataLoader: order, resume at every batch, ownership, errors.
import { setImmediate as breathe } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { type Tensor, tensor } from '../../tensor/index.ts';
import type { BatchContext } from '../context.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { TensorDataset } from '../datasets/tensor-dataset.ts';
import { BatchSampler } from '../samplers/batch-sampler.ts';
import { SequentialSampler } from '../samplers/sequential-sampler.ts';
import { DataLoader, type DataLoaderOptions } from './loader.ts';

/** The samples are their own indices; each takes as many turns of the event loop as `delay` says. */
const numbers = (length: number, delay: (index: number) => number = () => 0): Dataset<number> => ({
  name: 'numbers',
  length,
  get: (index) => (delay(index) === 0 ? index : wait(delay(index)).then(() => index)),
});

const wait = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await breathe();
};

const collect = async <B>(loader: AsyncIterable<B>, limit = Number.POSITIVE_INFINITY): Promise<B[]> => {
  const batches: B[] = [];
  if (limit === 0) return batches;
  for await (const batch of loader) if (batches.push(batch) >= limit) break;
  return batches;
};

/** A batch that shows everything a collate is told. */
type Told = Omit<BatchContext, 'indices'> & { samples: number[]; indices: number[] };
const tell = (samples: number[], context: BatchContext): Told => ({
  ...context,
  samples,
  indices: [...context.indices],
});

const plain = (samples: number[]): number[] => samples;

describe('DataLoader', () => {
  it("plays every sample once an epoch in batches of the dataset's order", async () => {
    expect(await collect(new DataLoader({ dataset: numbers(5), batchSize: 2, collate: plain }))).toEqual([
      [0, 1],
      [2, 3],
      [4],
    ]);
    const loader = new DataLoader({ dataset: numbers(5), batchSize: 2, collate: plain, dropLast: true });
    expect(loader.length).toBe(2);
    expect(await collect(loader)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(await collect(new DataLoader({ dataset: numbers(0), collate: plain }))).toEqual([]);
  });

  const setup = fc.record({
    length: fc.integer({ min: 1, max: 24 }),
    batchSize: fc.integer({ min: 1, max: 9 }),
    seed: fc.maxSafeNat(),
    epoch: fc.nat(1000),
    concurrency: fc.integer({ min: 1, max: 9 }),
    prefetchFactor: fc.nat(4),
    delays: fc.array(fc.nat(3), { minLength: 24, maxLength: 24 }),
  });

  it('resumes at every position as if it had never stopped, whatever the timing and the concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(setup, setup, async ({ length, batchSize, seed, epoch, ...before }, after) => {
        const make = ({ delays, concurrency, prefetchFactor }: typeof before): DataLoader<number, Told> => {
          const dataset = numbers(length, (index) => delays[index]!);
          return new DataLoader({
            dataset,
            batchSize,
            shuffle: true,
            seed,
            concurrency,
            prefetchFactor,
            collate: tell,
          });
        };
        const whole = make(before);
        whole.setEpoch(epoch);
        const expected = [...(await collect(whole)), ...(await collect(whole))]; // two epochs
        for (let stop = 0; stop <= whole.length; stop += 1 + Math.floor(whole.length / 6)) {
          const stopped = make(before);
          stopped.setEpoch(epoch);
          const first = await collect(stopped, stop);
          const resumed = make(after);
          resumed.loadState(structuredClone(stopped.state()));
          expect([...first, ...(await collect(resumed)), ...(await collect(resumed))]).toEqual(expected);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('asks for no sample that was played before the state it resumes from', async () => {
    const get = vi.fn((index: number) => index);
    const loader = new DataLoader({ dataset: { length: 100, get }, batchSize: 10, collate: plain });
    loader.loadState({ ...loader.state(), position: 8 });
    await collect(loader);
    expect(get.mock.calls.map(([index]) => index)).toEqual(Array.from({ length: 20 }, (_, i) => 80 + i));
  });

  it('state() counts batches handed out, not those fetched ahead', async () => {
    const get = vi.fn(async (index: number) => index);
    const loader = new DataLoader({ dataset: { length: 10, get }, prefetchFactor: 4, collate: plain });
    expect(loader.state()).toEqual({ epoch: 0, position: 0, seed: 0, numSamples: 10, batchSize: 1, numBatches: 10 });
    const iterator = loader[Symbol.asyncIterator]();
    await iterator.next();
    expect(get).toHaveBeenCalledTimes(5);
    expect(loader.state().position).toBe(1);
    await iterator.return();
    expect(loader.state().position).toBe(1);
  });

  it('tells collate a seed that differs by seed, epoch and position, and the indices', async () => {
    const told = async (seed: number, epoch: number): Promise<Told[]> => {
      const loader = new DataLoader({ dataset: numbers(4), batchSize: 2, seed, collate: tell });
      loader.setEpoch(epoch);
      return collect(loader);
    };
    const all = [...(await told(1, 0)), ...(await told(1, 1)), ...(await told(2, 0))];
    expect(new Set(all.map(({ seed }) => seed)).size).toBe(6);
    expect(all[1]).toMatchObject({ epoch: 0, position: 1, indices: [2, 3], samples: [2, 3] });
    expect(all[3]).toMatchObject({ epoch: 1, position: 1 });
  });

  it('takes a sampler instead of shuffle', async () => {
    const backwards = { length: 3, order: () => ({ length: 3, at: (position: number) => 2 - position }) };
    const loader = new DataLoader({ dataset: numbers(3), sampler: backwards, batchSize: 2, collate: plain });
    expect(await collect(loader)).toEqual([[2, 1], [0]]);
  });

  it('gathers batches of tensors, the same as those it collates from samples', async () => {
    const dataset = new TensorDataset({
      x: tensor(
        Float32Array.from({ length: 20 }, (_, i) => i),
        { shape: [10, 2] },
      ),
    });
    const getBatch = vi.spyOn(dataset, 'getBatch');
    const get = vi.spyOn(dataset, 'get');
    const gathered = (await collect(new DataLoader({ dataset, batchSize: 4, shuffle: true }))).map(({ x }) =>
      x.toArray(),
    );
    expect(getBatch).toHaveBeenCalledTimes(3);
    expect(get).not.toHaveBeenCalled();
    const { length } = dataset;
    const collated = await collect(
      new DataLoader({ dataset: { length, get: (i) => dataset.get(i) }, batchSize: 4, shuffle: true }),
    );
    expect(gathered).toEqual(collated.map(({ x }) => x.toArray()));
  });

  it('prefers a collate that it is given to getBatch()', async () => {
    const dataset = new TensorDataset(tensor([1, 2, 3]));
    const loader = new DataLoader({
      dataset,
      batchSize: 2,
      collate: (samples) => samples.map((sample) => sample.item()),
    });
    expect(await collect(loader)).toEqual([[1, 2], [3]]);
  });

  it('frees gathered batches that nobody took, and leaves those that were handed out', async () => {
    const made: Tensor[] = [];
    const getBatch = async (indices: Int32Array): Promise<Tensor> => {
      await breathe();
      made.push(tensor(indices));
      return made.at(-1)!;
    };
    const loader = new DataLoader({ dataset: { length: 9, get: () => tensor(0), getBatch }, batchSize: 1 });
    const [batch] = await collect(loader, 1);
    await wait(5);
    expect(made.length).toBe(3);
    expect(made.map((one) => one.isDisposed)).toEqual([false, true, true]);
    expect(batch!.isDisposed).toBe(false);
  });

  it('names the dataset and the sample that failed, and keeps its place', async () => {
    const cause = new Error('the file is cut short');
    const dataset = {
      name: 'pictures',
      length: 6,
      get: async (index: number) => (index === 3 ? Promise.reject(cause) : index),
    };
    const loader = new DataLoader({ dataset, batchSize: 2, collate: plain });
    const reading = collect(loader);
    await expect(reading).rejects.toMatchObject({
      name: 'SampleError',
      message: 'Cannot load sample 3 of pictures: the file is cut short',
      index: 3,
      cause,
    });
    expect(loader.state().position).toBe(1);
    const throwing = new DataLoader({ dataset: { ...dataset, get: () => { throw 'a string'; } }, collate: plain }); // biome-ignore format: one thought
    await expect(collect(throwing)).rejects.toThrow('Cannot load sample 0 of pictures: a string');
  });

  it('refuses indices of a sampler that the dataset does not have', async () => {
    const sampler = { length: 1, order: () => ({ length: 1, at: () => 7 }) };
    await expect(collect(new DataLoader({ dataset: numbers(3), sampler, collate: plain }))).rejects.toThrow(
      'Cannot load a sample: expected an index from 0 to 2 of numbers, got 7',
    );
    await expect(collect(new DataLoader({ dataset: new TensorDataset(tensor([1, 2])), sampler }))).rejects.toThrow(
      'Cannot load a sample: expected an index from 0 to 1 of TensorDataset, got 7',
    );
  });

  it('takes a sampler of batches instead of everything that makes them', async () => {
    const batches = [[2, 0], [1]];
    const order = { length: 2, at: (position: number) => Int32Array.from(batches[position]!) };
    const batchSampler = { length: 2, order: () => order };
    const loader = new DataLoader({ dataset: numbers(3), batchSampler, collate: plain });
    expect([loader.length, await collect(loader)]).toEqual([2, batches]);
    const wrong = { dataset: numbers(3), batchSampler, sampler: 7 as never, batchSize: 2 };
    expect(() => new DataLoader(wrong)).toThrow(
      [
        'Cannot make a DataLoader: 3 problems',
        '  - sampler: expected an object with length and order, got number',
        '  - batchSize: expected none beside a batchSampler, which fixes the batches, got 2',
        '  - sampler: expected none beside a batchSampler, which fixes the batches, got one',
      ].join('\n'),
    );
  });

  it('ends an iterator when another begins, or the loader is moved', async () => {
    const loader = new DataLoader({ dataset: numbers(4), collate: plain });
    for (const move of [
      () => loader[Symbol.asyncIterator](),
      () => loader.setEpoch(2),
      () => loader.loadState(loader.state()),
    ]) {
      const iterator = loader[Symbol.asyncIterator]();
      await iterator.next();
      move();
      await expect(iterator.next()).rejects.toThrow('got one that a later iteration, setEpoch or loadState has ended');
    }
  });

  it.each([
    [
      { seed: 2 },
      'Cannot resume a DataLoader of numbers: expected seed 1 in the state, got 2; make the loader as it was, or start it afresh',
    ],
    [{ numBatches: 9 }, 'expected numBatches 4 in the state, got 9'],
    [{ numSamples: 9 }, 'expected numSamples 4 in the state, got 9'],
    [{ position: 2, batchSize: 4 }, 'expected a place in the 4 of its epoch, got'],
    [{ position: 5 }, 'expected a position from 0 to 4 in the state, got 5'],
    [{ position: -1 }, 'got -1'],
    [{ epoch: 0.5 }, 'expected an epoch from 0 on in the state, got 0.5'],
  ])('refuses a state with %j', (wrong, message) => {
    const loader = new DataLoader({ dataset: numbers(4), seed: 1, collate: plain });
    expect(() => loader.loadState({ ...loader.state(), ...wrong })).toThrow(message);
  });

  it('reports all problems of its options together, unknown ones included', () => {
    const options = {
      dataset: numbers(1),
      batchSize: 0,
      seed: -1,
      concurrency: 0,
      prefetchFactor: -1,
      shuffle: true,
      sampler: { length: 0, order: () => ({ length: 0, at: () => 0 }) },
      workers: 2,
    };
    expect(() => new DataLoader(options as DataLoaderOptions<number, number>)).toThrow(
      [
        '  - shuffle: expected none beside a sampler, which fixes the order, got true',
        '  - batchSize: expected an integer above 0, got 0',
        '  - seed: expected an integer from 0 to 2^53 - 1, got -1',
        '  - concurrency: expected an integer above 0, got 0',
        '  - prefetchFactor: expected an integer from 0 on, got -1',
      ].join('\n'),
    );
    expect(() => new DataLoader(options as DataLoaderOptions<number, number>)).toThrow(
      /^Cannot make a DataLoader: 6 problems\n {2}- workers: expected one of the options dataset, .*, got an unknown one\n/,
    );
  });

  it('shows its dataset and samplers, so that a curriculum finds what it moves', () => {
    const dataset = { length: 5, get: (index: number) => index };
    const shuffled = new DataLoader({ dataset, batchSize: 2, shuffle: true, seed: 3 });
    expect(shuffled.dataset).toBe(dataset);
    expect(shuffled.sampler).toMatchObject({ length: 5, seed: 3 });
    expect(shuffled.batchSampler).toMatchObject({ length: 3 });
    const batchSampler = new BatchSampler(new SequentialSampler(4), { batchSize: 4 });
    const own = new DataLoader({ dataset, batchSampler });
    expect([own.sampler, own.batchSampler]).toEqual([undefined, batchSampler]);
  });
});

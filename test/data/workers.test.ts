// Loaders with real worker threads: the same batches as without, and every way in which a thread can fail.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConcatDataset, DataLoader, type Dataset, datasetModule, Subset } from '../../src/data/index.ts';
import { SampleError, WorkerError } from '../../src/errors.ts';
import { collectTensors, liveTensors, type Tensor, tensor } from '../../src/index.ts';
import { readChild } from '../child.ts';
import { useWorkers } from './bundle-folder.ts';
import type { Listed } from './modules/listed.ts';
import type { Failure, TimedOptions, TimedSample } from './modules/timed.ts';
import { failing, plain, play } from './playing.ts';

const LENGTH = 43;
const timedUrl = new URL('modules/timed.ts', import.meta.url);
const listedUrl = new URL('modules/listed.ts', import.meta.url);

const timed = (options: Partial<TimedOptions> = {}): Promise<Dataset<TimedSample>> =>
  datasetModule(timedUrl, { length: LENGTH, ...options } satisfies TimedOptions);

useWorkers();

describe('a DataLoader with workers', () => {
  let dataset: Dataset<TimedSample>;
  const loaders = new Map<number, DataLoader<TimedSample>>();
  beforeAll(async () => {
    dataset = new Subset(await timed({ pause: 3, weight: tensor([2, 3]) }), [...Array(LENGTH).keys(), 5, 5, 7]);
    for (const numWorkers of [0, 1, 2, 5]) {
      loaders.set(numWorkers, new DataLoader({ dataset, batchSize: 4, shuffle: true, seed: 9, numWorkers }));
    }
  });
  afterAll(async () => {
    for (const loader of loaders.values()) await loader.close();
  });

  it('gives the batches that it gives without', async () => {
    const [expected, ...others] = await Promise.all([...loaders.values()].map((loader) => play(loader)));
    expect(expected).toHaveLength(12);
    for (const batches of others) expect(batches).toEqual(expected);
    const [first] = expected as [{ source: string[]; weight: unknown; numThreads: unknown }];
    expect([first.source[0], first.weight]).toEqual([
      timedUrl.href,
      ['float32', [4, 2], [[2, 3], [2, 3], [2, 3], [2, 3]]],
    ]);
  }); // biome-ignore format: a matrix

  it('goes on anywhere with any number of workers, whatever time samples take', async () => {
    const expected = new Map<number, unknown[]>();
    for (const epoch of [0, 1, 2]) {
      const reference = loaders.get(0)!;
      reference.setEpoch(epoch);
      expected.set(epoch, await play(reference));
    }
    const step = fc.record({
      numWorkers: fc.constantFrom(0, 1, 2, 5),
      epoch: fc.constantFrom(0, 1, 2),
      position: fc.integer({ min: 0, max: 11 }),
      numBatches: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(step, async ({ numWorkers, epoch, position, numBatches }) => {
        const loader = loaders.get(numWorkers)!;
        loader.loadState({ ...loader.state(), epoch, position });
        const batches = await play(loader, numBatches);
        expect(batches).toEqual(expected.get(epoch)!.slice(position, position + numBatches));
        const end = position + batches.length;
        expect(loader.state()).toMatchObject(end === 12 ? { position: 12 } : { epoch, position: end });
      }),
      { numRuns: 60 },
    );
  });

  it('leaves no tensor behind, whether batches are taken or not', async () => {
    const loader = loaders.get(2)!;
    const before = liveTensors();
    await play(loader);
    expect(liveTensors()).toBe(before);
    const iterator = loader[Symbol.asyncIterator]();
    const { value } = await iterator.next();
    await iterator.return();
    expect(liveTensors()).toBe(before + collectTensors(value).length);
    plain(value);
  });

  it('reads batches where the ones before them lay, once these are freed', async () => {
    const loader = loaders.get(1)!;
    const places = new Set<number>();
    const kept: Tensor[] = [];
    const { storagePlace } = await import('./storage-place.ts');
    for (let epoch = 0; epoch < 4; epoch++) {
      for await (const batch of loader) {
        places.add(storagePlace(batch.noise));
        if (kept.length < 2) kept.push(batch.noise.clone(), batch.noise);
        for (const one of collectTensors(batch)) if (!kept.includes(one)) one.dispose();
      }
    }
    expect(places.size).toBeLessThan(8); // of 48
    expect(kept[0]!.equal(kept[1]!)).toBe(true); // what is kept is not written over
  });
});

describe('datasetModule()', () => {
  it('collates by the collate of its module, in every thread', async () => {
    const dataset = await datasetModule<Dataset<Listed>>(listedUrl, { length: 5 }, { export: 'listed' });
    const [here, there] = await Promise.all(
      [0, 1].map((numWorkers) => play(new DataLoader({ dataset, batchSize: 2, numWorkers }))),
    );
    expect(here).toEqual(there);
    expect((here as { samples: unknown; place: string }[]).at(-1)).toMatchObject({
      samples: [{ name: '4' }],
      place: '0.2',
    });
  });

  it('is made once in a worker, wherever it is wrapped', async () => {
    const calls = new Int32Array(new SharedArrayBuffer(8));
    const dataset = await timed({ calls });
    const twice = new ConcatDataset([new Subset(dataset, [4, 2]), dataset, new Subset(dataset, [0])]);
    const [here, there] = await Promise.all(
      [0, 1].map((numWorkers) => play(new DataLoader({ dataset: twice, batchSize: 23, numWorkers }))),
    );
    expect(here).toEqual(there);
    expect([...calls]).toEqual([2 * (LENGTH + 3), 2]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a module that is not there', () => datasetModule(new URL('modules/none.mjs', import.meta.url)), 'Cannot make a dataset by "test/data/modules/none.mjs": expected a module that imports, got Error: Cannot find module'],
    ['a module without the export', () => datasetModule(listedUrl, {}, { export: 'lists' }), 'Cannot make a dataset by "test/data/modules/listed.ts": expected a function as its export "lists", got a module that exports collate, default, listed, number, shy'],
    ['an export that is no function', () => datasetModule(listedUrl, {}, { export: 'number' }), 'Cannot make a dataset by "test/data/modules/listed.ts": expected a function as its export "number", got number'],
    ['an export that makes no dataset', () => datasetModule(listedUrl), 'Cannot make a dataset by "test/data/modules/listed.ts": expected its default export to return an object with length and get, or with open, got object'],
    ['an export that throws', () => datasetModule(listedUrl, undefined, { export: 'listed' }), 'Cannot make a dataset by "test/data/modules/listed.ts": expected listed to make a dataset, got TypeError: Cannot destructure'],
    ['options that cannot be sent', () => datasetModule(timedUrl, { length: 1, on: { read: () => 1 } }), 'Cannot make a dataset by "test/data/modules/timed.ts": expected options that can be sent to a worker thread (tensors on the CPU, typed arrays, numbers, strings, plain objects, arrays, maps and sets), got a function in options.on.read; send what the module can make it from'],
    ['a place that depends on where the process is', () => datasetModule('./timed.ts'), `Cannot make a dataset by a module: expected a URL or an absolute path, got "./timed.ts"; for a module beside this one: new URL('./pictures.ts', import.meta.url)`],
    ['an unknown option', () => datasetModule(timedUrl, {}, { exports: 'a' } as never), 'Cannot make a dataset by a module: exports: expected one of the options export, got an unknown one'],
  ])('refuses %s', async (_, make, message) => {
    await expect(make()).rejects.toThrow(message);
  }); // biome-ignore format: a table

  it('is what a loader with workers asks for', async () => {
    const dataset = { name: 'numbers', length: 3, get: (index: number) => index };
    expect(() => new DataLoader({ dataset, numWorkers: 1 })).toThrow(
      'numWorkers: expected 0 for numbers, which workers cannot make: make it, or what it is a Subset of, by datasetModule(), got 1',
    );
    const made = await timed();
    expect(() => new DataLoader({ dataset: made, collate: (samples) => samples, numWorkers: 1 })).toThrow(
      'collate: expected none beside workers, which cannot be sent a function: export it as collate from the module of the dataset, got function',
    );
  });
});

describe('a worker that fails', () => {
  const loaderOf = async (how: Failure, timeout = 0): Promise<DataLoader<TimedSample>> =>
    new DataLoader({ dataset: await timed({ fail: { index: 9, how } }), batchSize: 4, numWorkers: 2, timeout });

  it('gives the error of a sample as the main thread does, behind the batches before it', async () => {
    const { error, numBatches } = await failing(await loaderOf('throw'));
    expect(error).toBeInstanceOf(SampleError);
    expect(error).toMatchObject({ message: 'Cannot load sample 9 of Timed: no such picture', index: 9 });
    const cause = (error as SampleError).cause as Error;
    expect(cause).toBeInstanceOf(RangeError);
    expect(cause.stack).toContain(`${timedUrl.pathname}:`);
    expect(numBatches).toBe(2);
  });

  it.each<[Failure, number, string, number | undefined]>([
    ['exit', 0, 'to go on, got its exit with code 7', 7],
    ['stray', 0, 'to go on, got its end by RangeError: on its own', 1],
    ['wait', 1, 'to answer within 1 s, got nothing; raise the option timeout, or look for what the dataset waits for', undefined],
    ['spin', 1, 'to answer within 1 s, got nothing; raise the option timeout, or look for what the dataset waits for', undefined],
  ])('is named with the samples that it had: %s', async (how, timeout, message, exitCode) => {
    const { error, numBatches } = await failing(await loaderOf(how, timeout));
    expect(error).toBeInstanceOf(WorkerError);
    const { worker } = error as WorkerError;
    expect(error).toMatchObject({
      message: `Cannot load samples 8, 9, 10, 11 of Timed: expected worker ${worker} ${message}`,
      indices: [8, 9, 10, 11],
      exitCode,
    });
    expect(numBatches).toBe(2);
  }); // biome-ignore format: a table

  it('names the operator that would draw from the generator of the whole process', async () => {
    const { error } = await failing(await loaderOf('draw'));
    expect(error).toMatchObject({
      index: 9,
      message: expect.stringContaining('Cannot run rand.generator in a worker: expected a generator, got none'),
    });
  });

  it('names the place of what cannot be sent', async () => {
    const dataset = await datasetModule<Dataset<Listed>>(listedUrl, { length: 5, closed: 3 }, { export: 'listed' });
    const { error, numBatches } = await failing(new DataLoader({ dataset, batchSize: 2, numWorkers: 1 }));
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      message:
        "Cannot send a batch of Listed from a worker thread: expected tensors on the CPU, typed arrays, numbers, strings, plain objects, arrays, maps and sets, got a function in batch.samples[1].open; have the module's collate leave it out",
    });
    expect(numBatches).toBe(1);
  });

  it('says so where it makes another dataset than the main thread, or none', async () => {
    const shrunk = await datasetModule<Dataset<Listed>>(listedUrl, { length: 5, shrinksBy: 2 }, { export: 'listed' });
    expect((await failing(new DataLoader({ dataset: shrunk, numWorkers: 1 }))).error).toMatchObject({
      message:
        'Cannot make Listed in worker 0: expected 5 samples as in the main thread, got 3; have its module make it from its options and from files alone',
    });
    const shy = await datasetModule<Dataset<Listed>>(listedUrl, { length: 5 }, { export: 'shy' });
    expect((await failing(new DataLoader({ dataset: shy, numWorkers: 1 }))).error).toMatchObject({
      message:
        'Cannot make a dataset by "test/data/modules/listed.ts": expected shy to make a dataset, got RangeError: only at home',
      cause: new RangeError('only at home'),
    });
  });

  it('is followed by others at the next iteration, and samples that fail are left out where that is asked for', async () => {
    const dataset = await timed({ fail: { index: 9, how: 'throw' } });
    const options = { dataset, batchSize: 4, onSampleError: 'skip' } as const;
    const [here, there] = [new DataLoader(options), new DataLoader({ ...options, numWorkers: 2 })];
    expect(await play(there)).toEqual(await play(here));
    expect([here.numSkipped, there.numSkipped]).toEqual([1, 1]);
    const failed = await loaderOf('throw');
    await failing(failed);
    failed.setEpoch(0);
    expect((await failing(failed)).numBatches).toBe(2);
  });
});

describe('close()', () => {
  it('ends the threads, and a later iteration starts others', async () => {
    const calls = new Int32Array(new SharedArrayBuffer(8));
    await using loader = new DataLoader({ dataset: await timed({ calls }), batchSize: 4, numWorkers: 1 });
    const first = await play(loader);
    expect(calls[0]).toBe(LENGTH);
    await loader.close();
    loader.setEpoch(0);
    expect(await play(loader)).toEqual(first);
  });

  it('is not needed for batches that are not wanted any more: those that wait are dropped', async () => {
    const calls = new Int32Array(new SharedArrayBuffer(8));
    const dataset = await timed({ calls, pause: 30 });
    const loader = new DataLoader({ dataset, batchSize: 4, numWorkers: 1, prefetchFactor: 10 });
    await play(loader, 1);
    expect(calls[0]).toBeLessThan(40); // 44 were asked for; a few may have been made before the end was heard of
    loader.setEpoch(1);
    await play(loader, 1);
    expect(calls[0]).toBeLessThan(80);
    await loader.close();
  });
});

describe('a program with workers', () => {
  it('ends by itself, whatever it left them doing; they compute on one thread', () => {
    const child = new URL('children/leaves-workers.ts', import.meta.url);
    const printed = readChild(child, {
      args: [timedUrl.href],
      environment: { OMP_NUM_THREADS: '2' },
      timeoutMs: 60_000,
    });
    expect(printed).toEqual({ inWorkers: [1], here: 2 });
  });

  it('goes on when one of them has no memory left', () => {
    const child = new URL('children/fills-memory.ts', import.meta.url);
    // With larger steps V8 may find the memory full before the thread can be ended, and ends the process.
    const nodeOptions = ['--max-old-space-size=100', '--max-semi-space-size=1'];
    expect(readChild(child, { args: [timedUrl.href], nodeOptions, timeoutMs: 60_000 })).toEqual({
      batches: [[0, 1, 2, 3]],
      name: 'WorkerError',
      message:
        'Cannot load samples 4, 5, 6, 7 of Timed: expected worker 0 to go on, got its JavaScript memory full; start node with --max-old-space-size and more MiB, or keep less in the dataset',
    });
  });
});

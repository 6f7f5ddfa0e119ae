// Tests of MultiDataLoader: who plays, in which of its own epochs, and resume at every batch.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { DataLoader } from '../loader/loader.ts';
import { MultiDataLoader, type MultiDataLoaderOptions } from './multi-loader.ts';
import { collect, loaderOf, places, turns } from './testing/loaders.ts';

describe('MultiDataLoader', () => {
  it('plays its loaders by the schedule and says whose batch it is', async () => {
    const loader = new MultiDataLoader({ loaders: { a: loaderOf(2), b: loaderOf(3) } });
    expect(loader.length).toBe(5);
    const batches = await collect(loader);
    expect(turns(batches)).toBe('a0 b0 a1 b1 a0');
    expect(batches.map(({ loaderIndex }) => loaderIndex)).toEqual([0, 1, 0, 1, 0]);
  });

  it("counts a loader's own epochs on where it plays again, so that no order comes twice", async () => {
    const loader = new MultiDataLoader({ loaders: { a: loaderOf(2), b: loaderOf(3) } });
    expect(places(await collect(loader))).toBe('0.0 0.0 0.1 0.1 1.0');
    expect(places(await collect(loader))).toBe('2.0 1.0 2.1 1.1 3.0');
  });

  it('begins every epoch with the beginning of every loader, also of one that was not finished', async () => {
    const loader = new MultiDataLoader({
      loaders: [loaderOf(2), loaderOf(9)],
      epochLength: 'min_of_lengths',
      strategy: 'sequential',
    });
    expect(places(await collect(loader))).toBe('0.0 0.1 0.0 0.1');
    expect(places(await collect(loader))).toBe('1.0 1.1 1.0 1.1');
  });

  it('without cycling gives the turns of a finished loader to the next in the schedule', async () => {
    const loader = new MultiDataLoader({
      loaders: { a: loaderOf(1), b: loaderOf(3) },
      epochLength: 'fixed_num_steps',
      stepsPerEpoch: 6,
      cycleShortLoaders: false,
    });
    expect(turns(await collect(loader))).toBe('a0 b0 b1 b2');
    expect(loader.length).toBe(4);
  });

  it('ends an epoch after maxBatchesPerEpoch', async () => {
    const loader = new MultiDataLoader({ loaders: { a: loaderOf(2), b: loaderOf(3) }, maxBatchesPerEpoch: 2 });
    expect(turns(await collect(loader))).toBe('a0 b0');
    expect(places(await collect(loader))).toBe('1.0 1.0');
    const alias = new MultiDataLoader({ loaders: { a: loaderOf(2), b: loaderOf(3) }, prefetchCapTotalBatches: 2 });
    expect(turns(await collect(alias))).toBe('a0 b0');
    expect(
      () => new MultiDataLoader({ loaders: { a: loaderOf(2) }, prefetchCapTotalBatches: 2, maxBatchesPerEpoch: 2 }),
    ).toThrow('prefetchCapTotalBatches: expected none beside maxBatchesPerEpoch, which is the same, got 2');
  });

  it('plays endless loaders for a fixed number of steps', async () => {
    const endless = {
      length: Number.POSITIVE_INFINITY,
      order: () => ({ length: Number.POSITIVE_INFINITY, at: (position: number) => position % 3 }),
    };
    const make = () => {
      const forever = new DataLoader({
        dataset: { length: 3, get: (index) => index },
        sampler: endless,
        collate: ([sample]) => String(sample),
      });
      return new MultiDataLoader({
        loaders: { forever, short: loaderOf(1) },
        epochLength: 'fixed_num_steps',
        stepsPerEpoch: 9,
        strategy: 'weighted',
        weights: [2, 1],
      });
    };
    const whole = make();
    const expected = await collect(whole);
    expect(expected.filter(({ loaderName }) => loaderName === 'forever').map(({ batch }) => batch)).toEqual([
      '0',
      '1',
      '2',
      '0',
      '1',
      '2',
    ]);
    const stopped = make();
    const first = await collect(stopped, 4);
    const resumed = make();
    resumed.loadState(stopped.state());
    expect([...first, ...(await collect(resumed))]).toEqual(expected);
  });

  const setup = fc.record({
    lengths: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
    strategy: fc.constantFrom('sequential', 'round_robin', 'weighted', 'alternating'),
    epochLength: fc.constantFrom('sum_of_lengths', 'max_of_lengths', 'min_of_lengths', 'fixed_num_steps'),
    stepsPerEpoch: fc.integer({ min: 1, max: 15 }),
    burstSize: fc.integer({ min: 1, max: 3 }),
    weights: fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 4, maxLength: 4 }),
    pattern: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
    cycleShortLoaders: fc.boolean(),
    maxBatchesPerEpoch: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }),
    epoch: fc.nat(20),
    delays: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    otherDelays: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
  });

  it('resumes at every position as if it had never stopped, whatever the timing and the prefetching', async () => {
    await fc.assert(
      fc.asyncProperty(
        setup,
        async ({
          lengths,
          strategy,
          epochLength,
          stepsPerEpoch,
          burstSize,
          weights,
          pattern,
          cycleShortLoaders,
          maxBatchesPerEpoch,
          epoch,
          delays,
          otherDelays,
        }) => {
          const options: Omit<MultiDataLoaderOptions<string>, 'loaders'> = {
            strategy,
            epochLength,
            cycleShortLoaders,
            maxBatchesPerEpoch,
            ...(epochLength === 'fixed_num_steps' && { stepsPerEpoch }),
            ...(strategy !== 'sequential' && { burstSize }),
            ...(strategy === 'weighted' && { weights: weights.slice(0, lengths.length) }),
            ...(strategy === 'alternating' && { pattern: pattern.map((entry) => entry % lengths.length) }),
          };
          const make = (delay: readonly number[], prefetchFactor = 2) =>
            new MultiDataLoader({
              ...options,
              loaders: lengths.map((length, i) => loaderOf(length, { delay: delay[i]!, seed: i, prefetchFactor })),
            });
          const whole = make(delays);
          whole.setEpoch(epoch);
          const expected = [...(await collect(whole)), ...(await collect(whole))]; // two epochs
          for (let stop = 0; stop <= whole.length; stop++) {
            const stopped = make(otherDelays);
            stopped.setEpoch(epoch);
            const first = await collect(stopped, stop);
            const resumed = make(delays, stop % 4);
            resumed.loadState(structuredClone(stopped.state()));
            resumed.setEpoch(epoch); // as a trainer does at the start of every epoch
            expect([...first, ...(await collect(resumed)), ...(await collect(resumed))]).toEqual(expected);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('starts afresh where a resumed epoch is left for another', async () => {
    const make = () => new MultiDataLoader({ loaders: { a: loaderOf(3), b: loaderOf(3) } });
    const stopped = make();
    await collect(stopped, 3);
    const resumed = make();
    resumed.loadState(stopped.state());
    resumed.setEpoch(1);
    resumed.setEpoch(0);
    expect(turns(await collect(resumed))).toBe('a0 b0 a1 b1 a2 b2');
    resumed.loadState(stopped.state());
    expect(turns(await collect(resumed, 1))).toBe('b1');
    expect(turns(await collect(resumed))).toBe('a0 b0 a1 b1 a2 b2');
  });

  it('starts an epoch afresh that was resumed and left, also loaders that did not have their turn yet', async () => {
    const make = () =>
      new MultiDataLoader({
        loaders: { a: loaderOf(4), b: loaderOf(8) },
        strategy: 'alternating',
        pattern: [0, 1, 1, 1, 1],
      });
    const stopped = make();
    await collect(stopped, 1);
    const resumed = make();
    resumed.loadState(stopped.state());
    expect(turns(await collect(resumed, 1))).toBe('b0');
    expect(places(await collect(resumed, 7))).toBe('0.0 0.0 0.1 0.2 0.3 0.1 0.4');
  });

  it('gives a state to resume from in an epoch that was left and begun again', async () => {
    const make = () => new MultiDataLoader({ loaders: { a: loaderOf(4), b: loaderOf(4) }, strategy: 'sequential' });
    const stopped = make();
    await collect(stopped, 6); // b stands after two batches
    await collect(stopped, 1);
    const resumed = make();
    resumed.loadState(stopped.state());
    expect(places(await collect(resumed))).toBe('0.1 0.2 0.3 0.0 0.1 0.2 0.3');
  });

  it('lets loaders fetch ahead of their first turn', async () => {
    const get = vi.fn(async (index: number) => index);
    const second = new DataLoader({
      dataset: { length: 4, get },
      prefetchFactor: 1,
      collate: ([sample]) => String(sample),
    });
    const loader = new MultiDataLoader({ loaders: [loaderOf(4), second], strategy: 'sequential' });
    const iterator = loader[Symbol.asyncIterator]();
    await iterator.next();
    expect(get).not.toHaveBeenCalled();
    await iterator.next();
    expect(get).not.toHaveBeenCalled();
    await iterator.next();
    expect(get).toHaveBeenCalledTimes(1);
    await iterator.return();
  });

  it('passes on what a loader throws, and is done then', async () => {
    const broken = new DataLoader({
      dataset: { name: 'pictures', length: 2, get: () => Promise.reject(new Error('broken')) },
      collate: () => '',
    });
    const loader = new MultiDataLoader({ loaders: { good: loaderOf(2), broken } });
    const iterator = loader[Symbol.asyncIterator]();
    expect((await iterator.next()).done).toBe(false);
    await expect(iterator.next()).rejects.toThrow('Cannot load sample 0 of pictures: broken');
    expect((await iterator.next()).done).toBe(true);
    expect(loader.state().position).toBe(1);
  });

  it('return() ends the iterators of its loaders', async () => {
    const inner = loaderOf(3);
    const iterator = new MultiDataLoader({ loaders: [inner] })[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    await iterator.return();
    expect((await waiting).done).toBe(true);
    expect((await iterator.next()).done).toBe(true);
  });

  it('names loaders dl0, dl1, … where they have no name', () => {
    expect(
      new MultiDataLoader({ loaders: [loaderOf(1), { name: 'b', loader: loaderOf(1) }, loaderOf(1)] }).names,
    ).toEqual(['dl0', 'b', 'dl2']);
  });

  it('reports all problems of its options together', () => {
    const twin = loaderOf(1);
    const options = {
      loaders: [twin, { name: 'dl0', loader: loaderOf(1) }, { name: 'c', loader: twin }],
      burstSize: 0,
      prefetch: 1,
      maxBatchesPerEpoch: 0,
    };
    expect(() => new MultiDataLoader(options)).toThrow(
      [
        'Cannot make a MultiDataLoader: 5 problems',
        '  - prefetch: expected one of the options loaders, cycleShortLoaders, maxBatchesPerEpoch, prefetchCapTotalBatches, strategy, epochLength, stepsPerEpoch, weights, temperature, sizes, weightSchedule, lossMix, pattern, burstSize, got an unknown one',
        '  - loaders.dl0: expected a name of its own, got that of loader 0',
        '  - loaders.c: expected a loader of its own, got that of "dl0"',
        '  - burstSize: expected an integer above 0, got 0',
        '  - maxBatchesPerEpoch: expected an integer above 0, got 0',
      ].join('\n'),
    );
    expect(() => new MultiDataLoader({ loaders: {} })).toThrow('loaders: expected at least one loader, got none');
    expect(() => new MultiDataLoader({ loaders: { 10: loaderOf(1), 2: loaderOf(1) } })).toThrow(
      'loaders.10: expected a name that is no number, or a list of { name, loader }, got 10',
    );
    expect(
      () => new MultiDataLoader({ loaders: { a: loaderOf(0), b: loaderOf(1) }, epochLength: 'max_of_lengths' }),
    ).toThrow('expected batches in every loader that has a turn, got none in "a"');
  });

  it('refuses the state of other loaders or of another schedule', async () => {
    const stopped = new MultiDataLoader({ loaders: { a: loaderOf(3), b: loaderOf(3) } });
    await collect(stopped, 3);
    const state = stopped.state();
    const resume = (options: MultiDataLoaderOptions<string>) => () => new MultiDataLoader(options).loadState(state);
    expect(resume({ loaders: { a: loaderOf(3), c: loaderOf(3) } })).toThrow(
      'Cannot resume a MultiDataLoader: expected states of a, c, got a, b',
    );
    expect(resume({ loaders: { a: loaderOf(3), b: loaderOf(4) } })).toThrow(
      'expected numSamples 4 in the state, got 3; make the loader as it was, or start it afresh',
    );
    expect(resume({ loaders: { a: loaderOf(3), b: loaderOf(3) }, strategy: 'sequential' })).toThrow(
      'Cannot resume a MultiDataLoader: expected strategy sequential in the state, got strategy round_robin; make the schedule as it was',
    );
    expect(
      resume({
        loaders: { a: loaderOf(3), b: loaderOf(3) },
        strategy: 'weighted',
        weights: [2, 1],
        maxBatchesPerEpoch: 3,
      }),
    ).toThrow(
      'expected strategy weighted, weights [2, 1], maxBatchesPerEpoch 3 in the state, got strategy round_robin, weights none, maxBatchesPerEpoch none;',
    );
    expect(resume({ loaders: { a: loaderOf(3), b: loaderOf(3, { seed: 1 }) } })).toThrow(
      'expected seed 1 in the state, got 0',
    );
  });

  it.each<[what: string, change: (state: Record<string, Record<string, unknown>>) => void, message: string]>([
    [
      'counts that do not add up',
      ({ played }) => Object.assign(played!.a!, { turns: 3 }),
      'expected 3 batches of all loaders together, got 4; make the loaders and the schedule as they were',
    ],
    [
      'counts that the schedule does not give',
      ({ played }) => {
        Object.assign(played!.a!, { turns: 1, batches: 1 });
        Object.assign(played!.b!, { turns: 2, batches: 2 });
      },
      'expected 2 batches of "a" among the first 3 by the schedule, got 1;',
    ],
    [
      'a loader that stands elsewhere',
      ({ loaders }) => Object.assign(loaders!.b!, { position: 0 }),
      'expected "b" after 1 batches of its epoch 0, got 0 of epoch 0;',
    ],
    [
      'what is no number',
      ({ played }) => Object.assign(played!.a!, { wanted: '1' }),
      'expected a number under "played.a.wanted" in the state, got 1',
    ],
    [
      'what is missing',
      (state) => delete (state as { turns?: unknown }).turns,
      'expected an object under "turns" in the state, got none',
    ],
  ])('refuses a state with %s', async (_what, change, message) => {
    const make = () => new MultiDataLoader({ loaders: { a: loaderOf(3), b: loaderOf(3) } });
    const stopped = make();
    await collect(stopped, 3);
    const state = structuredClone(stopped.state());
    change(state as never);
    expect(() => make().loadState(state)).toThrow(message);
  });

  it('has nothing to say about a state that is none', () => {
    const loader = new MultiDataLoader({ loaders: { a: loaderOf(3) } });
    expect(() => loader.loadState(null as never)).toThrow(
      'Cannot resume a MultiDataLoader: expected the state of a loader, got null',
    );
  });
});

// Loaders whose end nobody knows: what happens where they end, and resume at every batch.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GeneratorDataset } from '../datasets/generator-dataset.ts';
import { ShuffleBuffer } from '../datasets/shuffle-buffer.ts';
import { DataLoader } from '../loader/loader.ts';
import type { LoaderBatch } from './multi-iterator.ts';
import { MultiDataLoader, type MultiDataLoaderOptions } from './multi-loader.ts';
import { collect, loaderOf, places, turns, UnknownLoader } from './testing/loaders.ts';

const fixed = (stepsPerEpoch: number) => ({ epochLength: 'fixed_num_steps', stepsPerEpoch }) as const;

describe('MultiDataLoader over loaders of unknown length', () => {
  it('plays one again with its next epoch where it ends, and counts that', async () => {
    const stream = new UnknownLoader([2, 1, 3]);
    const loader = new MultiDataLoader({ loaders: { stream, a: loaderOf(9) }, ...fixed(12) });
    const batches = await collect(loader);
    expect(turns(batches)).toBe('stream0 a0 stream1 a1 stream0 a2 stream0 a3 stream1 a4 stream2 a5');
    expect(places(batches.filter(({ loaderName }) => loaderName === 'stream'))).toBe('0.0 0.1 1.0 2.0 2.1 2.2');
    expect(loader.state().played.stream).toMatchObject({ play: 2, batches: 3, turns: 6 });
    expect(stream.numOpen).toBe(0);
  });

  it('keeps 1024 of its epochs for each epoch of the schedule', async () => {
    const loader = new MultiDataLoader({ loaders: { stream: new UnknownLoader([2]) }, ...fixed(3) });
    expect(places(await collect(loader))).toBe('0.0 0.1 1.0');
    expect(places(await collect(loader))).toBe('1024.0 1024.1 1025.0');
    const once = new MultiDataLoader({ loaders: [new UnknownLoader([9])], ...fixed(2), cycleShortLoaders: false });
    await collect(once);
    expect(places(await collect(once))).toBe('1.0 1.1');
  });

  it('without cycling gives the turns of one that has ended to the next in the schedule', async () => {
    const make = () =>
      new MultiDataLoader({
        loaders: { a: loaderOf(9), stream: new UnknownLoader([2]), b: loaderOf(2) },
        ...fixed(10),
        cycleShortLoaders: false,
      });
    const loader = make();
    // The schedule: a s b a s b a s b a. The third turn of s falls to a, which follows those of b that is through.
    expect(turns(await collect(loader))).toBe('a0 stream0 b0 a1 stream1 b1 a2 a3');
    expect(loader.state().played.stream).toMatchObject({ turns: 2, isEnded: true });
    expect(turns(await collect(loader))).toBe('a0 stream0 b0 a1 stream1 b1 a2 a3');
    expect(loader.state()).toMatchObject({ epoch: 1, position: 8 });
  });

  it('ends an epoch when no loader has a batch left', async () => {
    const make = () =>
      new MultiDataLoader({
        loaders: { s: new UnknownLoader([2, 3]), t: new UnknownLoader([1]) },
        strategy: 'weighted',
        weights: [1, 1],
        ...fixed(20),
        cycleShortLoaders: false,
      });
    const loader = make();
    expect(turns(await collect(loader))).toBe('s0 t0 s1');
    const ended = loader.state();
    expect(turns(await collect(loader))).toBe('s0 t0 s1 s2');
    const resumed = make();
    resumed.loadState(ended);
    resumed.setEpoch(0);
    expect(await collect(resumed)).toEqual([]);
    expect(turns(await collect(resumed))).toBe('s0 t0 s1 s2');
  });

  it('names a loader that is empty also when it plays again, and does not ask it for ever', async () => {
    const empty = new MultiDataLoader({ loaders: { a: loaderOf(2), stream: new UnknownLoader([0]) }, ...fixed(9) });
    const message =
      'Cannot play loader "stream": expected at least one batch when it plays again, got none in its epoch 1; leave it out, or set cycleShortLoaders to false';
    await expect(collect(empty)).rejects.toThrow(message);
    const later = new MultiDataLoader({ loaders: { stream: new UnknownLoader([2, 0]) }, ...fixed(9) });
    await expect(collect(later)).rejects.toThrow('got none in its epoch 1;');
    const first = new MultiDataLoader({ loaders: { stream: new UnknownLoader([0, 2]) }, ...fixed(2) });
    expect(places(await collect(first))).toBe('1.0 1.1'); // its next epoch has some
    const left = new MultiDataLoader({
      loaders: { stream: new UnknownLoader([0]), a: loaderOf(2) },
      ...fixed(9),
      cycleShortLoaders: false,
    });
    expect(turns(await collect(left))).toBe('a0 a1');
  });

  it('takes the end of one that ends before its length as it takes any other', async () => {
    const short = (length: number) => Object.assign(new UnknownLoader([2]), { length });
    expect(places(await collect(new MultiDataLoader({ loaders: { short: short(3) } })))).toBe('0.0 0.1 1.0');
    const make = () => new MultiDataLoader({ loaders: { a: loaderOf(4), short: short(3) }, cycleShortLoaders: false });
    const whole = make();
    const expected = await collect(whole);
    expect(turns(expected)).toBe('a0 short0 a1 short1 a2 a3');
    const stopped = make();
    const first = await collect(stopped, 5);
    const resumed = make();
    resumed.loadState(stopped.state());
    expect([...first, ...(await collect(resumed))]).toEqual(expected);
  });

  it('takes the length of an epoch from the finite loaders under weighted max_of_lengths', async () => {
    const options = { strategy: 'weighted', weights: [1, 1], epochLength: 'max_of_lengths' } as const;
    const loader = new MultiDataLoader({ loaders: { stream: new UnknownLoader([3]), a: loaderOf(6) }, ...options });
    expect(turns(await collect(loader))).toBe('stream0 a0 stream1 a1 stream2 a2');
    expect(() => new MultiDataLoader({ loaders: [new UnknownLoader([3])], ...options, weights: [1] })).toThrow(
      'set epochLength to "fixed_num_steps" and stepsPerEpoch',
    );
  });

  it('plays data loaders over streams, and such as leave out what is broken', async () => {
    const make = () => {
      const numbers = new GeneratorDataset(function* numbers(epoch: number) {
        for (let i = 0; i < 5 + (epoch % 2); i++) yield 100 * epoch + i;
      });
      const stream = new DataLoader({
        dataset: new ShuffleBuffer(numbers, { size: 3, seed: 1 }),
        batchSize: 2,
        collate: (samples: number[]) => samples.join('+'),
      });
      const get = (index: number): number => {
        if (index < 2 || index === 5) throw new Error('broken');
        return index;
      };
      const broken = new DataLoader({
        dataset: { length: 6, get },
        onSampleError: 'skip',
        collate: ([sample]: number[]) => String(sample),
      });
      return new MultiDataLoader({ loaders: { stream, broken }, ...fixed(14) });
    };
    const whole = make();
    const states = [whole.state()];
    const expected: LoaderBatch<string>[] = [];
    for await (const batch of whole) {
      expected.push(batch);
      states.push(whole.state());
    }
    const of = (name: string): string[] =>
      expected.filter(({ loaderName }) => loaderName === name).map(({ batch }) => batch);
    expect(of('broken')).toEqual(['2', '3', '4', '2', '3', '4', '2']);
    const played = of('stream').join('+').split('+').map(Number);
    expect(played.slice(0, 5).sort()).toEqual([0, 1, 2, 3, 4]);
    expect(played.slice(5, 11).sort()).toEqual([100, 101, 102, 103, 104, 105]);
    for (const [stop, state] of states.entries()) {
      const resumed = make();
      resumed.loadState(structuredClone(state));
      expect(await collect(resumed)).toEqual(expected.slice(stop));
    }
  });

  const setup = fc.record({
    lengths: fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    known: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    strategy: fc.constantFrom('sequential', 'round_robin', 'weighted', 'alternating', 'moving', 'losses'),
    steps: fc.integer({ min: 1, max: 14 }),
    burstSize: fc.integer({ min: 1, max: 3 }),
    cycleShortLoaders: fc.boolean(),
    epoch: fc.nat(3),
    delays: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
  });

  it('resumes at every position as if it had never stopped, whatever ends when', async () => {
    await fc.assert(
      fc.asyncProperty(
        setup,
        async ({ lengths, known, strategy, steps, burstSize, cycleShortLoaders, epoch, delays }) => {
          const numLoaders = lengths.length + (known === undefined ? 0 : 1);
          const weights = Array.from({ length: numLoaders }, (_, i) => 1 + ((i * 2) % 3));
          const byStrategy = {
            sequential: { strategy },
            round_robin: { strategy, burstSize },
            weighted: { strategy, weights, burstSize },
            alternating: { strategy, pattern: weights.map((_, i) => (i * 2) % numLoaders), burstSize },
            moving: {
              strategy: 'weighted',
              weightSchedule: (batch: number) => weights.map((w, i) => w + ((batch + i) % 5)),
              burstSize,
            },
            losses: { strategy: 'weighted', lossMix: {}, burstSize },
          }[strategy] as Partial<MultiDataLoaderOptions<string>>;
          const make = (some: readonly number[]) => {
            const streams = lengths.map(
              (epochs, i) =>
                new UnknownLoader(cycleShortLoaders ? epochs.map((length) => length || 1) : epochs, {
                  delay: some[i]!,
                }),
            );
            const others = known === undefined ? [] : [loaderOf(known, { delay: some[3]! })];
            return new MultiDataLoader({
              loaders: [...streams, ...others],
              ...fixed(steps),
              ...byStrategy,
              cycleShortLoaders,
            });
          };
          const whole = make(delays);
          whole.setEpoch(epoch);
          const states = [whole.state()];
          const expected: unknown[] = [];
          for await (const batch of whole) {
            expected.push(batch);
            states.push(whole.state());
          }
          const next = await collect(whole);
          for (const [stop, state] of states.entries()) {
            const resumed = make([...delays].reverse());
            resumed.loadState(structuredClone(state));
            expect(resumed.state()).toEqual(state);
            resumed.setEpoch(epoch);
            expect(await collect(resumed)).toEqual(expected.slice(stop));
            expect(await collect(resumed)).toEqual(next);
            expect(resumed.proportions()).toEqual(whole.proportions());
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

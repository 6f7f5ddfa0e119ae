// Shares that change while epochs are played: when a change acts, and resume in the middle of an epoch and in the middle of a change.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INPUT_DELAY } from '../samplers/sampler.ts';
import type { LoaderBatch } from './multi-iterator.ts';
import { MultiDataLoader, type MultiDataLoaderOptions } from './multi-loader.ts';
import { collect, loaderOf, turns, wait } from './testing/loaders.ts';

const names = (batches: readonly LoaderBatch<unknown>[]): string =>
  batches.map(({ loaderName }) => loaderName).join('');
const count = (played: string, name: string): number => played.split(name).length - 1;

describe('MultiDataLoader under temperature', () => {
  it('plays by size, from in proportion to equally', async () => {
    const play = async (options: Partial<MultiDataLoaderOptions<string>>) => {
      const loaders = { a: loaderOf(16), b: loaderOf(4) };
      return names(await collect(new MultiDataLoader({ loaders, strategy: 'weighted', ...options })));
    };
    const proportional = await play({ temperature: 1 });
    expect([count(proportional, 'a'), count(proportional, 'b')]).toEqual([16, 4]);
    expect(proportional).toBe(await play({ weights: [16, 4] }));
    expect(count(await play({ temperature: 2 }), 'b')).toBe(7); // 20 * 2 / (4 + 2)
    expect(count(await play({ temperature: Number.POSITIVE_INFINITY }), 'b')).toBe(10);
    expect(count(await play({ temperature: 2, sizes: [900, 100] }), 'b')).toBe(5); // 20 / (3 + 1)
  });

  it('needs sizes where lengths have no end', () => {
    const options = { strategy: 'weighted', temperature: 2, epochLength: 'fixed_num_steps', stepsPerEpoch: 4 } as const;
    const endless = Object.assign(loaderOf(3), { length: Number.POSITIVE_INFINITY });
    expect(() => new MultiDataLoader({ loaders: [loaderOf(3), endless], ...options })).toThrow(
      'Cannot weigh loaders by size: expected sizes above 0 that have an end, got Infinity of loader 1; give sizes, one a loader',
    );
    expect(new MultiDataLoader({ loaders: [loaderOf(3), endless], ...options, sizes: [1, 2] }).length).toBe(4);
  });
});

describe('MultiDataLoader with a weightSchedule', () => {
  it('counts batches on over epochs', async () => {
    const loader = new MultiDataLoader({
      loaders: { a: loaderOf(4), b: loaderOf(4) },
      strategy: 'weighted',
      weightSchedule: {
        points: [
          { batch: 0, weights: [1, 0] },
          { batch: 16, weights: [0, 1] },
        ],
      },
    });
    // Shares of b: 0, 1/16, … 7/16 sum to 1.75; in the second epoch 8/16 to 15/16 to 5.75.
    expect(names(await collect(loader))).toBe('aaaabaab');
    expect(names(await collect(loader))).toBe('abbabbbb');
    expect(names(await collect(loader))).toBe('bbbbbbbb');
  });

  it('is a pure function of the epoch', async () => {
    const make = () =>
      new MultiDataLoader({
        loaders: { a: loaderOf(4), b: loaderOf(4) },
        strategy: 'weighted',
        weightSchedule: (batch) => [1 + (batch % 7), 3],
      });
    const whole = make();
    await collect(whole);
    const second = await collect(whole);
    const jumped = make();
    jumped.setEpoch(1);
    expect(await collect(jumped)).toEqual(second);
  });
});

describe('MultiDataLoader with a lossMix', () => {
  const make = (options: Partial<MultiDataLoaderOptions<string>> = {}) =>
    new MultiDataLoader({
      loaders: { a: loaderOf(8), b: loaderOf(8) },
      strategy: 'weighted',
      epochLength: 'fixed_num_steps',
      stepsPerEpoch: 24,
      lossMix: { smoothing: 0, temperature: 0.01, floor: 0 },
      ...options,
    });

  it('acts INPUT_DELAY batches behind the one asked for next', async () => {
    const loader = make();
    const iterator = loader[Symbol.asyncIterator]();
    const played: LoaderBatch<string>[] = [];
    const next = async () => played.push((await iterator.next()).value!);
    for (let i = 0; i < 5; i++) await next();
    loader.reportLosses({ a: 1, b: 1 });
    loader.reportLosses({ a: 1, b: 0.5 });
    while (played.length < 24) await next();
    const order = names(played);
    expect(order.slice(0, 5 + INPUT_DELAY)).toBe('abababababab'.padEnd(5 + INPUT_DELAY, 'ab'));
    expect(order.slice(5 + INPUT_DELAY)).toBe('a'.repeat(24 - 5 - INPUT_DELAY));
  });

  it('acts on the same batch whether the one asked for has come or not', async () => {
    const play = async (delay: number) => {
      const loader = make({ loaders: { a: loaderOf(8, { delay }), b: loaderOf(8, { delay }) } });
      loader.reportLosses({ a: 1, b: 1 });
      const iterator = loader[Symbol.asyncIterator]();
      const asked = iterator.next();
      await wait(3);
      expect(loader.state().position).toBe(delay === 0 ? 1 : 0);
      loader.reportLosses({ a: 0.5, b: 1 });
      await asked;
      return names(await collect({ [Symbol.asyncIterator]: () => iterator }));
    };
    expect(await play(0)).toBe(`${'ba'.repeat(INPUT_DELAY / 2)}${'b'.repeat(23 - INPUT_DELAY)}`);
    expect(await play(20)).toBe(await play(0));
  });

  it('acts INPUT_DELAY batches behind also in an epoch that was resumed before its first batch', async () => {
    const stopped = make();
    stopped.reportLosses({ a: 1, b: 1 });
    const iterator = stopped[Symbol.asyncIterator]();
    iterator.prefetch();
    const state = stopped.state();
    await iterator.return();
    const resumed = make();
    resumed.loadState(state);
    resumed.reportLosses({ a: 1, b: 0.5 });
    expect(names(await collect(resumed))).toBe(`${'ab'.repeat(INPUT_DELAY / 2)}${'a'.repeat(24 - INPUT_DELAY)}`);
  });

  it('acts on the whole next epoch where losses come between epochs', async () => {
    const loader = make({ weights: [1, 3] });
    expect(count(names(await collect(loader)), 'b')).toBe(18);
    loader.reportLosses({ a: 1, b: 1 });
    loader.reportLosses({ a: 1, b: 0.5 });
    expect(names(await collect(loader))).toBe('a'.repeat(24));
    loader.reportLosses({ a: 0.2, b: 0.5 });
    expect(names(await collect(loader))).toBe('b'.repeat(24));
  });

  it('says that it takes losses, and who does not', () => {
    expect(make().takesLosses).toBe(true);
    const plain = make({ lossMix: undefined, weights: [1, 1] });
    expect(plain.takesLosses).toBe(false);
    expect(() => plain.reportLosses({ a: 1 })).toThrow(
      'Cannot take losses: expected a MultiDataLoader with lossMix, got one whose turns no loss changes; make it with lossMix: {}',
    );
  });

  it('refuses a state of another mix, or one that is no state of a mix', async () => {
    const stopped = make();
    await collect(stopped, 3);
    const state = structuredClone(stopped.state());
    expect(() => make({ lossMix: { floor: 0.5 } }).loadState(state)).toThrow(
      'expected lossMix {"temperature": 0.1, "smoothing": 0.5, "floor": 0.5} in the state, got lossMix {"temperature": 0.01, "smoothing": 0, "floor": 0}; make the schedule as it was',
    );
    expect(() => make({ weightSchedule: () => [1, 1] }).loadState(state)).toThrow(
      'expected weightSchedule a function in the state, got weightSchedule none;',
    );
    const broken = { ...state, mix: { ...state.mix!, input: { ...state.mix!.input, current: [1] } } };
    expect(() => make().loadState(broken)).toThrow(
      'expected a number under "mix.input.current.1" in the state, got none',
    );
  });

  const setup = fc.record({
    lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 4 }),
    steps: fc.integer({ min: 1, max: 16 }),
    burstSize: fc.integer({ min: 1, max: 3 }),
    cycleShortLoaders: fc.boolean(),
    base: fc.constantFrom('equal', 'weights', 'temperature', 'points', 'function'),
    interpolation: fc.constantFrom('linear', 'cosine', 'step'),
    // Before which batches losses are reported, whether that batch is being fetched meanwhile, and losses.
    reports: fc.array(
      fc.record({
        batch: fc.nat(30),
        isMeanwhile: fc.boolean(),
        losses: fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 4, maxLength: 4 }),
      }),
      { maxLength: 8 },
    ),
    delays: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
    otherDelays: fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }),
  });

  it('resumes at every position in the middle of changes, whatever the timing and the prefetching', async () => {
    await fc.assert(
      fc.asyncProperty(setup, async (run) => {
        const { lengths, steps, burstSize, cycleShortLoaders, base, interpolation, reports, delays, otherDelays } = run;
        const weights = lengths.map((length, i) => 1 + ((length + i) % 3));
        const points = [
          { batch: 3, weights },
          { batch: 3 + steps, weights: [...weights].reverse() },
        ];
        const shares = {
          equal: {},
          weights: { weights },
          temperature: { temperature: 3 },
          points: { weightSchedule: { points, interpolation } },
          function: { weightSchedule: (batch: number) => weights.map((weight, i) => weight + ((batch * (i + 2)) % 5)) },
        }[base];
        const loaderNames = lengths.map((_, i) => `dl${i}`);
        const makeLoader = (some: readonly number[], prefetchFactor: number) =>
          new MultiDataLoader({
            loaders: lengths.map((length, i) => loaderOf(length, { delay: some[i]!, seed: i, prefetchFactor })),
            strategy: 'weighted',
            epochLength: 'fixed_num_steps',
            stepsPerEpoch: steps,
            burstSize,
            cycleShortLoaders,
            lossMix: { smoothing: 0.3, temperature: 0.3 },
            ...shares,
          });
        /** Plays what is left of two epochs, and reports before batch i what is due there; `first` counts batches and ends of epochs. */
        const play = async (loader: MultiDataLoader<string>, first: number, states?: unknown[]) => {
          const played: (LoaderBatch<string> | 'end')[] = [];
          let at = first;
          const report = (isMeanwhile: boolean): void => {
            for (const one of reports)
              if (one.batch === at && one.isMeanwhile === isMeanwhile)
                loader.reportLosses(Object.fromEntries(loaderNames.map((name, i) => [name, one.losses[i]!])));
          };
          for (let epoch = loader.state().epoch; epoch < 2; epoch++) {
            loader.setEpoch(epoch);
            const iterator = loader[Symbol.asyncIterator]();
            for (let isDone = false; !isDone; at++) {
              states?.push(structuredClone(loader.state()));
              report(false);
              const asked = iterator.next();
              if (reports.some((one) => one.batch === at && one.isMeanwhile)) {
                await wait(2); // by then the batch has come, or not
                report(true);
              }
              const result = await asked;
              played.push(result.done ? 'end' : result.value);
              isDone = result.done === true;
            }
          }
          return played;
        };
        const states: ReturnType<MultiDataLoader<string>['state']>[] = [];
        const whole = makeLoader(delays, 2);
        const expected = await play(whole, 0, states);
        for (const [stop, state] of states.entries()) {
          const resumed = makeLoader(otherDelays, stop % 4);
          resumed.loadState(state);
          expect(resumed.state()).toEqual(state);
          expect(await play(resumed, stop)).toEqual(expected.slice(stop));
          expect(resumed.state()).toEqual(whole.state());
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('turns of a MultiDataLoader whose shares change', () => {
  it('end where no loader has a batch left', async () => {
    const loader = new MultiDataLoader({
      loaders: { a: loaderOf(2), b: loaderOf(3) },
      strategy: 'weighted',
      weightSchedule: () => [3, 1],
      cycleShortLoaders: false,
      epochLength: 'fixed_num_steps',
      stepsPerEpoch: 99,
    });
    expect(loader.length).toBe(5);
    expect(turns(await collect(loader))).toBe('a0 a1 b0 b1 b2');
  });
});

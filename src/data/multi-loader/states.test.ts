// States that are broken or foreign, and loaders inside that have more state than a place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../errors.ts';
import { liveTensors, type Tensor, zeros } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import type { BatchLoader } from '../loader/batch-loader.ts';
import { EpochCursor } from '../loader/cursor.ts';
import { DataLoader } from '../loader/loader.ts';
import { INPUT_DELAY } from '../samplers/sampler.ts';
import type { LoaderBatch } from './multi-iterator.ts';
import { MultiDataLoader } from './multi-loader.ts';
import { collect, loaderOf, UnknownLoader, wait } from './testing/loaders.ts';

/** Paths to everything in plain data. */
const pathsOf = (value: unknown): (string | number)[][] =>
  typeof value !== 'object' || value === null
    ? [[]]
    : [[], ...Object.entries(value).flatMap(([key, entry]) => pathsOf(entry).map((path) => [key, ...path]))];

describe('MultiDataLoader.loadState()', () => {
  const make = () =>
    new MultiDataLoader({
      loaders: { a: loaderOf(3), b: new UnknownLoader([2, 3]) },
      strategy: 'weighted',
      lossMix: {},
      burstSize: 2,
      epochLength: 'fixed_num_steps',
      stepsPerEpoch: 12,
    });

  it('takes any state that was changed for what it is, or refuses it: nothing crashes or hangs', async () => {
    const loader = make();
    loader.reportLosses({ a: 1, b: 1 });
    await collect(loader, 5);
    loader.reportLosses({ a: 0.5, b: 1 });
    const state = structuredClone(loader.state());
    const paths = pathsOf(state).filter((path) => path.length > 0);
    const junk = fc.constantFrom<unknown>(
      undefined,
      null,
      -1,
      0.5,
      1,
      7,
      1e300,
      Number.NaN,
      '',
      'a',
      true,
      [],
      {},
      [1],
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), junk, async (path, value) => {
        const changed = structuredClone(state);
        let parent: Record<string | number, unknown> = changed as never;
        for (const key of path.slice(0, -1)) parent = parent[key] as never;
        parent[path.at(-1)!] = value;
        const resumed = make();
        try {
          resumed.loadState(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
          expect((error as Error).message).toMatch(/^Cannot resume (a MultiDataLoader|a DataLoader of the dataset): /);
          return;
        }
        expect((await collect(resumed)).length).toBeLessThanOrEqual(12);
      }),
      { numRuns: 150 },
    );
  });

  it('goes on the same beside a loader that has no batches, from every place', async () => {
    const makeBeside = () =>
      new MultiDataLoader({
        loaders: { a: loaderOf(9), empty: loaderOf(0) },
        strategy: 'weighted',
        weightSchedule: { points: [{ batch: 0, weights: [3, 1] }] },
        epochLength: 'fixed_num_steps',
        stepsPerEpoch: 9,
        cycleShortLoaders: false,
      });
    const play = async (state?: ReturnType<ReturnType<typeof makeBeside>['state']>) => {
      const resumed = makeBeside();
      if (state) resumed.loadState(state);
      const states = [];
      for await (const _ of resumed) states.push(structuredClone(resumed.state()));
      return { states, end: resumed.state() };
    };
    const { states, end } = await play();
    expect(states).toHaveLength(9);
    expect(end.played.empty).toMatchObject({ play: 0, batches: 0, isEnded: true });
    for (const state of states) expect((await play(state)).end).toEqual(end);
  });

  it('goes on with dynamic samplers inside, whose inputs are on their way', async () => {
    let step = 0;
    const dynamic = (seed: number) =>
      new DataLoader({
        dataset: { length: 5000, get: (index) => index },
        sampler: {
          length: 9,
          input: () => step,
          order: (epoch) => ({
            length: 9,
            at: (position, input) => 1000 * seed + 100 * epoch + 10 * position + ((input as number) % 10),
          }),
        },
        collate: ([sample]: number[]) => sample!,
      });
    const makeDynamic = () =>
      new MultiDataLoader({
        loaders: { a: dynamic(1), b: dynamic(2), c: dynamic(3) },
        strategy: 'alternating',
        pattern: [0, 0, 0, 1, 2, 1],
        epochLength: 'fixed_num_steps',
        stepsPerEpoch: 4 * INPUT_DELAY,
      });
    const play = async (loader: ReturnType<typeof makeDynamic>, from: number, states: unknown[] = []) => {
      step = from;
      const batches: LoaderBatch<number>[] = [];
      states.push(structuredClone(loader.state()));
      for await (const batch of loader) {
        step++; // as a training step moves a curriculum
        batches.push(batch);
        states.push(structuredClone(loader.state()));
      }
      return batches;
    };
    const states: ReturnType<ReturnType<typeof makeDynamic>['state']>[] = [];
    const expected = await play(makeDynamic(), 0, states);
    expect(new Set(expected.map(({ batch }) => batch % 10)).size).toBeGreaterThan(5); // inputs did act
    for (const [stop, state] of states.entries()) {
      const resumed = makeDynamic();
      resumed.loadState(state);
      expect(await play(resumed, stop)).toEqual(expected.slice(stop));
    }
  });
});

describe('a batch that comes while its iteration ends', () => {
  /** A loader of tensors, each of which comes when it is let go. */
  const held = () => {
    const cursor = new EpochCursor();
    let letGo: () => void = () => undefined;
    const loader: BatchLoader<Tensor> = {
      length: 4,
      setEpoch: (epoch) => void cursor.setEpoch(epoch),
      state: () => cursor.place,
      loadState: (state) => cursor.load(state),
      [Symbol.asyncIterator]: () => {
        cursor.begin(4);
        return {
          prefetch: () => undefined,
          next: async () => {
            await new Promise<void>((resolve) => {
              letGo = resolve;
            });
            cursor.advance();
            return { value: zeros([2]), done: false };
          },
          return: async () => ({ value: undefined, done: true }),
        };
      },
    };
    return { loader, letGo: () => letGo() };
  };

  it('is handed out where return() ends it: the loader has counted it', async () => {
    const { loader, letGo } = held();
    const multi = new MultiDataLoader({ loaders: { loader } });
    const iterator = multi[Symbol.asyncIterator]();
    const asked = iterator.next();
    await wait(2);
    letGo();
    await iterator.return();
    const { done, value } = await asked;
    expect(done).toBe(false);
    value?.batch.dispose();
    expect(multi.state()).toMatchObject({ position: 1, loaders: { loader: { position: 1 } } });
  });

  it('is freed where the loader was put elsewhere', async () => {
    const { loader, letGo } = held();
    const multi = new MultiDataLoader({ loaders: { loader } });
    const before = settledTensors();
    const asked = multi[Symbol.asyncIterator]().next();
    await wait(2);
    letGo();
    multi.setEpoch(3);
    await expect(asked).rejects.toThrow('got one that a later iteration, setEpoch or loadState has ended');
    expect(liveTensors()).toBe(before);
    expect(multi.state()).toMatchObject({ epoch: 3, position: 0, played: { loader: { turns: 0 } } });
  });
});

describe('MultiDataLoader.close()', () => {
  it('ends the iteration and closes every loader that can be closed, also behind one that fails', async () => {
    const closed: string[] = [];
    const closing = (name: string, fails = false) =>
      Object.assign(loaderOf(3), {
        close: async () => {
          closed.push(name);
          if (fails) throw new Error(`no end of ${name}`);
        },
      });
    const stream = new UnknownLoader([3]);
    const loader = new MultiDataLoader({
      loaders: { a: closing('a', true), stream, b: closing('b') },
      epochLength: 'fixed_num_steps',
      stepsPerEpoch: 9,
    });
    const iterator = loader[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    expect(stream.numOpen).toBe(1);
    await expect(loader.close()).rejects.toThrow('no end of a');
    expect(closed).toEqual(['a', 'b']);
    expect(stream.numOpen).toBe(0);
    await expect(iterator.next()).rejects.toThrow('got one that a later iteration, setEpoch or loadState has ended');
  });
});

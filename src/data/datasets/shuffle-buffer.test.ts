// Tests of ShuffleBuffer and GeneratorDataset: every sample once, any order as likely, going on from every place.
import { setImmediate as breathe } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataLoader } from '../loader/loader.ts';
import { GeneratorDataset } from './generator-dataset.ts';
import type { IterableDataset, SampleStream, StreamState } from './iterable.ts';
import { ShuffleBuffer, type ShuffleBufferOptions } from './shuffle-buffer.ts';

/** Sample i is i; `isAsync` gives it later. Counts what is opened and read. */
class Numbers implements IterableDataset<number> {
  readonly name = 'numbers';
  readonly read: number[] = [];
  numOpened = 0;
  numOpen = 0;
  readonly #size: number;
  readonly #isAsync: boolean;
  readonly #unreadable: readonly number[];

  constructor(size: number, { isAsync = false, unreadable = [] as readonly number[] } = {}) {
    this.#size = size;
    this.#isAsync = isAsync;
    this.#unreadable = unreadable;
  }

  open(_: number, state: StreamState = 0): SampleStream<number> {
    let next = state as number;
    this.numOpened++;
    this.numOpen++;
    const give = (): number | undefined => {
      if (next >= this.#size) return undefined;
      if (this.#unreadable.includes(next)) throw new Error(`${next++} is broken`);
      this.read.push(next);
      return next++;
    };
    return {
      next: () => (this.#isAsync ? breathe().then(give) : give()),
      state: () => next,
      close: () => {
        this.numOpen--;
      },
    };
  }
}

const plain = (samples: number[]): number[] => samples;
const collect = async (
  dataset: IterableDataset<number>,
  { state, limit = Number.POSITIVE_INFINITY, epoch = 0 }: { state?: StreamState; limit?: number; epoch?: number } = {},
): Promise<{ samples: number[]; state: StreamState }> => {
  const stream = dataset.open(epoch, state);
  const samples: number[] = [];
  while (samples.length < limit) {
    const sample = await stream.next();
    if (sample === undefined) break;
    samples.push(sample);
  }
  const end = structuredClone(stream.state());
  await stream.close();
  return { samples, state: end };
};
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);

describe('ShuffleBuffer', () => {
  it('gives every sample once, none before it could be held, in another order every epoch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 50 }), fc.maxSafeNat(), async (length, size, seed) => {
        const { samples } = await collect(new ShuffleBuffer(new Numbers(length), { size, seed }));
        expect([...samples].sort((a, b) => a - b)).toEqual(range(length));
        samples.forEach((sample, i) => {
          expect(sample).toBeLessThan(i + size);
        });
      }),
      { numRuns: 40 },
    );
    const dataset = new ShuffleBuffer(new Numbers(40), { size: 10 });
    const orders = [await collect(dataset), await collect(dataset, { epoch: 1 }), await collect(new ShuffleBuffer(new Numbers(40), { size: 10, seed: 1 }))]; // biome-ignore format: three alike
    expect(new Set(orders.map(({ samples }) => samples.join())).size).toBe(3);
  });

  it('gives every order as often where it holds all of them', async () => {
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 1200; epoch++) {
      const order = (await collect(new ShuffleBuffer(new Numbers(3), { size: 3 }), { epoch })).samples.join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    expect(chiSquare).toBeLessThan(20.5); // 99.9 % of 5 degrees of freedom; the draws are fixed
  });

  it('goes on from every place as if it had never stopped', async () => {
    const setup = fc.record({
      length: fc.nat(25),
      size: fc.integer({ min: 1, max: 12 }),
      isAsync: fc.boolean(),
      unreadable: fc.uniqueArray(fc.nat(24), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(setup, async ({ length, size, isAsync, unreadable }) => {
        const make = () =>
          new DataLoader({
            dataset: new ShuffleBuffer(new Numbers(length, { isAsync, unreadable }), { size, seed: 3 }),
            collate: plain,
            onSampleError: 'skip',
          });
        const take = async (loader: AsyncIterable<number[]>, limit: number): Promise<number[]> => {
          const samples: number[] = [];
          if (limit === 0) return samples;
          for await (const batch of loader) if (samples.push(...batch) >= limit) break;
          return samples;
        };
        const whole = make();
        const expected = await take(whole, Number.POSITIVE_INFINITY);
        expect(expected.length).toBe(range(length).filter((i) => !unreadable.includes(i)).length);
        for (let stop = 0; stop <= expected.length; stop++) {
          const stopped = make();
          const begun = await take(stopped, stop);
          const resumed = make();
          resumed.loadState(structuredClone(stopped.state()));
          expect([...begun, ...(await take(resumed, Number.POSITIVE_INFINITY))]).toEqual(expected);
          expect(resumed.numSkipped).toBe(whole.numSkipped);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('reads again what it held, and little else, through few streams', async () => {
    const size = 500;
    const { samples, state } = await collect(new ShuffleBuffer(new Numbers(5000), { size }), { limit: 3000 });
    const source = new Numbers(5000);
    const { samples: rest } = await collect(new ShuffleBuffer(source, { size }), { state, limit: 1 });
    const again = source.read.filter((number) => number < samples.length + size - 1);
    expect(again.length).toBeLessThan(4 * size);
    expect(source.numOpened).toBeLessThan(20);
    expect(source.numOpen).toBe(0);
    expect(samples).not.toContain(rest[0]);
  });

  it('says of a source that has changed what it lacks', async () => {
    const { state } = await collect(new ShuffleBuffer(new Numbers(9), { size: 4 }), { limit: 3 });
    await expect(collect(new ShuffleBuffer(new Numbers(2), { size: 4 }), { state })).rejects.toThrow(
      /^Cannot resume numbers: expected sample \d of epoch 0 in the place of the saved state, got the end; /,
    );
    expect(() => new ShuffleBuffer(new Numbers(9), { size: 2 }).open(0, state)).toThrow(
      'Cannot resume ShuffleBuffer of numbers: expected at most 2 samples in the state, got 3; give the ShuffleBuffer the size that it had',
    );
    for (const wrong of [7, null, {}, { ...(state as object), numbers: [1] }] as StreamState[]) {
      expect(() => new ShuffleBuffer(new Numbers(9), { size: 4 }).open(0, wrong)).toThrow(
        'expected the state of a shuffled stream',
      );
    }
  });

  it('refuses wrong options, and to shuffle what is shuffled', () => {
    const dataset = new Numbers(3);
    expect(() => new ShuffleBuffer(dataset, { size: 0, seed: 0.5 })).toThrow(
      'size: expected an integer above 0, got 0',
    );
    expect(() => new ShuffleBuffer(new ShuffleBuffer(dataset, { size: 2 }), { size: 2 })).toThrow(
      'dataset: expected an iterable dataset that is not shuffled yet, got a ShuffleBuffer',
    );
    expect(() => new ShuffleBuffer(dataset, { size: 1, buffer: 2 } as ShuffleBufferOptions)).toThrow(
      'buffer: expected one of the options size, seed, got an unknown one',
    );
  });
});

describe('GeneratorDataset', () => {
  function* numbers(epoch: number): Generator<number> {
    for (let i = 0; i < 6; i++) yield 10 * epoch + i;
  }
  async function* later(epoch: number): AsyncGenerator<number> {
    for (const number of numbers(epoch)) {
      await breathe();
      yield number;
    }
  }

  it.each([
    ['a generator', numbers],
    ['an asynchronous one', later],
    ['a function that gives a list', (epoch: number) => [...numbers(epoch)]],
  ])('goes on behind what %s gave before', async (_, generate) => {
    const dataset = new GeneratorDataset(generate);
    for (let limit = 0; limit <= 7; limit++) {
      const { samples, state } = await collect(dataset, { limit, epoch: 2 });
      expect(state).toBe(Math.min(limit, 6));
      const rest = (await collect(dataset, { state, epoch: 2 })).samples;
      expect([...samples, ...rest]).toEqual([20, 21, 22, 23, 24, 25]);
    }
  });

  it('ends a generator that was left early', async () => {
    let isEnded = false;
    const dataset = new GeneratorDataset(function* () {
      try {
        yield* numbers(0);
      } finally {
        isEnded = true;
      }
    });
    for await (const _ of new DataLoader({ dataset })) break;
    expect(isEnded).toBe(true);
  });

  it.each([numbers, later])(
    'does not take a failure for the end, also where failures are skipped',
    async (generate) => {
      const dataset = new GeneratorDataset(
        async function* broken() {
          for await (const number of generate(0)) {
            if (number === 2) throw new Error('the line is down');
            yield number;
          }
        },
        { length: 6 },
      );
      for (const onSampleError of ['throw', 'skip'] as const) {
        const loader = new DataLoader({ dataset, onSampleError, collate: plain });
        const samples: number[] = [];
        const reading = (async () => {
          for await (const batch of loader) samples.push(...batch);
        })();
        await expect(reading).rejects.toThrow('Cannot load sample 2 of epoch 0 of broken: the line is down');
        expect(samples).toEqual([0, 1]);
      }
    },
  );

  it('refuses wrong options and states', () => {
    expect(() => new GeneratorDataset(7 as never, { length: -1 })).toThrow('generate: expected a function, got number');
    expect(() => new GeneratorDataset(numbers, { length: -1 })).toThrow(
      'length: expected an integer from 0 on, or Infinity, got -1',
    );
    expect(() => new GeneratorDataset(numbers).open(0, 'x')).toThrow(
      'Cannot resume numbers: expected the number of samples that it gave, got "x"',
    );
  });
});

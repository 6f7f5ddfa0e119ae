// Tests of DataLoader over iterable datasets: order, ends, resume at every batch, what cannot be read.
import { setImmediate as breathe } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { SampleContext } from '../context.ts';
import type { IterableDataset, SampleStream, StreamState } from '../datasets/iterable.ts';
import { DataLoader, type DataLoaderOptions } from './loader.ts';

const wait = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await breathe();
};

interface LinesOptions {
  /** Turns of the event loop that reading, and decoding, a sample take; 0 gives it at once. */
  readonly readDelay?: (index: number) => number;
  readonly decodeDelay?: (index: number) => number;
  readonly isLengthKnown?: boolean;
  /** Samples that cannot be read. */
  readonly unreadable?: readonly number[];
}

/** Sample i of epoch e is e * 1000 + i. Counts what is read, opened and closed. */
class Lines implements IterableDataset<number, { value: number; seed: number }> {
  readonly name = 'lines';
  readonly length: number | undefined;
  readonly read: number[] = [];
  numOpen = 0;
  readonly #size: number;
  readonly #options: LinesOptions;

  constructor(size: number, options: LinesOptions = {}) {
    this.#size = size;
    this.#options = options;
    this.length = options.isLengthKnown ? size - (options.unreadable?.length ?? 0) : undefined;
  }

  open(epoch: number, state: StreamState = 0): SampleStream<number> {
    const { readDelay = () => 0, unreadable = [] } = this.#options;
    let next = state as number;
    this.numOpen++;
    const give = (): number | undefined => {
      if (next >= this.#size) return undefined;
      const index = next++;
      if (unreadable.includes(index)) throw new Error('the line is cut short');
      this.read.push(index);
      return epoch * 1000 + index;
    };
    return {
      next: () => (readDelay(next) === 0 ? give() : wait(readDelay(next)).then(give)),
      state: () => next,
      close: () => {
        this.numOpen--;
      },
    };
  }

  decode(
    value: number,
    { seed }: SampleContext,
  ): { value: number; seed: number } | Promise<{ value: number; seed: number }> {
    const { decodeDelay = () => 0 } = this.#options;
    const turns = decodeDelay(value % 1000);
    return turns === 0 ? { value, seed } : wait(turns).then(() => ({ value, seed }));
  }
}

type Batch = { value: number; seed: number }[];
const plain = (samples: Batch): Batch => samples;
const values = (batches: Batch[]): number[][] => batches.map((batch) => batch.map(({ value }) => value));

const collect = async <B>(loader: AsyncIterable<B>, limit = Number.POSITIVE_INFINITY): Promise<B[]> => {
  const batches: B[] = [];
  if (limit === 0) return batches;
  for await (const batch of loader) if (batches.push(batch) >= limit) break;
  return batches;
};

describe('DataLoader of an iterable dataset', () => {
  it('plays it in sequence, epoch after epoch, and closes every stream', async () => {
    const dataset = new Lines(5);
    const loader = new DataLoader({ dataset, batchSize: 2, collate: plain });
    expect(loader.length).toBe(Number.POSITIVE_INFINITY);
    expect(values(await collect(loader))).toEqual([[0, 1], [2, 3], [4]]);
    expect(values(await collect(loader))).toEqual([[1000, 1001], [1002, 1003], [1004]]);
    expect(loader.state()).toEqual({ epoch: 1, position: 3, seed: 0, batchSize: 2, stream: 5 });
    const full = new DataLoader({ dataset, batchSize: 2, dropLast: true, collate: plain });
    expect(values(await collect(full))).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(dataset.numOpen).toBe(0);
    expect(await collect(new DataLoader({ dataset: new Lines(0) }))).toEqual([]);
  });

  it('knows its length where the dataset does', async () => {
    const lengths = [7, 8, 9].map((size) => {
      const dataset = new Lines(size, { isLengthKnown: true });
      return [false, true].map((dropLast) => new DataLoader({ dataset, batchSize: 4, dropLast }).length);
    });
    expect(lengths).toEqual([
      [2, 1],
      [2, 2],
      [3, 2],
    ]);
    const endless = { length: Number.POSITIVE_INFINITY, open: () => ({ next: () => 7, state: () => 0, close() {} }) };
    const loader = new DataLoader({ dataset: endless, batchSize: 3, collate: (samples) => samples });
    expect([loader.length, loader.isEndless]).toEqual([Number.POSITIVE_INFINITY, true]);
    expect(new DataLoader({ dataset: new Lines(3) }).isEndless).toBe(false);
    expect(await collect(loader, 2)).toEqual([
      [7, 7, 7],
      [7, 7, 7],
    ]);
    await expect(collect(new DataLoader({ dataset: { ...endless, length: 2, name: 'sevens' } }))).rejects.toThrow(
      'Cannot read sevens: expected 2 samples in an epoch as its length says, got more',
    );
  });

  const timing = fc.record({
    concurrency: fc.integer({ min: 1, max: 9 }),
    prefetchFactor: fc.nat(4),
    readDelays: fc.array(fc.nat(2), { minLength: 20, maxLength: 20 }),
    decodeDelays: fc.array(fc.nat(3), { minLength: 20, maxLength: 20 }),
  });

  it('resumes at every position as if it had never stopped, whatever the timing and the concurrency', async () => {
    const setup = fc.record({
      size: fc.nat(20),
      batchSize: fc.integer({ min: 1, max: 7 }),
      epoch: fc.nat(50),
      dropLast: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(setup, timing, timing, async ({ size, batchSize, epoch, dropLast }, before, after) => {
        const make = ({ readDelays, decodeDelays, concurrency, prefetchFactor }: typeof before) => {
          const dataset = new Lines(size, { readDelay: (i) => readDelays[i]!, decodeDelay: (i) => decodeDelays[i]! });
          return {
            dataset,
            loader: new DataLoader({
              dataset,
              batchSize,
              dropLast,
              seed: 5,
              concurrency,
              prefetchFactor,
              collate: plain,
            }),
          };
        };
        const { loader: whole } = make(before);
        whole.setEpoch(epoch);
        const first = await collect(whole);
        const expected = [...first, ...(await collect(whole))]; // two epochs
        for (let stop = 0; stop <= first.length; stop++) {
          const { loader: stopped, dataset: read } = make(before);
          stopped.setEpoch(epoch);
          const begun = await collect(stopped, stop);
          const { loader: resumed, dataset } = make(after);
          resumed.loadState(structuredClone(stopped.state()));
          resumed.setEpoch(epoch); // as a trainer does
          expect(resumed.state()).toEqual(stopped.state());
          const rest = await collect(resumed);
          expect(dataset.read.every((index) => index >= stop * batchSize)).toBe(true);
          expect([...begun, ...rest, ...(await collect(resumed))]).toEqual(expected);
          expect([read.numOpen, dataset.numOpen]).toEqual([0, 0]);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('state() is that of the last batch handed out, not of the last one read', async () => {
    const dataset = new Lines(10, { decodeDelay: () => 1 });
    const loader = new DataLoader({ dataset, batchSize: 1, prefetchFactor: 4, collate: plain });
    const iterator = loader[Symbol.asyncIterator]();
    expect(loader.state()).toEqual({ epoch: 0, position: 0, seed: 0, batchSize: 1 });
    await iterator.next();
    expect(dataset.read.length).toBe(5);
    expect(loader.state()).toEqual({ epoch: 0, position: 1, seed: 0, batchSize: 1, stream: 1 });
    await iterator.return();
    expect(dataset.numOpen).toBe(0);
  });

  it('names the sample that cannot be read or decoded', async () => {
    const reading = new DataLoader({ dataset: new Lines(9, { unreadable: [4] }), batchSize: 2, collate: plain });
    await expect(collect(reading)).rejects.toMatchObject({
      name: 'SampleError',
      message: 'Cannot load sample 4 of epoch 0 of lines: the line is cut short',
      index: 4,
    });
    expect(reading.state().position).toBe(2);
    const dataset = new Lines(9);
    vi.spyOn(dataset, 'decode').mockImplementation((value) => {
      if (value === 3) throw new Error('no picture');
      return { value, seed: 0 };
    });
    await expect(collect(new DataLoader({ dataset, batchSize: 2, collate: plain }))).rejects.toThrow(
      'Cannot load sample 3 of epoch 0 of lines: no picture',
    );
    expect(dataset.numOpen).toBe(0);
  });

  it('leaves out what cannot be read or decoded and counts it, the same on resume', async () => {
    const make = (): DataLoader<{ value: number; seed: number }, Batch> => {
      const dataset = new Lines(13, { unreadable: [0, 5, 6, 12], decodeDelay: (i) => i % 2 });
      const decode = dataset.decode.bind(dataset);
      vi.spyOn(dataset, 'decode').mockImplementation((value, context) => {
        if ([1, 9, 10, 11].includes(value)) throw new Error('no picture');
        return decode(value, context);
      });
      return new DataLoader({ dataset, batchSize: 3, collate: plain, onSampleError: 'skip' });
    };
    const whole = make();
    const expected = await collect(whole);
    expect(values(expected)).toEqual([[2, 3], [4, 7, 8]]); // biome-ignore format: the batch of 9, 10 and 11 is left out
    expect(whole.numSkipped).toBe(8);
    for (let stop = 0; stop <= 2; stop++) {
      const stopped = make();
      const begun = await collect(stopped, stop);
      const resumed = make();
      resumed.loadState(structuredClone(stopped.state()));
      expect([...begun, ...(await collect(resumed))]).toEqual(expected);
      expect(resumed.numSkipped).toBe(8);
    }
  });

  it('does not go on with a stream that is stuck', async () => {
    const stream: SampleStream<number> = { next: () => Promise.reject(new Error('gone')), state: () => 3, close() {} };
    const loader = new DataLoader({ dataset: { name: 'pipe', open: () => stream }, onSampleError: 'skip' });
    await expect(collect(loader)).rejects.toThrow('Cannot load sample 0 of epoch 0 of pipe: gone');
    let place = 0;
    const failing = { ...stream, state: () => place++ };
    const endless = new DataLoader({ dataset: { name: 'pipe', open: () => failing }, onSampleError: 'skip' });
    await expect(collect(endless)).rejects.toThrow('gone');
  });

  it('throws what open() and close() throw to the caller', async () => {
    const stream: SampleStream<number> = { next: () => undefined, state: () => 0, close: () => Promise.reject(new Error('still locked')) }; // biome-ignore format: one thought
    await expect(collect(new DataLoader({ dataset: { open: () => stream } }))).rejects.toThrow('still locked');
    const open = (): never => {
      throw new Error('no such file');
    };
    await expect(collect(new DataLoader({ dataset: { open } }))).rejects.toThrow('no such file');
  });

  it('refuses options and states that do not fit', () => {
    const sampler = { length: 1, order: () => ({ length: 1, at: () => 0 }) };
    const options = { dataset: new Lines(3), shuffle: true, sampler } as unknown as DataLoaderOptions<number, number>;
    expect(() => new DataLoader(options)).toThrow(
      'shuffle: expected none for an iterable dataset, got true; shuffle it by new ShuffleBuffer(dataset, { size })',
    );
    expect(() => new DataLoader(options)).toThrow('sampler: expected none for an iterable dataset');
    const loader = new DataLoader({ dataset: new Lines(3) });
    expect(() => loader.loadState({ epoch: 0, position: 1, seed: 0, batchSize: 1 })).toThrow(
      'Cannot resume a DataLoader of lines: expected place of a stream in the state, got none; make the loader as it was, or start it afresh',
    );
    expect(() =>
      new DataLoader({ dataset: { length: 9, get: () => 0 } }).loadState({
        epoch: 0,
        position: 1,
        seed: 0,
        numSamples: 9,
        batchSize: 1,
        numBatches: 9,
        stream: 1,
      }),
    ).toThrow('expected no place of a stream in the state, got one');
  });
});

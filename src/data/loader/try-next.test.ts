// Batches without waiting: `tryNext` gives what `next` gives, in its order and with its states, and leaves to it what takes time, fails or is over.
import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { adopt, arange, liveTensors, scope, type Tensor } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { TensorDataset } from '../datasets/tensor-dataset.ts';
import { MultiDataLoader } from '../multi-loader/multi-loader.ts';
import { loaderOf } from '../multi-loader/testing/loaders.ts';
import type { BatchLoader } from './batch-loader.ts';
import { DataLoader } from './loader.ts';

/** What a loader gives, with its state behind every batch: at once where `triesAt` says so and it can. */
async function play<B>(loader: BatchLoader<B>, triesAt: (i: number) => boolean) {
  const iterator = loader[Symbol.asyncIterator]();
  const played: unknown[] = [];
  let numAtOnce = 0;
  for (let i = 0; ; i++) {
    const ready = triesAt(i) ? iterator.tryNext!() : undefined;
    if (ready) numAtOnce++;
    const { value, done } = ready ?? (await iterator.next());
    if (done) return { played, numAtOnce };
    played.push([value, structuredClone(loader.state())]);
  }
}

const loaders: [what: string, make: (delay: number) => BatchLoader<unknown>][] = [
  ['DataLoader', (delay) => loaderOf(9, { delay })],
  [
    'MultiDataLoader',
    (delay) =>
      new MultiDataLoader<unknown>({
        loaders: { a: loaderOf(3, { delay }), b: loaderOf(5) },
        strategy: 'weighted',
        lossMix: {},
        epochLength: 'fixed_num_steps',
        stepsPerEpoch: 12,
      }),
  ],
];

for (const [what, make] of loaders) {
  describe(`tryNext() of a ${what}`, () => {
    it('gives at once what next() gives, with the same states, also in turns with it', async () => {
      for (const delay of [0, 1]) {
        const { played } = await play(make(delay), () => false);
        const always = await play(make(delay), () => true);
        const sometimes = await play(make(delay), (i) => i % 3 === 1);
        expect([always.played, sometimes.played]).toEqual([played, played]);
        expect(delay === 0 ? always.numAtOnce : 0).toBe(delay === 0 ? played.length : 0);
        expect(delay === 0 || always.numAtOnce < played.length).toBe(true);
      }
    });

    it('gives nothing while a next() waits, at the end and after it', async () => {
      const iterator = make(1)[Symbol.asyncIterator]();
      const waiting = iterator.next();
      expect(iterator.tryNext!()).toBeUndefined();
      expect((await waiting).done).toBe(false);
      while (!(await iterator.next()).done);
      expect([iterator.tryNext!(), await iterator.next()]).toEqual([undefined, { value: undefined, done: true }]);
    });
  });
}

describe('tryNext() where something fails', () => {
  it('leaves the error to next(), once', async () => {
    const get = (index: number): number => {
      if (index === 1) throw new Error('no such sample');
      return index;
    };
    const loader = new DataLoader({ dataset: { length: 3, get }, collate: ([sample]) => sample });
    const several = new MultiDataLoader<unknown>({ loaders: { loader } });
    for (const each of [loader, several]) {
      const iterator = each[Symbol.asyncIterator]();
      expect(iterator.tryNext!()).toBeDefined();
      expect(iterator.tryNext!()).toBeUndefined();
      await expect(iterator.next()).rejects.toThrow('no such sample');
      expect(iterator.tryNext!()).toBeUndefined();
      expect(await iterator.next()).toEqual({ value: undefined, done: true });
    }
  });

  it('leaves an error of the schedule to next()', async () => {
    const weightSchedule = (turn: number): number[] => {
      if (turn === 3) throw new Error('no such turn');
      return [1, 1];
    };
    const loader = new MultiDataLoader<unknown>({
      loaders: { a: loaderOf(3), b: loaderOf(3) },
      strategy: 'weighted',
      weightSchedule,
    });
    const iterator = loader[Symbol.asyncIterator]();
    expect(iterator.tryNext!()).toBeDefined();
    expect(iterator.tryNext!()).toBeUndefined(); // two turns are looked at ahead
    await expect(iterator.next()).rejects.toThrow('no such turn');
  });
});

describe('the tensors of tryNext()', () => {
  it('are freed by the scope that adopts them; all others have their owner as ever', async () => {
    const before = settledTensors();
    const data = arange(12).reshape([6, 2]);
    const seen: Tensor[] = [];
    /** Makes a tensor that it keeps, one that it drops, and the sample. */
    const get = (index: number): Tensor => {
      seen.push(data.select(0, index));
      data.select(0, index).add(1);
      return data.select(0, index);
    };
    const loader = new MultiDataLoader<Tensor>({
      loaders: {
        rows: new DataLoader({ dataset: new TensorDataset(data), batchSize: 2 }),
        samples: new DataLoader({ dataset: { length: 3, get }, collate: ([sample]) => sample! }),
      },
    });
    const iterator = loader[Symbol.asyncIterator]();
    const rows: unknown[] = [];
    for (let ready = iterator.tryNext!(); ready; ready = iterator.tryNext!()) {
      const { batch } = ready.value;
      scope(() => void rows.push(adopt(batch).toArray()));
      expect(batch.isDisposed).toBe(true);
    }
    expect(rows.slice(0, 3)).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
      [0, 1],
      [
        [4, 5],
        [6, 7],
      ],
    ]);
    expect(seen.map((tensor) => tensor.isDisposed)).toEqual([false, false, false]);
    expect((await iterator.next()).done).toBe(true);
    await breathe();
    seen.length = 0;
    data.dispose();
    expect(settledTensors()).toBe(before);
    expect(liveTensors()).toBe(before);
  });
});

// Tests of what DataLoader does with samples that fail or do not come, and with transforms of whole batches.
import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { SampleError } from '../../errors.ts';
import { liveTensors, type Tensor, tensor } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { type BatchContext, type SampleContext, sampleSeed } from '../context.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { TensorDataset } from '../datasets/tensor-dataset.ts';
import { DataLoader } from './loader.ts';

const collect = async <B>(loader: AsyncIterable<B>, limit = Number.POSITIVE_INFINITY): Promise<B[]> => {
  const batches: B[] = [];
  if (limit === 0) return batches;
  for await (const batch of loader) if (batches.push(batch) >= limit) break;
  return batches;
};

/** Samples tell their seed; those in `broken` fail, every other one later. */
const pictures = (length: number, broken: readonly number[]): Dataset<{ index: number; seed: number }> => ({
  name: 'pictures',
  length,
  get: (index, { seed }) => {
    const give = () => {
      if (broken.includes(index)) throw new Error(`picture ${index} is cut short`);
      return { index, seed };
    };
    return index % 2 === 0 ? give() : breathe().then(give);
  },
});

describe("DataLoader with onSampleError 'skip'", () => {
  const make = (broken: readonly number[]) =>
    new DataLoader({
      dataset: pictures(11, broken),
      batchSize: 3,
      seed: 4,
      onSampleError: 'skip',
      collate: (samples, context) => ({ samples, context }),
    });

  it('makes shorter batches, leaves out empty ones, and changes nothing in the others', async () => {
    const whole = await collect(make([]));
    const loader = make([1, 6, 7, 8, 9]);
    const batches = await collect(loader);
    expect(batches.map(({ samples }) => samples.map(({ index }) => index))).toEqual([[0, 2], [3, 4, 5], [10]]);
    expect(loader.numSkipped).toBe(5);
    const seeds = new Map(whole.flatMap(({ samples }) => samples.map(({ index, seed }) => [index, seed] as const)));
    for (const { samples, context } of batches) {
      expect([...context.indices]).toEqual(samples.map(({ index }) => index));
      samples.forEach(({ index, seed }, i) => {
        expect(seed).toBe(seeds.get(index));
        expect(sampleSeed(context, i)).toBe(seed); // a transform of the batch finds it too
      });
    }
  });

  it('counts on after a resume', async () => {
    const whole = make([1, 6, 7, 8, 9]);
    const expected = await collect(whole);
    for (let stop = 0; stop <= 3; stop++) {
      const stopped = make([1, 6, 7, 8, 9]);
      const begun = await collect(stopped, stop);
      const resumed = make([1, 6, 7, 8, 9]);
      resumed.loadState(structuredClone(stopped.state()));
      expect([...begun, ...(await collect(resumed))]).toEqual(expected);
      expect(resumed.numSkipped).toBe(5);
    }
    await collect(whole);
    expect(whole.numSkipped).toBe(10);
  });

  it('asks a dataset that gathers for single samples where a batch fails', async () => {
    const column = tensor([0, 1, 2, 3, 4, 5]);
    const whole = new TensorDataset({ column });
    const getBatch = vi.fn((indices: Int32Array) => {
      if (indices.includes(3)) throw new Error('row 3 is gone');
      return whole.getBatch(indices);
    });
    const get = vi.fn((index: number) => {
      if (index === 3) throw new Error('row 3 is gone');
      return whole.get(index);
    });
    const dataset = { name: 'rows', length: 6, get, getBatch };
    const loader = new DataLoader({ dataset, batchSize: 2, onSampleError: 'skip' });
    expect((await collect(loader)).map(({ column }) => column.toArray())).toEqual([[0, 1], [2], [4, 5]]);
    expect(get.mock.calls.map(([index]) => index)).toEqual([2, 3]);
    await expect(collect(new DataLoader({ dataset, batchSize: 2 }))).rejects.toThrow(
      'Cannot load sample 3 of rows: row 3 is gone',
    );
    const faulty = { ...dataset, get: (index: number) => whole.get(index) };
    await expect(collect(new DataLoader({ dataset: faulty, batchSize: 2, onSampleError: 'skip' }))).rejects.toThrow(
      /^row 3 is gone$/,
    );
  });
});

describe('DataLoader with a timeout', () => {
  it('says which sample does not come, also where failures are left out', async () => {
    const get = (index: number): number | Promise<number> => (index === 2 ? new Promise(() => undefined) : index);
    for (const onSampleError of ['throw', 'skip'] as const) {
      const loader = new DataLoader({ dataset: { name: 'disk', length: 4, get }, timeout: 0.01, onSampleError });
      await expect(collect(loader)).rejects.toThrow(
        'Cannot load sample 2 of disk: expected an answer within 0.01 s, got none; give the loader a longer timeout, or look at what the dataset waits for',
      );
    }
    const stream = { next: () => new Promise<number>(() => undefined), state: () => 0, close() {} };
    const waiting = new DataLoader({ dataset: { name: 'pipe', open: () => stream }, timeout: 0.01 });
    await expect(collect(waiting)).rejects.toThrow(
      'Cannot load sample 0 of epoch 0 of pipe: expected an answer within',
    );
  });

  it('frees a batch that comes too late', async () => {
    const gates: (() => void)[] = [];
    const made: Tensor[] = [];
    const getBatch = async (): Promise<Tensor> => {
      await new Promise<void>((open) => gates.push(open));
      made.push(tensor([1]));
      return made[0]!;
    };
    const dataset = { name: 'disk', length: 4, get: () => tensor(1), getBatch };
    await expect(collect(new DataLoader({ dataset, batchSize: 4, timeout: 0.01 }))).rejects.toThrow(
      'Cannot load 4 samples from 0 of disk: expected an answer',
    );
    gates[0]!();
    await breathe();
    expect(made[0]!.isDisposed).toBe(true);
  });

  it('does not hold up what comes in time', async () => {
    const loader = new DataLoader({ dataset: pictures(4, []), batchSize: 4, timeout: 1000, collate: (all) => all });
    expect((await collect(loader))[0]!.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  });
});

describe('DataLoader with a transform', () => {
  const column = tensor([1, 2, 3, 4]);

  it('changes every batch, gathered or collated, and frees what it leaves out', async () => {
    const contexts: BatchContext[] = [];
    const double = ({ column }: { column: Tensor }, context: BatchContext): { column: Tensor } => {
      contexts.push(context);
      return { column: column.add(0).mul(2) };
    };
    const dataset = new TensorDataset({ column });
    for (const collate of [
      undefined,
      (samples: { column: Tensor }[]) => ({ column: tensor(samples.map((one) => one.column.item())) }),
    ]) {
      const before = settledTensors();
      const batches = await collect(new DataLoader({ dataset, batchSize: 3, collate, transform: double }));
      if (!collate) expect(liveTensors() - before).toBe(2);
      expect(batches.map((batch) => batch.column.toArray())).toEqual([[2, 4, 6], [8]]);
    }
    expect(contexts.map(({ position, indices }) => [position, [...indices]])).toEqual([
      [0, [0, 1, 2]],
      [1, [3]],
      [0, [0, 1, 2]],
      [1, [3]],
    ]);
  });

  it('may make anything of a batch, but not nothing', async () => {
    const dataset = new TensorDataset(column);
    const sums: number[] = await collect(
      new DataLoader({ dataset, batchSize: 2, transform: (rows) => rows.sum().item() }),
    );
    expect(sums).toEqual([3, 7]);
    const throwing = () => {
      throw new RangeError('too dark');
    };
    await expect(collect(new DataLoader({ dataset, transform: throwing }))).rejects.toThrow(
      'Cannot transform batch 0 of epoch 0: too dark',
    );
    const transform = (() => undefined) as () => unknown;
    await expect(collect(new DataLoader({ dataset, transform }))).rejects.toThrow(
      "Cannot transform a batch: expected the loader's transform to return one, got undefined",
    );
    await expect(collect(new DataLoader({ dataset, transform: async (rows) => rows }))).rejects.toThrow(
      "Cannot transform a batch: expected the loader's transform to return one, got a Promise; do what takes time in the dataset",
    );
    await expect(collect(new DataLoader({ dataset, collate: async (rows) => rows }))).rejects.toThrow(
      'Cannot collate a batch: expected a value, got a Promise; do what takes time in the dataset, which may be async',
    );
  });
});

describe('DataLoader with pinMemory', () => {
  it('warns where there is no GPU, as PyTorch does, and hands out the same', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const loader = new DataLoader({ dataset: new TensorDataset(tensor([1, 2])), batchSize: 2, pinMemory: true });
    expect((await collect(loader))[0]!.toArray()).toEqual([1, 2]);
    expect(warn.mock.calls).toEqual([
      [
        'Cannot pin memory: expected a CUDA device, got none; batches are handed out in ordinary memory',
        'SconceWarning',
      ],
    ]);
    warn.mockRestore();
  });
});

describe('the context of a sample', () => {
  it('has a seed that is its own, by seed, epoch, batch and place, the same in get and in getBatch', async () => {
    const seeds = async (seed: number): Promise<number[]> => {
      const told: number[] = [];
      const get = (index: number, context: SampleContext): number => {
        told.push(context.seed);
        return index;
      };
      const sampler = { length: 6, order: () => ({ length: 6, at: (position: number) => position % 2 }) };
      const loader = new DataLoader({ dataset: { length: 2, get }, sampler, batchSize: 3, seed });
      await collect(loader);
      await collect(loader);
      return told;
    };
    const all = [...(await seeds(0)), ...(await seeds(1))];
    expect(new Set(all).size).toBe(24);
    const batched: number[] = [];
    const getBatch = (indices: Int32Array, context: BatchContext): Tensor => {
      for (let i = 0; i < indices.length; i++) batched.push(sampleSeed(context, i));
      return tensor(indices);
    };
    const sampler = { length: 6, order: () => ({ length: 6, at: (position: number) => position % 2 }) };
    await collect(new DataLoader({ dataset: { length: 2, get: () => tensor(0), getBatch }, sampler, batchSize: 3 }));
    expect(batched).toEqual(all.slice(0, 6));
  });

  it('keeps an error of the dataset that names its sample already', async () => {
    const cause = new SampleError('Cannot decode "a.png": it is cut short', 1);
    const getBatch = (): Tensor => {
      throw cause;
    };
    const loader = new DataLoader({ dataset: { length: 2, get: () => tensor(0), getBatch }, batchSize: 2 });
    await expect(collect(loader)).rejects.toBe(cause);
  });
});

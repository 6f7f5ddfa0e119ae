// One suite for every dataset, and what each promises beyond it.
import { describe, expect, it, vi } from 'vitest';
import { collectTensors, Tensor, tensor } from '../tensor/index.ts';
import { defaultCollate } from './collate.ts';
import type { SampleContext } from './context.ts';
import { CachedDataset, type Dataset, datasetName, Subset, TensorDataset } from './dataset.ts';

const context: SampleContext = { seed: 3, epoch: 0 };

const read = (value: unknown): unknown => {
  if (value instanceof Tensor) return value.toArray();
  if (Array.isArray(value)) return value.map(read);
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, read(inner)]));
};

const x = () =>
  tensor(
    Float32Array.from({ length: 10 }, (_, i) => i / 4),
    { shape: [5, 2] },
  );
const y = () => tensor(BigInt64Array.of(10n, 11n, 12n, 13n, 14n));

const gathering: [string, () => Dataset<unknown>][] = [
  ['TensorDataset of a tensor', () => new TensorDataset(x())],
  ['TensorDataset of an array', () => new TensorDataset([x(), y()] as const)],
  ['TensorDataset of a dictionary', () => new TensorDataset({ x: x(), y: y() })],
  ['Subset of a TensorDataset', () => new Subset(new TensorDataset({ x: x() }), [4, 0, 4])],
];

describe.each(gathering)('%s', (_, make) => {
  it('gives by getBatch() what collating its samples gives', async () => {
    const dataset = make();
    for (const indices of [[0], [2, 0, 1, 2]]) {
      const samples = await Promise.all(indices.map((index) => dataset.get(index, context)));
      const batch = await dataset.getBatch!(Int32Array.from(indices), {
        ...context,
        position: 0,
        indices: Int32Array.from(indices),
      });
      expect(read(batch)).toEqual(read(defaultCollate(samples)));
    }
  });
});

describe('TensorDataset', () => {
  it('gives batches whose tensors are their own', () => {
    const column = x();
    const batch = new TensorDataset({ column }).getBatch(Int32Array.of(1));
    batch.column.dispose();
    expect(column.isDisposed).toBe(false);
  });

  it('refuses columns that count different numbers of samples', () => {
    expect(() => new TensorDataset([x(), tensor([1, 2])])).toThrow(
      'Cannot make a TensorDataset: expected tensors of equal length in dimension 0, got 5, 2',
    );
    expect(() => new TensorDataset(tensor(1))).toThrow('got a scalar');
    expect(() => new TensorDataset([])).toThrow('got none');
  });
});

describe('Subset', () => {
  const letters: Dataset<string> = { length: 4, get: (index) => 'abcd'[index]! };

  it('plays the chosen samples in their order, and gathers only where the whole does', () => {
    const subset = new Subset(letters, [3, 1, 3]);
    expect([0, 1, 2].map((index) => subset.get(index, context))).toEqual(['d', 'b', 'd']);
    expect(subset.length).toBe(3);
    expect(subset.getBatch).toBeUndefined();
  });

  it('refuses an index that the whole does not have', () => {
    expect(() => new Subset(letters, [0, 4])).toThrow(
      'Cannot make a Subset: expected an index from 0 to 3 of the dataset, got 4',
    );
    expect(() => new Subset(letters, [0.5])).toThrow('got 0.5');
  });
});

describe('CachedDataset', () => {
  const counting = () => {
    const get = vi.fn(async (index: number) => ({ index }));
    return { get, dataset: new CachedDataset({ name: 'pictures', length: 3, get }) };
  };

  it('asks for a sample once, also while it is on its way, and gives it at once from then on', async () => {
    const { get, dataset } = counting();
    const [first, second] = [dataset.get(1, context), dataset.get(1, context)];
    expect(await first).toBe(await second);
    expect(dataset.get(1, context)).toBe(await first);
    expect(get).toHaveBeenCalledTimes(1);
  });

  it('tries a sample again that failed', async () => {
    const { get, dataset } = counting();
    get.mockRejectedValueOnce(new Error('disk'));
    await expect(dataset.get(2, context)).rejects.toThrow('disk');
    expect(await dataset.get(2, context)).toEqual({ index: 2 });
  });

  it('clear() lets go of everything, samples that are on their way included', async () => {
    const { get, dataset } = counting();
    await dataset.get(0, context);
    const late = dataset.get(1, context);
    dataset.clear();
    await late;
    expect(dataset.get(0, context)).toBeInstanceOf(Promise);
    expect(dataset.get(1, context)).toBeInstanceOf(Promise);
    expect(get).toHaveBeenCalledTimes(4);
  });

  it('keeps tensors as they are', () => {
    const sample = { x: tensor([1]) };
    const dataset = new CachedDataset({ length: 1, get: () => sample });
    expect(dataset.get(0, context)).toBe(sample);
    expect(dataset.get(0, context)).toBe(sample);
    expect(collectTensors(sample).every((one) => !one.isDisposed)).toBe(true);
  });
});

describe('datasetName()', () => {
  it('takes the name, else the class, also through wrappers', () => {
    class Emoji implements Dataset<number> {
      readonly length = 1;
      get(index: number): number {
        return index;
      }
    }
    expect(datasetName(new Emoji())).toBe('Emoji');
    expect(datasetName({ name: 'faces', length: 0, get: () => 0 })).toBe('faces');
    expect(datasetName({ length: 0, get: () => 0 })).toBe('the dataset');
    expect(datasetName(new Subset(new CachedDataset(new Emoji()), [0]))).toBe('Subset of CachedDataset of Emoji');
  });
});

// One suite for every dataset, and what each promises beyond it.
import { describe, expect, it, vi } from 'vitest';
import { collectTensors, liveTensors, Tensor, tensor } from '../../tensor/index.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import { defaultCollate } from '../collate/collate.ts';
import { type BatchContext, type SampleContext, sampleSeed } from '../context.ts';
import { DataLoader } from '../loader/loader.ts';
import { ArrayDataset } from './array-dataset.ts';
import { CachedDataset } from './cached-dataset.ts';
import { ConcatDataset } from './concat-dataset.ts';
import { type Dataset, datasetName } from './dataset.ts';
import { randomSplit } from './random-split.ts';
import { Subset } from './subset.ts';
import { TensorDataset } from './tensor-dataset.ts';
import { TransformedDataset, TransformedIterableDataset } from './transformed-dataset.ts';

const context: SampleContext = { seed: 3, epoch: 0 };

const read = (value: unknown): unknown => {
  if (value instanceof Tensor) return value.toArray();
  if (Array.isArray(value)) return value.map(read);
  if (typeof value === 'string') return value;
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
  ['ConcatDataset of TensorDatasets', () => new ConcatDataset([rows(1), rows(2)])],
  ['ConcatDataset whose parts give everything, later', () => new ConcatDataset([mixed(2), mixed(5)])],
];

/** Two rows, from `first` on. */
const rows = (first: number): Dataset<unknown> =>
  new TensorDataset({ x: tensor([first, first + 1]), pair: tensor([[first], [0]]) });

/** Samples of every kind that collates, gathered later. */
function mixed(length: number): Dataset<unknown> {
  const get = (index: number) => ({
    number: index,
    text: `${length}:${index}`,
    pair: [[length], 'a'],
    nested: { flag: true },
  });
  return {
    length,
    get,
    getBatch: async (indices) => defaultCollate(Array.from(indices, get)) as unknown,
  };
}

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

describe('ConcatDataset', () => {
  const letters = new ArrayDataset(['a', 'b', 'c']);
  const none = new ArrayDataset<string>([]);

  it('plays its parts one behind the other, empty ones included', () => {
    const dataset = new ConcatDataset([none, letters, none, new ArrayDataset(['d']), none]);
    expect(dataset.length).toBe(4);
    expect([0, 1, 2, 3].map((index) => dataset.get(index, context))).toEqual(['a', 'b', 'c', 'd']);
    expect(() => dataset.get(4, context)).toThrow('expected an index from 0 to 3 of ConcatDataset of ArrayDataset');
    expect(() => new ConcatDataset([])).toThrow('Cannot make a ConcatDataset: expected at least one dataset, got none');
  });

  it('gathers only where each of its parts does, and leaves nothing behind', async () => {
    expect(new ConcatDataset<unknown>([new TensorDataset(x()), letters]).getBatch).toBeUndefined();
    const dataset = new ConcatDataset([new TensorDataset(y()), new TensorDataset(y())]);
    const before = settledTensors();
    const indices = Int32Array.of(7, 0, 9, 1);
    const batch = await dataset.getBatch!(indices, { ...context, position: 0, indices });
    expect(batch.toArray()).toEqual([12, 10, 14, 11]);
    expect(liveTensors() - before).toBe(1);
  });

  it('tells its parts the seeds that their samples have in the whole', async () => {
    const told: [number, number][] = [];
    const part = (first: number): Dataset<number> => ({
      length: 3,
      get: (index) => first + index,
      getBatch: (indices, within) => {
        indices.forEach((index, i) => {
          told.push([first + index, sampleSeed(within, i)]);
          expect(within.indices[i]).toBe(first + index);
        });
        return tensor(indices);
      },
    });
    const indices = Int32Array.of(4, 1, 5, 0);
    const whole: BatchContext = { ...context, position: 2, indices };
    await new ConcatDataset([part(0), part(3)]).getBatch!(indices, whole);
    expect(new Map(told)).toEqual(new Map(Array.from(indices, (index, i) => [index, sampleSeed(whole, i)])));
  });

  it('names what does not fit together', () => {
    const gather = (...parts: Dataset<unknown>[]) => {
      const indices = Int32Array.of(0, parts[0]!.length);
      return new ConcatDataset(parts).getBatch!(indices, { ...context, position: 0, indices });
    };
    expect(() => gather(new TensorDataset({ x: x() }), new TensorDataset({ x: y() }))).toThrow(
      'Cannot join batch.x: expected samples of float32 [2] from every dataset, got int64 []',
    );
    expect(() => gather(new TensorDataset({ x: x() }), new TensorDataset({ y: y() }))).toThrow(
      'Cannot join batch: expected the keys x from every dataset, got y',
    );
    expect(() => gather(new TensorDataset({ x: x() }), new TensorDataset(y()))).toThrow(
      'Cannot join batch: expected tensors, texts, arrays or plain objects, the same from every dataset, got object',
    );
  });
});

describe('TransformedDataset', () => {
  const double = (sample: number, { seed }: SampleContext) => sample * 2 + seed;

  it('changes every sample, at once where it is there at once', async () => {
    const now = new TransformedDataset(new ArrayDataset([1, 2]), double);
    expect([now.length, now.get(1, context)]).toEqual([2, 7]);
    const later = new TransformedDataset({ length: 2, get: async (index: number) => index }, double);
    expect(await later.get(1, context)).toBe(5);
    expect(later.name).toBe('TransformedDataset of the dataset');
  });

  it('changes what an iterable dataset gives, behind its decode', async () => {
    const numbers = { name: 'numbers', length: 3, open: () => ({ next: () => 1, state: () => 0, close() {} }) };
    const plain = new TransformedIterableDataset(numbers, double);
    const decoded = new TransformedIterableDataset({ ...numbers, decode: async (raw: number) => raw + 1 }, double);
    expect([plain.length, plain.decode(1, context), await decoded.decode(1, context)]).toEqual([3, 5, 7]);
    for await (const batch of new DataLoader({ dataset: decoded, batchSize: 3, collate: (samples) => samples })) {
      expect(batch.every((sample) => sample >= 4)).toBe(true);
      break;
    }
  });
});

describe('randomSplit()', () => {
  const numbers = new ArrayDataset(Array.from({ length: 23 }, (_, i) => i));
  const samples = (parts: Dataset<number>[]): number[][] =>
    parts.map((part) => Array.from({ length: part.length }, (_, i) => part.get(i, context) as number));

  it('puts every sample into one part, by the seed', () => {
    const parts = samples(randomSplit(numbers, [20, 0, 3], { seed: 5 }));
    expect(parts.map(({ length }) => length)).toEqual([20, 0, 3]);
    expect(parts.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 23 }, (_, i) => i));
    expect(samples(randomSplit(numbers, [20, 0, 3], { seed: 5 }))).toEqual(parts);
    expect(samples(randomSplit(numbers, [20, 0, 3], { seed: 6 }))).not.toEqual(parts);
  });

  // The lengths that torch.utils.data.random_split gives.
  it.each([
    [
      [0.5, 0.5],
      [12, 11],
    ],
    [
      [0.3, 0.3, 0.4],
      [7, 7, 9],
    ],
    [
      [0.1, 0.2, 0.7],
      [3, 4, 16],
    ],
    [
      [0.6, 0.3, 0.1],
      [14, 7, 2],
    ],
    [new Array(10).fill(0.1), [3, 3, 3, 2, 2, 2, 2, 2, 2, 2]],
    [[1], [23]],
    [
      [0, 1],
      [0, 23],
    ],
  ])("makes parts of PyTorch's lengths by fractions %j", (fractions, expected) => {
    expect(randomSplit(numbers, fractions).map(({ length }) => length)).toEqual(expected);
  });

  it.each([[[20, 2]], [[0.5, 0.4]], [[1.5, -0.5]], [[-1, 24]], [[]]])('refuses %j', (lengths) => {
    expect(() => randomSplit(numbers, lengths)).toThrow(
      `Cannot split ArrayDataset: expected counts that sum up to its 23 samples, or fractions that sum up to 1, got [${lengths.join(', ')}]`,
    );
  });
});

describe('CachedDataset with a limit', () => {
  const reading = () => {
    const get = vi.fn((index: number) => ({ bytes: new Uint8Array(10), text: 'ab', index }));
    return { get, dataset: { length: 9, get } };
  };

  it.each([
    [{ maxSamples: 3 }, 3],
    [{ maxBytes: 44 }, 2], // 22 bytes each
    [{ maxBytes: 45 }, 3],
    [{ maxSamples: 0 }, 0],
  ])('keeps the first samples under %j and reads the others', async (limit, numKept) => {
    const { get, dataset } = reading();
    const cached = new CachedDataset(dataset, limit);
    for (let epoch = 0; epoch < 3; epoch++) for (let i = 0; i < 9; i++) await cached.get(i, context);
    expect(cached.numKept).toBe(numKept);
    expect(get).toHaveBeenCalledTimes(numKept + 3 * (9 - numKept));
    cached.clear();
    await cached.get(8, context);
    expect(cached.numKept).toBe(Math.min(1, numKept));
  });

  it('counts tensors, and what comes later', async () => {
    const dataset = { length: 4, get: async () => [tensor([1, 2, 3])] };
    const cached = new CachedDataset(dataset, { maxBytes: 24 });
    for (let i = 0; i < 4; i++) await cached.get(i, context);
    expect(cached.numKept).toBe(2);
    expect(() => new CachedDataset(dataset, { maxBytes: -1 })).toThrow('maxBytes: expected a number from 0 on, got -1');
  });
});

describe('wrappers', () => {
  it('refuse what has no samples by index', () => {
    const stream = { name: 'lines', open: () => ({ next: () => undefined, state: () => 0, close() {} }) };
    const wrappers: readonly [string, (dataset: Dataset<unknown>) => unknown][] = [
      ['make a ConcatDataset', (dataset) => new ConcatDataset([new ArrayDataset([1]), dataset])],
      ['make a Subset', (dataset) => new Subset(dataset, [])],
      ['make a TransformedDataset', (dataset) => new TransformedDataset(dataset, (one) => one)],
      ['make a CachedDataset', (dataset) => new CachedDataset(dataset)],
      ['split a dataset', (dataset) => randomSplit(dataset, [1])],
    ];
    for (const [action, wrap] of wrappers) {
      const wanted = `Cannot ${action}: expected a dataset with length and get, got`;
      expect(() => wrap(stream as never)).toThrow(`${wanted} the iterable lines, whose samples have no index`);
      expect(() => wrap([1, 2] as never)).toThrow(`${wanted} an array; wrap it: new ArrayDataset(array)`);
      expect(() => wrap(undefined as never)).toThrow(`${wanted} undefined`);
    }
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

it('refuses tensors one by one, as PyTorch takes them', () => {
  const make = TensorDataset as unknown as new (...columns: Tensor[]) => unknown;
  expect(() => new make(tensor([1]), tensor([2]))).toThrow(
    'Cannot make a TensorDataset: expected one argument, got 2; give several tensors as an array or by name',
  );
});

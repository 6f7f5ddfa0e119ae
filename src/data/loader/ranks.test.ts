// The parts of an epoch that several processes play: together every sample once, batch by batch what one process would play.
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../errors.ts';
import {
  ArrayDataset,
  BatchSampler,
  DataLoader,
  type DataLoaderOptions,
  DistributedSampler,
  SequentialSampler,
  sampleSeed,
} from '../index.ts';

const stream = {
  open(_epoch: number, state?: unknown) {
    let at = (state as { at: number } | undefined)?.at ?? 0;
    return { next: () => (at < 13 ? at++ : undefined), state: () => ({ at }), close: () => undefined };
  },
};
type Drawn = { readonly indices: number[]; readonly seeds: number[]; readonly position: number };
const collate = (samples: readonly number[], context: Parameters<typeof sampleSeed>[0]): Drawn => ({
  indices: [...samples],
  seeds: samples.map((_, i) => sampleSeed(context, i)),
  position: context.position,
});
const numbers = new ArrayDataset(Array.from({ length: 13 }, (_, i) => i));
type Options = DataLoaderOptions<number, Drawn>;

async function play(options: Options, skip = 0): Promise<Drawn[]> {
  const loader = new DataLoader<number, Drawn>(options);
  if (skip > 0) {
    const first = new DataLoader<number, Drawn>(options);
    const batches = first[Symbol.asyncIterator]();
    for (let i = 0; i < skip; i++) await batches.next();
    loader.loadState(first.state());
    await batches.return();
  }
  const played: Drawn[] = [];
  for await (const batch of loader) played.push(batch);
  return played;
}

describe.each<[string, Omit<Options, 'batchSize'>]>([
  ['a dataset in order', { dataset: numbers, collate }],
  ['a shuffled dataset', { dataset: numbers, collate, shuffle: true, seed: 3 }],
  ['a stream', { dataset: stream as Options['dataset'], collate, seed: 3 }],
])('%s, dealt out', (_, options) => {
  test.each([2, 3])(
    'to %i processes, is that of one process with larger batches, seeds included',
    async (numReplicas) => {
      const whole = await play({ ...options, batchSize: 2 * numReplicas });
      const parts = await Promise.all(
        Array.from({ length: numReplicas }, (_, rank) => play({ ...options, batchSize: 2, numReplicas, rank })),
      );
      for (const [position, batch] of whole.entries()) {
        const own = batch.indices.map((_, i) => {
          const part = parts[i % numReplicas]![position]!;
          return [
            part.indices[Math.floor(i / numReplicas)],
            part.seeds[Math.floor(i / numReplicas)],
            part.position,
          ] as const;
        });
        expect(own).toEqual(batch.indices.map((index, i) => [index, batch.seeds[i], position]));
      }
      expect(parts.flat().flatMap(({ indices }) => indices)).toHaveLength(13);
    },
  );

  test('goes on from a state, and leaves out what is no whole batch of all', async () => {
    const ranks = { batchSize: 2, numReplicas: 2, rank: 1 };
    expect(await play({ ...options, ...ranks }, 2)).toEqual((await play({ ...options, ...ranks })).slice(2));
    for (const rank of [0, 1]) expect(await play({ ...options, ...ranks, rank, dropLast: true })).toHaveLength(3);
  });
});

test('batches of a batch sampler are dealt whole', async () => {
  const batchSampler = new BatchSampler(new SequentialSampler(13), { batchSize: 3 });
  const parts = await Promise.all(
    [0, 1].map((rank) => play({ dataset: numbers, collate, batchSampler, numReplicas: 2, rank })),
  );
  expect(parts.map((part) => part.map(({ indices }) => indices))).toEqual([
    [[0, 1, 2], [6, 7, 8], [12]],
    [
      [3, 4, 5],
      [9, 10, 11],
    ],
  ]);
  expect(parts.map((part) => part.map(({ position }) => position))).toEqual([
    [0, 2, 4],
    [1, 3],
  ]);
});

test('a loader says how many batches are alike in all processes, and is not dealt out twice', () => {
  const loader = new DataLoader({ dataset: numbers, batchSize: 2 });
  expect([loader.numReplicas, loader.numEvenBatches]).toEqual([1, 0]);
  const parts = [0, 1].map((rank) => loader.forRank({ numReplicas: 2, rank }));
  expect(parts.map(({ numReplicas, numEvenBatches, length }) => [numReplicas, numEvenBatches, length])).toEqual([
    [2, 3, 4],
    [2, 3, 3],
  ]);
  expect(parts[0]!.sampler).toBeInstanceOf(SequentialSampler);
  const sampler = new DistributedSampler(13, { numReplicas: 2, rank: 0 });
  const own = new DataLoader({ dataset: numbers, sampler });
  expect(own.numReplicas).toBe(2);
  expect(() => own.forRank({ numReplicas: 2, rank: 0 })).toThrow(ConfigError);
  expect(() => own.forRank({ numReplicas: 2, rank: 0 })).toThrow(
    'sampler: expected the whole epoch beside numReplicas, got the part of one of 2',
  );
  expect(() => loader.forRank({ numReplicas: 2, rank: 2 })).toThrow(
    'rank: expected an integer from 0 to numReplicas - 1 (1), got 2',
  );
});

// Going on inside an epoch in batches of another size, or among another number of processes.
import { describe, expect, test } from 'vitest';
import {
  ArrayDataset,
  BatchSampler,
  DataLoader,
  type DataLoaderOptions,
  type DataLoaderState,
  DistributedSampler,
  SequentialSampler,
  sampleSeed,
} from '../index.ts';

type Drawn = { readonly indices: number[]; readonly seeds: number[]; readonly position: number };
type Options = DataLoaderOptions<number, Drawn>;
const collate = (samples: readonly number[], context: Parameters<typeof sampleSeed>[0]): Drawn => ({
  indices: [...samples],
  seeds: samples.map((_, i) => sampleSeed(context, i)),
  position: context.position,
});
const numbers = (count: number) => new ArrayDataset(Array.from({ length: count }, (_, i) => i));
const streamOf = (count: number) =>
  ({
    length: count,
    open(_epoch: number, state?: unknown) {
      let at = (state as { at: number } | undefined)?.at ?? 0;
      return { next: () => (at < count ? at++ : undefined), state: () => ({ at }), close: () => undefined };
    },
  }) as Options['dataset'];

/** What all processes of one cut play, from a state on or from the beginning; at most so many steps. */
async function playAll(
  options: Options,
  {
    numReplicas = 1,
    state,
    steps = Number.POSITIVE_INFINITY,
  }: { numReplicas?: number; state?: DataLoaderState; steps?: number },
): Promise<{ played: Drawn[][]; state: DataLoaderState; lengths: number[]; even: number[] }> {
  const loaders = Array.from({ length: numReplicas }, (_, rank) => {
    const loader = new DataLoader<number, Drawn>(options);
    return numReplicas > 1 ? loader.forRank({ numReplicas, rank }) : loader;
  });
  const played: Drawn[][] = [];
  const lengths: number[] = [];
  const even: number[] = [];
  for (const loader of loaders) {
    if (state) loader.loadState(JSON.parse(JSON.stringify(state)));
    lengths.push(loader.epochLength);
    even.push(loader.numEvenBatches);
    const own: Drawn[] = [];
    const batches = loader[Symbol.asyncIterator]();
    while (own.length < steps) {
      const next = await batches.next();
      if (next.done) break;
      own.push(next.value);
    }
    played.push(own);
    await batches.return();
  }
  return { played, state: loaders[0]!.state(), lengths, even };
}

const indicesOf = (played: readonly Drawn[][]): number[] => played.flat().flatMap(({ indices }) => indices);
const sorted = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);
/** A small generator, so that every run tries the same. */
function draws(seed: number): (from: number, to: number) => number {
  let state = seed;
  return (from, to) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return from + Math.floor((state / 2 ** 32) * (to - from + 1));
  };
}

describe('DataLoader.loadState() of another batch size or number of processes', () => {
  test('plays every sample of the epoch once, whatever the sizes, twice over', async () => {
    const draw = draws(5);
    for (let i = 0; i < 150; i++) {
      const count = draw(1, 60);
      const dropLast = draw(0, 1) === 1;
      const base = { collate, shuffle: draw(0, 1) === 1, seed: 3, dropLast };
      const isStream = draw(0, 3) === 0;
      const options = (batchSize: number): Options => ({
        ...base,
        ...(isStream && { shuffle: false }),
        dataset: isStream ? streamOf(count) : numbers(count),
        batchSize,
      });
      const sizes = [0, 1, 2].map(() => ({ batchSize: draw(1, 8), numReplicas: draw(1, 4) }));
      const label = JSON.stringify({ count, isStream, dropLast, sizes });
      const played: number[] = [];
      const seeds: number[] = [];
      let state: DataLoaderState | undefined;
      let numSteps = 0;
      for (const [k, { batchSize, numReplicas }] of sizes.entries()) {
        const full = { numReplicas, ...(state && { state }) };
        const steps =
          k === 2
            ? Number.POSITIVE_INFINITY
            : draw(0, Math.max(0, Math.floor((count - played.length) / (batchSize * numReplicas))));
        const part = await playAll(options(batchSize), { ...full, steps });
        if (k === 2) {
          const expected = part.played.map((own) => own.length + numSteps);
          expect(part.lengths, label).toEqual(expected);
          for (const own of part.played)
            for (const { indices } of own.slice(0, (part.even[0] ?? 0) - numSteps))
              expect(indices.length).toBe(batchSize);
        }
        for (const own of part.played)
          expect(own.map(({ position }) => position)).toEqual(own.map((_, j) => numSteps + j));
        numSteps += steps === Number.POSITIVE_INFINITY ? 0 : steps;
        played.push(...indicesOf(part.played));
        seeds.push(...part.played.flat().flatMap((batch) => batch.seeds));
        state = part.state;
      }
      expect(new Set(played).size, label).toBe(played.length);
      expect(new Set(seeds).size, label).toBe(seeds.length);
      const last = sizes[2]!.batchSize * sizes[2]!.numReplicas;
      if (!dropLast) expect(sorted(played), label).toEqual(Array.from({ length: count }, (_, j) => j));
      else expect(count - played.length, label).toBeLessThan(last);
    }
  });

  test('cuts the rest of the same order, and is resumed there bit for bit', async () => {
    const options = (batchSize: number): Options => ({
      dataset: numbers(45),
      collate,
      shuffle: true,
      seed: 2,
      batchSize,
    });
    const whole = indicesOf((await playAll(options(1), {})).played);
    const first = await playAll(options(8), { steps: 2, numReplicas: 2 });
    const rest = await playAll(options(8), { state: first.state, numReplicas: 3 });
    const [a, b, c] = rest.played;
    expect(
      a![0]!.indices.flatMap((index, i) =>
        [index, b![0]!.indices[i], c![0]!.indices[i]].filter((x) => x !== undefined),
      ),
    ).toEqual(whole.slice(32));
    const again = await playAll(options(2), { state: first.state, steps: 3 });
    expect(again.state).toMatchObject({ position: 5, cut: { position: 2, done: 32 } });
    const undisturbed = await playAll(options(2), { state: first.state });
    const resumed = await playAll(options(2), { state: again.state });
    expect([...again.played[0]!, ...resumed.played[0]!]).toEqual(undisturbed.played[0]);
  });

  test('goes on with whole epochs behind it', async () => {
    const options = (batchSize: number): Options => ({ dataset: numbers(10), collate, batchSize });
    const first = await playAll(options(4), { steps: 1 });
    const loader = new DataLoader<number, Drawn>(options(3));
    loader.loadState(first.state);
    const epochs: number[][][] = [[], []];
    for (const epoch of epochs) for await (const { indices } of loader) epoch.push(indices);
    expect(epochs).toEqual([
      [
        [4, 5, 6],
        [7, 8, 9],
      ],
      [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]],
    ]);
    expect([loader.epochLength, loader.length, loader.state().cut]).toEqual([4, 4, undefined]);
  });

  test('deals the batches of a batch sampler on to another number of processes', async () => {
    const batchSampler = new BatchSampler(new SequentialSampler(23), { batchSize: 2 });
    const options: Options = { dataset: numbers(23), collate, batchSampler };
    const whole = await playAll(options, {});
    const first = await playAll(options, { numReplicas: 2, steps: 2 });
    for (const numReplicas of [1, 3]) {
      const rest = await playAll(options, { numReplicas, state: first.state });
      expect(sorted(indicesOf([...first.played, ...rest.played]))).toEqual(indicesOf(whole.played));
      const byPosition = [...first.played, ...rest.played].flat().toSorted((x, y) => x.position - y.position);
      expect(byPosition).toEqual(whole.played[0]);
    }
  });

  test('refuses what cannot begin behind the samples that are done, and states that contradict themselves', async () => {
    const dataset = numbers(24);
    const first = await playAll({ dataset, collate, batchSize: 4 }, { steps: 2 });
    const sampler = new DistributedSampler(24, { numReplicas: 3, rank: 0, shuffle: false });
    const own = new DataLoader({ dataset, collate, sampler, batchSize: 4 });
    expect(() => own.loadState(first.state)).toThrow(
      'expected steps of 12 samples in the state, got 4, and a sampler or a dataset that is the part of one of 3 processes: it cannot begin behind the samples that are done; give the loader numReplicas and rank instead',
    );
    const loader = new DataLoader({ dataset, collate, batchSize: 3 });
    for (const wrong of [
      { position: 9 },
      { cut: { position: 3, done: 0 } },
      { cut: { position: 1, done: -1 } },
      { batchSize: 0 },
    ])
      expect(() => loader.loadState({ ...first.state, ...wrong }), JSON.stringify(wrong)).toThrow(
        'expected a place in the 24 of its epoch',
      );
    expect(() => loader.loadState({ ...first.state, seed: 7 })).toThrow('expected seed 0 in the state, got 7');
  });
});

// Several loaders that go on inside an epoch in batches of other sizes.
import { describe, expect, test } from 'vitest';
import {
  ArrayDataset,
  DataLoader,
  MultiDataLoader,
  type MultiDataLoaderOptions,
  type MultiDataLoaderState,
} from '../index.ts';
import { restQuotas } from './rest-quotas.ts';

type Options = Omit<MultiDataLoaderOptions<readonly number[]>, 'loaders'>;
const make = (counts: readonly number[], batchSize: number, options: Options = {}) =>
  new MultiDataLoader<readonly number[]>({
    ...options,
    loaders: counts.map((count, name) => ({
      name: `n${name}`,
      loader: new DataLoader({
        dataset: new ArrayDataset(Array.from({ length: count }, (_, i) => 100 * name + i)),
        collate: (samples: readonly number[]) => samples,
        batchSize,
        shuffle: true,
        seed: 5,
      }),
    })),
  });

async function play(
  loader: MultiDataLoader<readonly number[]>,
  { state, steps = Number.POSITIVE_INFINITY }: { state?: MultiDataLoaderState; steps?: number } = {},
): Promise<{ played: (readonly number[])[]; names: string[]; state: MultiDataLoaderState }> {
  if (state) loader.loadState(JSON.parse(JSON.stringify(state)));
  const batches = loader[Symbol.asyncIterator]();
  const [played, names]: [(readonly number[])[], string[]] = [[], []];
  while (played.length < steps) {
    const next = await batches.next();
    if (next.done) break;
    played.push(next.value.batch);
    names.push(next.value.loaderName);
  }
  await batches.return();
  return { played, names, state: loader.state() };
}
const sorted = (batches: readonly (readonly number[])[]): number[] => batches.flat().toSorted((a, b) => a - b);
const all = (counts: readonly number[]): number[] =>
  counts.flatMap((count, name) => Array.from({ length: count }, (_, i) => 100 * name + i));

describe('MultiDataLoader.loadState() of batches of another size', () => {
  test.each<[string, Options]>([
    ['round robin without cycling', { cycleShortLoaders: false }],
    ['sequential', { strategy: 'sequential' }],
    [
      'weighted by size',
      { strategy: 'weighted', weights: [13, 29], cycleShortLoaders: false, epochLength: 'sum_of_lengths' },
    ],
  ])('plays no sample twice, and all of them where the schedule does: %s', async (name, options) => {
    const counts = [13, 29];
    for (const [before, after] of [
      [4, 3],
      [3, 4],
      [2, 6],
      [6, 1],
    ] as const)
      for (let steps = 0; steps <= make(counts, before, options).length; steps++) {
        const first = await play(make(counts, before, options), { steps });
        const loader = make(counts, after, options);
        loader.loadState(first.state);
        const length = loader.epochLength;
        expect([loader.lengthOf(0), loader.lengthOf(1)]).toEqual([length, loader.length]);
        const rest = await play(loader);
        if (name === 'sequential' || steps === 0) {
          const label = `${before} to ${after} behind ${steps}`;
          if (name === 'sequential') expect(sorted([...first.played, ...rest.played]), label).toEqual(all(counts));
          expect(rest.played.length + steps, label).toBe(length);
        }
        const played = [...first.played, ...rest.played].flat();
        expect(new Set(played).size).toBe(played.length);
        const next = await play(loader);
        const whole = make(counts, after, options);
        whole.setEpoch(1);
        expect(next.played).toEqual((await play(whole)).played);
      }
  });

  test('is resumed in such an epoch as if nothing had stopped, and resized again', async () => {
    const counts = [13, 29];
    const first = await play(make(counts, 4), { steps: 3 });
    const rest = await play(make(counts, 3), { state: first.state });
    for (let steps = 0; steps < rest.played.length; steps++) {
      const part = await play(make(counts, 3), { state: first.state, steps });
      const again = await play(make(counts, 3), { state: part.state });
      expect([...part.played, ...again.played]).toEqual(rest.played);
      const other = await play(make(counts, 5, {}), { state: part.state });
      const played = [...first.played, ...part.played, ...other.played].flat();
      expect(new Set(played.filter((sample) => sample < 100)).size).toBe(13);
    }
  });

  test('keeps the turns where the epoch has as many', async () => {
    const options: Options = {
      strategy: 'weighted',
      weights: [1, 3],
      epochLength: 'fixed_num_steps',
      stepsPerEpoch: 12,
    };
    const whole = await play(make([13, 29], 3, options));
    const first = await play(make([13, 29], 4, options), { steps: 5 });
    const rest = await play(make([13, 29], 3, options), { state: first.state });
    expect([...first.names, ...rest.names]).toEqual(whole.names);
  });

  test('refuses changing shares in epochs of another length, and loaders that cannot', async () => {
    const options: Options = { strategy: 'weighted', weightSchedule: () => [1, 2] };
    const first = await play(make([13, 29], 4, options), { steps: 5 });
    expect(() => make([13, 29], 3, options).loadState(first.state)).toThrow(
      'shares that change, which count batches; resume with the batches of before, with epochLength "fixed_num_steps", or from the end of an epoch',
    );
  });
});

test('restQuotas() plays whole what would have been whole, and as large a part of what would have been cut', () => {
  const rest = { before: { inPlay: 3, play: 10 }, now: { inPlay: 6, play: 20 } };
  const quota = (turnsLeft: number, doesCycle = true): number => restQuotas([{ ...rest, turnsLeft, doesCycle }])[0]!;
  expect([0, 1, 3, 4, 13, 15].map((turns) => quota(turns))).toEqual([0, 2, 6, 8, 26, 30]);
  expect(quota(13, false)).toBe(6);
  const unknown = { inPlay: Number.POSITIVE_INFINITY, play: Number.POSITIVE_INFINITY };
  expect(restQuotas([{ turnsLeft: 7, before: unknown, now: unknown, doesCycle: true }])).toEqual([7]);
});

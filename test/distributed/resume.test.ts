// Training on several ranks that is stopped and goes on, on as many ranks and on others.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { load } from '../../src/index.ts';
import { runRanks, valuesOf } from './ranks.ts';

const entry = new URL('./resume_rank.ts', import.meta.url);
const folders: string[] = [];
const folder = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'sconce-ranks-')));
  return folders.at(-1)!;
};
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true });
});

interface Ended {
  readonly ended: string;
  readonly step: number;
  readonly samples: number;
  /** Epoch and samples of each batch. */
  readonly played: readonly (readonly number[])[];
  readonly weights: readonly number[];
  /** Clocks at the ends of epochs, and how many batches the trainer says that each has. */
  readonly epochSteps: readonly number[];
  readonly batchesPerEpoch: readonly string[];
  readonly lr: number;
  readonly history: readonly unknown[] | null;
}

const play = async (size: number, ...args: string[]): Promise<Ended[]> =>
  valuesOf(await runRanks(entry, size, { args })) as Ended[];

/** What all processes of a training played of each epoch. */
function samplesOf(...runs: readonly Ended[][]): number[][] {
  const epochs: number[][] = [[], [], [], []];
  for (const { played } of runs.flat()) for (const [epoch, ...samples] of played) epochs[epoch!]!.push(...samples);
  return epochs.map((samples) => samples.toSorted((a, b) => a - b));
}

const everySample = Array.from({ length: 4 }, () => Array.from({ length: 45 }, (_, i) => i));

test('a signal to one rank stops all behind one step, and the same number of ranks goes on bit for bit', async () => {
  const whole = await play(2, folder());
  expect(samplesOf(whole)).toEqual(everySample);
  const stopped = folder();
  const first = await play(2, stopped, '6');
  expect(first.map(({ ended, step }) => [ended, step])).toEqual([
    ['InterruptedError', first[0]!.step],
    ['InterruptedError', first[0]!.step],
  ]);
  expect(first[0]!.step).toBeGreaterThanOrEqual(6);
  expect(first[0]!.step).toBeLessThan(16); // all of it has 16
  const rest = await play(2, stopped);
  expect(samplesOf(first, rest)).toEqual(everySample);
  for (const [rank, { weights, history, samples }] of rest.entries()) {
    expect(weights).toEqual(whole[rank]!.weights);
    expect(history).toEqual(whole[rank]!.history);
    expect(samples).toBe(whole[rank]!.samples);
  }
});

test.each([
  [2, 1],
  [1, 3],
])(
  'from %i ranks to %i every sample of the epoch comes once, with the weights, clocks and rates that were saved',
  async (before, after) => {
    const stopped = folder();
    const first = await play(before, stopped, '5');
    const files = readdirSync(join(stopped, 'experiment')).filter((name) => name.endsWith('.ckpt'));
    expect(files).toContain('latest.ckpt');
    const saved = (await load(join(stopped, 'experiment/latest.ckpt'))) as { ranks: unknown[] | null };
    expect(saved.ranks?.length ?? 1).toBe(before);
    const rest = await play(after, stopped);
    expect(samplesOf(first, rest)).toEqual(everySample);
    expect(rest.map(({ ended, step, samples }) => [ended, step, samples])).toEqual(
      Array.from({ length: after }, () => ['complete', 16, 180]),
    );
    for (const { weights } of rest) expect(weights).toEqual(rest[0]!.weights);
  },
);

test.each([
  { before: 2, after: 3, perRank: [4, 4] },
  { before: 3, after: 2, perRank: [4, 4] },
  { before: 2, after: 1, perRank: [4, 4] },
  { before: 1, after: 2, perRank: [4, 4] },
  { before: 1, after: 1, perRank: [4, 7] }, // one process, another batch size
])(
  'from $before ranks to $after, with $perRank samples a rank, the rest of the epoch is cut anew and every sample comes once',
  async ({ before, after, perRank }) => {
    const stopped = folder();
    const first = await play(before, stopped, '2', 'SIGTERM', String(perRank[0]));
    expect(first[0]!.ended).toBe('InterruptedError');
    const rest = await play(after, stopped, '', 'SIGTERM', String(perRank[1]));
    expect(samplesOf(first, rest)).toEqual(everySample);
    const sizes = [before * perRank[0]!, after * perRank[1]!];
    // What was played when the signal had been heard, in epochs and batches of before.
    const ofEpoch = sizes.map((size) => Math.ceil(45 / size));
    const numPlayed = first[0]!.played.length;
    const [epoch, inEpoch] = [Math.floor(numPlayed / ofEpoch[0]!), numPlayed % ofEpoch[0]!];
    const numLeft = Math.max(0, 45 - inEpoch * sizes[0]!);
    const batches = Array.from({ length: 4 - epoch }, (_, i) =>
      i === 0 && inEpoch > 0 ? inEpoch + Math.ceil(numLeft / sizes[1]!) : ofEpoch[1]!,
    );
    for (const { ended, samples, weights, epochSteps, batchesPerEpoch, step, lr } of rest) {
      expect([ended, samples]).toEqual(['complete', 180]);
      expect(weights).toEqual(rest[0]!.weights);
      expect(batchesPerEpoch).toEqual(batches.map((count, i) => `${epoch + i}: ${count}`));
      const steps = batches.map((count) => Math.ceil(count / 2));
      const done = epoch * Math.ceil(ofEpoch[0]! / 2);
      expect(epochSteps).toEqual(steps.map((_, i) => done + steps.slice(0, i + 1).reduce((a, b) => a + b, 0)));
      expect(lr).toBeCloseTo(0.01 * 0.7 ** Math.floor(step / 5), 12);
    }
  },
);

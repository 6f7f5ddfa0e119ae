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

test('on other numbers of ranks with 4 samples each, the rest of an epoch is cut anew and every sample comes once', async () => {
  const stopped = folder();
  const runs: Ended[][] = [];
  const found: unknown[] = [];
  for (const [size, maxSteps] of [
    [2, 2], // 4 batches of 8: 32 of the 45 samples of epoch 0
    [3, 4], // 13 in 2 batches; 2 of 4 batches of 12 in epoch 1
    [2, 5], // 2 of the 3 batches that 21 samples fill
    [1, 8], // 5 in 2 batches; 4 of 12 batches of epoch 2
    [2, 100], // 29 in 4 batches; epoch 3
  ] as const) {
    const run = await play(size, stopped, '', '', '4', String(maxSteps));
    runs.push(run);
    const { step, samples, batchesPerEpoch, epochSteps } = run[0]!;
    found.push([step, samples, batchesPerEpoch, epochSteps]);
    for (const { ended, weights, lr } of run) {
      expect([ended, weights]).toEqual(['complete', run[0]!.weights]);
      expect(lr).toBeCloseTo(0.01 * 0.7 ** Math.floor(step / 5), 12);
    }
  }
  expect(samplesOf(...runs)).toEqual(everySample);
  expect(found).toEqual([
    [2, 32, ['0: 6'], []],
    [4, 69, ['0: 6', '1: 4'], [3]],
    [5, 85, ['1: 5'], []],
    [8, 106, ['1: 6', '2: 12'], [6]],
    [13, 180, ['2: 8', '3: 6'], [10, 13]],
  ]);
});

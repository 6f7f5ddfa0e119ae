// What an evaluation is made of, against NumPy.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { noiseCorrectedCorrelation } from './noise-corrected-correlation.ts';
import { rescaleRates } from './rescale-rates.ts';
import { detectSaccades, eventTriggeredAverage, spacedEvents } from './saccades.ts';
import { signedTiles } from './signed-tiles.ts';
import { SpikeTriggeredAverage } from './spike-triggered-average.ts';

type Values = (number | null)[];

interface Fixture {
  readonly repeats: {
    readonly shape: [number, number, number];
    readonly robs: Values;
    readonly rhat: Values;
    readonly splits: [number[], number[]][];
    readonly options: object;
  } & Readonly<Record<'ccnorm' | 'ccabs' | 'ccmax' | 'cchalf', Values>>;
  readonly scaled: { readonly shape: number[] } & Readonly<Record<'rhat' | 'robs' | 'dfs' | 'scaled', Values>>;
  readonly averages: {
    readonly shape: number[];
    readonly units: number;
    readonly peakLag: number[];
  } & Readonly<Record<'stim' | 'robs' | 'dfs' | 'average', Values>>;
  readonly eye: {
    readonly x: number[];
    readonly y: number[];
    readonly samplingRate: number;
    readonly starts: number[];
  };
}

const fixture = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/multidataset/evaluation.json', import.meta.url), 'utf8'),
) as Fixture;

const known = (values: Values): number[] => values.map((value) => value ?? Number.NaN);
const tensorOf = (values: Values, shape: readonly number[]): Tensor =>
  tensor(known(values), { dtype: 'float64' }).reshape(shape);
const numbers = (of: Tensor): number[] => Array.from(of.toTypedArray(), Number);

function close(got: readonly number[], wanted: readonly number[], tolerance: number): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of got.entries()) {
    if (Number.isNaN(wanted[i])) expect(value).toBeNaN();
    else expect(Math.abs(value - wanted[i]!), `${i}: ${value} for ${wanted[i]}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('noiseCorrectedCorrelation()', () => {
  const { shape, robs, rhat, splits, options } = fixture.repeats;
  const trials = { shape, robs: Float64Array.from(known(robs)), rhat: Float64Array.from(known(rhat)) };

  it('is that of NumPy, with trials of several lengths and bins without a unit', () => {
    const found = noiseCorrectedCorrelation(trials, { ...options, splits });
    for (const key of ['ccnorm', 'ccabs', 'ccmax', 'cchalf'] as const)
      close(found[key], known(fixture.repeats[key]), 1e-12);
  });

  it('draws halves by its seed, and knows nothing of what has too few trials or bins', () => {
    const drawn = (seed?: number) =>
      noiseCorrectedCorrelation(trials, { ...options, ...(seed === undefined ? {} : { seed }) }).cchalf;
    expect(drawn()).toEqual(drawn(0));
    expect(drawn(1)).not.toEqual(drawn(0));
    expect(noiseCorrectedCorrelation(trials).ccnorm).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(() => noiseCorrectedCorrelation({ ...trials, rhat: new Float64Array(3) })).toThrow(
      'expected 324 numbers of shape [12, 9, 3], got 324 and 3',
    );
  });
});

describe('rescaleRates()', () => {
  it('finds the gain and the offset of the greatest likelihood: inside, without an offset, without a gain', () => {
    const { shape, rhat, robs, dfs, scaled } = fixture.scaled;
    const found = rescaleRates({ rhat: tensorOf(rhat, shape), robs: tensorOf(robs, shape), dfs: tensorOf(dfs, shape) });
    // Expectation maximisation nears a side of the quadrant without reaching it.
    close(numbers(found), known(scaled), 2e-4);
  });

  it('leaves rates finite where nothing was counted, or everything is masked', () => {
    const rhat = tensor([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const robs = tensor([
      [0, 4],
      [0, 4],
      [0, 4],
    ]);
    const dfs = tensor([
      [1, 0],
      [1, 0],
      [1, 0],
    ]);
    close(numbers(rescaleRates({ rhat, robs, dfs })), [0, 0, 0, 0, 0, 0], 1e-9);
  });
});

describe('SpikeTriggeredAverage', () => {
  it('is that of NumPy over batches, with its peak', () => {
    const { shape, units, stim, robs, dfs, average, peakLag } = fixture.averages;
    const [stims, counts, mask] = [tensorOf(stim, shape), tensorOf(robs, [-1, units]), tensorOf(dfs, [-1, units])];
    const averages = new SpikeTriggeredAverage();
    expect(averages.compute()).toBeUndefined();
    for (const [start, end] of [
      [0, 7],
      [7, 20],
    ] as const)
      averages.add(
        ...([stims, counts, mask].map((each) => each.narrow(0, start, end - start)) as [Tensor, Tensor, Tensor]),
      );
    const found = averages.compute()!;
    expect(found.average.shape).toEqual([units, ...shape.slice(2)]);
    close(numbers(found.average), known(average), 1e-5);
    expect(found.peakLag).toEqual(peakLag);
    averages.dispose();
  });
});

describe('saccades', () => {
  it('begin where the algorithm of Engbert and Kliegl in NumPy says', () => {
    expect(fixture.eye.starts.length).toBe(3);
    expect(detectSaccades(fixture.eye)).toEqual(fixture.eye.starts);
    expect(detectSaccades(fixture.eye, { minSeconds: 0.5 })).toEqual([]);
  });

  it('count with neighbours in a range alone', () => {
    expect(spacedEvents([0, 20, 40, 45, 70, 200], 10, 60)).toEqual([0, 20]);
    expect(spacedEvents([7], 10, 60)).toEqual([7]);
  });

  it('give means of what counts in their windows', () => {
    const robs = [1, 2, 3, 4, 5, 6, 7, 8];
    const responses = {
      shape: [8, 1] as const,
      robs,
      rhat: robs.map((value) => 10 * value),
      dfs: [1, 1, 1, 0, 1, 1, 1, 1],
    };
    const found = eventTriggeredAverage(responses, [0, 2, 5, 7], [-1, 2]);
    expect(found).toEqual({ robs: [[3.5], [4.5], [7]], rhat: [[35], [45], [70]], count: 2 });
  });
});

describe('signedTiles()', () => {
  it('draws maps beside each other, by the greatest of all or of each', () => {
    const values = [0, 2, -2, 0, 1, 1, Number.NaN, 1];
    const { width, height, format } = signedTiles({ shape: [2, 2, 2], values }, { columns: 2 });
    expect([width, height, format]).toEqual([478, 238, 'png']);
    expect(() => signedTiles({ shape: [2, 2, 2], values: [1] })).toThrow(
      'Cannot draw maps: expected numbers of shape [2, 2, 2], got 1',
    );
    expect(() => signedTiles({ shape: [1, 1, 5000], values: new Float32Array(5000) })).toThrow(
      'expected at most 4000 pixels a side, got 5000',
    );
  });
});

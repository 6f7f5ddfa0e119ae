// Transforms, filters, splits and downsampling against what NumPy and PyTorch make of their formulas (test/fixtures/multidataset/data/transforms.py).

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { arange, noGrad, scope, type Tensor, tensor, zeros } from '../../../tensor/index.ts';
import type { OpConfig } from '../config/dataset-config.ts';
import { downsample } from '../downsample.ts';
import { type FilteredRecording, makeDatafilter } from '../filters/datafilter.ts';
import { splitByTrial } from '../split-trials.ts';
import { checkTransform, makePipeline } from './registry.ts';

type Nested = number | Nested[];
interface Fixture {
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly cases: readonly {
    readonly source: string;
    readonly ops: readonly (string | OpConfig)[];
    readonly value: Nested;
  }[];
  readonly splits: readonly { seed: number; trials: number[]; share: number; train: number[] }[];
  readonly downsampled: Readonly<Record<'robs' | 'stim' | 'eyepos', Nested>> & { readonly factor: number };
  readonly missing: { readonly percent: Nested; readonly mask: Nested };
}
const fixture = JSON.parse(
  readFileSync(new URL('../../../../test/fixtures/multidataset/data/transforms.json', import.meta.url), 'utf8'),
) as Fixture;
const input = (name: string): Tensor => tensor(fixture.inputs[name] as number[]);
const named = (op: string | OpConfig): OpConfig => (typeof op === 'string' ? { [op]: {} } : op);
const context = { cids: [4, 0, 5], samplingRate: 120 };

/** The largest difference, relative where numbers are large. */
function differenceOf(x: Tensor, wanted: Nested): number {
  return scope(() => {
    const other = tensor(wanted as number[], { dtype: 'float64' });
    expect(x.shape).toEqual(other.shape);
    return x.to('float64').sub(other).abs().div(other.abs().clampMin(1)).max().item() as number;
  });
}

const recordingOf = (tensors: Record<string, Tensor>): FilteredRecording => {
  const numFrames = Object.values(tensors)[0]!.shape[0]!;
  return { tensors, numFrames, need: (name) => tensors[name]! };
};
const numbers = (x: Tensor): number[] => Array.from(x.to('float32').toTypedArray() as Float32Array);

describe('transforms', () => {
  it.each(fixture.cases)('$ops of $source', ({ source, ops, value }) => {
    const steps = ops.map(named);
    for (const [name, params] of steps.flatMap((op) => Object.entries(op)))
      expect(checkTransform(name, params)).toEqual([]);
    const x = input(source);
    const before = x.clone();
    const made = noGrad(() => makePipeline(steps, context)(x));
    expect(differenceOf(made, value)).toBeLessThan(5e-6);
    expect(x.equal(before)).toBe(true);
  });

  it('knows every name that VisionCore has', () => {
    const names =
      'pixelnorm diff mul temporal_basis splitrelu symlog maxnorm dacones unsqueeze cast smooth fftwhitening'.split(
        ' ',
      );
    for (const name of names) expect(checkTransform(name, {})).toEqual([]);
    expect(checkTransform('select_units', {})).toEqual([
      { path: ['indices'], text: 'expected "cids" or a list of columns, each once, got none' },
    ]);
    expect(checkTransform('dacones', { tau_x_ms: 3, beta: 'much' }).map(({ path }) => path)).toEqual([
      ['tau_x_ms'],
      ['beta'],
    ]);
    expect(checkTransform('splitrelu', { trainable_gain: true })[0]!.text).toBe(
      'expected false in a transform, which nothing trains, got true',
    );
  });

  it('gives bytes of cones that see bytes, cut off at 0 and 255', () => {
    const ops = [{ cast: 'uint8' }, { dacones: { filter_length: 12, alpha: 0.02 } }];
    const bytes = makePipeline(ops, context)(input('film'));
    const plain = makePipeline([{ dacones: { filter_length: 12, alpha: 0.02 } }], context)(input('film'));
    expect(bytes.dtype).toBe('uint8');
    expect(bytes.equal(plain.div(2.5).mul(255).clamp({ min: 0, max: 255 }).to('uint8'))).toBe(true);
    expect(bytes.max().item()).toBeGreaterThan(100);
  });

  it('refuses what has no largest value, and recordings that are too short or of another shape', () => {
    const run = (op: OpConfig, x: Tensor) => () => makePipeline([op], context)(x);
    expect(run({ maxnorm: {} }, zeros([3, 2]))).toThrow(
      'Cannot apply maxnorm: expected a finite largest value above 0, got 0',
    );
    expect(run({ maxnorm: {} }, tensor([1, Number.NaN]))).toThrow('above 0, got NaN');
    expect(run({ smooth: 2 }, zeros([6, 2]))).toThrow(
      'Cannot apply smooth: expected more than 6 frames for params 2, got 6',
    );
    expect(run({ fftwhitening: {} }, zeros([6, 2]))).toThrow('expected shape [T, H, W] or [T, 1, H, W], got [6, 2]');
    expect(run({ temporal_basis: {} }, zeros([6]))).toThrow(
      'Cannot apply temporal_basis: expected shape [T, C], [T, H, W]',
    );
  });
});

describe('splitByTrial()', () => {
  it.each(fixture.splits)(
    'takes the trials that PyTorch shuffles to the front under seed $seed',
    ({ seed, trials, share, train }) => {
      const ofFrames = Float64Array.from([...trials, ...trials].reverse());
      const frames = Int32Array.from(ofFrames.keys());
      const split = splitByTrial(ofFrames, frames, { share, seed });
      const trialsOf = (side: Int32Array): number[] =>
        [...new Set(Array.from(side, (frame) => ofFrames[frame]!))].sort((a, b) => a - b);
      expect(trialsOf(split.train)).toEqual(train);
      expect(trialsOf(split.val)).toEqual(trials.filter((trial) => !train.includes(trial)));
      expect(split.train.length + split.val.length).toBe(frames.length);
    },
  );
});

describe('downsample()', () => {
  it('sums counts, takes the first of pictures and labels, averages the rest, and marks frames of two trials', () => {
    const { factor } = fixture.downsampled;
    const trials = arange(40).ge(11).to('int64'); // the group of frames 9, 10, 11 has two
    const tensors = {
      robs: input('counts'),
      eyepos: input('trace'),
      trial_inds: trials,
      psth_inds: arange(40),
      dfs: arange(40).ne(4),
    };
    const { recording, isWhole } = downsample({ name: 'x', numFrames: 40, tensors }, factor);
    expect(recording.numFrames).toBe(13);
    expect(differenceOf(recording.tensors.robs!, fixture.downsampled.robs)).toBe(0);
    expect(differenceOf(recording.tensors.eyepos!, fixture.downsampled.eyepos)).toBeLessThan(1e-6);
    expect(numbers(recording.tensors.trial_inds!)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(numbers(recording.tensors.psth_inds!)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(numbers(recording.tensors.dfs!)).toEqual([1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    expect(numbers(isWhole!)).toEqual([1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    const film = downsample(
      { name: 'x', numFrames: 24, tensors: { stim: input('film').to('uint8') } },
      factor,
    ).recording;
    expect(film.tensors.stim!.dtype).toBe('uint8');
    expect(differenceOf(film.tensors.stim!, fixture.downsampled.stim)).toBe(0);
  });
});

describe('datafilters', () => {
  it('leaves out frames in which too much is missing, but of multi-units', () => {
    const percent = tensor(fixture.missing.percent as number[]);
    const mask = makeDatafilter([{ missing_pct: { threshold: 45 } }])(recordingOf({ missing_pct: percent }));
    expect(differenceOf(mask, fixture.missing.mask)).toBe(0);
  });

  it('takes frames with their lags inside a trial, behind its first frame, where the eye was tracked', () => {
    const trial_inds = tensor([3n, 3n, 3n, 3n, 3n, 7n, 7n, 7n, 7n, 7n, 7n]);
    const dpi_valid = tensor([1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1]);
    const run = (ops: OpConfig[], tensors: Record<string, Tensor>): string =>
      numbers(makeDatafilter(ops)(recordingOf(tensors))).join('');
    expect(run([{ valid_nlags: { n_lags: 1 } }], { trial_inds })).toBe('01111011111');
    expect(run([{ valid_nlags: 3 }], { trial_inds })).toBe('00011000111');
    expect(run([{ valid_nlags: 2 }], { trial_inds, dpi_valid })).toBe('00111001001'); // biome-ignore format: a table
    expect(run([], { trial_inds })).toBe('11111111111');
    const missing_pct = tensor([...Array(10).fill([10, 90]), [90, 90]]);
    const both = makeDatafilter([{ valid_nlags: 3 }, { missing_pct: 45 }])(recordingOf({ trial_inds, missing_pct }));
    expect(numbers(both.select(1, 0)).join('')).toBe('00011000110');
    expect(numbers(both.select(1, 1)).join('')).toBe('00011000111');
  });
});

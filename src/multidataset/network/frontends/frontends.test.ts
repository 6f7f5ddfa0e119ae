// What the numbers against PyTorch (test/parity/multidataset-parts.test.ts) do not tell of frontends: starts, long clips, refusals.
import { expect, test } from 'vitest';
import { ConfigError, ShapeError } from '../../../errors.ts';
import { manualSeed, rand, randn } from '../../../tensor/index.ts';
import { cat } from '../../../tensor/ops.generated.ts';
import type { AffineAdapter } from '../adapters/affine-adapter.ts';
import { createAdapter } from '../adapters/create-adapter.ts';
import { createFrontend } from './create-frontend.ts';
import { DAModel } from './da-model.ts';
import { LearnableTemporalConv, type LearnableTemporalConvOptions } from './learnable-temporal-conv.ts';
import { raisedCosineBasis } from './raised-cosine-basis.ts';
import { TemporalBasis } from './temporal-basis.ts';
import { filterFrames } from './temporal-filter.ts';

const problemsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const kernelsOf = (options: LearnableTemporalConvOptions): number[][] => {
  const { weight } = new LearnableTemporalConv(options).temporal_conv.conv;
  return weight.detach().flatten({ startDim: 1 }).toArray() as number[][];
};

test('filterFrames() is the same over many frames as over few', () => {
  const clip = randn([2, 3, 300, 2, 2]);
  const filters = randn([4, 9]);
  const whole = filterFrames(clip, filters, { before: 8, after: 0 });
  const first = filterFrames(clip.narrow(2, 0, 200), filters, { before: 8, after: 0 });
  const rest = filterFrames(clip.narrow(2, 192, 108), filters, { before: 0, after: 0 });
  expect(whole.shape).toEqual([2, 12, 300, 2, 2]);
  expect(whole.allclose(cat([first, rest], { dim: 2 }), { atol: 1e-5 })).toBe(true);
});

test('the kernels of gaussian_derivatives are a Gaussian, its derivatives, and noise, of length 1 each', () => {
  manualSeed(1);
  const [gaussian, first, second, noise] = kernelsOf({ kernelSize: 15, numChannels: 4 });
  const at = (t: number): number => Math.exp(-0.5 * (t / 2.5) ** 2);
  for (const kernel of [gaussian!, first!, second!, noise!]) expect(dot(kernel, kernel)).toBeCloseTo(1, 5);
  expect(gaussian![9]! / gaussian![7]!).toBeCloseTo(at(2), 5);
  // The derivative of the Gaussian falls where time goes on, and is even to none of the others.
  expect(first![9]! / first![8]!).toBeCloseTo((2 * at(2)) / at(1), 4);
  expect(first![9]).toBeLessThan(0);
  expect(second![9]! / second![7]!).toBeCloseTo((1 - 4 / 6.25) * at(2), 4);
  expect(dot(gaussian!, first!)).toBeCloseTo(0, 5);
  expect(dot(first!, second!)).toBeCloseTo(0, 5);
  expect(Math.abs(noise![0]!)).toBeLessThan(0.2);
  manualSeed(1);
  expect(kernelsOf({ kernelSize: 15, numChannels: 4 })[3]).toEqual(noise);
});

test('biphasic kernels have no mean and a positive part of 1, identity kernels one frame each', () => {
  const [kernel, other] = kernelsOf({ kernelSize: 20, numChannels: 2, initType: 'biphasic' });
  expect(other).toEqual(kernel);
  expect(sum(kernel!)).toBeCloseTo(0, 5);
  expect(sum(kernel!.filter((value) => value > 0))).toBeCloseTo(1, 5);
  // Frame 1, of 1/120 s: (e^(-1 / 0.96) / 0.96^2 - 0.9 e^(-1 / 2.64) / 2.64^2), against frame 2.
  const lobes = (t: number): number =>
    (t * Math.exp(-t / 0.96)) / 0.96 ** 2 - (0.9 * t * Math.exp(-t / 2.64)) / 2.64 ** 2;
  expect((kernel![1]! - kernel![0]!) / (kernel![2]! - kernel![0]!)).toBeCloseTo(lobes(1) / lobes(2), 4);
  expect(kernelsOf({ kernelSize: 3, numChannels: 4, initType: 'identity' })).toEqual([
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [0, 0, 1],
  ]);
});

test('a window and trained lengths leave kernels as they start', () => {
  const options = { kernelSize: 16, numChannels: 3 } as const;
  const { temporal_conv: conv } = new LearnableTemporalConv({
    ...options,
    aaSignal: true,
    aaWindowKwargs: { power: 0.25 },
  });
  const acting = conv.weight.detach().flatten({ startDim: 1 }).toArray() as number[][];
  const hann = (i: number): number => (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 15)) ** 0.25;
  const largest = hann(7);
  kernelsOf(options).forEach((kernel, channel) => {
    kernel.forEach((value, i) => {
      expect(acting[channel]![i]).toBeCloseTo((value * hann(i)) / largest, 5);
    });
  });
  const normed = new LearnableTemporalConv({ ...options, useWeightNorm: true, keepUnitNorm: true });
  const kept = normed.temporal_conv.weight.detach().flatten({ startDim: 1 }).toArray() as number[][];
  expect(kept[1]).toEqual(kernelsOf(options)[1]!.map((value) => expect.closeTo(value, 5)));
});

test('what is fine and what is coarse in a picture add up to it', () => {
  const frontend = new LearnableTemporalConv({ kernelSize: 1, numChannels: 2, splitMP: true, initType: 'identity' });
  const clip = rand([1, 1, 2, 6, 5]);
  const seen = frontend.forward(clip);
  expect(seen.sum({ dim: 1, keepdim: true }).allclose(clip, { atol: 1e-5 })).toBe(true);
  expect(frontend.deepCopy().forward(clip).equal(seen)).toBe(true);
  const flat = frontend.forward(rand([1, 1, 2, 1, 1]).expand([1, 1, 2, 6, 5])); // of pictures without detail
  expect(flat.select(1, 0).abs().max().item()).toBeLessThan(1e-5);
  expect(frontend.forward(rand([1, 1, 2, 9, 8])).shape).toEqual([1, 2, 2, 9, 8]); // another size
  expect(Object.keys(frontend.stateDict())).toEqual(['temporal_conv.conv.weight']);
  expect(() => frontend.forward(rand([1, 1, 2, 9, 1]))).toThrow(ShapeError);
});

test('filters of DAModel have an area near 1, and are parameters or buffers', () => {
  const fixed = new DAModel({ samplingRate: 240, filterLength: 200 });
  expect(fixed.Ky_filter!.sum().item()).toBeCloseTo(1, 2);
  expect(fixed.Kz_filter!.sum().item()).toBeCloseTo(1, 2);
  expect(fixed.parameters().some((parameter) => parameter.requiresGrad)).toBe(false);
  expect(Object.keys(fixed.stateDict())).toContain('Ky_filter');
  expect(Object.keys(new DAModel({ learnableParams: true }).stateDict())).not.toContain('Ky_filter');
  // A constant light: y = z = 1, r = alpha / (1 + beta).
  const steady = new DAModel({ alpha: 3, beta: 0.5 }).forward(rand([1, 1, 1, 1, 1]).fill_(1).expand([1, 1, 400, 1, 2]));
  expect(steady.select(2, -1).flatten().toArray()).toEqual([expect.closeTo(2, 2), expect.closeTo(2, 2)]);
});

test('a basis has functions of length 1, none of them in the present', () => {
  const basis = raisedCosineBasis({ numDeltaFuncs: 2, numCosineFuncs: 4, historyBins: 30 });
  expect(basis.shape).toEqual([6, 1, 31]);
  expect(basis.select(2, 0).abs().max().item()).toBe(0);
  expect(basis.select(2, 1).select(0, 0).item()).toBe(1);
});

test('createFrontend() names every problem at its place', () => {
  const problems = (config: { type: string; params: Record<string, unknown> }, inChannels = 1): readonly string[] =>
    problemsOf(() => createFrontend(config, { inChannels }));
  const learnable = {
    kernel_size: 1,
    num_channels: 3,
    split_MP: true,
    causal: false,
    aa_window: 'hat',
    init: 'random',
  };
  expect(problems({ type: 'learnable_temporal', params: learnable })).toEqual([
    expect.stringMatching(/^frontend\.params\.num_channels: expected an even number with .*, got 3$/),
    'frontend.params.causal: expected true: every frame sees those up to its own, got false',
    expect.stringMatching(/^frontend\.params\.aa_window: expected one of bartlett, .*, got "hat"$/),
    'frontend.params.kernel_size: expected two frames or more for the derivative of a Gaussian, got 1',
    expect.stringMatching(/^frontend\.params\.init: expected one of .*, got an unknown key/),
  ]);
  expect(problems({ type: 'da', params: { gamma: 2, tau: 3 } })).toHaveLength(2);
  expect(problems({ type: 'temporal_basis', params: { peak_range_ms: [20, 5], sampling_rate: 240 } })).toEqual([
    'frontend.params.peak_range_ms: expected two numbers of at least 0, the second above the first, got [20, 5]',
    expect.stringMatching(/^frontend\.params\.sampling_rate: expected one of .*, got an unknown option$/),
  ]);
  expect(problems({ type: 'temporal_basis', params: { num_cosine_funcs: 0 } })).toHaveLength(1);
  expect(
    problems({ type: 'temporal_basis', params: { num_delta_funcs: 5, history_bins: 3, peak_range_ms: [0, 8] } }),
  ).toEqual([
    expect.stringMatching(/function 3: .*zeros alone$/),
    expect.stringMatching(/function 4: .*zeros alone$/),
    expect.stringMatching(/a first peak above 0/),
  ]);
});

test('createFrontend() makes one adapter for all data sets', () => {
  const config = { type: 'adapter', params: { grid_size: 5, init_sigma: 0.5 } };
  const { module, outChannels } = createFrontend(config, { inChannels: 2 });
  const clip = rand([1, 2, 3, 7, 9]);
  const adapter = createAdapter(config, { inChannels: 2 }).module as AffineAdapter;
  expect([outChannels, module.forward(clip).toArray()]).toEqual([2, adapter.forward(clip).toArray()]);
});

test('createFrontend() makes a block of a convolution', () => {
  const params = { out_channels: 4, conv_params: { kernel_size: [5, 3, 3] }, act_type: 'splitrelu', norm_type: 'rms' };
  const { module, outChannels } = createFrontend({ type: 'conv', params }, { inChannels: 2 });
  expect([outChannels, module.forward(rand([1, 2, 6, 7, 5])).shape]).toEqual([8, [1, 8, 6, 5, 3]]);
  const wrong = { in_channels: 2, conv_params: { kernel_size: 3 }, norm_type: 'none such' };
  const found = problemsOf(() => createFrontend({ type: 'conv', params: wrong }, { inChannels: 2 }));
  expect(found.map((problem) => problem.slice(0, problem.indexOf(':')))).toEqual([
    'frontend.params.out_channels',
    'frontend.params.norm_type',
    'frontend.params.in_channels',
  ]);
});

test('clips of another shape are refused', () => {
  expect(() => new LearnableTemporalConv().forward(rand([1, 1, 9, 4, 4]))).toThrow(
    new ShapeError('Cannot apply LearnableTemporalConv: expected 16 frames or more, got [1, 1, 9, 4, 4]'),
  );
  expect(() => new DAModel({ height: 5 }).forward(rand([1, 1, 9, 4, 4]))).toThrow(
    new ShapeError('Cannot apply DAModel: expected [N, C, T, 5, W], got [1, 1, 9, 4, 4]'),
  );
  expect(() => new TemporalBasis({ chomp: 9 }).forward(rand([1, 1, 9, 4, 4]))).toThrow(ShapeError);
  expect(() => new TemporalBasis().forward(rand([9, 4]))).toThrow(ShapeError);
});

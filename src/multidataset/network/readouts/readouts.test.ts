// Readouts against their formulas in PyTorch: names of state, values and gradients; and what they refuse.
import { describe, expect, it } from 'vitest';
import { ConfigError, ShapeError } from '../../../errors.ts';
import { manualSeed, noGrad, ones, randn, tensor, zeros } from '../../../tensor/index.ts';
import type { Readout } from '../parts.ts';
import { expectSame, recordedCases } from '../testing/recorded-cases.ts';
import { createReadout } from './create-readout.ts';
import { DynamicGaussianReadoutEI } from './ei-readout.ts';
import { DynamicGaussianReadout } from './gaussian-readout.ts';
import { DynamicGaussianSN } from './sn-readout.ts';

const cases = await recordedCases('readouts');

const sizes = { inChannels: 4, nUnits: 3 };
const readouts: Readonly<
  Record<string, { readonly params?: Readonly<Record<string, unknown>>; readonly isTraining?: true }>
> = {
  gaussian: {},
  'gaussian of a map': {},
  'gaussian of one column': {},
  'gaussian of one pixel': {},
  'gaussian without a bias': { params: { bias: false } },
  'gaussian narrower than a pixel': {},
  linear: {},
  'linear of a map': {},
  gaussianei: {},
  'gaussianei with softplus': { params: { weight_constraint_fn: 'softplus' } },
  gaussiansn: {},
  'gaussiansn in training': { isTraining: true },
};

describe('readouts compute what PyTorch computes of their formulas', () => {
  for (const [name, { params = {}, isTraining = false }] of Object.entries(readouts)) {
    it(name, () => {
      const readout = createReadout({ type: name.split(' ')[0]!, params }, sizes).train(isTraining) as Readout;
      expectSame(readout, cases[name]!, ({ features }) => {
        if (isTraining) manualSeed(7);
        return readout.forward(features!);
      });
    });
  }
});

const problemsOf = (make: () => unknown): readonly string[] => {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('DynamicGaussianReadout', () => {
  it('begins in the middle of the map, or around it', () => {
    manualSeed(3);
    const readout = new DynamicGaussianReadout(4, 500);
    expect([readout.mean, readout.theta, readout.bias!].every((each) => each.eq(0).all().item() === 1)).toBe(true);
    expect(readout.std.eq(5).all().item()).toBe(1);
    const scattered = new DynamicGaussianReadout(4, 500, { initialMeanScale: 0.1, initialStd: 0.5 });
    expect(scattered.mean.std().item()).toBeCloseTo(0.1, 2);
    expect(scattered.std.eq(0.5).all().item()).toBe(1);
  });

  it('weighs each map to one, around the mean, rows before columns', () => {
    const readout = new DynamicGaussianReadout(4, 1, { initialStd: 0.8 });
    noGrad(() => readout.mean.copy_(tensor([[-2, 1]])));
    const weights = readout.spatialWeights(9, 5);
    expect(weights.sum().item()).toBeCloseTo(1, 5);
    expect(weights.argmax().item()).toBe(2 * 5 + 3);
  });

  it('refuses maps that do not fit', () => {
    const readout = new DynamicGaussianReadout(4, 3);
    for (const shape of [
      [2, 5, 3, 6, 6],
      [2, 4, 6],
      [2, 4, 0, 6, 6],
      [2, 4, 1, 0, 6],
    ])
      expect(() => readout.forward(zeros(shape))).toThrow(ShapeError);
  });

  it('can be copied and trained on', () => {
    const readout = new DynamicGaussianReadout(4, 3).deepCopy();
    expect(readout.forward(randn([2, 4, 3, 6, 5])).shape).toEqual([2, 3]);
  });
});

describe('DynamicGaussianSN', () => {
  it('begins with a low bias, strong excitation and noise in training alone', () => {
    manualSeed(0);
    const readout = new DynamicGaussianSN(4, 3, { initialBeta: 0.2, minSigma: 0.01 });
    expect(readout.bias!.eq(-5).all().item()).toBe(1);
    expect(
      readout._features_ex_weight
        .norm({ p: 2, dim: [1] })
        .sub(10)
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-4);
    expect(
      readout._features_inh_weight
        .norm({ p: 2, dim: [1] })
        .sub(1)
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-5);
    expect(readout.beta.item()).toBeCloseTo(0.2001, 6);
    expect(readout.sigma.item()).toBeCloseTo(0.06, 6);
    const features = randn([2, 4, 3, 6, 5]);
    expect(readout.forward(features).equal(readout.forward(features))).toBe(false);
    readout.eval();
    expect(readout.forward(features).equal(readout.forward(features))).toBe(true);
  });

  it('never divides by less than a millionth, however strong the noise', () => {
    manualSeed(1);
    const readout = new DynamicGaussianSN(4, 3, { initialSigma: 50, bias: false });
    const ratios = readout.forward(ones([50, 4, 3, 6, 5])); // a divisor below 0 would make them negative
    expect([ratios.ge(0).all().item(), ratios.isfinite().all().item()]).toEqual([1, 1]);
  });

  it('anneals beta down to its floor, where it still has a gradient', () => {
    const readout = new DynamicGaussianSN(4, 3);
    readout.annealBeta(0.5);
    expect(readout.beta.item()).toBeCloseTo(0.05005, 6);
    for (let i = 0; i < 20; i++) readout.annealBeta(0.5, { least: 0 });
    expect(readout.beta.item()).toBeCloseTo(1e-4, 7);
    readout.beta.backward();
    expect(readout._beta_raw.grad!.item()).toBeGreaterThan(0);
  });
});

describe('createReadout', () => {
  it('says every problem in the words of the file', () => {
    const params = { initial_std: 0, bias: 'no', initial_men_scale: 1 };
    expect(problemsOf(() => createReadout({ type: 'gaussian', params }, sizes))).toEqual([
      'readout.params.initial_std: expected a number above 0, got 0',
      'readout.params.bias: expected true or false, got "no"',
      'readout.params.initial_men_scale: expected one of bias, initial_std, initial_mean_scale, got an unknown key; did you mean initial_mean_scale?',
    ]);
    expect(problemsOf(() => createReadout({ type: 'gausian' }, sizes))).toEqual([
      'readout.type: expected one of gaussian, gaussianei, gaussiansn, linear, got "gausian"',
    ]);
    const ei = { type: 'gaussianei', params: { frac_inhib: 0.2, weight_constraint_fn: 'rellu' } };
    expect(problemsOf(() => createReadout(ei, sizes)).join()).toMatch(/frac_inhib.*unknown/i);
    expect(problemsOf(() => new DynamicGaussianReadoutEI(0, 1.5)).length).toBe(2);
  });

  it('takes the number of units from the data set', () => {
    const placeholder = { type: 'linear', params: { n_units: 8, bias: null } };
    expect(createReadout(placeholder, sizes).nUnits).toBe(3);
    const wrong = { type: 'linear', params: { n_units: 'all' } };
    expect(problemsOf(() => createReadout(wrong, sizes))).toHaveLength(1);
  });
});

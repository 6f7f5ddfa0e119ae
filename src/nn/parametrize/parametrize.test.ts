// Parametrisations beyond their numbers (test/parity/layers.test.ts): what they refuse, copies, caches, scopes, files.
import { describe, expect, it } from 'vitest';
import { ones, randn, tensor, zeros } from '../../tensor/create.ts';
import { manualSeed } from '../../tensor/generator.ts';
import { liveTensors, scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import * as nn from '../index.ts';

const { parametrizations, parametrize } = nn.utils;
const { registerParametrization, removeParametrizations, isParametrized } = parametrize;

/** Counts how often it is computed. */
class Doubled extends nn.Module {
  calls = 0;

  forward(x: Tensor): Tensor {
    this.calls++;
    return x.mul(2);
  }

  rightInverse(x: Tensor): Tensor {
    return x.div(2);
  }
}

class Cut extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.narrow(0, 0, 1);
  }
}

class OneWay extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.abs();
  }
}

const bytes = (x: Tensor): string => Buffer.from(x.toBytes()).toString('hex');

describe('registerParametrization()', () => {
  it('trains the parameter that was there, under another name', () => {
    const layer = new nn.Linear(2, 2);
    const { weight } = layer;
    const before = weight.clone();
    registerParametrization(layer, 'weight', new Doubled());
    expect(layer.weight.allclose(before)).toBe(true);
    expect(layer.parameters()).toContain(weight);
    layer
      .forward(ones([1, 2]))
      .sum()
      .backward();
    expect(weight.grad?.toArray()).toEqual([
      [2, 2],
      [2, 2],
    ]);
    expect([layer instanceof nn.Linear, parametrize.typeBeforeParametrizations(layer)]).toEqual([true, nn.Linear]);
    expect([isParametrized(layer), isParametrized(layer, 'weight'), isParametrized(layer, 'bias')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('assigns through the inverses, by a copy', () => {
    const layer = new nn.Linear(2, 2);
    registerParametrization(layer, 'weight', new Doubled());
    const value = tensor([
      [1, 2],
      [3, 4],
    ]);
    Object.assign(layer, { weight: value });
    expect(layer.weight.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    value.zero_();
    expect(layer.weight.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    registerParametrization(layer, 'bias', new OneWay());
    expect(() => Object.assign(layer, { bias: zeros([2]) })).toThrow(
      'Cannot parametrize "bias": expected rightInverse to assign a value, got none in OneWay',
    );
    expect(() => Object.assign(layer, { weight: zeros([2, 2], { dtype: 'float64' }) })).toThrow(
      'Cannot parametrize "weight": expected float32 [2, 2], got float64 [2, 2]',
    );
  });

  it('refuses other shapes unless it is unsafe, names without a tensor, and unknown options; the module stays as it was', () => {
    const layer = new nn.Linear(2, 2, { bias: false });
    const text = String(layer);
    expect(() => registerParametrization(layer, 'weight', new Cut())).toThrow(
      'Cannot parametrize "weight": expected float32 [2, 2] unless unsafe is on, got float32 [1, 2]',
    );
    expect(() => registerParametrization(layer, 'weights', new Doubled())).toThrow(
      'Cannot parametrize "weights": expected a parameter or buffer of Linear, got none',
    );
    expect(() => registerParametrization(layer, 'weight', new Doubled(), { safe: true } as object)).toThrow(
      'Cannot call registerParametrization: expected options of { unsafe }, got "safe"',
    );
    expect(String(layer)).toBe(text);
    registerParametrization(layer, 'weight', new Cut(), { unsafe: true });
    expect(layer.forward(ones([1, 2])).shape).toEqual([1, 1]);
    registerParametrization(layer, 'weight', new Doubled());
    expect(layer.weight.shape).toEqual([1, 2]);
  });

  it('refuses a second one that changes the shape', () => {
    const layer = registerParametrization(new nn.Linear(2, 2), 'weight', new Doubled());
    expect(() => registerParametrization(layer, 'weight', new Cut())).toThrow('got float32 [1, 2]');
    expect(String(layer)).not.toContain('Cut');
  });

  it('leaves nothing behind in a scope but what is trained', () => {
    const layer = parametrizations.spectralNorm(new nn.Linear(3, 3));
    const before = settledTensors();
    for (let i = 0; i < 3; i++) scope(() => void layer.forward(ones([1, 3])));
    expect(liveTensors()).toBe(before);
  });

  it('follows train() and eval() of its module', () => {
    manualSeed(0); // power iteration may be at its end from the start
    const layer = parametrizations.spectralNorm(new nn.Linear(30, 30)).eval();
    const before = bytes(layer.weight);
    expect(bytes(layer.weight)).toBe(before);
    layer.train();
    layer.forward(ones([1, 30]));
    expect(bytes(layer.eval().weight)).not.toBe(before);
  });
});

describe('a parametrized module', () => {
  it('is copied: neither hears of the other', () => {
    manualSeed(0);
    const layer = parametrizations.weightNorm(new nn.Linear(3, 2));
    const copy = layer.deepCopy();
    expect(String(copy)).toBe(String(layer));
    expect(bytes(copy.weight)).toBe(bytes(layer.weight));
    const own = layer.parameters();
    expect(copy.parameters().some((parameter) => own.includes(parameter))).toBe(false);
    removeParametrizations(copy, 'weight');
    expect([isParametrized(layer, 'weight'), isParametrized(copy, 'weight')]).toEqual([true, false]);
    expect(layer.weight.shape).toEqual([2, 3]);
  });

  it('goes through its state dict, and through one of the older weight norm', () => {
    const [first, second] = [
      parametrizations.weightNorm(new nn.Linear(3, 2)),
      parametrizations.weightNorm(new nn.Linear(3, 2)),
    ];
    expect(Object.keys(first.stateDict())).toEqual([
      'bias',
      'parametrizations.weight.original0',
      'parametrizations.weight.original1',
    ]);
    second.loadStateDict(first.stateDict());
    expect(bytes(second.weight)).toBe(bytes(first.weight));
    const older = new nn.Sequential(nn.utils.weightNorm(new nn.Linear(3, 2)));
    const newer = new nn.Sequential(second);
    newer.loadStateDict(older.stateDict());
    expect(bytes(second.weight)).toBe(bytes((older.at(0) as nn.Linear).weight));
  });

  it('gives an LSTM its weights', () => {
    const lstm = parametrizations.weightNorm(new nn.LSTM(2, 3), 'weight_hh_l0');
    const [output] = lstm.forward(randn([4, 1, 2]));
    output.sum().backward();
    const [original] = lstm.parameters().slice(-2);
    expect(original?.grad?.shape).toEqual([12, 1]);
  });
});

describe('removeParametrizations()', () => {
  it('keeps the parameter, with the value or with what was trained', () => {
    for (const leaveParametrized of [true, false]) {
      const layer = new nn.Linear(2, 2);
      const { weight } = layer;
      registerParametrization(layer, 'weight', new Doubled());
      removeParametrizations(layer, 'weight', { leaveParametrized });
      expect(layer.weight).toBe(weight);
      expect([String(layer), layer.constructor]).toEqual([
        'Linear(in_features=2, out_features=2, bias=True)',
        nn.Linear,
      ]);
    }
  });

  it('refuses a tensor that has none, and to choose one of several', () => {
    const layer = parametrizations.weightNorm(new nn.Linear(2, 2));
    expect(() => removeParametrizations(layer, 'bias')).toThrow(
      'Cannot parametrize "bias": expected a parametrized tensor of ParametrizedLinear, got none',
    );
    expect(() => removeParametrizations(layer, 'weight', { leaveParametrized: false })).toThrow(
      'Cannot parametrize "weight": expected one tensor that is trained, to leave it unparametrized, got 2',
    );
  });
});

describe('cached()', () => {
  it('computes once, beyond inner scopes, and lets go at its end', () => {
    const doubled = new Doubled();
    const layer = registerParametrization(new nn.Linear(2, 2), 'weight', doubled);
    doubled.calls = 0;
    const before = settledTensors();
    scope(() => {
      const sum = parametrize.cached(() => {
        scope(() => void layer.forward(ones([1, 2])));
        return layer.forward(ones([1, 2])).sum();
      });
      expect(doubled.calls).toBe(1);
      sum.backward();
      layer.forward(ones([1, 2]));
      expect(doubled.calls).toBe(2);
    });
    expect(liveTensors()).toBe(before);
    expect(layer.parameters().at(-1)?.grad?.toArray()).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  it('refuses a body that goes on later, and ends with an error', () => {
    const doubled = new Doubled();
    const layer = registerParametrization(new nn.Linear(2, 2), 'weight', doubled);
    expect(() => parametrize.cached(() => Promise.resolve())).toThrow(
      'Cannot end cached(): expected a synchronous body',
    );
    expect(() =>
      parametrize.cached(() => {
        throw new RangeError('mine');
      }),
    ).toThrow('mine');
    doubled.calls = 0;
    expect([layer.weight, layer.weight].length).toBe(2);
    expect(doubled.calls).toBe(2);
  });
});

describe('transferParametrizationsAndParams()', () => {
  it('shares the parametrisations and what they train', () => {
    const from = registerParametrization(new nn.Linear(2, 2), 'weight', new Doubled());
    const to = parametrize.transferParametrizationsAndParams(from, new nn.Linear(2, 2));
    expect(bytes(to.weight)).toBe(bytes(from.weight));
    expect(to.parameters()).toContain(from.parameters().at(-1));
    expect(parametrize.transferParametrizationsAndParams(new nn.ReLU(), to)).toBe(to);
  });
});

describe('norms and orthogonal weights', () => {
  it('refuse what is no matrix, no dimension, no map', () => {
    const layer = () => new nn.Linear(2, 3);
    expect(() => parametrizations.orthogonal(layer(), 'bias')).toThrow(
      'Cannot make a weight orthogonal: expected at least 2 dimensions, got [3]',
    );
    expect(() => parametrizations.orthogonal(layer(), 'weight', { orthogonalMap: 'qr' as 'cayley' })).toThrow(
      'Cannot make a weight orthogonal: expected orthogonalMap of matrix_exp, cayley, householder, got "qr"',
    );
    expect(() => parametrizations.spectralNorm(layer(), 'weights')).toThrow(
      'Cannot call spectralNorm: expected a parameter or buffer of Linear, got "weights"',
    );
    expect(() => parametrizations.spectralNorm(layer(), 'weight', { dim: 2 })).toThrow(
      'Cannot call spectralNorm: expected dim from -2 to 1, got 2',
    );
    expect(() => nn.utils.spectralNorm(layer(), 'weight', { nPowerIterations: 0 })).toThrow(
      'Cannot call spectralNorm: expected nPowerIterations of at least 1, got 0',
    );
    expect(() => nn.utils.weightNorm(nn.utils.weightNorm(layer()))).toThrow(
      'Cannot normalise "weight": expected a parameter of Linear, got one that is computed already',
    );
    expect(() => nn.utils.removeWeightNorm(layer())).toThrow(
      'Cannot remove weight normalisation of "weight": expected a normalised parameter of Linear, got none',
    );
    expect(() => Object.assign(nn.utils.weightNorm(layer()), { weight: ones([3, 2]) })).toThrow(
      'Cannot assign "weight": expected a tensor without weight normalisation, got one with it; assign "weight_g" and "weight_v", or remove it',
    );
  });

  it('stay what they say while they are trained', () => {
    const layer = parametrizations.orthogonal(new nn.Linear(4, 3), 'weight', { orthogonalMap: 'cayley' });
    for (const parameter of layer.parameters())
      parameter.setData(parameter.detach().add(randn(parameter.shape).mul(0.1)));
    expect(
      layer.weight.matmul(layer.weight.t()).allclose(
        tensor([
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]),
        { atol: 1e-5 },
      ),
    ).toBe(true);
    const normed = parametrizations.spectralNorm(new nn.Linear(4, 3), 'weight', { nPowerIterations: 50 });
    expect(normed.weight.svd()[1].max().item()).toBeCloseTo(1, 3);
  });

  it('spectralNorm() takes files of before 1.0, and a copy follows its own weight', () => {
    manualSeed(1);
    const layer = nn.utils.spectralNorm(new nn.Linear(3, 4));
    for (let i = 0; i < 40; i++) layer.forward(ones([1, 3]));
    const { weight_v, ...rest } = layer.eval().stateDict();
    const loaded = nn.utils.spectralNorm(new nn.Linear(3, 4));
    loaded.loadStateDict({ ...rest, weight: layer.weight.detach() });
    expect(loaded.eval().weight.allclose(layer.weight, { atol: 1e-5 })).toBe(true);
    expect(loaded.stateDict().weight_v!.allclose(weight_v!, { atol: 1e-3 })).toBe(true);
    const copy = layer.deepCopy().train();
    const before = bytes(layer.weight);
    const own = copy.stateDict();
    own.weight_orig!.copy_(randn([4, 3]));
    copy.forward(ones([1, 3]));
    expect(bytes(layer.weight)).toBe(before);
    expect(copy.stateDict().weight_u!.allclose(layer.stateDict().weight_u!)).toBe(false);
  });
});

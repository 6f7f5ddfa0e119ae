// `nn.utils` beyond numbers (test/parity/): what is refused, what comes back as it was, layouts and draws.
import { describe, expect, it } from 'vitest';
import { ones, rand, tensor, zeros } from '../tensor/create.ts';
import { manualSeed } from '../tensor/generator.ts';
import { liveTensors, scope } from '../tensor/scope.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import * as nn from './index.ts';

const { utils } = nn;

/** Assigns its buffer anew, and calls what it is told to. */
class Counting extends nn.Module {
  declare count: Tensor;
  meanwhile: () => void = () => {};

  constructor() {
    super();
    this.registerBuffer('count', zeros([1]));
  }

  forward(x: Tensor): Tensor {
    this.count = this.count.add(1);
    this.meanwhile();
    return x.add(this.count);
  }
}

describe('functionalCall()', () => {
  it('leaves the module as it was, after an error too', () => {
    const layer = new nn.Linear(2, 1);
    const { weight, bias } = layer;
    const names = [...layer.namedParameters()].map(([name]) => name);
    utils.functionalCall(layer, { weight: ones([1, 2]) }, [ones([1, 2])]);
    expect(() => utils.functionalCall(layer, { weight: ones([1, 3]) }, [ones([1, 2])])).toThrow('linear');
    expect([layer.weight === weight, layer.bias === bias]).toEqual([true, true]);
    expect([...layer.namedParameters()].map(([name]) => name)).toEqual(names);
  });

  it('gives a buffer that is assigned anew to the caller, and keeps the own one', () => {
    const module = new Counting();
    const own = module.count;
    const tensors = { count: tensor([5]) };
    expect(scope(() => utils.functionalCall(module, tensors, [zeros([1])]).item())).toBe(6);
    expect(module.count).toBe(own);
    expect(own.item()).toBe(0);
    const kept = { count: tensor([5]) };
    expect(utils.functionalCall(module, kept, [zeros([1])]).item()).toBe(6);
    expect(kept.count.item()).toBe(6);
  });

  it('may call itself', () => {
    const module = new Counting();
    module.meanwhile = () => {
      module.meanwhile = () => {};
      expect(utils.functionalCall(module, { count: tensor([10]) }, [zeros([1])]).item()).toBe(11);
    };
    expect(utils.functionalCall(module, { count: tensor([1]) }, [zeros([1])]).item()).toBe(2);
    expect(module.count.item()).toBe(0);
  });

  it('gives gradients with respect to a copy of the parameters', () => {
    const model = new nn.Sequential(new nn.Linear(2, 2), utils.parametrizations.weightNorm(new nn.Linear(2, 1)));
    const copies = Object.fromEntries(
      [...model.namedParameters()].map(([name, value]) => [name, value.detach().clone().requiresGrad_()]),
    );
    expect(Object.keys(copies)).toContain('1.parametrizations.weight.original0');
    utils
      .functionalCall(model, copies, [ones([1, 2])], { strict: true })
      .sum()
      .backward();
    expect(Object.values(copies).every((copy) => copy.grad)).toBe(true);
    expect(model.parameters().some((parameter) => parameter.grad)).toBe(false);
  });

  it('refuses names that are not there, missing ones where it is strict, and two tensors for a shared one', () => {
    const layer = new nn.Linear(2, 2, { bias: false });
    const tied = new nn.Sequential(layer, new nn.Linear(2, 2, { bias: false }));
    Object.assign(tied.at(1), { weight: layer.weight });
    const call =
      (tensors: Record<string, Tensor>, options = {}) =>
      () =>
        utils.functionalCall(tied, tensors, [ones([1, 2])], options);
    expect(call({ weight: ones([2, 2]) })).toThrow(
      'Cannot call Sequential with other tensors: expected names of 0.weight, 1.weight, got "weight"',
    );
    expect(call({ '0.weight': 3 as unknown as Tensor })).toThrow('expected a tensor for "0.weight", got number');
    const two = { '0.weight': ones([2, 2]), '1.weight': zeros([2, 2]) };
    expect(call(two)).toThrow(
      'expected one tensor for "0.weight" and "1.weight", which are shared, got two; pass tieWeights: false',
    );
    expect(call(two, { tieWeights: false })().toArray()).toEqual([[0, 0]]);
    expect(call({ '0.weight': ones([2, 2]) }, { strict: true, tieWeights: false })).toThrow(
      'expected all tensors, got none for 1.weight',
    );
    expect(call({ '0.weight': ones([2, 2]) }, { strict: true })().toArray()).toEqual([[4, 4]]);
    expect(call({}, { tie: true })).toThrow(
      'Cannot call functionalCall: expected options of { tieWeights, strict }, got "tie"',
    );
  });

  it('leaves nothing behind in a scope', () => {
    const layer = new nn.Linear(2, 1);
    const before = settledTensors();
    scope(() => void utils.functionalCall(layer, { weight: ones([1, 2]) }, [ones([1, 2])]));
    expect(liveTensors()).toBe(before);
  });
});

describe('vectorToParameters()', () => {
  it('shares the memory of the vector, and refuses another length', () => {
    const layer = new nn.Linear(2, 1);
    const vector = tensor([1, 2, 3]);
    utils.vectorToParameters(vector, layer.parameters());
    vector.zero_();
    expect([layer.weight.detach().toArray(), layer.bias!.detach().toArray(), layer.weight.requiresGrad]).toEqual([
      [[0, 0]],
      [0],
      true,
    ]);
    expect(() => utils.vectorToParameters(ones([4]), layer.parameters())).toThrow(
      'Cannot use a vector as parameters: expected [3], got [4]',
    );
    expect(() => utils.parametersToVector([ones([1]), zeros([1], { device: 'meta' })])).toThrow(
      'Cannot use parameters as a vector: expected them on one device, got cpu and meta',
    );
  });
});

describe('skipInit()', () => {
  it.each([
    ['Linear', () => utils.skipInit(nn.Linear, 3, 2), { weight: [2, 3], bias: [2] }],
    ['Conv2d', () => utils.skipInit(nn.Conv2d, 3, 2, 1, { bias: false }), { weight: [2, 3, 1, 1] }],
    ['Embedding', () => utils.skipInit(nn.Embedding, 3, 2, { paddingIdx: 0 }), { weight: [3, 2] }],
    [
      'MultiheadAttention',
      () => utils.skipInit(nn.MultiheadAttention, 2, 1),
      { in_proj_weight: [6, 2], in_proj_bias: [6], 'out_proj.weight': [2, 2], 'out_proj.bias': [2] },
    ],
    [
      'BatchNorm1d',
      () => utils.skipInit(nn.BatchNorm1d, 2, { affine: false, device: 'cpu' as const }),
      { running_mean: [2], running_var: [2], num_batches_tracked: [] },
    ],
    [
      'GRU',
      () => utils.skipInit(nn.GRU, 2, 1, { dtype: 'float64' as const, bias: false }),
      { weight_ih_l0: [3, 2], weight_hh_l0: [3, 1] },
    ],
  ])('makes a %s of its shapes and draws nothing', (_, make, shapes) => {
    manualSeed(3);
    const expected = rand([4]);
    manualSeed(3);
    const layer = make();
    expect(rand([4]).equal(expected)).toBe(true);
    expect(Object.fromEntries(Object.entries(layer.stateDict()).map(([name, value]) => [name, value.shape]))).toEqual(
      shapes,
    );
    expect(Object.values(layer.stateDict()).every((value) => value.device === 'cpu')).toBe(true);
    layer.loadStateDict(layer.stateDict());
  });

  it('refuses what takes no device', () => {
    expect(() => utils.skipInit(nn.ReLU)).toThrow('Cannot make ReLU: expected options of { inplace }, got "device"');
    class Own extends nn.Module {
      readonly layer = new nn.Linear(2, 2);

      forward(x: Tensor): Tensor {
        return this.layer.forward(x);
      }
    }
    expect(() => utils.skipInit(Own as new () => Own)).toThrow(
      'Cannot skip initialising Own: expected a class with the option device, got one without',
    );
  });
});

describe('fuseConvBnEval() and fuseLinearBnEval()', () => {
  it('do what both layers do, and leave them alone', () => {
    const [conv, norm] = [new nn.Conv1d(2, 3, 2).eval(), new nn.BatchNorm1d(3)];
    norm.forward(rand([4, 3, 5]));
    norm.eval();
    const before = conv.weight.clone();
    const x = rand([2, 2, 6]);
    expect(
      utils
        .fuseConvBnEval(conv, norm)
        .forward(x)
        .allclose(norm.forward(conv.forward(x)), { atol: 1e-6 }),
    ).toBe(true);
    expect(conv.weight.equal(before)).toBe(true);
    const linear = new nn.Linear(4, 3).eval();
    const rows = rand([2, 4]);
    expect(
      utils
        .fuseLinearBnEval(linear, norm)
        .forward(rows)
        .allclose(norm.forward(linear.forward(rows)), { atol: 1e-6 }),
    ).toBe(true);
  });

  it('refuse training, norms without statistics and other features', () => {
    const [linear, norm] = [new nn.Linear(4, 3).eval(), new nn.BatchNorm1d(3)];
    expect(() => utils.fuseLinearBnEval(linear, norm)).toThrow(
      'Cannot fuse: expected modules in evaluation, got BatchNorm1d in training; call eval()',
    );
    expect(() => utils.fuseLinearBnEval(linear, new nn.BatchNorm1d(2).eval())).toThrow(
      'Cannot fuse: expected a batch normalisation of 3 features, or 1, got 2',
    );
    expect(() =>
      utils.fuseConvBnEval(new nn.Conv1d(2, 3, 2).eval(), new nn.BatchNorm1d(3, { trackRunningStats: false }).eval()),
    ).toThrow('Cannot fuse: expected a batch normalisation with running statistics, got one without');
  });
});

describe('convertConv2dWeightMemoryFormat()', () => {
  it('lays convolutions of its dimensions out anew', () => {
    const model = new nn.Sequential(new nn.Conv2d(2, 3, 2), new nn.ConvTranspose2d(3, 2, 2), new nn.Linear(2, 2));
    const strides = (): unknown =>
      model
        .parameters()
        .filter((parameter) => parameter.ndim === 4)
        .map((parameter) => parameter.stride);
    utils.convertConv2dWeightMemoryFormat(model, 'channels_last');
    expect(strides()).toEqual([
      [8, 1, 4, 2],
      [8, 1, 4, 2],
    ]);
    utils.convertConv2dWeightMemoryFormat(model, 'contiguous_format');
    expect(strides()).toEqual([
      [8, 4, 2, 1],
      [8, 4, 2, 1],
    ]);
    const volume = utils.convertConv3dWeightMemoryFormat(new nn.Conv3d(2, 3, 2), 'channels_last_3d');
    expect(volume.weight.stride).toEqual([16, 1, 8, 4, 2]);
  });
});

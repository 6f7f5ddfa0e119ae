// Lazy layers before their first forward: what can be asked, what is refused, how a state or an input ends the waiting.
import { describe, expect, it } from 'vitest';
import { ones, zeros } from '../../tensor/create.ts';
import { liveTensors, scope } from '../../tensor/scope.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import * as nn from '../index.ts';

const message =
  "Cannot use an uninitialized parameter: expected one whose shape is known, got one that waits for its layer's first forward; call forward once, or load a state";

describe('a lazy layer', () => {
  it('prints as in Python, before and after', () => {
    const made = [
      [new nn.LazyLinear(3), 'LazyLinear(in_features=0, out_features=3, bias=True)'],
      [new nn.LazyConv2d(4, 3), 'LazyConv2d(0, 4, kernel_size=(3, 3), stride=(1, 1))'],
      [new nn.LazyConvTranspose1d(4, 3), 'LazyConvTranspose1d(0, 4, kernel_size=(3,), stride=(1,))'],
      [
        new nn.LazyBatchNorm2d(),
        'LazyBatchNorm2d(0, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)',
      ],
      [
        new nn.LazyInstanceNorm1d(),
        'LazyInstanceNorm1d(0, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)',
      ],
    ] as const;
    for (const [layer, text] of made) expect(String(layer)).toBe(text);
    const layer = new nn.LazyLinear(3);
    expect([String(layer.weight), Object.keys(layer.stateDict())]).toEqual([
      '<UninitializedParameter>',
      ['weight', 'bias'],
    ]);
    layer.forward(ones([1, 2]));
    expect([String(layer), layer.constructor]).toEqual(['Linear(in_features=2, out_features=3, bias=True)', nn.Linear]);
  });

  it('refuses to be used before, and says what to do', () => {
    const { weight } = new nn.LazyLinear(3);
    for (const use of [
      () => weight.shape,
      () => weight.numel,
      () => weight.add(1),
      () => ones([2]).mul(weight),
      () => weight.toArray(),
    ])
      expect(use).toThrow(new TypeError(message));
    const norm = new nn.LazyBatchNorm1d();
    expect(() => norm.running_mean!.shape).toThrow('Cannot use an uninitialized buffer');
    expect([
      nn.isLazy(weight),
      nn.isLazy(norm.running_mean),
      nn.isLazy(norm.num_batches_tracked),
      nn.isLazy(3),
    ]).toEqual([true, true, false, false]);
  });

  it('moves, freezes and zeroes gradients before; the parameters stay the same objects', () => {
    const layer = new nn.LazyLinear(3);
    const { weight } = layer;
    layer.to('float64').requiresGrad_(false).zeroGrad();
    expect([weight.dtype, weight.device, weight.requiresGrad, weight.grad]).toEqual([
      'float64',
      'cpu',
      false,
      undefined,
    ]);
    layer.forward(ones([1, 2], { dtype: 'float64' }));
    expect(layer.weight).toBe(weight);
    expect([weight.dtype, weight.shape, weight.requiresGrad, weight.constructor]).toEqual([
      'float64',
      [3, 2],
      false,
      nn.Parameter,
    ]);
    const norm = new nn.LazyBatchNorm1d().to('float64');
    norm.forward(ones([2, 3], { dtype: 'float64' }).cumsum(0));
    expect([norm.running_var!.dtype, norm.running_var!.shape]).toEqual(['float64', [3]]);
  });

  it('gives its input the gradient of a plain layer', () => {
    const layer = new nn.LazyLinear(1);
    layer
      .forward(ones([1, 2]))
      .sum()
      .backward();
    expect(layer.weight.grad?.toArray()).toEqual([[1, 1]]);
  });

  it('takes the shapes of a state, and the rest of the first input', () => {
    const [plain, layer] = [new nn.Linear(4, 3), new nn.LazyLinear(3)];
    layer.loadStateDict(plain.stateDict());
    expect(layer.weight.equal(plain.weight)).toBe(true);
    expect(layer.constructor).toBe(nn.LazyLinear);
    layer.forward(ones([1, 4]));
    expect([layer.inFeatures, layer.constructor, layer.weight.equal(plain.weight)]).toEqual([4, nn.Linear, true]);
    const [convolution, norm] = [new nn.LazyConv2d(4, 1, { groups: 2 }), new nn.LazyInstanceNorm1d()];
    convolution.loadStateDict(new nn.Conv2d(6, 4, 1, { groups: 2 }).stateDict());
    convolution.forward(ones([1, 6, 1, 1]));
    expect(convolution.inChannels).toBe(6);
    norm.loadStateDict(new nn.InstanceNorm1d(3, { affine: true, trackRunningStats: true }).stateDict());
    norm.forward(ones([3, 4]));
    expect(norm.numFeatures).toBe(3);
    const whole = new nn.Sequential(new nn.LazyLinear(2), new nn.LazyLinear(1));
    whole.loadStateDict(new nn.Sequential(new nn.Linear(5, 2), new nn.Linear(2, 1)).stateDict());
    expect(whole.forward(ones([1, 5])).shape).toEqual([1, 1]);
  });

  it('refuses another state than its own, and one that waits itself', () => {
    expect(() => new nn.Linear(4, 3).loadStateDict(new nn.LazyLinear(3).stateDict())).toThrow(message);
    expect(() => new nn.LazyLinear(3).loadStateDict({ weight: zeros([3, 2]) })).toThrow('bias');
  });

  it('is copied: each waits for itself', () => {
    const layer = new nn.Sequential(new nn.LazyLinear(3), new nn.LazyBatchNorm1d());
    const copy = layer.deepCopy();
    copy.forward(ones([2, 4]).cumsum(0));
    expect(String(copy)).toContain('(0): Linear(in_features=4');
    expect(String(layer)).toContain('(0): LazyLinear(in_features=0');
    layer.forward(ones([2, 5]).cumsum(0));
    expect(String(layer)).toContain('(0): Linear(in_features=5');
  });

  it('goes on waiting after an input that does not fit', () => {
    const layer = new nn.LazyConv1d(4, 3, { groups: 2 });
    expect(() => layer.forward(ones([1, 3, 9]))).toThrow(
      'Cannot apply LazyConv1d: expected channels that 2 groups divide, got [1, 3, 9]',
    );
    expect(() => layer.forward(ones([9]))).toThrow('Cannot apply LazyConv1d: expected 2 or 3 dimensions, got [9]');
    expect(layer.forward(ones([1, 4, 9])).shape).toEqual([1, 4, 7]);
    expect(() => new nn.LazyConv1d(4, 3, { groups: 3 })).toThrow(
      'Cannot make LazyConv1d: expected groups that divide 4 channels, got 3',
    );
    expect(() => new nn.LazyBatchNorm1d().forward(ones([9]))).toThrow(
      'Cannot apply LazyBatchNorm1d: expected at least 2 dimensions, got [9]',
    );
    for (const options of [false, null, [1]])
      expect(() => new nn.LazyLinear(3, options as object)).toThrow(
        'Cannot make LazyLinear: expected an options object',
      );
  });

  it('leaves nothing behind in a scope', () => {
    const before = settledTensors();
    scope(() => {
      const layer = new nn.LazyLinear(3);
      scope(() => void layer.forward(ones([1, 2])));
      for (const parameter of layer.parameters()) parameter.dispose();
    });
    expect(liveTensors()).toBe(before);
  });

  it('lets hooks of others run after it', () => {
    const layer = new nn.LazyLinear(3);
    const seen: unknown[] = [];
    layer.registerForwardPreHook((called) => void seen.push(called.inFeatures));
    layer.forward(ones([1, 2]));
    layer.forward(ones([1, 2]));
    expect(seen).toEqual([2, 2]);
  });
});

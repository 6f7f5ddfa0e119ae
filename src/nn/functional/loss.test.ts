// What losses do with shapes that broadcast, and dropouts and look-ups where PyTorch has a rule of its own.
import { describe, expect, it } from 'vitest';
import { ones, randn, type Tensor, tensor, zeros } from '../../tensor/index.ts';
import { alphaDropout, featureAlphaDropout } from './dropout.ts';
import { embeddingBag } from './embedding.ts';
import { groupNorm } from './group-norm.ts';
import { huberLoss, l1Loss, mseLoss, smoothL1Loss } from './loss.ts';

describe('losses of shapes that broadcast', () => {
  const losses = { mseLoss, huberLoss, smoothL1Loss, l1Loss };
  it.each(Object.entries(losses))('%s() gives the smaller one the mean gradient', (_, loss) => {
    const gradientOf = (target: Tensor, given: Tensor): Tensor => {
      loss(tensor([3, 1.5, -1]), given).backward();
      return target.grad!;
    };
    const small = tensor([0.25]).requiresGrad_();
    const whole = tensor([0.25]).requiresGrad_();
    const expected = gradientOf(whole, whole.mul(ones([3])));
    expect(gradientOf(small, small).item()).toBe(expected.item());
  });
});

describe('losses with a weight', () => {
  const [input, target, weight] = [tensor([1, 2, 4]), tensor([0, 2, 1]), tensor([1, 3, 0.5])];
  it('have the mean by their weights, huberLoss() by its elements', () => {
    expect(mseLoss(input, target, { weight }).item()).toBeCloseTo((1 + 4.5) / 4.5, 6);
    expect(l1Loss(input, target, { weight }).item()).toBeCloseTo((1 + 1.5) / 4.5, 6);
    expect(huberLoss(input, target, { weight }).item()).toBeCloseTo((0.5 + 0.5 * 2.5) / 3, 6);
    expect(mseLoss(input, target, { weight, reduction: 'none' }).toArray()).toEqual([1, 0, 4.5]);
  });

  it('refuse a weight of another shape', () => {
    expect(() => l1Loss(input, target, { weight: ones([1]) })).toThrow(
      'Cannot compute l1Loss: expected a weight of shape [3], got [1]',
    );
  });
});

describe('alphaDropout() and featureAlphaDropout()', () => {
  it('do nothing unless they are told of training, as in PyTorch', () => {
    const input = randn([4, 5]);
    expect(alphaDropout(input).equal(input)).toBe(true);
    expect(featureAlphaDropout(input).equal(input)).toBe(true);
    expect(alphaDropout(input, { p: 1, training: true }).equal(input)).toBe(false);
  });
});

describe('embeddingBag()', () => {
  it('takes a batch without bags', () => {
    const [weight, factors] = [randn([3, 2]).requiresGrad_(), zeros([0, 4]).requiresGrad_()];
    const bags = embeddingBag(zeros([0, 4], { dtype: 'int64' }), weight, undefined, {
      mode: 'sum',
      perSampleWeights: factors,
    });
    expect(bags.shape).toEqual([0, 2]);
    bags.sum().backward();
    expect([weight.grad?.toArray(), factors.grad?.shape]).toEqual([zeros([3, 2]).toArray(), [0, 4]]);
  });

  it.each(['scaleGradByFreq', 'sparse'] as const)('refuses %s for the maximum', (option) => {
    const indices = zeros([1, 2], { dtype: 'int64' });
    expect(() => embeddingBag(indices, ones([3, 2]), undefined, { mode: 'max', [option]: true })).toThrow(
      `Cannot apply embeddingBag: expected mode "sum" or "mean" with ${option}, got "max"`,
    );
  });
});

describe('groupNorm()', () => {
  it('refuses one value a group', () => {
    expect(() => groupNorm(ones([1, 2]), 2)).toThrow(
      'Cannot apply groupNorm: expected more than one value per group, got [1, 2] in 2 groups',
    );
  });
});

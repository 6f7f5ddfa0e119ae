// Pruning beyond its numbers (test/parity/layers.test.ts): what it refuses, copies, training, methods of one's own.
import { describe, expect, it } from 'vitest';
import { arange, ones, tensor, zeros } from '../../tensor/create.ts';
import { liveTensors, scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { settledTensors } from '../../tensor/testing/settled-tensors.ts';
import * as nn from '../index.ts';

const { prune } = nn.utils;

/** Every second element of what is left. */
class Halved extends prune.BasePruningMethod {
  readonly pruningType = 'unstructured';

  computeMask(scores: Tensor, defaultMask: Tensor): Tensor {
    const places = arange(scores.numel, { dtype: 'int64' }).view(scores.shape);
    return defaultMask.mul(places.remainder(2));
  }
}

const layer = (): nn.Linear => new nn.Linear(4, 2);

describe('pruning', () => {
  it('keeps what is pruned at zero while the rest is trained', () => {
    const pruned = prune.l1Unstructured(layer(), 'weight', { amount: 4 });
    const mask = pruned.stateDict().weight_mask!;
    pruned
      .forward(ones([1, 4]))
      .sum()
      .backward();
    const original = pruned.parameters().at(-1)!;
    expect(original.grad!.equal(mask)).toBe(true);
    original.setData(original.detach().add(1));
    expect(pruned.weight.eq(0).sum().item()).toBe(4);
    expect(String(pruned)).toBe('Linear(in_features=4, out_features=2, bias=True)');
  });

  it('ends with the same parameter, free', () => {
    const pruned = layer();
    const { weight } = pruned;
    prune.customFromMask(
      pruned,
      'weight',
      tensor([
        [1, 0, 1, 0],
        [0, 1, 0, 1],
      ]),
    );
    expect(prune.isPruned(new nn.Sequential(pruned))).toBe(true);
    const value = pruned.weight.toArray();
    prune.remove(pruned, 'weight');
    expect([prune.isPruned(pruned), pruned.weight === weight, pruned.constructor]).toEqual([false, true, nn.Linear]);
    expect(weight.toArray()).toEqual(value);
    expect(Object.keys(pruned.stateDict())).toEqual(['bias', 'weight']);
  });

  it('is copied, and loads into another', () => {
    const pruned = scope(() =>
      prune.customFromMask(
        layer(),
        'weight',
        tensor([
          [1, 0, 1, 0],
          [0, 1, 0, 1],
        ]),
      ),
    );
    const copy = pruned.deepCopy();
    prune.remove(pruned, 'weight');
    expect(prune.isPruned(copy)).toBe(true);
    const other = prune.identity(layer(), 'weight');
    other.loadStateDict(copy.stateDict());
    expect(other.weight.equal(copy.weight)).toBe(true);
  });

  it('leaves nothing behind in a scope', () => {
    const pruned = layer();
    scope(() => void prune.randomStructured(pruned, 'weight', { amount: 1, dim: 0 }));
    const before = settledTensors();
    scope(() => {
      pruned.forward(ones([1, 4]));
      prune.lnStructured(pruned, 'weight', { amount: 1, n: 1 });
    });
    expect(liveTensors()).toBe(before);
  });

  it("takes methods of one's own, together with others", () => {
    const pruned = layer();
    const method = Halved.apply(pruned, 'bias', {});
    expect(pruned.stateDict().bias_mask!.toArray()).toEqual([0, 1]);
    expect(method).toBeInstanceOf(Halved);
    const both = prune.L1Unstructured.apply(pruned, 'bias', { amount: 1 });
    expect(pruned.bias!.eq(0).toArray()).toEqual([true, true]);
    expect(both instanceof prune.PruningContainer && [both.length, both.at(0) === method]).toEqual([2, true]);
    expect(new Halved().prune(ones([4])).toArray()).toEqual([0, 1, 0, 1]);
    expect(new Halved().prune(ones([4]), { defaultMask: tensor([1, 0, 1, 1]) }).toArray()).toEqual([0, 0, 0, 1]);
  });

  it('counts a number below one as a share, others as elements, and rounds as Python', () => {
    const zerosOf = (amount: nn.utils.prune.PruneAmount): number =>
      new prune.L1Unstructured({ amount })
        .computeMask(arange(10).add(1), ones([10]))
        .eq(0)
        .sum()
        .item();
    expect([0, 1, 0.25, 0.35, 0.5, 10, { share: 1 }, { share: 0.05 }].map(zerosOf)).toEqual([0, 1, 2, 4, 5, 10, 10, 0]);
  });
});

describe('pruning refuses', () => {
  it.each([
    ['what is no parameter', () => prune.identity(layer(), 'weights'), 'Cannot prune "weights": expected a parameter of Linear, got none'],
    ['a share above 1', () => prune.l1Unstructured(layer(), 'weight', { amount: 1.5 }), 'Cannot make L1Unstructured: expected amount of a share from 0 to 1 or a whole number, got 1.5'],
    ['a negative number', () => prune.randomUnstructured(layer(), 'weight', { amount: -1 }), 'Cannot make RandomUnstructured: expected amount of a share from 0 to 1 or a whole number, got -1'],
    ['more than there is', () => prune.l1Unstructured(layer(), 'weight', { amount: 9 }), 'Cannot prune: expected amount of at most 8, got 9'],
    ['slices of a vector', () => prune.randomStructured(layer(), 'bias', { amount: 1, dim: 0 }), 'Cannot prune by slices: expected at least 2 dimensions, got [2]'],
    ['another dimension', () => prune.lnStructured(layer(), 'weight', { amount: 1, n: 2, dim: 2 }), 'Cannot prune by slices: expected dim of 2 dimensions, got 2'],
    ['scores of another shape', () => prune.l1Unstructured(layer(), 'weight', { amount: 1, importanceScores: ones([2]) }), 'Cannot prune: expected importanceScores of shape [2, 4], got [2]'],
    ['a mask of another shape', () => prune.customFromMask(layer(), 'weight', ones([2])), 'Cannot prune: expected a mask of shape [2, 4], got [2]'],
    ['an unknown option', () => prune.l1Unstructured(layer(), 'weight', { amount: 1, dims: 0 } as { amount: number }), 'Cannot make L1Unstructured: expected options of { amount }, got "dims"'],
    ['the end of what has not begun', () => prune.remove(layer(), 'weight'), 'Cannot remove the pruning of "weight": expected a pruned parameter of Linear, got one that is not'],
    ['slices of several together', () => prune.globalUnstructured([[layer(), 'weight']], prune.LnStructured, { amount: 1, n: 1 }), 'Cannot prune together: expected an unstructured method, got a structured one'],
    ['an assignment', () => Object.assign(prune.identity(layer(), 'weight'), { weight: zeros([2, 4]) }), 'Cannot assign "weight": expected a tensor that is not pruned, got one that is; assign "weight_orig", or remove the pruning'],
  ])('%s', (_, run, message) => {
    expect(run).toThrow(message);
  }); // biome-ignore format: a table

  it('without changing the module', () => {
    const pruned = layer();
    expect(() => prune.l1Unstructured(pruned, 'weight', { amount: 9 })).toThrow();
    expect([Object.keys(pruned.stateDict()), prune.isPruned(pruned)]).toEqual([['weight', 'bias'], false]);
  });
});

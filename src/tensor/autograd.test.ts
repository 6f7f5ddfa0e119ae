// Gradients, and the modes that a body runs in: closed forms, orders, and what holds after an exception.

import { describe, expect, it } from 'vitest';
import { DTypeError, NativeError, ShapeError } from '../errors.ts';
import { enableGrad, grad, isGradEnabled, noGrad } from './autograd.ts';
import { ones, tensor } from './create.ts';
import { liveTensors, scope } from './scope.ts';
import type { Tensor } from './tensor.ts';
import { settledTensors } from './testing/settled-tensors.ts';

const leaf = (values: number[]): Tensor => tensor(values, { requiresGrad: true });

describe('Tensor.backward()', () => {
  it('gives leaves the gradient of a scalar, and adds to what is there', () => {
    const x = leaf([1, 2, 3]);
    x.mul(x).sum().backward();
    expect(x.grad!.toArray()).toEqual([2, 4, 6]);
    x.sum().backward();
    expect(x.grad!.toArray()).toEqual([3, 5, 7]);
  });

  it('takes a gradient for a result of more elements', () => {
    const x = leaf([1, 2]);
    x.mul(3).backward(tensor([10, 100]));
    expect(x.grad!.toArray()).toEqual([30, 300]);
    expect(() => x.mul(3).backward()).toThrow(
      'Cannot run backward of float32 [2]: expected one element or a gradient of the same shape; reduce it with sum() or mean(), or pass a gradient',
    );
    expect(() => x.mul(3).backward(ones([3]))).toThrow('Cannot run backward');
  });

  it('reaches only the leaves of `inputs`', () => {
    const [x, y] = [leaf([2]), leaf([3])];
    x.mul(y).backward(undefined, { inputs: [x] });
    expect([x.grad!.item(), y.grad]).toEqual([3, undefined]);
  });

  it('frees the graph unless told to keep it', () => {
    const x = leaf([2]);
    const y = x.mul(x);
    y.backward(undefined, { retainGraph: true });
    y.backward();
    expect(x.grad!.item()).toBe(8);
    expect(() => y.backward()).toThrow(
      'Cannot run backward of float32 [1]: expected a graph that is whole, got one that an earlier pass freed; give the earlier one { retainGraph: true }',
    );
  });

  it('records itself where asked: a third derivative', () => {
    const x = leaf([2]);
    const first = grad([x.pow(4)], [x], { createGraph: true })[0]!;
    const second = grad([first], [x], { createGraph: true })[0]!;
    second.backward();
    expect([first.item(), second.item(), x.grad!.item()]).toEqual([32, 48, 48]);
  });

  it('refuses what no leaf led to', () => {
    expect(() => tensor([1]).backward()).toThrow(
      new NativeError(
        'Cannot run backward of float32 [1]: expected a result of tensors that require gradients, got one that was not recorded; set requiresGrad on a leaf, and compute outside of noGrad()',
        'backward',
      ),
    );
  });

  it('goes on after an error in the middle of a graph', () => {
    const x = leaf([1, 2]);
    const broken = x.mul(x).sum();
    x.setData(ones([3])); // what the graph saved and the leaf now is do not fit
    expect(() => broken.backward()).toThrow(
      'Cannot run backward of float32 []: expected the tensor of shape [3] as it was',
    );
    const y = leaf([3]);
    y.mul(y).backward();
    expect(y.grad!.item()).toBe(6);
  });
});

describe('Tensor.grad', () => {
  it('can be set, read and forgotten', () => {
    const x = leaf([1, 2]);
    expect(x.grad).toBeUndefined();
    x.grad = tensor([5, 6]);
    x.sum().backward();
    expect(x.grad.toArray()).toEqual([6, 7]);
    x.grad = undefined;
    expect(x.grad).toBeUndefined();
  });

  it('refuses another shape or dtype, and the tensor itself', () => {
    const x = leaf([1, 2]);
    const setting = (gradient: Tensor) => (): void => {
      x.grad = gradient;
    };
    expect(setting(ones([3]))).toThrow(new ShapeError('Cannot set grad: expected shape [2], got [3]'));
    expect(setting(ones([2], { dtype: 'float64' }))).toThrow(
      new DTypeError('Cannot set grad: expected float32 [2], got float64 [2]'),
    );
    expect(setting(x)).toThrow(new TypeError('Cannot set grad: expected another tensor, got the tensor itself'));
  });
});

describe('Tensor.requiresGrad', () => {
  it('is passed on by operators, not by integers or detach()', () => {
    const x = leaf([1]);
    expect([x.mul(2).requiresGrad, x.mul(2).isLeaf, x.isLeaf]).toEqual([true, false, true]);
    expect([x.detach().requiresGrad, x.gt(0).requiresGrad]).toEqual([false, false]);
    expect([x.mul(x).gradFn, x.gradFn]).toEqual(['MulBackward0', undefined]);
  });

  it('is refused for integers, and for what is no leaf', () => {
    expect(() => tensor([1n], { requiresGrad: true })).toThrow(
      'Cannot run requiresGrad: Only Tensors of floating point',
    );
    const y = leaf([1]).mul(2);
    expect(() => {
      y.requiresGrad = false;
    }).toThrow(
      new TypeError('Cannot set requiresGrad: expected a leaf, got a result of MulBackward1; take its detach()'),
    );
    expect(y.requiresGrad_(true)).toBe(y);
  });

  it('is protected from changes in place', () => {
    const x = leaf([1]);
    expect(() => x.add_(1)).toThrow(
      'Cannot run add_.Scalar: expected a tensor that may change in place, got a leaf that requires gradients; change it inside noGrad(), or a clone() of it',
    );
    const y = leaf([2]).exp();
    const z = y.mul(2).sum();
    y.add_(1);
    expect(() => z.add(y.sum()).backward()).toThrow('expected the tensor of shape [1] that is output 0 of Exp');
  });
});

describe('grad()', () => {
  it('gives gradients as values and changes no tensor', () => {
    const [x, y] = [leaf([2]), leaf([5])];
    const [dx, dy] = grad([x.mul(y), x.add(y)], [x, y], { gradOutputs: [tensor([1]), tensor([10])] });
    expect([dx!.item(), dy!.item(), x.grad, y.grad]).toEqual([15, 12, undefined, undefined]);
  });

  it('gives undefined for an unused input only where allowed', () => {
    const [x, y] = [leaf([2]), leaf([5])];
    const [dx, dy] = grad([x.mul(3)], [x, y], { allowUnused: true });
    expect([dx!.item(), dy]).toEqual([3, undefined]);
    expect(() => grad([x.mul(3)], [x, y])).toThrow(
      'Cannot run grad of float32 [1]: expected outputs that depend on every input, got an input that they do not depend on; pass { allowUnused: true } to get undefined for it',
    );
  });

  it('leaves no tensor in a scope around it', () => {
    const x = leaf([2]);
    const before = settledTensors();
    expect(scope(() => grad([x.mul(x)], [x])[0]!.item())).toBe(4);
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});

describe('noGrad() and enableGrad()', () => {
  it('switch recording off and on, however nested', () => {
    const x = leaf([1]);
    const seen = noGrad(() => [
      isGradEnabled(),
      enableGrad(() => [isGradEnabled(), x.mul(2).requiresGrad]),
      isGradEnabled(),
      x.mul(2).requiresGrad,
    ]);
    expect(seen).toEqual([false, [true, true], false, false]);
    expect(isGradEnabled()).toBe(true);
  });

  it('restore the mode after an exception', () => {
    const thrower = (): never => {
      throw new Error('thrown');
    };
    expect(() => noGrad(thrower)).toThrow('thrown');
    expect(isGradEnabled()).toBe(true);
    noGrad(() => {
      expect(() => enableGrad(thrower)).toThrow('thrown');
      expect(isGradEnabled()).toBe(false);
    });
  });

  it('refuse a Promise', () => {
    expect(() => noGrad(async () => {})).toThrow(
      new TypeError(
        'Cannot leave noGrad: expected a synchronous body, got one that returns a Promise; await outside of it',
      ),
    );
    expect(() => enableGrad(async () => {})).toThrow('Cannot leave enableGrad');
    expect(isGradEnabled()).toBe(true);
  });
});

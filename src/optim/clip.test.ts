import { describe, expect, it } from 'vitest';
import { DisposedError } from '../errors.ts';
import { Parameter } from '../nn/parameter.ts';
import { tensor, zeros } from '../tensor/create.ts';
import { sparseCooTensor } from '../tensor/ops.generated.ts';
import { liveTensors } from '../tensor/scope.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm } from './clip.ts';

const withGradient = (values: number[]): Parameter => {
  const leaf = new Parameter(zeros([values.length]));
  leaf.grad = tensor(values);
  return leaf;
};

describe('clipping', () => {
  it('does nothing without gradients', () => {
    const leaf = new Parameter(zeros([2]));
    expect(clipGradNorm_([leaf], 1).item()).toBe(0);
    expect(getTotalNorm([]).item()).toBe(0);
    clipGradValue_([leaf], 1);
    clipGradsWithNorm_([], 1, tensor(1));
    expect(leaf.grad).toBeUndefined();
  });

  it.each([0, -1, Number.NaN])('refuses a bound of %d', (bound) => {
    const error = new RangeError(`Cannot clip gradients: expected maxNorm above 0, got ${bound}`);
    expect(() => clipGradNorm_([withGradient([1])], bound)).toThrow(error);
    expect(() => clipGradsWithNorm_([withGradient([1])], bound, tensor(1))).toThrow(error);
    expect(() => clipGradValue_([withGradient([1])], bound)).toThrow(
      new RangeError(`Cannot clip gradients: expected clipValue above 0, got ${bound}`),
    );
  });

  it('hands the norm to the caller and frees the rest', () => {
    const leaf = withGradient([3, 4]);
    const before = settledTensors();
    const norm = clipGradNorm_([leaf], 1);
    expect(liveTensors()).toBeLessThanOrEqual(before + 1);
    expect(norm.item()).toBe(5);
    expect(leaf.grad!.norm().item()).toBeCloseTo(1, 5);
  });

  it('takes one parameter, and leaves gradients that are small enough', () => {
    const leaf = withGradient([3, 4]);
    expect(clipGradNorm_(leaf, 5.1).item()).toBe(5);
    expect(leaf.grad!.toArray()).toEqual([3, 4]);
    clipGradsWithNorm_(leaf, 1, tensor(2 - 1e-6));
    expect(leaf.grad!.toArray()).toEqual([1.5, 2]);
  });

  it('errorIfNonfinite: an error leaves the gradients; without it they become nan or 0', () => {
    for (const value of [Infinity, Number.NaN]) {
      const leaf = withGradient([3, value]);
      expect(() => clipGradNorm_([leaf], 1, { errorIfNonfinite: true })).toThrow(
        `Cannot clip gradients: expected a finite norm of order 2, got ${value}`,
      );
      expect(() => getTotalNorm([leaf.grad!], { errorIfNonfinite: true })).toThrow(RangeError);
      expect(leaf.grad!.toArray()).toEqual([3, value]);
      clipGradNorm_([leaf], 1);
      expect(leaf.grad!.toArray()).toEqual([value === Infinity ? 0 : Number.NaN, Number.NaN]);
    }
  });

  it('refuses options that it does not have, and orders that are no numbers', () => {
    expect(() => clipGradNorm_([], 1, { foreach: true } as never)).toThrow(
      new TypeError(
        'Cannot clip gradients: expected options of { normType, errorIfNonfinite }, got "foreach"; the fastest way is chosen by itself',
      ),
    );
    expect(() => clipGradNorm_([], 1, { norm_type: 1 } as never)).toThrow('got "norm_type"');
    expect(() => getTotalNorm([], { normType: 'inf' as never })).toThrow(
      new RangeError('Cannot clip gradients: expected normType to be a number, got inf'),
    );
    expect(() => getTotalNorm([], { errorIfNonfinite: 1 as never })).toThrow(TypeError);
  });

  it('counts and scales the elements of sparse gradients, those of one place together', () => {
    const leaf = new Parameter(zeros([4]));
    leaf.grad = sparseCooTensor(tensor([[1n, 3n, 1n]]), { values: tensor([1, 4, 2]), size: [4] });
    expect(clipGradNorm_([leaf, withGradient([0])], 1).item()).toBe(5);
    expect(leaf.grad!.toDense().norm().item()).toBeCloseTo(1, 5);
  });

  it('refuses a gradient that was freed', () => {
    const gone = tensor([1]);
    gone.dispose();
    expect(() => getTotalNorm([gone])).toThrow(DisposedError);
  });
});

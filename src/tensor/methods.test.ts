// The generated operators against the addon: overload choice, options, results, and the errors of calls that fit nothing. Values are PyTorch 2.13.0's.

import { describe, expect, it } from 'vitest';
import { index$Tensor } from './aten.generated.ts';
import { getNative } from './call.ts';
import { arange, full, tensor } from './create.ts';
import type { DType } from './dtype.ts';
import { norm } from './linalg.generated.ts';
import { OPERATORS } from './operators.generated.ts';
import { histogramdd, mul, onesLike, sub, where, zerosLike } from './ops.generated.ts';

const x = tensor([
  [1, 2],
  [3, 4],
]);

const isCurrent = getNative().libtorchVersion().startsWith('2.13');

/** A call as JavaScript without types would make it. */
function untyped(object: object): Record<string, (...args: unknown[]) => unknown> {
  return object as Record<string, (...args: unknown[]) => unknown>;
}

describe('OPERATORS', () => {
  it.runIf(isCurrent)('are all known to libtorch 2.13', () => {
    const missing = OPERATORS.filter((operator) => !getNative().hasOperator(operator.slice(0, operator.indexOf('('))));
    expect(missing).toEqual([]);
  });
});

describe('TensorOperators', () => {
  it('tells a tensor from a number', () => {
    expect(x.add(x).toArray()).toEqual([[2, 4], [6, 8]]); // biome-ignore format: a matrix
    expect(x.add(1, { alpha: 10 }).toArray()).toEqual([[11, 12], [13, 14]]); // biome-ignore format: a matrix
  });

  it('chooses the overload by the options given', () => {
    expect(x.sum().item()).toBe(10);
    expect(x.sum({ dim: 1 }).toArray()).toEqual([3, 7]);
    expect(x.sum({ dim: [0, 1], keepdim: true }).toArray()).toEqual([[10]]);
    expect(x.sum({ dtype: 'int64' }).dtype).toBe('int64');
    expect(x.std({ dim: 0, unbiased: false }).toArray()).toEqual([1, 1]);
    expect(x.std({ dim: 0, correction: 0 }).toArray()).toEqual([1, 1]);
  });

  it('stands for None where Python has to write it', () => {
    expect(x.sum({ keepdim: true }).toArray()).toEqual([[10]]);
    expect(x.norm({ dim: 1 }).shape).toEqual([2]);
  });

  it('chooses the overload by the kind of an option', () => {
    expect(x.clamp({ min: 2, max: 3 }).toArray()).toEqual([[2, 2], [3, 3]]); // biome-ignore format: a matrix
    expect(x.clamp({ min: tensor([2, 3]) }).toArray()).toEqual([[2, 3], [3, 4]]); // biome-ignore format: a matrix
    expect(norm(x, { ord: 'fro' }).item()).toBeCloseTo(Math.sqrt(30), 5);
    expect(norm(x, { ord: 1, dim: [0, 1] }).item()).toBe(6);
  });

  it('gives tuples, lists and plain values as the schema says', () => {
    const [values, indices] = x.max({ dim: 0 });
    expect([values.toArray(), indices.toArray()]).toEqual([[3, 4], [1, 1]]); // biome-ignore format: a pair
    expect(x.split(1).map((part) => part.shape)).toEqual([[1, 2], [1, 2]]); // biome-ignore format: a pair
    expect(x.equal(x)).toBe(true);
    const [hist, edges] = histogramdd(x, [2, 2]);
    expect([hist.toArray(), edges.map((edge) => edge.toArray())]).toEqual([[[1, 0], [0, 1]], [[1, 2, 3], [2, 3, 4]]]); // biome-ignore format: matrices
  });

  it('returns the tensor itself from an in-place operator', () => {
    const y = x.clone();
    expect(y.add_(1).mul_(2)).toBe(y);
    expect(y.toArray()).toEqual([[4, 6], [8, 10]]); // biome-ignore format: a matrix
  });

  it('takes a list or a dtype in one place', () => {
    expect(x.view([4]).toArray()).toEqual([1, 2, 3, 4]);
    expect(x.view('int32').dtype).toBe('int32');
  });

  it('has the attributes that an operator computes', () => {
    expect(x.mT.toArray()).toEqual([[1, 3], [2, 4]]); // biome-ignore format: a matrix
  });

  it.each<[string, () => unknown, string]>([
    [
      'an unknown option',
      () => untyped(x).sum!({ dims: 1 }),
      'Cannot call sum: expected options of { dtype, dim, keepdim }, got "dims"',
    ],
    [
      'options of two overloads',
      () => untyped(x).max!({ dim: 0, other: x }),
      'Cannot call max: expected max() or max({ other }) or max({ dim, keepdim? }), got ({ dim: 0, other: Tensor })',
    ],
    [
      'options of mixed kinds',
      () => untyped(x).clamp!({ min: 2, max: x }),
      'Cannot call clamp: expected clamp({ min?: Tensor, max?: Tensor }) or clamp({ min?: Scalar, max?: Scalar }), got ({ min: 2, max: Tensor })',
    ],
    [
      'a positional argument in the place of options',
      () => untyped(x).softmax!(-1, 'float32'),
      'Cannot call softmax: expected an options object { dtype }, got string float32',
    ],
    [
      'numbers alone',
      () => untyped({ sub }).sub!(2, 1),
      'Cannot call sub: expected sub(input: Tensor | Scalar, other: Tensor, { alpha? }) or sub(input: Tensor, other: Scalar, { alpha? }), got (2, 1)',
    ],
  ])('refuses %s', (_, run, message) => {
    expect(run).toThrow(new TypeError(message));
  });
});

describe('functions', () => {
  it('choose by the kinds of several arguments', () => {
    const condition = x.gt(2);
    expect(where(condition, x, 0).toArray()).toEqual([[0, 0], [3, 4]]); // biome-ignore format: a matrix
    expect(where(condition, 0, x).toArray()).toEqual([[1, 2], [0, 0]]); // biome-ignore format: a matrix
    expect(where(condition, 1, 0).dtype).toBe('int64');
  });

  it('that make a tensor take dtype and requiresGrad', () => {
    expect(zerosLike(x, { dtype: 'int32' }).dtype).toBe('int32');
    expect(onesLike(x, { requiresGrad: true }).requiresGrad).toBe(true);
    expect(onesLike(x).requiresGrad).toBe(false);
  });

  it('take undefined in a list of tensors for "all of this dimension"', () => {
    expect(index$Tensor(x, [undefined, tensor([1n])]).toArray()).toEqual([[2], [4]]);
  });
});

describe('wrapNumber()', () => {
  const cases: readonly [number | boolean, DType, readonly number[], DType][] = [
    [2.5, 'float32', [2], 'float32'],
    [2.5, 'float32', [], 'float32'],
    [2.5, 'bfloat16', [2], 'bfloat16'],
    [2.5, 'int64', [2], 'float32'],
    [2.5, 'int64', [], 'float32'],
    [2, 'int32', [2], 'int32'],
    [2, 'int32', [], 'int32'],
    [2, 'bool', [2], 'int64'],
    [2, 'bool', [], 'int64'],
    [true, 'int32', [2], 'int32'],
  ];

  it.each(cases)('gives mul(%j, %s of shape %j) the dtype that PyTorch gives', (value, dtype, shape, expected) => {
    expect(mul(value, full(shape, 1, { dtype })).dtype).toBe(expected);
  });

  it.runIf(isCurrent)("gives PyTorch's bits beside a half precision, which differ with the number's side", () => {
    const half = tensor([100, 200]).to('bfloat16');
    expect(mul(1.003, half).toArray()).toEqual([100, 200]);
    expect(mul(half, 1.003).toArray()).toEqual([100.5, 201]);
  });
});

describe('a number beside a half precision', () => {
  // libtorch 1.13 rounds it in mul, too.
  it.runIf(isCurrent)('is not rounded before it is multiplied, in place as in a new tensor', () => {
    const x = arange(1, 257).to('bfloat16');
    expect(x.mul(tensor([0.99], { dtype: 'bfloat16' })).toArray()).not.toEqual(x.mul(0.99).toArray());
    const expected = x.to('float64').mul(0.99).to('bfloat16').toArray();
    expect([x.mul(0.99).toArray(), x.clone().mul_(0.99).toArray()]).toEqual([expected, expected]);
    expect(x.clone().mul_(2n).dtype).toBe('bfloat16');
    expect(() => tensor([1n]).mul_(0.5)).toThrow("Cannot run mul_.Scalar: result type Float can't be cast");
  });
});

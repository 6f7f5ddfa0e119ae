// Reading a tensor, what it knows of itself, and who frees it.

import { describe, expect, it } from 'vitest';
import { DisposedError, DTypeError, ShapeError } from '../errors.ts';
import { arange, empty, full, ones, tensor, zeros } from './create.ts';
import { dtypeBytes, dtypes, isComplexDType } from './dtype.ts';
import { libtorchVersion } from './process.ts';
import { liveTensors } from './scope.ts';
import { settledTensors } from './testing/settled-tensors.ts';

const isCurrent = libtorchVersion().startsWith('2.13');

describe('Tensor.item()', () => {
  it('gives the only element as a number', () => {
    expect(tensor([[2.5]]).item()).toBe(2.5);
    expect(tensor(-7n).item()).toBe(-7);
    expect([tensor(true).item(), tensor(false).item()]).toEqual([1, 0]);
    expect(tensor(0.1).item()).toBe(Math.fround(0.1));
    expect(full([], 0.1, { dtype: 'bfloat16' }).item()).toBe(0.10009765625);
    expect(Object.is(tensor(-0).item(), -0)).toBe(true);
    expect([tensor(Number.NaN).item(), tensor(-Infinity).item()]).toEqual([Number.NaN, -Infinity]);
  });

  it('refuses an int64 that a number cannot hold, and gives it as a bigint', () => {
    expect(tensor(2n ** 53n - 1n).item()).toBe(2 ** 53 - 1);
    expect(tensor(1n - 2n ** 53n).item()).toBe(1 - 2 ** 53);
    for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
      expect(() => tensor(value).item()).toThrow(
        new RangeError(
          `Cannot read ${value} as a number: expected an integer within 2^53; read it as a bigint with item({ bigint: true })`,
        ),
      );
      expect(tensor(value).item({ bigint: true })).toBe(value);
    }
  });

  it('gives bigints of integers and booleans alone', () => {
    expect(tensor([3], { dtype: 'uint8' }).item({ bigint: true })).toBe(3n);
    expect(tensor(true).item({ bigint: true })).toBe(1n);
    expect(() => tensor(3).item({ bigint: true })).toThrow(
      new DTypeError('Cannot read item as a bigint: expected an integer tensor, got float32 []'),
    );
  });

  it('refuses a tensor of more or fewer elements, and a complex one', () => {
    expect(() => tensor([1, 2]).item()).toThrow(
      new ShapeError('Cannot read item: expected a tensor of one element, got shape [2]; use toArray()'),
    );
    expect(() => empty([0]).item()).toThrow(ShapeError);
    expect(() => tensor(1).to('complex64').item()).toThrow(DTypeError);
  });
});

describe('Tensor.toArray() and toTypedArray()', () => {
  // The oldest libtorch has these alone.
  const known = isCurrent ? dtypes : dtypes.filter((dtype) => !/^uint\d\d$|^float8/.test(dtype));

  it.each(known.filter((dtype) => !isComplexDType(dtype)))('read %s', (dtype) => {
    const x = tensor([[2, 1], [1, 1]]).to(dtype); // biome-ignore format: a matrix
    const plain = dtype === 'bool' ? [[true, true], [true, true]] : [[2, 1], [1, 1]]; // biome-ignore format: matrices
    expect(x.toArray()).toEqual(plain);
    expect([...x.toTypedArray()].map(Number)).toEqual(dtype === 'bool' ? [1, 1, 1, 1] : [2, 1, 1, 1]);
    expect(x.select(0, 1).select(0, 0).item()).toBe(1);
    expect(x.toBytes()).toHaveLength(4 * dtypeBytes(dtype));
  });

  it.each(['complex32', 'complex64', 'complex128'] as const)('read %s', (dtype) => {
    const x = tensor([{ re: 1, im: -2 }, 3], { dtype });
    expect(x.dtype).toBe(dtype);
    expect(x.toArray()).toEqual([{ re: 1, im: -2 }, { re: 3, im: 0 }]); // biome-ignore format: a list
    expect([...x.toTypedArray()]).toEqual([1, -2, 3, 0]);
    expect(x.select(0, 0).item({ complex: true })).toEqual({ re: 1, im: -2 });
  });

  it('give bigints where asked', () => {
    expect(tensor([[1, -2]], { dtype: 'int16' }).toArray({ bigint: true })).toEqual([[1n, -2n]]);
    expect(tensor([2n ** 62n]).toArray({ bigint: true })).toEqual([2n ** 62n]);
    expect(() => tensor([1]).toArray({ bigint: true })).toThrow(
      new DTypeError('Cannot read an array of bigints: expected an integer tensor, got float32'),
    );
  });

  it.runIf(isCurrent)('read all of uint64', () => {
    const x = tensor([2n ** 64n - 1n, 3n], { dtype: 'uint64' });
    expect(x.toTypedArray()).toEqual(new BigUint64Array([2n ** 64n - 1n, 3n]));
    expect(x.select(0, 0).item({ bigint: true })).toBe(2n ** 64n - 1n);
    expect(() => x.select(0, 0).item()).toThrow('Cannot read 18446744073709551615 as a number');
    expect(() => x.toArray()).toThrow(RangeError);
    expect(x.select(0, 1).item()).toBe(3);
  });

  it.skipIf(isCurrent)('name the libtorch that has a dtype which this one lacks', () => {
    expect(() => zeros([1], { dtype: 'uint16' })).toThrow(
      /expected a dtype of libtorch .*, got uint16; libtorch 2\.13\.0 has it/,
    );
  });

  it('read a view in the order of its own elements', () => {
    const x = arange(6).reshape([2, 3]);
    expect([...x.mT.toTypedArray()]).toEqual([0n, 3n, 1n, 4n, 2n, 5n]);
    expect(x.select(1, 2).toArray()).toEqual([2, 5]);
    expect(full([1], 2).expand([3]).toArray()).toEqual([2, 2, 2]);
  });

  it('read tensors without elements or dimensions', () => {
    expect(zeros([0]).toArray()).toEqual([]);
    expect(zeros([2, 0, 3]).toArray()).toEqual([[], []]);
    expect(tensor(4).toArray()).toBe(4);
    expect(tensor(true).toArray()).toBe(true);
    expect(zeros([0]).toTypedArray()).toHaveLength(0);
  });

  it('give half precisions as float32 and leave nothing behind', () => {
    const x = tensor([0.1, -2]).to('float16');
    const before = settledTensors();
    expect(x.toTypedArray()).toEqual(new Float32Array([0.0999755859375, -2]));
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });

  it('refuse int64 beyond 2^53 as numbers and give it as bigints', () => {
    const x = tensor([1n, 2n ** 60n]);
    expect(() => x.toArray()).toThrow('Cannot read 1152921504606846976 as a number');
    expect(x.toTypedArray()).toEqual(new BigInt64Array([1n, 2n ** 60n]));
  });

  it('give complex numbers as pairs, conjugated where a view says so', () => {
    const x = tensor([[1, 2], [3, -4]]).view('complex64').conj(); // biome-ignore format: a matrix
    expect(x.toTypedArray()).toEqual(new Float32Array([1, -2, 3, 4]));
    expect(x.imag.toArray()).toEqual([[-2], [4]]);
    expect(x.toArray()).toEqual([[{ re: 1, im: -2 }], [{ re: 3, im: 4 }]]);
    expect(x.select(0, 0).item({ complex: true })).toEqual({ re: 1, im: -2 });
    expect(() => x.select(0, 0).item()).toThrow('read it with item({ complex: true })');
    expect(() => x.item({ complex: true })).toThrow(ShapeError);
    expect(() => tensor(1).item({ complex: true })).toThrow(
      new DTypeError('Cannot read item as complex: expected a complex tensor, got float32'),
    );
  });

  it('refuse meta and sparse tensors', () => {
    expect(() => zeros([1], { device: 'meta' }).toArray()).toThrow('Cannot copy out of meta tensor');
    expect(() => ones([1]).toSparse({}).toArray()).toThrow(
      'Cannot read elements: expected a dense tensor, got a sparse one; take its toDense() first',
    );
  });
});

describe('Tensor', () => {
  it('knows its shape, strides, dtype, device and layout', () => {
    const x = zeros([2, 3, 4], { dtype: 'int16' });
    expect([x.shape, x.stride, x.ndim, x.numel]).toEqual([[2, 3, 4], [12, 4, 1], 3, 24]);
    expect([x.dtype, x.device, x.layout]).toEqual(['int16', 'cpu', 'strided']);
    expect([x.size(0), x.size(-1)]).toEqual([2, 4]);
    expect(() => x.size(3)).toThrow(new RangeError('Cannot read size(3): expected a dimension of [2, 3, 4]'));
    expect(ones([1]).toSparse({}).layout).toBe('sparse_coo');
    expect(zeros([1], { device: 'meta' }).device).toBe('meta');
  });

  it('to() copies only where something changes', () => {
    const x = tensor([1.7]);
    expect(x.to('float32')).toBe(x);
    expect(x.to({ dtype: 'float32', device: 'cpu' })).toBe(x);
    expect(x.to({ copy: true }) === x).toBe(false);
    expect(x.to('int64').toArray()).toEqual([1]);
    expect(x.to('meta').device).toBe('meta');
  });

  it('setData() takes memory, shape and dtype, and stays the same leaf', () => {
    const x = ones([2], { requiresGrad: true });
    x.setData(full([3], 2, { dtype: 'float64' }));
    expect([x.shape, x.dtype, x.requiresGrad, x.isLeaf]).toEqual([[3], 'float64', true, true]);
  });

  it('dispose() frees at once, twice is no error, and use is', () => {
    const before = settledTensors();
    const x = tensor([1]);
    expect(x.isDisposed).toBe(false);
    x.dispose();
    x.dispose();
    expect(liveTensors()).toBeLessThanOrEqual(before);
    expect(x.isDisposed).toBe(true);
    expect(() => x.add(1)).toThrow(
      new DisposedError('Cannot run add.Scalar: expected a live tensor for "self", got one that was freed'),
    );
    expect(() => x.shape).toThrow(DisposedError);
    expect(() => x.mT).toThrow(DisposedError);
  });

  it('using frees at the end of the block, after an exception too', () => {
    const before = settledTensors();
    const run = (): void => {
      using x = tensor([1]);
      using y = x.add(1);
      if (y.item() === 2) throw new Error('thrown');
    };
    expect(run).toThrow('thrown');
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });

  it('keeps the memory of a view when its base goes', () => {
    const base = tensor([1, 2, 3]);
    const view = base.narrow(0, 1, 2);
    base.dispose();
    expect(view.toArray()).toEqual([2, 3]);
  });
});

describe('numbers beside tensors', () => {
  it('are integers where they are integral and the tensor is', () => {
    const x = tensor([1n, 2n]);
    expect([x.add(2).dtype, x.add(2).toArray()]).toEqual(['int64', [3, 4]]);
    expect([x.add(2.5).dtype, x.add(2.5).toArray()]).toEqual(['float32', [3.5, 4.5]]);
    expect([x.add(3n).dtype, x.mul(true).dtype]).toEqual(['int64', 'int64']);
    expect(x.add(Number.NaN).dtype).toBe('float32');
    expect(x.add(Number.POSITIVE_INFINITY).toArray()).toEqual([Infinity, Infinity]);
    expect(x.to('int8').add(2).dtype).toBe('int8');
    expect(tensor([true]).add(1).dtype).toBe('int64');
  });

  it('are doubles beside floating tensors', () => {
    const x = tensor([1, 2]);
    expect([x.add(2).dtype, x.pow(2).toArray()]).toEqual(['float32', [1, 4]]);
    expect(x.to('bfloat16').mul(2).dtype).toBe('bfloat16');
    expect(x.to('float64').add(0.1).toArray()).toEqual([1.1, 2.1]);
  });

  it('keep every bit of a bigint', () => {
    expect(
      tensor([2n ** 62n])
        .add(1n)
        .item({ bigint: true }),
    ).toBe(2n ** 62n + 1n);
    expect(() => tensor([1n]).add(2n ** 64n)).toThrow(
      'Cannot run add.Scalar: expected a number, a bigint of 64 bits or a boolean for "other", got 18446744073709551616',
    );
  });
});

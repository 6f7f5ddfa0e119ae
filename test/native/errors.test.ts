// Golden messages: what the addon and libtorch say when they refuse, and what the error object knows.

import { describe, expect, it } from 'vitest';
import { DisposedError, DTypeError, NativeError, OutOfMemoryError, ShapeError } from '../../src/errors.ts';
import { cat, nn, ones, type Tensor, tensor, zeros } from '../../src/index.ts';
import { getNative } from '../../src/tensor/call.ts';
import { libtorchVersion } from '../../src/tensor/process.ts';

const x = ones([2, 3]);
const y = ones([4, 5]);

function errorOf(run: () => unknown): NativeError {
  try {
    run();
  } catch (error) {
    return error as NativeError;
  }
  throw new Error('expected an error');
}

describe('an error of libtorch', () => {
  it.each<[string, () => unknown, string, string]>([
    ['shapes', () => x.matmul(y), 'matmul', 'Cannot run matmul: mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5); got self float32 [2, 3], other float32 [4, 5]'],
    ['broadcasting', () => x.add(y), 'add.Tensor', 'Cannot run add.Tensor: The size of tensor a (3) must match the size of tensor b (5) at non-singleton dimension 1; got self float32 [2, 3], other float32 [4, 5]'],
    ['a dimension', () => x.softmax(5), 'softmax.int', 'Cannot run softmax.int: Dimension out of range (expected to be in range of [-2, 1], but got 5); got self float32 [2, 3]'],
    ['a view', () => x.view([5]), 'view', "Cannot run view: shape '[5]' is invalid for input of size 6; got self float32 [2, 3]"],
    ['lists of tensors', () => cat([x, y]), 'cat', 'Cannot run cat: Sizes of tensors must match except in dimension 0. Expected size 3 but got size 5 for tensor number 1 in the list.; got tensors [float32 [2, 3], float32 [4, 5]]'],
    ['an index', () => nn.functional.embedding(tensor([7n]), x), 'embedding', 'Cannot run embedding: index out of range in self; got weight float32 [2, 3], indices int64 [1]'],
    ['backward', () => x.backward(), 'backward', 'Cannot run backward of float32 [2, 3]: expected a result of tensors that require gradients, got one that was not recorded; set requiresGrad on a leaf, and compute outside of noGrad()'],
    ['a function of the addon', () => zeros([1], { device: 'meta' }).toBytes(), 'readBytes', 'Cannot call readBytes: Cannot copy out of meta tensor; no data!'],
  ])('names operator, tensors and its first line: %s', (_, run, operator, message) => {
    const error = errorOf(run);
    expect(error).toBeInstanceOf(NativeError);
    expect([error.name, error.code, error.operator]).toEqual(['NativeError', 'ERR_SCONCE_NATIVE', operator]);
    if (libtorchVersion().startsWith('2.13')) expect(error.message).toBe(message);
    expect(error.message).toMatch(new RegExp(`^Cannot (run|call) ${operator}( of [^:]+)?: `));
  }); // biome-ignore format: a table

  it('is one line without a C++ backtrace, and its stack begins at the operator', () => {
    for (const run of [() => x.matmul(y), () => x.backward(), () => zeros([2]).toSparse({}).cumsum(0)]) {
      const error = errorOf(run);
      expect(error.message).not.toMatch(/\n|frame #|Exception raised|\.cpp/);
      expect(error.message.length).toBeLessThan(300);
      const frames = error.stack!.slice(error.stack!.indexOf('\n    at '));
      expect(frames).not.toMatch(/makeError|load\.ts|frame #/);
      expect(frames).toMatch(/errors\.test\.ts/);
    }
  });

  it('leaves out the list of backends where one lacks a kernel', () => {
    const error = errorOf(() => zeros([2]).toSparse({}).cumsum(0));
    expect(error.message).toMatch(/^Cannot run cumsum: .*SparseCPU[^.]*\.?; got self float32 \[2\]$/);
  });
});

describe('an error of the addon', () => {
  const untyped = (tensor: Tensor): Record<string, (...args: unknown[]) => unknown> => tensor as never;

  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['no tensor', () => untyped(x).matmul!(3), TypeError, 'Cannot run matmul: expected a live tensor for "other", got something that is no tensor'],
    ['undefined for a tensor', () => untyped(x).matmul!(undefined), TypeError, 'Cannot run matmul: expected a tensor for "other", got undefined'],
    ['a string for a number', () => untyped(x).add!('a'), TypeError, 'Cannot run add.Scalar: expected a number, a bigint of 64 bits or a boolean for "other", got "a"'],
    ['an object for an integer', () => untyped(x).softmax!({}), TypeError, 'Cannot run softmax.int: expected an integer for "dim", got an object'],
    ['a fraction for an integer', () => x.softmax(0.5), TypeError, 'Cannot run softmax.int: expected an integer within 2^53 for "dim", got 0.5'],
    ['NaN for a size', () => zeros([Number.NaN]), TypeError, 'Cannot run zeros: expected an integer within 2^53 for "size", got NaN'],
    ['2^53 for a size', () => zeros([2 ** 53]), TypeError, 'Cannot run zeros: expected an integer within 2^53 for "size", got 9007199254740992'],
    ['a number for a list', () => untyped(x).view!(4), TypeError, 'Cannot run view: expected an array of integers for "size", got 4'],
    ['a number for a flag', () => x.sum({ dim: 0, keepdim: 1 as never }), TypeError, 'Cannot run sum.dim_IntList: expected a boolean for "keepdim", got 1'],
    ['a thread count', () => getNative().setNumThreads(0), RangeError, 'Cannot set threads: expected 1 to 4096, got 0'],
    ['a value of its functions', () => getNative().setNumThreads('2' as never), TypeError, 'Cannot call setNumThreads: expected an integer for "threads", got "2"'],
  ])('says what was expected and what it got: %s', (_, run, kind, message) => {
    expect(run).toThrow(kind);
    expect(run).toThrow(new kind(message));
  }); // biome-ignore format: a table

  it('is of the class that a caller can catch', () => {
    const freed = ones([1]);
    freed.dispose();
    expect(errorOf(() => freed.add(1))).toBeInstanceOf(DisposedError);
    expect(errorOf(() => freed.add(1))).toBeInstanceOf(ReferenceError);
    expect(errorOf(() => x.item())).toBeInstanceOf(ShapeError);
    expect(errorOf(() => x.item())).toBeInstanceOf(RangeError);
    expect(errorOf(() => ones([1], { dtype: 'complex64' }).item())).toBeInstanceOf(DTypeError);
    expect(errorOf(() => zeros([1e15]))).toBeInstanceOf(OutOfMemoryError);
  });

  it('of an operator that this libtorch lacks says which one has it', () => {
    const native = getNative();
    expect(native.hasOperator('add.Tensor')).toBe(true);
    expect([native.hasOperator('add.Nothing'), native.hasOperator('nothing'), native.hasOperator('')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

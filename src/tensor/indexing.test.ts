// Indexing as a program writes it: views, errors, iteration, and what brackets say. Values against PyTorch are in test/parity/indexing.test.ts.

import { describe, expect, it } from 'vitest';
import { DisposedError, ShapeError } from '../errors.ts';
import { arange, tensor, zeros } from './create.ts';
import { slice } from './indexing.ts';
import { liveTensors, scope } from './scope.ts';
import type { Tensor } from './tensor.ts';
import { settledTensors } from './testing/settled-tensors.ts';

const x = arange(12).reshape([3, 4]);
const untyped = (value: unknown): Record<string, (...args: unknown[]) => unknown> => value as never;

describe('Tensor.index()', () => {
  it('takes what Python takes between brackets', () => {
    expect(x.index(-1).toArray()).toEqual([8, 9, 10, 11]);
    expect(x.index(1, 2).item()).toBe(6);
    expect(x.index(slice(1), slice(null, null, 2)).toArray()).toEqual([[4, 6], [8, 10]]); // biome-ignore format: a matrix
    expect(x.index('...', null, 0).toArray()).toEqual([[0], [4], [8]]);
    expect(x.index([0, 2], [1, 3]).toArray()).toEqual([1, 11]);
    expect(x.index(x.gt(9)).toArray()).toEqual([10, 11]);
    expect(x.index([true, false, true]).shape).toEqual([2, 4]);
    expect(x.index(tensor(2n), slice(0, -2)).toArray()).toEqual([8, 9]);
  });

  it('gives a view of the same memory where it can', () => {
    const y = zeros([2, 3]);
    y.index(1, slice(1)).fill_(5);
    y.index('...').index(0, 0).fill_(1);
    expect(y.toArray()).toEqual([[1, 0, 0], [0, 5, 5]]); // biome-ignore format: a matrix
    y.index([0]).fill_(9);
    expect(y.index(0).toArray()).toEqual([1, 0, 0]);
  });

  it('leaves nothing but the result behind', () => {
    scope(() => {
      const before = settledTensors();
      const result = x.index([0, 1], slice(1, 3), null, true);
      expect(liveTensors()).toBe(before + 1);
      result.dispose();
    });
  });

  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    ['an index out of range', () => x.index(3), RangeError, 'Cannot index dimension 0 of shape [3, 4]: expected an index from -3 to 2, got 3'],
    ['one beside others', () => x.index(slice(), -5), RangeError, 'Cannot index dimension 1 of shape [3, 4]: expected an index from -4 to 3, got -5'],
    ['too many', () => x.index(0, 0, 0), RangeError, 'Cannot index a tensor of shape [3, 4]: expected at most 2 indices, got 3'],
    ['no dimensions', () => tensor(1).index(0), RangeError, 'Cannot index a tensor without dimensions: expected at least one, got shape []; item() reads it'],
    ['undefined', () => untyped(x).index!(undefined), TypeError, "Cannot index by undefined: expected an integer, slice(), null, '...', a boolean, a tensor or an array of integers or booleans; slice() takes all of a dimension, null makes a new one"],
    ['fractions', () => x.index([0.5]), TypeError, 'Cannot index by an array: expected integers or booleans, got 0.5'],
    ['a step of 0', () => slice(0, 2, 0), RangeError, 'Cannot slice: expected a step of at least 1, got 0; flip() turns a dimension round'],
    ['unknown options', () => x.indexPut_([0], 1, { accumulated: true } as never), TypeError, 'Cannot call indexPut_: expected options of { accumulate }, got "accumulated"'],
  ])('refuses %s', (_, run, kind, message) => {
    expect(run).toThrow(new kind(message));
  }); // biome-ignore format: a table

  it('names the scope of a freed tensor', () => {
    let y = x;
    scope(() => {
      y = zeros([2]);
    }, 'inner');
    expect(() => y.index(0)).toThrow(DisposedError);
  });
});

describe('Tensor.indexPut_()', () => {
  it('assigns, and adds every time that a place is named', () => {
    const y = zeros([2, 3]);
    expect(y.indexPut_([slice(), 1], tensor([5, 6])) === y).toBe(true);
    expect(y.toArray()).toEqual([[0, 5, 0], [0, 6, 0]]); // biome-ignore format: a matrix
    expect(
      zeros([2])
        .indexPut_([[0, 0, 1]], 1, { accumulate: true })
        .toArray(),
    ).toEqual([2, 1]);
    expect(zeros([2]).indexPut_([slice()], 1, { accumulate: true }).toArray()).toEqual([1, 1]);
    expect(y.indexPut([0], 7).index(0).toArray()).toEqual([7, 7, 7]);
    expect(y.index(0).toArray()).toEqual([0, 5, 0]);
  });
});

describe('a tensor', () => {
  it('gives its rows one after the other', () => {
    expect(Array.from(x, (row: Tensor) => row.sum().item())).toEqual([6, 22, 38]);
    expect(() => [...tensor(1)]).toThrow(
      new ShapeError('Cannot iterate over a tensor: expected a dimension, got shape []'),
    );
  });

  it('says what to write instead of brackets', () => {
    expect(() => untyped(x)[0]).toThrow(
      new TypeError('Cannot read x[0] of a tensor: expected a call, got brackets; write x.index(0)'),
    );
    expect(() => {
      (untyped(x) as Record<number, unknown>)[-1] = 3;
    }).toThrow('write x.indexPut_([-1], value)');
  });

  it('is a number where JavaScript wants one', () => {
    expect(Number(tensor(2.5))).toBe(2.5);
    expect((tensor(1) as unknown as number) < 2).toBe(true);
    expect(`${tensor(1)}`).toBe('tensor(1.)');
    expect(() => Number(x)).toThrow(ShapeError);
  });

  it('names the lack of a GPU', () => {
    expect(() => x.to('cuda')).toThrow(/^Cannot use device "cuda": expected a CUDA device, got none: /);
  });

  it('moves to the kind of another', () => {
    expect(x.to(tensor([1], { dtype: 'float64' })).dtype).toBe('float64');
    expect(x.to('int64', { copy: true }) === x).toBe(false);
    const image = zeros([1, 2, 3, 3]);
    expect(image.to({ memoryFormat: 'channels_last' }).stride).toEqual([18, 1, 6, 2]);
    expect(image.to({ memoryFormat: 'contiguous_format' }) === image).toBe(true);
    expect(() => x.to({ dtpye: 'int64' } as never)).toThrow('Cannot call to: expected options of { dtype,');
  });
});

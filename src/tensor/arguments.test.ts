import { describe, expect, it } from 'vitest';
import { layoutCode, memoryFormatCode, readOptions, unfit } from './arguments.ts';

const NAMES = ['dim', 'keepdim', 'dtype'];

describe('readOptions()', () => {
  it('gives one bit for each option that is given, in the order of the names', () => {
    expect(readOptions('sum', NAMES, {})).toBe(0);
    expect(readOptions('sum', NAMES, { dtype: 'int64', dim: 0 })).toBe(0b101);
  });

  it('takes undefined for absent, and no other value', () => {
    expect(readOptions('sum', NAMES, { dim: undefined, keepdim: false })).toBe(0b010);
  });

  it('refuses a name that the operator does not have', () => {
    const message = 'Cannot call sum: expected options of { dim, keepdim, dtype }, got "dims"';
    expect(() => readOptions('sum', NAMES, { dims: 1 })).toThrow(new TypeError(message));
  });

  it.each([
    [1, 'number 1'],
    ['float32', 'string float32'],
    [null, 'null'],
    [[0], 'an array'],
  ])('refuses %j in the place of an options object', (value, shown) => {
    const message = `Cannot call sum: expected an options object { dim, keepdim, dtype }, got ${shown}`;
    expect(() => readOptions('sum', NAMES, value as object)).toThrow(new TypeError(message));
  });
});

describe('unfit()', () => {
  it('lists the overloads and shows what was given', () => {
    const error = unfit('f', 'f(x: Tensor) or f({ dim })', [2, [1, 'a'], { dim: new Map(), k: undefined }]);
    expect(error.message).toBe(
      'Cannot call f: expected f(x: Tensor) or f({ dim }), got (2, [1, "a"], { dim: Map, k: undefined })',
    );
  });
});

describe('memoryFormatCode() and layoutCode()', () => {
  it("give libtorch's codes", () => {
    expect(memoryFormatCode('channels_last')).toBe(2);
    expect(layoutCode('strided')).toBe(0);
  });

  it('refuse a name that is none, also one that every object has', () => {
    const wrong = 'toString' as 'channels_last';
    expect(() => memoryFormatCode(wrong)).toThrow(
      'Cannot use memory format "toString": expected one of contiguous_format,',
    );
  });
});

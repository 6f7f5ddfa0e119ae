// Tensors out of JavaScript values: dtypes, shapes, and what is refused. Values are PyTorch 2.13.0's.

import { describe, expect, it } from 'vitest';
import { DTypeError, NativeError, ShapeError } from '../errors.ts';
import { getNative } from './call.ts';
import {
  arange,
  asTensor,
  empty,
  eye,
  fromBytes,
  full,
  isTensor,
  linspace,
  ones,
  rand,
  randint,
  randn,
  randperm,
  tensor,
  zeros,
} from './create.ts';
import type { DType, TypedArray } from './dtype.ts';
import { Generator } from './generator.ts';
import { randintLike, randLike, randnLike, zerosLike } from './ops.generated.ts';
import { libtorchVersion } from './process.ts';
import type { NestedArray } from './read.ts';

const isCurrent = libtorchVersion().startsWith('2.13');

describe('tensor()', () => {
  it.each<[string, NestedArray, DType, number[]]>([
    ['a number', 2, 'float32', []],
    ['a bigint', 2n, 'int64', []],
    ['a boolean', true, 'bool', []],
    ['numbers', [1, 2.5], 'float32', [2]],
    ['bigints', [1n, -2n], 'int64', [2]],
    ['booleans', [[true], [false]], 'bool', [2, 1]],
    ['bigints and integral numbers', [1n, 2], 'int64', [2]],
    ['booleans and numbers', [true, 2], 'float32', [2]],
    ['nothing', [], 'float32', [0]],
    ['nothing in three dimensions', [[[], []]], 'float32', [1, 2, 0]],
  ])('makes of %s a tensor of the dtype and shape that show', (_, data, dtype, shape) => {
    const made = tensor(data);
    expect([made.dtype, made.shape]).toEqual([dtype, shape]);
  });

  it.each<[TypedArray, DType]>([
    [new Float32Array([1.5, -2]), 'float32'],
    [new Float64Array([0.1, 2 ** -1000]), 'float64'],
    [new Int8Array([-128, 127]), 'int8'],
    [new Int16Array([-(2 ** 15), 1]), 'int16'],
    [new Int32Array([-(2 ** 31), 1]), 'int32'],
    [new BigInt64Array([2n ** 63n - 1n, -(2n ** 63n)]), 'int64'],
    [new Uint8Array([0, 255]), 'uint8'],
    [new Uint8ClampedArray([0, 255]), 'uint8'],
    [Buffer.from([0, 255]), 'uint8'],
    ...(isCurrent
      ? ([
          [new Uint16Array([0, 65535]), 'uint16'],
          [new Uint32Array([0, 2 ** 32 - 1]), 'uint32'],
          [new BigUint64Array([0n, 2n ** 64n - 1n]), 'uint64'],
        ] as [TypedArray, DType][])
      : []),
  ])('copies a typed array with its dtype: %o', (array, dtype) => {
    const made = tensor(array);
    const values = [...array];
    expect([made.dtype, made.shape]).toEqual([dtype, [2]]);
    array.reverse(); // the tensor has a copy
    expect([...made.toTypedArray()]).toEqual(values);
  });

  it('reads the part of a buffer that a typed array shows', () => {
    const whole = new Float32Array([1, 2, 3, 4]);
    expect(tensor(whole.subarray(1, 3)).toArray()).toEqual([2, 3]);
  });

  it('gives a typed array or a flat array the shape asked for', () => {
    expect(tensor(new Float32Array(6), { shape: [2, 3] }).shape).toEqual([2, 3]);
    expect(tensor([1, 2, 3, 4], { shape: [2, -1] }).toArray()).toEqual([[1, 2], [3, 4]]); // biome-ignore format: a matrix
    expect(() => tensor(new Float32Array(6), { shape: [4] })).toThrow(
      'Cannot make a tensor from bytes: expected 16 bytes for shape [4], got 24',
    );
  });

  it.each<[DType, number[], (number | boolean)[]]>([
    ['int32', [2 ** 24 + 1, -(2 ** 31)], [2 ** 24 + 1, -(2 ** 31)]],
    ['int64', [2 ** 53 - 1, 1.9], [2 ** 53 - 1, 1]],
    ['float64', [0.1], [0.1]],
    ['float16', [0.1, 65504], [0.0999755859375, 65504]],
    ['bfloat16', [0.1], [0.10009765625]],
    ['bool', [0, 1e-300, -1], [false, true, true]],
    ['uint8', [255], [255]],
  ])('converts to %s without losing what the dtype can hold', (dtype, numbers, expected) => {
    const made = tensor(numbers, { dtype });
    expect(made.dtype).toBe(dtype);
    expect(made.toArray()).toEqual(expected);
  });

  const Float16 = (globalThis as unknown as Record<string, new (values: number[]) => Float32Array>).Float16Array;
  it.skipIf(Float16 === undefined)('copies a Float16Array', () => {
    expect([tensor(new Float16!([1.5, -2])).dtype, tensor(new Float16!([1.5, -2])).toArray()]).toEqual(['float16', [1.5, -2]]); // biome-ignore format: a pair
  });

  it('copies out of memory that threads share', () => {
    const shared = new Float32Array(new SharedArrayBuffer(8));
    const made = tensor(shared);
    shared[0] = 7;
    expect(made.toArray()).toEqual([0, 0]);
  });

  it('takes complex numbers beside real ones', () => {
    expect(tensor([{ re: 1, im: 2 }, 3]).dtype).toBe('complex64');
    expect(tensor([{ re: 1, im: 2 }], { dtype: 'complex128' }).toArray()).toEqual([{ re: 1, im: 2 }]);
    expect(() => tensor([{ re: 1, im: 2 }], { dtype: 'float32' })).toThrow('expected a complex dtype for { re, im }');
  });

  it.each<[DType, number]>([
    ['uint8', 256],
    ['uint8', -1],
    ['int8', 128],
    ['int32', 2 ** 31],
    ['int64', 2 ** 63],
    ['int16', Number.NaN],
    ['int16', Infinity],
  ])('refuses for %s the number %d, which it does not hold', (dtype, value) => {
    expect(() => tensor([0, value], { dtype })).toThrow(RangeError);
  });

  it('asTensor() gives back a tensor that is as asked for', () => {
    const x = tensor([1]);
    expect(asTensor(x) === x).toBe(true);
    expect(asTensor(x, { dtype: 'int64' }).toArray()).toEqual([1]);
    expect(asTensor([1, 2]).shape).toEqual([2]);
  });

  it('records operators where asked', () => {
    expect(tensor([1], { requiresGrad: true }).requiresGrad).toBe(true);
    expect(tensor([1]).requiresGrad).toBe(false);
  });

  it.each<[string, unknown, new (message: string) => Error, string]>([
    ['ragged rows', [[1, 2], [3]], ShapeError, 'Cannot make a tensor: expected nested arrays of shape [2, 2], got an array of 1 at depth 1'],
    ['a number beside a row', [[1], 2], ShapeError, 'Cannot make a tensor: expected nested arrays of shape [2, 1], got 2 at depth 1'],
    ['a row beside a number', [1, [2]], ShapeError, 'Cannot make a tensor: expected nested arrays of shape [2], got an array of 1 at depth 1'],
    ['strings', ['1'], TypeError, 'Cannot make a tensor: expected numbers, bigints, booleans or { re, im }, got 1'],
    ['holes', [1, undefined], TypeError, 'Cannot make a tensor: expected numbers, bigints, booleans or { re, im }, got undefined'],
    ['an object', {}, TypeError, 'Cannot make a tensor: expected numbers, bigints, booleans or { re, im }, got [object Object]'],
    ['fractions beside bigints', [1n, 1.5], TypeError, 'Cannot make a tensor: expected integers beside bigints, got 1.5'],
    ['bigints over 64 bits', [2n ** 63n], RangeError, 'Cannot make a tensor: expected integers of 64 bits, got 9223372036854775808'],
    ['a DataView', new DataView(new ArrayBuffer(2)), TypeError, 'Cannot make a tensor of a DataView: expected an array whose elements have a dtype; use fromBytes(bytes, shape, dtype)'],
  ])('refuses %s', (_, data, kind, message) => {
    expect(() => tensor(data as NestedArray)).toThrow(new kind(message));
  }); // biome-ignore format: a table

  it('says that the memory of an array was given away, and is not fooled by an empty one', () => {
    const message = (kind: string): TypeError =>
      new TypeError(
        `Cannot make a tensor: expected an array that has its memory, got ${kind} whose buffer was transferred or made smaller; make the tensor before, or transfer a copy`,
      );
    const away = new Float32Array([1, 2]);
    const [bytes, view] = [new Uint8Array(away.buffer), new DataView(away.buffer)];
    structuredClone(away.buffer, { transfer: [away.buffer] });
    expect(() => tensor(away)).toThrow(message('Float32Array'));
    expect(() => tensor(away, { shape: [2] })).toThrow(message('Float32Array'));
    expect(() => tensor(bytes)).toThrow(message('Uint8Array'));
    expect(() => fromBytes(view, [2], 'float32')).toThrow(message('DataView'));
    expect(() => fromBytes(away.buffer, [2], 'float32')).toThrow(message('ArrayBuffer'));
    const Resizable = ArrayBuffer as unknown as new (bytes: number, options: object) => ArrayBuffer;
    const buffer = new Resizable(16, { maxByteLength: 32 });
    const end = new Float32Array(buffer, 8, 2);
    (buffer as unknown as { resize(bytes: number): void }).resize(12);
    expect(() => tensor(end)).toThrow(message('Float32Array'));
    expect(tensor(new Float32Array(buffer)).shape).toEqual([3]);
    for (const empty of [
      new Float32Array(0),
      new Float32Array(buffer, 12),
      new BigInt64Array(new SharedArrayBuffer(0)),
    ])
      expect(tensor(empty).shape).toEqual([0]);
    expect(fromBytes(new ArrayBuffer(0), [0], 'int8').shape).toEqual([0]);
  });

  it('refuses dtypes and devices that are none', () => {
    expect(() => tensor([1], { dtype: 'float' as DType })).toThrow(DTypeError);
    expect(() => tensor([1], { dtype: 'toString' as DType })).toThrow(
      'Cannot use dtype "toString": expected one of uint8,',
    );
    expect(() => zeros([1], { device: 'cpu:1' as 'cpu' })).toThrow(
      'Cannot use device "cpu:1": expected "cpu", "cuda" or "cuda:0"',
    );
  });
});

describe('fromBytes()', () => {
  it('takes raw bytes of any dtype', () => {
    expect(fromBytes(new Uint8Array([0, 60, 0, 188]), [2], 'float16').toArray()).toEqual([1, -1]);
    expect(fromBytes(new Uint8Array(0), [0, 3], 'int64').shape).toEqual([0, 3]);
  });

  it('refuses other sizes without allocating them', () => {
    expect(() => fromBytes(new Uint8Array(8), [2 ** 40, 2 ** 10], 'float32')).toThrow(
      'Cannot make a tensor from bytes: expected 4503599627370496 bytes for shape [1099511627776, 1024], got 8',
    );
    expect(() => fromBytes(new Uint8Array(8), [2 ** 52, 2 ** 40], 'float32')).toThrow(
      'Cannot make a tensor from bytes: expected sizes that are not negative and fit in memory, got [4503599627370496, 1099511627776]',
    );
    expect(() => fromBytes(new Uint8Array(8), [-2], 'float32')).toThrow('expected sizes that are not negative');
  });
});

describe('creation functions', () => {
  it('full() takes its dtype from the value', () => {
    expect([full([1], 2).dtype, full([1], 2n).dtype, full([1], true).dtype]).toEqual(['float32', 'int64', 'bool']);
    expect(full([2], 0.5, { dtype: 'float64' }).toArray()).toEqual([0.5, 0.5]);
  });

  it('arange() stays int64 for integers alone', () => {
    expect([arange(3).dtype, arange(3).toArray()]).toEqual(['int64', [0, 1, 2]]);
    expect(arange(1, 7, { step: 2 }).toArray()).toEqual([1, 3, 5]);
    expect([arange(0, 1, { step: 0.25 }).dtype, arange(0.5, 2).toArray()]).toEqual(['float32', [0.5, 1.5]]);
    expect(arange(3, { dtype: 'float32' }).dtype).toBe('float32');
  });

  it('make what their names say', () => {
    expect(zeros([2], { dtype: 'int32' }).toArray()).toEqual([0, 0]);
    expect(ones([]).item()).toBe(1);
    expect(eye(2).toArray()).toEqual([[1, 0], [0, 1]]); // biome-ignore format: a matrix
    expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(empty([2, 0]).toArray()).toEqual([[], []]);
    expect(eye(2, { m: 3 }).toArray()).toEqual([[1, 0, 0], [0, 1, 0]]); // biome-ignore format: a matrix
  });

  it('take a layout and an order of dimensions where libtorch does', () => {
    expect([zeros([2, 3], { layout: 'sparse_coo' }).layout, empty([2], { layout: 'sparse_coo' }).shape]).toEqual(['sparse_coo', [2]]); // biome-ignore format: a pair
    expect(empty([1, 2, 3, 4], { memoryFormat: 'channels_last' }).stride).toEqual([24, 1, 8, 2]);
    expect([ones([2], { layout: 'strided' }).layout, randn([2], { layout: 'strided' }).layout]).toEqual(['strided', 'strided']); // biome-ignore format: a pair
    expect(() => zeros([2], { layout: 'dense' as 'strided' })).toThrow('Cannot use layout "dense": expected one of');
    expect(() => full([2], 1, { layout: 'sparse_coo' })).toThrow(NativeError);
  });

  const pinned: [string, () => unknown][] = [
    ['empty', () => empty([2], { pinMemory: true })],
    ['zeros', () => zeros([2], { pinMemory: true })],
    ['ones', () => ones([2], { pinMemory: true })],
    ['full', () => full([2], 1, { pinMemory: true })],
    ['arange', () => arange(2, { pinMemory: true })],
    ['linspace', () => linspace(0, 1, 2, { pinMemory: true })],
    ['eye', () => eye(2, { pinMemory: true })],
    ['rand', () => rand([2], { pinMemory: true })],
    ['randn', () => randn([2], { pinMemory: true })],
    ['randint', () => randint(0, 2, [2], { pinMemory: true })],
    ['randperm', () => randperm(2, { pinMemory: true })],
    ['tensor', () => tensor([1], { pinMemory: true })],
    ['zerosLike', () => zerosLike(ones([2]), { pinMemory: true })],
    ['randLike', () => randLike(ones([2]), { pinMemory: true })],
  ];
  it.skipIf(getNative().numCudaDevices() > 0).each(pinned)('%s() says that pinned memory needs a GPU', (_, make) => {
    expect(make).toThrow(
      /^Cannot run \w+.*: expected a GPU for pinned memory, got none; leave pinMemory out(?:; got self .*)?$/,
    );
  });

  it('refuse options that they do not have', () => {
    const message = (name: string): string => `got "${name}"`;
    expect(() => zeros([2], { dtyp: 'int64' } as object)).toThrow(
      'Cannot call zeros: expected options of { dtype, layout, device, pinMemory, requiresGrad }, got "dtyp"',
    );
    expect(() => ones([2], { generator: new Generator(0) } as object)).toThrow(message('generator'));
    expect(() => arange(3, { step: 2 } as object)).toThrow(message('step'));
    expect(() => tensor([1], { layout: 'strided' } as object)).toThrow(message('layout'));
    expect(() => asTensor([1], { shape: [1] } as object)).toThrow(message('shape'));
    expect(() => full([2], 1, { m: 1 } as object)).toThrow(message('m'));
    expect(() => linspace(0, 1, 2, { m: 1 } as object)).toThrow(message('m'));
    expect(() => randint(0, 2, [2], { m: 1 } as object)).toThrow(message('m'));
  });

  // Before 2.13 the ones that are named after another tensor took none.
  it.runIf(isCurrent)('draw from the generator that is given, those named after another tensor too', () => {
    const draw = (): unknown[] => {
      const generator = new Generator(3);
      const like = ones([4]);
      const drawn = [randLike(like, { generator }), randnLike(like, { generator }), randintLike(like, 1, { high: 100, generator }), randintLike(like, 100, { generator }), rand([4], { generator }), randint(0, 100, [4], { generator }), randperm(4, { generator })]; // biome-ignore format: calls
      return drawn.map((x) => x.toArray());
    };
    expect(draw()).toEqual(draw());
  });
});

describe('isTensor()', () => {
  it('knows a tensor from what looks like one', () => {
    expect([isTensor(ones([1])), isTensor({ handle: 1 }), isTensor(null)]).toEqual([true, false, false]);
  });
});

// Tests of the default collate: what every type becomes, and what it says of samples that do not fit together.
import { describe, expect, it } from 'vitest';
import { Tensor, tensor } from '../../tensor/index.ts';
import { stack } from '../../tensor/ops.generated.ts';
import { defaultCollate } from './collate.ts';

const read = (value: unknown): unknown => {
  if (value instanceof Tensor) return { dtype: value.dtype, shape: [...value.shape], values: value.toArray() };
  if (Array.isArray(value)) return value.map(read);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, read(inner)]));
};

describe('defaultCollate()', () => {
  it('makes one-dimensional tensors of numbers, bigints and booleans', () => {
    expect(read(defaultCollate([1, 2.5]))).toEqual({ dtype: 'float32', shape: [2], values: [1, 2.5] });
    expect(read(defaultCollate([1n, -2n]))).toEqual({ dtype: 'int64', shape: [2], values: [1, -2] });
    expect(read(defaultCollate([true, false]))).toEqual({ dtype: 'bool', shape: [2], values: [true, false] });
  });

  it.each([
    [Uint8Array, 'uint8'],
    [Uint8ClampedArray, 'uint8'],
    [Int8Array, 'int8'],
    [Int16Array, 'int16'],
    [Int32Array, 'int32'],
    [Float32Array, 'float32'],
    [Float64Array, 'float64'],
  ] as const)('stacks %o as %s', (Kind, dtype) => {
    expect(read(defaultCollate([Kind.of(1, 2, 3), Kind.of(4, 5, 6)]))).toEqual({
      dtype,
      shape: [2, 3],
      values: [
        [1, 2, 3],
        [4, 5, 6],
      ],
    });
  });

  it('stacks BigInt64Array as int64, and Buffer beside Uint8Array as uint8', () => {
    expect(read(defaultCollate([BigInt64Array.of(1n), BigInt64Array.of(2n)]))).toEqual({
      dtype: 'int64',
      shape: [2, 1],
      values: [[1], [2]],
    });
    expect(read(defaultCollate([Buffer.from([7]), Uint8Array.of(8)]))).toEqual({
      dtype: 'uint8',
      shape: [2, 1],
      values: [[7], [8]],
    });
  });

  it('stacks tensors, and leaves those of the samples alive', () => {
    const samples = [tensor([1, 2]), tensor([3, 4])];
    expect(read(defaultCollate(samples))).toEqual({
      dtype: 'float32',
      shape: [2, 2],
      values: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(samples.every((sample) => !sample.isDisposed)).toBe(true);
  });

  it('goes into arrays and plain objects, and keeps strings', () => {
    const batch = defaultCollate([
      { pair: [1, 'a'] as [number, string], inner: { flag: true } },
      { pair: [2, 'b'] as [number, string], inner: { flag: false } },
    ]);
    const names: string[] = batch.pair[1]; // the type says that strings stay strings
    expect(names).toEqual(['a', 'b']);
    expect(read(batch)).toEqual({
      pair: [{ dtype: 'float32', shape: [2], values: [1, 2] }, ['a', 'b']],
      inner: { flag: { dtype: 'bool', shape: [2], values: [true, false] } },
    });
  });

  it.skipIf(!('Float16Array' in globalThis))('stacks half precisions by their values (Node 24)', () => {
    const Float16 = (globalThis as unknown as { Float16Array: { of(...values: number[]): ArrayBufferView } })
      .Float16Array;
    const stacked = defaultCollate([Float16.of(1.5, -2), Float16.of(0.25, 3)]) as unknown as Tensor;
    expect(stacked.dtype).toBe('float16');
    expect(stacked.toArray()).toEqual([
      [1.5, -2],
      [0.25, 3],
    ]);
  });

  it.each([
    [
      [1, 'a'],
      'Cannot collate sample: expected a number as in the first sample, got a string in sample 1 of the batch',
    ],
    [[1, 2n], 'expected a number as in the first sample, got a bigint'],
    [[Float32Array.of(1), Int32Array.of(1)], 'expected a Float32Array as in the first sample, got an Int32Array'],
    [[{ a: 1 }, { a: 1, b: 2 }], 'expected the keys a of the first sample, got a, b'],
    [[{ a: 1 }, { b: 1 }], 'expected the keys a of the first sample, got b'],
    [
      [{ a: { b: 1 } }, { a: { b: undefined } }],
      'Cannot collate sample.a.b: expected tensors, typed arrays, numbers, bigints, booleans, strings, arrays or plain objects, got undefined in sample 1 of the batch; give the loader a collate that takes it',
    ],
    [[new Date(0), new Date(0)], 'got a Date in sample 0 of the batch; give the loader a collate that takes it'],
    [[new DataView(new ArrayBuffer(2))], 'got a DataView'],
    [[null], 'got null'],
  ] as [unknown[], string][])('refuses what it cannot put together: case %#', (samples, message) => {
    expect(() => defaultCollate(samples)).toThrow(TypeError);
    expect(() => defaultCollate(samples)).toThrow(message);
  });

  it('names the sample of another size, by its index in the dataset', () => {
    const indices = Int32Array.of(40, 41);
    expect(() => defaultCollate([{ x: Uint8Array.of(1) }, { x: Uint8Array.of(1, 2) }], { indices })).toThrow(
      'Cannot collate sample.x: expected 1 elements as in the first sample, got 2 in the sample at index 41; give the loader a collate that pads, as padCollate does',
    );
    expect(() => defaultCollate([[1], [1, 2]], { indices })).toThrow(
      'expected an array of 1 as in the first sample, got one of 2 in the sample at index 41',
    );
    expect(() => defaultCollate([tensor([1]), stack([tensor([1])])])).toThrow(
      'expected shape [1] as in the first sample, got [1, 1] in sample 1 of the batch',
    );
    expect(() => defaultCollate([])).toThrow('Cannot collate samples: expected at least one, got none');
  });
});

// Whole checkpoints in memory: ours, PyTorch's (fixtures that test/fixtures/serial/make.py wrote), and damaged ones.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { decodeCheckpoint } from './decode.ts';
import { encodeCheckpoint } from './pytorch-zip.ts';
import { type StoredStorage, StoredTensor, storedDTypes } from './stored-tensor.ts';
import { PyByteArray, PyDevice, PyDict, PyDType, PyFloat, PyFrozenSet, PySize, tuple } from './values.ts';
import { ZipWriter } from './zip-writer.ts';

const encode = (value: unknown): Buffer => Buffer.concat([...encodeCheckpoint(value)]);
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../test/fixtures/serial/${name}.pt`, import.meta.url));

const float32 = (...numbers: number[]): StoredStorage => ({
  dtype: 'float32',
  bytes: new Uint8Array(Float32Array.from(numbers).buffer),
});

/** The elements of a tensor of a float32 or int64 storage, in order of its indices. */
function elements({ storage, shape, stride, storageOffset }: StoredTensor): number[] {
  const memory = new Uint8Array(storage.bytes).buffer;
  const values =
    storage.dtype === 'int64' ? Array.from(new BigInt64Array(memory), Number) : [...new Float32Array(memory)];
  const offsets = shape.reduce(
    (starts, size, dim) =>
      starts.flatMap((start) => Array.from({ length: size }, (_, index) => start + index * stride[dim]!)),
    [storageOffset],
  );
  return offsets.map((offset) => values[offset]!);
}

describe('encodeCheckpoint()', () => {
  it('writes values and tensors that decodeCheckpoint() gives back', () => {
    const shared = float32(1, 2, 3, 4, 5, 6);
    const value = {
      tensors: storedDTypes.map(
        (dtype) => new StoredTensor({ storage: { dtype, bytes: new Uint8Array(32) }, shape: [2] }),
      ),
      views: [
        new StoredTensor({ storage: shared, shape: [2, 3] }),
        new StoredTensor({ storage: shared, shape: [3, 2], stride: [1, 3] }),
      ],
      empty: new StoredTensor({ storage: float32(), shape: [0] }),
      scalar: new StoredTensor({ storage: float32(7), shape: [], isParameter: true, requiresGrad: true }),
      groups: [{ betas: tuple(0.9, 0.999), params: [0, 1] }],
      state: new Map([[0, { step: 1 }]]),
    };
    const read = decodeCheckpoint(encode(value)) as typeof value;
    expect(read).toStrictEqual(value);
    expect(read.views[0]!.storage).toBe(read.views[1]!.storage);
    expect(read.tensors[0]!.storage).not.toBe(read.tensors[1]!.storage);
  });

  it('gives the same bytes for the same value', () => {
    const value = { a: new StoredTensor({ storage: float32(1, 2), shape: [2] }) };
    expect(encode(value).equals(encode(structuredCloneOf(value)))).toBe(true);
  });

  it('copies no tensor, and reads views into the file', () => {
    const storage = float32(...new Array<number>(100).fill(1));
    const chunks = [...encodeCheckpoint([new StoredTensor({ storage, shape: [100] })])];
    expect(chunks.filter((chunk) => chunk.buffer === storage.bytes.buffer).map((chunk) => chunk.length)).toEqual([400]);
    const file = encode([new StoredTensor({ storage, shape: [100] })]);
    const [read] = decodeCheckpoint(file) as [StoredTensor];
    expect(read.storage.bytes.buffer).toBe(file.buffer);
  });

  it('copies storages of a file whose memory is not aligned', () => {
    const file = encode([new StoredTensor({ storage: float32(1, 2), shape: [2] })]);
    const moved = Buffer.from(new Uint8Array(file.length + 1).buffer, 1);
    file.copy(moved);
    const [read] = decodeCheckpoint(moved) as [StoredTensor];
    expect(read.storage.bytes.byteOffset % 4).toBe(0);
    expect(elements(read)).toEqual([1, 2]);
  });
});

describe('decodeCheckpoint()', () => {
  it("reads a model's state dict", () => {
    const read = decodeCheckpoint(fixture('state_dict')) as Record<string, StoredTensor>;
    const numbers = Object.fromEntries(Object.entries(read).map(([key, tensor]) => [key, elements(tensor)]));
    expect(numbers).toEqual({
      '0.weight': [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      '0.bias': [1.5, 1.5, 1.5],
      '1.weight': [2.5, 2.5, 2.5],
      '1.bias': [3.5, 3.5, 3.5],
      '1.running_mean': [0.15, 0.15, 0.15].map(Math.fround),
      '1.running_var': [0.9, 0.9, 0.9].map(Math.fround),
      '1.num_batches_tracked': [1],
    });
    expect(read['0.weight']!.shape).toEqual([3, 2]);
  });

  it("reads an optimizer's state dict, with 1.0 told from 1 on request", () => {
    const read = decodeCheckpoint(fixture('adamw'), { keepFloats: true }) as Record<string, Record<string, unknown>>;
    const group = (read.optimizer!.param_groups as Record<string, unknown>[])[0]!;
    expect(group.lr).toStrictEqual(new PyFloat(1));
    expect(group.betas).toStrictEqual(tuple(new PyFloat(0.9), new PyFloat(0.999)));
    expect(group.params).toEqual([0]);
    const state = read.optimizer!.state as Map<number, Record<string, StoredTensor>>;
    expect([...state.keys()]).toEqual([0]);
    expect(elements(state.get(0)!.exp_avg!)).toEqual([0.1, -0.1].map(Math.fround));
    expect(read.weight).toMatchObject({ isParameter: true, requiresGrad: true });
  });

  it('reads tensors of every dtype, sharing and strides as they were', () => {
    const read = decodeCheckpoint(fixture('tensors')) as Record<string, StoredTensor> & {
      dtypes: Record<string, StoredTensor>;
    };
    expect(Object.values(read.dtypes).map((tensor) => tensor.dtype)).toEqual(storedDTypes);
    expect(elements(read.dtypes.float32!)).toEqual([0, 1, 1]);
    expect(read.slice!.storage).toBe(read.base!.storage);
    expect(elements(read.slice!)).toEqual([2, 3, 4]);
    expect(elements(read.transposed!)).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    expect(elements(read.expanded!)).toEqual([7, 7, 7]);
    expect(read.scalar).toMatchObject({ shape: [], dtype: 'int64' });
    expect(read.empty).toMatchObject({ shape: [0, 4], numel: 0 });
    expect(read.requires_grad).toMatchObject({ requiresGrad: true, isParameter: false });
    expect(read.parameter).toMatchObject({ requiresGrad: false, isParameter: true });
  });

  it.each(['values', 'values_protocol5'])('reads every kind of value (%s)', (name) => {
    const read = decodeCheckpoint(fixture(name)) as Record<string, unknown>;
    const { numpy_array: array, numpy_fortran: fortran, shared, ...plain } = read;
    expect(plain).toStrictEqual({
      none: null,
      bools: [true, false],
      ints: [0, 255, 256, 65535, 65536, -1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, 2n ** 53n, -(2n ** 70n)],
      floats: [1, -0, 0.1, Number.POSITIVE_INFINITY, Number.NaN],
      text: ['', 'é', '😀', '\ufeff'],
      bytes: [new Uint8Array(), Uint8Array.of(0, 255), PyByteArray.of(97, 98)],
      tuples: [tuple(), tuple(1), tuple(1, 2), tuple(1, 2, 3), tuple<unknown>(1, tuple(2, 3), 4, 5)],
      int_keys: new Map([
        [0, 'a'],
        [10, 'b'],
      ]),
      tuple_keys: new Map([[tuple(1, 2), 'a']]),
      empty_dict: {},
      ordered: { b: 1, a: 2 },
      ordered_ints: new PyDict([
        [2, 1],
        [1, 2],
      ]),
      default: { a: [1] },
      counter: { a: 2, b: 1 },
      sets: [new Set([1, 2]), new PyFrozenSet(['x']), new Set()],
      size: PySize.of(2, 3),
      dtype: new PyDType('bfloat16'),
      devices: [new PyDevice('cpu'), new PyDevice('cuda', 1)],
      paths: ['/a/b.pt', 'a/b'],
      numpy_scalars: [1.5, 0.25, -3, 200, true],
      ['__proto__']: { polluted: true },
    });
    expect(elements(array as StoredTensor)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(elements(fortran as StoredTensor)).toEqual([0, 1, 2, 3, 4, 5]);
    const [first, second] = shared as unknown[];
    expect(first).toBe(second);
  });

  it('names what a hostile file would run, and the class that only Python has', () => {
    expect(() => decodeCheckpoint(fixture('hostile'))).toThrow('classes or functions posix.system, __main__.Custom;');
  });

  it('names the kinds of file that it does not read', () => {
    expect(() => decodeCheckpoint(Buffer.from('hello'))).toThrow('got another kind of file');
    const without = archive({ 'a/version': '3' });
    expect(() => decodeCheckpoint(without)).toThrow('expected one data.pkl in the archive, got 0');
    const script = archive({ 'a/data.pkl': '', 'a/constants.pkl': '' });
    expect(() => decodeCheckpoint(script)).toThrow('TorchScript');
    expect(() => decodeCheckpoint(archive({ 'a/data.pkl': 'N.', 'a/version': '99' }))).toThrow('got "99"');
    const middle = archive({ 'a/data.pkl': 'N.', 'a/version': '3', 'a/byteorder': 'middle' });
    expect(() => decodeCheckpoint(middle)).toThrow('got "middle"');
  });

  it('refuses storages that are missing, too short, or of two dtypes', () => {
    const storage = (dtype: string, key: string, numel: number): string =>
      `(X\x07\0\0\0storagectorch\n${dtype}Storage\nX\x01\0\0\0${key}X\x03\0\0\0cpuK${String.fromCharCode(numel)}tQ0`;
    const read = (pickle: string): unknown =>
      decodeCheckpoint(archive({ 'a/data.pkl': `${pickle}N.`, 'a/version': '3', 'a/data/0': 'abcdefgh' }));
    expect(read(storage('Float', '0', 2))).toBeNull();
    expect(() => read(storage('Float', '1', 2))).toThrow('expected storage "1" in the file, got none');
    expect(() => read(storage('Float', '0', 3))).toThrow('expected 3 elements of float32 in storage "0", got 8 bytes');
    expect(() => read(storage('Float', '0', 2) + storage('Int', '0', 2))).toThrow('got float32 and int32');
  });

  it.each([
    ['ours', encode({ a: [1, 'x', new StoredTensor({ storage: float32(1, 2), shape: [2] })] })],
    ["PyTorch's", fixture('adamw')],
  ])('gives an error or an equal value for every changed byte of %s', (_whose, file) => {
    const expected = encode(decodeCheckpoint(file));
    for (let at = 0; at < file.length; at++) {
      for (const flip of [1 << (at % 8), 0xff]) {
        const damaged = Buffer.from(file);
        damaged[at]! ^= flip;
        const outcome = attempt(damaged);
        if (!(outcome instanceof CheckpointError)) expect(encode(outcome).equals(expected)).toBe(true);
      }
    }
  });

  it('gives an error for a file cut off anywhere', () => {
    const file = encode({ a: [1, 'x', new StoredTensor({ storage: float32(1, 2), shape: [2] })] });
    for (let end = 0; end < file.length; end++) expect(attempt(file.subarray(0, end))).toBeInstanceOf(CheckpointError);
  });
});

function attempt(file: Uint8Array): unknown {
  try {
    return decodeCheckpoint(file);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
}

function archive(entries: Readonly<Record<string, string>>): Buffer {
  const zip = new ZipWriter();
  const chunks = Object.entries(entries).flatMap(([name, text]) => [...zip.entry(name, Buffer.from(text, 'latin1'))]);
  return Buffer.concat([...chunks, ...zip.end()]);
}

/** Another object of the same content. */
function structuredCloneOf(value: { a: StoredTensor }): unknown {
  const { storage, shape } = value.a;
  return { a: new StoredTensor({ storage: { dtype: storage.dtype, bytes: storage.bytes.slice() }, shape }) };
}

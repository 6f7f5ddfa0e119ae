// Tests of NumPy's files: what NumPy wrote and says is in them (test/fixtures/data/tables.py), round trips, and files that are broken.
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  arange,
  type DType,
  dtypes,
  fromBytes,
  libtorchVersion,
  type Tensor,
  tensor,
  zeros,
} from '../../../tensor/index.ts';
import { TensorDataset } from '../../datasets/tensor-dataset.ts';
import { loadNpy, loadNpz, saveNpy, saveNpz } from '../../index.ts';
import { parseHeader } from './npy-format.ts';

const fixture = (name: string): string =>
  new URL(`../../../../test/fixtures/data/tables/${name}`, import.meta.url).pathname;

/** What NumPy says of an array: integers as text, complex numbers as pairs, numbers that are not finite as Python prints them. */
interface Expected {
  readonly shape: readonly number[];
  readonly values: readonly unknown[];
}
/** libtorch 1.13 has no unsigned integers of more than 8 bits. */
const isOld = libtorchVersion().startsWith('1.');
const isUnknown = (dtype: string): boolean => isOld && ['uint16', 'uint32', 'uint64'].includes(dtype);

let folder: string;
let expected: Record<string, Expected>;
const path = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-numpy-'));
  expected = JSON.parse(await readFile(fixture('arrays.json'), 'utf8'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The elements as the fixture has them. */
function plain(array: Tensor): unknown[] {
  const wide = ['float16', 'complex64', 'complex128'].includes(array.dtype) || array.dtype.startsWith('float');
  const values = array.contiguous().toTypedArray();
  if (array.dtype === 'bool') return [...values].map((value) => value !== 0);
  if (!wide) return [...values].map(String);
  if (array.dtype.startsWith('complex')) {
    const parts = [...(values as Float64Array)];
    return Array.from({ length: parts.length / 2 }, (_, i) => parts.slice(2 * i, 2 * i + 2));
  }
  const floats = array.dtype === 'float16' ? array.to('float32').toTypedArray() : values;
  const named = new Map([
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ]);
  return [...(floats as Float64Array)].map((value) => (Number.isNaN(value) ? 'nan' : (named.get(value) ?? value)));
}

describe('loadNpz() and loadNpy()', () => {
  it.each(['stored.npz', 'deflated.npz'])('read what NumPy wrote: %s', async (file) => {
    const names = Object.keys(expected).filter((name) => !isUnknown(name));
    const arrays = await loadNpz(fixture(file), { names });
    for (const name of names) {
      const { shape, values } = expected[name]!;
      expect(arrays[name]!.shape, name).toEqual(shape);
      expect(plain(arrays[name]!), name).toEqual(values);
    }
    expect([arrays.fortran!.stride, arrays.fortran!.dtype]).toEqual([[1, 2, 6], 'int32']);
    if (file === 'deflated.npz') {
      const { long } = await loadNpz(fixture(file), { names: ['long'] });
      expect(long!.toTypedArray()).toEqual(BigInt64Array.from({ length: 20_000 }, (_, i) => BigInt(i % 251)));
    }
  });

  it('read every version of the header, and name what they refuse', async () => {
    const { v1, v2, v3 } = await loadNpz(fixture('versions.npz'), { names: ['v1', 'v2', 'v3'] });
    for (const array of [v1, v2, v3]) expect(plain(array!)).toEqual(expected.float32!.values);
    const refuse = (name: string) => expect(loadNpz(fixture('versions.npz'), { names: [name] })).rejects;
    await refuse('objects').toThrow(
      /Cannot read NumPy file ".*versions.npz", entry "objects.npy": expected numbers, got Python objects/,
    );
    await refuse('fields').toThrow('entry "fields.npy": expected plain elements, got a structure of fields');
    await refuse('text').toThrow('expected numbers or booleans that a tensor can hold, got elements of type "<U2"');
    await refuse('times').toThrow('got elements of type "<M8[s]"');
    await refuse('nothing').toThrow(
      'expected array "nothing", got "v1", "v2", "v3", "objects", "fields", "text", "times"',
    );
  });

  it('map a file instead of reading it', async () => {
    const mapped = await loadNpy(fixture('float32.npy'), { mmap: true });
    expect(plain(mapped)).toEqual(expected.float32!.values);
    expect(mapped.shape).toEqual([2, 3]);
    await saveNpy(arange(100_000).reshape([1000, 100]), path('large.npy'));
    const dataset = new TensorDataset(await loadNpy(path('large.npy'), { mmap: true }));
    expect(dataset.getBatch(Int32Array.of(999, 1)).select(1, 0).toArray()).toEqual([99_900, 100]);
  });

  it('give a dataset of columns', async () => {
    await saveNpz({ image: zeros([3, 2, 2]), label: tensor([4n, 5n, 6n]) }, path('set.npz'));
    const dataset = new TensorDataset(await loadNpz(path('set.npz')));
    expect(dataset.getBatch(Int32Array.of(2, 0)).label!.toArray()).toEqual([6, 4]);
  });
});

describe('saveNpy() and saveNpz()', () => {
  it('write what NumPy writes, to the byte', async () => {
    for (const name of ['float32', 'scalar', 'int64', 'empty']) {
      await saveNpy(await loadNpy(fixture(`${name}.npy`)), path(`${name}.npy`));
      expect(await readFile(path(`${name}.npy`))).toEqual(await readFile(fixture(`${name}.npy`)));
    }
  });

  it('give back any tensor, in a file of its own and in an archive', async () => {
    const numpy = dtypes.filter((dtype) => !/^(bfloat16|complex32|float8)/.test(dtype) && !isUnknown(dtype));
    const shape = fc.array(fc.nat(4), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...numpy),
        shape,
        fc.infiniteStream(fc.nat(255)),
        fc.boolean(),
        async (dtype, sizes, bytes, isTurned) => {
          const original = random(dtype, sizes, bytes);
          const saved = isTurned && sizes.length > 1 ? original.transpose(0, 1) : original;
          await saveNpy(saved, path('any.npy'));
          await saveNpz({ a: saved, b: original }, path('any.npz'));
          const { a, b } = await loadNpz(path('any.npz'));
          for (const [got, wanted] of [
            [await loadNpy(path('any.npy')), saved],
            [a!, saved],
            [b!, original],
          ] as const) {
            expect([got.dtype, got.shape]).toEqual([wanted.dtype, wanted.shape]);
            expect(got.toBytes()).toEqual(wanted.toBytes());
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuse what NumPy has not, and a place that cannot be written', async () => {
    const half = zeros([2], { dtype: 'bfloat16' });
    await expect(saveNpy(half, path('half.npy'))).rejects.toThrow('expected a dtype that NumPy has, got bfloat16');
    await expect(saveNpz({ half }, path('half.npz'))).rejects.toThrow('Cannot write array "half" of');
    await expect(saveNpy(zeros([1]), path('no/where.npy'))).rejects.toThrow(
      'expected a place that can be written, got ENOENT',
    );
  });
});

function random(dtype: DType, shape: readonly number[], bytes: Iterator<number>): Tensor {
  const numElements = shape.reduce((product, size) => product * size, 1);
  const isBool = dtype === 'bool';
  const itemBytes = zeros([1], { dtype }).toBytes().length;
  const data = Uint8Array.from({ length: numElements * itemBytes }, () => bytes.next().value & (isBool ? 1 : 255));
  return fromBytes(data, shape, dtype);
}

describe('a broken file', () => {
  it('is named, with what is wrong', async () => {
    const whole = await readFile(fixture('float32.npy'));
    const problem = async (bytes: Uint8Array): Promise<string> => {
      await writeFile(path('broken.npy'), bytes);
      return loadNpy(path('broken.npy')).then(
        () => 'none',
        (error: Error) => error.message.replace(/".*?": /, ''),
      );
    };
    const header = (text: string): Buffer => {
      const bytes = Buffer.from(`\x93NUMPY\x01\x00..${text}\n`, 'latin1');
      bytes.writeUInt16LE(bytes.length - 10, 8);
      return bytes;
    };
    expect(await problem(whole.subarray(0, 8))).toBe(
      'Cannot read NumPy file expected an array, got the end of the file',
    );
    expect(await problem(whole.subarray(0, 60))).toContain('bytes of the header, got 50: the file is cut short');
    expect(await problem(whole.subarray(0, -1))).toContain(
      'expected 24 bytes of float32 elements of shape [2, 3], got 23: the file is cut short',
    );
    expect(await problem(Buffer.concat([whole, whole]))).toContain(
      'expected nothing behind float32 elements of shape [2, 3], got more bytes',
    );
    expect(await problem(Buffer.from('PK\x03\x04 and so on'))).toContain('expected a file that begins with \\x93NUMPY');
    expect(await problem(Buffer.from('\x93NUMPY\x07\x00abcdef', 'latin1'))).toContain(
      'expected version 1, 2 or 3 of the format, got 7',
    );
    expect(
      await problem(header("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4000000000), }")),
    ).toContain('the file is cut short');
    expect(await problem(header("{'descr': '<f4', 'shape': (1,), }"))).toContain(
      'expected descr, fortran_order and shape in the header',
    );
    expect(await problem(header("{'descr': __import__('os'), 'fortran_order': False, 'shape': (1,), }"))).toContain(
      'expected descr, fortran_order and shape',
    );
    expect(await problem(header("{'descr': '<f4', 'fortran_order': False, 'shape': (1,,2), }"))).toContain(
      'expected sizes as the shape',
    );
    await writeFile(path('mapped.npy'), whole.subarray(0, -1));
    await expect(loadNpy(path('mapped.npy'), { mmap: true })).rejects.toThrow('expected 152 bytes, got a file of 151');
    await expect(loadNpy(path('nowhere.npy'))).rejects.toThrow('nowhere.npy": expected a readable file, got ENOENT');
  });

  it('is found out wherever a bit of an archive is another, and wherever it is cut', async () => {
    for (const file of ['stored.npz', 'deflated.npz']) {
      const whole = await readFile(fixture(file));
      const names = ['float32', 'fortran', 'int8'];
      for (let at = 3; at < whole.length; at += 149) {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= 1 << (at % 8);
        await writeFile(path(file), bytes);
        const read = await loadNpz(path(file), { names }).catch((error: Error) => error);
        if (read instanceof Error) expect(read.message).toContain(`Cannot read NumPy file "${path(file)}"`);
        else
          for (const name of names) expect(plain(read[name]!), `${file} ${at} ${name}`).toEqual(expected[name]!.values);
      }
      await writeFile(path(file), whole);
      await truncate(path(file), whole.length - 30);
      await expect(loadNpz(path(file))).rejects.toThrow('expected a zip file with its directory at the end, got none');
    }
  });
});

describe('parseHeader()', () => {
  it('takes what other programs write', () => {
    const header = { dtype: 'float64', isBigEndian: false, isFortran: true, shape: [3, 4] };
    for (const text of [
      "{'descr': '<f8', 'fortran_order': True, 'shape': (3, 4), }   \n",
      "{'shape':(3,4),'fortran_order':True,'descr':'<f8'}\n",
    ])
      expect(parseHeader(text)).toEqual(header);
  });
});

// Tensors through files: values, layouts, shared memory, and what a file is when the tensors change while it is written.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { Linear } from '../nn/index.ts';
import { Parameter } from '../nn/parameter.ts';
import { getNative } from '../tensor/call.ts';
import {
  arange,
  type DType,
  dtypes,
  hostBuffer,
  libtorchVersion,
  liveTensors,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '../tensor/index.ts';
import { complex } from '../tensor/ops.generated.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { plainChecksum } from './checksum.ts';
import { verifyFile } from './file.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { load, nativeChecksum, save, TensorDescriber, TensorMaker } from './tensors.ts';
import { PyArray, PyFloat } from './values.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sconce-tensors-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What comes back of a value. */
async function roundTrip<T>(value: T): Promise<T> {
  const path = join(folder, 'value.pt');
  await save(value, path);
  return (await load(path)) as T;
}

const facts = (value: Tensor) => ({
  dtype: value.dtype,
  shape: value.shape,
  stride: value.stride,
  requiresGrad: value.requiresGrad,
  isParameter: value instanceof Parameter,
});

const fixture = (name: string): string => fileURLToPath(new URL(`../../test/fixtures/serial/${name}`, import.meta.url));
// The oldest libtorch lacks the later dtypes.
const isCurrent = libtorchVersion().startsWith('2.13');

describe('save() and load()', () => {
  for (const dtype of dtypes.filter((name: DType) => isCurrent || !/^uint\d\d$|^float8/.test(name))) {
    test(`keep ${dtype} bit for bit`, async () => {
      const value = arange(-3, 5).view([2, 4]).to(dtype);
      const read = await roundTrip({ value });
      expect(facts(read.value)).toEqual(facts(value));
      expect(read.value.toBytes()).toEqual(value.toBytes());
    });
  }

  test('keep shapes without elements and without dimensions', async () => {
    const read = await roundTrip({ none: zeros([0, 3]), one: tensor(2.5), other: zeros([2, 0]) });
    expect(read.none.shape).toEqual([0, 3]);
    expect(read.other.shape).toEqual([2, 0]);
    expect(read.one.item()).toBe(2.5);
  });

  test('keep NaN, infinities and the sign of zero', async () => {
    const value = tensor([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]);
    expect((await roundTrip({ value })).value.toBytes()).toEqual(value.toBytes());
  });

  test('keep strides and offsets: transposed, sliced, expanded', async () => {
    const base = arange(0, 24).view([4, 6]);
    const views = {
      transposed: base.t(),
      column: base.select(1, 2),
      rows: base.narrow(0, 1, 2),
      wide: tensor([[7]]).expand([3, 4]),
    };
    const read = await roundTrip(views);
    for (const name of Object.keys(views) as (keyof typeof views)[]) {
      expect(facts(read[name])).toEqual(facts(views[name]));
      expect(read[name].toArray()).toEqual(views[name].toArray());
    }
  });

  test('write what is only marked as conjugated or negated as it reads', async () => {
    const value = complex(tensor([1, 2]), tensor([3, 4]));
    const conjugated = value.conj();
    const read = await roundTrip({ value, conjugated, imaginary: conjugated.imag });
    expect(read.value.toTypedArray()).toEqual(Float32Array.of(1, 3, 2, 4));
    expect(read.conjugated.toTypedArray()).toEqual(Float32Array.of(1, -3, 2, -4));
    expect(read.imaginary.toTypedArray()).toEqual(Float32Array.of(-3, -4));
  });

  test('keep which tensors share memory, and that others do not', async () => {
    const base = arange(0, 6);
    const path = join(folder, 'shared.pt');
    const value = { base, tail: base.narrow(0, 2, 4), bits: base.view('int32'), other: arange(0, 6), again: base };
    await save(value, path);
    expect(await verifyFile(path)).toMatchObject({ numStorages: 3 }); // one memory as another dtype is written again
    const read = (await load(path)) as typeof value;
    read.base.fill_(9);
    expect(read.tail.toArray()).toEqual([9, 9, 9, 9]);
    expect(read.again).toBe(read.base);
    expect(read.other.toArray()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('keep parameters, and which leaves want gradients', async () => {
    const { weight, bias } = new Linear(2, 3);
    bias!.requiresGrad = false;
    const leaf = zeros([2]).requiresGrad_();
    const value = { weight, bias: bias!, leaf, computed: weight.mul(2), detached: weight.detach() };
    const read = await roundTrip(value);
    expect(facts(read.weight)).toEqual(facts(weight));
    expect(facts(read.bias)).toMatchObject({ isParameter: true, requiresGrad: false });
    expect(facts(read.leaf)).toMatchObject({ isParameter: false, requiresGrad: true });
    // A tensor that was computed has lost where it came from: it is a plain one.
    expect(facts(read.computed)).toMatchObject({ isParameter: false, requiresGrad: false });
    expect(read.detached.requiresGrad).toBe(false);
  });

  test('write what the tensors were when save() was called', async () => {
    const value = tensor([1, 2, 3]);
    const path = join(folder, 'value.pt');
    const saving = save({ value }, path);
    value.fill_(0);
    value.dispose();
    await saving;
    expect(((await load(path)) as { value: Tensor }).value.toArray()).toEqual([1, 2, 3]);
  });

  test('leave no tensor behind that was only needed on the way', () => {
    const value = complex(tensor([1]), tensor([2])).conj();
    const before = settledTensors();
    scope(() => {
      const describer = new TensorDescriber({ copies: true });
      const stored = describer.describe(value) as StoredTensor;
      expect(new TensorMaker().make(stored).toTypedArray()).toEqual(Float32Array.of(1, -2));
      describer.release();
    });
    expect(liveTensors()).toBe(before);
  });

  test('name the place of a tensor that is gone', async () => {
    const value = tensor([1]);
    value.dispose();
    await expect(save({ list: [1, value] }, join(folder, 'x.pt'))).rejects.toThrow(
      /Cannot write checkpoint ".*x\.pt": /,
    );
  });

  test('read values before a conjugation or negation, and write them as they read', async () => {
    const read = (await load(fixture('kinds.pt'))) as Record<string, Tensor>;
    expect(read.conjugated!.isConj()).toBe(true);
    expect(read.conjugated!.resolveConj().toTypedArray()).toEqual(Float32Array.of(1, -2, 3, 4));
    expect(read.negated!.toArray()).toEqual([-2]);
  });

  // The oldest libtorch has no tensors in compressed columns or blocks.
  test.skipIf(!isCurrent)('keep sparse tensors of every layout', async () => {
    const read = (await load(fixture('kinds.pt'))) as Record<string, Tensor>;
    const names = ['coo', 'uncoalesced', 'csr', 'csc', 'bsr'];
    const again = await roundTrip(Object.fromEntries(names.map((name) => [name, read[name]!])));
    for (const value of [read, again]) {
      expect(names.map((name) => value[name]!.layout)).toEqual([
        'sparse_coo',
        'sparse_coo',
        'sparse_csr',
        'sparse_csc',
        'sparse_bsr',
      ]);
      expect(value.coo!.isCoalesced()).toBe(true);
      expect(value.uncoalesced!.isCoalesced()).toBe(false);
      expect(value.uncoalesced!.toDense().toArray()).toEqual([0, 15, 0]);
      expect(['coo', 'csr', 'csc'].map((name) => value[name]!.toDense().toArray())).toEqual(
        new Array(3).fill([
          [0, 5],
          [6, 0],
        ]),
      );
      expect(value.bsr!.toDense().flatten().toArray()).toEqual(Array.from({ length: 16 }, (_, index) => index));
    }
  });

  test('keep NumPy arrays as arrays where types are kept', async () => {
    const path = join(folder, 'arrays.pt');
    await save({ array: new PyArray(arange(0, 6).view([2, 3])), when: new PyFloat(1) }, path);
    const read = (await load(path, { keepTypes: true })) as { array: PyArray<Tensor>; when: PyFloat };
    expect(read.array.tensor.toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(read.when).toEqual(new PyFloat(1));
    expect(((await load(path)) as { array: Tensor }).array.shape).toEqual([2, 3]);
  });

  test('write memory that JavaScript also holds, and empty memory', async () => {
    const { data, tensor: shared } = hostBuffer('float32', [3]);
    data.set([1, 2, 3] as never);
    const read = await roundTrip({ shared, again: shared.narrow(0, 1, 1), none: zeros([0]) });
    expect(read.shared.toArray()).toEqual([1, 2, 3]);
    data.set([9] as never, 1);
    expect(shared.toArray()).toEqual([1, 9, 3]);
    expect(read.again.toArray()).toEqual([2]);
  });

  test('write beside the event loop what the tensors were', async () => {
    const value = tensor([1, 2, 3]);
    const path = join(folder, 'value.pt');
    const saving = save({ value }, path, { inBackground: true });
    value.fill_(0);
    await saving;
    expect(((await load(path)) as { value: Tensor }).value.toArray()).toEqual([1, 2, 3]);
  });

  test('hold no memory but that of the tensors, which goes with them', async () => {
    const path = join(folder, 'large.pt');
    const saved = { a: zeros([1_000_000]), b: zeros([500_000]) };
    await save(saved, path);
    for (const value of Object.values(saved)) value.dispose();
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const inUse = (): number => getNative().memoryCounters()[0];
    const read = (await load(path)) as typeof saved;
    await turn(); // Node lets go of a detached buffer in a turn of its own
    const before = inUse();
    for (const value of Object.values(read)) value.dispose();
    await turn();
    expect(before - inUse()).toBeGreaterThanOrEqual(6_000_000);
  });

  test('refuse options that there are not', async () => {
    const path = join(folder, 'x.pt');
    await expect(save(1, path, { background: true } as never)).rejects.toThrow(TypeError);
    await expect(load(path, { mmaped: true } as never)).rejects.toThrow('"mmaped"');
  });
});

describe('load() with mmap', () => {
  test('gives the same tensors, each with a storage of its own, and leaves the file alone', async () => {
    const path = join(folder, 'value.pt');
    const base = arange(0, 1000);
    await save({ base, view: base.narrow(0, 10, 5), half: arange(0, 7).to('bfloat16'), list: [1, 'x'] }, path);
    const before = readFileSync(path);
    const read = (await load(path, { mmap: true })) as { base: Tensor; view: Tensor; half: Tensor; list: unknown };
    expect(read.view.toArray()).toEqual([10, 11, 12, 13, 14]);
    expect(read.half.to('float32').toArray()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(read.list).toEqual([1, 'x']);
    read.base.fill_(7);
    expect(read.view.toArray()).toEqual([7, 7, 7, 7, 7]);
    expect(readFileSync(path).equals(before)).toBe(true);
    const copy = join(folder, 'copy.pt');
    await save(read.view, copy);
    expect(statSync(copy).size).toBeLessThan(statSync(path).size);
  });

  test('outlives the file and the other tensors of it', async () => {
    const path = join(folder, 'value.pt');
    await save({ a: arange(0, 5), b: arange(5, 9) }, path);
    const { a, b } = (await load(path, { mmap: true })) as { a: Tensor; b: Tensor };
    rmSync(path);
    a.dispose();
    expect(b.toArray()).toEqual([5, 6, 7, 8]);
  });

  test('checks headers and the pickle, and refuses what cannot be mapped', async () => {
    await expect(load(fixture('legacy.pt'), { mmap: true })).rejects.toThrow('got a file from before PyTorch 1.6');
    await expect(load(fixture('big_endian.pt'), { mmap: true })).rejects.toThrow('got a big-endian one');
    await expect(load(join(folder, 'none.pt'), { mmap: true })).rejects.toThrow(/Cannot read checkpoint ".*none\.pt"/);
    const path = join(folder, 'empty.pt');
    writeFileSync(path, '');
    await expect(load(path, { mmap: true })).rejects.toThrow(CheckpointError);
    const damaged = Buffer.from(readFileSync(fixture('adamw.pt')));
    damaged[100]! ^= 1; // in the pickle
    writeFileSync(path, damaged);
    await expect(load(path, { mmap: true })).rejects.toThrow('expected CRC');
  });
});

test('plainChecksum() of no bytes is what came before', () => {
  expect(plainChecksum(new Uint8Array(new ArrayBuffer(0)), 123)).toBe(123);
});

describe('nativeChecksum()', () => {
  test('is the CRC-32 of zlib, for any length, alignment and beginning', () => {
    const bytes = new Uint8Array(5000).map((_, index) => (index * 2654435761) >>> 13);
    const checksum = nativeChecksum();
    for (let length = 0; length < 400; length++) {
      const part = bytes.subarray(length % 17, (length % 17) + length);
      expect(checksum(part)).toBe(crc32(part));
      expect(checksum(part, 0xdeadbeef)).toBe(crc32(part, 0xdeadbeef));
    }
    expect(checksum(bytes.subarray(1234), checksum(bytes.subarray(0, 1234)))).toBe(crc32(bytes));
  });
});

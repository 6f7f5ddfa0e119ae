// Tensors through files: values, layouts, shared memory, and what a file is when the tensors change while it is written.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Linear } from '../nn/index.ts';
import { Parameter } from '../nn/parameter.ts';
import {
  arange,
  type DType,
  dtypes,
  libtorchVersion,
  liveTensors,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '../tensor/index.ts';
import { complex } from '../tensor/ops.generated.ts';
import { verifyFile } from './file.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { load, save, TensorDescriber, TensorMaker } from './tensors.ts';

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

describe('save() and load()', () => {
  // The oldest libtorch lacks the later ones.
  const isCurrent = libtorchVersion().startsWith('2.13');
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
    const before = liveTensors();
    scope(() => {
      const stored = new TensorDescriber({ copies: true }).describe(value) as StoredTensor;
      expect(new TensorMaker().make(stored).toTypedArray()).toEqual(Float32Array.of(1, -2));
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
});

// Data that a configuration names, as it gives samples, and what it says where paths or columns are wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Dataset } from '../../../data/index.ts';
import { saveNpz } from '../../../data/index.ts';
import { Tensor, tensor } from '../../../tensor/index.ts';
import { Registry } from '../registry.ts';
import { datasets } from './datasets.ts';

const folder = mkdtempSync(join(tmpdir(), 'sconce-datasets-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string | Uint8Array = ''): string => {
  const path = join(folder, name);
  if (text.length > 0) writeFileSync(path, text);
  return path;
};

const registry = new Registry().add({ datasets }, 'the library');
type Config = { readonly type: string; readonly [option: string]: unknown };
const make = async (config: Config): Promise<Dataset<unknown>> =>
  (await registry.build('dataset', config, {} as never)) as Dataset<unknown>;

/** The last sample, tensors as arrays. */
async function last(config: Config): Promise<unknown> {
  const dataset = await make(config);
  const plain = (value: unknown): unknown => {
    if (value instanceof Tensor) return value.toArray();
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  };
  return plain(await dataset.get(dataset.length - 1, { seed: 0, epoch: 0 }));
}

test('a table gives rows by name, or inputs and a target: a class number of integers, else numbers', async () => {
  const table = { type: 'csv', path: file('flowers.csv', 'long,wide,kind\n1.5,2,0\n3.5,4,2\n') };
  expect(await last(table)).toEqual({ long: 3.5, wide: 4, kind: 2 });
  expect(await last({ ...table, inputs: ['long', 'wide'], target: 'kind' })).toEqual([[3.5, 4], 2]);
  expect(await last({ ...table, inputs: ['wide'], target: 'long' })).toEqual([[4], [3.5]]);
  expect(await last({ ...table, inputs: ['wide'], target: ['long', 'kind'] })).toEqual([[4], [3.5, 2]]);
  for (const half of [{ inputs: ['wide'] }, { target: 'kind' }, { inputs: 'wide', target: 'kind' }])
    await expect(make({ ...table, ...half })).rejects.toThrow('expected inputs, a list of columns, and target');
  await expect(make({ ...table, inputs: ['tall'], target: 'kind' })).rejects.toThrow('tall');
});

test('files give their samples, by one path or several', async () => {
  const [a, b] = [file('a.jsonl', '{"x": 1}\n'), file('b.jsonl', '{"x": 2}\n{"x": 3}\n')];
  expect(await last({ type: 'jsonl', path: a })).toEqual({ x: 1 });
  expect((await make({ type: 'jsonl', path: [a, b] })).length).toBe(3);
  expect(await last({ type: 'values', values: [5, 7] })).toBe(7);
  await saveNpz({ x: tensor([[1, 2]]), y: tensor([3]) }, file('pair.npz'));
  expect(await last({ type: 'npz', path: join(folder, 'pair.npz') })).toEqual({ x: [1, 2], y: 3 });
  for (const path of [undefined, 5, [a, 5]])
    await expect(make({ type: 'jsonl', path })).rejects.toThrow(
      'Cannot make a dataset: expected path, a text or a list of texts, got',
    );
});

test('pictures in IDX files give an image with one channel and its class', async () => {
  const idx = (dims: readonly number[], values: readonly number[]): Uint8Array =>
    Uint8Array.from([0, 0, 8, dims.length, ...dims.flatMap((dim) => [0, 0, 0, dim]), ...values]);
  const images = file('images-idx3-ubyte', idx([2, 1, 3], [1, 2, 3, 4, 5, 6]));
  const labels = file('labels-idx1-ubyte', idx([2], [7, 9]));
  expect(await last({ type: 'idx', images, labels })).toEqual([[[[4, 5, 6]]], 9]);
  await expect(make({ type: 'fashion-mnist', folder: join(folder, 'none') })).rejects.toThrow('none');
});

// Tensors through safetensors files and folders: what Python wrote (test/fixtures/serial/safetensors.py), what we write, parts, and shared memory.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { Linear } from '../nn/index.ts';
import { arange, dtypes, libtorchVersion, liveTensors, tensor, zeros } from '../tensor/index.ts';
import { complex } from '../tensor/ops.generated.ts';
import { settledTensors } from '../tensor/testing/settled-tensors.ts';
import { loadSafetensors, openSafetensors, saveSafetensors } from './safetensors.ts';
import { save } from './tensors.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../test/fixtures/serial/${name}`, import.meta.url));
const isCurrent = libtorchVersion().startsWith('2.13');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-safetensors-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('loadSafetensors()', () => {
  it.runIf(isCurrent)('reads every dtype that Python wrote, and the same bytes are written of it', async () => {
    const state = await loadSafetensors(fixture('dtypes.safetensors'));
    const missing = dtypes.filter((name) => !(name in state));
    expect(missing).toEqual(['complex32', 'complex128']);
    for (const dtype of dtypes.filter((name) => name in state && !name.startsWith('complex'))) {
      expect(state[dtype]!.dtype).toBe(dtype);
      const values = dtype === 'float8_e8m0fnu' ? undefined : state[dtype]!.to('float64').toArray();
      if (values) expect(values).toEqual([[1, 0, 1], [1, 1, 1]]); // biome-ignore format: rows
    }
    expect(state.complex64!.toTypedArray()).toEqual(Float32Array.of(1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0));
    expect(state.scalar!.item()).toBe(2.5);
    expect(state.empty!.shape).toEqual([0, 4]);
    const path = join(folder, 'again.safetensors');
    await saveSafetensors(state, path, { metadata: { format: 'pt' } });
    expect((await readFile(path)).equals(await readFile(fixture('dtypes.safetensors')))).toBe(true);
  });

  it('reads a sharded folder, by its own name and by that of its index', async () => {
    for (const path of [fixture('sharded'), fixture('sharded/model.safetensors.index.json')]) {
      const state = await loadSafetensors(path);
      expect(Object.keys(state)).toEqual(['b', 'a', 'c']);
      expect(state.a!.toArray()).toEqual([0, 1, 2, 3]);
      expect(state.c!.item()).toBe(1.5);
    }
  });

  it('gives tensors that Python left out because they are tied, as one tensor', async () => {
    const state = await loadSafetensors(fixture('tied.safetensors'));
    expect(Object.keys(state).sort()).toEqual(['embedding.weight', 'head.weight']);
    expect(state['embedding.weight']).toBe(state['head.weight']);
    expect(Object.keys(await loadSafetensors(fixture('tied.safetensors'), { ties: false }))).toHaveLength(1);
  });

  it('reads only the names that are asked for, in their order, and names those that are not there', async () => {
    expect(Object.keys(await loadSafetensors(fixture('sharded'), { names: ['c', 'a'] }))).toEqual(['c', 'a']);
    const before = settledTensors();
    await expect(loadSafetensors(fixture('sharded'), { names: ['c', 'q'] })).rejects.toThrow(
      'expected a tensor of the file, got "q"; it has "b", "a", "c"',
    );
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });

  it('refuses options that it has not', async () => {
    const options = { name: ['a'] } as object;
    await expect(loadSafetensors(fixture('sharded'), options)).rejects.toThrow('got "name"');
  });

  it('names the file, and the way to read another kind', async () => {
    const path = join(folder, 'model.safetensors');
    await save({ a: 1 }, path);
    await expect(loadSafetensors(path)).rejects.toThrow(
      /Cannot read checkpoint ".*model\.safetensors": .*read it with load\(\)/,
    );
    await writeFile(path, '');
    await expect(loadSafetensors(path)).rejects.toThrow('got 0 bytes');
    await expect(loadSafetensors(join(folder, 'none'))).rejects.toThrow('ENOENT');
    await rm(path);
    await expect(loadSafetensors(folder)).rejects.toThrow('model.safetensors.index.json or model.safetensors');
  });

  it('names dtypes that no tensor has, and reads the tensors beside them', async () => {
    const header = Buffer.from(
      '{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const path = join(folder, 'x.safetensors');
    await writeFile(path, Buffer.concat([length, header, Uint8Array.of(1, 7)]));
    const before = settledTensors();
    await expect(loadSafetensors(path)).rejects.toThrow('got F4 at "a"; read the others by name');
    expect(liveTensors()).toBeLessThanOrEqual(before);
    expect((await loadSafetensors(path, { names: ['b'] })).b!.toArray()).toEqual([7]);
  });
});

describe('a sharded folder', () => {
  const index = async (change: (index: { weight_map: Record<string, unknown> }) => void): Promise<void> => {
    await cp(fixture('sharded'), folder, { recursive: true });
    const path = join(folder, 'model.safetensors.index.json');
    const value = JSON.parse(await readFile(path, 'utf8')) as { weight_map: Record<string, unknown> };
    change(value);
    await writeFile(path, JSON.stringify(value));
  };

  it('is refused where its index leads out of it or to a file without the tensor', async () => {
    for (const file of [
      '../x.safetensors',
      '/etc/x.safetensors',
      'a\\x.safetensors',
      'c:x.safetensors',
      'x.pt',
      3,
      null,
    ]) {
      await index(({ weight_map }) => Object.assign(weight_map, { a: file }));
      await expect(loadSafetensors(folder)).rejects.toThrow(
        'expected a .safetensors file beside the index for tensor "a"',
      );
    }
    await index(({ weight_map }) => Object.assign(weight_map, { a: 'model-00002-of-00002.safetensors' }));
    await expect(loadSafetensors(folder)).rejects.toThrow('got a file without it');
    await index(({ weight_map }) => Object.assign(weight_map, { a: 'other.safetensors' }));
    await expect(loadSafetensors(folder)).rejects.toThrow('ENOENT');
  });

  it('is refused where two files hold one tensor', async () => {
    await index(() => {});
    await saveSafetensors({ a: zeros([1]), c: zeros([1]) }, join(folder, 'model-00002-of-00002.safetensors'));
    await expect(loadSafetensors(folder)).rejects.toThrow('expected tensor "a" in one file');
  });

  it('is written in files of a size, replaces an older one whole, and comes back', async () => {
    const state = { a: tensor([0, 1, 2, 3]), b: zeros([10]), c: zeros([2]), d: zeros([1]) };
    await saveSafetensors(state, folder, { maxShardBytes: 16 });
    expect((await readdir(folder)).sort()).toEqual([
      ...[1, 2, 3].map((number) => `model-0000${number}-of-00003.safetensors`),
      'model.safetensors.index.json',
    ]);
    const text = await readFile(join(folder, 'model.safetensors.index.json'), 'utf8');
    expect(JSON.parse(text)).toEqual({
      metadata: { total_size: 68 },
      weight_map: {
        a: 'model-00002-of-00003.safetensors',
        b: 'model-00001-of-00003.safetensors',
        c: 'model-00003-of-00003.safetensors',
        d: 'model-00003-of-00003.safetensors',
      },
    });
    expect((await loadSafetensors(folder)).a!.toArray()).toEqual([0, 1, 2, 3]);
    await saveSafetensors({ a: state.a }, folder, { maxShardBytes: 1000 });
    expect(await readdir(folder)).toEqual(['model.safetensors']);
    expect(Object.keys(await loadSafetensors(folder))).toEqual(['a']);
  });
});

describe('saveSafetensors()', () => {
  it('writes views as they read, and what the tensors were when it was called', async () => {
    const path = join(folder, 'x.safetensors');
    const base = arange(0, 6).view([2, 3]);
    const value = complex(tensor([1]), tensor([2])).conj();
    const saving = saveSafetensors({ transposed: base.t(), value, wide: tensor([7]).expand([3]) }, path);
    base.fill_(0);
    await saving;
    const read = await loadSafetensors(path);
    expect(read.transposed!.toArray()).toEqual([[0, 3], [1, 4], [2, 5]]); // biome-ignore format: rows
    expect(read.transposed!.stride).toEqual([2, 1]);
    expect(read.value!.toTypedArray()).toEqual(Float32Array.of(1, -2));
    expect(read.wide!.toArray()).toEqual([7, 7, 7]);
  });

  it('lists tensors that share memory, and does with them what it is told', async () => {
    const path = join(folder, 'x.safetensors');
    const base = arange(0, 6);
    const { weight } = new Linear(1, 2);
    const state = { b: weight, a: weight.detach(), c: base.narrow(0, 0, 3), d: base.narrow(0, 3, 3) };
    await expect(saveSafetensors(state, path)).rejects.toThrow('got some that share it: ["a", "b"]; sharedTensors');
    expect(await readdir(folder)).toEqual([]);
    await saveSafetensors(state, path, { sharedTensors: 'once', metadata: { format: 'pt' } });
    const reader = await openSafetensors(path);
    expect(reader.names).toEqual(['c', 'd', 'a']);
    expect(reader.metadata).toEqual({ format: 'pt', b: 'a' });
    await reader.close();
    const read = await loadSafetensors(path);
    expect(read.b).toBe(read.a);
    await saveSafetensors(state, path, { sharedTensors: 'copy' });
    const copies = await loadSafetensors(path);
    copies.b!.fill_(0);
    expect(copies.a!.toArray()).toEqual(weight.toArray());
    const parts = { all: base, part: base.narrow(0, 1, 2) };
    await expect(saveSafetensors(parts, path, { sharedTensors: 'once' })).rejects.toThrow('which share a part');
  });

  it('refuses what no file can have', async () => {
    const path = join(folder, 'x.safetensors');
    const bad = { a: { nested: 1 } } as unknown as Record<string, ReturnType<typeof zeros>>;
    await expect(saveSafetensors(bad, path)).rejects.toThrow('at "a"; save() writes nested values');
    const sparse = { a: tensor([[0, 1]]).toSparse() };
    await expect(saveSafetensors(sparse, path)).rejects.toThrow('got layout sparse_coo at "a"; write its toDense()');
    const metadata = { epoch: 1 } as unknown as Record<string, string>;
    await expect(saveSafetensors({}, path, { metadata })).rejects.toThrow('expected text in metadata at "epoch"');
    await expect(saveSafetensors({}, path, { maxShardBytes: 0 })).rejects.toThrow('maxShardBytes > 0, got 0');
    await expect(saveSafetensors({}, path, { shards: 1 } as object)).rejects.toThrow('got "shards"');
    expect(await readdir(folder)).toEqual([]);
    await expect(saveSafetensors({}, join(folder, 'none/x'))).rejects.toBeInstanceOf(CheckpointError);
  });
});

describe('openSafetensors()', () => {
  it('tells of tensors without reading them, and reads rows alone', async () => {
    const reader = await openSafetensors(fixture('sharded'));
    expect(reader.metadata).toEqual({ format: 'pt' });
    expect(reader.info('b')).toEqual({ dtype: 'I64', shape: [2, 3], sizeBytes: 48 });
    expect((await reader.rows('b', 1, 2)).toArray()).toEqual([[3, 4, 5]]);
    expect((await reader.rows('b', 2, 2)).shape).toEqual([0, 3]);
    await expect(reader.rows('b', 1, 3)).rejects.toThrow('expected 0 to 2, got 1 to 3');
    await expect(reader.rows('b', -1, 1)).rejects.toThrow(RangeError);
    const tensors = await reader.tensors(['c', 'a', 'c']);
    expect(tensors[0]).toBe(tensors[2]);
    await reader.close();
    await expect(reader.tensor('a')).rejects.toBeInstanceOf(CheckpointError);
  });

  it('reads a file of many tensors, small and large, straight into their memory', async () => {
    const path = join(folder, 'x.safetensors');
    const state = Object.fromEntries(Array.from({ length: 2500 }, (_, i) => [`t${i}`, arange(i, i + (i % 7))]));
    state.large = arange(0, 5_000_000);
    await saveSafetensors(state, path);
    const read = await loadSafetensors(path);
    for (const [name, value] of Object.entries(state))
      expect(Buffer.compare(read[name]!.toBytes(), value.toBytes())).toBe(0);
  });
});

describe('loadSafetensors({ mmap: true })', () => {
  it('gives the values of the file, which writing to them does not change', async () => {
    const path = join(folder, 'x.safetensors');
    await saveSafetensors({ a: tensor([1, 2]), b: tensor([3n]), none: zeros([0, 2]), flag: tensor([true]) }, path);
    const before = await readFile(path);
    const live = settledTensors();
    const read = await loadSafetensors(path, { mmap: true });
    expect(liveTensors()).toBeLessThanOrEqual(live + 4); // what other tests left may be collected meanwhile
    expect(read.none!.shape).toEqual([0, 2]);
    expect(read.flag!.toArray()).toEqual([true]);
    read.a!.fill_(9);
    expect(read.b!.toArray({ bigint: true })).toEqual([3n]);
    expect((await readFile(path)).equals(before)).toBe(true);
    // Each has memory of its own: nothing is written twice for sharing a file.
    await saveSafetensors(read, join(folder, 'again.safetensors'));
    expect((await loadSafetensors(join(folder, 'again.safetensors'))).a!.toArray()).toEqual([9, 9]);
  });

  it('reads what does not lie at multiples of its elements', async () => {
    const header = Buffer.from('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}');
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const path = join(folder, 'x.safetensors');
    await writeFile(path, Buffer.concat([length, header, new Uint8Array(Float32Array.of(1.5).buffer)]));
    expect(header.length % 4).not.toBe(0);
    expect((await loadSafetensors(path, { mmap: true })).a!.item()).toBe(1.5);
  });
});

// Checkpoints on disk: whole or not there, and never trusted.
import { readdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { decodeCheckpoint } from './decode.ts';
import { loadValue, saveValue, verifyFile, writeFileDurably } from './file.ts';
import { StoredTensor } from './stored-tensor.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-serial-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const storage = { dtype: 'uint8', bytes: new Uint8Array(200_000).map((_, index) => index % 251) } as const;
const tensors = [
  new StoredTensor({ storage, shape: [200_000] }),
  new StoredTensor({ storage, shape: [5], storageOffset: 9 }),
];

const fixtures = new URL('../../test/fixtures/serial/', import.meta.url);

describe('loadValue()', () => {
  const names = readdirSync(fixtures).filter((name) => /\.(?:pt|ckpt)$/.test(name));
  it.each(names)('reads from disk what decodeCheckpoint() reads in memory (%s)', async (name) => {
    const path = fileURLToPath(new URL(name, fixtures));
    const outcome = async (read: () => unknown): Promise<unknown> => {
      try {
        return await read();
      } catch (error) {
        return (error as Error).message.replace(` "${path}"`, '');
      }
    };
    const bytes = await readFile(path);
    const expected = await outcome(() => decodeCheckpoint(bytes));
    expect(await outcome(() => loadValue(path))).toStrictEqual(expected);
    const isRead = typeof expected === 'object';
    if (isRead) expect((await verifyFile(path)).storageBytes).toBeGreaterThanOrEqual(0);
    else if (name !== 'classes.pt' && name !== 'hostile.pt') await expect(verifyFile(path)).rejects.toThrow();
  });

  it('reads storages of every size around that of a read, many and few', async () => {
    const path = join(folder, 'sizes.pt');
    const near = 8 * 2 ** 20;
    const sizes = [0, 1, 63, near - 1000, near, near + 1, 2 * near + 7, ...new Array<number>(3000).fill(5)];
    const patterned = sizes.map((size, index) => {
      const bytes = new Uint8Array(size).fill(index % 251);
      if (size > 3) bytes.set([1, 2, 3], size - 3);
      return new StoredTensor({ storage: { dtype: 'uint8', bytes }, shape: [size] });
    });
    await saveValue(patterned, path);
    const read = (await loadValue(path)) as StoredTensor[];
    expect(read.length).toBe(patterned.length);
    const same = read.every(({ storage: { bytes } }, index) =>
      Buffer.from(patterned[index]!.storage.bytes).equals(bytes),
    );
    expect(same).toBe(true);
    expect(await verifyFile(path)).toMatchObject({
      numTensors: sizes.length,
      storageBytes: sizes.reduce((a, b) => a + b),
    });
    const file = await readFile(path);
    file[file.length - near]! ^= 1; // inside the largest
    await writeFile(path, file);
    await expect(loadValue(path)).rejects.toThrow('of entry "archive/data/6"');
    await expect(verifyFile(path)).rejects.toThrow('of entry "archive/data/6"');
  });

  it('is an error for a file cut off anywhere', async () => {
    const path = join(folder, 'cut.pt');
    await saveValue({ tensors: tensors.slice(1), epoch: 3 }, path);
    const file = await readFile(path);
    for (let end = 0; end < file.length; end += 1 + (end % 997)) {
      await writeFile(path, file.subarray(0, end));
      await expect(loadValue(path)).rejects.toThrow(CheckpointError);
    }
  });
});

describe('saveValue()', () => {
  it('writes a file that loadValue() reads, and leaves nothing else', async () => {
    const path = join(folder, 'model.pt');
    const small = Array.from({ length: 3000 }, (_, index) => {
      return new StoredTensor({ storage: { dtype: 'uint8', bytes: new Uint8Array(index % 90) }, shape: [index % 90] });
    });
    await saveValue({ tensors, small, epoch: 3 }, path);
    const read = (await loadValue(path)) as { tensors: StoredTensor[]; small: StoredTensor[]; epoch: number };
    expect(read.epoch).toBe(3);
    expect(read.small.map((tensor) => tensor.numel)).toEqual(small.map((tensor) => tensor.numel));
    expect(read.tensors.map((tensor) => tensor.storageOffset)).toEqual([0, 9]);
    expect(Buffer.from(storage.bytes).equals(read.tensors[0]!.storage.bytes)).toBe(true);
    expect(await readdir(folder)).toEqual(['model.pt']);
  });

  it('replaces a file', async () => {
    const path = join(folder, 'model.pt');
    await saveValue(1, path);
    await saveValue(2, path);
    expect(await loadValue(path)).toBe(2);
  });

  it('leaves the old file and no temporary one where a value cannot be written', async () => {
    const path = join(folder, 'model.pt');
    await saveValue('old', path);
    const message = `Cannot write checkpoint "${path}": expected a value that a checkpoint can hold at "a", got undefined`;
    await expect(saveValue({ a: undefined }, path)).rejects.toThrow(message);
    expect(await loadValue(path)).toBe('old');
    expect(await readdir(folder)).toEqual(['model.pt']);
  });

  it('removes the temporary file where the chunks end in an error', async () => {
    const chunks = function* (): Generator<Uint8Array> {
      yield new Uint8Array(100_000);
      yield new Uint8Array(100_000);
      throw new Error('no more');
    };
    await expect(writeFileDurably(join(folder, 'x'), chunks())).rejects.toThrow('no more');
    expect(await readdir(folder)).toEqual([]);
  });

  it('says which file has no folder, with the path in the error', async () => {
    const path = join(folder, 'missing', 'model.pt');
    const error: unknown = await saveValue(1, path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error).toMatchObject({ path, message: expect.stringContaining('ENOENT') });
  });
});

describe('loadValue()', () => {
  it('names the file that is damaged, missing, or cut off', async () => {
    const path = join(folder, 'model.pt');
    await saveValue(tensors, path);
    const bytes = await readFile(path);
    bytes[100_000]! ^= 1;
    await writeFile(path, bytes);
    await expect(loadValue(path)).rejects.toThrow(`Cannot read checkpoint "${path}": expected CRC`);
    await writeFile(path, bytes.subarray(0, 50_000));
    await expect(loadValue(path)).rejects.toThrow('it is truncated or of another kind');
    await expect(loadValue(join(folder, 'none.pt'))).rejects.toThrow('ENOENT');
    await expect(loadValue(folder)).rejects.toThrow(CheckpointError);
  });
});

describe('verifyFile()', () => {
  it('counts what a good file holds', async () => {
    const path = join(folder, 'model.pt');
    await saveValue({ a: tensors, b: tensors[0] }, path);
    expect(await verifyFile(path)).toEqual({ numTensors: 2, numStorages: 1, storageBytes: 200_000 });
  });

  it('rejects a bad one', async () => {
    const path = join(folder, 'model.pt');
    await writeFile(path, 'PK\x03\x04 and nothing more');
    await expect(verifyFile(path)).rejects.toThrow(CheckpointError);
  });
});

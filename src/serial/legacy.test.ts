// Files from before PyTorch 1.6: what they hold, and what happens when they are damaged or lie.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../errors.ts';
import { decodeCheckpoint } from './decode.ts';
import { type StoredTensor, storedDTypes } from './stored-tensor.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../test/fixtures/serial/${name}`, import.meta.url));
type Tensors = Record<string, StoredTensor>;

const float32 = ({ storage }: StoredTensor): number[] => [...new Float32Array(storage.bytes.slice().buffer)];

function attempt(file: Uint8Array): unknown {
  try {
    return decodeCheckpoint(file);
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
}

/** The file with `from` replaced by `to`, of the same length. */
function replaced(file: Buffer, from: string, to: string): Buffer {
  const at = file.indexOf(from, 0, 'latin1');
  expect(at).toBeGreaterThan(0);
  const changed = Buffer.from(file);
  changed.write(to, at, 'latin1');
  return changed;
}

describe('files of five pickles', () => {
  it('are read as archives are', () => {
    const { '0.weight': weight, ...rest } = decodeCheckpoint(fixture('legacy.pt')) as Tensors;
    expect(weight!.shape).toEqual([3, 2]);
    expect(float32(weight!)).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    expect(rest['1.num_batches_tracked']).toMatchObject({ dtype: 'int64', shape: [] });
  });

  it('keep dtypes, views and what shares memory', () => {
    const value = decodeCheckpoint(fixture('legacy_shared.pt')) as Tensors & { dtypes: Tensors; list: unknown };
    expect(Object.values(value.dtypes).map(({ dtype }) => dtype)).toEqual(storedDTypes);
    expect(value.slice!.storage).toBe(value.base!.storage);
    expect(value.slice).toMatchObject({ storageOffset: 2, shape: [3] });
    expect(value.transposed).toMatchObject({ shape: [4, 3], stride: [1, 4] });
    expect(value.parameter).toMatchObject({ isParameter: true, requiresGrad: true });
    expect(float32(value.base!)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('are an error when they are cut off anywhere', () => {
    const file = fixture('legacy.pt');
    for (let end = 0; end < file.length; end++) expect(attempt(file.subarray(0, end))).toBeInstanceOf(CheckpointError);
  });

  it('are an error or a value when any byte is changed', () => {
    const file = fixture('legacy.pt');
    for (let at = 0; at < file.length; at++) {
      for (const flip of [1 << (at % 8), 0xff]) {
        const damaged = Buffer.from(file);
        damaged[at]! ^= flip;
        attempt(damaged);
      }
    }
  });

  it('are refused where sizes, keys or versions do not fit', () => {
    const file = fixture('legacy.pt');
    const refused = (changed: Buffer, message: string | RegExp): void => {
      expect(() => decodeCheckpoint(changed)).toThrow(message);
    };
    refused(replaced(file, 'M\xe9\x03.', 'M\xea\x03.'), 'expected protocol version 1001, got 1002');
    refused(Buffer.concat([file, Buffer.alloc(1)]), /expected a file of 1\d+ bytes, got 1\d+/);
    // The count in front of the first storage.
    const counts = Buffer.from(file);
    const at = file.lastIndexOf('.', file.length - 200, 'latin1');
    expect(at).toBeGreaterThan(0);
    for (let index = at; index < file.length - 8; index++) {
      if (![1n, 3n, 6n].includes(file.readBigInt64LE(index))) continue;
      counts.writeBigInt64LE(2n ** 40n, index);
      break;
    }
    refused(counts, 'got 1099511627776 elements of');
    // More elements than the file has bytes, in the pickle.
    refused(replaced(file, 'cpuq\x07K\x06', 'cpuq\x07J\xff'), /expected/);
  });
});

describe('tar files', () => {
  it('are read with tensors inside storages inside others', () => {
    const { state, epoch } = decodeCheckpoint(fixture('tar.pt')) as { state: Tensors; epoch: number };
    expect(epoch).toBe(3);
    expect(float32(state.weight!)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(state.weight!.shape).toEqual([2, 3]);
    expect(state.count).toMatchObject({ dtype: 'int64', shape: [3] });
    expect(state.view).toMatchObject({ shape: [2], stride: [2], storageOffset: 3 });
    expect(state.view!.storage).toBe(state.weight!.storage);
  });

  it('are an error or a value when any byte is changed, and cut off anywhere', () => {
    const file = fixture('tar.pt');
    for (let at = 0; at < file.length; at += at < 6000 ? 1 : 64) {
      const damaged = Buffer.from(file);
      damaged[at]! ^= 1 << (at % 8);
      attempt(damaged);
    }
    const end = file.lastIndexOf('storage', undefined, 'latin1');
    for (let at = 0; at < end; at += 7) expect(attempt(file.subarray(0, at))).toBeInstanceOf(CheckpointError);
  });

  it('are refused without their parts', () => {
    const file = Buffer.from(fixture('tar.pt'));
    const at = file.indexOf('tensors\0', 0, 'latin1');
    file.write('tensorx', at, 'latin1');
    const header = file.subarray(at, at + 512);
    header.fill(' ', 148, 156);
    header.write(
      `${header
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
      'latin1',
    );
    expect(() => decodeCheckpoint(file)).toThrow('expected a tar file of PyTorch\'s, got one without "tensors"');
  });
});

describe('big-endian archives', () => {
  it('are turned around, each element by itself, in memory of their own', () => {
    const file = fixture('big_endian.pt');
    const before = Buffer.from(file);
    const value = decodeCheckpoint(file) as Tensors & { dtypes: Tensors };
    expect(float32(value.base!)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(float32(value.complex!)).toEqual([1, 2]);
    expect([...new Uint16Array(value.dtypes.uint16!.storage.bytes.slice().buffer)]).toEqual([0, 1, 1]);
    expect([...new BigUint64Array(value.dtypes.uint64!.storage.bytes.slice().buffer)]).toEqual([0n, 1n, 1n]);
    expect([...value.dtypes.bool!.storage.bytes]).toEqual([0, 1, 1]);
    expect(file.equals(before)).toBe(true);
  });
});

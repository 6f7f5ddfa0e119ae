// Tests of IDX files, which the test writes byte by byte.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readIdx } from '../index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-idx-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file's bytes: type, sizes, and elements as they are written. */
function idx(type: number, sizes: readonly number[], elements: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, type, sizes.length]);
  sizes.forEach((size, dim) => {
    head.writeUInt32BE(size, 4 + 4 * dim);
  });
  return Buffer.concat([head, elements]);
}

/** Numbers in big-endian order. */
function big(bytes: number, numbers: readonly number[], write: (view: DataView, at: number, value: number) => void) {
  const view = new DataView(new ArrayBuffer(bytes * numbers.length));
  numbers.forEach((value, i) => {
    write(view, i * bytes, value);
  });
  return new Uint8Array(view.buffer);
}

async function read(bytes: Uint8Array, name = 'file-idx') {
  await writeFile(join(folder, name), bytes);
  return readIdx(join(folder, name));
}
const problem = (bytes: Uint8Array, name?: string): Promise<string> =>
  read(bytes, name).then(
    () => 'none',
    (error: Error) => error.message.replace(/".*?"/, 'FILE'),
  );

describe('readIdx()', () => {
  it('reads every type, as it is and compressed', async () => {
    const numbers = [0, 1, -2, 100, -100, 7];
    const files: [string, Buffer][] = [
      ['int8', idx(0x09, [3, 2], Uint8Array.from(numbers))],
      [
        'int16',
        idx(
          0x0b,
          [3, 2],
          big(2, numbers, (view, at, value) => view.setInt16(at, value)),
        ),
      ],
      [
        'int32',
        idx(
          0x0c,
          [3, 2],
          big(4, numbers, (view, at, value) => view.setInt32(at, value)),
        ),
      ],
      [
        'float32',
        idx(
          0x0d,
          [3, 2],
          big(4, numbers, (view, at, value) => view.setFloat32(at, value)),
        ),
      ],
      [
        'float64',
        idx(
          0x0e,
          [3, 2],
          big(8, numbers, (view, at, value) => view.setFloat64(at, value)),
        ),
      ],
    ];
    for (const [dtype, bytes] of files) {
      for (const tensor of [await read(bytes), await read(gzipSync(bytes), 'file-idx.gz')]) {
        expect([tensor.dtype, tensor.toArray()]).toEqual([
          dtype,
          [
            [0, 1],
            [-2, 100],
            [-100, 7],
          ],
        ]);
      }
    }
    const labels = await read(idx(0x08, [4], Uint8Array.of(9, 0, 255, 3)));
    expect([labels.dtype, labels.toArray()]).toEqual(['uint8', [9, 0, 255, 3]]);
    expect((await read(idx(0x08, [0, 28, 28], new Uint8Array()))).shape).toEqual([0, 28, 28]);
    expect((await read(idx(0x08, [], Uint8Array.of(5)))).item()).toBe(5);
  });

  it('names a file that is cut short, longer than it says, or of another kind', async () => {
    const whole = idx(0x0c, [3, 2], new Uint8Array(24));
    expect(await problem(whole.subarray(0, 2))).toBe(
      'Cannot read IDX file FILE: expected 4 bytes of its beginning, got 2: the file is cut short',
    );
    expect(await problem(whole.subarray(0, 9))).toContain('expected 8 bytes of the sizes of 2 dimensions, got 5');
    expect(await problem(whole.subarray(0, 30))).toContain('expected 24 bytes of elements of shape [3, 2], got 18');
    expect(await problem(gzipSync(whole.subarray(0, 30)), 'a.gz')).toContain('got 18: the file is cut short');
    expect(await problem(gzipSync(whole).subarray(0, 20), 'a.gz')).toContain('expected a whole gzip file');
    expect(await problem(Buffer.concat([whole, whole]))).toContain('expected nothing behind elements of shape [3, 2]');
    expect(await problem(Buffer.from('\x89PNG and so on', 'latin1'))).toContain('got 89 50 4e 47');
    const huge = idx(0x08, [4_000_000_000, 4_000_000_000], new Uint8Array(9));
    expect(await problem(huge)).toContain('the file is cut short');
    expect(await problem(gzipSync(huge), 'a.gz')).toContain('the file is cut short');
    await expect(readIdx(join(folder, 'nowhere'))).rejects.toThrow('expected a file, got ENOENT');
  });
});

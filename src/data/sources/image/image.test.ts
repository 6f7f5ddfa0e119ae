// Tests of picture decoding, on files that the test writes.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage } from './image.ts';

let folder: string;
const file = (name: string): string => join(folder, name);

/** Writes a picture of the given pixels, row by row. */
const write = (name: string, pixels: readonly (readonly number[])[], width: number) => {
  const channels = pixels[0]!.length as 1 | 3 | 4;
  const raw = { width, height: pixels.length / width, channels };
  return sharp(Uint8Array.from(pixels.flat()), { raw }).toFile(file(name));
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sconce-image-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('decodeImage()', () => {
  it('gives planes of red, green and blue, row by row', async () => {
    await write(
      'rgb.png',
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 9],
        [10, 11, 12],
        [13, 14, 15],
        [16, 17, 18],
      ],
      3,
    );
    const image = await decodeImage(file('rgb.png'));
    expect(image).toEqual({
      data: Uint8Array.of(1, 4, 7, 10, 13, 16, 2, 5, 8, 11, 14, 17, 3, 6, 9, 12, 15, 18),
      width: 3,
      height: 2,
      channels: 3,
    });
  });

  it('composites transparent pixels on the background', async () => {
    await write(
      'alpha.png',
      [
        [200, 100, 0, 0],
        [200, 100, 0, 255],
        [200, 100, 0, 51],
      ],
      3,
    );
    expect([...(await decodeImage(file('alpha.png'), { background: [0, 50, 100] })).data]).toEqual([
      0, 200, 40, 50, 100, 60, 100, 0, 80,
    ]);
    expect((await decodeImage(file('alpha.png'))).data[0]).toBe(255);
  });

  it('gives a grey picture three equal planes', async () => {
    await sharp(Uint8Array.of(0, 90, 180, 255), { raw: { width: 2, height: 2, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toFile(file('grey.png'));
    expect([...(await decodeImage(file('grey.png'))).data]).toEqual([
      0, 90, 180, 255, 0, 90, 180, 255, 0, 90, 180, 255,
    ]);
  });

  it('fits a picture of other proportions inside the size, on the background', async () => {
    await write('wide.png', new Array(8).fill([10, 20, 30]), 4);
    const { data, width, height } = await decodeImage(file('wide.png'), { size: 4, background: [0, 0, 0] });
    expect([width, height]).toEqual([4, 4]);
    expect([...data.subarray(0, 16)]).toEqual([0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 10, 10, 0, 0, 0, 0]);
    const tall = await decodeImage(file('wide.png'), { size: [3, 6] });
    expect([tall.height, tall.width]).toEqual([3, 6]);
  });

  it('turns a picture upright as its orientation says', async () => {
    await sharp(Uint8Array.of(10, 10, 10, 200, 200, 200), { raw: { width: 2, height: 1, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toFile(file('turned.png'));
    const image = await decodeImage(file('turned.png'));
    expect([image.width, image.height, ...image.data.subarray(0, 2)]).toEqual([1, 2, 10, 200]);
  });

  it.each(['jpeg', 'webp'] as const)('reads %s', async (format) => {
    await sharp({ create: { width: 16, height: 16, channels: 3, background: { r: 200, g: 100, b: 50 } } })
      .toFormat(format)
      .toFile(file(`plain.${format}`));
    const { data } = await decodeImage(file(`plain.${format}`));
    expect(Math.abs(data[0]! - 200) + Math.abs(data[256]! - 100) + Math.abs(data[512]! - 50)).toBeLessThan(9);
  });

  it('names the file that is missing, empty, cut short or no picture', async () => {
    await sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 99, sigma: 30 },
      },
    })
      .png()
      .toFile(file('whole.png'));
    const bytes = await readFile(file('whole.png'));
    await writeFile(file('cut.png'), bytes.subarray(0, bytes.length / 2));
    await writeFile(file('empty.png'), '');
    await writeFile(file('text.png'), 'this is no picture');
    for (const name of ['missing.png', 'cut.png', 'empty.png', 'text.png']) {
      await expect(decodeImage(file(name))).rejects.toThrow(
        `Cannot decode image "${file(name)}": expected a whole PNG, JPEG or WebP file, got `,
      );
    }
  });

  it('refuses sizes and backgrounds that no picture has', async () => {
    await expect(decodeImage('any.png', { size: 0 })).rejects.toThrow(
      'Cannot decode image "any.png": expected a size in whole pixels above 0, got 0',
    );
    await expect(decodeImage('any.png', { size: [4, 1.5] })).rejects.toThrow('got 1.5');
    await expect(decodeImage('any.png', { background: [0, 0, 256] })).rejects.toThrow('got [0, 0, 256]');
  });
});

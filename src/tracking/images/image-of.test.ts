import sharp from 'sharp';
import { expect, test } from 'vitest';
import { tensor } from '../../tensor/index.ts';
import type { LoggedImage } from '../data-records.ts';
import { imageOf } from './image-of.ts';
import { pngInfo } from './png-info.ts';

async function decoded({ bytes }: LoggedImage): Promise<{ data: number[]; info: object }> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { data: [...data], info };
}

test('imageOf() keeps uint8 and brings other numbers from [0, 1] to 255', async () => {
  const bytes = imageOf(
    tensor(
      [
        [0, 100],
        [200, 255],
        [7, 8],
      ],
      { dtype: 'uint8' },
    ),
    { caption: 'c' },
  );
  expect(bytes).toMatchObject({ format: 'png', width: 2, height: 3, caption: 'c' });
  expect((await sharp(bytes.bytes).toColourspace('b-w').raw().toBuffer()).toJSON().data).toEqual([
    0, 100, 200, 255, 7, 8,
  ]);
  const floats = await decoded(
    imageOf(
      tensor([
        [
          [0, 0.5, 1],
          [-3, 2, Number.NaN],
        ],
      ]),
    ),
  );
  expect(floats.data).toEqual([0, 128, 255, 0, 255, 0]);
  expect(floats.info).toMatchObject({ width: 2, height: 1, channels: 3 });
  const half = await decoded(imageOf(tensor([[[0.2]], [[0.4]], [[0.6]]]).to('float16'), { channelsLast: false }));
  expect(half.data).toEqual([51, 102, 153]);
});

test('imageOf() takes arrays with a shape, channels in front and transparency', async () => {
  const front = imageOf(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]), { shape: [4, 1, 2], channelsLast: false });
  expect((await decoded(front)).data).toEqual([1, 3, 5, 7, 2, 4, 6, 8]);
  expect(pngInfo(front.bytes)).toEqual({ width: 2, height: 1, numChannels: 4 });
  expect(pngInfo(imageOf([0, 1], { shape: [1, 1, 2] }).bytes).numChannels).toBe(2);
});

test('imageOf() writes JPEG that other decoders read', async () => {
  for (const [width, height, numChannels] of [
    [37, 21, 3],
    [8, 8, 1],
    [1, 1, 3],
    [64, 9, 1],
  ] as const) {
    const data = Uint8Array.from({ length: width * height * numChannels }, (_, i) => {
      const [channel, pixel] = [i % numChannels, Math.floor(i / numChannels)];
      return 128 + 100 * Math.sin((pixel % width) / 6 + channel) * Math.cos(Math.floor(pixel / width) / 5);
    });
    const image = imageOf(data, { shape: [height, width, numChannels], format: 'jpeg', quality: 95 });
    const picture = sharp(image.bytes);
    if (numChannels === 1) picture.toColourspace('b-w');
    const { data: read, info } = await picture.raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width, height, channels: numChannels });
    expect(Math.max(...read.map((value, i) => Math.abs(value - data[i]!)))).toBeLessThan(8);
  }
  const [rough, fine] = [10, 100].map(
    (quality) => imageOf(noise, { shape: [32, 32], format: 'jpeg', quality }).bytes.length,
  );
  expect(rough!).toBeLessThan(fine! / 3);
});

const noise = Uint8Array.from({ length: 1024 }, (_, i) => (i * 7919 * (i + 13)) % 256);

test.each([
  [tensor([1, 2]), {}, 'got [2]'],
  [tensor([[[[1]]]]), {}, 'got [1, 1, 1, 1]'],
  [tensor([[[1, 2, 3, 4, 5]]]), {}, 'with 1 to 4 channels, got [1, 1, 5]'],
  [[1, 2, 3], { shape: [2, 2] }, 'got 3 numbers of shape [2, 2]'],
  [tensor([[[1, 2]]]), { format: 'jpeg' }, 'Cannot make a JPEG: expected 1 or 3 channels, got 2'],
  [tensor([[1]]), { format: 'jpg' }, 'expected format "png" or "jpeg", got "jpg"'],
  [tensor([[1]]), { format: 'jpeg', quality: 0 }, 'expected quality from 1 to 100, got 0'],
  [tensor([[1]]), { channelLast: true }, 'got "channelLast"'],
])('imageOf(%s, %j) says what is wrong', (image, options, message) => {
  expect(() => imageOf(image as number[], options as object)).toThrow(message);
});

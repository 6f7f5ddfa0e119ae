// Functions with a number for each picture: what they give with one for all, up to a last bit; and what they refuse.
import { describe, expect, it } from 'vitest';
import { Generator, isFloatingDType, rand, randint, scope, type Tensor, zeros } from '../../../tensor/index.ts';
import { stack } from '../../../tensor/ops.generated.ts';
import { transforms } from '../../index.ts';

const F = transforms.functional;
const COUNT = 5;
const row = <T>(make: (picture: number) => T): T[] => Array.from({ length: COUNT }, (_, picture) => make(picture));

/** One line each: with a list, and what each picture of it should be. */
const LISTS: Readonly<
  Record<string, readonly [list: (x: Tensor) => Tensor, one: (x: Tensor, picture: number) => Tensor]>
> = {
  rotate: [
    (x) =>
      F.rotate(
        x,
        row((i) => 31 * i - 50),
      ),
    (x, i) => F.rotate(x, 31 * i - 50),
  ],
  'rotate, bilinear': [
    (x) =>
      F.rotate(
        x,
        row((i) => 17 * i + 3),
        { interpolation: 'bilinear', fill: 1, center: [4, 5] },
      ),
    (x, i) => F.rotate(x, 17 * i + 3, { interpolation: 'bilinear', fill: 1, center: [4, 5] }),
  ],
  affine: [
    (x) =>
      F.affine(x, {
        angle: row((i) => 10 * i),
        translate: row((i) => [i, -i]),
        scale: row((i) => 0.8 + 0.1 * i),
        shear: row((i) => [i, 2 * i]),
        interpolation: 'bilinear',
      }),
    (x, i) =>
      F.affine(x, {
        angle: 10 * i,
        translate: [i, -i],
        scale: 0.8 + 0.1 * i,
        shear: [i, 2 * i],
        interpolation: 'bilinear',
      }),
  ],
  'affine, one list': [
    (x) => F.affine(x, { scale: row((i) => 1 + i / 4) }),
    (x, i) => F.affine(x, { scale: 1 + i / 4 }),
  ],
  perspective: [
    (x) => F.perspective(x, { coefficients: row((i) => [1, i / 50, 0, 0, 1 + i / 40, 0, i / 1000, 0]) }),
    (x, i) => F.perspective(x, { coefficients: [1, i / 50, 0, 0, 1 + i / 40, 0, i / 1000, 0] }),
  ],
  adjustBrightness: [
    (x) =>
      F.adjustBrightness(
        x,
        row((i) => i / 2),
      ),
    (x, i) => F.adjustBrightness(x, i / 2),
  ],
  adjustContrast: [
    (x) =>
      F.adjustContrast(
        x,
        row((i) => i / 2),
      ),
    (x, i) => F.adjustContrast(x, i / 2),
  ],
  adjustSaturation: [
    (x) =>
      F.adjustSaturation(
        x,
        row((i) => i / 2),
      ),
    (x, i) => F.adjustSaturation(x, i / 2),
  ],
  adjustHue: [
    (x) =>
      F.adjustHue(
        x,
        row((i) => i / 8 - 0.25),
      ),
    (x, i) => F.adjustHue(x, i / 8 - 0.25),
  ],
  adjustSharpness: [
    (x) =>
      F.adjustSharpness(
        x,
        row((i) => i / 2),
      ),
    (x, i) => F.adjustSharpness(x, i / 2),
  ],
  posterize: [
    (x) =>
      F.posterize(
        x,
        row((i) => 2 * i),
      ),
    (x, i) => F.posterize(x, 2 * i),
  ],
  solarize: [
    (x) =>
      F.solarize(
        x,
        row((i) => (isFloatingDType(x.dtype) ? 0.2 * i : 40 * i)),
      ),
    (x, i) => F.solarize(x, isFloatingDType(x.dtype) ? 0.2 * i : 40 * i),
  ],
  gaussianBlur: [
    (x) => F.gaussianBlur(x, [3, 5], { sigma: row((i) => [0.5 + i / 4, 1 + i / 2]) }),
    (x, i) => F.gaussianBlur(x, [3, 5], { sigma: [0.5 + i / 4, 1 + i / 2] }),
  ],
};

describe.each(Object.entries(LISTS))('%s with a list', (_, [list, one]) => {
  it.each(['uint8', 'float32', 'float64'] as const)('gives each picture of %s its own', (dtype) => {
    scope(() => {
      const generator = new Generator(1);
      const shape = [COUNT, 3, 13, 16];
      const pictures =
        dtype === 'uint8' ? randint(0, 256, shape, { dtype, generator }) : rand(shape, { dtype, generator });
      const actual = list(pictures);
      const expected = stack(row((picture) => one(pictures.select(0, picture), picture)));
      expect([actual.dtype, actual.shape]).toEqual([expected.dtype, expected.shape]);
      const distance = actual.to('float64').sub(expected.to('float64')).abs();
      // Integers are cut, and nearest pixels chosen, at the other side of an edge where a last bit differs: seldom, and then by a level or a pixel.
      const bound = dtype === 'uint8' ? 0 : dtype === 'float32' ? 1e-5 : 1e-12;
      expect(distance.gt(bound).to('float64').mean().item()).toBeLessThan(0.003);
    });
  });

  it('refuses a list of another length', () => {
    scope(() => {
      expect(() => list(zeros([3, 3, 13, 16]))).toThrow(/^Cannot .*: expected .*(each|list).*3 pictures.*, got \[/);
    });
  });
});

describe('transforms.functional', () => {
  const picture = zeros([3, 8, 9]);
  const bytes = zeros([3, 8, 9], { dtype: 'uint8' });
  const REFUSED: Readonly<Record<string, readonly [call: () => unknown, message: string]>> = {
    'a matrix': [
      () => F.horizontalFlip(zeros([8, 9])),
      'Cannot flip pictures: expected a picture [C, H, W] or pictures [N, C, H, W], got [8, 9]; unsqueeze(0) gives a picture a channel',
    ],
    'no tensor': [
      () => F.crop([] as never, { top: 0, left: 0, height: 1, width: 1 }),
      'Cannot crop pictures: expected a tensor, got []',
    ],
    'channels that come last': [
      () => F.adjustHue(zeros([8, 9, 4]), 0.1),
      'Cannot adjust hue: expected 1 or 3 channels, got 8 in [8, 9, 4]; permute() moves channels that come last',
    ],
    'a crop of no height': [
      () => F.crop(picture, { top: 0, left: 0, height: 0, width: 2 }),
      'Cannot crop pictures: expected a rectangle of whole pixels, height and width above 0, got top 0, left 0, height 0, width 2',
    ],
    'half a pixel': [
      () => F.centerCrop(picture, 2.5),
      'Cannot crop pictures to their middle: expected size to be a whole number of pixels above 0, or [height, width], got 2.5',
    ],
    'an unknown option': [
      () => F.pad(picture, 1, { mode: 'edge' } as never),
      'Cannot call pad: expected options of { fill, paddingMode }, got "mode"',
    ],
    'more to mirror than there is': [
      () => F.pad(picture, [9, 0], { paddingMode: 'reflect' }),
      'Cannot pad pictures: expected at most 8 pixels of padding with mode "reflect" beside 9 of the picture, got 9',
    ],
    'negative padding': [
      () => F.pad(picture, -1),
      'Cannot pad pictures: expected padding of whole pixels from 0 on, one number, [horizontal, vertical] or [left, top, right, bottom], got -1',
    ],
    'a colour of two channels': [
      () => F.pad(picture, 1, { fill: [1, 2] }),
      'Cannot pad pictures: expected fill to be a number or one for each of 3 channels, got [1, 2]',
    ],
    'an unknown interpolation': [
      () => F.resize(picture, 4, { interpolation: 'lanczos' as never }),
      'Cannot resize pictures: expected interpolation of nearest, nearest-exact, bilinear, bicubic, got "lanczos"',
    ],
    'a shorter edge above maxSize': [
      () => F.resize(picture, 4, { maxSize: 4 }),
      'Cannot resize pictures: expected maxSize above the size 4 of the shorter edge, got 4',
    ],
    'no size at all': [
      () => F.resize(picture, undefined),
      'Cannot resize pictures: expected a size or maxSize, got neither',
    ],
    'bicubic rotation': [
      () => F.rotate(picture, 30, { interpolation: 'bicubic' as never }),
      'Cannot rotate pictures: expected interpolation of nearest, bilinear, got "bicubic"',
    ],
    'an angle that is no number': [
      () => F.rotate(picture, Number.NaN),
      'Cannot rotate pictures: expected angle to be a number or one for each of 1 pictures, got NaN',
    ],
    'a scale of 0': [
      () => F.affine(picture, { scale: 0 }),
      'Cannot transform pictures: expected a scale above 0, got 0',
    ],
    'corners and coefficients': [
      () => F.perspective(picture, {}),
      'Cannot tilt pictures: expected startpoints and endpoints, or coefficients, got neither',
    ],
    'negative brightness': [
      () => F.adjustBrightness(picture, -1),
      'Cannot adjust brightness: expected factor from 0 on, got -1',
    ],
    'hue of a whole circle': [
      () => F.adjustHue(picture, 1),
      'Cannot adjust hue: expected a factor from -0.5 to 0.5, got 1',
    ],
    'an even kernel': [
      () => F.gaussianBlur(picture, 4),
      'Cannot blur pictures: expected kernelSize of odd numbers above 0, one or [x, y], got 4',
    ],
    'a kernel larger than the mirror': [
      () => F.gaussianBlur(picture, 17),
      'Cannot blur pictures: expected a kernel of at most [17, 15] for pictures of [8, 9], got [17, 17]',
    ],
    'a deviation of 0': [
      () => F.gaussianBlur(picture, 3, { sigma: 0 }),
      'Cannot blur pictures: expected sigma above 0, one or [x, y], or a pair for each of 1 pictures, got 0',
    ],
    'bytes to normalize': [
      () => F.normalize(bytes, [0], [1]),
      "Cannot normalize pictures: expected a floating dtype, got uint8; toDtype(image, 'float32', { scale: true }) comes before",
    ],
    'a deviation of zero': [
      () => F.normalize(picture, [0], [0]),
      'Cannot normalize pictures: expected std to be a list of numbers other than 0, got [0]',
    ],
    'two means for three channels': [
      () => F.normalize(picture, [0, 0], [1]),
      'Cannot normalize pictures: expected mean with one number for each of 3 channels, got [0, 0]',
    ],
    'float32 scaled to int32': [
      () => F.toDtype(picture, 'int32', { scale: true }),
      'Cannot scale pictures: expected dtypes that one can be scaled to the other, got float32 to int32',
    ],
    'nine bits': [() => F.posterize(bytes, 9), 'Cannot posterize pictures: expected whole bits from 0 to 8, got 9'],
    'a threshold above white': [
      () => F.solarize(picture, 2),
      'Cannot solarize pictures: expected a threshold of at most 1, got 2',
    ],
    'a rectangle outside': [
      () => F.erase(picture, { i: 0, j: 8, h: 1, w: 2, v: 0 }),
      'Cannot erase parts of pictures: expected a rectangle inside of [8, 9], got i 0, j 8, h 1, w 2',
    ],
    booleans: [
      () => F.adjustContrast(zeros([1, 2, 2], { dtype: 'bool' }), 1),
      'Cannot adjust contrast: expected a dtype of real numbers, got bool',
    ],
  };
  it.each(Object.entries(REFUSED))('refuses %s', (_, [call, message]) => {
    expect(call).toThrow(message);
  });
});

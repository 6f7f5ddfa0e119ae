// Every transform: a picture depends on its sample's seed alone, inputs stay as they are, and nothing is left over.
import { describe, expect, it } from 'vitest';
import { Generator, rand, randint, scope, type Tensor, trackTensors } from '../../tensor/index.ts';
import { transforms } from '../index.ts';
import { functional as F, type Transform } from './index.ts';

const T = transforms;
const [HEIGHT, WIDTH] = [19, 23];

/** One line each, with pictures [N, 3, 19, 23]. */
const TRANSFORMS: Readonly<Record<string, () => Transform>> = {
  CenterCrop: () => new T.CenterCrop([7, 30]),
  RandomCrop: () => new T.RandomCrop([19, 12], { padding: [3, 2], paddingMode: 'reflect' }),
  'RandomCrop of smaller pictures': () => new T.RandomCrop(32, { padIfNeeded: true, fill: 1 }),
  RandomResizedCrop: () => new T.RandomResizedCrop([9, 8]),
  RandomHorizontalFlip: () => new T.RandomHorizontalFlip(),
  RandomVerticalFlip: () => new T.RandomVerticalFlip({ p: 0.3 }),
  Resize: () => new T.Resize([11, 30]),
  Pad: () => new T.Pad([1, 2], { paddingMode: 'symmetric' }),
  RandomRotation: () => new T.RandomRotation(40),
  'RandomRotation, bilinear': () => new T.RandomRotation([10, 90], { interpolation: 'bilinear', fill: [0.5, 0, 1] }),
  RandomAffine: () => new T.RandomAffine(20, { translate: [0.2, 0.1], scale: [0.7, 1.3], shear: [-5, 5, -9, 9] }),
  'RandomAffine, bilinear': () => new T.RandomAffine(0, { shear: 12, interpolation: 'bilinear', center: [3, 4] }),
  RandomPerspective: () => new T.RandomPerspective({ distortionScale: 0.6, p: 0.7 }),
  ColorJitter: () => new T.ColorJitter({ brightness: 0.4, contrast: 0.4, saturation: [0.5, 2], hue: 0.2 }),
  'ColorJitter of contrast': () => new T.ColorJitter({ contrast: 0.9 }),
  Grayscale: () => new T.Grayscale({ numOutputChannels: 3 }),
  RandomGrayscale: () => new T.RandomGrayscale({ p: 0.5 }),
  RandomInvert: () => new T.RandomInvert(),
  RandomAutocontrast: () => new T.RandomAutocontrast(),
  RandomEqualize: () => new T.RandomEqualize(),
  RandomPosterize: () => new T.RandomPosterize(3),
  RandomSolarize: () => new T.RandomSolarize(0.5),
  RandomAdjustSharpness: () => new T.RandomAdjustSharpness(2),
  GaussianBlur: () => new T.GaussianBlur([5, 3]),
  RandomErasing: () => new T.RandomErasing({ p: 0.7, value: [1, 0, 1] }),
  'RandomErasing with noise': () => new T.RandomErasing({ p: 0.7, value: 'random' }),
  Normalize: () => new T.Normalize([0.4, 0.5, 0.6], [0.2, 0.3, 0.4]),
  ToDtype: () => new T.ToDtype('float64', { scale: true }),
  RandomApply: () => new T.RandomApply([new T.RandomRotation(30), new T.ColorJitter({ hue: 0.1 })], { p: 0.6 }),
  RandomChoice: () => new T.RandomChoice([new T.RandomRotation(30), new T.RandomErasing(), F.invert], { p: [1, 2, 1] }),
  RandAugment: () => new T.RandAugment({ numOps: 3 }),
  TrivialAugmentWide: () => new T.TrivialAugmentWide(),
};

const FLOATS_ONLY = ['RandomErasing with noise', 'Normalize'];

const pictures = (dtype: 'uint8' | 'float32', count = 9): Tensor => {
  const generator = new Generator(3);
  const shape = [count, 3, HEIGHT, WIDTH];
  return dtype === 'uint8' ? randint(0, 256, shape, { dtype, generator }) : rand(shape, { generator });
};

/** A context in which sample i has the seed of place `slots[i]`. */
const contextOf = (slots: readonly number[]) => ({
  seed: 77,
  epoch: 2,
  position: 5,
  indices: Int32Array.from(slots),
  slots: Int32Array.from(slots),
});

const bytesOf = (tensor: Tensor): Buffer => Buffer.from(tensor.contiguous().toBytes());

it('every transform is in the table', () => {
  const abstract = ['Transform', 'Draws', 'SampleDraws', 'Mixing', 'MixUp', 'CutMix', 'compose', 'functional'];
  const made = Object.values(TRANSFORMS).map((make) => make().name);
  expect(Object.keys(T).filter((name) => !abstract.includes(name) && !made.includes(name))).toEqual([]);
});

describe.each(Object.entries(TRANSFORMS))('%s', (name, make) => {
  const dtypes = FLOATS_ONLY.includes(name) ? (['float32'] as const) : (['uint8', 'float32'] as const);
  it.each(dtypes)('gives a picture of %s the same bits in every place of every batch', (dtype) => {
    scope(() => {
      const images = pictures(dtype);
      const transform = T.compose([make()]);
      const whole = transform(images, contextOf([0, 1, 2, 3, 4, 5, 6, 7, 8]));
      for (const rows of [[4], [8, 2], [7, 0, 5, 3, 1], [8, 7, 6, 5, 4, 3, 2, 1, 0]]) {
        const some = transform(images.index(rows), contextOf(rows));
        rows.forEach((row, place) => {
          expect([row, bytesOf(some.select(0, place)).equals(bytesOf(whole.select(0, row)))]).toEqual([row, true]);
        });
      }
    });
  });

  it('leaves its input as it is, and nothing else alive', () => {
    const images = pictures('float32', 4);
    const before = bytesOf(images);
    const { result, left } = scope(() => trackTensors(() => T.compose([make()])(images, contextOf([0, 1, 2, 3]))));
    expect(left).toEqual([]);
    expect(bytesOf(images).equals(before)).toBe(true);
    result.dispose();
    if (!images.isDisposed) images.dispose();
  });

  it('takes a batch of no pictures', () => {
    scope(() => {
      const images = pictures('float32', 0);
      expect(T.compose([make()])(images, contextOf([])).size(0)).toBe(0);
    });
  });

  it('takes a sample by itself', () => {
    scope(() => {
      const image = pictures('float32', 1).select(0, 0);
      const transform = T.compose([make()]);
      const [one, again, other] = [5, 5, 6].map((seed) => transform(image, { seed, epoch: 0 }));
      expect(one!.ndim).toBe(3);
      expect(one!.equal(again!)).toBe(true);
      expect(other!.shape).toEqual(one!.shape);
    });
  });
});

// Corruptions of pictures whose intensity goes from nothing at 0 to severe at 1.

import { transforms } from '../../data/index.ts';
import { ConfigError, ShapeError } from '../../errors.ts';
import { choice, optionProblems, type Rule } from '../../metrics/options.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { rand, randn } from '../../tensor/create.ts';
import { isFloatingDType } from '../../tensor/dtype.ts';
import { Generator } from '../../tensor/generator.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { seedRule } from '../data/loaders.ts';
import { rangeRule } from './fgsm.ts';

// N pictures, C channels.

/** Corruptions that need nothing but the picture. */
export type PictureCorruption = 'blur' | 'noise' | 'rotation' | 'brightness' | 'contrast';

export interface CorruptOptions {
  readonly kind: PictureCorruption;
  /** From 0, which changes nothing, to 1. */
  readonly intensity: number;
  /** Decides what is drawn: noise, and a number for each picture. Default 42. */
  readonly seed?: number | undefined;
  /** What black and white are in the pictures: [low, high]; the result is cut to it. Default [0, 1]. */
  readonly range?: readonly [low: number, high: number] | undefined;
}

const ACTION = 'corrupt pictures';
export const intensityRule: Rule = [
  'a number from 0 to 1',
  (value) => (value as number) >= 0 && (value as number) <= 1,
];
const rules: Readonly<Record<string, Rule>> = {
  kind: choice('blur', 'noise', 'rotation', 'brightness', 'contrast'),
  ...{ intensity: intensityRule, seed: seedRule, range: rangeRule },
};

/** Standard deviation of the noise at intensity 1, of white. */
const NOISE = 0.3;
/** Pixels of the blur's standard deviation at intensity 1. */
const BLUR = 3;
/** Pixels on either side that the blur takes in at intensity 1. */
const BLUR_MARGIN = 4;
const DEGREES = 45;

/** Corrupted pictures. Shape: [N, C, H, W] of a floating dtype, unchanged.
 *
 *  At intensity a: 'blur', a Gaussian of 3 a pixels on a square of 2 round(4 a) + 1 pixels, at least 3. 'noise', normal noise of deviation 0.3 a, of white. 'rotation', each picture by an angle drawn from ±45 a degrees,
 *  black behind it. 'brightness', each picture times a factor drawn from 1 ± a. 'contrast', the same of its distance to its own mean.
 *  What is drawn follows from `seed`, and is the same every time.
 *  @returns new pictures; at intensity 0 a copy.  @throws {ConfigError} for options that do not fit.  @throws {ShapeError} for what are no pictures, or too small for the blur.
 *  Source: adaptiveneuralnetwork, ProgressiveDomainShift, whose deviations and angles these are; severities after Hendrycks and Dietterich 2019, arXiv:1903.12261.
 *  @example
 *  import { corruptPictures } from 'sconce/adaptive';
 *  const pictures = ones([2, 1, 8, 8]).mul(0.5);
 *  corruptPictures(pictures, { kind: 'blur', intensity: 1 }).allclose(pictures); // true
 *  corruptPictures(pictures, { kind: 'noise', intensity: 1 }).allclose(pictures); // false */
export function corruptPictures(pictures: Tensor, options: CorruptOptions): Tensor {
  const problems = optionProblems(options, rules, ['kind', 'intensity']);
  if (problems.length > 0) throw new ConfigError(ACTION, problems);
  if (pictures.ndim !== 4 || !isFloatingDType(pictures.dtype))
    throw new ShapeError(
      `Cannot ${ACTION}: expected floating-point pictures of shape [N, C, H, W], got ${pictures.dtype} [${pictures.shape.join(', ')}]`,
    );
  const { kind, intensity, seed = 42, range: [low, high] = [0, 1] } = options;
  if (intensity === 0 || pictures.shape[0] === 0) return pictures.clone();
  return noGrad(() =>
    scope(() => {
      const white = high - low;
      const levels = pictures.sub(low).div(white); // black is 0, white 1
      const changed = CORRUPTIONS[kind](levels, { intensity, generator: new Generator(seed) });
      return changed.clamp({ min: 0, max: 1 }).mul(white).add(low);
    }),
  );
}

type Corruption = (levels: Tensor, how: { readonly intensity: number; readonly generator: Generator }) => Tensor;

const CORRUPTIONS: Readonly<Record<PictureCorruption, Corruption>> = {
  blur: (levels, { intensity }) => {
    const margin = Math.max(1, Math.round(BLUR_MARGIN * intensity));
    return transforms.functional.gaussianBlur(levels, 2 * margin + 1, { sigma: BLUR * intensity });
  },
  noise: (levels, { intensity, generator }) => {
    const noise = randn(levels.shape, { generator }).to({ dtype: levels.dtype, device: levels.device });
    return levels.add(noise, { alpha: NOISE * intensity });
  },
  rotation: (levels, { intensity, generator }) => {
    const angles = drawn(levels, generator)
      .mul(DEGREES * intensity)
      .toArray() as number[];
    return transforms.functional.rotate(levels, angles, { interpolation: 'bilinear' });
  },
  brightness: (levels, { intensity, generator }) => levels.mul(factors(levels, intensity, generator)),
  contrast: (levels, { intensity, generator }) => {
    const mean = levels.mean({ dim: [1, 2, 3], keepdim: true }); // [N, 1, 1, 1]
    return levels
      .sub(mean)
      .mul(factors(levels, intensity, generator))
      .add(mean);
  },
};

/** A number for each picture, uniform from -1 to 1. [N] */
const drawn = (levels: Tensor, generator: Generator): Tensor => rand([levels.shape[0]!], { generator }).mul(2).sub(1);

/** A factor for each picture, uniform from 1 - intensity to 1 + intensity. [N, 1, 1, 1] */
function factors(levels: Tensor, intensity: number, generator: Generator): Tensor {
  const factor = drawn(levels, generator).mul(intensity).add(1).view([-1, 1, 1, 1]);
  return factor.to({ dtype: levels.dtype, device: levels.device });
}

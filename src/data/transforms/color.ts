// Transforms of colours and levels that change a picture or leave it.
import type { Tensor } from '../../tensor/index.ts';
import type { Draws } from './draws.ts';
import { type ProbabilityOptions, probabilityOf } from './flip.ts';
import { adjustSharpness, rgbToGrayscale } from './functional/color.ts';
import { autocontrast, equalize, invert, posterize, solarize } from './functional/levels.ts';
import { TransformProblems } from './options.ts';
import { changeRows, Transform } from './transform.ts';

/** Grey pictures. Shape: [N, 1 or 3, H, W] -> [N, numOutputChannels, H, W].
 *  @throws {ConfigError} for other numbers of channels than 1 and 3.  Source: torchvision.transforms.v2.Grayscale. */
export class Grayscale extends Transform {
  readonly name = 'Grayscale';
  readonly numOutputChannels: 1 | 3;

  constructor(options: { readonly numOutputChannels?: 1 | 3 } = {}) {
    super();
    const { numOutputChannels = 1 } = options;
    const problems = new TransformProblems('Grayscale', options, ['numOutputChannels']);
    const isKnown = numOutputChannels === 1 || numOutputChannels === 3;
    problems.expect(isKnown, 'numOutputChannels', { wanted: '1 or 3', got: numOutputChannels });
    problems.check();
    this.numOutputChannels = numOutputChannels;
  }

  apply(images: Tensor): Tensor {
    return rgbToGrayscale(images, { numOutputChannels: this.numOutputChannels });
  }
}

/** A transform that changes each picture with probability `p`, always in the same way. */
abstract class RandomChange extends Transform {
  abstract readonly p: number;

  /** The changed pictures. Shape: unchanged. */
  protected abstract change(selected: Tensor): Tensor;

  override get hasManySteps(): boolean {
    return true;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const rows = draws.map((draw, row) => (draw.chance(this.p) ? row : -1)).filter((row) => row >= 0);
    return changeRows(`apply ${this.name}`, images, rows, (selected) => this.change(selected));
  }
}

/** Takes the colours of each picture with probability `p`, and keeps its channels. Shape: [N, 1 or 3, H, W], unchanged.
 *  @param options.p - default 0.1.  @throws {ConfigError} for what is no probability.  Source: torchvision.transforms.v2.RandomGrayscale. */
export class RandomGrayscale extends RandomChange {
  readonly name = 'RandomGrayscale';
  readonly p: number;

  constructor(options: ProbabilityOptions = {}) {
    super();
    this.p = probabilityOf('RandomGrayscale', options, 0.1);
  }

  protected change(selected: Tensor): Tensor {
    return rgbToGrayscale(selected, { numOutputChannels: selected.size(1) === 1 ? 1 : 3 });
  }
}

/** Makes a negative of each picture with probability `p`. Shape: [N, 1 or 3, H, W], unchanged.
 *  @throws {ConfigError} for what is no probability.  Source: torchvision.transforms.v2.RandomInvert. */
export class RandomInvert extends RandomChange {
  readonly name = 'RandomInvert';
  readonly p: number;

  constructor(options: ProbabilityOptions = {}) {
    super();
    this.p = probabilityOf('RandomInvert', options);
  }

  protected change(selected: Tensor): Tensor {
    return invert(selected);
  }
}

/** Stretches the channels of each picture to the whole range with probability `p`. Shape: [N, 1 or 3, H, W], unchanged.
 *  @throws {ConfigError} for what is no probability.  Source: torchvision.transforms.v2.RandomAutocontrast. */
export class RandomAutocontrast extends RandomChange {
  readonly name = 'RandomAutocontrast';
  readonly p: number;

  constructor(options: ProbabilityOptions = {}) {
    super();
    this.p = probabilityOf('RandomAutocontrast', options);
  }

  protected change(selected: Tensor): Tensor {
    return autocontrast(selected);
  }
}

/** Spreads the levels of each picture with probability `p`, so that each is about as frequent. Shape: [N, 1 or 3, H, W], unchanged.
 *  @throws {ConfigError} for what is no probability.  Source: torchvision.transforms.v2.RandomEqualize. */
export class RandomEqualize extends RandomChange {
  readonly name = 'RandomEqualize';
  readonly p: number;

  constructor(options: ProbabilityOptions = {}) {
    super();
    this.p = probabilityOf('RandomEqualize', options);
  }

  protected change(selected: Tensor): Tensor {
    return equalize(selected);
  }
}

/** Keeps the uppermost `bits` bits of each picture with probability `p`. Shape: [N, 1 or 3, H, W], unchanged.
 *  @param bits - 0 to 8.  @throws {ConfigError} for other bits, and for what is no probability.  Source: torchvision.transforms.v2.RandomPosterize. */
export class RandomPosterize extends RandomChange {
  readonly name = 'RandomPosterize';
  readonly p: number;
  readonly bits: number;

  constructor(bits: number, options: ProbabilityOptions = {}) {
    super();
    const { p = 0.5 } = options;
    const problems = new TransformProblems('RandomPosterize', options, ['p']);
    const isCount = Number.isInteger(bits) && bits >= 0 && bits <= 8;
    problems.expect(isCount, 'bits', { wanted: 'a whole number from 0 to 8', got: bits });
    problems.expectProbability('p', p);
    problems.check();
    this.bits = bits;
    this.p = p;
  }

  protected change(selected: Tensor): Tensor {
    return posterize(selected, this.bits);
  }
}

/** Inverts the pixels from `threshold` on of each picture with probability `p`. Shape: [N, 1 or 3, H, W], unchanged.
 *  @param threshold - in the pictures' units: 0 to 255 for uint8.  @throws {ConfigError} for what is no number or no probability.
 *  Source: torchvision.transforms.v2.RandomSolarize. */
export class RandomSolarize extends RandomChange {
  readonly name = 'RandomSolarize';
  readonly p: number;
  readonly threshold: number;

  constructor(threshold: number, options: ProbabilityOptions = {}) {
    super();
    const { p = 0.5 } = options;
    const problems = new TransformProblems('RandomSolarize', options, ['p']);
    problems.expect(Number.isFinite(threshold), 'threshold', { wanted: 'a number', got: threshold });
    problems.expectProbability('p', p);
    problems.check();
    this.threshold = threshold;
    this.p = p;
  }

  protected change(selected: Tensor): Tensor {
    return solarize(selected, this.threshold);
  }
}

/** Sharpens each picture with probability `p`. Shape: [N, 1 or 3, H, W], unchanged.
 *  @param sharpnessFactor - 0 (smooth) to 1 (as it is) to more.  @throws {ConfigError} for a negative factor, and for what is no probability.
 *  Source: torchvision.transforms.v2.RandomAdjustSharpness. */
export class RandomAdjustSharpness extends RandomChange {
  readonly name = 'RandomAdjustSharpness';
  readonly p: number;
  readonly sharpnessFactor: number;

  constructor(sharpnessFactor: number, options: ProbabilityOptions = {}) {
    super();
    const { p = 0.5 } = options;
    const problems = new TransformProblems('RandomAdjustSharpness', options, ['p']);
    const isFactor = Number.isFinite(sharpnessFactor) && sharpnessFactor >= 0;
    problems.expect(isFactor, 'sharpnessFactor', { wanted: 'a number from 0 on', got: sharpnessFactor });
    problems.expectProbability('p', p);
    problems.check();
    this.sharpnessFactor = sharpnessFactor;
    this.p = p;
  }

  protected change(selected: Tensor): Tensor {
    return adjustSharpness(selected, this.sharpnessFactor);
  }
}

// Transforms of pixel values: dtype and range, normalising, blurring, painting parts over.
import { DTypeError, ShapeError } from '../../errors.ts';
import { type DType, dtypes, Generator, isFloatingDType, randn, type Tensor } from '../../tensor/index.ts';
import type { Draws, SampleDraws } from './draws.ts';
import { gaussianBlur, type KernelSize, kernelOf } from './functional/blur.ts';
import { type Rectangle, roundHalfEven } from './functional/crop.ts';
import { checkMoments, normalize, toDtype } from './functional/dtype.ts';
import { paintEach } from './functional/erase.ts';
import { checkFill, type Fill, fillTensor } from './functional/pad.ts';
import { type Range, TransformProblems } from './options.ts';
import { Transform } from './transform.ts';

/** Pictures in another dtype. Shape: [N, C, H, W], unchanged.
 *  @param options.scale - keep white white: 255 of uint8 becomes 1 of a floating dtype. Default false.
 *  @throws {ConfigError} for what is no dtype.  Source: torchvision.transforms.v2.ToDtype. */
export class ToDtype extends Transform {
  readonly name = 'ToDtype';
  readonly dtype: DType;
  readonly scale: boolean;

  constructor(dtype: DType, options: { readonly scale?: boolean } = {}) {
    super();
    const { scale = false } = options;
    const problems = new TransformProblems('ToDtype', options, ['scale']);
    problems.expectOneOf('dtype', dtype, dtypes);
    problems.expectBoolean('scale', scale);
    problems.check();
    this.dtype = dtype;
    this.scale = scale;
  }

  apply(images: Tensor): Tensor {
    return toDtype(images, this.dtype, { scale: this.scale });
  }
}

/** (image - mean) / std by channel. Shape: [N, C, H, W], unchanged; a floating dtype: `ToDtype` with `scale` comes before.
 *  @throws {ConfigError} for lists that are none, and deviations of 0.  Source: torchvision.transforms.v2.Normalize. */
export class Normalize extends Transform {
  readonly name = 'Normalize';
  readonly mean: readonly number[];
  readonly std: readonly number[];

  constructor(mean: readonly number[], std: readonly number[]) {
    super();
    const problems = new TransformProblems('Normalize', {}, []);
    problems.expectPasses('mean', () => checkMoments('', mean, [1]));
    problems.expectPasses('std', () => checkMoments('', [0], std));
    problems.check();
    this.mean = mean;
    this.std = std;
  }

  apply(images: Tensor): Tensor {
    return normalize(images, this.mean, this.std);
  }
}

/** Smooths each picture by a Gaussian, its deviation drawn uniformly. Shape: [N, C, H, W], unchanged.
 *  @param kernelSize - odd; one number, or [along x, along y].
 *  @param options.sigma - pixels above 0: [low, high], or a number. Default [0.1, 2].
 *  @throws {ConfigError} for options that are none.  Source: torchvision.transforms.v2.GaussianBlur. */
export class GaussianBlur extends Transform {
  readonly name = 'GaussianBlur';
  readonly kernelSize: KernelSize;
  readonly sigma: Range;

  constructor(kernelSize: KernelSize, options: { readonly sigma?: number | Range } = {}) {
    super();
    const { sigma = [0.1, 2] } = options;
    const problems = new TransformProblems('GaussianBlur', options, ['sigma']);
    problems.expectPasses('kernelSize', () => kernelOf('', kernelSize));
    this.sigma = typeof sigma === 'number' ? [sigma, sigma] : sigma;
    problems.expectPositiveRange('sigma', this.sigma);
    problems.check();
    this.kernelSize = kernelSize;
  }

  override get hasManySteps(): boolean {
    return true;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const sigma = draws.map((draw) => draw.uniform(...this.sigma)).map((one) => [one, one] as const);
    return gaussianBlur(images, this.kernelSize, { sigma });
  }
}

export interface RandomErasingOptions {
  /** Probability for each picture. Default 0.5. */
  readonly p?: number;
  /** Share of the picture's area that is painted over, within 0 to 1. Default [0.02, 0.33]. */
  readonly scale?: Range;
  /** Height by width of what is painted over, drawn on a logarithmic scale. Default [0.3, 3.3]. */
  readonly ratio?: Range;
  /** The colour, in the pictures' units: a number, one a channel, or 'random' for a normal draw for each pixel (floating dtypes). Default 0. */
  readonly value?: Fill | 'random';
}

/** Paints a rectangle over each picture with probability `p`. Shape: [N, C, H, W], unchanged.
 *  Rule: of ten draws the first that is smaller than the picture in both directions; else nothing is painted.
 *  @throws {ConfigError} for options that are none.
 *  Source: Zhong et al. 2017, arXiv:1708.04896; torchvision.transforms.v2.RandomErasing. */
export class RandomErasing extends Transform {
  readonly name = 'RandomErasing';
  readonly p: number;
  readonly #scale: Range;
  readonly #ratio: Range;
  readonly #value: Fill | 'random';

  constructor(options: RandomErasingOptions = {}) {
    super();
    const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = options;
    const problems = new TransformProblems('RandomErasing', options, ['p', 'scale', 'ratio', 'value']);
    problems.expectProbability('p', p);
    problems.expectRange('scale', scale, 0, 1);
    problems.expectPositiveRange('ratio', ratio);
    if (value !== 'random') problems.expectPasses('value', () => checkFill('', value));
    problems.check();
    this.p = p;
    this.#scale = scale;
    this.#ratio = ratio;
    this.#value = value;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const [channels, height, width] = images.shape.slice(1) as [number, number, number];
    const value = this.#value;
    if (value === 'random' && !isFloatingDType(images.dtype))
      throw new DTypeError(
        `Cannot apply RandomErasing: expected pictures of a floating dtype for the value "random", got ${images.dtype}; ToDtype comes before`,
      );
    if (value !== 'random' && typeof value !== 'number' && value.length !== 1 && value.length !== channels)
      throw new ShapeError(
        `Cannot apply RandomErasing: expected a value for each of ${channels} channels, got ${value.length}`,
      );
    const choices = draws.map((draw) => {
      const rectangle = draw.chance(this.p) ? this.#draw(draw, height, width) : undefined;
      return { rectangle, seed: rectangle && value === 'random' ? draw.seed() : 0 };
    });
    if (choices.every(({ rectangle }) => rectangle === undefined)) return images;
    const color = value === 'random' ? undefined : fillTensor(value, images);
    return paintEach(
      images,
      choices.map(({ rectangle }) => rectangle),
      ({ height: h, width: w }, row) =>
        color ?? randn([channels, h, w], { generator: new Generator(choices[row]!.seed) }), // of the picture's own
    );
  }

  #draw(draw: SampleDraws, rows: number, columns: number): Rectangle | undefined {
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = rows * columns * draw.uniform(...this.#scale);
      const ratio = draw.logUniform(...this.#ratio);
      const height = roundHalfEven(Math.sqrt(area * ratio));
      const width = roundHalfEven(Math.sqrt(area / ratio));
      if (height >= rows || width >= columns) continue;
      const top = draw.integer(0, rows - height + 1);
      return { top, left: draw.integer(0, columns - width + 1), height, width };
    }
    return undefined;
  }
}

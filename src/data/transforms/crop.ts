// Transforms that cut parts out of pictures.
import { ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/index.ts';
import type { Draws, SampleDraws } from './draws.ts';
import { centerCrop, type Rectangle, roundHalfEven } from './functional/crop.ts';
import {
  checkFill,
  type Fill,
  PADDING_MODES,
  type Padding,
  type PaddingMode,
  pad,
  type Sides,
  sidesOf,
} from './functional/pad.ts';
import { RESIZE_INTERPOLATIONS, type ResizeInterpolation, resizeTo } from './functional/resize.ts';
import { edgesOf, type Range, TransformProblems } from './options.ts';
import { type Size, sizeOf, stackPictures } from './pictures.ts';
import { Transform } from './transform.ts';

const NO_SIDES: Sides = { left: 0, top: 0, right: 0, bottom: 0 };

/** The middle of every picture; 0 around those that are smaller. Shape: [N, C, H, W] -> [N, C, height, width].
 *  @param size - one number for both, or [height, width].  @throws {ConfigError} for a size that is not whole.
 *  Source: torchvision.transforms.v2.CenterCrop. */
export class CenterCrop extends Transform {
  readonly name = 'CenterCrop';
  readonly size: Size;

  constructor(size: Size) {
    super();
    const problems = new TransformProblems('CenterCrop', {}, []);
    problems.expectPasses('size', () => sizeOf('', 'size', size));
    problems.check();
    this.size = size;
  }

  apply(images: Tensor): Tensor {
    return centerCrop(images, this.size);
  }
}

export interface RandomCropOptions {
  /** Pixels around the picture, before it is cut: one number, [horizontal, vertical] or [left, top, right, bottom]. Default 0. */
  readonly padding?: Padding;
  /** Pad smaller pictures on both sides by as much as they lack. Default false: they are an error. */
  readonly padIfNeeded?: boolean;
  /** What constant padding is made of. Default 0. */
  readonly fill?: Fill;
  /** Default 'constant'. */
  readonly paddingMode?: PaddingMode;
}

/** A part of every picture, its place drawn uniformly. Shape: [N, C, H, W] -> [N, C, height, width].
 *  @param size - one number for both, or [height, width].
 *  @throws {ConfigError} for options that are none.  Applying it throws a ShapeError for pictures that are smaller, unless `padding` or `padIfNeeded` makes them large enough.
 *  Source: torchvision.transforms.v2.RandomCrop.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  const augment = transforms.compose([new transforms.RandomCrop(32, { padding: 4 })]);
 *  augment(rand([3, 32, 32]), { seed: 1, epoch: 0 }).shape; // [3, 32, 32] */
export class RandomCrop extends Transform {
  readonly name = 'RandomCrop';
  readonly size: Size;
  readonly #options: RandomCropOptions;

  constructor(size: Size, options: RandomCropOptions = {}) {
    super();
    const { padding = 0, padIfNeeded = false, fill = 0, paddingMode = 'constant' } = options;
    const problems = new TransformProblems('RandomCrop', options, ['padding', 'padIfNeeded', 'fill', 'paddingMode']);
    problems.expectPasses('size', () => sizeOf('', 'size', size));
    problems.expectPasses('padding', () => sidesOf('', padding));
    problems.expectBoolean('padIfNeeded', padIfNeeded);
    problems.expectPasses('fill', () => checkFill('', fill));
    problems.expectOneOf('paddingMode', paddingMode, PADDING_MODES);
    problems.check();
    this.size = size;
    this.#options = options;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const { fill = 0, paddingMode = 'constant' } = this.#options;
    const [height, width] = edgesOf(this.size);
    const { left, top, right, bottom } = this.#sides(images);
    const padded = pad(images, [left, top, right, bottom], { fill, paddingMode });
    const [spareRows, spareColumns] = [padded.size(2) - height, padded.size(3) - width];
    if (spareRows < 0 || spareColumns < 0)
      throw new ShapeError(
        `Cannot apply RandomCrop: expected pictures of at least [${height}, ${width}] with their padding, got [${padded.size(2)}, ${padded.size(3)}]; padIfNeeded pads them`,
      );
    if (spareRows === 0 && spareColumns === 0) return padded;
    const rectangles = draws.map((draw) => {
      const from = spareRows > 0 ? draw.integer(0, spareRows + 1) : 0;
      return { top: from, left: spareColumns > 0 ? draw.integer(0, spareColumns + 1) : 0, height, width };
    });
    return stackPictures(viewsOf(padded, rectangles), padded.narrow(2, 0, height).narrow(3, 0, width));
  }

  /** `padding`, and what pictures still lack on either side. */
  #sides(images: Tensor): Sides {
    const { padding, padIfNeeded = false } = this.#options;
    const given = padding === undefined ? NO_SIDES : sidesOf('apply RandomCrop', padding);
    if (!padIfNeeded) return given;
    const [height, width] = edgesOf(this.size);
    const rows = Math.max(0, height - images.size(2) - given.top - given.bottom);
    const columns = Math.max(0, width - images.size(3) - given.left - given.right);
    return {
      left: given.left + columns,
      top: given.top + rows,
      right: given.right + columns,
      bottom: given.bottom + rows,
    };
  }
}

export interface RandomResizedCropOptions {
  /** Share of the picture's area that is cut out. Default [0.08, 1]. */
  readonly scale?: Range;
  /** Width by height of what is cut out, drawn on a logarithmic scale. Default [3 / 4, 4 / 3]. */
  readonly ratio?: Range;
  /** Default 'bilinear'. */
  readonly interpolation?: ResizeInterpolation;
  /** Smooth where the part gets smaller. Default true. */
  readonly antialias?: boolean;
}

/** A part of every picture, its place, area and proportions drawn, resized to `size`. Shape: [N, C, H, W] -> [N, C, height, width].
 *  Rule: of ten draws the first that fits in the picture; else the middle. Each picture is resized by an operator of its own, since parts differ in size.
 *  @throws {ConfigError} for options that are none.
 *  Source: Szegedy et al. 2014, arXiv:1409.4842; torchvision.transforms.v2.RandomResizedCrop, whose pixels these are for the same part. */
export class RandomResizedCrop extends Transform {
  readonly name = 'RandomResizedCrop';
  readonly size: Size;
  readonly #scale: Range;
  readonly #ratio: Range;
  readonly #interpolation: ResizeInterpolation;
  readonly #antialias: boolean;

  constructor(size: Size, options: RandomResizedCropOptions = {}) {
    super();
    const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3], interpolation = 'bilinear', antialias = true } = options;
    const problems = new TransformProblems('RandomResizedCrop', options, [
      'scale',
      'ratio',
      'interpolation',
      'antialias',
    ]);
    problems.expectPasses('size', () => sizeOf('', 'size', size));
    problems.expectPositiveRange('scale', scale);
    problems.expectPositiveRange('ratio', ratio);
    problems.expectOneOf('interpolation', interpolation, RESIZE_INTERPOLATIONS);
    problems.expectBoolean('antialias', antialias);
    problems.check();
    this.size = size;
    this.#scale = scale;
    this.#ratio = ratio;
    this.#interpolation = interpolation;
    this.#antialias = antialias;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const size = edgesOf(this.size);
    const rectangles = draws.map((draw) => this.#draw(draw, images.size(2), images.size(3)));
    const parts = viewsOf(images, rectangles).map((part) => this.#resize(part, size));
    return stackPictures(parts, images.newZeros([0, images.size(1), ...size]));
  }

  #resize(part: Tensor, size: readonly [number, number]): Tensor {
    const isThere = part.size(1) === size[0] && part.size(2) === size[1];
    return isThere ? part : resizeTo(part, size, this.#interpolation, this.#antialias);
  }

  #draw(draw: SampleDraws, rows: number, columns: number): Rectangle {
    const [low, high] = this.#ratio;
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = rows * columns * draw.uniform(...this.#scale);
      const ratio = draw.logUniform(low, high);
      const width = roundHalfEven(Math.sqrt(area * ratio));
      const height = roundHalfEven(Math.sqrt(area / ratio));
      if (width > 0 && width <= columns && height > 0 && height <= rows) {
        const top = draw.integer(0, rows - height + 1);
        return { top, left: draw.integer(0, columns - width + 1), height, width };
      }
    }
    const own = columns / rows;
    const width = own > high ? Math.max(1, roundHalfEven(rows * high)) : columns;
    const height = own < low ? Math.max(1, roundHalfEven(columns / low)) : rows;
    return { top: Math.floor((rows - height) / 2), left: Math.floor((columns - width) / 2), height, width };
  }
}

/** A view of each picture's rectangle, which lies inside of it: [C, height, width]. */
function viewsOf(images: Tensor, rectangles: readonly Rectangle[]): Tensor[] {
  return rectangles.map(({ top, left, height, width }, row) =>
    images.select(0, row).narrow(1, top, height).narrow(2, left, width),
  );
}

// Transforms of a picture's size and surroundings, without chance.
import type { Tensor } from '../../tensor/index.ts';
import { checkFill, type Fill, PADDING_MODES, type Padding, type PaddingMode, pad, sidesOf } from './functional/pad.ts';
import { RESIZE_INTERPOLATIONS, type ResizeOptions, resize } from './functional/resize.ts';
import { TransformProblems } from './options.ts';
import { type Size, sizeOf } from './pictures.ts';
import { Transform } from './transform.ts';

/** Pictures at another size. Shape: [N, C, H, W] -> [N, C, H', W'].
 *  @param size - [height, width]; a number for the shorter edge, which keeps the proportions; undefined with `maxSize` for the longer.
 *  @throws {ConfigError} for sizes that are not whole, or do not hold together.  Source: torchvision.transforms.v2.Resize. */
export class Resize extends Transform {
  readonly name = 'Resize';
  readonly size: Size | undefined;
  readonly #options: ResizeOptions;

  constructor(size: Size | undefined, options: ResizeOptions = {}) {
    super();
    const { interpolation = 'bilinear', maxSize, antialias = true } = options;
    const problems = new TransformProblems('Resize', options, ['interpolation', 'maxSize', 'antialias']);
    if (size !== undefined) problems.expectPasses('size', () => sizeOf('', 'size', size));
    const isEdge = maxSize === undefined ? size !== undefined : Number.isInteger(maxSize) && maxSize > 0;
    problems.expect(isEdge, 'maxSize', { wanted: 'a whole number above 0 where there is no size', got: maxSize });
    const isAlone = maxSize === undefined || !Array.isArray(size);
    problems.expect(isAlone, 'maxSize', { wanted: 'none beside a size [height, width]', got: maxSize });
    const isAbove = maxSize === undefined || typeof size !== 'number' || maxSize > size;
    problems.expect(isAbove, 'maxSize', { wanted: `more than the size ${String(size)}`, got: maxSize });
    problems.expectOneOf('interpolation', interpolation, RESIZE_INTERPOLATIONS);
    problems.expectBoolean('antialias', antialias);
    problems.check();
    this.size = size;
    this.#options = options;
  }

  apply(images: Tensor): Tensor {
    return resize(images, this.size, this.#options);
  }
}

/** Pictures with more pixels around them. Shape: [N, C, H, W] -> [N, C, top + H + bottom, left + W + right].
 *  @param padding - pixels: a number, [horizontal, vertical] or [left, top, right, bottom].
 *  @throws {ConfigError} for padding that is not whole.  Source: torchvision.transforms.v2.Pad. */
export class Pad extends Transform {
  readonly name = 'Pad';
  readonly padding: Padding;
  readonly #options: { readonly fill?: Fill; readonly paddingMode?: PaddingMode };

  constructor(padding: Padding, options: { readonly fill?: Fill; readonly paddingMode?: PaddingMode } = {}) {
    super();
    const { fill = 0, paddingMode = 'constant' } = options;
    const problems = new TransformProblems('Pad', options, ['fill', 'paddingMode']);
    problems.expectPasses('padding', () => sidesOf('', padding));
    problems.expectPasses('fill', () => checkFill('', fill));
    problems.expectOneOf('paddingMode', paddingMode, PADDING_MODES);
    problems.check();
    this.padding = padding;
    this.#options = options;
  }

  apply(images: Tensor): Tensor {
    return pad(images, this.padding, this.#options);
  }
}

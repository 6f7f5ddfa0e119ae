// Painting over parts of pictures.
import { readOptions } from '../../../tensor/arguments.ts';
import { Tensor } from '../../../tensor/index.ts';
import { checkPictures } from '../pictures.ts';
import type { Rectangle } from './crop.ts';
import { checkFill, type Fill, fillTensor } from './pad.ts';

/** Pictures with the rectangle painted over. Shape: [..., C, H, W], unchanged.
 *  @param options.i - top.  @param options.j - left.  @param options.h - height.  @param options.w - width.
 *  @param options.v - a number, one a channel, or a tensor that fits [C, h, w].
 *  @throws {RangeError} for a rectangle that does not lie in the picture.  Source: torchvision.transforms.v2.functional.erase.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.erase(ones([1, 1, 3]), { i: 0, j: 1, h: 1, w: 2, v: 7 }); // tensor([[[1., 7., 7.]]]) */
export function erase(
  image: Tensor,
  options: { i: number; j: number; h: number; w: number; v: Fill | Tensor },
): Tensor {
  readOptions('erase', ['i', 'j', 'h', 'w', 'v'], options);
  const action = 'erase parts of pictures';
  checkPictures(action, image);
  const { i, j, h, w, v } = options;
  const isInside =
    [i, j, h, w].every((edge) => Number.isInteger(edge) && edge >= 0) &&
    i + h <= image.size(-2) &&
    j + w <= image.size(-1);
  if (!isInside)
    throw new RangeError(
      `Cannot ${action}: expected a rectangle inside of [${image.size(-2)}, ${image.size(-1)}], got i ${i}, j ${j}, h ${h}, w ${w}`,
    );
  if (!(v instanceof Tensor)) checkFill(action, v, image.size(-3));
  const erased = image.clone();
  erased
    .narrow(-2, i, h)
    .narrow(-1, j, w)
    .copy_(v instanceof Tensor ? v : fillTensor(v, image));
  return erased;
}

/** Pictures with what `paint` gives painted over the rectangle of each: a tensor that fits [C, height, width]. One without a rectangle stays as it is. */
export function paintEach(
  images: Tensor,
  rectangles: readonly (Rectangle | undefined)[],
  paint: (rectangle: Rectangle, row: number) => Tensor,
): Tensor {
  const painted = images.clone({ memoryFormat: 'contiguous_format' });
  rectangles.forEach((rectangle, row) => {
    if (rectangle !== undefined) inside(painted.select(0, row), rectangle).copy_(paint(rectangle, row));
  });
  return painted;
}

/** The view of a rectangle. Shape: [..., H, W] -> [..., height, width]. */
export function inside(image: Tensor, { top, left, height, width }: Rectangle): Tensor {
  return image.narrow(-2, top, height).narrow(-1, left, width);
}

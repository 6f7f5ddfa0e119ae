// Painting over parts of pictures.
import { readOptions } from '../../../tensor/arguments.ts';
import { arange, Tensor, tensor } from '../../../tensor/index.ts';
import { where } from '../../../tensor/ops.generated.ts';
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

/** Where each picture's rectangle lies: [N, 1, H, W] of booleans. A rectangle of no height covers nothing. */
export function rectangleMask(rectangles: readonly Rectangle[], height: number, width: number): Tensor {
  const column = (value: (rectangle: Rectangle) => number): Tensor =>
    tensor(Int32Array.from(rectangles, value)).view([rectangles.length, 1, 1, 1]);
  const rows = arange(height, { dtype: 'int32' }).view([height, 1]);
  const columns = arange(width, { dtype: 'int32' });
  const inRows = rows.ge(column((one) => one.top)).logicalAnd(rows.lt(column((one) => one.top + one.height))); // [N, 1, H, 1]
  const inColumns = columns.ge(column((one) => one.left)).logicalAnd(columns.lt(column((one) => one.left + one.width))); // [N, 1, 1, W]
  return inRows.logicalAnd(inColumns);
}

/** Each picture with its rectangle replaced by what `others` has there. */
export function replaceRectangles(images: Tensor, others: Tensor, rectangles: readonly Rectangle[]): Tensor {
  const mask = rectangleMask(rectangles, images.size(-2), images.size(-1)).to(images.device);
  return where(mask, others, images);
}

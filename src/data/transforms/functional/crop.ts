// Cutting parts out of pictures.
import { readOptions } from '../../../tensor/arguments.ts';
import type { Tensor } from '../../../tensor/index.ts';
import { checkPictures, type Size, sizeOf } from '../pictures.ts';
import { pad } from './pad.ts';
import { type ResizeOptions, resize } from './resize.ts';

/** A rectangle of a picture, in pixels. */
export interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** The part of the pictures inside a rectangle; what of it lies outside of the pictures is 0. A view where all of it lies inside.
 *  Shape: [..., C, H, W] -> [..., C, height, width].
 *  @throws {RangeError} for a rectangle that is not whole, or empty.  Source: torchvision.transforms.v2.functional.crop.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.crop(arange(9).view([1, 3, 3]), { top: 1, left: 0, height: 2, width: 2 }).toArray(); // [[[3, 4], [6, 7]]] */
export function crop(image: Tensor, rectangle: Rectangle): Tensor {
  readOptions('crop', ['top', 'left', 'height', 'width'], rectangle);
  const action = 'crop pictures';
  checkPictures(action, image);
  const { top, left, height, width } = rectangle;
  const isWhole =
    Number.isInteger(top) && Number.isInteger(left) && Number.isInteger(height) && Number.isInteger(width);
  if (!isWhole || height < 1 || width < 1)
    throw new RangeError(
      `Cannot ${action}: expected a rectangle of whole pixels, height and width above 0, got top ${top}, left ${left}, height ${height}, width ${width}`,
    );
  const [rows, columns] = [image.size(-2), image.size(-1)];
  const above = Math.min(Math.max(-top, 0), height);
  const before = Math.min(Math.max(-left, 0), width);
  const below = Math.min(Math.max(top + height - rows, 0), height - above);
  const behind = Math.min(Math.max(left + width - columns, 0), width - before);
  const inside = image
    .narrow(-2, Math.min(Math.max(top, 0), rows), height - above - below)
    .narrow(-1, Math.min(Math.max(left, 0), columns), width - before - behind);
  return pad(inside, [before, above, behind, below]);
}

/** The middle of the pictures, with 0 around them where they are smaller. A view where they are not.
 *  Shape: [..., C, H, W] -> [..., C, height, width]. Rule: top is (H - height) / 2, rounded half to even, as in Python.
 *  @param size - one number for both, or [height, width].  @throws {RangeError} for a size that is not whole.
 *  Source: torchvision.transforms.v2.functional.center_crop. */
export function centerCrop(image: Tensor, size: Size): Tensor {
  const action = 'crop pictures to their middle';
  checkPictures(action, image);
  const [height, width] = sizeOf(action, 'size', size);
  const [missingRows, missingColumns] = [Math.max(0, height - image.size(-2)), Math.max(0, width - image.size(-1))];
  const padded = pad(image, [
    Math.floor(missingColumns / 2),
    Math.floor(missingRows / 2),
    Math.ceil(missingColumns / 2),
    Math.ceil(missingRows / 2),
  ]);
  const top = roundHalfEven((padded.size(-2) - height) / 2);
  const left = roundHalfEven((padded.size(-1) - width) / 2);
  return crop(padded, { top, left, height, width });
}

/** A part of the pictures at another size. Shape: [..., C, H, W] -> [..., C, size].
 *  @throws {RangeError} as `crop` and `resize`.  Source: torchvision.transforms.v2.functional.resized_crop. */
export function resizedCrop(
  image: Tensor,
  options: Rectangle & { readonly size: Size } & Omit<ResizeOptions, 'maxSize'>,
): Tensor {
  readOptions('resizedCrop', ['top', 'left', 'height', 'width', 'size', 'interpolation', 'antialias'], options);
  const { top, left, height, width, size, ...resizing } = options;
  return resize(crop(image, { top, left, height, width }), sizeOf('crop and resize pictures', 'size', size), resizing);
}

/** Python's round(). */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

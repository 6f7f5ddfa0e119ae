// Pictures at another size.
import { interpolate } from '../../../nn/functional/interpolate.ts';
import { readOptions } from '../../../tensor/arguments.ts';
import { isIntegerDType, libtorchVersion, showConfig, type Tensor } from '../../../tensor/index.ts';
import { batched, checkPictures, describe, type Size, sizeOf } from '../pictures.ts';

export type ResizeInterpolation = 'nearest' | 'nearest-exact' | 'bilinear' | 'bicubic';

export const RESIZE_INTERPOLATIONS: readonly ResizeInterpolation[] = [
  'nearest',
  'nearest-exact',
  'bilinear',
  'bicubic',
];

export interface ResizeOptions {
  /** Default 'bilinear'. */
  readonly interpolation?: ResizeInterpolation;
  /** Most pixels of the longer edge, where `size` is one number (and gives way to it) or undefined. */
  readonly maxSize?: number | undefined;
  /** Smooth before a picture gets smaller; for bilinear and bicubic. Default true. */
  readonly antialias?: boolean;
}

/** Pictures at another size. Shape: [..., C, H, W] -> [..., C, H', W']. The input itself where it has that size already.
 *  @param size - [height, width]; a number for the shorter edge, which keeps the proportions; undefined with `maxSize` for the longer.
 *  @throws {RangeError} for sizes that are not whole, or do not hold together.
 *  Source: torchvision.transforms.v2.functional.resize. Bytes are resized as bytes where libtorch can (2.1 on, AVX2), else by float32 and rounding.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.resize(rand([3, 40, 60]), 20).shape; // [3, 20, 30]
 *  transforms.functional.resize(rand([8, 3, 40, 60]), [32, 32]).shape; // [8, 3, 32, 32] */
export function resize(image: Tensor, size: Size | undefined, options: ResizeOptions = {}): Tensor {
  readOptions('resize', ['interpolation', 'maxSize', 'antialias'], options);
  const { interpolation = 'bilinear', maxSize, antialias = true } = options;
  checkPictures('resize pictures', image);
  checkInterpolation('resize pictures', interpolation, RESIZE_INTERPOLATIONS);
  const [height, width] = resizedSize([image.size(-2), image.size(-1)], size, maxSize);
  if (height === image.size(-2) && width === image.size(-1)) return image;
  return resizeTo(image, [height, width], interpolation, antialias);
}

/** As `resize`, of checked arguments. */
export function resizeTo(
  image: Tensor,
  size: readonly [height: number, width: number],
  interpolation: ResizeInterpolation,
  antialias: boolean,
): Tensor {
  const isSmooth = interpolation === 'bilinear' || interpolation === 'bicubic';
  const { dtype } = image;
  const isNative =
    dtype === 'float32' ||
    dtype === 'float64' ||
    (dtype === 'uint8' && (!isSmooth || canResizeBytes(interpolation, image)));
  const resized = batched(isNative ? image : image.to('float32'), (images) =>
    interpolate(images, { size, mode: interpolation, antialias: isSmooth && antialias }),
  );
  if (isNative) return resized;
  const inRange = dtype === 'uint8' && interpolation === 'bicubic' ? resized.clamp_({ min: 0, max: 255 }) : resized;
  return (isIntegerDType(dtype) ? inRange.round_() : inRange).to(dtype);
}

/** Height and width of a resized picture. Rule: torchvision's, which cuts the longer edge to whole pixels. */
export function resizedSize(
  [height, width]: readonly [number, number],
  size: Size | undefined,
  maxSize: number | undefined,
): readonly [height: number, width: number] {
  const action = 'resize pictures';
  if (maxSize !== undefined && !(Number.isInteger(maxSize) && maxSize > 0))
    throw new RangeError(`Cannot ${action}: expected maxSize to be a whole number above 0, got ${describe(maxSize)}`);
  if (Array.isArray(size)) {
    if (maxSize !== undefined)
      throw new RangeError(`Cannot ${action}: expected maxSize beside a size of one number, got ${describe(size)}`);
    return sizeOf(action, 'size', size as Size);
  }
  const [short, long] = height < width ? [height, width] : [width, height];
  const oriented = (newShort: number, newLong: number): readonly [number, number] => {
    if (newShort < 1)
      throw new RangeError(
        `Cannot ${action}: expected at least 1 pixel for the shorter edge, got ${newShort} for [${height}, ${width}]`,
      );
    return width <= height ? [newLong, newShort] : [newShort, newLong];
  };
  if (size === undefined) {
    if (maxSize === undefined) throw new RangeError(`Cannot ${action}: expected a size or maxSize, got neither`);
    return oriented(Math.floor((maxSize * short) / long), maxSize);
  }
  const [edge] = sizeOf(action, 'size', size);
  const newLong = Math.floor((edge * long) / short);
  if (maxSize === undefined) return oriented(edge, newLong);
  if (maxSize <= edge)
    throw new RangeError(
      `Cannot ${action}: expected maxSize above the size ${edge} of the shorter edge, got ${maxSize}`,
    );
  return newLong > maxSize ? oriented(Math.floor((maxSize * edge) / newLong), maxSize) : oriented(edge, newLong);
}

/** @throws {RangeError} unless `interpolation` is one of `known`. */
export function checkInterpolation(action: string, interpolation: string, known: readonly string[]): void {
  if (known.includes(interpolation)) return;
  throw new RangeError(
    `Cannot ${action}: expected interpolation of ${known.join(', ')}, got ${describe(interpolation)}`,
  );
}

/** What the processor and libtorch allow; asked for once. */
let bytesSupport: { readonly bicubic: boolean; readonly bilinear: boolean } | undefined;

/** Whether this libtorch resizes bytes as bytes, as torchvision asks it to. */
function canResizeBytes(interpolation: 'bilinear' | 'bicubic' | string, image: Tensor): boolean {
  if (image.device !== 'cpu') return false;
  if (bytesSupport === undefined) {
    const [major, minor] = libtorchVersion().split('.').map(Number);
    const isNew = major! > 2 || (major === 2 && minor! >= 1);
    bytesSupport = { bicubic: isNew, bilinear: isNew && /CPU capability usage: AVX(2|512)/.test(showConfig()) };
  }
  return interpolation === 'bicubic' ? bytesSupport.bicubic : bytesSupport.bilinear;
}

// The range and the dtype of pixels: from bytes to numbers between 0 and 1, and to mean 0 and deviation 1.
import { DTypeError, ShapeError } from '../../../errors.ts';
import { readOptions } from '../../../tensor/arguments.ts';
import { type DType, isComplexDType, isFloatingDType, type Tensor, tensor } from '../../../tensor/index.ts';
import { checkPictures, describe, maxValue, valueBits } from '../pictures.ts';

/** Pictures in another dtype; with `scale` white stays white: 255 of uint8 is 1 of a floating dtype. Any shape. The input itself where it has the dtype.
 *  @throws {DTypeError} for what scaling cannot keep (float32 to int32).
 *  Source: torchvision.transforms.v2.functional.to_dtype.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  const bytes = tensor(Uint8Array.of(0, 51, 255));
 *  transforms.functional.toDtype(bytes, 'float32', { scale: true }); // tensor([0.0000, 0.2000, 1.0000]) */
export function toDtype(image: Tensor, dtype: DType = 'float32', options: { scale?: boolean } = {}): Tensor {
  readOptions('toDtype', ['scale'], options);
  if (image.dtype === dtype) return image;
  if (!options.scale) return image.to(dtype);
  const [isFloat, becomesFloat] = [isFloatingDType(image.dtype), isFloatingDType(dtype)];
  const [bits, newBits] = [valueBits(image.dtype), valueBits(dtype)];
  const isScalable = (isFloat || bits !== undefined) && (becomesFloat || newBits !== undefined);
  const isTooFine =
    isFloat &&
    ((image.dtype === 'float32' && (dtype === 'int32' || dtype === 'int64')) ||
      (image.dtype === 'float64' && dtype === 'int64'));
  if (!isScalable || isTooFine)
    throw new DTypeError(
      `Cannot scale pictures: expected dtypes that one can be scaled to the other, got ${image.dtype} to ${dtype}`,
    );
  if (isFloat) return becomesFloat ? image.to(dtype) : image.mul(maxValue(dtype) + 1 - 1e-3).to(dtype); // as torchvision: white in, white out, no rounding
  if (becomesFloat) return image.to(dtype).mul_(1 / maxValue(image.dtype));
  return bits! > newBits!
    ? image.bitwiseRightShift(bits! - newBits!).to(dtype)
    : image.to(dtype).bitwiseLeftShift(newBits! - bits!);
}

/** (image - mean) / std by channel. Shape: [..., C, H, W], unchanged. Units of the picture: for values from 0 to 1 after scaling.
 *  @param mean - one number a channel, or one for all.  @param std - likewise, none of them 0.
 *  @throws {DTypeError} for integers: `toDtype` with `scale` comes before.
 *  Source: torchvision.transforms.v2.functional.normalize.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.normalize(tensor([[[0, 0.5, 1]]]), [0.5], [0.25]); // tensor([[[-2.,  0.,  2.]]]) */
export function normalize(image: Tensor, mean: readonly number[], std: readonly number[]): Tensor {
  const action = 'normalize pictures';
  checkPictures(action, image);
  if (!isFloatingDType(image.dtype) || isComplexDType(image.dtype))
    throw new DTypeError(
      `Cannot ${action}: expected a floating dtype, got ${image.dtype}; toDtype(image, 'float32', { scale: true }) comes before`,
    );
  checkMoments(action, mean, std);
  const channels = image.size(-3);
  for (const [name, list] of Object.entries({ mean, std })) {
    if (list.length !== 1 && list.length !== channels)
      throw new ShapeError(
        `Cannot ${action}: expected ${name} with one number for each of ${channels} channels, got ${describe(list)}`,
      );
  }
  const column = (list: readonly number[]): Tensor =>
    tensor(Float64Array.from(list)).to(image.dtype).to(image.device).view([list.length, 1, 1]);
  return image.sub(column(mean)).div_(column(std));
}

/** @throws {RangeError} for means and deviations that are no lists of finite numbers, or a deviation of 0. */
export function checkMoments(action: string, mean: readonly number[], std: readonly number[]): void {
  for (const [name, list] of Object.entries({ mean, std })) {
    const isList = Array.isArray(list) && list.length > 0 && list.every((value) => Number.isFinite(value));
    if (!isList || (name === 'std' && list.includes(0)))
      throw new RangeError(
        `Cannot ${action}: expected ${name} to be a list of ${name === 'std' ? 'numbers other than 0' : 'numbers'}, got ${describe(list)}`,
      );
  }
}

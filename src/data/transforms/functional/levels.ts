// Changes of pixels by their level: inverted, fewer levels, levels spread over the whole range.
import { DTypeError } from '../../../errors.ts';
import { isFloatingDType, type Tensor, tensor } from '../../../tensor/index.ts';
import { cat, where } from '../../../tensor/ops.generated.ts';
import { batched, checkColors, checkPerPicture, factorOf, maxValue, type PerPicture, valueBits } from '../pictures.ts';
import { toDtype } from './dtype.ts';

/** Black becomes white. Shape: [..., 1 or 3, H, W], unchanged. Source: torchvision.transforms.v2.functional.invert. */
export function invert(image: Tensor): Tensor {
  checkColors('invert pictures', image);
  const bits = valueBits(image.dtype);
  if (bits === undefined) return image.neg().add_(1);
  return bits === 8 ? image.bitwiseNot() : image.bitwiseXor(bits === 63 ? 2n ** 63n - 1n : 2 ** bits - 1);
}

/** Pictures with the uppermost `bits` bits of every pixel; of floating ones, 2^bits levels. Shape: [..., 1 or 3, H, W], unchanged.
 *  @param bits - 0 to 8; one for all, or one a picture.
 *  @throws {RangeError} for other bits.  Source: torchvision.transforms.v2.functional.posterize. */
export function posterize(image: Tensor, bits: PerPicture): Tensor {
  const action = 'posterize pictures';
  checkColors(action, image);
  checkPerPicture(action, 'bits', bits, image);
  const list = typeof bits === 'number' ? [bits] : bits;
  const wrong = list.find((count) => !(Number.isInteger(count) && count >= 0 && count <= 8));
  if (wrong !== undefined) throw new RangeError(`Cannot ${action}: expected whole bits from 0 to 8, got ${wrong}`);
  const ofPictures = (values: readonly number[], dtype = image.dtype): Tensor =>
    tensor(Float64Array.from(values)).to(dtype).to(image.device).view([values.length, 1, 1, 1]);
  return batched(image, (images) => {
    const valid = valueBits(image.dtype);
    if (valid === undefined) {
      const levels = list.map((count) => 2 ** count);
      const kept = images.mul(ofPictures(levels)).floor_().clamp_({ min: 0 });
      const last = ofPictures(levels.map((level) => level - 1));
      return kept.minimum(last).mul_(ofPictures(levels.map((level) => 1 / level)));
    }
    if (list.every((count) => count >= valid)) return images;
    const masks = list.map((count) => (count >= valid ? 2 ** valid - 1 : (2 ** count - 1) * 2 ** (valid - count)));
    return images.bitwiseAnd(ofPictures(masks));
  });
}

/** Pictures with all pixels from `threshold` on inverted. Shape: [..., 1 or 3, H, W], unchanged.
 *  @param threshold - in the pictures' units, at most white; one for all, or one a picture.
 *  @throws {RangeError} above white.  Source: torchvision.transforms.v2.functional.solarize. */
export function solarize(image: Tensor, threshold: PerPicture): Tensor {
  const action = 'solarize pictures';
  checkColors(action, image);
  const most = typeof threshold === 'number' ? threshold : Math.max(...threshold);
  const white = maxValue(image.dtype);
  if (most > white) throw new RangeError(`Cannot ${action}: expected a threshold of at most ${white}, got ${most}`);
  const from = factorOf(action, 'threshold', threshold, image);
  return batched(image, (images) =>
    where(images.to(typeof from === 'number' ? images.dtype : from.dtype).ge(from), invert(images), images),
  );
}

/** Pictures whose channels are stretched to the whole range. A channel of one level stays as it is. Shape: [..., 1 or 3, H, W], unchanged.
 *  Source: torchvision.transforms.v2.functional.autocontrast. */
export function autocontrast(image: Tensor): Tensor {
  checkColors('stretch the contrast of pictures', image);
  if (image.numel === 0) return image;
  const white = maxValue(image.dtype);
  const floats = isFloatingDType(image.dtype) ? image : image.to('float32');
  const low = floats.amin({ dim: [-2, -1], keepdim: true });
  const high = floats.amax({ dim: [-2, -1], keepdim: true });
  const isFlat = high.eq(low);
  const range = high
    .sub(low)
    .mul_(1 / white)
    .maskedFill(isFlat, 1);
  return floats.sub(low.maskedFill(isFlat, 0)).div_(range).clamp_({ min: 0, max: white }).to(image.dtype);
}

/** Pictures whose levels are spread so that each is about as frequent, by channel. Shape: [..., 1 or 3, H, W], unchanged; computed on 256 levels.
 *  @throws {DTypeError} for what 256 levels do not hold: int32 and int64.  Source: torchvision.transforms.v2.functional.equalize, after Pillow's ImageOps. */
export function equalize(image: Tensor): Tensor {
  const action = 'equalize pictures';
  checkColors(action, image);
  if (image.dtype === 'int32' || image.dtype === 'int64')
    throw new DTypeError(`Cannot ${action}: expected bytes or a floating dtype, got ${image.dtype}`);
  if (image.numel === 0) return image;
  const bytes = toDtype(image, 'uint8', { scale: true });
  const leading = bytes.shape.slice(0, -2);
  const flat = bytes.flatten({ startDim: -2 }).to('int64'); // [..., C, H * W]
  const histogram = flat.newZeros([...leading, 256], { dtype: 'int32' });
  histogram.scatterAdd_(-1, flat, histogram.newOnes([1]).expandAs(flat));
  const cumulative = histogram.cumsum(-1);
  const last = cumulative.argmax({ dim: -1 }).unsqueeze(-1); // the highest level that occurs
  const step = histogram.gather(-1, last).neg().add_(flat.size(-1)).floorDivide(255);
  const isSpread = step.ne(0).unsqueeze(-1);
  const levels = cumulative
    .narrow(-1, 0, 255)
    .add(step.floorDivide(2))
    .floorDivide(step.clamp({ min: 1 }))
    .clamp({ min: 0, max: 255 })
    .to('uint8');
  const table = cat([levels.newZeros([...leading, 1]), levels], { dim: -1 });
  const equalized = table.gather(-1, flat).view(bytes.shape);
  return toDtype(where(isSpread, equalized, bytes), image.dtype, { scale: true });
}

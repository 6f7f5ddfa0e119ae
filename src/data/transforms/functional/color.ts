// Brightness, contrast, saturation, hue and sharpness of pictures, and grey.
import { DTypeError } from '../../../errors.ts';
import { conv2d } from '../../../nn/functional/index.ts';
import { readOptions } from '../../../tensor/arguments.ts';
import { isFloatingDType, Tensor, tensor } from '../../../tensor/index.ts';
import { batched, checkColors, computeDType, factorOf, maxValue, type PerPicture } from '../pictures.ts';
import { toDtype } from './dtype.ts';
import { fraction, hsvToRgb, rgbToHsv } from './hsv.ts';

/** Grey pictures. Rule: 0.2989 red + 0.587 green + 0.114 blue, cut to whole numbers for integers. Shape: [..., 1 or 3, H, W] -> [..., numOutputChannels, H, W].
 *  @param options.numOutputChannels - 1 (the default) or 3, all three alike.
 *  Source: torchvision.transforms.v2.functional.rgb_to_grayscale.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.rgbToGrayscale(ones([3, 1, 2])); // tensor([[[0.9999, 0.9999]]]) */
export function rgbToGrayscale(image: Tensor, options: { numOutputChannels?: 1 | 3 } = {}): Tensor {
  readOptions('rgbToGrayscale', ['numOutputChannels'], options);
  const { numOutputChannels = 1 } = options;
  const action = 'make pictures grey';
  checkColors(action, image);
  if (numOutputChannels !== 1 && numOutputChannels !== 3)
    throw new RangeError(`Cannot ${action}: expected numOutputChannels 1 or 3, got ${String(numOutputChannels)}`);
  const isGrey = image.size(-3) === 1;
  if (isGrey && numOutputChannels === 1) return image.clone();
  const grey = isGrey ? image : luminance(image).to(image.dtype);
  return numOutputChannels === 1
    ? grey
    : grey.expand([...image.shape.slice(0, -3), 3, image.size(-2), image.size(-1)]).contiguous();
}

/** Grey as floating numbers, not cut. [..., 3, H, W] -> [..., 1, H, W]. */
function luminance(image: Tensor): Tensor {
  const [red, green, blue] = image.to(computeDType(image)).unbind({ dim: -3 });
  return red!.mul(0.2989).add_(green!, { alpha: 0.587 }).add_(blue!, { alpha: 0.114 }).unsqueeze(-3);
}

/** Grey as `adjustContrast` and `adjustSaturation` mix it in: whole numbers for integers. */
function wholeLuminance(image: Tensor): Tensor {
  const grey = luminance(image);
  return isFloatingDType(image.dtype) ? grey : grey.floor_();
}

/** image * ratio + other * (1 - ratio), kept in range. A list of ratios rounds the second product by itself, so that a picture's bits do not depend on its place. */
function blend(image: Tensor, other: Tensor, ratio: number | Tensor): Tensor {
  const scaled = image.to(computeDType(image)).mul(ratio);
  const mixed =
    ratio instanceof Tensor ? scaled.add_(other.mul(ratio.neg().add_(1))) : scaled.add_(other, { alpha: 1 - ratio });
  return mixed.clamp_({ min: 0, max: maxValue(image.dtype) }).to(image.dtype);
}

function nonNegative(action: string, name: string, values: PerPicture, image: Tensor): number | Tensor {
  const least = typeof values === 'number' ? values : Math.min(0, ...values);
  if (least < 0) throw new RangeError(`Cannot ${action}: expected ${name} from 0 on, got ${least}`);
  return factorOf(action, name, values, image);
}

/** Pictures `factor` times as bright. Shape: [..., 1 or 3, H, W], unchanged; values kept in range (0 to 255 for uint8, 0 to 1 for floating dtypes).
 *  @param factor - from 0 (black) on, 1 changes nothing; one for all, or one a picture.
 *  Source: torchvision.transforms.v2.functional.adjust_brightness. */
export function adjustBrightness(image: Tensor, factor: PerPicture): Tensor {
  const action = 'adjust brightness';
  checkColors(action, image);
  const by = nonNegative(action, 'factor', factor, image);
  return batched(image, (images) =>
    images
      .to(computeDType(image))
      .mul(by)
      .clamp_({ min: 0, max: maxValue(image.dtype) })
      .to(image.dtype),
  );
}

/** Pictures with `factor` times their distance from their mean grey. Shape: [..., 1 or 3, H, W], unchanged.
 *  @param factor - from 0 (grey) on, 1 changes nothing; one for all, or one a picture.
 *  Source: torchvision.transforms.v2.functional.adjust_contrast. */
export function adjustContrast(image: Tensor, factor: PerPicture): Tensor {
  const action = 'adjust contrast';
  checkColors(action, image);
  const by = nonNegative(action, 'factor', factor, image);
  return batched(image, (images) => {
    const grey = image.size(-3) === 3 ? wholeLuminance(images) : images.to(computeDType(images));
    // A sum over all of one picture may be cut among threads, which rounds otherwise than among others: by rows first.
    const mean =
      by instanceof Tensor
        ? grey.mean({ dim: -1, keepdim: true }).mean({ dim: [-3, -2], keepdim: true })
        : grey.mean({ dim: [-3, -2, -1], keepdim: true });
    return blend(images, mean, by);
  });
}

/** Pictures with `factor` times their distance from grey. Shape: [..., 1 or 3, H, W], unchanged; one channel stays as it is.
 *  @param factor - from 0 (grey) on, 1 changes nothing; one for all, or one a picture.
 *  Source: torchvision.transforms.v2.functional.adjust_saturation. */
export function adjustSaturation(image: Tensor, factor: PerPicture): Tensor {
  const action = 'adjust saturation';
  checkColors(action, image);
  const by = nonNegative(action, 'factor', factor, image);
  if (image.size(-3) === 1) return image;
  return batched(image, (images) => blend(images, wholeLuminance(images), by));
}

/** Pictures with their colours turned by `factor` of the colour circle. Shape: [..., 1 or 3, H, W], unchanged; one channel stays as it is.
 *  @param factor - -0.5 to 0.5, 0 changes nothing; one for all, or one a picture.
 *  @throws {RangeError} for factors outside.  @throws {DTypeError} for int32 and int64, which float32 does not hold.
 *  Source: torchvision.transforms.v2.functional.adjust_hue; computed in float32. */
export function adjustHue(image: Tensor, factor: PerPicture): Tensor {
  const action = 'adjust hue';
  checkColors(action, image);
  const values = typeof factor === 'number' ? [factor] : factor;
  const wrong = values.find((value) => !(value >= -0.5 && value <= 0.5));
  if (wrong !== undefined) throw new RangeError(`Cannot ${action}: expected a factor from -0.5 to 0.5, got ${wrong}`);
  if (image.dtype === 'int32' || image.dtype === 'int64')
    throw new DTypeError(`Cannot ${action}: expected bytes or a floating dtype, got ${image.dtype}`);
  const by = factorOf(action, 'factor', factor, image);
  if (image.size(-3) === 1 || image.numel === 0) return image;
  return batched(image, (images) => {
    const [hue, saturation, value] = rgbToHsv(toDtype(images, 'float32', { scale: true }));
    const shift = by instanceof Tensor ? by.to('float32').squeeze({ dim: 1 }) : by; // [N, 1, 1]
    const turned = hsvToRgb(fraction(hue.add(shift)), saturation, value);
    return toDtype(turned, image.dtype, { scale: true });
  });
}

/** Pictures with `factor` times their distance from a smoothed picture. Shape: [..., 1 or 3, H, W], unchanged; the outermost pixels stay as they are.
 *  @param factor - 0 (smooth) to 1 (as it is) to more (sharp); one for all, or one a picture.
 *  Source: torchvision.transforms.v2.functional.adjust_sharpness. */
export function adjustSharpness(image: Tensor, factor: PerPicture): Tensor {
  const action = 'adjust sharpness';
  checkColors(action, image);
  const by = nonNegative(action, 'factor', factor, image);
  const [height, width] = [image.size(-2), image.size(-1)];
  if (image.numel === 0 || height <= 2 || width <= 2) return image;
  return batched(image, (images) => {
    const channels = images.size(1);
    const dtype = computeDType(images);
    const around = 1 / 13;
    const kernel = tensor([around, around, around, around, 5 / 13, around, around, around, around], { dtype })
      .to(image.device)
      .view([1, 1, 3, 3])
      .expand([channels, 1, 3, 3]);
    const output = images.to(dtype, { copy: true });
    const smooth = conv2d(output, kernel, { groups: channels });
    const blurred = isFloatingDType(image.dtype) ? smooth : smooth.round_();
    const inside = output.narrow(-2, 1, height - 2).narrow(-1, 1, width - 2);
    const towards = blurred.sub(inside);
    if (by instanceof Tensor) inside.add_(towards.mul(by.neg().add_(1)));
    else inside.add_(towards, { alpha: 1 - by });
    return output.clamp_({ min: 0, max: maxValue(image.dtype) }).to(image.dtype);
  });
}

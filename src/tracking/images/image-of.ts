// Makes a picture that loggers take from numbers.
import { Tensor } from '../../tensor/index.ts';
import type { LoggedImage } from '../data-records.ts';
import { encodeJpeg } from './encode-jpeg.ts';
import { encodePng } from './encode-png.ts';
import type { Pixels } from './pixels.ts';

export interface ImageOfOptions {
  /** Whether a picture with three dimensions is [height, width, channels]; else [channels, height, width]. Default true. */
  readonly channelsLast?: boolean;
  /** Default 'png', which loses nothing; 'jpeg' is smaller, and has no transparency. */
  readonly format?: 'png' | 'jpeg';
  /** Of a JPEG, from 1 to 100; default 90. */
  readonly quality?: number;
  readonly caption?: string;
  /** Of numbers that are no tensor: [height, width] or three dimensions. */
  readonly shape?: readonly number[];
}

const KNOWN: readonly string[] = [
  'channelsLast',
  'format',
  'quality',
  'caption',
  'shape',
] satisfies (keyof ImageOfOptions)[];

/** Makes a picture of a tensor, or of an array with a shape.
 *  Rule: uint8 stands as it is; anything else is clamped to [0, 1] and multiplied by 255, NaN is 0.
 *  Shape: [H, W], [H, W, C], or with `channelsLast: false` [C, H, W]; C is 1 or 3, or 2 or 4 with transparency. Sync: waits for the tensor's device.
 *  @throws {RangeError} for another shape. @throws {TypeError} for an unknown option.
 *  Source: model-training-framework.
 *  @example
 *  import { imageOf } from 'sconce/tracking';
 *  const image = imageOf(new Uint8Array([0, 85, 170, 255]), { shape: [2, 2], caption: 'four grays' });
 *  image.format; // 'png'
 *  image.width; // 2 */
export function imageOf(image: Tensor | ArrayLike<number>, options: ImageOfOptions = {}): LoggedImage {
  for (const name in options)
    if (!KNOWN.includes(name))
      throw new TypeError(`Cannot make a picture: expected options of { ${KNOWN.join(', ')} }, got "${name}"`);
  const { format = 'png', quality = 90, caption } = options;
  if (format !== 'png' && format !== 'jpeg')
    throw new TypeError(`Cannot make a picture: expected format "png" or "jpeg", got ${JSON.stringify(format)}`);
  if (!(quality >= 1 && quality <= 100))
    throw new RangeError(`Cannot make a picture: expected quality from 1 to 100, got ${quality}`);
  const pixels = pixelsOf(image, options);
  if (format === 'jpeg' && pixels.numChannels % 2 === 0)
    throw new RangeError(
      `Cannot make a JPEG: expected 1 or 3 channels, got ${pixels.numChannels}; leave transparency out, or use format "png"`,
    );
  const { width, height } = pixels;
  if (format === 'jpeg' && Math.max(width, height) > 65_535)
    throw new RangeError(`Cannot make a JPEG: expected sides of 65535 pixels at most, got ${width} by ${height}`);
  const bytes = format === 'png' ? encodePng(pixels) : encodeJpeg(pixels, quality);
  return { bytes, format, width, height, ...(caption === undefined ? {} : { caption }) };
}

function pixelsOf(image: Tensor | ArrayLike<number>, { channelsLast = true, shape: given }: ImageOfOptions): Pixels {
  const isTensor = image instanceof Tensor;
  if (isTensor && given !== undefined)
    throw new TypeError('Cannot make a picture: expected no shape beside a tensor, which has one');
  const shape = isTensor ? image.shape : (given ?? []);
  const [height = 0, width = 0, numChannels = 1] =
    shape.length === 3 && !channelsLast ? [...shape.slice(1), shape[0]!] : shape;
  const isPicture =
    (shape.length === 2 || shape.length === 3) && height > 0 && width > 0 && [1, 2, 3, 4].includes(numChannels);
  const count = height * width * numChannels;
  if (!isPicture || (!isTensor && image.length !== count)) {
    const wanted = channelsLast
      ? '[height, width] or [height, width, channels]'
      : '[height, width] or [channels, height, width]';
    const got = isTensor ? `[${shape.join(', ')}]` : `${image.length} numbers of shape [${shape.join(', ')}]`;
    throw new RangeError(`Cannot make a picture: expected ${wanted} with 1 to 4 channels, got ${got}`);
  }
  const values = isTensor ? valuesOf(image) : image;
  const isBytes = isTensor
    ? image.dtype === 'uint8'
    : image instanceof Uint8Array || image instanceof Uint8ClampedArray;
  const data = isBytes ? Uint8Array.from(values) : bytesOf(values);
  const ordered = shape.length === 3 && !channelsLast ? channelsBehind(data, numChannels) : data;
  return { data: ordered, width, height, numChannels };
}

function valuesOf(tensor: Tensor): ArrayLike<number> {
  const { dtype } = tensor;
  const plain = dtype === 'uint8' || dtype === 'float32' ? tensor : tensor.to('float32');
  return plain.toTypedArray() as Float32Array | Uint8Array;
}

function bytesOf(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i += 1) bytes[i] = Math.round(255 * Math.min(1, Math.max(0, values[i]!))) || 0;
  return bytes;
}

/** [C, H * W] -> [H * W, C] */
function channelsBehind(data: Uint8Array, numChannels: number): Uint8Array {
  const numPixels = data.length / numChannels;
  const bytes = new Uint8Array(data.length);
  for (let c = 0; c < numChannels; c += 1)
    for (let i = 0; i < numPixels; i += 1) bytes[i * numChannels + c] = data[c * numPixels + i]!;
  return bytes;
}

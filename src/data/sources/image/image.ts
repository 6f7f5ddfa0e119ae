// One picture from a file: PNG, JPEG, WebP and others decoded off the main thread into planar RGB bytes.
import { getNative } from '../../../tensor/call.ts';
import { type ImageInput, makeImages } from './image-batch.ts';
import { DEFAULT_MAX_PIXELS, isColour, isPixelLimit, planWhole } from './image-plan.ts';
import type { Colour, ImageSize } from './image-transform.ts';

/** A picture as bytes, ready to become a uint8 tensor of shape [channels, height, width]. */
export interface DecodedImage {
  /** channels * height * width bytes: all of red, then all of green, then all of blue, each row by row. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Always 3: red, green, blue. */
  readonly channels: 3;
}

/** Options of {@link decodeImage}. */
export interface DecodeImageOptions {
  /** Pixels of the result: a square's edge, or [height, width]. A picture of other proportions is fitted inside, the rest is background. Default: as in the file. */
  readonly size?: ImageSize;
  /** What shows through transparent pixels and around a fitted picture: red, green, blue, each 0 to 255. Default white. */
  readonly background?: Colour;
  /** Pictures of more pixels are refused, before memory is taken. Default 178,956,970, as Pillow. At most 2^31 - 1. */
  readonly maxPixels?: number;
}

const OPTIONS = ['size', 'background', 'maxPixels'];

/**
 * Reads the picture in the file at `input`, or in its bytes, turned as its EXIF orientation says, resized (Lanczos) and composited on the background.
 * PNG and JPEG are decoded by the libraries that the addon is linked with (`sconce doctor` names them), everything else, and these without them, by sharp.
 * Async: reading, decoding and resizing run on threads of their own. Several at once are faster: see {@link ImageList} for batches.
 * @throws {RangeError} for a size, a background or a limit that no picture has. @throws {TypeError} for an unknown option.
 * @throws {Error} naming the file, where it cannot be read or is no whole picture.
 */
export async function decodeImage(input: ImageInput, options: DecodeImageOptions = {}): Promise<DecodedImage> {
  const { size, background = [255, 255, 255], maxPixels = DEFAULT_MAX_PIXELS } = options;
  const edges = size === undefined ? undefined : typeof size === 'number' ? ([size, size] as const) : size;
  checkOptions(input, options, edges, background, maxPixels);
  const { handles, failures } = await makeImages([input], [0], planWhole(edges, background, maxPixels));
  const native = getNative();
  const [handle] = handles;
  try {
    if (failures[0]) throw failures[0].error;
    const [height, width] = native.shape(handle!).slice(-2) as [number, number];
    // The bytes are the tensor's own, which is let go of here and lives on in them.
    return { data: new Uint8Array(native.viewStorage(handle!)), width, height, channels: 3 };
  } finally {
    if (handle !== undefined) native.free(handle);
  }
}

function checkOptions(
  input: ImageInput,
  options: DecodeImageOptions,
  edges: readonly number[] | undefined,
  background: Colour,
  maxPixels: number,
): void {
  const name = typeof input === 'string' ? `"${input}"` : 'of bytes';
  if (typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw new TypeError(`Cannot decode an image: expected a path or a Uint8Array of a file, got ${String(input)}`);
  }
  const unknown = Object.keys(options).find((option) => !OPTIONS.includes(option));
  if (unknown !== undefined) {
    throw new TypeError(`Cannot decode image ${name}: expected options ${OPTIONS.join(', ')}, got "${unknown}"`);
  }
  for (const edge of edges ?? []) {
    if (!(Number.isInteger(edge) && edge > 0 && edge <= 65_535)) {
      throw new RangeError(`Cannot decode image ${name}: expected a size in whole pixels above 0, got ${edge}`);
    }
  }
  if (!isColour(background)) {
    throw new RangeError(
      `Cannot decode image ${name}: expected a background of three integers from 0 to 255, got [${background.join(', ')}]`,
    );
  }
  if (!isPixelLimit(maxPixels)) {
    throw new RangeError(
      `Cannot decode image ${name}: expected maxPixels to be an integer from 1 to 2^31 - 1, got ${maxPixels}`,
    );
  }
}

// Pictures from files: PNG, JPEG and WebP decoded off the main thread into planar RGB bytes.
import type { Sharp, SharpOptions } from 'sharp';

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
  readonly size?: number | readonly [height: number, width: number];
  /** What shows through transparent pixels and around a fitted picture: red, green, blue, each 0 to 255. Default white. */
  readonly background?: readonly [red: number, green: number, blue: number];
}

/**
 * Reads the picture in the file at `path`, turned as its EXIF orientation says, resized (Lanczos) and composited on the background.
 * Async: reading, decoding and resizing run on libuv's threads; only the split into planes runs on the calling thread.
 * @throws {RangeError} for a size or a background that no picture has. @throws {Error} naming the file, where it cannot be read or is no whole picture.
 */
export async function decodeImage(path: string, options: DecodeImageOptions = {}): Promise<DecodedImage> {
  const { size, background = [255, 255, 255] } = options;
  const [height, width] = typeof size === 'number' ? [size, size] : (size ?? []);
  checkOptions(path, height, width, background);
  const [r, g, b] = background;
  const sharp = await loadSharp();
  try {
    const picture = sharp(path).autoOrient().flatten({ background: { r, g, b } });
    if (height !== undefined && width !== undefined)
      picture.resize({ width, height, fit: 'contain', background: { r, g, b } });
    const { data, info } = await picture
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data: toPlanes(data, info.channels), width: info.width, height: info.height, channels: 3 };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot decode image "${path}": expected a whole PNG, JPEG or WebP file, got ${reason}`, {
      cause: error,
    });
  }
}

/** Interleaved pixels to one plane a channel. A grey picture has its one channel three times; a channel past the third (none after flatten) is left out. */
function toPlanes(pixels: Uint8Array, channels: number): Uint8Array {
  const area = pixels.length / channels; // [H, W, C] -> [3, H, W]
  const planes = new Uint8Array(3 * area);
  const green = channels >= 3 ? 1 : 0;
  const blue = channels >= 3 ? 2 : 0;
  for (let pixel = 0, from = 0; pixel < area; pixel++, from += channels) {
    planes[pixel] = pixels[from]!;
    planes[area + pixel] = pixels[from + green]!;
    planes[2 * area + pixel] = pixels[from + blue]!;
  }
  return planes;
}

function checkOptions(
  path: string,
  height: number | undefined,
  width: number | undefined,
  background: readonly number[],
): void {
  for (const edge of [height, width]) {
    if (edge !== undefined && !(Number.isInteger(edge) && edge > 0)) {
      throw new RangeError(`Cannot decode image "${path}": expected a size in whole pixels above 0, got ${edge}`);
    }
  }
  if (background.length !== 3 || !background.every((level) => Number.isInteger(level) && level >= 0 && level <= 255)) {
    throw new RangeError(
      `Cannot decode image "${path}": expected a background of three integers from 0 to 255, got [${background.join(', ')}]`,
    );
  }
}

let loading: Promise<(input: string, options?: SharpOptions) => Sharp> | undefined;

/**
 * Loads sharp on first use: a program that decodes no picture never loads libvips. Its settings are the process's, chosen for many small pictures at once:
 * - concurrency 1: the pictures are what runs in parallel, as many as libuv has threads (UV_THREADPOOL_SIZE, 4). More threads a picture would compete.
 * - no cache: an epoch reads every file once, so libvips would keep memory and open files for nothing. `CachedDataset` keeps what is worth keeping.
 */
function loadSharp(): NonNullable<typeof loading> {
  loading ??= import('sharp').then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loading;
}

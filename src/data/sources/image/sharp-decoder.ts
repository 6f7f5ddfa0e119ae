// What sharp does for pictures: it decodes what the addon does not, to plain pixels.
import type { Sharp, SharpOptions } from 'sharp';

/** Four bytes a pixel: red, green, blue and alpha, row by row. */
export interface RawPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Decodes a file or its bytes: PNG, JPEG, WebP, GIF, AVIF and TIFF; of an animation the first picture. Upright, unless its orientation is ignored.
 * Async: on libuv's threads.
 * @throws {Error} sharp's, for what is no whole picture.
 */
export async function decodeBySharp(
  input: string | Uint8Array,
  options: { readonly maxPixels: number; readonly ignoresOrientation: boolean },
): Promise<RawPixels> {
  const sharp = await loadSharp();
  const picture = sharp(input, { limitInputPixels: options.maxPixels });
  if (!options.ignoresOrientation) picture.autoOrient();
  const { data, info } = await picture
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    data: info.channels === 4 ? data : greyToColour(data, info.channels),
    width: info.width,
    height: info.height,
  };
}

/** Where a picture stays grey it has two channels. */
function greyToColour(pixels: Uint8Array, channels: number): Uint8Array {
  const count = pixels.length / channels;
  const colours = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) {
    colours.fill(pixels[i * channels]!, 4 * i, 4 * i + 3);
    colours[4 * i + 3] = pixels[i * channels + channels - 1]!;
  }
  return colours;
}

let loading: Promise<(input: string | Uint8Array, options?: SharpOptions) => Sharp> | undefined;

/**
 * Loads sharp on first use: a program that decodes no picture by it never loads libvips. Its settings are the process's, chosen for many small pictures at once:
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

// The options that say what is done with pictures: plain data.

/** Red, green and blue. */
export type Colour = readonly [red: number, green: number, blue: number];

/** An edge in pixels for both, or [height, width]. */
export type ImageSize = number | readonly [height: number, width: number];

/** Where a file leaves open what its pixels are. */
export interface ImageDecoding {
  /** What shows through transparent pixels, each 0 to 255. Default white. */
  readonly background?: Colour;
  /** Take the colour of transparent pixels as it is in the file, as Pillow's convert('RGB') does. Default false. */
  readonly ignoresAlpha?: boolean;
  /** Take the pixels as they lie in the file, whatever its EXIF orientation says, as torchvision's ImageFolder does. Default false: turned upright. */
  readonly ignoresOrientation?: boolean;
  /** Let the JPEG decoder halve large pictures (by 2, 4 or 8) before they are resized: faster, and other numbers. Default false. */
  readonly scalesJpeg?: boolean;
  /** Pictures of more pixels are refused, before memory is taken: a small file can claim any size. Default 178,956,970, as Pillow. At most 2^31 - 1. */
  readonly maxPixels?: number;
}

/**
 * What is done with each picture, in this order: decoded, resized or its part cropped and resized, cropped, flipped, made numbers. Plain data, that can be sent to a
 * worker. The numbers are those of torchvision's transforms of the same names on Pillow's pictures, bit for bit.
 */
export interface ImageTransform {
  /** Pixels of the shorter edge, the proportions kept; or [height, width] exactly. Default: as in the file. */
  readonly resize?: ImageSize;
  /** The middle of the picture. */
  readonly centerCrop?: ImageSize;
  /** A part drawn anew for every sample; `padding` pixels of `fill` (default black) are laid around the picture before. */
  readonly randomCrop?: ImageSize | { readonly size: ImageSize; readonly padding?: number; readonly fill?: Colour };
  /** A part of random area (`scale`, default 0.08 to 1 of the picture) and proportions (`ratio`, default 3/4 to 4/3), resized. */
  readonly randomResizedCrop?:
    | ImageSize
    | { readonly size: ImageSize; readonly scale?: ImageRange; readonly ratio?: ImageRange };
  /** The probability of a picture to be mirrored left to right. Default 0. */
  readonly randomHorizontalFlip?: number;
  /** The filter of what is resized, always as wide as the reduction asks (antialias). Default 'bilinear'. */
  readonly interpolation?: 'bilinear' | 'bicubic' | 'lanczos';
  /** (value - mean) / std of values from 0 to 1, a number for each of red, green and blue. Default: none. */
  readonly normalize?: { readonly mean: Colour; readonly std: Colour };
  /** 'float32': from 0 to 1, or normalised. 'uint8': bytes as decoded. Default 'float32'. */
  readonly dtype?: 'float32' | 'uint8';
  readonly decoding?: ImageDecoding;
}

export type ImageRange = readonly [low: number, high: number];

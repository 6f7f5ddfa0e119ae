// Small maps of signed numbers beside each other in one picture: blue below zero, white at zero, red above.

import { ShapeError } from '../../errors.ts';
import type { LoggedImage } from '../../tracking/data-records.ts';
import { imageOf } from '../../tracking/images/image-of.ts';

/** Maps of one size, one behind the other. */
export interface Maps {
  /** How many, rows, columns. */
  readonly shape: readonly [number, number, number];
  readonly values: ArrayLike<number>;
}

export interface TileOptions {
  /** Tiles beside each other. Default: so that the picture is about square. */
  readonly columns?: number;
  /** The greatest absolute value is the strongest colour: of all maps, or of each. Default 'all'. */
  readonly scale?: 'all' | 'each';
  readonly caption?: string;
}

const ZERO = [247, 247, 247] as const;
const NEGATIVE = [5, 84, 158] as const;
const POSITIVE = [178, 24, 43] as const;
const GAP = 2;
/** Pixels of a picture's wider side, at least where maps are small. */
const WANTED_SIDE = 480;
const MAX_SIDE = 4000;

/** Draws maps as tiles, each value as a square of pixels; NaN is gray.
 *  @throws {ShapeError} for maps without a value, numbers that do not fill the shape, and more than fit into 4000 pixels. */
export function signedTiles({ shape: [count, rows, columns], values }: Maps, options: TileOptions = {}): LoggedImage {
  const size = rows * columns;
  if (count * size === 0 || values.length !== count * size)
    throw new ShapeError(
      `Cannot draw maps: expected numbers of shape [${count}, ${rows}, ${columns}], got ${values.length}`,
    );
  const across = Math.min(count, options.columns ?? Math.max(1, Math.round(Math.sqrt((count * rows) / columns))));
  const down = Math.ceil(count / across);
  const sideOf = (tile: number, number: number, zoom: number): number => number * (tile * zoom + GAP) - GAP;
  const wider = (zoom: number): number => Math.max(sideOf(columns, across, zoom), sideOf(rows, down, zoom));
  let zoom = 1;
  while (wider(zoom + 1) <= WANTED_SIDE) zoom += 1;
  if (wider(zoom) > MAX_SIDE)
    throw new ShapeError(`Cannot draw maps: expected at most ${MAX_SIDE} pixels a side, got ${wider(zoom)}`);
  const [width, height] = [sideOf(columns, across, zoom), sideOf(rows, down, zoom)];
  const pixels = new Uint8Array(width * height * 3).fill(255);
  const strongest = strengths(values, count, options.scale ?? 'all');
  for (let y = 0; y < height; y++) {
    const [tileRow, row] = placeIn(y, rows, zoom);
    for (let x = 0; x < width; x++) {
      const [tileColumn, column] = placeIn(x, columns, zoom);
      const map = tileRow * across + tileColumn;
      if (row >= rows || column >= columns || map >= count) continue;
      paint(pixels, 3 * (y * width + x), values[map * size + row * columns + column]! / strongest[map]!);
    }
  }
  const { caption } = options;
  return imageOf(pixels, { shape: [height, width, 3], ...(caption === undefined ? {} : { caption }) });
}

/** Which tile a pixel lies in, and which value of it; beyond the tile's values between two tiles. */
function placeIn(pixel: number, tile: number, zoom: number): [number, number] {
  const step = tile * zoom + GAP;
  return [Math.floor(pixel / step), Math.floor((pixel % step) / zoom)];
}

/** The greatest absolute value for each map, not 0. */
function strengths(values: ArrayLike<number>, count: number, scale: 'all' | 'each'): Float64Array {
  const size = values.length / count;
  const result = new Float64Array(count);
  for (let i = 0; i < values.length; i++) {
    const value = Math.abs(values[i]!);
    const map = Math.floor(i / size);
    if (Number.isFinite(value) && value > result[map]!) result[map] = value;
  }
  if (scale === 'all') result.fill(result.reduce((most, value) => Math.max(most, value), 0));
  return result.map((value) => value || 1);
}

function paint(pixels: Uint8Array, at: number, strength: number): void {
  const share = Math.min(1, Math.abs(strength));
  const end = strength < 0 ? NEGATIVE : POSITIVE;
  for (let channel = 0; channel < 3; channel++)
    pixels[at + channel] = Number.isNaN(share)
      ? 128
      : Math.round(ZERO[channel]! + share * (end[channel]! - ZERO[channel]!));
}

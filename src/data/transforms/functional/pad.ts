// Padding pictures: with a colour, or with what lies at their edges.
import { ShapeError } from '../../../errors.ts';
import { readOptions } from '../../../tensor/arguments.ts';
import { full } from '../../../tensor/create.ts';
import { isFloatingDType, type Tensor, tensor } from '../../../tensor/index.ts';
import { checkPictures, describe } from '../pictures.ts';

/** What lies outside of a picture: a number for all channels, or one a channel. In the picture's units: 0 to 255 for uint8. */
export type Fill = number | readonly number[];

/** What padding is made of: `fill`; the edge's pixels; the picture mirrored with its edge once (`reflect`) or twice (`symmetric`). */
export type PaddingMode = 'constant' | 'edge' | 'reflect' | 'symmetric';

export const PADDING_MODES: readonly PaddingMode[] = ['constant', 'edge', 'reflect', 'symmetric'];

/** Pixels on every side; [left and right, top and bottom]; or [left, top, right, bottom]. */
export type Padding =
  | number
  | readonly [horizontal: number, vertical: number]
  | readonly [left: number, top: number, right: number, bottom: number];

export type Sides = Readonly<Record<'left' | 'top' | 'right' | 'bottom', number>>;

/** @throws {RangeError} for what is no padding. */
export function sidesOf(action: string, padding: Padding): Sides {
  const list: readonly number[] = typeof padding === 'number' ? [padding, padding] : padding;
  const [left, top, right = left, bottom = top] = Array.isArray(list) ? list : [];
  const sides = [left, top, right, bottom];
  const isWhole = sides.every((side) => Number.isInteger(side) && (side as number) >= 0);
  if (!isWhole || (list.length !== 2 && list.length !== 4)) {
    throw new RangeError(
      `Cannot ${action}: expected padding of whole pixels from 0 on, one number, [horizontal, vertical] or [left, top, right, bottom], got ${describe(padding)}`,
    );
  }
  return { left: left!, top: top!, right: right!, bottom: bottom! };
}

/** @throws {RangeError} unless `fill` is a finite number, or one a channel. */
export function checkFill(action: string, fill: Fill, channels?: number): void {
  const list = typeof fill === 'number' ? [fill] : fill;
  const isFitting = Array.isArray(list) && list.length > 0 && list.every((level) => Number.isFinite(level));
  const fits = channels === undefined || list.length === 1 || list.length === channels;
  if (isFitting && fits) return;
  const wanted = channels === undefined ? 'one a channel' : `one for each of ${channels} channels`;
  throw new RangeError(`Cannot ${action}: expected fill to be a number or ${wanted}, got ${describe(fill)}`);
}

/** A fill as a tensor [C or 1, 1, 1] of the pictures' dtype. */
export function fillTensor(fill: Fill, image: Tensor): Tensor {
  const list = typeof fill === 'number' ? [fill] : fill;
  return tensor(Float64Array.from(list)).to(image.dtype).to(image.device).view([list.length, 1, 1]);
}

/** Pictures with more pixels around them. Shape: [..., C, H, W] -> [..., C, top + H + bottom, left + W + right].
 *  @param padding - pixels: a number, [horizontal, vertical] or [left, top, right, bottom].
 *  @param options.fill - for `constant`; default 0.  @param options.paddingMode - default 'constant'.
 *  @throws {RangeError} for padding that is not whole, and for more than the picture has to mirror.
 *  Source: torchvision.transforms.v2.functional.pad.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.pad(tensor([[[1, 2]]]), [1, 0], { paddingMode: 'symmetric' }); // tensor([[[1., 1., 2., 2.]]]) */
export function pad(image: Tensor, padding: Padding, options: { fill?: Fill; paddingMode?: PaddingMode } = {}): Tensor {
  readOptions('pad', ['fill', 'paddingMode'], options);
  const { fill = 0, paddingMode = 'constant' } = options;
  const action = 'pad pictures';
  checkPictures(action, image);
  checkFill(action, fill, image.size(-3));
  if (!PADDING_MODES.includes(paddingMode))
    throw new RangeError(
      `Cannot ${action}: expected paddingMode of ${PADDING_MODES.join(', ')}, got ${describe(paddingMode)}`,
    );
  const sides = sidesOf(action, padding);
  if (Object.values(sides).every((side) => side === 0)) return image;
  return paddingMode === 'constant' ? padWithFill(image, sides, fill) : padByIndex(image, sides, paddingMode);
}

function padWithFill(image: Tensor, { left, top, right, bottom }: Sides, fill: Fill): Tensor {
  const [height, width] = [image.size(-2), image.size(-1)];
  const shape = [...image.shape.slice(0, -2), top + height + bottom, left + width + right];
  const isPlain = typeof fill === 'number' && (isFloatingDType(image.dtype) || Number.isInteger(fill));
  const around = isPlain
    ? full(shape, fill, { dtype: image.dtype, device: image.device })
    : fillTensor(fill, image).expand(shape).clone({ memoryFormat: 'contiguous_format' });
  around.narrow(-2, top, height).narrow(-1, left, width).copy_(image);
  return around;
}

function padByIndex(image: Tensor, { left, top, right, bottom }: Sides, mode: PaddingMode): Tensor {
  const rows = indicesOf(image.size(-2), [top, bottom], mode);
  const columns = indicesOf(image.size(-1), [left, right], mode);
  return image.indexSelect(-2, rows.to(image.device)).indexSelect(-1, columns.to(image.device));
}

/** Which row (or column) of the picture each row of the padded one is. */
function indicesOf(length: number, [before, after]: readonly [number, number], mode: PaddingMode): Tensor {
  const most = mode === 'edge' ? Infinity : mode === 'reflect' ? length - 1 : length;
  const widest = Math.max(before, after);
  if (widest > most || length === 0)
    throw new ShapeError(
      `Cannot pad pictures: expected at most ${Math.max(0, most)} pixels of padding with mode "${mode}" beside ${length} of the picture, got ${widest}`,
    );
  const twice = mode === 'symmetric' ? 1 : 0;
  return tensor(
    BigInt64Array.from({ length: before + length + after }, (_, at) => {
      const place = at - before;
      const inside = Math.min(Math.max(place, 0), length - 1);
      if (mode === 'edge' || inside === place) return BigInt(inside);
      return BigInt(place < 0 ? -place - twice : 2 * (length - 1) + twice - place);
    }),
  );
}

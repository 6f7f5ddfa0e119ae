// What every function of pictures asks of its input, and how per-picture numbers become tensors.
import { DTypeError, ShapeError } from '../../errors.ts';
import { type DType, isComplexDType, isFloatingDType } from '../../tensor/dtype.ts';
import { Tensor, tensor } from '../../tensor/index.ts';
import { stack } from '../../tensor/ops.generated.ts';

// Letters of the shapes: N pictures, C channels, H rows, W columns.

/** One number for all pictures, or one a picture. */
export type PerPicture = number | readonly number[];

/** Height and width; one number for both. */
export type Size = number | readonly [height: number, width: number];

/** @throws {ShapeError} unless `image` is a picture [C, H, W] or a batch of them. */
export function checkPictures(action: string, image: Tensor): void {
  if (!(image instanceof Tensor)) throw new TypeError(`Cannot ${action}: expected a tensor, got ${describe(image)}`);
  if (image.ndim === 3 || image.ndim === 4) return;
  const hint = image.ndim === 2 ? '; unsqueeze(0) gives a picture a channel' : '';
  throw new ShapeError(
    `Cannot ${action}: expected a picture [C, H, W] or pictures [N, C, H, W], got [${image.shape.join(', ')}]${hint}`,
  );
}

/** @throws {ShapeError} unless there are one or three channels. @throws {DTypeError} for what has no brightness: booleans and complex numbers. */
export function checkColors(action: string, image: Tensor): void {
  checkPictures(action, image);
  if (image.dtype === 'bool' || isComplexDType(image.dtype))
    throw new DTypeError(`Cannot ${action}: expected a dtype of real numbers, got ${image.dtype}`);
  const channels = image.size(-3);
  if (channels === 1 || channels === 3) return;
  throw new ShapeError(
    `Cannot ${action}: expected 1 or 3 channels, got ${channels} in [${image.shape.join(', ')}]; permute() moves channels that come last`,
  );
}

/** Runs `body` on pictures [N, C, H, W] made of one or many, and gives back one where one came. */
export function batched(image: Tensor, body: (images: Tensor) => Tensor): Tensor {
  return image.ndim === 3 ? body(image.unsqueeze(0)).squeeze({ dim: 0 }) : body(image);
}

/** What white is in a dtype: the largest integer, or 1. */
export function maxValue(dtype: DType): number {
  const bits = valueBits(dtype);
  return bits === undefined ? 1 : 2 ** bits - 1;
}

/** Bits of an integer dtype that hold a value; undefined for others. */
export function valueBits(dtype: DType): number | undefined {
  return ({ uint8: 8, int8: 7, int16: 15, int32: 31, int64: 63 } as Partial<Record<DType, number>>)[dtype];
}

/** The dtype that sums and products of such pictures are computed in. */
export function computeDType(image: Tensor): DType {
  return isFloatingDType(image.dtype) ? image.dtype : 'float32';
}

/** A list of one number a picture as a tensor that multiplies pictures; a number stays one. @throws {RangeError} for a list of another length. */
export function factorOf(action: string, name: string, values: PerPicture, image: Tensor): number | Tensor {
  checkPerPicture(action, name, values, image);
  if (typeof values === 'number') return values;
  return tensor(Float64Array.from(values)).to(computeDType(image)).to(image.device).view([values.length, 1, 1, 1]);
}

/** @throws {RangeError} unless `values` is a number, or has one for each picture, each finite. */
export function checkPerPicture(action: string, name: string, values: PerPicture, image: Tensor): void {
  const list = typeof values === 'number' ? [values] : values;
  const isFitting = typeof values === 'number' || (Array.isArray(values) && values.length === numPictures(image));
  if (isFitting && list.every((value) => Number.isFinite(value))) return;
  const got = Array.isArray(values) ? `[${values.join(', ')}]` : describe(values);
  throw new RangeError(
    `Cannot ${action}: expected ${name} to be a number or one for each of ${numPictures(image)} pictures, got ${got}`,
  );
}

export function numPictures(image: Tensor): number {
  return image.ndim === 3 ? 1 : image.size(0);
}

/** One tensor [N, ...] of tensors [...]; `length` is known where there are none. */
export function stackPictures(pictures: readonly Tensor[], otherwise: Tensor): Tensor {
  return pictures.length === 0 ? otherwise : stack(pictures);
}

/** The pictures at `rows`, one after the other. */
export function selectRows(images: Tensor, rows: readonly number[]): Tensor {
  return stackPictures(
    rows.map((row) => images.select(0, row)),
    images.narrow(0, 0, 0),
  );
}

/** [height, width] of a size. @throws {RangeError} for what is not whole and above 0. */
export function sizeOf(action: string, name: string, size: Size): readonly [height: number, width: number] {
  const pair = typeof size === 'number' ? [size, size] : size;
  if (Array.isArray(pair) && pair.length === 2 && pair.every((edge) => Number.isInteger(edge) && edge > 0))
    return pair as unknown as readonly [number, number];
  throw new RangeError(
    `Cannot ${action}: expected ${name} to be a whole number of pixels above 0, or [height, width], got ${describe(size)}`,
  );
}

/** How messages show a value. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'object' && value !== null) return `a ${value.constructor?.name ?? 'object'}`;
  return typeof value === 'function' ? 'a function' : String(value);
}

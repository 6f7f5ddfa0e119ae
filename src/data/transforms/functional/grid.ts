// Where the pixels of a turned, sheared or tilted picture come from: grids for gridSample, one for all pictures or one a picture.
import { gridSample } from '../../../nn/functional/grid-sample.ts';
import { empty } from '../../../tensor/create.ts';
import type { DType } from '../../../tensor/dtype.ts';
import { linspace, ones, type Tensor, tensor } from '../../../tensor/index.ts';
import { cat, stack, where } from '../../../tensor/ops.generated.ts';
import { computeDType } from '../pictures.ts';
import { type Fill, fillTensor } from './pad.ts';

export type GridInterpolation = 'nearest' | 'bilinear';

export const GRID_INTERPOLATIONS: readonly GridInterpolation[] = ['nearest', 'bilinear'];

/** Pixels in and out, and the dtype of coordinates. */
export interface GridSize {
  readonly height: number;
  readonly width: number;
  readonly newHeight: number;
  readonly newWidth: number;
  readonly dtype: DType;
}

/** An affine map of pixel coordinates from the picture's middle: (x, y) comes from (a x + b y + c, d x + e y + f). */
export type AffineMatrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** (x, y) comes from ((a x + b y + c) / (g x + h y + 1), (d x + e y + f) / (g x + h y + 1)), in pixels from the upper left corner. */
export type PerspectiveCoefficients = readonly number[];

/** Coordinates of pixel centres: [W'] and [H']. */
function centres(size: number, from: number, dtype: DType): Tensor {
  return linspace(from, from + size - 1, size).to(dtype);
}

/** [1, H' * W', 3]: x, y and 1 of every pixel. */
function baseGrid({ newHeight, newWidth, dtype }: GridSize, fromX: number, fromY: number): Tensor {
  const base = empty([1, newHeight, newWidth, 3], { dtype });
  base.select(-1, 0).copy_(centres(newWidth, fromX, dtype));
  base.select(-1, 1).copy_(centres(newHeight, fromY, dtype).unsqueeze(-1));
  base.select(-1, 2).fill_(1);
  return base.view([1, newHeight * newWidth, 3]);
}

/** One grid for all pictures, by the operators that torchvision uses: its bits. [1, H', W', 2]. */
export function sharedAffineGrid(matrix: AffineMatrix, size: GridSize): Tensor {
  const { height, width, newHeight, newWidth, dtype } = size;
  const theta = tensor([...matrix], { dtype }).view([1, 2, 3]);
  const rescaled = theta.transpose(1, 2).div_(tensor([0.5 * width, 0.5 * height], { dtype }));
  const base = baseGrid(size, (1 - newWidth) * 0.5, (1 - newHeight) * 0.5);
  return base.bmm(rescaled).view([1, newHeight, newWidth, 2]);
}

/** A grid for each picture. Products and sums are rounded one by one, so that a picture's grid does not depend on how many there are (a matrix product's
 *  may, in the last bit). [N, H', W', 2]. */
export function affineGrids(matrices: readonly AffineMatrix[], size: GridSize): Tensor {
  const { height, width, newHeight, newWidth, dtype } = size;
  const x = centres(newWidth, (1 - newWidth) * 0.5, dtype);
  const y = centres(newHeight, (1 - newHeight) * 0.5, dtype).unsqueeze(-1);
  const halves = [0.5 * width, 0.5 * width, 0.5 * width, 0.5 * height, 0.5 * height, 0.5 * height];
  const table = matrices.flatMap((matrix) => matrix.map((value, at) => value / halves[at]!));
  const column = columnsOf(table, 6, dtype);
  const coordinate = (at: number): Tensor =>
    x
      .mul(column(at))
      .add_(column(at + 2))
      .add(y.mul(column(at + 1))); // [N, 1, W'] + [N, H', 1] -> [N, H', W']
  return stack([coordinate(0), coordinate(3)], { dim: -1 });
}

/** One grid for all pictures, by torchvision's operators. [1, H, W, 2]. */
export function sharedPerspectiveGrid(coefficients: PerspectiveCoefficients, size: GridSize): Tensor {
  const { newHeight, newWidth, dtype } = size;
  const [a, b, c, d, e, f, g, h] = coefficients as [number, number, number, number, number, number, number, number];
  const numerator = tensor([a, b, c, d, e, f], { dtype }).view([1, 2, 3]).transpose(1, 2);
  const rescaled = numerator.div_(tensor([0.5 * newWidth, 0.5 * newHeight], { dtype }));
  const denominator = tensor([g, h, 1, g, h, 1], { dtype }).view([1, 2, 3]).transpose(1, 2);
  const base = baseGrid(size, 0.5, 0.5);
  return base.bmm(rescaled).div_(base.bmm(denominator)).sub_(1).view([1, newHeight, newWidth, 2]);
}

/** A grid for each picture. [N, H, W, 2]. */
export function perspectiveGrids(coefficients: readonly PerspectiveCoefficients[], size: GridSize): Tensor {
  const { newHeight, newWidth, dtype } = size;
  const x = centres(newWidth, 0.5, dtype);
  const y = centres(newHeight, 0.5, dtype).unsqueeze(-1);
  const [w, h] = [0.5 * newWidth, 0.5 * newHeight];
  const halves = [w, w, w, h, h, h, 1, 1];
  const column = columnsOf(
    coefficients.flatMap((list) => list.map((value, at) => value / halves[at]!)),
    8,
    dtype,
  );
  const below = x
    .mul(column(6))
    .add_(1)
    .add(y.mul(column(7)));
  const coordinate = (at: number): Tensor =>
    x
      .mul(column(at))
      .add_(column(at + 2))
      .add(y.mul(column(at + 1)))
      .div_(below)
      .sub_(1);
  return stack([coordinate(0), coordinate(3)], { dim: -1 });
}

/** Column `at` of a table with `width` columns, as [N, 1, 1]. */
function columnsOf(table: readonly number[], width: number, dtype: DType): (at: number) => Tensor {
  const rows = tensor(Float64Array.from(table))
    .to(dtype)
    .view([table.length / width, width, 1, 1]);
  return (at) => rows.select(1, at);
}

/** Pictures sampled at a grid. Shape: [N, C, H, W], grid [1 or N, H', W', 2] -> [N, C, H', W'].
 *  @param fill - what lies outside; undefined leaves it black without mixing it into the edge twice, as torchvision does. */
export function sampleGrid(images: Tensor, grid: Tensor, mode: GridInterpolation, fill: Fill | undefined): Tensor {
  const [count, channels] = [images.size(0), images.size(1)];
  if (images.numel === 0) return images.newZeros([count, channels, grid.size(1), grid.size(2)]);
  const dtype = computeDType(images);
  const floats = images.to(dtype);
  const grids = grid.to(images.device).expand([count, -1, -1, -1]);
  const isBlack = fill === undefined || (mode === 'nearest' && [fill].flat().every((level) => level === 0)); // zeros are what nearest finds outside
  const sampled = isBlack ? gridSample(floats, grids, { mode }) : sampleWithFill(floats, grids, mode, fill);
  return images.dtype === dtype ? sampled : sampled.round_().to(images.dtype);
}

function sampleWithFill(floats: Tensor, grids: Tensor, mode: GridInterpolation, fill: Fill): Tensor {
  const [count, channels, height, width] = floats.shape as [number, number, number, number];
  const inside = ones([count, 1, height, width], { dtype: floats.dtype, device: floats.device });
  const sampled = gridSample(cat([floats, inside], { dim: 1 }), grids, { mode });
  const mask = sampled.narrow(1, channels, 1);
  const colors = sampled.narrow(1, 0, channels);
  const around = fillTensor(fill, floats).unsqueeze(0);
  if (mode === 'nearest') return where(mask.lt(0.5), around, colors);
  return colors.sub(around).mul_(mask).add_(around);
}

// Turning, shifting, scaling and shearing pictures.
import { readOptions } from '../../../tensor/arguments.ts';
import type { Tensor } from '../../../tensor/index.ts';
import {
  batched,
  checkPerPicture,
  checkPictures,
  computeDType,
  describe,
  numPictures,
  type PerPicture,
} from '../pictures.ts';
import {
  type AffineMatrix,
  affineGrids,
  GRID_INTERPOLATIONS,
  type GridInterpolation,
  type GridSize,
  sampleGrid,
  sharedAffineGrid,
} from './grid.ts';
import { checkFill, type Fill } from './pad.ts';
import { checkInterpolation } from './resize.ts';

/** [x, y] in pixels from the upper left corner. */
export type Point = readonly [x: number, y: number];

export interface GridOptions {
  /** Default 'nearest'. */
  readonly interpolation?: GridInterpolation;
  /** What lies outside of the picture. Default undefined: black. With 'bilinear' a fill of 0 darkens the edge a second time, as in torchvision. */
  readonly fill?: Fill | undefined;
}

export interface RotateOptions extends GridOptions {
  /** Make the result large enough to hold all of the turned picture; for one angle. Default false. */
  readonly expand?: boolean;
  /** What stays where it is. Default undefined: the middle. */
  readonly center?: Point | undefined;
}

export interface AffineOptions extends GridOptions {
  /** Degrees, clockwise, -180 to 180. Default 0. */
  readonly angle?: PerPicture;
  /** Pixels to the right and down; a list has one pair a picture. Default [0, 0]. */
  readonly translate?: Point | readonly Point[];
  /** Above 0. Default 1. */
  readonly scale?: PerPicture;
  /** Degrees along x and y; a list has one pair a picture. Default [0, 0]. */
  readonly shear?: Point | readonly Point[];
  /** What turns and shears leave where it is. Default undefined: the middle. */
  readonly center?: Point | undefined;
}

/** Pictures turned counter-clockwise by `angle` degrees. Shape: [..., C, H, W], unchanged but with `expand`, or by right angles of a square.
 *  @param angle - one for all (torchvision's bits), or one a picture.
 *  @throws {RangeError} for angles that are not finite, or not one a picture.
 *  Source: torchvision.transforms.v2.functional.rotate.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.rotate(tensor([[[1, 2], [3, 4]]]), 90).toArray(); // [[[2, 4], [1, 3]]] */
export function rotate(image: Tensor, angle: PerPicture, options: RotateOptions = {}): Tensor {
  readOptions('rotate', ['interpolation', 'fill', 'expand', 'center'], options);
  const action = 'rotate pictures';
  const { expand = false, center } = options;
  checkGridInput(action, image, options, center);
  checkPerPicture(action, 'angle', angle, image);
  const size = sizeOfGrid(image);
  const matrixOf = (degrees: number): AffineMatrix =>
    inverseAffineMatrix({
      angle: -degrees,
      translate: [0, 0],
      scale: 1,
      shear: [0, 0],
      center: fromMiddle(center, size),
    });
  if (typeof angle !== 'number') {
    if (expand)
      throw new RangeError(
        `Cannot ${action}: expected expand with one angle for all, got ${angle.length} angles, whose pictures differ in size`,
      );
    return sampleEach(image, angle.map(matrixOf), options);
  }
  const degrees = ((angle % 360) + 360) % 360;
  const quarters = degrees / 90;
  const isQuarter = Number.isInteger(quarters) && (quarters % 2 === 0 || expand || size.height === size.width);
  if (center === undefined && isQuarter)
    return quarters === 0 ? image.clone() : image.rot90({ k: quarters, dims: [-2, -1] });
  const matrix = matrixOf(degrees);
  const [newHeight, newWidth] = expand ? expandedSize(matrix, size) : [size.height, size.width];
  return sampleShared(image, sharedAffineGrid(matrix, { ...size, newHeight, newWidth }), options);
}

/** Pictures turned clockwise, shifted, scaled and sheared. Shape: [..., C, H, W], unchanged.
 *  Numbers and pairs hold for all pictures (torchvision's bits); where one is a list, every picture has its own.
 *  @throws {RangeError} for what is not finite, a scale that is not above 0, and lists of another length.
 *  Source: torchvision.transforms.v2.functional.affine.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  transforms.functional.affine(tensor([[[1, 2, 3]]]), { translate: [1, 0], fill: 9 }); // tensor([[[9., 1., 2.]]]) */
export function affine(image: Tensor, options: AffineOptions = {}): Tensor {
  readOptions('affine', ['angle', 'translate', 'scale', 'shear', 'center', 'interpolation', 'fill'], options);
  const action = 'transform pictures';
  const { angle = 0, translate = [0, 0], scale = 1, shear = [0, 0], center } = options;
  checkGridInput(action, image, options, center);
  checkPerPicture(action, 'angle', angle, image);
  checkPerPicture(action, 'scale', scale, image);
  checkPoints(action, 'translate', translate, image);
  checkPoints(action, 'shear', shear, image);
  const least = typeof scale === 'number' ? scale : Math.min(...scale);
  if (!(least > 0)) throw new RangeError(`Cannot ${action}: expected a scale above 0, got ${least}`);
  const size = sizeOfGrid(image);
  const middle = fromMiddle(center, size);
  const matrixOf = (picture: number): AffineMatrix =>
    inverseAffineMatrix({
      angle: typeof angle === 'number' ? angle : angle[picture]!,
      translate: isPoint(translate) ? translate : translate[picture]!,
      scale: typeof scale === 'number' ? scale : scale[picture]!,
      shear: isPoint(shear) ? shear : shear[picture]!,
      center: middle,
    });
  const isShared = typeof angle === 'number' && typeof scale === 'number' && isPoint(translate) && isPoint(shear);
  if (isShared) return sampleShared(image, sharedAffineGrid(matrixOf(0), size), options);
  return sampleEach(
    image,
    Array.from({ length: numPictures(image) }, (_, picture) => matrixOf(picture)),
    options,
  );
}

/** The map from new pixels to old ones, from the middle. Rule: T C RSS C^-1 inverted, with RSS = rotation * scale * shear along y * shear along x. */
export function inverseAffineMatrix(map: {
  readonly angle: number;
  readonly translate: Point;
  readonly scale: number;
  readonly shear: Point;
  readonly center: Point;
}): AffineMatrix {
  const radians = (degrees: number): number => degrees * (Math.PI / 180);
  const [turn, shearX, shearY] = [radians(map.angle), radians(map.shear[0]), radians(map.shear[1])];
  const tangent = Math.tan(shearX);
  const a = Math.cos(turn - shearY) / Math.cos(shearY);
  const b = -(a * tangent + Math.sin(turn));
  const c = Math.sin(turn - shearY) / Math.cos(shearY);
  const d = Math.cos(turn) - c * tangent;
  const { scale } = map;
  const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale];
  const [x, y] = map.center;
  const [movedX, movedY] = [x + map.translate[0], y + map.translate[1]];
  return [m0, m1, x - m0 * movedX - m1 * movedY, m3, m4, y - m3 * movedX - m4 * movedY];
}

/** Height and width that hold a whole turned picture. Rule: corners in float32, cut to 1e-4 before rounding outwards, as torchvision. */
function expandedSize(matrix: AffineMatrix, { height, width }: GridSize): readonly [number, number] {
  const round = Math.fround;
  const corners = [-1, 1].flatMap((right) =>
    [-1, 1].map((below) => [right * width * 0.5, below * height * 0.5] as const),
  );
  const extent = (at: 0 | 3, half: number): number => {
    const places = corners.map(
      ([x, y]) => round(round(round(matrix[at]) * x) + round(round(matrix[at + 1]!) * y)) + half,
    );
    const cut = (value: number): number => round(Math.trunc(round(round(value) * 1e4)) * round(1e-4));
    return Math.ceil(cut(Math.max(...places))) - Math.floor(cut(Math.min(...places)));
  };
  return [extent(3, height * 0.5), extent(0, width * 0.5)];
}

function fromMiddle(center: Point | undefined, { height, width }: GridSize): Point {
  return center === undefined ? [0, 0] : [center[0] - width * 0.5, center[1] - height * 0.5];
}

export function sizeOfGrid(image: Tensor): GridSize {
  const [height, width] = [image.size(-2), image.size(-1)];
  return { height, width, newHeight: height, newWidth: width, dtype: computeDType(image) };
}

export function sampleShared(image: Tensor, grid: Tensor, { interpolation = 'nearest', fill }: GridOptions): Tensor {
  return batched(image, (images) => sampleGrid(images, grid, interpolation, fill));
}

function sampleEach(image: Tensor, matrices: readonly AffineMatrix[], options: GridOptions): Tensor {
  if (matrices.length === 0) return image.clone();
  return sampleShared(image, affineGrids(matrices, sizeOfGrid(image)), options);
}

/** What `rotate`, `affine` and `perspective` ask of pictures and options. */
export function checkGridInput(action: string, image: Tensor, options: GridOptions, center?: Point): void {
  checkPictures(action, image);
  checkInterpolation(action, options.interpolation ?? 'nearest', GRID_INTERPOLATIONS);
  if (options.fill !== undefined) checkFill(action, options.fill, image.size(-3));
  if (center !== undefined && !isPoint(center))
    throw new RangeError(`Cannot ${action}: expected center to be [x, y] in pixels, got ${describe(center)}`);
}

export function isPoint(value: unknown): value is Point {
  return Array.isArray(value) && value.length === 2 && value.every((number) => Number.isFinite(number));
}

function checkPoints(action: string, name: string, value: Point | readonly Point[], image: Tensor): void {
  if (isPoint(value)) return;
  if (Array.isArray(value) && value.length === numPictures(image) && value.every(isPoint)) return;
  throw new RangeError(
    `Cannot ${action}: expected ${name} to be [x, y], or one pair for each of ${numPictures(image)} pictures, got ${describe(value)}`,
  );
}

// Pictures seen from another side.
import { readOptions } from '../../../tensor/arguments.ts';
import { type Tensor, tensor } from '../../../tensor/index.ts';
import { lstsq } from '../../../tensor/linalg.generated.ts';
import { describe, numPictures } from '../pictures.ts';
import { checkGridInput, type GridOptions, isPoint, type Point, sampleShared, sizeOfGrid } from './affine.ts';
import { type PerspectiveCoefficients, perspectiveGrids, sharedPerspectiveGrid } from './grid.ts';

/** Corners of a quadrilateral: top left, top right, bottom right, bottom left. */
export type Corners = readonly [Point, Point, Point, Point];

export interface PerspectiveOptions extends GridOptions {
  /** Corners in the pictures. */
  readonly startpoints?: Corners;
  /** Where they come to lie. */
  readonly endpoints?: Corners;
  /** Instead of corners: the eight numbers of the map back, for all pictures or, in a list, one list a picture. */
  readonly coefficients?: PerspectiveCoefficients | readonly PerspectiveCoefficients[];
}

/** Pictures tilted, so that the corners `startpoints` come to lie at `endpoints`. Shape: [..., C, H, W], unchanged. `interpolation` is 'bilinear' by default.
 *  @throws {RangeError} without corners or coefficients, or with both.
 *  Source: torchvision.transforms.v2.functional.perspective. */
export function perspective(image: Tensor, options: PerspectiveOptions): Tensor {
  readOptions('perspective', ['startpoints', 'endpoints', 'coefficients', 'interpolation', 'fill'], options);
  const action = 'tilt pictures';
  const { startpoints, endpoints, coefficients, interpolation = 'bilinear', fill } = options;
  checkGridInput(action, image, { interpolation, fill });
  const hasCorners = startpoints !== undefined && endpoints !== undefined;
  if (hasCorners === (coefficients !== undefined))
    throw new RangeError(
      `Cannot ${action}: expected startpoints and endpoints, or coefficients, got ${hasCorners ? 'both' : 'neither'}`,
    );
  const given = hasCorners ? perspectiveCoefficients([[startpoints, endpoints]])[0]! : coefficients!;
  const size = sizeOfGrid(image);
  const sampling = { interpolation, fill };
  if (isCoefficients(given)) return sampleShared(image, sharedPerspectiveGrid(given, size), sampling);
  const each = given as readonly PerspectiveCoefficients[];
  if (!Array.isArray(each) || each.length !== numPictures(image) || !each.every(isCoefficients))
    throw new RangeError(
      `Cannot ${action}: expected eight coefficients, or eight for each of ${numPictures(image)} pictures, got ${describe(given)}`,
    );
  return each.length === 0 ? image.clone() : sampleShared(image, perspectiveGrids(each, size), sampling);
}

/** The maps that take `endpoints` back to `startpoints`, eight numbers a pair, rounded to float32. Rule: least squares in double precision. */
export function perspectiveCoefficients(
  pairs: readonly (readonly [start: Corners, end: Corners])[],
): PerspectiveCoefficients[] {
  const rows: number[] = [];
  const targets: number[] = [];
  for (const [starts, ends] of pairs) {
    for (const list of [starts, ends]) {
      if (!Array.isArray(list) || list.length !== 4 || !list.every(isPoint))
        throw new RangeError(`Cannot tilt pictures: expected four corners [x, y], got ${describe(list)}`);
    }
    ends.forEach(([x, y], corner) => {
      const [u, v] = starts[corner]!;
      rows.push(x, y, 1, 0, 0, 0, -u * x, -u * y, 0, 0, 0, x, y, 1, -v * x, -v * y);
      targets.push(u, v);
    });
  }
  const matrices = tensor(Float64Array.from(rows)).view([pairs.length, 8, 8]);
  const wanted = tensor(Float64Array.from(targets)).view([pairs.length, 8, 1]);
  const [solution] = lstsq(matrices, wanted, { driver: 'gels' });
  return solution.to('float32').view([pairs.length, 8]).toArray() as number[][];
}

function isCoefficients(value: unknown): value is PerspectiveCoefficients {
  return Array.isArray(value) && value.length === 8 && value.every((number) => Number.isFinite(number));
}

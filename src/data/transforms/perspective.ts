// A transform that tilts pictures.
import { ShapeError } from '../../errors.ts';
import type { Tensor } from '../../tensor/index.ts';
import { checkGridOptions } from './affine.ts';
import type { Draws, SampleDraws } from './draws.ts';
import type { GridInterpolation } from './functional/grid.ts';
import type { Fill } from './functional/pad.ts';
import { type Corners, perspective, perspectiveCoefficients } from './functional/perspective.ts';
import { TransformProblems } from './options.ts';
import { changeRows, Transform } from './transform.ts';

export interface RandomPerspectiveOptions {
  /** How far corners move inwards at most, as a share of half the edge, 0 to 1. Default 0.5. */
  readonly distortionScale?: number;
  /** Probability for each picture. Default 0.5. */
  readonly p?: number;
  /** Default 'bilinear'. */
  readonly interpolation?: GridInterpolation;
  /** What lies outside of the picture, in its units. Default 0. */
  readonly fill?: Fill;
}

/** Tilts each picture with probability `p`: its corners move inwards, each by whole pixels drawn uniformly. Shape: [N, C, H, W], unchanged.
 *  Of ten draws the first whose corners make a convex shape, which all do up to a `distortionScale` of 0.5.
 *  @throws {ConfigError} for options that are none. Applying it throws a ShapeError for pictures of a single row or column.
 *  Source: torchvision.transforms.v2.RandomPerspective. */
export class RandomPerspective extends Transform {
  readonly name = 'RandomPerspective';
  readonly distortionScale: number;
  readonly p: number;
  readonly #sampling: { readonly interpolation: GridInterpolation; readonly fill: Fill };

  constructor(options: RandomPerspectiveOptions = {}) {
    super();
    const { distortionScale = 0.5, p = 0.5, interpolation = 'bilinear', fill = 0 } = options;
    const problems = new TransformProblems('RandomPerspective', options, [
      'distortionScale',
      'p',
      'interpolation',
      'fill',
    ]);
    const isShare = typeof distortionScale === 'number' && distortionScale >= 0 && distortionScale <= 1;
    problems.expect(isShare, 'distortionScale', { wanted: 'a share from 0 to 1', got: distortionScale });
    problems.expectProbability('p', p);
    checkGridOptions(problems, { interpolation, fill });
    problems.check();
    this.distortionScale = distortionScale;
    this.p = p;
    this.#sampling = { interpolation, fill };
  }

  override get hasManySteps(): boolean {
    return true;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const [height, width] = [images.size(2), images.size(3)];
    if (height < 2 || width < 2)
      throw new ShapeError(
        `Cannot apply RandomPerspective: expected pictures of at least [2, 2], got [${height}, ${width}]`,
      );
    const ends = draws.map((draw) => (draw.chance(this.p) ? this.#corners(draw, height, width) : undefined));
    const rows = ends.flatMap((corners, row) => (corners ? [row] : []));
    if (rows.length === 0) return images;
    const starts: Corners = [[0, 0], [width - 1, 0], [width - 1, height - 1], [0, height - 1]]; // biome-ignore format: corners
    const coefficients = perspectiveCoefficients(rows.map((row) => [starts, ends[row]!]));
    return changeRows('apply RandomPerspective', images, rows, (selected) =>
      perspective(selected, { coefficients, ...this.#sampling }),
    );
  }

  /** Undefined where no draw gives corners that a picture can be tilted to. */
  #corners(draw: SampleDraws, height: number, width: number): Corners | undefined {
    const rows = Math.floor(this.distortionScale * Math.floor(height / 2)) + 1;
    const columns = Math.floor(this.distortionScale * Math.floor(width / 2)) + 1;
    const left = (): number => draw.integer(0, columns);
    const top = (): number => draw.integer(0, rows);
    const right = (): number => width - 1 - draw.integer(0, columns);
    const bottom = (): number => height - 1 - draw.integer(0, rows);
    for (let attempt = 0; attempt < 10; attempt++) {
      const corners: Corners = [[left(), top()], [right(), top()], [right(), bottom()], [left(), bottom()]]; // biome-ignore format: corners
      if (isConvex(corners)) return corners;
    }
    return undefined;
  }
}

/** Whether every corner turns clockwise: corners that cross, or lie on a line, have no map. */
function isConvex(corners: Corners): boolean {
  return corners.every(([x, y], at) => {
    const [next, last] = [corners[(at + 1) % 4]!, corners[(at + 2) % 4]!];
    return (next[0] - x) * (last[1] - next[1]) - (next[1] - y) * (last[0] - next[0]) > 0;
  });
}

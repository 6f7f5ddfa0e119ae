// Transforms that turn, shift, scale, shear and tilt pictures, each picture its own way, by one grid for the batch.
import type { Tensor } from '../../tensor/index.ts';
import type { Draws } from './draws.ts';
import { affine, isPoint, type Point, rotate } from './functional/affine.ts';
import { roundHalfEven } from './functional/crop.ts';
import { GRID_INTERPOLATIONS, type GridInterpolation } from './functional/grid.ts';
import { checkFill, type Fill } from './functional/pad.ts';
import { type Range, symmetricRange, TransformProblems } from './options.ts';
import { Transform } from './transform.ts';

export interface RandomRotationOptions {
  /** Default 'nearest'. */
  readonly interpolation?: GridInterpolation;
  /** What stays where it is, [x, y] in pixels. Default undefined: the middle. */
  readonly center?: Point | undefined;
  /** What lies outside of the picture, in its units. Default 0. */
  readonly fill?: Fill;
}

/** What transforms by grids have in common. */
export function checkGridOptions(
  problems: TransformProblems,
  options: { interpolation: unknown; center?: Point | undefined; fill: Fill },
): void {
  problems.expectOneOf('interpolation', options.interpolation, GRID_INTERPOLATIONS);
  problems.expectPasses('fill', () => checkFill('', options.fill));
  const hasCenter = options.center === undefined || isPoint(options.center);
  problems.expect(hasCenter, 'center', { wanted: '[x, y] in pixels', got: options.center });
}

/** Turns each picture counter-clockwise by an angle drawn uniformly. Shape: [N, C, H, W], unchanged: what turns out of the picture is lost.
 *  @param degrees - [low, high]; a number means [-degrees, degrees].
 *  @throws {ConfigError} for options that are none. torchvision's `expand` is not there, since pictures of a batch would differ in size.
 *  Source: torchvision.transforms.v2.RandomRotation. */
export class RandomRotation extends Transform {
  readonly name = 'RandomRotation';
  readonly degrees: Range;
  readonly #options: RandomRotationOptions;

  constructor(degrees: number | Range, options: RandomRotationOptions = {}) {
    super();
    const { interpolation = 'nearest', center, fill = 0 } = options;
    const problems = new TransformProblems('RandomRotation', options, ['interpolation', 'center', 'fill']);
    problems.expectRange('degrees', symmetricRange(degrees));
    checkGridOptions(problems, { interpolation, center, fill });
    problems.check();
    this.degrees = symmetricRange(degrees);
    this.#options = { interpolation, center, fill };
  }

  override get hasManySteps(): boolean {
    return true;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    return rotate(
      images,
      draws.map((draw) => draw.uniform(...this.degrees)),
      this.#options,
    );
  }
}

export interface RandomAffineOptions extends RandomRotationOptions {
  /** Largest shift to either side, as shares of width and height, 0 to 1. Default undefined: none. */
  readonly translate?: readonly [horizontal: number, vertical: number] | undefined;
  /** Factors above 0. Default undefined: 1. */
  readonly scale?: Range | undefined;
  /** Degrees along x; with four numbers along x and y. A number means [-shear, shear] along x. Default undefined: none. */
  readonly shear?: number | Range | readonly [lowX: number, highX: number, lowY: number, highY: number] | undefined;
}

/** Turns (clockwise), shifts by whole pixels, scales and shears each picture by numbers drawn uniformly. Shape: [N, C, H, W], unchanged.
 *  @param degrees - [low, high]; a number means [-degrees, degrees]; 0 turns nothing.
 *  @throws {ConfigError} for options that are none.  Source: torchvision.transforms.v2.RandomAffine. */
export class RandomAffine extends Transform {
  readonly name = 'RandomAffine';
  readonly degrees: Range;
  readonly #options: Omit<RandomAffineOptions, 'shear'>;
  readonly #shears: readonly [x: Range, y: Range] | undefined;

  constructor(degrees: number | Range, options: RandomAffineOptions = {}) {
    super();
    const { translate, scale, shear, interpolation = 'nearest', center, fill = 0 } = options;
    const problems = new TransformProblems('RandomAffine', options, [
      'translate',
      'scale',
      'shear',
      'interpolation',
      'center',
      'fill',
    ]);
    problems.expectRange('degrees', symmetricRange(degrees));
    const isShift =
      translate === undefined || (isPoint(translate) && translate.every((share) => share >= 0 && share <= 1));
    problems.expect(isShift, 'translate', { wanted: 'two shares from 0 to 1', got: translate });
    if (scale !== undefined) problems.expectPositiveRange('scale', scale);
    const shears = shear === undefined ? undefined : shearsOf(shear);
    for (const range of shears ?? []) problems.expectRange('shear', range, -90, 90);
    checkGridOptions(problems, { interpolation, center, fill });
    problems.check();
    this.degrees = symmetricRange(degrees);
    this.#options = { translate, scale, interpolation, center, fill };
    this.#shears = shears;
  }

  override get hasManySteps(): boolean {
    return true;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const { translate, scale, ...sampling } = this.#options;
    const [height, width] = [images.size(2), images.size(3)];
    const maps = draws.map((draw) => {
      const angle = draw.uniform(...this.degrees);
      const shift = (share: number, edge: number): number => roundHalfEven(draw.uniform(-share * edge, share * edge));
      const moved: Point = translate ? [shift(translate[0], width), shift(translate[1], height)] : [0, 0];
      const size = scale ? draw.uniform(...scale) : 1;
      const [x, y] = this.#shears ?? [undefined, undefined];
      return { angle, moved, size, shear: [x ? draw.uniform(...x) : 0, y ? draw.uniform(...y) : 0] as const };
    });
    return affine(images, {
      angle: maps.map(({ angle }) => angle),
      translate: maps.map(({ moved }) => moved),
      scale: maps.map(({ size }) => size),
      shear: maps.map(({ shear }) => shear),
      ...sampling,
    });
  }
}

function shearsOf(shear: NonNullable<RandomAffineOptions['shear']>): readonly [x: Range, y: Range] {
  if (typeof shear === 'number')
    return [
      [-shear, shear],
      [0, 0],
    ];
  const [lowX, highX, lowY = 0, highY = 0] = Array.isArray(shear) ? (shear as readonly number[]) : [];
  const isKnown = Array.isArray(shear) && (shear.length === 2 || shear.length === 4);
  return isKnown
    ? [
        [lowX!, highX!],
        [lowY, highY],
      ]
    : [
        [Number.NaN, Number.NaN],
        [0, 0],
      ];
}

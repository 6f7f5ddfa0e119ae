// RandAugment and TrivialAugmentWide: operations drawn for each picture from one list, pictures of one operation changed together.
import type { Tensor } from '../../tensor/index.ts';
import { checkGridOptions } from './affine.ts';
import type { Draws, SampleDraws } from './draws.ts';
import { affine, type GridOptions, rotate } from './functional/affine.ts';
import { adjustBrightness, adjustContrast, adjustSaturation, adjustSharpness } from './functional/color.ts';
import { roundHalfEven } from './functional/crop.ts';
import type { GridInterpolation } from './functional/grid.ts';
import { autocontrast, equalize, posterize, solarize } from './functional/levels.ts';
import type { Fill } from './functional/pad.ts';
import { TransformProblems } from './options.ts';
import { maxValue } from './pictures.ts';
import { changeGroups, inTurn, Transform } from './transform.ts';

/** One operation on pictures, each with a strength of its own. */
interface Operation {
  /** Strength of bin `share` (0 to 1 of the bins). */
  readonly strength: (share: number, height: number, width: number) => number;
  /** Whether the strength's sign is drawn. */
  readonly isSigned: boolean;
  readonly apply: (images: Tensor, strengths: readonly number[], grid: GridOptions) => Tensor;
}

/** Largest strengths of a list of operations. */
interface Extent {
  readonly shear: number;
  readonly translate: (edge: number) => number;
  readonly rotate: number;
  readonly factor: number;
  readonly posterizedBits: number;
}

const RAND_AUGMENT: Extent = {
  shear: 0.3,
  translate: (edge) => (150 / 331) * edge,
  rotate: 30,
  factor: 0.9,
  posterizedBits: 4,
};

const TRIVIAL_AUGMENT_WIDE: Extent = { shear: 0.99, translate: () => 32, rotate: 135, factor: 0.99, posterizedBits: 6 };

const degrees = (tangent: number): number => Math.atan(tangent) * (180 / Math.PI);

/** torchvision's list. Its order decides which number means which operation: never change it. */
function operationsOf(extent: Extent): readonly (Operation | undefined)[] {
  const upTo = (most: number) => (share: number) => share * most;
  const factors = (adjust: (images: Tensor, factor: readonly number[]) => Tensor): Operation => ({
    strength: upTo(extent.factor),
    isSigned: true,
    apply: (images, strengths) =>
      adjust(
        images,
        strengths.map((strength) => 1 + strength),
      ),
  });
  const shear = (at: 0 | 1): Operation => ({
    strength: upTo(extent.shear),
    isSigned: true,
    apply: (images, strengths, grid) =>
      affine(images, {
        shear: strengths.map((strength) => (at === 0 ? [degrees(strength), 0] : [0, degrees(strength)])),
        center: [0, 0],
        ...grid,
      }),
  });
  const translate = (at: 0 | 1): Operation => ({
    strength: (share, height, width) => share * extent.translate(at === 0 ? width : height),
    isSigned: true,
    apply: (images, strengths, grid) =>
      affine(images, {
        translate: strengths.map((strength) => (at === 0 ? [Math.trunc(strength), 0] : [0, Math.trunc(strength)])),
        ...grid,
      }),
  });
  const plain = (apply: (images: Tensor) => Tensor): Operation => ({ strength: () => 0, isSigned: false, apply });
  return [
    undefined, // identity
    shear(0),
    shear(1),
    translate(0),
    translate(1),
    { strength: upTo(extent.rotate), isSigned: true, apply: rotate },
    factors(adjustBrightness),
    factors(adjustSaturation),
    factors(adjustContrast),
    factors(adjustSharpness),
    { strength: (share) => roundHalfEven(8 - share * extent.posterizedBits), isSigned: false, apply: posterize },
    {
      strength: (share) => 1 - share,
      isSigned: false,
      apply: (images, strengths) =>
        solarize(
          images,
          strengths.map((strength) => strength * maxValue(images.dtype)),
        ),
    },
    plain(autocontrast),
    plain(equalize),
  ];
}

export interface AutoAugmentOptions {
  /** How many strengths there are, at least 2. Default 31. */
  readonly numMagnitudeBins?: number;
  /** Default 'nearest'. */
  readonly interpolation?: GridInterpolation;
  /** What lies outside of the picture, in its units. Default undefined: black. */
  readonly fill?: Fill | undefined;
}

const OPTIONS = ['numMagnitudeBins', 'interpolation', 'fill'];

function checkAutoAugment(problems: TransformProblems, options: AutoAugmentOptions): void {
  const { numMagnitudeBins = 31, interpolation = 'nearest', fill = 0 } = options;
  const isCount = Number.isInteger(numMagnitudeBins) && numMagnitudeBins >= 2;
  problems.expect(isCount, 'numMagnitudeBins', { wanted: 'a whole number from 2 on', got: numMagnitudeBins });
  checkGridOptions(problems, { interpolation, fill });
}

/** Applies to each picture one operation of `operations`, drawn with its strength. */
function applyDrawn(
  name: string,
  images: Tensor,
  drawn: readonly { readonly index: number; readonly strength: number }[],
  operations: readonly (Operation | undefined)[],
  grid: GridOptions,
): Tensor {
  const keys = drawn.map(({ index }) => operations[index]);
  return changeGroups(`apply ${name}`, images, keys, (selected, operation, rows) =>
    operation.apply(
      selected,
      rows.map((row) => drawn[row]!.strength),
      grid,
    ),
  );
}

/** An operation and its strength, signed by a coin. */
function drawOperation(
  draw: SampleDraws,
  operations: readonly (Operation | undefined)[],
  share: () => number,
  images: Tensor,
): { index: number; strength: number } {
  const index = draw.integer(0, operations.length);
  const operation = operations[index];
  if (operation === undefined) return { index, strength: 0 };
  const strength = operation.strength(share(), images.size(2), images.size(3));
  return { index, strength: operation.isSigned && draw.chance(0.5) ? -strength : strength };
}

export interface RandAugmentOptions extends AutoAugmentOptions {
  /** Operations on each picture, one after the other. Default 2. */
  readonly numOps?: number;
  /** Strength of all of them: a bin, from 0 on. Default 9. */
  readonly magnitude?: number;
}

/** Applies `numOps` operations to each picture, drawn from fourteen: turns, shifts, shears, colours, levels. Shape: [N, 1 or 3, H, W], unchanged; best as uint8.
 *  @throws {ConfigError} for options that are none.
 *  Source: Cubuk et al. 2019, arXiv:1909.13719; torchvision.transforms.v2.RandAugment. */
export class RandAugment extends Transform {
  readonly name = 'RandAugment';
  readonly #numOps: number;
  readonly #share: number;
  readonly #grid: GridOptions;
  readonly #operations = operationsOf(RAND_AUGMENT);

  constructor(options: RandAugmentOptions = {}) {
    super();
    const { numOps = 2, magnitude = 9, numMagnitudeBins = 31, interpolation = 'nearest', fill } = options;
    const problems = new TransformProblems('RandAugment', options, ['numOps', 'magnitude', ...OPTIONS]);
    problems.expect(Number.isInteger(numOps) && numOps >= 0, 'numOps', {
      wanted: 'a whole number from 0 on',
      got: numOps,
    });
    checkAutoAugment(problems, options);
    const isBin = Number.isInteger(magnitude) && magnitude >= 0 && magnitude < numMagnitudeBins;
    problems.expect(isBin, 'magnitude', { wanted: `a whole number from 0 to ${numMagnitudeBins - 1}`, got: magnitude });
    problems.check();
    this.#numOps = numOps;
    this.#share = magnitude / (numMagnitudeBins - 1);
    this.#grid = { interpolation, fill };
  }

  override get hasManySteps(): boolean {
    return true;
  }

  override get numGroups(): number {
    return this.#operations.length;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const sources = draws.map((draw) => draw);
    return inTurn(images, new Array<undefined>(this.#numOps).keys(), (current) => {
      const drawn = sources.map((draw) => drawOperation(draw, this.#operations, () => this.#share, images));
      return applyDrawn(this.name, current, drawn, this.#operations, this.#grid);
    });
  }
}

/** Applies one operation to each picture, drawn from fourteen, with a strength drawn from a wide range. Shape: [N, 1 or 3, H, W], unchanged; best as uint8.
 *  @throws {ConfigError} for options that are none.
 *  Source: Müller and Hutter 2021, arXiv:2103.10158; torchvision.transforms.v2.TrivialAugmentWide. */
export class TrivialAugmentWide extends Transform {
  readonly name = 'TrivialAugmentWide';
  readonly #numBins: number;
  readonly #grid: GridOptions;
  readonly #operations = operationsOf(TRIVIAL_AUGMENT_WIDE);

  constructor(options: AutoAugmentOptions = {}) {
    super();
    const { numMagnitudeBins = 31, interpolation = 'nearest', fill } = options;
    const problems = new TransformProblems('TrivialAugmentWide', options, OPTIONS);
    checkAutoAugment(problems, options);
    problems.check();
    this.#numBins = numMagnitudeBins;
    this.#grid = { interpolation, fill };
  }

  override get hasManySteps(): boolean {
    return true;
  }

  override get numGroups(): number {
    return this.#operations.length;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const drawn = draws.map((draw) => {
      const share = (): number => draw.integer(0, this.#numBins) / (this.#numBins - 1);
      return drawOperation(draw, this.#operations, share, images);
    });
    return applyDrawn(this.name, images, drawn, this.#operations, this.#grid);
  }
}

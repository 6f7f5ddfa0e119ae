// A transform of brightness, contrast, saturation and hue.
import type { Tensor } from '../../tensor/index.ts';
import type { Draws, SampleDraws } from './draws.ts';
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from './functional/color.ts';
import { type Range, TransformProblems } from './options.ts';
import { changeGroups, inTurn, Transform } from './transform.ts';

const ADJUSTMENTS = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
} as const;

type Adjustment = keyof typeof ADJUSTMENTS;

const KINDS = Object.keys(ADJUSTMENTS) as Adjustment[];

export interface ColorJitterOptions {
  /** Factor of brightness: [low, high], or a number x for [max(0, 1 - x), 1 + x]. Default undefined: not changed. */
  readonly brightness?: number | Range | undefined;
  /** Factor of contrast, as `brightness`. */
  readonly contrast?: number | Range | undefined;
  /** Factor of saturation, as `brightness`. */
  readonly saturation?: number | Range | undefined;
  /** Part of the colour circle: [low, high] within -0.5 to 0.5, or a number x for [-x, x]. Default undefined: not changed. */
  readonly hue?: number | Range | undefined;
}

/** Changes brightness, contrast, saturation and hue of each picture by factors drawn uniformly, in an order drawn for each picture, as torchvision does for each call.
 *  Shape: [N, 1 or 3, H, W], unchanged.
 *  @throws {ConfigError} for options that are none.  Source: torchvision.transforms.v2.ColorJitter.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  const augment = transforms.compose([new transforms.ColorJitter({ brightness: 0.4, hue: 0.1 })]);
 *  augment(rand([3, 8, 8]), { seed: 1, epoch: 0 }).shape; // [3, 8, 8] */
export class ColorJitter extends Transform {
  readonly name = 'ColorJitter';
  readonly #ranges: Readonly<Partial<Record<Adjustment, Range>>>;

  constructor(options: ColorJitterOptions = {}) {
    super();
    const problems = new TransformProblems('ColorJitter', options, KINDS);
    const ranges = KINDS.flatMap((kind) => {
      const value = options[kind];
      if (value === undefined) return [];
      const range = kind === 'hue' ? hueRange(value) : factorRange(value);
      problems.expectRange(kind, range, kind === 'hue' ? -0.5 : 0, kind === 'hue' ? 0.5 : Number.MAX_VALUE);
      return [[kind, range] as const];
    });
    problems.check();
    this.#ranges = Object.fromEntries(ranges);
  }

  override get hasManySteps(): boolean {
    return true;
  }

  override get numGroups(): number {
    return KINDS.length;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const choices = draws.map((draw) => this.#choose(draw));
    return inTurn(images, KINDS.keys(), (current, turn) => {
      const kinds = choices.map(({ order }) => order[turn]);
      return changeGroups('apply ColorJitter', current, kinds, (selected, kind, rows) =>
        ADJUSTMENTS[kind](
          selected,
          rows.map((row) => choices[row]!.factors[kind]!),
        ),
      );
    });
  }

  /** Order and factors of one picture. */
  #choose(draw: SampleDraws): { order: Adjustment[]; factors: Partial<Record<Adjustment, number>> } {
    const order = [...KINDS];
    for (let last = order.length - 1; last > 0; last--) {
      const chosen = draw.integer(0, last + 1);
      [order[last], order[chosen]] = [order[chosen]!, order[last]!];
    }
    const factors: Partial<Record<Adjustment, number>> = {};
    for (const kind of KINDS) {
      const range = this.#ranges[kind];
      if (range) factors[kind] = draw.uniform(...range);
    }
    return { order: order.filter((kind) => factors[kind] !== undefined), factors };
  }
}

function factorRange(value: number | Range): Range {
  if (typeof value !== 'number') return value;
  return value >= 0 ? [Math.max(0, 1 - value), 1 + value] : [value, value]; // a negative one is out of range, and reported
}

function hueRange(value: number | Range): Range {
  return typeof value === 'number' ? [-value, value] : value;
}

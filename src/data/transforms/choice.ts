// Transforms of transforms: applied with a probability, or one of several.
import type { Tensor } from '../../tensor/index.ts';
import type { Draws, SampleDraws } from './draws.ts';
import { type ProbabilityOptions, probabilityOf } from './flip.ts';
import { type Mixed, Mixing } from './mixing.ts';
import { TransformProblems } from './options.ts';
import {
  applyAll,
  applyTransform,
  changeGroups,
  changeRows,
  placesOf,
  Transform,
  type TransformLike,
} from './transform.ts';

/** @throws {ConfigError} unless `transforms` is a list of at least one transform or function. */
function checkTransforms(name: string, transforms: readonly TransformLike[]): void {
  const problems = new TransformProblems(name, {}, []);
  const isList = Array.isArray(transforms) && transforms.length > 0;
  problems.expect(isList, 'transforms', { wanted: 'a list of at least one', got: transforms });
  for (const [at, one] of isList ? transforms.entries() : []) {
    const isTransform = one instanceof Transform || typeof one === 'function';
    problems.expect(isTransform, `transforms[${at}]`, {
      wanted: 'a transform of pictures or a function',
      got: one?.constructor?.name ?? one,
    });
  }
  problems.check();
}

/** Applies transforms, one after the other, to each picture with probability `p`. Shape: [N, C, H, W], which they have to keep.
 *  @throws {ConfigError} for an empty list, what is no transform (`MixUp` and `CutMix` change labels: only `compose` takes them), and what is no probability.
 *  Source: torchvision.transforms.v2.RandomApply.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  const jitter = new transforms.RandomApply([new transforms.ColorJitter({ hue: 0.1 })], { p: 0.8 });
 *  transforms.compose([jitter])(rand([3, 8, 8]), { seed: 1, epoch: 0 }).shape; // [3, 8, 8] */
export class RandomApply extends Transform {
  readonly name = 'RandomApply';
  readonly transforms: readonly TransformLike[];
  readonly p: number;

  constructor(transforms: readonly TransformLike[], options: ProbabilityOptions = {}) {
    super();
    checkTransforms('RandomApply', transforms);
    this.p = probabilityOf('RandomApply', options);
    this.transforms = transforms;
  }

  override get numPlaces(): number {
    return 1 + this.transforms.reduce((sum, transform) => sum + placesOf(transform), 0);
  }

  override get hasManySteps(): boolean {
    return true;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const rows = draws.map((draw, row) => (draw.chance(this.p) ? row : -1)).filter((row) => row >= 0);
    return changeRows('apply RandomApply', images, rows, (selected) =>
      applyAll(this.transforms, selected, draws.select(rows).after(1)),
    );
  }
}

export interface RandomChoiceOptions {
  /** Weights of the transforms, from 0 on, one each. Default: all alike. */
  readonly p?: readonly number[] | undefined;
}

/** Applies one of several transforms to each picture; of several `MixUp` and `CutMix`, one to each batch. Shape: [N, C, H, W]; all have to give one shape.
 *  @throws {ConfigError} for an empty list, what is no transform, and weights that are none.  Source: torchvision.transforms.v2.RandomChoice.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  const mix = new transforms.RandomChoice([new transforms.MixUp({ numClasses: 2 }), new transforms.CutMix({ numClasses: 2 })]);
 *  const batch = { image: rand([2, 1, 4, 4]), label: tensor([0n, 1n]) };
 *  transforms.compose([mix])(batch, { seed: 0, epoch: 0, position: 0, indices: Int32Array.of(0, 1) }).label.shape; // [2, 2] */
export class RandomChoice extends Transform {
  readonly name = 'RandomChoice';
  readonly transforms: readonly TransformLike[] | readonly Mixing[];
  /** Whether it chooses among transforms that mix pictures and labels. */
  readonly isMixing: boolean;
  /** Up to which number each is chosen, of a number in [0, 1). */
  readonly #limits: readonly number[];

  constructor(transforms: readonly TransformLike[] | readonly Mixing[], options: RandomChoiceOptions = {}) {
    super();
    this.isMixing =
      Array.isArray(transforms) && transforms.length > 0 && transforms.every((one) => one instanceof Mixing);
    if (!this.isMixing) checkTransforms('RandomChoice', transforms as readonly TransformLike[]);
    this.transforms = transforms;
    this.#limits = limitsOf(transforms.length, options);
  }

  override get numPlaces(): number {
    return this.#placeOf(this.transforms.length);
  }

  override get hasManySteps(): boolean {
    return true;
  }

  override get numGroups(): number {
    return this.transforms.length;
  }

  apply(images: Tensor, draws: Draws): Tensor {
    const chosen = draws.map((draw) => this.#choose(draw));
    return changeGroups('apply RandomChoice', images, chosen, (selected, index, rows) =>
      // Those that mix do not come here: compose calls mix.
      applyTransform(this.transforms[index] as TransformLike, selected, draws.select(rows).after(this.#placeOf(index))),
    );
  }

  /** Mixes pictures and labels by one of several, where those are `MixUp` and `CutMix`. */
  mix(images: Tensor, labels: Tensor, draws: Draws): Mixed {
    const index = this.#choose(draws.ofBatch('apply RandomChoice'));
    return (this.transforms[index] as Mixing).mix(images, labels, draws.after(this.#placeOf(index)));
  }

  #choose(draw: SampleDraws): number {
    const number = draw.uniform();
    return this.#limits.findIndex((limit) => number < limit);
  }

  /** The place of number `index`, from its own. */
  #placeOf(index: number): number {
    let place = 1;
    for (const transform of this.transforms.slice(0, index)) place += placesOf(transform);
    return place;
  }
}

function limitsOf(count: number, options: RandomChoiceOptions): readonly number[] {
  const { p = new Array<number>(count).fill(1) } = options;
  const problems = new TransformProblems('RandomChoice', options, ['p']);
  const isList = Array.isArray(p) && p.length === count && p.every((weight) => weight >= 0 && weight < Infinity);
  const total = isList ? p.reduce((sum, weight) => sum + weight, 0) : 0;
  problems.expect(isList && total > 0, 'p', { wanted: `${count} weights from 0 on, not all 0`, got: p });
  problems.check();
  let sum = 0;
  const limits = p.map((weight) => {
    sum += weight;
    return sum / total;
  });
  const last = p.findLastIndex((weight) => weight > 0);
  return limits.map((limit, index) => (index >= last ? 1 : limit)); // whatever the sums were rounded to, the last one that may be chosen ends at 1
}

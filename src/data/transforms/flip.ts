// Transforms that mirror pictures.
import type { Tensor } from '../../tensor/index.ts';
import { stack } from '../../tensor/ops.generated.ts';
import type { Draws } from './draws.ts';
import { TransformProblems } from './options.ts';
import { Transform } from './transform.ts';

export interface ProbabilityOptions {
  /** Probability for each picture. Default 0.5. */
  readonly p?: number;
}

/** @throws {ConfigError} for what is no probability. */
export function probabilityOf(name: string, options: ProbabilityOptions, otherwise = 0.5): number {
  const { p = otherwise } = options;
  const problems = new TransformProblems(name, options, ['p']);
  problems.expectProbability('p', p);
  problems.check();
  return p;
}

/** Mirrors some pictures along `dim` of [C, H, W]. */
function flipSome(images: Tensor, draws: Draws, p: number, dim: number): Tensor {
  const isChosen = draws.map((draw) => draw.chance(p));
  if (!isChosen.includes(true)) return images;
  if (!isChosen.includes(false)) return images.flip([dim + 1]);
  return stack(isChosen.map((flips, row) => (flips ? images.select(0, row).flip([dim]) : images.select(0, row))));
}

/** Mirrors each picture with probability `p`: left becomes right. Shape: [N, C, H, W], unchanged.
 *  @throws {ConfigError} for what is no probability.  Source: torchvision.transforms.v2.RandomHorizontalFlip.
 *  @example
 *  import { transforms } from 'sconce/data';
 *  const flip = transforms.compose([new transforms.RandomHorizontalFlip({ p: 1 })]);
 *  flip(tensor([[[1, 2, 3]]]), { seed: 0, epoch: 0 }); // tensor([[[3., 2., 1.]]]) */
export class RandomHorizontalFlip extends Transform {
  readonly name = 'RandomHorizontalFlip';
  readonly p: number;

  constructor(options: ProbabilityOptions = {}) {
    super();
    this.p = probabilityOf('RandomHorizontalFlip', options);
  }

  apply(images: Tensor, draws: Draws): Tensor {
    return flipSome(images, draws, this.p, 2);
  }
}

/** Mirrors each picture with probability `p`: top becomes bottom. Shape: [N, C, H, W], unchanged.
 *  @throws {ConfigError} for what is no probability.  Source: torchvision.transforms.v2.RandomVerticalFlip. */
export class RandomVerticalFlip extends Transform {
  readonly name = 'RandomVerticalFlip';
  readonly p: number;

  constructor(options: ProbabilityOptions = {}) {
    super();
    this.p = probabilityOf('RandomVerticalFlip', options);
  }

  apply(images: Tensor, draws: Draws): Tensor {
    return flipSome(images, draws, this.p, 1);
  }
}

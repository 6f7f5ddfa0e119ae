// Mixing the pictures of a batch with each other, and their labels: MixUp and CutMix.
import { DTypeError, ShapeError } from '../../errors.ts';
import { isFloatingDType, isIntegerDType, type Tensor, tensor } from '../../tensor/index.ts';
import { oneHot } from '../../tensor/nn-ops.generated.ts';
import type { Draws, SampleDraws } from './draws.ts';
import type { Rectangle } from './functional/crop.ts';
import { inside, paintEach } from './functional/erase.ts';
import { TransformProblems } from './options.ts';

export interface MixingOptions {
  /** Both parameters of the Beta distribution that the share of a picture's own content is drawn from, above 0; below 1 prefers little mixing. Default 1: uniform. */
  readonly alpha?: number;
  /** How many classes labels name; needed for labels [N], not for soft ones [N, classes]. */
  readonly numClasses?: number | undefined;
  /** Whether every picture has a share of its own, rather than one for the batch as in torchvision. Default false. */
  readonly isPerSample?: boolean;
}

/** Pictures [N, C, H, W], and labels [N, classes] that sum to 1. */
export interface Mixed {
  readonly images: Tensor;
  readonly labels: Tensor;
}

/** Changes pictures together with their labels: for `compose` in a loader of batches. Each picture is mixed with the one before it in the batch. */
export abstract class Mixing {
  abstract readonly name: string;
  readonly alpha: number;
  readonly numClasses: number | undefined;
  readonly isPerSample: boolean;

  constructor(name: string, options: MixingOptions) {
    const { alpha = 1, numClasses, isPerSample = false } = options;
    const problems = new TransformProblems(name, options, ['alpha', 'numClasses', 'isPerSample']);
    problems.expect(alpha > 0 && alpha < Infinity, 'alpha', { wanted: 'a number above 0', got: alpha });
    const isCount = numClasses === undefined || (Number.isInteger(numClasses) && numClasses > 0);
    problems.expect(isCount, 'numClasses', { wanted: 'a whole number above 0', got: numClasses });
    problems.expectBoolean('isPerSample', isPerSample);
    problems.check();
    this.alpha = alpha;
    this.numClasses = numClasses;
    this.isPerSample = isPerSample;
  }

  /** Places of the random streams that it takes. */
  get numPlaces(): number {
    return 1;
  }

  /** Mixed pictures and labels. @param images - [N, C, H, W].  @param labels - [N] of integers, or [N, classes].
   *  @throws {ShapeError} and {DTypeError} for labels that are none. */
  abstract mix(images: Tensor, labels: Tensor, draws: Draws): Mixed;

  /** One value for each picture: drawn from its stream, or for all from the batch's. */
  protected draw<T>(draws: Draws, draw: (source: SampleDraws) => T): T[] {
    const ofBatch = draws.ofBatch(`apply ${this.name}`);
    if (this.isPerSample) return draws.map(draw);
    return new Array<T>(draws.length).fill(draw(ofBatch));
  }

  /** Rule: labels * share + labels of the picture before * (1 - share). */
  protected mixLabels(labels: Tensor, shares: readonly number[]): Tensor {
    const soft = this.#soften(labels);
    const own = column(shares, soft).view([shares.length, 1]);
    return soft.roll(1, { dims: 0 }).mul_(own.neg().add_(1)).add_(soft.mul(own));
  }

  /** Labels as floating numbers [N, classes]. */
  #soften(labels: Tensor): Tensor {
    if (labels.ndim === 2) return isFloatingDType(labels.dtype) ? labels : labels.to('float32');
    return oneHot(labels.to('int64'), { numClasses: this.numClasses! }).to('float32');
  }

  protected check(images: Tensor, labels: Tensor): void {
    const action = `apply ${this.name}`;
    const shape = `[${labels.shape.join(', ')}]`;
    if ((labels.ndim !== 1 && labels.ndim !== 2) || labels.size(0) !== images.size(0))
      throw new ShapeError(
        `Cannot ${action}: expected labels [${images.size(0)}] or [${images.size(0)}, classes], got ${shape}`,
      );
    const { numClasses } = this;
    if (labels.ndim === 2) {
      if (numClasses !== undefined && labels.size(1) !== numClasses)
        throw new ShapeError(`Cannot ${action}: expected labels of ${numClasses} classes, got ${shape}`);
      return;
    }
    if (!isIntegerDType(labels.dtype))
      throw new DTypeError(
        `Cannot ${action}: expected labels [N] of an integer dtype, got ${labels.dtype}; a dataset gives class numbers as bigint`,
      );
    if (numClasses === undefined)
      throw new RangeError(
        `Cannot ${action}: expected numClasses for labels ${shape} that are class numbers, got none`,
      );
    if (labels.numel > 0 && (labels.amin().item() < 0 || labels.amax().item() >= numClasses))
      throw new RangeError(
        `Cannot ${action}: expected labels from 0 to ${numClasses - 1}, got ${labels.amin().item()} to ${labels.amax().item()}`,
      );
  }
}

function column(values: readonly number[], like: Tensor): Tensor {
  return tensor(Float64Array.from(values)).to(like.dtype).to(like.device);
}

/** Blends each picture, and its label, with the one before it in the batch (the first with the last). For `compose` in a loader of batches.
 *  Rule: image * share + other * (1 - share), share drawn from Beta(alpha, alpha). Shape: images [N, C, H, W] of a floating dtype; labels [N] or [N, classes] -> [N, classes].
 *  @throws {ConfigError} for options that are none.
 *  Source: Zhang et al. 2017, arXiv:1710.09412; torchvision.transforms.v2.MixUp.
 *  @example
 *  import { DataLoader, TensorDataset, transforms } from 'sconce/data';
 *  const dataset = new TensorDataset({ image: rand([8, 1, 4, 4]), label: arange(8) });
 *  const transform = transforms.compose([new transforms.MixUp({ alpha: 0.2, numClasses: 8 })]);
 *  const batch = transform(dataset.getBatch(Int32Array.of(0, 1)), { seed: 1, epoch: 0, position: 0, indices: Int32Array.of(0, 1) });
 *  batch.label.shape; // [2, 8] */
export class MixUp extends Mixing {
  readonly name = 'MixUp';

  constructor(options: MixingOptions = {}) {
    super('MixUp', options);
  }

  mix(images: Tensor, labels: Tensor, draws: Draws): Mixed {
    this.check(images, labels);
    if (!isFloatingDType(images.dtype))
      throw new DTypeError(
        `Cannot apply MixUp: expected pictures of a floating dtype, got ${images.dtype}; ToDtype comes before`,
      );
    const shares = this.draw(draws, (source) => source.beta(this.alpha));
    const own = column(shares, images).view([shares.length, 1, 1, 1]);
    const mixed = images.roll(1, { dims: 0 }).mul_(own.neg().add_(1)).add_(images.mul(own));
    return { images: mixed, labels: this.mixLabels(labels, shares) };
  }
}

/** Pastes into each picture a rectangle of the one before it in the batch (into the first, of the last), and mixes labels by its area. For `compose` in a loader of batches.
 *  Rule: the rectangle's edges are sqrt(1 - share) of the picture's, share drawn from Beta(alpha, alpha), its middle drawn uniformly; what lies outside is cut off.
 *  Shape: images [N, C, H, W]; labels [N] or [N, classes] -> [N, classes].
 *  @throws {ConfigError} for options that are none.
 *  Source: Yun et al. 2019, arXiv:1905.04899; torchvision.transforms.v2.CutMix. */
export class CutMix extends Mixing {
  readonly name = 'CutMix';

  constructor(options: MixingOptions = {}) {
    super('CutMix', options);
  }

  mix(images: Tensor, labels: Tensor, draws: Draws): Mixed {
    this.check(images, labels);
    const [height, width] = [images.size(2), images.size(3)];
    const rectangles = this.draw(draws, (source) => cutRectangle(source, this.alpha, height, width));
    const shares = rectangles.map((one) => 1 - (one.width * one.height) / (width * height));
    return { images: this.#paste(images, rectangles), labels: this.mixLabels(labels, shares) };
  }

  #paste(images: Tensor, rectangles: readonly Rectangle[]): Tensor {
    const count = images.size(0);
    if (this.isPerSample)
      return paintEach(images, rectangles, (rectangle, row) =>
        inside(images.select(0, (row + count - 1) % count), rectangle),
      );
    const mixed = images.clone();
    const [rectangle] = rectangles;
    if (rectangle) inside(mixed, rectangle).copy_(inside(images, rectangle).roll(1, { dims: 0 }));
    return mixed;
  }
}

function cutRectangle(draw: SampleDraws, alpha: number, height: number, width: number): Rectangle {
  const half = 0.5 * Math.sqrt(1 - draw.beta(alpha));
  const [x, y] = [draw.integer(0, width), draw.integer(0, height)];
  const [halfWidth, halfHeight] = [Math.floor(half * width), Math.floor(half * height)];
  const [left, top] = [Math.max(0, x - halfWidth), Math.max(0, y - halfHeight)];
  return { top, left, height: Math.min(height, y + halfHeight) - top, width: Math.min(width, x + halfWidth) - left };
}

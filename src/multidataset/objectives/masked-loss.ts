// `MaskedLoss`: a loss of single elements, averaged over those that a mask says are valid.

import { ConfigError, ShapeError } from '../../errors.ts';
import { checkOptions, text } from '../../metrics/options.ts';
import { Module, PoissonNLLLoss } from '../../nn/index.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { describeValue } from '../../trainer/config/problems.ts';

/** What a loss is made of, by name: `rhat`, `robs`, and `dfs` where there is a mask. */
export type LossBatch = Readonly<Record<string, unknown>>;

/** A loss of a prediction and a target that gives a value for each element. */
export interface ElementLoss extends Module {
  readonly reduction: string;
  forward(input: Tensor, target: Tensor): Tensor;
}

/** Names of the entries of a batch. */
export interface MaskedLossOptions {
  /** Default 'rhat'. */
  readonly predKey?: string;
  /** Default 'robs'. */
  readonly targetKey?: string;
  /** Default 'dfs'. A batch without it is valid everywhere. */
  readonly maskKey?: string;
}

/** What a loss of a batch is the quotient of: sums of several batches give that of all. */
export interface LossSums {
  /** The sum over the valid elements, 0-d. */
  readonly sum: Tensor;
  /** How many these are, 0-d. */
  readonly count: Tensor;
}

/** The base of losses over valid elements. */
export abstract class MaskedObjectiveLoss extends Module {
  readonly predKey: string;
  readonly targetKey: string;
  readonly maskKey: string;

  protected constructor(options: MaskedLossOptions) {
    super();
    this.predKey = options.predKey ?? 'rhat';
    this.targetKey = options.targetKey ?? 'robs';
    this.maskKey = options.maskKey ?? 'dfs';
  }

  /** The loss of each element. */
  protected abstract elements(batch: LossBatch): Tensor;

  /** Sum over the valid elements and their number. Shape: rhat and robs [B, N]; dfs [B, N], [B, 1] or [B]. @throws {ShapeError} for a mask that is none of them. */
  sums(batch: LossBatch): LossSums {
    const loss = this.elements(batch);
    if (batch[this.maskKey] === undefined) return { sum: loss.sum(), count: loss.detach().mul(0).add(1).sum() };
    const spread = spreadMask(tensorOf(batch, this.maskKey), loss);
    return { sum: loss.mul(spread).sum(), count: spread.sum() };
  }

  /** The mean over the valid elements, 0-d; NaN where there is none. */
  forward(batch: LossBatch): Tensor {
    if (batch[this.maskKey] === undefined) return this.elements(batch).mean();
    const { sum, count } = this.sums(batch);
    return sum.div(count);
  }

  /** Prediction and target. @throws {TypeError} for a batch without them.  @throws {ShapeError} where one would be spread over the other. */
  protected pair(batch: LossBatch): readonly [prediction: Tensor, target: Tensor] {
    const { predKey, targetKey } = this;
    const [prediction, target] = [tensorOf(batch, predKey), tensorOf(batch, targetKey)];
    if (String(prediction.shape) !== String(target.shape))
      throw new ShapeError(
        `Cannot apply a masked loss: expected ${predKey} and ${targetKey} of one shape, got [${prediction.shape.join(', ')}] and [${target.shape.join(', ')}]`,
      );
    return [prediction, target];
  }
}

/** A tensor of a batch. @throws {TypeError} for a batch without it. */
export function tensorOf(batch: LossBatch, key: string): Tensor {
  const value = batch[key];
  if (value instanceof Tensor) return value;
  const got = value === undefined ? Object.keys(batch).join(', ') || 'none' : describeValue(value);
  throw new TypeError(
    `Cannot apply a masked loss: expected ${value === undefined ? '' : 'a tensor '}"${key}" in the batch, got ${got}`,
  );
}

/** A mask as wide as what it masks, in its dtype. */
export function spreadMask(mask: Tensor, like: Tensor): Tensor {
  const rows = mask.ndim === 1 && like.ndim > 1 ? mask.unsqueeze(1) : mask; // [B, 1]
  const isFit = rows.ndim === like.ndim && rows.shape.every((size, dim) => size === like.shape[dim] || size === 1);
  if (!isFit)
    throw new ShapeError(
      `Cannot apply a mask: expected one of shape [${like.shape.join(', ')}], or with 1 in place of a size, got [${mask.shape.join(', ')}]`,
    );
  return rows.to(like.dtype).expandAs(like);
}

/** Sum of the losses of valid elements over their number: sum(loss * mask) / sum(mask), the mask spread over the units where it has one value a sample.
 *  Shape: rhat and robs [B, N]; dfs [B, N], [B, 1] or [B]; gives a 0-d tensor. Without a mask the mean; NaN where no element is valid.
 *  VisionCore divides by the sum of a mask [B, 1] as it is, which makes the loss N times as large; here it counts for all N units.
 *  @param lossFn - a loss with reduction 'none'.
 *  @throws {ConfigError} for another reduction, or unknown options.  Source: VisionCore, MaskedLoss.
 *  @example
 *  import { nn } from 'sconce';
 *  import { MaskedLoss } from 'sconce/multidataset';
 *  const loss = new MaskedLoss(new nn.PoissonNLLLoss({ logInput: false, reduction: 'none' }));
 *  const rhat = tensor([[1, 2]]);
 *  loss.forward({ rhat, robs: tensor([[0, 9]]), dfs: tensor([[1, 0]]) }).item(); // 1 */
export class MaskedLoss extends MaskedObjectiveLoss {
  readonly loss_fn: ElementLoss;

  constructor(lossFn: ElementLoss, options: MaskedLossOptions = {}) {
    checkOptions('make a MaskedLoss', options, NAMES);
    super(options);
    if (lossFn?.reduction !== 'none')
      throw new ConfigError('make a MaskedLoss', [
        `lossFn: expected a loss with reduction 'none', got ${lossFn?.reduction === undefined ? 'one without a reduction' : `'${lossFn.reduction}'`}`,
      ]);
    this.loss_fn = lossFn;
  }

  protected elements(batch: LossBatch): Tensor {
    return this.loss_fn.forward(...this.pair(batch));
  }
}

const NAMES = { predKey: text, targetKey: text, maskKey: text };

/** `MaskedLoss` of the Poisson likelihood of rates: x - y * log(x + 1e-8).
 *  @throws {ConfigError} for unknown options.  Source: VisionCore, MaskedPoissonNLLLoss. */
export class MaskedPoissonNLLLoss extends MaskedLoss {
  constructor(options: MaskedLossOptions = {}) {
    super(new PoissonNLLLoss({ logInput: false, full: false, reduction: 'none' }), options);
  }
}

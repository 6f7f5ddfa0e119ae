// `CrossEntropyLoss` of multimodal_insight_engine: smoothed labels, and a weight for each sample.

import { ShapeError } from '../../errors.ts';
import { crossEntropy } from '../../nn/functional/index.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { checkLossOptions, type LossRules, type Rule, reductions, share } from './loss-options.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { toFloat, withoutAutocast } from './pairs.ts';

export interface CrossEntropyOptions {
  /** ε, the part of the target that goes to all classes alike; from 0 to below 1. Default 0.1. */
  readonly smoothing?: number | undefined;
  /** Over the samples. Default 'mean', over their number whatever their weights. */
  readonly reduction?: 'mean' | 'sum' | 'none' | undefined;
  /** A factor for each class, [C]; part of the state dict. */
  readonly weight?: Tensor | undefined;
}

export interface SampleWeightOptions {
  /** A factor for each sample, [N]. Default 1. */
  readonly sampleWeight?: Tensor | undefined;
}

const aTensor: Rule = ['a tensor', (value) => value instanceof Tensor];
const RULES: LossRules<CrossEntropyOptions> = { smoothing: share, reduction: reductions, weight: aTensor };

/** Cross entropy with smoothed labels: loss = -Σ_c w_c q_c log softmax(input)_c with q = (1 - ε) one-hot(target) + ε / C, times the sample's weight.
 *
 *  For the losses of `sconce/nn`, `nn.CrossEntropyLoss` with `labelSmoothing` is the same but for the weights: it divides a mean by the classes' weights and
 *  has none for samples.
 *  `forward(input, target, { sampleWeight })` gives the loss; `forward({ logits, labels })`, as a trainer calls it, an object with it and the accuracy.
 *  Shape: input [N, C], target [N] of int64 -> [], or [N] without reduction. Half precision is computed in float32.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {ShapeError}
 *  Source: Szegedy et al. 2016, arXiv:1512.00567; multimodal_insight_engine, which forgets the classes' weights where it smooths.
 *  @example
 *  import { CrossEntropyLoss } from 'sconce/multimodal';
 *  import { tensor } from 'sconce';
 *  const loss = new CrossEntropyLoss({ smoothing: 0.2 });
 *  loss.forward(tensor([[0, 0]]), tensor([1], { dtype: 'int64' })); // tensor(0.6931) */
export class CrossEntropyLoss extends MultimodalLoss {
  readonly smoothing: number;
  readonly reduction: 'mean' | 'sum' | 'none';
  declare weight: Tensor | undefined;

  constructor(options: CrossEntropyOptions = {}) {
    super();
    checkLossOptions(this.constructor.name, options, RULES);
    this.smoothing = options.smoothing ?? 0.1;
    this.reduction = options.reduction ?? 'mean';
    this.registerBuffer('weight', options.weight);
  }

  override forward(inputs: LossInputs): LossOutput;
  forward(input: Tensor, target: Tensor, options?: SampleWeightOptions): Tensor;
  override forward(first: LossInputs | Tensor, target?: Tensor, options?: SampleWeightOptions): LossOutput | Tensor {
    if (first instanceof Tensor) return this.compute(first, target!, options);
    const [logits, labels] = readPredictions(this, first);
    const loss = this.compute(logits, labels);
    return { loss, accuracy: logits.detach().argmax({ dim: 1 }).eq(labels).mean({ dtype: 'float32' }) };
  }

  private compute(input: Tensor, target: Tensor, { sampleWeight }: SampleWeightOptions = {}): Tensor {
    if (input.ndim !== 2 || target.ndim !== 1 || target.size(0) !== input.size(0))
      throw new ShapeError(
        `Cannot compute ${this.constructor.name}: expected input [N, C] and target [N], got [${input.shape.join(', ')}] and [${target.shape.join(', ')}]`,
      );
    return withoutAutocast(input.device, () => {
      const { weight, smoothing: labelSmoothing } = this;
      const own = { labelSmoothing, reduction: 'none' as const, ...(weight ? { weight } : {}) };
      const losses = crossEntropy(toFloat(input), target, own); // [N]
      return reduced(weighSamples(this.constructor.name, losses, sampleWeight), this.reduction);
    });
  }
}

/** The predictions and targets of a model that classifies.
 *  @throws {TypeError} for what is missing, and for a loss that gives one number a sample.  @internal */
export function readPredictions(
  loss: MultimodalLoss & { readonly reduction: string },
  { logits, labels }: LossInputs,
): readonly [logits: Tensor, labels: Tensor] {
  const action = `Cannot compute ${loss.constructor.name}`;
  if (!(logits instanceof Tensor) || !(labels instanceof Tensor)) {
    const given = Object.entries({ logits, labels }).filter(([, value]) => value instanceof Tensor);
    throw new TypeError(
      `${action}: expected tensors logits and labels, got ${given.map(([name]) => name).join() || 'neither'}`,
    );
  }
  if (loss.reduction === 'none')
    throw new TypeError(`${action}: expected reduction "mean" or "sum" to train with, got "none"`);
  return [logits, labels];
}

/** Losses times the weights of their samples. Shape: [N, ...], unchanged. */
export function weighSamples(loss: string, losses: Tensor, sampleWeight: Tensor | undefined): Tensor {
  if (sampleWeight === undefined) return losses;
  if (sampleWeight.ndim !== 1 || sampleWeight.size(0) !== losses.size(0))
    throw new ShapeError(
      `Cannot compute ${loss}: expected sampleWeight [${losses.size(0)}], got [${sampleWeight.shape.join(', ')}]`,
    );
  return losses.mul(sampleWeight.reshape([losses.size(0), ...Array.from({ length: losses.ndim - 1 }, () => 1)]));
}

export function reduced(losses: Tensor, reduction: 'mean' | 'sum' | 'none'): Tensor {
  if (reduction === 'none') return losses;
  return reduction === 'mean' ? losses.mean() : losses.sum();
}

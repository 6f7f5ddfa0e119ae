// `MeanSquaredError` of multimodal_insight_engine: a weight for each sample, and a bound for each gradient.

import { ShapeError } from '../../errors.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { readPredictions, reduced, type SampleWeightOptions, weighSamples } from './cross-entropy-loss.ts';
import { above, checkLossOptions, type LossRules, reductions } from './loss-options.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { toFloat, withoutAutocast } from './pairs.ts';

export interface MeanSquaredErrorLossOptions {
  /** Over all elements. Default 'mean'. */
  readonly reduction?: 'mean' | 'sum' | 'none' | undefined;
  /** What the gradient of an element is at most, up or down. Default no bound. */
  readonly clipGrad?: number | undefined;
}

const RULES: LossRules<MeanSquaredErrorLossOptions> = { reduction: reductions, clipGrad: above(0) };

/** Mean of w (input - target)², where w is the sample's weight. With `clipGrad` c, the value is the same, and the gradient of each element of the input is
 *  clamp(2 w (input - target) / n, -c, c), n being the number of elements for a mean and 1 else; so outliers pull no harder than c.
 *  `forward(input, target, { sampleWeight })` gives the loss; `forward({ logits, labels })`, as a trainer calls it, an object with it.
 *  Shape: input and target of one shape [N, ...] -> [], or that shape without reduction. Half precision is computed in float32.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {ShapeError}
 *  Source: multimodal_insight_engine, whose `clip_grad` bounds the loss and so leaves no gradient above it.
 *  @example
 *  import { MeanSquaredError } from 'sconce/multimodal';
 *  import { tensor } from 'sconce';
 *  const input = tensor([[1], [10]], { requiresGrad: true });
 *  new MeanSquaredError({ clipGrad: 2 }).forward(input, tensor([[0], [0]])).backward();
 *  input.grad; // tensor([[1.], [2.]]) */
export class MeanSquaredError extends MultimodalLoss {
  readonly reduction: 'mean' | 'sum' | 'none';
  readonly clipGrad: number | undefined;

  constructor(options: MeanSquaredErrorLossOptions = {}) {
    super();
    checkLossOptions(this.constructor.name, options, RULES);
    this.reduction = options.reduction ?? 'mean';
    this.clipGrad = options.clipGrad;
  }

  override forward(inputs: LossInputs): LossOutput;
  forward(input: Tensor, target: Tensor, options?: SampleWeightOptions): Tensor;
  override forward(first: LossInputs | Tensor, target?: Tensor, options?: SampleWeightOptions): LossOutput | Tensor {
    if (first instanceof Tensor) return this.compute(first, target!, options);
    return { loss: this.compute(...readPredictions(this, first)) };
  }

  private compute(input: Tensor, target: Tensor, { sampleWeight }: SampleWeightOptions = {}): Tensor {
    if (String(input.shape) !== String(target.shape) || input.ndim === 0)
      throw new ShapeError(
        `Cannot compute ${this.constructor.name}: expected input and target of one shape [N, ...], got [${input.shape.join(', ')}] and [${target.shape.join(', ')}]`,
      );
    return withoutAutocast(input.device, () => {
      const difference = toFloat(input).sub(toFloat(target));
      const squares = (of: Tensor): Tensor => weighSamples(this.constructor.name, of.square(), sampleWeight);
      if (this.clipGrad === undefined) return reduced(squares(difference), this.reduction);
      return this.clipped(difference, squares, sampleWeight);
    });
  }

  /** The value of the mean, and a slope that is bounded: both come from one line with that slope through each element. */
  private clipped(difference: Tensor, squares: (of: Tensor) => Tensor, sampleWeight: Tensor | undefined): Tensor {
    const scale = this.reduction === 'mean' ? 1 / difference.numel : 1;
    const limit = this.clipGrad!;
    const [slope, offset] = noGrad(() => {
      const full = weighSamples(this.constructor.name, difference, sampleWeight).mul(2 * scale);
      const bounded = full.clamp({ min: -limit, max: limit });
      return [bounded, squares(difference).mul(scale).sub(bounded.mul(difference))] as const;
    });
    const lines = difference.mul(slope).add(offset);
    return this.reduction === 'none' ? lines : lines.sum();
  }
}

// `DecorrelationLoss`: features of a side do without each other, against collapse.

import { normalize } from '../../nn/functional/index.ts';
import { noGrad } from '../../tensor/autograd.ts';
import { full } from '../../tensor/create.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { atLeast, checkLossOptions, choice, flag, type LossRules } from './loss-options.ts';
import { centered, covariance, offDiagonalSquares, requireRows } from './moments.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { toFloat, withoutAutocast } from './pairs.ts';
import { readSides, type Side } from './sides.ts';

export interface DecorrelationOptions {
  /** Weight of the whole. Default 1. */
  readonly coef?: number | undefined;
  /** Give rows length 1 first. Default true. */
  readonly normalizeEmbeddings?: boolean | undefined;
  /** Measure how the features vary, and warn once an epoch where more than half of a side's hardly do. Default true. */
  readonly trackFeatureStats?: boolean | undefined;
  /** Over the pairs of different features. Default 'mean'. */
  readonly reduction?: 'mean' | 'sum' | undefined;
}

const RULES: LossRules<DecorrelationOptions> = {
  coef: atLeast(0),
  normalizeEmbeddings: flag,
  trackFeatureStats: flag,
  reduction: choice('mean', 'sum'),
};

/** Below this a feature hardly varies. */
const LOW_VARIANCE = 1e-4;

/** Covariances of a side's features with each other, which are large where many features say the same. For Z of [B, D] less its mean over the batch:
 *
 *  loss = coef · mean over the sides given of Σ_{i≠j} Cov(Z)²_ij / (D (D - 1)), by B - 1; with reduction 'sum' without the divisor.
 *
 *  Takes visionFeatures, textFeatures or both, [B, D] each, B and D at least 2; half precision is computed in float32. Gives decorrelation_loss,
 *  vision_decorrelation_loss, text_decorrelation_loss, and feature_stats: of each side's variances min, max and mean, and how many features, and what part
 *  of them, vary by less than 1e-4 (`vision_low_var_dims`, `vision_low_var_pct`). Where the part of the last batch of an epoch in training is above a half, `updateEpoch` warns; that waits for the
 *  device once an epoch.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {ShapeError} for a batch of one row, over which there is no variance.
 *  Source: multimodal_insight_engine; the term is the third of VICReg, Bardes et al. 2022, arXiv:2105.04906.
 *  @example
 *  import { DecorrelationLoss } from 'sconce/multimodal';
 *  import { tensor } from 'sconce';
 *  const loss = new DecorrelationLoss({ normalizeEmbeddings: false });
 *  loss.forward({ visionFeatures: tensor([[1, 2], [-1, -2]]) }).loss; // tensor(16.) */
export class DecorrelationLoss extends MultimodalLoss {
  readonly coef: number;
  readonly normalizeEmbeddings: boolean;
  readonly trackFeatureStats: boolean;
  readonly reduction: 'mean' | 'sum';
  /** Part of the features that hardly varied in the last batch in training, of each side; [2]. */
  declare low_variance: Tensor;

  override get takesRawFeatures(): boolean {
    return true;
  }

  constructor(options: DecorrelationOptions = {}) {
    super();
    checkLossOptions(this.constructor.name, options, RULES);
    this.coef = options.coef ?? 1;
    this.normalizeEmbeddings = options.normalizeEmbeddings ?? true;
    this.trackFeatureStats = options.trackFeatureStats ?? true;
    this.reduction = options.reduction ?? 'mean';
    this.registerBuffer('low_variance', full([2], 0));
  }

  override forward(inputs: LossInputs): LossOutput {
    const sides = readSides(this.constructor.name, inputs);
    const { device } = sides[0]!.features;
    return withoutAutocast(device, () => {
      const stats: Record<string, Tensor> = {};
      const losses = sides.map((side) => this.measure(side, stats));
      const loss = losses
        .reduce((sum, each) => sum.add(each))
        .div(losses.length)
        .mul(this.coef);
      const named = sides.map(({ name }, i) => [`${name}_decorrelation_loss`, losses[i]!.detach()] as const);
      const tracked = this.trackFeatureStats ? { feature_stats: stats } : {};
      return { loss, decorrelation_loss: loss.detach(), ...Object.fromEntries(named), ...tracked };
    });
  }

  /** [B, D] -> []. */
  private measure({ name, features }: Side, stats: Record<string, Tensor>): Tensor {
    const given = this.gather(toFloat(features));
    requireRows(this.constructor.name, given);
    const rows = this.normalizeEmbeddings ? normalize(given, { dim: 1 }) : given;
    if (this.trackFeatureStats) noGrad(() => this.track(name, rows, stats));
    const total = offDiagonalSquares(covariance(centered(rows))).sum();
    const size = rows.size(1);
    return this.reduction === 'sum' || size === 1 ? total : total.div(size * (size - 1));
  }

  private track(name: Side['name'], rows: Tensor, stats: Record<string, Tensor>): void {
    const variance = rows.var({ dim: 0, unbiased: true }); // [D]
    const low = variance.lt(LOW_VARIANCE).sum();
    const part = low.div(variance.numel);
    const found = { min_var: variance.min(), max_var: variance.max(), mean_var: variance.mean() };
    for (const [key, value] of Object.entries({ ...found, low_var_dims: low, low_var_pct: part }))
      stats[`${name}_${key}`] = value;
    if (this.training) this.low_variance.select(0, name === 'vision' ? 0 : 1).copy_(part);
  }

  /** Warns of what collapsed. Waits for the device once. */
  override updateEpoch(epoch: number): void {
    if (epoch === 0 || !this.trackFeatureStats) return;
    const parts = this.low_variance.toArray() as number[];
    for (const [i, name] of (['vision', 'text'] as const).entries()) {
      const percent = Math.round(100 * parts[i]!);
      if (parts[i]! > 0.5)
        process.emitWarning(
          `The ${name} features collapse: ${percent} % of them varied by less than ${LOW_VARIANCE} over the last batch before epoch ${epoch}`,
          'SconceWarning',
        );
    }
  }
}

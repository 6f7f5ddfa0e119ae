// `VICRegLoss`: pairs come together, features keep their spread and do without each other, with a warm-up of the latter two.

import type { Tensor } from '../../tensor/tensor.ts';
import { atEpoch, atStep, numbersFrom, START } from './curriculum.ts';
import { above, atLeast, checkLossOptions, count, flag, type LossRules } from './loss-options.ts';
import { centered, covariance, offDiagonalSquares, requireRows } from './moments.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { readFeatures, toFloat, withoutAutocast } from './pairs.ts';

export interface VICRegOptions {
  /** Weight of the distance of pairs. Default 10. */
  readonly simCoeff?: number | undefined;
  /** Weight of the spread. Default 5. */
  readonly varCoeff?: number | undefined;
  /** Weight of the covariances. Default 1. */
  readonly covCoeff?: number | undefined;
  /** Added to variances before the root. Default 1e-3. */
  readonly epsilon?: number | undefined;
  /** Epochs after which spread and covariances have their full weights. Default 5. */
  readonly warmupEpochs?: number | undefined;
  /** False gives them their full weights from the beginning. Default true. */
  readonly curriculum?: boolean | undefined;
  /** Epochs of the whole run, by which steps become epochs. Default 30. */
  readonly numEpochs?: number | undefined;
}

export const VICREG_RULES: LossRules<VICRegOptions> = {
  simCoeff: atLeast(0),
  varCoeff: atLeast(0),
  covCoeff: atLeast(0),
  epsilon: above(0),
  warmupEpochs: count(),
  curriculum: flag,
  numEpochs: count(),
};

/** Variance, invariance and covariance of two sides' features. With Z and Z' of [B, D], each less its mean over the batch:
 *
 *  loss = sim · mean((Z - Z')²) + f · var · Σ_Z mean_d max(0, 1 - √(Var z_d + ε)) + f · cov · Σ_Z Σ_{i≠j} Cov(Z)²_ij / D
 *
 *  Variances and covariances are by B - 1. f is the warm-up: 0.01 in the first epoch, 0.3 in the second, then max(0.3, p^0.33), where p is the part of
 *  `warmupEpochs` that is done, by steps where they are known, by epochs else; and 1 from `warmupEpochs` on. It needs `updateEpoch` and, to move within an
 *  epoch, `updateStep`; a trainer calls both, and where it stands is part of the state dict.
 *
 *  Takes visionFeatures and textFeatures, [B, D] each, B at least 2; half precision is computed in float32. Gives invariance_loss, variance_loss,
 *  covariance_loss, sim_weight, var_weight, cov_weight (as applied) and warmup_factor.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {ShapeError} for a batch of one row, over which there is no variance.
 *  Source: Bardes et al. 2022, arXiv:2105.04906; warm-up of multimodal_insight_engine, whose factor stops at 0.5.
 *  @example
 *  import { VICRegLoss } from 'sconce/multimodal';
 *  import { tensor } from 'sconce';
 *  const loss = new VICRegLoss({ curriculum: false });
 *  const visionFeatures = tensor([[2, 0], [-2, 0]]);
 *  const textFeatures = tensor([[1, 0], [-1, 0]]);
 *  loss.forward({ visionFeatures, textFeatures }).invariance_loss; // tensor(0.5000) */
export class VICRegLoss extends MultimodalLoss {
  readonly simCoeff: number;
  readonly varCoeff: number;
  readonly covCoeff: number;
  readonly epsilon: number;
  readonly warmupEpochs: number;
  readonly curriculum: boolean;
  readonly numEpochs: number;
  private position = START;

  constructor(options: VICRegOptions = {}) {
    super();
    checkLossOptions(this.constructor.name, options, VICREG_RULES);
    this.simCoeff = options.simCoeff ?? 10;
    this.varCoeff = options.varCoeff ?? 5;
    this.covCoeff = options.covCoeff ?? 1;
    this.epsilon = options.epsilon ?? 1e-3;
    this.warmupEpochs = options.warmupEpochs ?? 5;
    this.curriculum = options.curriculum ?? true;
    this.numEpochs = options.numEpochs ?? 30;
  }

  override updateEpoch(epoch: number): void {
    this.position = atEpoch(this.constructor.name, this.position, epoch);
  }

  override updateStep(step: number, totalSteps?: number): void {
    this.position = atStep(this.constructor.name, this.position, step, totalSteps);
  }

  override get takesRawFeatures(): boolean {
    return true;
  }

  /** What the weights of spread and covariances are multiplied with now, from 0.01 to 1. */
  getWarmupFactor(): number {
    const { epoch, step, totalSteps } = this.position;
    if (!this.curriculum || epoch >= this.warmupEpochs) return 1;
    if (epoch === 0) return 0.01;
    if (epoch === 1) return 0.3;
    const epochsDone = totalSteps > 0 && step > 0 ? (step * this.numEpochs) / totalSteps : epoch;
    return Math.min(1, Math.max(0.3, (epochsDone / this.warmupEpochs) ** 0.33));
  }

  override forward(inputs: LossInputs): LossOutput {
    const { vision, text } = readFeatures(this.constructor.name, inputs);
    return withoutAutocast(vision.device, () => {
      const sides = [vision, text].map((side) => this.gather(toFloat(side))); // [B, D]
      requireRows(this.constructor.name, ...sides);
      return this.compare(...(sides.map(centered) as [Tensor, Tensor]));
    });
  }

  private compare(one: Tensor, other: Tensor): LossOutput {
    const factor = this.getWarmupFactor();
    const invariance = one.sub(other).square().mean();
    const variance = this.lackOfSpread(one).add(this.lackOfSpread(other));
    const redundancy = redundancyOf(one).add(redundancyOf(other));
    const { simCoeff } = this;
    const [varWeight, covWeight] = [this.varCoeff * factor, this.covCoeff * factor];
    return {
      loss: invariance.mul(simCoeff).add(variance.mul(varWeight)).add(redundancy.mul(covWeight)),
      invariance_loss: invariance.detach(),
      variance_loss: variance.detach(),
      covariance_loss: redundancy.detach(),
      sim_weight: simCoeff,
      var_weight: varWeight,
      cov_weight: covWeight,
      warmup_factor: factor,
    };
  }

  /** [B, D] -> []. */
  private lackOfSpread(features: Tensor): Tensor {
    const deviation = features.var({ dim: 0, unbiased: true }).add(this.epsilon).sqrt(); // [D]
    return deviation.neg().add(1).relu().mean();
  }

  override getExtraState(): Record<string, number> {
    return { ...this.position };
  }

  override setExtraState(state: unknown): void {
    this.position = numbersFrom(this.constructor.name, START, state);
  }
}

/** [B, D] -> []. */
const redundancyOf = (features: Tensor): Tensor => offDiagonalSquares(covariance(features)).sum().div(features.size(1));

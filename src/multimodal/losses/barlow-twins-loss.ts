// `BarlowTwinsLoss`: each feature of one side goes with the same feature of the other, and with no other feature.

import { normalize } from '../../nn/functional/index.ts';
import { BatchNorm1d, Linear, ReLU, Sequential } from '../../nn/layers/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { above, atLeast, checkLossOptions, choice, count, flag, type LossRules } from './loss-options.ts';
import { centered, offDiagonalSquares, requireRows } from './moments.ts';
import { type LossInputs, type LossOutput, MultimodalLoss } from './multimodal-loss.ts';
import { readFeatures, toFloat, withoutAutocast } from './pairs.ts';

export interface BarlowTwinsOptions {
  /** Weight of what is off the diagonal, λ. Default 0.005. */
  readonly lambdaCoeff?: number | undefined;
  /** 'cross_modal': vision against text. 'within_batch': each side against itself, the mean of both matrices. Default 'cross_modal'. */
  readonly correlationMode?: 'cross_modal' | 'within_batch' | undefined;
  /** 'mean' over the diagonal and over all of the matrix, or 'sum', as in the paper. Default 'mean'. */
  readonly reduction?: 'mean' | 'sum' | undefined;
  /** Give rows length 1 before they are standardised. Default false, as in the paper. */
  readonly normalizeEmbeddings?: boolean | undefined;
  /** Added to variances before the root. Default 1e-5, as in batch normalisation. */
  readonly epsilon?: number | undefined;
  /** Send each side through a network of its own first: linear, batch norm, ReLU, the same again, linear. Default false. */
  readonly useProjection?: boolean | undefined;
  /** Size of the features, D; needed for the projection. */
  readonly inputDim?: number | undefined;
  /** Size of what the projection gives. Default 8192. */
  readonly projectionDim?: number | undefined;
  /** Whether the projection ends with a batch norm that learns nothing. Default true. */
  readonly batchNormLastLayer?: boolean | undefined;
}

const RULES: LossRules<BarlowTwinsOptions> = {
  lambdaCoeff: atLeast(0),
  correlationMode: choice('cross_modal', 'within_batch'),
  reduction: choice('mean', 'sum'),
  normalizeEmbeddings: flag,
  epsilon: above(0),
  useProjection: flag,
  inputDim: count(),
  projectionDim: count(),
  batchNormLastLayer: flag,
};

const OF_PROJECTION = ['inputDim', 'projectionDim', 'batchNormLastLayer'] as const;

function problemsOf(given: BarlowTwinsOptions): string[] {
  if (given.useProjection === true)
    return given.inputDim === undefined
      ? ['inputDim: expected the size of the features with useProjection, got none']
      : [];
  return OF_PROJECTION.filter((name) => given[name] !== undefined).map(
    (name) => `${name}: expected useProjection: true beside it, got ${given[name]} alone`,
  );
}

function makeProjection(inputDim: number, projectionDim: number, endsNormed: boolean): Sequential {
  const block = (): [Linear, BatchNorm1d, ReLU] => [
    new Linear(inputDim, inputDim),
    new BatchNorm1d(inputDim),
    new ReLU(),
  ];
  const last = endsNormed ? [new BatchNorm1d(projectionDim, { affine: false })] : [];
  return new Sequential(...block(), ...block(), new Linear(inputDim, projectionDim), ...last);
}

/** Barlow Twins: the correlations of two sides' features become the identity. With Z and Z' of [B, D], each feature less its mean and by its deviation
 *  over the batch, √(variance by B + ε), and C = ZᵀZ' / B:
 *
 *  loss = mean_i (C_ii - 1)² + λ · mean_ij [i≠j] C²_ij, where the second mean counts the diagonal as zeros; with reduction 'sum', Σ_i and Σ_ij.
 *
 *  Within a batch, C is the mean of both sides' own correlations, whose diagonal is 1, so that the second term alone matters.
 *  Takes visionFeatures and textFeatures, [B, D] each, B at least 2; half precision is computed in float32. Gives diagonal_loss and off_diagonal_loss.
 *  @throws {ConfigError} that lists every option that does not fit.  @throws {ShapeError} for a batch of one row, over which there is no variance.
 *  Source: Zbontar et al. 2021, arXiv:2103.03230; multimodal_insight_engine, which leaves the deviations out.
 *  @example
 *  import { BarlowTwinsLoss } from 'sconce/multimodal';
 *  import { tensor } from 'sconce';
 *  const features = tensor([[1, 1], [1, -1], [-1, 1], [-1, -1]]);
 *  const output = new BarlowTwinsLoss().forward({ visionFeatures: features, textFeatures: features.neg() });
 *  output.diagonal_loss; // tensor(4.0000) */
export class BarlowTwinsLoss extends MultimodalLoss {
  readonly lambdaCoeff: number;
  readonly correlationMode: 'cross_modal' | 'within_batch';
  readonly reduction: 'mean' | 'sum';
  readonly normalizeEmbeddings: boolean;
  readonly epsilon: number;
  readonly vision_projection: Sequential | undefined;
  readonly text_projection: Sequential | undefined;

  override get takesRawFeatures(): boolean {
    return true;
  }

  constructor(options: BarlowTwinsOptions = {}) {
    super();
    checkLossOptions(this.constructor.name, options, RULES, problemsOf);
    this.lambdaCoeff = options.lambdaCoeff ?? 0.005;
    this.correlationMode = options.correlationMode ?? 'cross_modal';
    this.reduction = options.reduction ?? 'mean';
    this.normalizeEmbeddings = options.normalizeEmbeddings ?? false;
    this.epsilon = options.epsilon ?? 1e-5;
    const { inputDim, projectionDim = 8192, batchNormLastLayer = true } = options;
    const make = (): Sequential | undefined =>
      inputDim === undefined ? undefined : makeProjection(inputDim, projectionDim, batchNormLastLayer);
    this.vision_projection = make();
    this.text_projection = make();
  }

  override forward(inputs: LossInputs): LossOutput {
    const { vision, text } = readFeatures(this.constructor.name, inputs);
    // The projection's batch norm needs rows of this rank, the correlation those of all.
    if (this.vision_projection) requireRows(this.constructor.name, vision);
    const projected = [this.vision_projection?.forward(vision) ?? vision, this.text_projection?.forward(text) ?? text];
    return withoutAutocast(vision.device, () => {
      const [one, other] = projected.map((side) => this.standardized(this.gather(toFloat(side)))) as [Tensor, Tensor];
      return this.reduce(this.correlation(one, other));
    });
  }

  /** [B, D], unchanged. */
  private standardized(features: Tensor): Tensor {
    requireRows(this.constructor.name, features);
    const rows = this.normalizeEmbeddings ? normalize(features, { dim: 1 }) : features;
    const variance = rows.var({ dim: 0, unbiased: false, keepdim: true });
    return centered(rows).div(variance.add(this.epsilon).sqrt());
  }

  /** [B, D] twice -> [D, D]. */
  private correlation(one: Tensor, other: Tensor): Tensor {
    if (this.correlationMode === 'cross_modal') return one.t().matmul(other).div(one.size(0));
    const [ofOne, ofOther] = [one.t().matmul(one), other.t().matmul(other)];
    return ofOne.add(ofOther).div(2 * one.size(0));
  }

  private reduce(correlation: Tensor): LossOutput {
    const errors = correlation.diagonal().sub(1).square(); // [D]
    const others = offDiagonalSquares(correlation); // [D, D]
    const isMean = this.reduction === 'mean';
    const diagonal = isMean ? errors.mean() : errors.sum();
    const offDiagonal = isMean ? others.mean() : others.sum();
    return {
      loss: diagonal.add(offDiagonal.mul(this.lambdaCoeff)),
      diagonal_loss: diagonal.detach(),
      off_diagonal_loss: offDiagonal.detach(),
    };
  }
}

// More weight for the negatives that are most like the row.

import { noGrad } from '../../tensor/autograd.ts';
import { nanquantile, where, zerosLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Weights } from './contrast.ts';
import { above, flag, type LossRules, percentile } from './loss-options.ts';

export interface HardNegativeOptions {
  /** Whether negatives above the percentile count more. Default false. */
  readonly useHardNegatives?: boolean | undefined;
  /** How often a hard negative counts. Default 2. */
  readonly hardNegativeWeight?: number | undefined;
  /** Which are hard: those more similar than this percentage of the batch's negatives. Default 50. */
  readonly hardNegativePercentile?: number | undefined;
}

export const HARD_NEGATIVE_RULES: LossRules<HardNegativeOptions> = {
  useHardNegatives: flag,
  hardNegativeWeight: above(0),
  hardNegativePercentile: percentile,
};

export function hardNegativeProblems(given: HardNegativeOptions): string[] {
  if (given.useHardNegatives) return [];
  return (['hardNegativeWeight', 'hardNegativePercentile'] as const)
    .filter((name) => given[name] !== undefined)
    .map((name) => `${name}: expected useHardNegatives: true beside it, got ${given[name]} alone`);
}

/** What hard negatives count, settled. */
export interface HardNegatives {
  /** log of the weight. */
  readonly logWeight: number;
  readonly quantile: number;
}

/** @returns undefined where all negatives count alike. */
export function hardNegativesOf(options: HardNegativeOptions): HardNegatives | undefined {
  const { useHardNegatives, hardNegativeWeight = 2, hardNegativePercentile = 50 } = options;
  if (!useHardNegatives) return undefined;
  return { logWeight: Math.log(hardNegativeWeight), quantile: hardNegativePercentile / 100 };
}

/** Logarithms of weights: that of `hard` where a negative is above the quantile of all negatives, 0 elsewhere. No gradient flows through the choice.
 *  Shape: [R, N], as `similarity` and the masks. */
export function hardNegativeWeights(similarity: Tensor, isNegative: Tensor, hard: HardNegatives): Tensor {
  return noGrad(() => {
    const threshold = nanquantile(where(isNegative, similarity, Number.NaN), hard.quantile); // []; NaN without negatives
    return zerosLike(similarity).maskedFill(similarity.gt(threshold).logicalAnd(isNegative), hard.logWeight);
  });
}

/** The same for both directions of a symmetric table of pairs. */
export function weightsBothWays(
  similarity: Tensor,
  isPositive: Tensor,
  hard: HardNegatives | undefined,
): Weights | undefined {
  if (!hard) return undefined;
  const v2t = hardNegativeWeights(similarity, isPositive.logicalNot(), hard);
  return { v2t, t2v: v2t.t() };
}

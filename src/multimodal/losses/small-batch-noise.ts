// Noise on the similarities of batches that are too small to be told apart by much.

import { randnLike } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { flag, type LossRules } from './loss-options.ts';

export interface SmallBatchNoiseOptions {
  /** Whether similarities over the temperature get noise in training if the batch has fewer than 16 rows. Default true, as in multimodal_insight_engine. */
  readonly smallBatchNoise?: boolean | undefined;
}

export const NOISE_RULES: LossRules<SmallBatchNoiseOptions> = { smallBatchNoise: flag };

/** Rule: normal noise of deviation max(0.005, 0.02 (16 - B) / 16) where B < 16.  Shape: [B, B]. */
export function withSmallBatchNoise(similarity: Tensor): Tensor {
  const rows = similarity.size(0);
  if (rows >= 16) return similarity;
  return similarity.add(randnLike(similarity).mul(Math.max(0.005, (0.02 * (16 - rows)) / 16)));
}

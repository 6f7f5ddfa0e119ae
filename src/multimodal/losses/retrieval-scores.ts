// The accuracies and recalls within a batch that every loss of similarities gives.

import { noGrad } from '../../tensor/autograd.ts';
import { cat, stack } from '../../tensor/ops.generated.ts';
import { scope } from '../../tensor/scope.ts';
import type { Tensor } from '../../tensor/tensor.ts';

const RANKS = [1, 5, 10];

/** Names as multimodal_insight_engine has them; tensors of shape []. */
export interface RetrievalScores {
  readonly v2t_accuracy: Tensor;
  readonly t2v_accuracy: Tensor;
  /** The mean of both. */
  readonly accuracy: Tensor;
  /** `v2t_recall@k`, `t2i_recall@k` and `avg_recall@k` for k of 1, 5 and 10 up to the size of the batch. */
  readonly recalls: Readonly<Record<string, Tensor>>;
}

/** How often a row's best partner is among the k most similar of the other side. Others that are exactly as similar count half, so that a collapsed
 *  model, for which all are alike, finds as little as chance, and so does one that gives nothing but NaN. The recall at 1 is the accuracy.
 *  @param similarity - [B, B], rows of vision, columns of text.  @param positives - which belong together, [B, B] bool. */
export function retrievalScores(similarity: Tensor, positives: Tensor): RetrievalScores {
  return scope(() => noGrad(() => scores(similarity, positives)), 'retrieval scores');
}

function scores(similarity: Tensor, positives: Tensor): RetrievalScores {
  const rows = similarity.size(0);
  const own = similarity.maskedFill(positives.logicalNot(), Number.NEGATIVE_INFINITY); // [B, B]
  const others = similarity.maskedFill(positives, Number.NEGATIVE_INFINITY);
  // Twice the place, from 0, is 2 * rows - below: what is as similar counts once, what is less twice. Of NaN nothing is below.
  const belowBest = (dim: number): Tensor => {
    const best = own.amax({ dim: [dim], keepdim: true });
    const count = (mask: Tensor): Tensor => mask.sum({ dim: [dim], dtype: 'int32' });
    return count(others.le(best)).add(count(others.lt(best))); // [B]
  };
  const below = stack([belowBest(1), belowBest(0)]); // [2, B]
  const ranks = RANKS.filter((k) => k <= rows);
  const found = stack(ranks.map((k) => below.gt(2 * (rows - k)).mean({ dim: [1], dtype: 'float32' }))); // [K, 2]
  const values = cat([found, found.mean({ dim: [1], keepdim: true })], { dim: 1 })
    .flatten()
    .unbind(); // 3 a rank
  const [v2t, t2v, average] = values as [Tensor, Tensor, Tensor];
  const recalls: Record<string, Tensor> = {};
  for (const [i, k] of ranks.entries())
    for (const [j, side] of ['v2t', 't2i', 'avg'].entries()) recalls[`${side}_recall@${k}`] = values[3 * i + j]!;
  return { v2t_accuracy: v2t, t2v_accuracy: t2v, accuracy: average, recalls };
}

// Cross entropies of similarities: what a row should find, and what it is told from.

import { crossEntropy, type Reduction } from '../../nn/functional/loss.ts';
import { arange, rand } from '../../tensor/create.ts';
import { logaddexp, where } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Pairs } from './pairs.ts';

/** How a row that has several partners is told what to find. */
export type PositivesRule = 'all' | 'random';

export interface PositivesOptions {
  /** Of several partners of a row: 'all' share its target equally, which is the mean of what 'random' gives, without its noise; 'random' draws one for
   *  each row and direction, as multimodal_insight_engine does. Default 'all'. */
  readonly positives?: PositivesRule | undefined;
}

/** What each row is to find: classes [B] of int64 where there is one, else probabilities [B, B]. Rows and columns may change places. */
export function targetsOf({ rows, positives, codes, vision }: Pairs, rule: PositivesRule): Tensor {
  if (codes === undefined) return arange(rows, { dtype: 'int64', device: positives.device });
  if (rule === 'random') {
    const draws = rand([rows, rows], { device: positives.device });
    return draws.maskedFill(positives.logicalNot(), -1).argmax({ dim: 1 });
  }
  const shares = positives.to(vision.dtype);
  return shares.div(shares.sum({ dim: [1], keepdim: true }));
}

/** The mean of the cross entropies of rows and of columns: (CE(S, t) + CE(S', t')) / 2.
 *  @param similarity - [B, B], over the temperature.  @param options.weights - logarithms of factors on e^S: see `hardNegativeWeights`. */
export function crossEntropyBothWays(
  similarity: Tensor,
  pairs: Pairs,
  options: {
    readonly positives: PositivesRule;
    readonly reduction: Reduction;
    readonly labelSmoothing?: number;
    readonly weights?: Weights | undefined;
  },
): { readonly loss: Tensor; readonly v2t: Tensor; readonly t2v: Tensor } {
  const { reduction, labelSmoothing = 0, weights } = options;
  const drawn = targetsOf(pairs, options.positives);
  const way = (table: Tensor, target: Tensor, logFactors: Tensor | undefined): Tensor =>
    crossEntropy(logFactors ? table.add(logFactors) : table, target, { reduction, labelSmoothing });
  const v2t = way(similarity, drawn, weights?.v2t);
  // Each direction draws for itself; what is not drawn is the same for both, as the table of partners is symmetric.
  const back = options.positives === 'random' ? targetsOf(pairs, 'random') : drawn;
  const t2v = way(similarity.t(), back, weights?.t2v);
  return { loss: v2t.add(t2v).div(2), v2t, t2v };
}

/** Logarithms of factors on e^S in both directions, [B, B] each; 0 changes nothing. */
export interface Weights {
  readonly v2t: Tensor;
  readonly t2v: Tensor;
}

/** InfoNCE of every pair against the negatives of its row: log(e^s + sum of e^negatives) - s, and 0 where there is no pair.
 *  Rows without negatives lose nothing.
 *  @param isNegative - [R, N] bool.  @param logFactors - of negatives.  Shape: [R, N]. */
export function infoNceTable(
  similarity: Tensor,
  isPositive: Tensor,
  isNegative: Tensor,
  logFactors?: Tensor | undefined,
): Tensor {
  const weighted = logFactors ? similarity.add(logFactors) : similarity;
  const negatives = weighted.maskedFill(isNegative.logicalNot(), Number.NEGATIVE_INFINITY);
  const sum = negatives.logsumexp([1], { keepdim: true }); // [R, 1]
  return where(isPositive, logaddexp(similarity, sum).sub(similarity), 0);
}

/** Losses of pairs become one. 'mean' divides by the number of pairs, 'none' leaves the table, 0 where there is no pair. */
export function reducePairs(table: Tensor, isPositive: Tensor, reduction: Reduction): Tensor {
  if (reduction === 'none') return table;
  const sum = table.sum();
  return reduction === 'sum' ? sum : sum.div(isPositive.sum().clampMin(1));
}

/** The cross entropy of rows that have further columns, from which they are only to be told: log(sum of e^logits that count) - sum of t * S.
 *  @param similarity - [B, B], where the targets are.  @param logits - [B, N], the same and further ones.  @param isCounted - [B, N] bool. */
export function crossEntropyAmong(similarity: Tensor, logits: Tensor, isCounted: Tensor, target: Tensor): Tensor {
  const all = logits.maskedFill(isCounted.logicalNot(), Number.NEGATIVE_INFINITY).logsumexp([1]); // [B]
  const found =
    target.ndim === 1
      ? similarity.gather(1, target.unsqueeze(1)).squeeze({ dim: 1 })
      : similarity.mul(target).sum({ dim: [1] });
  return all.sub(found);
}

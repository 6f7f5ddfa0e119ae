// Which samples are of one class, and the supervised contrast that asks for nothing else.

import { ShapeError } from '../../errors.ts';
import { type Reduction, reduceLosses } from '../../nn/functional/loss.ts';
import { onesLike } from '../../tensor/ops.generated.ts';
import { Tensor } from '../../tensor/tensor.ts';

/** Which rows share a class, [B, B] bool.
 *  @param labels - classes of this rank's rows, [B] or [B, 1], or several a row, [B, C] of 0 and 1.  @param rows - of all ranks that are compared.
 *  @param gather - what joins the labels of ranks. Default: they are of this one alone.
 *  @throws {TypeError} unless they are a tensor.  @throws {ShapeError} for other shapes. */
export function sameClass(
  loss: string,
  labels: Tensor,
  rows: number,
  gather: (rows: Tensor) => Tensor = (own) => own,
): Tensor {
  if (!(labels instanceof Tensor))
    throw new TypeError(`Cannot compute ${loss}: expected labels as a tensor, got ${typeof labels}`);
  const all = labels.ndim === 0 ? labels : gather(labels);
  if (all.ndim < 1 || all.ndim > 2 || all.size(0) !== rows || all.numel === 0)
    throw new ShapeError(
      `Cannot compute ${loss}: expected labels [${rows}] or [${rows}, C], got [${all.shape.join(', ')}]`,
    );
  if (labels.ndim === 2 && labels.size(1) > 1) {
    const classes = all.to('float32');
    return classes.matmul(classes.t()).gt(0);
  }
  const classes = all.reshape([-1]);
  return classes.unsqueeze(1).eq(classes.unsqueeze(0));
}

/** Mean log probability of the partners of each row, with nothing to find for rows that have none: 0.
 *  Rule: sum over partners p of (s_ip - log(sum of e^s_ij over candidates j)) / number of partners.
 *  @param similarity - [R, N], over the temperature.  @param isPartner - among the candidates.  @param isCandidate - [R, N] bool.  Shape: -> [R]. */
export function meanLogProbability(similarity: Tensor, isPartner: Tensor, isCandidate: Tensor): Tensor {
  const partners = isPartner.to(similarity.dtype);
  const numPartners = partners.sum({ dim: [1] }); // [R]
  const candidates = similarity.maskedFill(isCandidate.logicalNot(), Number.NEGATIVE_INFINITY);
  // A row without candidates would have the logarithm of 0, from which no gradient comes back.
  const denominator = candidates.logsumexp([1]).maskedFill(numPartners.eq(0), 0);
  const found = similarity
    .mul(partners)
    .sum({ dim: [1] })
    .div(numPartners.clampMin(1));
  return found.sub(denominator);
}

/** The supervised contrast of a stack of both sides: every row finds all others of its class.
 *  @param similarity - [2B, 2B], over the temperature.  @param isSame - rows of one class, [B, B]. */
export function supervisedOfStack(similarity: Tensor, isSame: Tensor, reduction: Reduction): Tensor {
  const same = isSame.repeat([2, 2]).fillDiagonal_(0); // [2B, 2B]
  const isOther = onesLike(same).fillDiagonal_(0);
  return reduceLosses('supervisedContrastiveLoss', meanLogProbability(similarity, same, isOther).neg(), { reduction });
}

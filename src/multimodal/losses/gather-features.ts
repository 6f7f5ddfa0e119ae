// The one place where the rows of other processes join those of this one.

import { gatherRows } from '../../distributed/group/gather-rows.ts';
import { getWorldSize } from '../../distributed/group/process-group.ts';
import { isApart } from '../../nn/ranks.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** The rows of all ranks, in the order of ranks, so that every loss compares with the negatives of the whole step. In training every loss sends through here whatever has one row a
 *  sample: features, match ids, labels, indices. In evaluation each rank compares its own rows, since ranks may have different numbers of batches; and so
 *  it does in a step for which another rank has no batch left (see `apart`).
 *
 *  Gradients flow back to the rank that made a row: it gets the sum of what all ranks' losses say of it (see `gatherRows`). Every rank computes the loss of the whole step, and with
 *  gradients averaged over ranks the weights get the gradient that one process gets of the whole batch; parameters of a loss too. This is `gather_with_grad` of open_clip without its `local_loss`.
 *  A run of one process has only its own rows.  Shape: [B, ...] -> [sum of B over ranks, ...]. */
export function gatherFeatures(rows: Tensor): Tensor {
  return getWorldSize() === 1 || isApart() ? rows : gatherRows(rows);
}

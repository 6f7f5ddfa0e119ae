// Sparse tensors with the places of another.

import * as aten from '../tensor/aten.generated.ts';
import { sparseCooTensor } from '../tensor/ops.generated.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Other values at the places of a coalesced sparse tensor. */
export function sparseLike(tensor: Tensor, values: Tensor): Tensor {
  return sparseCooTensor(aten._indices(tensor), { values, size: tensor.shape });
}

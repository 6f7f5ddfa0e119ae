// Penalties: what is added to the loss for the size, or the likeness, of weights. Each takes the parameters of one regulariser.

import { normalize } from '../../nn/functional/index.ts';
import { eye } from '../../tensor/create.ts';
import { stack } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** From the parameters that it is for to a 0-d tensor. */
export type Penalty = (parameters: readonly Tensor[]) => Tensor;

const total =
  (ofOne: (parameter: Tensor) => Tensor): Penalty =>
  (parameters) =>
    parameters.length === 1 ? ofOne(parameters[0]!) : stack(parameters.map(ofOne)).sum();

/** Sum of (Ŵ Ŵᵀ - I)², the rows of Ŵ being the filters (the first dimension), each of length 1. */
function likeness(parameter: Tensor): Tensor {
  const rows = normalize(parameter.reshape([parameter.shape[0]!, -1]), { dim: 1 }); // [filters, all else]
  const { device, dtype } = rows;
  return rows.mm(rows.t()).sub(eye(rows.shape[0]!, { device, dtype })).square().sum();
}

/** Without their factor lambda. Source: VisionCore; group lasso: Yuan and Lin 2006, a group being a parameter; ortho: Brock et al. 2017, arXiv:1609.07093. */
export const PENALTIES = {
  l1: total((parameter) => parameter.abs().sum()),
  l2: total((parameter) => parameter.square().sum()),
  group_lasso: total((parameter) => parameter.norm()),
  ortho: total(likeness),
} as const satisfies Readonly<Record<string, Penalty>>;

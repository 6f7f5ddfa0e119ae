// Distances and angles between vectors as modules.

import { cosineSimilarity, pairwiseDistance } from '../../tensor/ops.generated.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { checkOptions } from '../layer-options.ts';
import { Module } from '../module.ts';

/** (sum |x1 - x2 + eps|^p)^(1/p) over the last dimension. Shape: [..., D] twice -> [...]. Source: torch.nn.PairwiseDistance. */
export class PairwiseDistance extends Module {
  readonly p: number;
  readonly eps: number;
  readonly keepdim: boolean;

  /** @param options.p - default 2.  @param options.eps - default 1e-6.  @param options.keepdim - default false. */
  constructor(options: { p?: number; eps?: number; keepdim?: boolean } = {}) {
    super();
    checkOptions(this, { p: true, eps: true, keepdim: true }, options);
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.keepdim = options.keepdim ?? false;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwiseDistance(x1, x2, { p: this.p, eps: this.eps, keepdim: this.keepdim });
  }
}

/** x1 . x2 / max(|x1| |x2|, eps) along a dimension. Shape: [..., D, ...] twice -> [..., ...]. Source: torch.nn.CosineSimilarity. */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;

  /** @param options.dim - default 1.  @param options.eps - default 1e-8. */
  constructor(options: { dim?: number; eps?: number } = {}) {
    super();
    checkOptions(this, { dim: true, eps: true }, options);
    this.dim = options.dim ?? 1;
    this.eps = options.eps ?? 1e-8;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return cosineSimilarity(x1, x2, { dim: this.dim, eps: this.eps });
  }
}

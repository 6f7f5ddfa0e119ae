// Mean squared error as a module.

import type { Tensor } from '../../tensor/tensor.ts';
import { mseLoss, type Reduction } from '../functional/loss.ts';
import { Module } from '../module.ts';

/** Mean (or sum) of squared differences. Shape: both the same. Source: torch.nn.MSELoss. */
export class MSELoss extends Module {
  readonly reduction: Reduction;

  constructor(options: { reduction?: Reduction } = {}) {
    super();
    this.reduction = options.reduction ?? 'mean';
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mseLoss(input, target, { reduction: this.reduction });
  }
}
